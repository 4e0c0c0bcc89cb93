"""What blocks have told each other, and which block goes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from corridors.cost.blocks.cut import Cut

Places = NDArray[np.intp]  # in the rim of a block
Urgency = Callable[[int, Places, NDArray[Any]], NDArray[Any]]


class Board:
    """The lowest values known on the rims of all blocks, and which of them a block has not heard yet.

    All that is needed to solve a block again stands here: a lost one starts from what is known on its rim.

    Parameters
    ----------
    cut
        The blocks.
    dtype, unknown
        Type of the values, and the one that stands for none: higher than every other.
    urgency
        Number of a block, places in its rim and new values there -> how soon each is due, lowest first.
    """

    def __init__(self, cut: Cut, *, dtype: DTypeLike, unknown: float, urgency: Urgency) -> None:
        self.cut, self.dtype, self.unknown, self.urgency = cut, np.dtype(dtype), unknown, urgency
        self.known: dict[int, NDArray[Any]] = {}
        self.unheard: dict[int, NDArray[np.bool_]] = {}
        self.due = np.full(cut.count, np.inf)

    def lowest(self, may_go: Callable[[int], bool]) -> int | None:
        """Return the block due first of those that may go; None if there is none."""
        for number in np.argsort(self.due, kind="stable").tolist():
            if self.due[number] == np.inf:
                return None
            if may_go(number):
                return int(number)
        return None

    def waits(self) -> bool:
        """Return whether any block is due."""
        return bool(self.due.min() < np.inf)

    def hasten(self, number: int, urgency: float) -> None:
        """Let a block be due no later than this."""
        self.due[number] = min(self.due[number], urgency)

    def take(self, number: int) -> tuple[Places, NDArray[Any]]:
        """Return what a block has not heard yet, which now counts as heard."""
        self._open(number)
        places = np.flatnonzero(self.unheard[number])
        self.unheard[number][places] = False
        self.due[number] = np.inf
        return places, self.known[number][places]

    def tell(self, sender: int, places: Places, values: NDArray[Any]) -> None:
        """Note what a block has found on its rim, for every neighbour it is new to."""
        self._open(sender)
        found = np.full(self.known[sender].shape, self.unknown, dtype=self.dtype)
        found[places] = values
        self.known[sender] = np.minimum(self.known[sender], found)
        for (down, right), mine in self.cut.rim(sender).shared.items():
            news = found[mine]
            told = np.flatnonzero(news < self.unknown)
            if told.size:
                other = self.cut.neighbour(sender, (down, right))
                if other is not None:
                    theirs = self.cut.rim(other).shared[-down, -right]
                    self._hear(other, theirs[told], news[told])

    def forget(self, numbers: Iterable[int]) -> None:
        """Let blocks that were lost hear all that is known on their rims, at once."""
        for number in numbers:
            self._open(number)
            self.unheard[number] = self.known[number] < self.unknown
            places = np.flatnonzero(self.unheard[number])
            if places.size:
                self.hasten(number, float(self.urgency(number, places, self.known[number][places]).min()))

    def _hear(self, number: int, places: Places, values: NDArray[Any]) -> None:
        self._open(number)
        better = values < self.known[number][places]
        places, values = places[better], values[better]
        if places.size:
            self.known[number][places] = values
            self.unheard[number][places] = True
            self.hasten(number, float(self.urgency(number, places, values).min()))

    def _open(self, number: int) -> None:
        if number not in self.known:
            size = self.cut.rim(number).rows.size
            self.known[number] = np.full(size, self.unknown, dtype=self.dtype)
            self.unheard[number] = np.zeros(size, dtype=bool)
