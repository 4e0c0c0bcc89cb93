"""Notes on a printed page: lines that fit, nothing lost unsaid."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from corridors.io.qgis.notes import MOST_NOTE_LINES, broken, letters_of, note_columns

TEXTS = st.text(st.sampled_from("ab 虎 чЯ-"), max_size=120)


@given(TEXTS, st.integers(4, 40))
def test_broken__lines_fit_and_keep_every_sign(text: str, letters: int) -> None:
    lines = broken(text, letters)
    assert all(sum(map(letters_of, line)) <= letters for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.lists(TEXTS.filter(str.strip), max_size=30, unique=True))
def test_columns__every_note_stands_or_is_counted(notes: list[str]) -> None:
    columns = note_columns(notes, letters=30)
    assert 0 <= len(columns[0]) <= MOST_NOTE_LINES + 4
    lines = [line for column in columns for line in column]
    assert len(lines) <= 2 * MOST_NOTE_LINES + 1
    starts = sum(line.startswith("\u2022") for line in lines)
    counted = re.search(r"without room here: (\d+)", " ".join(lines))
    hidden = int(counted[1]) if counted else 0
    # The disclaimer, and the line that counts.
    assert starts - 1 - bool(counted) + hidden == len(notes)
