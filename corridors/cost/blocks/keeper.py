"""Keeps the blocks of one process: some open in memory, the least recently used put away on disk."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.cost.blocks.block import (
    Block,
    Opening,
    advance,
    distances_of,
    open_block,
    relabel,
    resistance_of,
    results,
    workspace_of,
)
from corridors.cost.blocks.cut import Window
from corridors.io.scratch import Scratch
from corridors.kernels.cost_distance.layout import Floats


class Order(NamedTuple):
    """What a block is asked to do.

    number, turn
        Of the block, and of the order: no two orders of a run have the same turn.
    what
        Distances or labels.
    places, values
        News on the rim.
    opening
        Given at the first order, and again when the block was lost.
    """

    number: int
    turn: int
    what: Literal["distances", "labels"]
    places: NDArray[np.intp]
    values: NDArray[Any]
    opening: Opening | None


class Reply(NamedTuple):
    """What a block found.

    places, values
        News on its rim.
    loaded
        Whether it had to be opened, or fetched from disk.
    """

    places: NDArray[np.intp]
    values: NDArray[Any]
    loaded: bool


class Keeper:
    """The blocks of one process. Threads may share it; no two of them ask for the same block at once.

    Parameters
    ----------
    most_open
        How many blocks may be in memory, at least one per thread; None = all.
    pause
        Called many times a second while blocks are solved; what it raises breaks off.
    """

    def __init__(self, most_open: int | None = None, *, pause: Callable[[], None] | None = None) -> None:
        self._most_open, self._pause = most_open, pause
        self._open: OrderedDict[int, Block] = OrderedDict()  # least recently used first
        self._away: dict[int, Block] = {}
        self._replies: dict[int, tuple[int, Reply]] = {}
        self._in_use = 0
        self._scratch = Scratch()
        self._lock = Lock()

    def visit(self, order: Order) -> Reply | None:
        """Carry out an order; None if the block is not here."""
        last = self._replies.get(order.number)
        if last is not None and last[0] == order.turn:  # asked twice: the first answer got lost
            return last[1]
        taken = self._take(order.number, order.opening)
        if taken is None:
            return None
        block, loaded = taken
        if order.what == "distances":
            reply = Reply(*advance(block, order.places, order.values, self._pause), loaded)
        else:
            reply = Reply(*relabel(block, order.places, order.values), loaded)
        self._give_back(order.number, block)
        self._replies[order.number] = order.turn, reply
        return reply

    def collect(self, number: int, window: Window) -> tuple[Floats, NDArray[np.int32] | None] | None:
        """Return distances and labels of a window of a block and let go of it; None if it is not here."""
        taken = self._take(number, None)
        if taken is None:
            return None
        with self._lock:
            self._in_use -= 1
        return results(taken[0], window)

    def close(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._open.clear()
            self._away.clear()
            self._scratch.close()

    def _take(self, number: int, opening: Opening | None) -> tuple[Block, bool] | None:
        """Take a block out, making room for it; say whether it had to be loaded."""
        with self._lock:
            block, away = self._open.pop(number, None), self._away.pop(number, None)
            if block is None and away is None and opening is None:
                return None
            self._in_use += 1
            self._make_room()
        if opening is not None:
            return open_block(opening), True
        if away is not None:
            return self._fetch(number, away), True
        return None if block is None else (block, False)

    def _give_back(self, number: int, block: Block) -> None:
        with self._lock:
            self._in_use -= 1
            self._open[number] = block

    def _make_room(self) -> None:
        while self._most_open is not None and self._open and len(self._open) + self._in_use > self._most_open:
            number, block = self._open.popitem(last=False)
            if ("resistance", number) not in self._scratch:
                self._scratch.keep(("resistance", number), resistance_of(block))
            self._scratch.keep(("distances", number), distances_of(block))
            if block.labels is not None:
                self._scratch.keep(("labels", number), block.labels)
            block.labels, block.workspace = None, None
            self._away[number] = block

    def _fetch(self, number: int, block: Block) -> Block:
        block.workspace = workspace_of(block, self._scratch.get(("resistance", number)))
        distances_of(block)[:] = self._scratch.get(("distances", number))
        if ("labels", number) in self._scratch:
            block.labels = self._scratch.get(("labels", number))
        return block
