"""Workflow files: read, written, and the line of a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridors.errors import ConfigError, OutputError
from corridors.io import read_toml, write_toml
from corridors.io.workflows import LARGEST_BYTES


def test_read_toml(tmp_path: Path) -> None:
    path = tmp_path / "процесс.toml"
    path.write_text('title = "Земля"\n[area]\nbounds = [1, 2.5]\n', encoding="utf-8-sig")
    assert read_toml(path) == {"title": "Земля", "area": {"bounds": [1, 2.5]}}
    write_toml(tmp_path / "copy.toml", read_toml(path))
    assert read_toml(tmp_path / "copy.toml") == read_toml(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a = 1\nb = \n", r"C111.*w.toml: not valid TOML.*line 2"),
        (b"a = 1\na = 2\n", r"C111.*not valid TOML.*line 2"),
        ("a = 'Ж'".encode("cp1251"), r"C112.*not UTF-8"),
        (b"#" * (LARGEST_BYTES + 1), r"C112.*too large"),
    ],
)
def test_read_toml__broken(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "w.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        read_toml(path)


def test_read_toml__missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"C110.*no such workflow file.*corridors init"):
        read_toml(tmp_path / "w.toml")


def test_write_toml__what_toml_cannot_say(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"O405.*cannot be said in TOML"):
        write_toml(tmp_path / "w.toml", {"a": object()})
