import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corridors.kernels.cost_distance.queue import NONE, clear_queue, new_queue, pop, push

VALUES = st.lists(st.floats(0, 1e9) | st.floats(0, 10), min_size=1, max_size=60)


def drained(queue):
    found = []
    while (tile := pop(*queue)) != NONE:
        found.append(tile)
    return found


@given(VALUES, st.sampled_from([1e-3, 1.0, 1e6]))
def test_every_tile_comes_once_and_low_buckets_first(values, width):
    queue = new_queue(np.ones(len(values), dtype=bool), width)
    for tile, value in enumerate(values):
        push(*queue, tile, value, 1)
    found = drained(queue)
    assert sorted(found) == list(range(len(values)))
    came = np.array([values[tile] for tile in found])
    assert (came <= np.minimum.accumulate(came[::-1])[::-1] + width * (1 + 1e-6) + came * 1e-9).all()


@given(VALUES)
def test_a_tile_moves_to_its_lowest_value(values):
    queue = new_queue(np.ones(2, dtype=bool), 1.0)
    push(*queue, 1, 5.0, 1)
    for value in values:
        push(*queue, 0, value, 2)
    assert queue.tiles["lowest"][0] == min(values)
    first = drained(queue)
    if min(values) < 4:
        assert first == [0, 1]
    if min(values) > 7:
        assert first == [1, 0]


def test_what_is_pending_adds_up():
    queue = new_queue(np.ones(1, dtype=bool), 1.0)
    push(*queue, 0, 5.0, 0b001)
    push(*queue, 0, 9.0, 0b100)
    assert queue.tiles["pending"][0] == 0b101


def test_closed_tiles_and_values_past_the_limit_never_wait():
    queue = new_queue(np.array([False, True]), 1.0)
    queue.state["limit"] = 4.0
    push(*queue, 0, 1.0, 1)
    push(*queue, 1, 4.5, 1)
    assert drained(queue) == []
    push(*queue, 1, 4.0, 1)
    assert drained(queue) == [1]


def test_clearing_forgets_what_waits():
    queue = new_queue(np.ones(5, dtype=bool), 1.0)
    for tile in range(5):
        push(*queue, tile, tile * 1e5, 1)
    pop(*queue)
    clear_queue(*queue)
    assert drained(queue) == []
    assert not queue.tiles["touched"].any()
