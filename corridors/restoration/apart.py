"""The highest scores of a link whose circles do not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corridors.restoration.scores import LinkScores


class Candidate(NamedTuple):
    """A circle, its middle a cell, and its score."""

    row: int
    column: int
    radius_km: float
    score: float


def highest_apart(
    found: Iterable[LinkScores], count: int, *, above: float, cell_size_m: float
) -> Iterator[Candidate]:
    """Yield the highest score, then the highest of a circle that overlaps none before, and so on.

    Of equal scores the radius given first wins, then the upper row, then the left column.
    """
    left = [link._replace(scores=link.scores.copy()) for link in found]
    for _ in range(count):
        tops = [float(link.scores.max()) for link in left]
        if not tops or max(tops) <= above:
            return
        best = left[int(np.argmax(tops))]
        row, column = np.unravel_index(int(np.argmax(best.scores)), best.scores.shape)
        rows, columns = best.window
        chosen = Candidate(int(row) + rows.start, int(column) + columns.start, best.radius_km, max(tops))
        yield chosen
        for link in left:
            _strike_out(link, chosen, (chosen.radius_km + link.radius_km) * 1000 / cell_size_m)


def _strike_out(link: LinkScores, chosen: Candidate, apart: float) -> None:
    """Strike out what lies nearer to a chosen place than that, in cells."""
    rows, columns = link.window
    down = np.arange(rows.start, rows.stop) - chosen.row
    right = np.arange(columns.start, columns.stop) - chosen.column
    below, beside = (np.flatnonzero(abs(steps) < apart) for steps in (down, right))
    if len(below) and len(beside):
        part = link.scores[below[0] : below[-1] + 1, beside[0] : beside[-1] + 1]
        part[np.hypot(down[below, None], right[beside]) < apart] = -np.inf
