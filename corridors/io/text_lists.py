"""Text lists of other programs: numbers in columns."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InputError
from corridors.io.packed import whole_content
from corridors.io.paths import plain_file
from corridors.io.writer import write_text

MOST_TEXT_BYTES = 256_000_000


def read_words(path: str | Path) -> list[tuple[int, list[str]]]:
    """Return the words of every line that has any, with its number; tabs, spaces and commas part words.

    Lines that begin with # are comments.

    Raises
    ------
    InputError
        I231 damaged, I233 absurd size, I242 not text, I251 missing.
    """
    full = plain_file(path)
    content = whole_content(full, most_bytes=MOST_TEXT_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        remedy = "Save it as plain text, numbers between spaces or tabs."
        raise InputError("it is not a text list", code="I242", where=full.name, remedy=remedy) from error
    lines = ((number, line.replace(",", " ").split()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, words) for number, words in lines if words and not words[0].startswith("#")]


def read_numbers(path: str | Path, *, columns: int, what: str) -> NDArray[np.float64]:
    """Return a text list as a table of numbers.

    Parameters
    ----------
    path : str or Path
        Plain or gzipped text.
    columns : int
        Numbers in every line.
    what : str
        What a line must hold, for the complaint.

    Returns
    -------
    ndarray of shape (lines, columns)

    Raises
    ------
    InputError
        I242 with the number of the line; and as `read_words`.
    """
    return as_numbers(read_words(path), columns=columns, what=what, where=Path(path).name)


def as_numbers(
    lines: Iterable[tuple[int, list[str]]], *, columns: int, what: str, where: str
) -> NDArray[np.float64]:
    """Return numbered lines of words as a table of numbers."""
    rows = []
    for number, words in lines:
        try:
            row = [float(word) for word in words]
        except ValueError:
            row = []
        if len(row) != columns:
            given = " ".join(words)[:60]
            raise InputError(
                "a line of another kind",
                code="I242",
                where=f"{where}, line {number}",
                given=given,
                allowed=what,
            )
        rows.append(row)
    if not rows:
        raise InputError("it is empty", code="I242", where=where, allowed=what)
    return np.array(rows, dtype=np.float64)


def write_lines(path: str | Path, rows: Iterable[Iterable[float]], *, separator: str = " ") -> None:
    """Write rows of numbers as text with ten significant digits; whole numbers in full.

    Raises
    ------
    OutputError
        As `safe_write`.
    """
    lines = (separator.join(number_text(value) for value in row) + "\n" for row in rows)
    write_text(path, "".join(lines))


def number_text(value: float) -> str:
    """Return a number with ten significant digits; an id or another whole number in full.

    Examples
    --------
    >>> number_text(123456789012), number_text(1 / 3), number_text(-1.0)
    ('123456789012', '0.3333333333', '-1')
    """
    return f"{value}" if isinstance(value, int) else f"{value:.10g}"
