"""Tables as one Excel workbook: a sheet each, units in the header, no cell a spreadsheet would run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from corridors.errors import OutputError
from corridors.io.tables import safe_cell
from corridors.io.writer import write_zip
from corridors.schema import COLUMNS, TABLES
from corridors.schema.proposals import COMPARISON

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LONGEST_TITLE = 31
NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")
MOST_ROWS = 1_048_575
WIDEST_COLUMN = 60
ROWS_MEASURED = 200
LONGEST_TEXT = 32_767
NO_TIME = datetime(1980, 1, 1)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_workbook(tables: Mapping[str, pd.DataFrame], path: str | Path) -> None:
    """Write tables as one `.xlsx`, a sheet each; the same tables give the same bytes.

    The header is the column's name with its unit, where the schema knows one. Text that a spreadsheet would
    take for a formula gets an apostrophe in front, as in `write_table`; missing values are empty, infinite
    ones the text `inf`.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By the title of the sheet: shortened to 31 letters, and numbered where two would be the same.
    path : str or Path
        Made or replaced.

    Raises
    ------
    OutputError
        O411 a table longer than a sheet; else as `safe_write`.
    """
    workbook = Workbook()
    workbook.remove(workbook["Sheet"])
    for title, (name, table) in zip(sheet_titles(tables), tables.items(), strict=True):
        if len(table) > MOST_ROWS:
            what, remedy = "the table is longer than a sheet can be", "Use the CSV table instead."
            raise OutputError(
                what,
                code="O411",
                where=name,
                given=f"{len(table)} rows",
                allowed=f"{MOST_ROWS}",
                remedy=remedy,
            )
        fill_sheet(workbook.create_sheet(title), table)
    workbook.properties.created = NO_TIME
    buffer = io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    # openpyxl stamps the hour of writing into it.
    core = "docProps/core.xml"
    members[core] = MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", members[core])
    write_zip(path, members)


def with_contents(
    tables: Mapping[tuple[str, str], pd.DataFrame], *, meaning: Mapping[str, str] | None = None
) -> dict[str, pd.DataFrame]:
    """Return tables by the title of their sheet, and in front of them a sheet that says what is where.

    Excel allows a title 31 letters: where case and table are longer together, the case is cut, and the sheet
    `contents` has both in full.

    Parameters
    ----------
    tables : mapping of (case, table) to DataFrame
        The case empty where a table is about all of them.
    meaning : mapping of str to str, optional
        A sentence on tables the schema does not know.

    Examples
    --------
    >>> table = pd.DataFrame({"country": ["CN"]})
    >>> sheets = with_contents({("amur_leopard", "protected_connectivity"): table})
    >>> list(sheets)
    ['contents', 'amur_leo protected_connectivity']
    """
    short = [f"{case[: max(LONGEST_TITLE - 1 - len(name), 0)]} {name}".strip() for case, name in tables]
    titles = sheet_titles(["contents", *short])[1:]
    sentences = {name: table.sentence for name, table in TABLES.items()} | dict(meaning or {})
    contents = pd.DataFrame(
        {
            "sheet": titles,
            "case": [case for case, _ in tables],
            "table": [name for _, name in tables],
            "rows": [len(table) for table in tables.values()],
            "meaning": [sentences.get(name, "") for _, name in tables],
        }
    )
    return {"contents": contents} | dict(zip(titles, tables.values(), strict=True))


def sheet_titles(names: Iterable[str]) -> list[str]:
    r"""Return titles Excel allows: at most 31 letters, none of `[]:*?/\'`, each once whatever the case.

    Examples
    --------
    >>> sheet_titles(["Links: tiger/leopard", "links  tiger leopard"])
    ['Links  tiger leopard', 'links  tiger leopard 2']
    """
    titles: list[str] = []
    for name in names:
        plain = (ILLEGAL_CHARACTERS_RE.sub("", NOT_IN_A_TITLE.sub(" ", name)).strip() or "table")[
            :LONGEST_TITLE
        ]
        title, number = plain, 1
        while title.casefold() in {other.casefold() for other in titles}:
            number += 1
            title = f"{plain[: LONGEST_TITLE - 1 - len(str(number))]} {number}"
        titles.append(title)
    return titles


def fill_sheet(sheet: Worksheet, table: pd.DataFrame) -> None:
    """Write a table into an empty sheet: header in bold and always in view, columns wide enough to read."""
    whole = table.reset_index() if any(table.index.names) else table
    names = [str(name) for name in whole.columns]
    sheet.append([header_of(name) for name in names])
    for values in zip(*(whole.iloc[:, i].astype(object) for i in range(len(names))), strict=True):
        sheet.append([cell_of(value) for value in values])
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    # Cells that are looked at come into being: no further than the table goes.
    measured = min(ROWS_MEASURED, len(whole) + 1)
    for number, column in enumerate(sheet.iter_cols(max_row=measured), start=1):
        widest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(widest + 2, WIDEST_COLUMN)
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"
    if names:
        sheet.auto_filter.ref = sheet.dimensions


def header_of(name: str) -> str:
    """Return a column's name with its unit.

    Examples
    --------
    >>> header_of("cost_distance_m"), header_of("name")
    ('cost_distance_m (m of ideal habitat)', 'name')
    """
    column = COLUMNS.get(name) or COMPARISON.get(name)
    text = f"{name} ({column.unit})" if column is not None and column.unit not in {"", "1"} else name
    return str(cell_of(text))


def cell_of(value: Any) -> Any:
    """Return a value as a cell holds it.

    Examples
    --------
    >>> cell_of("=1+1"), cell_of(float("nan")), cell_of(float("inf")), cell_of(2)
    ("'=1+1", None, 'inf', 2)
    """
    if value is None or value is pd.NA or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return None
    if isinstance(value, (float, np.floating)) and np.isinf(value):
        return str(float(value))
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (bool, int, float)):
        return value
    # An empty text is an empty cell.
    return safe_cell(ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value)))[:LONGEST_TEXT] or None
