"""Which tile is solved next: a bucket queue (Dial 1969) of tiles.

Tiles wait in buckets, ordered by the lowest value that has reached them; a bucket spans `width` in value and
its tiles come in any order. The buckets cover a window of values that starts at `origin`. What lies beyond
the window waits in one last bucket; when all others are empty the window moves to the lowest value there.

Buckets are doubly linked lists threaded through arrays with one entry per tile, so that a tile can move to
a lower bucket in no time. The order steers the speed only: any order gives the same distances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.kernels._jit import jit

BUCKETS = 2048
NONE, CLOSED = -1, -2

# One record per tile.
TILE_RECORD = np.dtype(
    [
        ("bucket", np.int32),  # where the tile waits; NONE = nowhere, CLOSED = never to be solved
        ("following", np.int32),  # its neighbours in the bucket, or NONE
        ("preceding", np.int32),
        ("pending", np.int32),  # what has changed around it since it was solved, as in `rows`
        ("lowest", np.float64),  # the lowest value that has reached it
        ("touched_before", np.int32),  # the list of tiles that have waited since `clear_queue`
        ("touched", np.bool_),
    ],
    align=True,
)
# One record per queue.
STATE_RECORD = np.dtype(
    [
        ("current", np.int64),  # lowest bucket that may hold a tile
        ("origin", np.float64),  # value at which the window starts
        ("width", np.float64),  # of a bucket
        ("limit", np.float64),  # beyond it nothing waits
        ("until", np.float64),  # buckets that begin beyond it are left for later
        ("last_touched", np.int64),
        ("solved", np.int64),  # tiles solved since `clear_queue`
    ],
    align=True,
)
Records = NDArray[np.void]


class Queue(NamedTuple):
    """A queue of numbered tiles. Loops take its three arrays: a tuple handed on costs counted references.

    tiles
        One `TILE_RECORD` per tile.
    heads
        First tile of every bucket, or NONE; the last bucket holds what lies beyond the window.
    state
        One `STATE_RECORD`.
    """

    tiles: Records
    heads: NDArray[np.int32]
    state: Records


def new_queue(open_tiles: NDArray[np.bool_], width: float) -> Queue:
    """Return an empty queue; tiles that are not open are never queued."""
    tiles = np.zeros(open_tiles.size, dtype=TILE_RECORD)
    tiles["bucket"] = np.where(open_tiles, NONE, CLOSED)
    state = np.zeros(1, dtype=STATE_RECORD)
    state["width"], state["limit"], state["until"] = width, np.inf, np.inf
    state["current"], state["last_touched"] = BUCKETS, NONE
    return Queue(tiles, np.full(BUCKETS + 1, NONE, dtype=np.int32), state)


@jit
def push(
    tiles: Records, heads: NDArray[np.int32], state: Records, tile: int, value: float, rows: int
) -> None:
    """Let a tile wait because `value` has reached it; `rows` are added to what is pending there."""
    here = tiles[tile]
    if here["bucket"] == CLOSED or value > state[0]["limit"]:
        return
    if not here["touched"]:
        here["touched"] = True
        here["touched_before"] = state[0]["last_touched"]
        state[0]["last_touched"] = tile
    here["pending"] |= rows
    waits = here["bucket"] != NONE
    if waits and value >= here["lowest"]:
        return
    here["lowest"] = value
    bucket = _bucket_of(state, value)
    if bucket != here["bucket"]:
        if waits:
            _unlink(tiles, heads, tile)
        _link(tiles, heads, tile, bucket)


@jit
def pop(tiles: Records, heads: NDArray[np.int32], state: Records) -> int:
    """Return a tile of the lowest bucket and take it out; NONE when no tile waits, or only later ones."""
    while True:
        while state[0]["current"] < BUCKETS:
            if state[0]["origin"] + state[0]["current"] * state[0]["width"] > state[0]["until"]:
                return NONE
            tile = heads[state[0]["current"]]
            if tile != NONE:
                _unlink(tiles, heads, tile)
                return int(tile)
            state[0]["current"] += 1
        if heads[BUCKETS] == NONE:
            return NONE
        _move_window(tiles, heads, state)


@jit
def lowest_waiting(tiles: Records, heads: NDArray[np.int32], state: Records) -> float:
    """Return the lowest value that has reached any waiting tile; inf if none waits."""
    for bucket in range(state[0]["current"], BUCKETS + 1):
        if heads[bucket] != NONE:
            return _lowest_of(tiles, heads[bucket])
    return np.inf


@jit
def rewind(tiles: Records, heads: NDArray[np.int32], state: Records) -> None:
    """Close the window, so that it opens again at the lowest value: what came last may be lower than it."""
    for bucket in range(state[0]["current"], BUCKETS):
        while heads[bucket] != NONE:
            tile = heads[bucket]
            _unlink(tiles, heads, tile)
            _link(tiles, heads, tile, BUCKETS)
    state[0]["current"] = BUCKETS


@jit
def clear_queue(tiles: Records, heads: NDArray[np.int32], state: Records) -> None:
    """Forget every tile that has waited; takes time in proportion to their number."""
    tile = state[0]["last_touched"]
    while tile != NONE:
        here = tiles[tile]
        if here["bucket"] != NONE:  # a run broke off
            heads[here["bucket"]] = NONE
        here["bucket"] = NONE
        here["pending"] = 0
        here["touched"] = False
        tile = here["touched_before"]
    state[0]["current"] = BUCKETS
    state[0]["last_touched"] = NONE
    state[0]["solved"] = 0


@jit
def _bucket_of(state: Records, value: float) -> int:
    place = (value - state[0]["origin"]) / state[0]["width"]
    if place >= BUCKETS:
        return BUCKETS
    return max(int(place), int(state[0]["current"]))


@jit
def _link(tiles: Records, heads: NDArray[np.int32], tile: int, bucket: int) -> None:
    first = heads[bucket]
    here = tiles[tile]
    here["following"] = first
    here["preceding"] = NONE
    here["bucket"] = bucket
    if first != NONE:
        tiles[first]["preceding"] = tile
    heads[bucket] = tile


@jit
def _unlink(tiles: Records, heads: NDArray[np.int32], tile: int) -> None:
    here = tiles[tile]
    before, after = here["preceding"], here["following"]
    if before == NONE:
        heads[here["bucket"]] = after
    else:
        tiles[before]["following"] = after
    if after != NONE:
        tiles[after]["preceding"] = before
    here["bucket"] = NONE


@jit
def _move_window(tiles: Records, heads: NDArray[np.int32], state: Records) -> None:
    """Start the window at the lowest value that waits beyond it, and spread what waits over the buckets."""
    first = heads[BUCKETS]
    heads[BUCKETS] = NONE
    state[0]["origin"] = _lowest_of(tiles, first)
    state[0]["current"] = 0
    tile = first
    while tile != NONE:
        after = tiles[tile]["following"]
        _link(tiles, heads, tile, _bucket_of(state, tiles[tile]["lowest"]))
        tile = after


@jit
def _lowest_of(tiles: Records, first: int) -> float:
    """Return the lowest value of a bucket, given its first tile."""
    lowest, tile = np.inf, first
    while tile != NONE:
        lowest = min(lowest, tiles[tile]["lowest"])
        tile = tiles[tile]["following"]
    return lowest
