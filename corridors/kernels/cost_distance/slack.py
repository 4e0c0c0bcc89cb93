"""Lay what a detour costs on one link over what it costs on others, in one pass over the cells.

Whoever has many links calls this for one stripe of rows after the other, all links in each: the surfaces of
a stripe stay in the cache, and the time is that of adding, not of fetching.
"""

from __future__ import annotations

from typing import NamedTuple

from corridors.kernels._jit import jit
from corridors.kernels.cost_distance.layout import Floats


class LinkCost(NamedTuple):
    """What the least-cost path of a link costs, and how exactly its ends' distances add up to that.

    cost
        In the unit of the distances. Slack is the sum of the distances from both ends less this.
    rounding
        Slack below it counts as 0.
    tolerance
        Slack of its path lies between minus and plus this, if the distances are those of the link.
    per_metre
        0 for slack; else the cost of the path per metre, by which slack turns into the cost per metre of the
        best way through a cell.
    """

    cost: float
    rounding: float
    tolerance: float
    per_metre: float


@jit
def lay_over(lowest: Floats, from_a: Floats, from_b: Floats, link: LinkCost) -> tuple[int, int]:
    """Lower the cells of a mosaic to the slack of a link where that is lower.

    Parameters
    ----------
    lowest
        The mosaic so far, shape (rows, columns); lowered in place.
    from_a, from_b
        Distances from either end of the link, of the same shape.
    link
        Of the link.

    Returns
    -------
    near, below
        How many cells have a slack of at most the tolerance, and of less than minus the tolerance.
    """
    cost, rounding, tolerance, per_metre = link.cost, link.rounding, link.tolerance, link.per_metre
    near, below = 0, 0
    for row in range(lowest.shape[0]):
        for column in range(lowest.shape[1]):
            slack = from_a[row, column] + from_b[row, column] - cost
            near += slack <= tolerance
            below += slack < -tolerance
            value = slack if slack >= rounding else 0.0
            if per_metre > 0:
                value = per_metre * (1 + value / cost)
            lowest[row, column] = min(value, lowest[row, column])
    return near, below
