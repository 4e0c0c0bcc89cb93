import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.cases import cases, cases_with_barriers, dijkstra, one, raster_of_kind

from corridors.kernels.cost_distance import (
    clear,
    edge_barriers,
    lower,
    memory_bytes,
    new_workspace,
    newly_lowered,
    prepare,
    propagate,
    solve,
)
from corridors.kernels.cost_distance.layout import inside


def distances_of(workspace):
    return workspace.distances[inside(workspace.field.shape)]


@pytest.mark.parametrize("vector", [True, False])
@given(case=cases_with_barriers(), data=st.data())
def test_sources_may_start_above_zero(vector, case, data):
    values, sources, edges, extra = case
    start = np.array([data.draw(st.floats(0, 50)) for _ in sources[0]])
    workspace = new_workspace(prepare(values, edges=edges))
    lower(workspace, sources, start)
    propagate(workspace, vector=vector)
    np.testing.assert_array_equal(
        distances_of(workspace), dijkstra(values, sources, start=start, extra=extra)
    )


@given(case=cases(), values_first=st.booleans())
def test_values_may_arrive_in_any_order(case, values_first):
    values, (rows, columns) = case
    start = np.linspace(0, 9, rows.size)
    workspace = new_workspace(prepare(values))
    for place in range(rows.size)[:: 1 if values_first else -1]:
        lower(workspace, one(rows[place], columns[place]), start[place])
        propagate(workspace)
    np.testing.assert_array_equal(distances_of(workspace), dijkstra(values, (rows, columns), start=start))


def test_a_higher_value_changes_nothing():
    workspace = new_workspace(prepare(np.ones((40, 40))))
    lower(workspace, one(0, 0), 0.0)
    propagate(workspace)
    before = workspace.distances.copy()
    lower(workspace, one(30, 30), 1e3)
    assert int(workspace.queue.tiles["pending"].max()) == 0
    propagate(workspace)
    np.testing.assert_array_equal(workspace.distances, before)


def test_clearing_leaves_nothing_behind():
    workspace = new_workspace(prepare(np.ones((40, 40))))
    fresh = new_workspace(workspace.field)
    lower(workspace, one(0, 0), 0.0)  # waits, never solved
    clear(workspace)
    lower(workspace, one(20, 20), 0.0)
    propagate(workspace)
    clear(workspace)
    assert np.isinf(workspace.distances).all()
    np.testing.assert_array_equal(workspace.queue.heads, fresh.queue.heads)
    for name in ("bucket", "pending", "touched"):
        np.testing.assert_array_equal(workspace.queue.tiles[name], fresh.queue.tiles[name])


def test_newly_lowered_tells_once():
    workspace = new_workspace(prepare(np.ones((5, 5))))
    cells, known = (np.array([0, 4]), np.array([0, 4])), np.full(2, np.inf)
    assert newly_lowered(workspace, cells, known).size == 0
    lower(workspace, one(0, 1), 0.0)
    propagate(workspace)
    assert newly_lowered(workspace, cells, known).tolist() == [0, 1]
    assert known[0] == 1
    assert newly_lowered(workspace, cells, known).size == 0


def test_only_touched_tiles_are_worked_on():
    workspace = new_workspace(prepare(np.ones((320, 320))))
    clear(workspace, max_cost=20.0)
    lower(workspace, one(160, 160), 0.0)
    propagate(workspace)
    assert workspace.queue.tiles["touched"].sum() <= 16


def test_memory_is_what_is_said():
    workspace = new_workspace(prepare(np.ones((300, 200))))
    taken = workspace.field.half.nbytes + workspace.distances.nbytes
    taken += workspace.field.open_tiles.nbytes + workspace.queue.tiles.nbytes
    assert memory_bytes((300, 200)) == taken
    assert memory_bytes((8000, 8000)) / 8000**2 < 17
    assert memory_bytes((8000, 8000), np.float32) / 8000**2 < 9


@given(case=cases(), size=st.integers(3, 20), data=st.data())
def test_block_by_block_gives_the_same_bits_for_any_block(case, size, data):
    values, sources = case
    order, ahead = data.draw(st.permutations(range(8))), data.draw(st.sampled_from([0.0, 5.0, 1e4, np.inf]))
    found = by_blocks(values, sources, size, order, ahead=ahead)
    np.testing.assert_array_equal(found, solve(values, sources))


