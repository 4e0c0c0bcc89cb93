"""Straight distances between polygons, edge to edge, of all pairs within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from corridors.kernels.network import SEGMENTS_IN_A_RUN, Boundaries, gaps
from corridors.network.adjacency import ranges_of_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.network.adjacency import Progress

    Floats = NDArray[np.float64]
    Pairs = NDArray[np.int64]


def gaps_between(
    polygons: NDArray[np.object_],
    reach: float,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[Pairs, Floats]:
    """Return pairs of polygons (pairs, 2) no further apart than `reach`, and their distances (pairs,).

    Parameters
    ----------
    polygons : (n,) of Polygon
        That do not overlap; they may touch, or lie in each other's holes.
    reach : float
        In the unit of the coordinates, >= 0.
    threads, progress
        As for `importance`.
    """
    if len(polygons) < 2:
        return np.empty((0, 2), dtype=np.int64), np.empty(0)
    boxes = shapely.bounds(polygons)
    around = shapely.box(*(boxes + np.array([-reach, -reach, reach, reach])).T)
    pairs = shapely.STRtree(polygons).query(np.asarray(around)).T
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    boundaries = _boundaries(polygons)
    parts = ranges_of_sources(
        lambda first, last: gaps(boundaries, pairs, first, last),
        len(pairs),
        threads=threads,
        progress=progress,
        at_once=PAIRS_AT_ONCE,
    )
    found = np.concatenate([np.empty(0), *parts])
    return pairs[found <= reach], found[found <= reach]


PAIRS_AT_ONCE = 4096


def _boundaries(polygons: NDArray[np.object_]) -> Boundaries:
    """Return the boundaries of polygons, rings of a polygon one after the other, in runs of segments."""
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    segments = np.hstack([corners[:-1], corners[1:]])[joined]
    owner = polygon[ring[:-1][joined]]
    first = np.searchsorted(owner, np.arange(len(polygons) + 1))
    starts = [np.arange(first[p], first[p + 1], SEGMENTS_IN_A_RUN) for p in range(len(polygons))]
    runs = np.concatenate(starts)
    xs, ys = np.sort(segments[:, ::2], axis=1), np.sort(segments[:, 1::2], axis=1)
    least = [np.minimum.reduceat(values[:, 0], runs) for values in (xs, ys)]
    most = [np.maximum.reduceat(values[:, 1], runs) for values in (xs, ys)]
    counts = np.cumsum([0, *(len(start) for start in starts)])
    return Boundaries(
        counts.astype(np.int64),
        np.append(runs, len(segments)).astype(np.int64),
        np.column_stack([*least, *most]),
        np.ascontiguousarray(segments),
    )
