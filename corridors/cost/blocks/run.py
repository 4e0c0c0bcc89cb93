"""One run over all blocks: the lowest news goes next, until nobody has news; then the results.

Blocks are visited in an order that depends on who is quick, and get lost with their worker. Neither changes
a bit: every value on the board is the cost of some path, a visit only ever lowers values, and the run ends
when no step in any block lowers any.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from corridors.cost.blocks.block import UNKNOWN, Opening, bytes_of
from corridors.cost.blocks.board import Board
from corridors.cost.blocks.cut import Cut, Window
from corridors.cost.blocks.keeper import Order, Reply
from corridors.cost.blocks.steps import Steps
from corridors.cost.crew import Crew
from corridors.errors import RunError, SolveError
from corridors.kernels.cost_distance.layout import Floats

Cells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]  # rows, columns, labels of sources
MOST_LOSSES = 3


class Problem(NamedTuple):
    """What is solved.

    resistance
        Checked; only windows of it are read.
    sources
        Rows, columns and labels of cells that are not no data.
    steps
        Extra costs of steps, if any.
    dtype, max_cost
        As for `solve`; in cell units.
    labels
        Whether it is asked from which source each cell is reached.
    """

    resistance: xr.DataArray
    sources: Cells
    steps: Steps | None
    dtype: str
    max_cost: float
    labels: bool


class Part(NamedTuple):
    """Results of one block: rows and columns of the raster, distances in cell units, labels if asked for."""

    window: Window
    distances: Floats
    labels: NDArray[np.int32] | None


@dataclass
class Figures:
    """What a run took.

    visits, loads
        How often each block was gone on with, and opened or fetched from disk.
    exchanged_bytes
        News on rims, to and from blocks.
    moved_bytes
        Resistance to blocks and results from them.
    """

    visits: Counter[int] = field(default_factory=Counter)
    loads: Counter[int] = field(default_factory=Counter)
    exchanged_bytes: int = 0
    moved_bytes: int = 0


class Run:
    """A run over the blocks of a raster.

    Parameters
    ----------
    problem, cut
        What is solved, and in which blocks.
    crew
        Who solves them.
    figures
        Brought up to date while it runs.
    """

    def __init__(self, problem: Problem, cut: Cut, crew: Crew, figures: Figures | None = None) -> None:
        self.problem, self.cut, self.crew = problem, cut, crew
        self.figures = Figures() if figures is None else figures
        self._sources = cut.holders(*problem.sources[:2])
        self._distances = Board(
            cut, dtype=problem.dtype, unknown=np.inf, urgency=lambda _number, _places, values: values
        )
        self._labels = Board(cut, dtype=np.int32, unknown=UNKNOWN, urgency=self._distances_at)
        for number in self._sources:
            self._distances.hasten(number, 0.0)
            if problem.labels:
                self._labels.hasten(number, 0.0)
        self._running: dict[int, str] = {}
        self._opened: set[int] = set()
        self._done: set[int] = set()
        self._losses: Counter[int] = Counter()
        self._turn = 0

    def parts(self) -> Iterator[Part]:
        """Solve, and yield the results block by block, in the order of their numbers."""
        for number in range(self.cut.count):
            found = None
            while found is None:
                self._settle()
                if number not in self._opened:
                    break
                found = self._collect(number)
            yield self._part(number, found)

    def _settle(self) -> None:
        """Go on until no block has news: distances first, then labels."""
        while True:
            while (number := self._next()) is not None:
                self._send(number)
            if self._running:
                self._hear()
            elif self._board().waits():
                raise SolveError("blocks wait, but nobody may solve them", code="S505")
            else:
                return

    def _next(self) -> int | None:
        return self._board().lowest(lambda number: number not in self._running and self.crew.free(number))

    def _board(self) -> Board:
        distances_due = self._distances.waits() or "distances" in self._running.values()
        return self._distances if distances_due else self._labels

    def _send(self, number: int) -> None:
        board = self._board()
        what: Literal["distances", "labels"] = "distances" if board is self._distances else "labels"
        places, values = board.take(number)
        opening = None
        if number not in self._opened:
            opening = self._opening(number)
            self.figures.moved_bytes += bytes_of(opening.resistance)
        self._opened.add(number)
        self._running[number] = what
        self._turn += 1
        self.figures.visits[number] += 1
        self.figures.exchanged_bytes += bytes_of(places, values)
        self.crew.call(number, "visit", Order(number, self._turn, what, places, values, opening))

    def _hear(self) -> None:
        number, reply, lost = self.crew.wait()
        board = self._distances if self._running.pop(number) == "distances" else self._labels
        if isinstance(reply, Reply):
            self._losses.pop(number, None)
            self.figures.loads[number] += reply.loaded
            self.figures.exchanged_bytes += bytes_of(reply.places, reply.values)
            board.tell(number, reply.places, reply.values)
        else:
            lost |= {number}
        self._forget(lost, number)

    def _collect(self, number: int) -> Any:
        self.crew.call(number, "collect", number, self.cut.own_in_wide(number))
        _, found, lost = self.crew.wait()
        if found is None:
            self._forget(lost | {number}, number)
            return None
        self._done.add(number)
        self.figures.moved_bytes += bytes_of(*found)
        self._forget(lost, number)
        return found

    def _part(self, number: int, found: Any) -> Part:
        window = self.cut.own(number)
        if found is not None:
            return Part(window, *found)
        shape = tuple(part.stop - part.start for part in window)
        labels = np.zeros(shape, np.int32) if self.problem.labels else None
        return Part(window, np.full(shape, np.inf, self.problem.dtype), labels)

    def _forget(self, lost: frozenset[int], asked: int) -> None:
        """Let lost blocks start again from their sources and what is known on their rims."""
        lost = (lost & self._opened) - self._done
        if asked in lost:
            self._losses[asked] += 1
            if self._losses[asked] >= MOST_LOSSES:
                what = f"block {asked} was lost with its worker {MOST_LOSSES} times in a row"
                remedy = "Give the workers more memory, or take smaller blocks."
                raise RunError(what, code="N602", where="workers", remedy=remedy)
        self._opened -= lost
        boards = [self._distances, self._labels] if self.problem.labels else [self._distances]
        for board in boards:
            board.forget(lost)
        for number in lost:
            self._distances.hasten(number, self._earliest(number))
            if self.problem.labels:
                self._labels.hasten(number, self._earliest(number))

    def _earliest(self, number: int) -> float:
        known = self._distances.known.get(number)
        return 0.0 if number in self._sources or known is None or not known.size else float(known.min())

    def _opening(self, number: int) -> Opening:
        window, problem = self.cut.wide(number), self.problem
        here = self._sources.get(number, np.zeros(0, dtype=np.intp))
        rows, columns, labels = problem.sources
        steps = None if problem.steps is None else problem.steps.barriers(window)
        return Opening(
            resistance=problem.resistance[window].values,
            edges=steps,
            sources=(rows[here] - window[0].start, columns[here] - window[1].start, labels[here]),
            rim=self.cut.rim(number),
            dtype=problem.dtype,
            max_cost=problem.max_cost,
        )

    def _distances_at(self, number: int, places: NDArray[Any], _labels: NDArray[Any]) -> NDArray[Any]:
        known: NDArray[Any] = self._distances.known[number][places]
        return known