@pytest.mark.parametrize("vector", [True, False])
@given(case=cases(), steps=st.lists(st.floats(0, 1e3), min_size=1, max_size=5))
def test_little_by_little_gives_the_same_bits(vector, case, steps):
    values, sources = case
    workspace = new_workspace(prepare(values))
    lower(workspace, sources, 0.0)
    whole, waiting, until = solve(values, sources), 0.0, 0.0
    for step in steps:
        if waiting < np.inf:
            until = waiting + step
            before, waiting = waiting, propagate(workspace, until=until, vector=vector)
            assert waiting > before or waiting > until
            final = whole <= min(until, waiting)  # nothing lower can come any more
            np.testing.assert_array_equal(distances_of(workspace)[final], whole[final])
    assert propagate(workspace, vector=vector) == np.inf
    np.testing.assert_array_equal(distances_of(workspace), whole)


def test_a_low_value_that_comes_late_is_not_left_waiting():
    workspace = new_workspace(prepare(np.ones((1, 5000))))
    lower(workspace, one(0, 4000), 1e5)
    assert propagate(workspace, until=1e5 + 300) >= 1e5 + 300
    lower(workspace, one(0, 0), 10.0)
    assert 20 < propagate(workspace, until=20.0) < 40
    propagate(workspace)
    expected = solve(np.ones((1, 5000)), one(0, 0)) + 10
    np.testing.assert_array_equal(distances_of(workspace), expected)


def test_block_by_block_with_a_fence_across_blocks():
    values = raster_of_kind("salt", (50, 50), np.random.default_rng(5))
    values[0, 0] = 1
    rows, columns = np.arange(49), np.full(49, 24)
    fence = rows, columns, np.full(49, 2), np.full(49, 30.0)
    expected = solve(values, one(0, 0), edges=edge_barriers(values.shape, *fence))
    np.testing.assert_array_equal(by_blocks(values, one(0, 0), 13, range(8), fence), expected)


def by_blocks(values, sources, size, order, fence=None, ahead=np.inf):
    """Windows that overlap by two cells, each solved alone; only values of shared cells are exchanged."""
    blocks = [
        Block(values, top, left, size, fence)
        for top, left in itertools.product(*(range(0, max(length - 2, 1), size) for length in values.shape))
    ]
    for block in blocks:
        block.receive(*sources, np.zeros(len(sources[0])))
    changed = True
    while changed:
        changed = False
        for place in sorted(range(len(blocks)), key=lambda place: order[place % 8]):
            told, waits = blocks[place].solve(ahead)
            changed |= waits or told[0].size > 0
            for other in blocks:
                if other is not blocks[place]:
                    other.receive(*told)
    whole = np.full(values.shape, np.inf)
    for block in blocks:
        window = whole[block.window]
        np.minimum(window, distances_of(block.workspace), out=window)
    return whole


class Block:
    def __init__(self, values, top, left, size, fence):
        self.top, self.left = top, left
        self.window = slice(top, top + size + 2), slice(left, left + size + 2)
        part = values[self.window]
        self.workspace = new_workspace(prepare(part, edges=fence and self.own(part.shape, *fence)))
        self.cells = np.indices(part.shape).reshape(2, -1)
        self.known, self.waiting = np.full(part.size, np.inf), 0.0

    def own(self, shape, rows, columns, directions, costs):
        rows, columns = rows - self.top, columns - self.left
        mine = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns + 1 < shape[1])
        return edge_barriers(shape, rows[mine], columns[mine], directions[mine], costs[mine])

    def receive(self, rows, columns, distances):
        rows, columns = rows - self.top, columns - self.left
        shape = self.workspace.field.shape
        mine = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
        lower(self.workspace, (rows[mine], columns[mine]), distances[mine])
        self.waiting = min(self.waiting, distances[mine].min(initial=np.inf))

    def solve(self, ahead):
        self.waiting = propagate(self.workspace, until=self.waiting + ahead)
        places = newly_lowered(self.workspace, tuple(self.cells), self.known)
        told = self.cells[0, places] + self.top, self.cells[1, places] + self.left, self.known[places]
        return told, self.waiting < np.inf
