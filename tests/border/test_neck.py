"""The narrowest neck: exact on strips, odd and even, and on what an hourglass leaves."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corridors.border.neck import narrowest_neck


def neck(core: np.ndarray, border_column: int) -> float:
    west = np.arange(core.shape[1]) < border_column
    return narrowest_neck(core, core & west, core & ~west)


@pytest.mark.parametrize("width", range(1, 10))
def test_neck__strip(width: int) -> None:
    core = np.zeros((width + 3, 24), dtype=bool)
    core[1 : width + 1] = True
    assert neck(core, 11) == width
    assert narrowest_neck(core.T, (core & (np.arange(24) < 11)).T, (core & (np.arange(24) >= 11)).T) == width


@pytest.mark.parametrize("width", range(1, 10))
def test_neck__strip_that_fills_the_raster(width: int) -> None:
    assert neck(np.ones((width, 24), dtype=bool), 11) == width


@pytest.mark.parametrize("waist", range(1, 10))
@pytest.mark.parametrize("offset", [0, 3])
def test_neck__hourglass(waist: int, offset: int) -> None:
    """Two blocks of 12 x 12 joined by a waist of 4 columns; the border need not run through the waist."""
    core = np.zeros((14, 30), dtype=bool)
    core[1:13, 1:13] = core[1:13, 17:29] = True
    core[1 + offset : 1 + offset + waist, 13:17] = True
    for border_column in (13, 15, 17):
        assert neck(core, border_column) == waist


def test_neck__border_beside_the_waist_does_not_hide_it() -> None:
    """A side that is widest next to the border is joined there: its heart lies before the waist."""
    core = np.zeros((12, 40), dtype=bool)
    core[1:11, 1:14] = core[4:6, 14:20] = core[3:8, 20:39] = True
    assert neck(core, 7) == 10  # both hearts in the first block, 13 columns of 10 rows
    assert neck(core, 16) == 2


def test_neck__widest_of_two_ways() -> None:
    core = np.zeros((16, 30), dtype=bool)
    core[1:15, 1:11] = core[1:15, 19:29] = True
    core[2:4, 11:19] = core[8:13, 11:19] = True
    assert neck(core, 15) == 5


def test_neck__cells_that_touch_in_a_corner() -> None:
    core = np.zeros((8, 8), dtype=bool)
    core[:4, :4] = core[4:, 4:] = True
    assert neck(core, 4) == 0.0


def test_neck__no_way_but_through_a_third_country() -> None:
    core = np.ones((5, 15), dtype=bool)
    columns = np.arange(15)
    assert math.isnan(narrowest_neck(core, core & (columns < 5), core & (columns >= 10)))


def test_neck__land_of_a_third_country_is_no_edge() -> None:
    """The southern half belongs to a third country: the way keeps to the north, the core is 8 cells deep."""
    core = np.ones((8, 20), dtype=bool)
    rows, columns = np.indices(core.shape)
    north = rows < 4
    # The deepest points of the north lie half a cell from its south: 3.5 cells from the core's edge.
    assert narrowest_neck(core, north & (columns < 10), north & (columns >= 10)) == 7


def test_neck__a_side_without_cells() -> None:
    core = np.ones((3, 3), dtype=bool)
    assert math.isnan(narrowest_neck(core, core, ~core))


def by_flooding(core: np.ndarray, side_a: np.ndarray, side_b: np.ndarray) -> float:
    """Do the same by definition: every distance by hand, the best way by flooding from the deepest points."""
    rows, columns = core.shape
    points = {}
    for i, j in product(range(2 * rows + 1), range(2 * columns + 1)):
        cells = [((i - di) // 2, (j - dj) // 2) for di in (0, 1) for dj in (0, 1)]
        points[i, j] = {cell if 0 <= cell[0] < rows and 0 <= cell[1] < columns else None for cell in cells}
    outside = [p for p, cells in points.items() if any(cell is None or not core[cell] for cell in cells)]
    within = {p: cells for p, cells in points.items() if p not in set(outside)}
    depth = {p: min(math.dist(p, q) for q in outside) / 2 for p in within}
    on = [
        {p for p, cells in within.items() if all(side[cell] for cell in cells)} for side in (side_a, side_b)
    ]
    allowed = {p for p, cells in within.items() if all(side_a[cell] or side_b[cell] for cell in cells)}
    hearts = [{p for p in side if depth[p] == max(depth[q] for q in side)} for side in on]
    reached = {p: depth[p] for p in hearts[0]}
    queue = list(reached)
    while queue:
        p = queue.pop()
        for q in product(range(p[0] - 1, p[0] + 2), range(p[1] - 1, p[1] + 2)):
            if q in allowed and min(reached[p], depth[q]) > reached.get(q, 0):
                reached[q] = min(reached[p], depth[q])
                queue.append(q)
    return 2 * max((reached.get(p, 0) for p in hearts[1]), default=0)


@given(arrays(bool, (6, 9), elements=st.sampled_from([True, True, True, False])), st.integers(2, 7))
def test_neck__agrees_with_flooding(core: np.ndarray, border_column: int) -> None:
    west = core & (np.arange(9) < border_column)
    east = core & ~west
    if west.any() and east.any():
        found = narrowest_neck(core, west, east)
        assert (0.0 if math.isnan(found) else found) == pytest.approx(by_flooding(core, west, east))
