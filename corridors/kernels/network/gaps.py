"""Straight distances between polygons that do not overlap, edge to edge.

The shortest line between two boundaries ends at a corner of one of them, so it is the least distance of a
corner from a segment. Boundaries come in runs of segments with a box around each; two runs are compared
only if their boxes are nearer than the best distance known. The runs whose boxes are nearest come first, so
that few others are left.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit
from corridors.kernels.network.heap import Floats

SEGMENTS_IN_A_RUN = 16


class Boundaries(NamedTuple):
    """Boundaries: runs of polygon p are those from `polygons[p]`, segments of run r those from `runs[r]`."""

    polygons: NDArray[np.int64]
    runs: NDArray[np.int64]
    boxes: Floats  # (runs, 4): least x, least y, greatest x, greatest y
    segments: Floats  # (segments, 4): x and y of either end


@jit
def gaps(boundaries: Boundaries, pairs: NDArray[np.int64], first: int, last: int) -> Floats:
    """Return the distances of pairs of polygons (pairs, 2), from pair `first` up to `last`."""
    polygons, runs, boxes, segments = boundaries
    found = np.empty(last - first)
    for pair in range(first, last):
        a, b = pairs[pair]
        nearest, at_a, at_b = np.inf, polygons[a], polygons[b]
        for run in range(polygons[a], polygons[a + 1]):
            for other in range(polygons[b], polygons[b + 1]):
                apart = _boxes_apart(boxes[run], boxes[other])
                if apart < nearest:
                    nearest, at_a, at_b = apart, run, other
        best = _runs_apart(segments, runs, at_a, at_b, np.inf)
        for run in range(polygons[a], polygons[a + 1]):
            for other in range(polygons[b], polygons[b + 1]):
                if _boxes_apart(boxes[run], boxes[other]) < best:
                    best = _runs_apart(segments, runs, run, other, best)
        found[pair - first] = np.sqrt(best)
    return found


@jit
def _boxes_apart(one: Floats, other: Floats) -> float:
    """Return the square of the distance between two boxes, 0 where they overlap."""
    across = max(one[0] - other[2], other[0] - one[2], 0.0)
    along = max(one[1] - other[3], other[1] - one[3], 0.0)
    return float(across * across + along * along)


@jit
def _runs_apart(segments: Floats, runs: NDArray[np.int64], run: int, other: int, best: float) -> float:
    """Return the square of the distance between two runs of segments, or `best` if that is less."""
    for i in range(runs[run], runs[run + 1]):
        for j in range(runs[other], runs[other + 1]):
            for end in (0, 2):
                best = min(best, _point_apart(segments[i, end], segments[i, end + 1], segments[j]))
                best = min(best, _point_apart(segments[j, end], segments[j, end + 1], segments[i]))
    return best


@jit
def _point_apart(x: float, y: float, segment: Floats) -> float:
    """Return the square of the distance of a point from a segment."""
    across, along = segment[2] - segment[0], segment[3] - segment[1]
    length = across * across + along * along
    share = 0.0
    if length > 0.0:
        share = ((x - segment[0]) * across + (y - segment[1]) * along) / length
        share = min(max(share, 0.0), 1.0)
    across, along = x - segment[0] - share * across, y - segment[1] - share * along
    return float(across * across + along * along)
