"""How a raster is cut into blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corridors.cost.blocks.cut import DIRECTIONS, Cut


@given(st.sampled_from([(1, 1), (1, 9), (9, 1), (5, 7), (8, 8), (9, 10)]), st.integers(2, 10))
def test_every_step_lies_in_a_block_and_neighbours_list_shared_cells_alike(shape, size):
    cut = Cut(shape, size)
    owned = np.zeros(shape, dtype=int)
    holders = np.zeros(shape, dtype=int)
    cells = np.indices(shape).reshape(2, -1)
    held = cut.holders(*cells)
    for number in range(cut.count):
        owned[cut.own(number)] += 1
        holders[cut.wide(number)] += 1
        mine = np.zeros(shape, dtype=bool)
        mine[cut.wide(number)] = True
        np.testing.assert_array_equal(held[number], np.flatnonzero(mine))
        rim, (top, left) = cut.rim(number), (part.start for part in cut.wide(number))
        places = set()
        for way in DIRECTIONS:
            other = cut.neighbour(number, way)
            if other is None:
                assert way not in rim.shared
                continue
            theirs, at = cut.rim(other), cut.wide(other)
            here, there = rim.shared[way], theirs.shared[-way[0], -way[1]]
            np.testing.assert_array_equal(rim.rows[here] + top, theirs.rows[there] + at[0].start)
            np.testing.assert_array_equal(rim.columns[here] + left, theirs.columns[there] + at[1].start)
            places |= set(here.tolist())
        assert len(places) == rim.rows.size
    assert (owned == 1).all()
    shared = sum(cut.rim(number).own.sum() for number in range(cut.count))
    assert shared == (holders > 1).sum()  # every shared cell is some block's own
