"""A binary heap of nodes ordered by a key kept outside it; a node whose key falls moves up in place.

`heap` holds the nodes, the one with the lowest key first; `places` says where a node stands in it, ABSENT
if nowhere; `keys` are distances. All three are as long as there are nodes. Whoever uses it keeps the size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit

Integers = NDArray[np.int32]
Floats = NDArray[np.float64]
ABSENT = -1


@jit
def lower(heap: Integers, places: Integers, keys: Floats, size: int, node: int) -> int:
    """Put a node in, or move it up after its key has fallen; return the size after that."""
    place = places[node]
    if place == ABSENT:
        place = size
        size += 1
    key = keys[node]
    while place > 0:
        above = (place - 1) >> 1
        other = heap[above]
        if keys[other] <= key:
            break
        heap[place] = other
        places[other] = place
        place = above
    heap[place] = node
    places[node] = place
    return size


@jit
def pop(heap: Integers, places: Integers, keys: Floats, size: int) -> int:
    """Take out the node with the lowest key, and return it; the size is one less after that."""
    first = heap[0]
    places[first] = ABSENT
    size -= 1
    if size == 0:
        return int(first)
    last = heap[size]
    key = keys[last]
    place = 0
    while True:
        below = 2 * place + 1
        if below >= size:
            break
        if below + 1 < size and keys[heap[below + 1]] < keys[heap[below]]:
            below += 1
        other = heap[below]
        if key <= keys[other]:
            break
        heap[place] = other
        places[other] = place
        place = below
    heap[place] = last
    places[last] = place
    return int(first)
