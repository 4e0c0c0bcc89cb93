"""Tables: no guessing, no formulas, the same bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import InputError
from corridors.io import read_table, write_table
from corridors.io.tables import FORMULA_STARTS, safe_cell, unsafe_cell


def test_write_table__bytes(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "core_id": [1, 2],
            "name": ["Кедровый, юг", None],
            "area_km2": [0.1, np.nan],
            "truncated": [True, False],
        }
    )
    write_table(table.set_index("core_id"), tmp_path / "t.csv")
    expected = '\ufeffcore_id,name,area_km2,truncated\r\n1,"Кедровый, юг",0.1,True\r\n2,,,False\r\n'
    assert (tmp_path / "t.csv").read_bytes() == expected.encode()


def test_read_table__typed_by_the_schema(tmp_path: Path) -> None:
    text = "core_id,name,area_km2,truncated,site\n1,NA,1e-3,True,007\n,,,,\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8-sig")
    table = read_table(tmp_path / "t.csv")
    assert table.iloc[0].to_list() == [1, "NA", 0.001, True, "007"]
    assert table.iloc[1].isna().all()
    assert [str(kind) for kind in table.dtypes] == ["Int64", "object", "float64", "boolean", "object"]


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_write_table__formulas(tmp_path: Path, cell: str) -> None:
    write_table(pd.DataFrame({"name": [cell], "=head": ["x"]}), tmp_path / "t.csv")
    content = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig")
    assert f"'{cell[0]}" in content
    assert content.startswith("name,'=head\r\n")
    table = read_table(tmp_path / "t.csv")
    assert (table.columns.to_list(), table.name[0]) == (["name", "=head"], cell)


def test_write_table__numbers_untouched(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"value": ["-5", "+1.5e3"], "slack_m": [-5.0, -1e300]}), tmp_path / "t.csv")
    assert "-5,-5.0" in (tmp_path / "t.csv").read_text("utf-8-sig")


@given(st.text())
def test_safe_cell__nothing_runs_and_all_comes_back(text: str) -> None:
    cell = safe_cell(text)
    assert unsafe_cell(cell) == text or text.startswith("'")
    if cell.startswith(FORMULA_STARTS):
        float(cell)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"core_id,name\n1,a,b\n", r"I242.*row 2: a row of another length. Given: 3 cells. Allowed: 2"),
        (b"core_id,core_id\n1,2\n", r"I242.*repeated. Given: core_id"),
        (
            b'core_id,area_km2\n1,"3,5"\n',
            r"I242.*row 2, column area_km2: not the kind.*Given: 3,5. Allowed: number",
        ),
        (b"core_id\n1.5\n", r"I242.*column core_id.*Given: 1.5. Allowed: integer"),
        (b"truncated\nyes\n", r"I242.*column truncated.*Allowed: yes_no"),
        ("name\nОльга\n".encode("cp1251"), r"I242.*cannot be read as CSV.*UTF-8"),
        (b'name\n"open\n', r"I242.*cannot be read as CSV"),
        (b'{"type": 1}', r"I242.*not a CSV table"),
    ],
)
def test_read_table__broken(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_table(tmp_path / "t.csv")
