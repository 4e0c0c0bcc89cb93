"""The narrowest place on the widest way between the two sides of a core area.

Strategy: measure depth, the distance to the core's edge, on a lattice of half cells: centres, middles of
faces and corners. On it the middle of a strip of n cells lies n / 2 cells deep whether n is odd or even,
which a distance between cell centres gets wrong by half a cell. The heart of a side is its deepest point.
Then halve the range of depths: is there still a way from heart to heart through points at least that deep?
Twice the greatest depth with a way is the width of the neck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=int)


def narrowest_neck(core: Mask, side_a: Mask, side_b: Mask) -> float:
    """Return the width, in cells, of the narrowest place on the widest way between two sides of a core.

    The heart of a side is its point farthest from the core's edge; among equals, the best connected. A way
    is 8-connected and stays on the two sides: land of a third country within the core is no way, but no
    edge of the core either. The edge of the raster is an edge.

    Parameters
    ----------
    core, side_a, side_b : ndarray of bool, shape (rows, columns)
        Cells of the core, and which of them lie on either side.

    Returns
    -------
    float
        Cells; 0 where the only way leads over a corner. NaN where a side has no cell or there is no way.

    Examples
    --------
    >>> strip = np.zeros((6, 10), dtype=bool)
    >>> strip[1:5] = True
    >>> west = strip & (np.arange(10) < 5)
    >>> narrowest_neck(strip, west, strip & ~west)
    4.0
    """
    if not (side_a.any() and side_b.any()):
        return float("nan")
    depth = ndimage.distance_transform_edt(_lattice(core)) / 2
    hearts_a, hearts_b = _hearts(depth, _lattice(side_a)), _hearts(depth, _lattice(side_b))
    both = _lattice(side_a | side_b)
    levels = np.unique(depth[both])
    levels = levels[levels <= min(depth[hearts_a][0], depth[hearts_b][0])]
    if not _joined(both, hearts_a, hearts_b):
        by_corner = _joined(side_a | side_b, _cells_of(hearts_a), _cells_of(hearts_b))
        return 0.0 if by_corner else float("nan")
    low, high = 0, len(levels)
    while high - low > 1:
        middle = (low + high) // 2
        if _joined(both & (depth >= levels[middle]), hearts_a, hearts_b):
            low = middle
        else:
            high = middle
    return float(2 * levels[low])


def _lattice(mask: Mask) -> Mask:
    """Return (2 rows + 1, 2 columns + 1) points: those of which every cell they touch is in the mask."""
    fine = np.pad(np.repeat(np.repeat(mask, 2, axis=0), 2, axis=1), 1)
    points: Mask = fine[:-1, :-1] & fine[1:, :-1] & fine[:-1, 1:] & fine[1:, 1:]
    return points


def _hearts(depth: NDArray[np.float64], points: Mask) -> Mask:
    hearts: Mask = points & (depth == depth[points].max())
    return hearts


def _cells_of(points: Mask) -> Mask:
    """Return the cells (rows, columns) that hold a lattice point of a side."""
    cells = np.zeros((points.shape[0] // 2, points.shape[1] // 2), dtype=bool)
    rows, columns = np.nonzero(points)
    cells[rows // 2, columns // 2] = True
    return cells


def _joined(mask: Mask, a: Mask, b: Mask) -> bool:
    parts, _ = ndimage.label(mask, structure=EIGHT_NEIGHBOURS)
    return bool(np.intersect1d(parts[a & mask], parts[b & mask]).size)
