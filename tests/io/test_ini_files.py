"""Ini files of other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridors.errors import OutputError, Problems
from corridors.io import output_place, read_ini, resolve_beside


def test_options_without_sections_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "case.ini"
    lines = ("[Options]", "# no = 1", "; no = 2", "", "Scenario = pairwise", "file = a=b.asc", "empty =")
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert read_ini(path) == {"scenario": "pairwise", "file": "a=b.asc", "empty": ""}


def test_old_encodings_of_paths(tmp_path: Path) -> None:
    path = tmp_path / "case.ini"
    path.write_bytes("habitat_file = Gelände.asc".encode("cp1252"))
    assert read_ini(path) == {"habitat_file": "Gelände.asc"}


def test_a_line_that_is_no_option_and_one_twice(tmp_path: Path) -> None:
    path = tmp_path / "case.ini"
    path.write_text("solver\na = 1\na = 2\n")
    with pytest.raises(Problems, match=r"C102.*line 1.*solver[^\0]*C103.*line 3.*1 and 2"):
        read_ini(path)
    path.write_text("a = 1\nA = 1\n")
    assert read_ini(path) == {"a": "1"}


def test_paths_are_relative_to_the_ini_and_backslashes_part_folders(tmp_path: Path) -> None:
    ini = tmp_path / "case.ini"
    assert resolve_beside(ini, r"maps\grid.asc") == str(tmp_path / "maps" / "grid.asc")
    assert resolve_beside(ini, '"my grid.asc"') == str(tmp_path / "my grid.asc")
    assert resolve_beside(ini, "/data/grid.asc") == "/data/grid.asc"


def test_where_outputs_go(tmp_path: Path) -> None:
    assert output_place(tmp_path / "a.out", out=None) == str(tmp_path / "a.out")
    new = tmp_path / "new" / "folder"
    assert output_place(tmp_path / "missing" / "a.out", out=new) == str(new / "a.out")
    assert new.is_dir()
    with pytest.raises(OutputError, match="O403"):
        output_place(tmp_path / "missing" / "a.out", out=None)
