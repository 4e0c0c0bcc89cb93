"""Excel workbooks: what was put in comes out, nothing is run, the same tables give the same bytes."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from corridors import schema
from corridors.errors import OutputError
from corridors.io import workbooks
from corridors.io.workbooks import sheet_titles, with_contents, write_workbook

TABLES = {
    "Cores": pd.DataFrame(
        {"name": ["Лес", "=1+1", None], "area_km2": [1.5, np.nan, np.inf], "truncated": [True, False, True]},
        index=pd.Index([4, 7, 9], name="core_id"),
    ),
    "Links: a/b": pd.DataFrame({"link_id": [1], "cost_distance_m": [12.0]}),
}


def cells(path: Path, sheet: str) -> list[tuple]:
    return list(load_workbook(path)[sheet].iter_rows(values_only=True))


def test_workbook__sheets_with_units_in_the_header(tmp_path: Path) -> None:
    write_workbook(TABLES, tmp_path / "t.xlsx")
    assert load_workbook(tmp_path / "t.xlsx").sheetnames == ["Cores", "Links  a b"]
    assert cells(tmp_path / "t.xlsx", "Links  a b") == [
        ("link_id", "cost_distance_m (m of ideal habitat)"),
        (1, 12),
    ]
    assert len(cells(tmp_path / "t.xlsx", "Cores")) == 4
    assert load_workbook(tmp_path / "t.xlsx")["Cores"].auto_filter.ref == "A1:D4"
    assert cells(tmp_path / "t.xlsx", "Cores")[0] == ("core_id", "name", "area_km2 (km²)", "truncated")


def test_workbook__missing_is_empty_and_formulas_are_text(tmp_path: Path) -> None:
    write_workbook(TABLES, tmp_path / "t.xlsx")
    assert cells(tmp_path / "t.xlsx", "Cores")[1:] == [
        (4, "Лес", 1.5, True),
        (7, "'=1+1", None, False),
        (9, None, "inf", True),
    ]


@given(text=st.text(max_size=40))
def test_workbook__no_text_is_ever_a_formula(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("books") / "t.xlsx"
    write_workbook({text: pd.DataFrame({f"c{text}": [text]})}, path)
    for row in load_workbook(path).worksheets[0].iter_rows():
        assert all(cell.data_type in ("s", "n") for cell in row)
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_workbook__same_bytes_at_another_hour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_workbook(TABLES, tmp_path / "a.xlsx")
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    write_workbook(TABLES, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert load_workbook(tmp_path / "a.xlsx").properties.modified.year == 1980


def test_sheet_titles__allowed_and_each_once() -> None:
    names = ["x" * 40, "x" * 40, "X" * 40, "[a]", "", "a\x07b"]
    titles = sheet_titles(names)
    assert len({title.casefold() for title in titles}) == len(names)
    assert max(map(len, titles)) <= 31
    assert titles[1].endswith(" 2")
    assert titles[3:] == ["a", "table", "ab"]


def test_workbook__too_long_for_a_sheet_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    with pytest.raises(OutputError, match="longer than a sheet"):
        write_workbook(TABLES, tmp_path / "t.xlsx")
    assert not (tmp_path / "t.xlsx").exists()


def test_workbook__numbers_stay_exact(tmp_path: Path) -> None:
    values = [math.pi, 1e-300, -0.1, 123456789012345.0]
    write_workbook({"a": pd.DataFrame({"v": values})}, tmp_path / "t.xlsx")
    assert [row[0] for row in cells(tmp_path / "t.xlsx", "a")[1:]] == values


def test_contents__says_which_sheet_is_whose(tmp_path: Path) -> None:
    table = pd.DataFrame({"core_id": [1, 2]})
    keys = [("amur_tiger_winter", "cores"), ("amur_tiger_summer", "core_countries"), ("", "notes")]
    keys += [("amur_leopard_east", "protected_connectivity"), ("amur_leopard_west", "protected_connectivity")]
    sheets = with_contents(dict.fromkeys(keys, table))
    write_workbook(sheets, tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    rows = [[cell.value for cell in row] for row in book["contents"].iter_rows(min_row=2)]
    assert [(case or "", name) for _, case, name, _, _ in rows] == keys
    assert ["contents", *(row[0] for row in rows)] == book.sheetnames
    assert [row[3] for row in rows] == [2] * 5
    assert rows[0][4] == schema.TABLES["cores"].sentence
