import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corridors.kernels.network.heap import ABSENT, lower, pop


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0, 100)), max_size=40))
def test_what_is_taken_out_is_always_the_lowest(steps):
    """Keys are put in or lowered at random, and now and then the lowest is taken out."""
    heap, places = np.empty(10, np.int32), np.full(10, ABSENT, np.int32)
    keys, size, held = np.full(10, np.inf), 0, {}
    for node, key in steps:
        if held and key > 80:
            taken = pop(heap, places, keys, size)
            size -= 1
            assert held.pop(taken) == min([*held.values(), keys[taken]])
        elif key < held.get(node, np.inf):
            keys[node] = held[node] = key
            size = lower(heap, places, keys, size, node)
        assert size == len(held)
        assert {int(node) for node in heap[:size]} == set(held)
        assert all(heap[places[node]] == node for node in held)
    order = []
    while size:
        order.append(keys[pop(heap, places, keys, size)])
        size -= 1
    assert order == sorted(held.values())
    assert (places == ABSENT).all()
