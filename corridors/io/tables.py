"""Tables as CSV: UTF-8 that spreadsheets recognise, no cell a spreadsheet would run, no guessing of types."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.errors import InputError
from corridors.io.formats import detect_driver
from corridors.io.paths import plain_file
from corridors.io.writer import write_bytes
from corridors.schema import COLUMNS

if TYPE_CHECKING:
    from corridors.schema import Column

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
YES_NO = {"True": True, "False": False}


def write_table(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as CSV; the same table gives the same bytes.

    Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP ASVS 1.2.10); numbers
    stay numbers, missing values are empty, a named index is the first column.

    Parameters
    ----------
    table : DataFrame
    path : str or Path
        Made or replaced.

    Raises
    ------
    OutputError
        As `safe_write`.
    """
    whole = table.reset_index() if any(table.index.names) else table
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer, lineterminator="\r\n")
    rows.writerow([safe_cell(str(name)) for name in whole.columns])
    columns = [whole[name].astype(object).where(whole[name].notna(), None) for name in whole.columns]
    for values in zip(*columns, strict=True):
        rows.writerow([safe_cell(value) for value in values])
    write_bytes(path, buffer.getvalue().encode("utf-8-sig"))


def safe_cell(value: Any) -> Any:
    """Return a cell that no spreadsheet runs.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-5"), safe_cell(-5), safe_cell(None)
    ("'=1+1", '-5', -5, '')
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not NUMBER.match(value):
        return f"'{value}"
    return value


def read_table(path: str | Path, *, folder: str | Path | None = None) -> pd.DataFrame:
    """Return a CSV table; columns of the schema get their type, all others stay text.

    "NA" is Namibia and "007" is a name: nothing is guessed. Empty cells are missing.

    Parameters
    ----------
    path : str or Path
        Comma-separated, UTF-8.
    folder : str or Path, optional
        The file must lie in it.

    Raises
    ------
    InputError
        I242 with row and column.
    """
    full = plain_file(path, folder=folder)
    if detect_driver(full) != "CSV":
        raise InputError("it is not a CSV table", code="I242", where=full.name)
    header, rows = read_rows(full)
    table = {
        name: [
            typed(row[index], COLUMNS.get(name), f"{full.name}, row {number}, column {name}")
            for number, row in rows
        ]
        for index, name in enumerate(header)
    }
    return pd.DataFrame(
        {name: pd.Series(values, dtype=dtype_of(COLUMNS.get(name))) for name, values in table.items()}
    )


def read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header and the numbered rows of a CSV file."""
    try:
        lines = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        what, remedy = f"it cannot be read as CSV ({error})", "Save it as CSV, UTF-8, comma-separated."
        raise InputError(what, code="I242", where=path.name, remedy=remedy) from error
    header = [unsafe_cell(name) for name in lines[0]] if lines else []
    if len(set(header)) != len(header) or not header:
        what, given = "column names are missing or repeated", ", ".join(repeated(header))
        raise InputError(what, code="I242", where=f"{path.name}, row 1", given=given)
    rows = [(number, line) for number, line in enumerate(lines[1:], start=2) if line]
    for number, line in rows:
        if len(line) != len(header):
            given, allowed = f"{len(line)} cells", f"{len(header)}"
            raise InputError(
                "a row of another length",
                code="I242",
                where=f"{path.name}, row {number}",
                given=given,
                allowed=allowed,
            )
    return header, rows


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that come more than once."""
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})


def unsafe_cell(text: str) -> str:
    """Return the text that `safe_cell` guarded."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def typed(text: str, column: Column | None, where: str) -> Any:
    """Return a cell in the type the schema gives its column."""
    if not text:
        return None
    kind = column.kind if column else "text"
    try:
        if kind == "integer":
            return int(text)
        if kind == "number":
            return float(text)
        if kind == "yes_no":
            return YES_NO[text]
    except (ValueError, KeyError) as error:
        raise InputError(
            "not the kind of value the column holds", code="I242", where=where, given=text, allowed=kind
        ) from error
    return unsafe_cell(text)


def dtype_of(column: Column | None) -> str:
    """Return the pandas type of a column of the schema."""
    kind = column.kind if column else "text"
    return {"integer": "Int64", "number": "float64", "yes_no": "boolean", "text": "object"}[kind]
