"""Notes on a printed page, in lines that fit it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTS = 7
LINE_MM, HIGH_LINE_MM = 3.1, 3.9
MOST_NOTE_LINES = 9
DISCLAIMER = "Boundaries shown are not a legal statement. Grid north is up."


def note_columns(notes: Sequence[str], *, letters: int) -> tuple[list[str], list[str]]:
    """Return the notes as two columns of lines, the left one the longer; the disclaimer comes first.

    What finds no room is counted in the last line.

    Examples
    --------
    >>> note_columns(["Prey: no survey."], letters=80)
    (['• Boundaries shown are not a legal statement. Grid north is up.'], ['• Prey: no survey.'])
    """
    parts = [broken(f"• {note}", letters) for note in dict.fromkeys((DISCLAIMER, *notes))]
    kept: list[list[str]] = []
    while parts and len(_flat([*kept, parts[0]])) <= 2 * MOST_NOTE_LINES - (len(parts) > 1):
        kept.append(parts.pop(0))
    if parts:
        kept.append(broken(f"• Further notes without room here: {len(parts)}. See notes.csv.", letters))
    half = (len(_flat(kept)) + 1) // 2
    left = next(n for n in range(1, len(kept) + 1) if len(_flat(kept[:n])) >= half)
    return _flat(kept[:left]), _flat(kept[left:])


def _flat(parts: Sequence[Sequence[str]]) -> list[str]:
    return [line for part in parts for line in part]


def broken(text: str, letters: int) -> list[str]:
    """Break a text into lines, at spaces where there are some; a Chinese sign counts as two letters.

    Examples
    --------
    >>> broken("one two three", 8), broken("• 虎虎虎虎", 6)
    (['one two', 'three'], ['• 虎虎', '虎虎'])
    """
    lines, line, width = [], "", 0
    for letter in " ".join(text.split()):
        size = letters_of(letter)
        if width + size > letters:
            head, _, tail = line.rpartition(" ") if letter != " " else (line, "", "")
            # A space near the beginning is no place to break: the words of Chinese have none between them.
            whole = sum(map(letters_of, head)) < letters / 2
            lines.append(line if whole else head)
            line = "" if whole else tail
            width = sum(map(letters_of, line))
        if line or letter != " ":
            line, width = line + letter, width + size
    return [*lines, line] if line else lines or [""]


def height_mm(lines: Sequence[str]) -> float:
    """Return how high lines of this size stand; those with Chinese signs stand higher."""
    return sum(HIGH_LINE_MM if any(letters_of(letter) == 2 for letter in line) else LINE_MM for line in lines)


def letters_of(letter: str) -> int:
    """Return how many letters a sign takes the room of: two for a Chinese one."""
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
