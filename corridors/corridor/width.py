"""The slack at which a corridor is as wide as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from corridors.cores.necks import disc_fits, halved
from corridors.cost.sources import SQUARE

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRECISION = 0.01  # relative


def slack_for_width(
    slack: NDArray[np.float64],
    ends: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    width_cells: float,
    *,
    first_guess: float,
) -> float | None:
    """Return the smallest slack, to 1 %, that lets a disc of that diameter through; None where none does."""
    if _disc_passes(slack <= 0, *ends, width_cells):
        return 0.0
    # Doubled until the disc passes, then bisected: more slack never makes a corridor narrower.
    largest = float(slack[np.isfinite(slack)].max())
    low, high = 0.0, first_guess
    while not _disc_passes(slack <= high, *ends, width_cells):
        if high >= largest:
            return None
        low, high = high, 2 * high
    while high - low > PRECISION * high:
        middle = (low + high) / 2
        if _disc_passes(slack <= middle, *ends, width_cells):
            high = middle
        else:
            low = middle
    return high


def _disc_passes(
    corridor: NDArray[np.bool_], core_a: NDArray[np.bool_], core_b: NDArray[np.bool_], width_cells: float
) -> bool:
    """Return whether a disc of that diameter can move from one core to the other."""
    land = corridor | core_a | core_b
    rows, columns = (np.flatnonzero(land.any(axis=axis)) for axis in (1, 0))
    window = (slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2))
    from_a, from_b = halved(core_a[window]), halved(core_b[window])
    ways = ndimage.label(disc_fits(land[window], width_cells) | from_a | from_b, SQUARE)[0]
    return bool(np.isin(ways[from_a], ways[from_b]).any())
