"""All windows of a map: shared among threads or workers, kept on disk now and then, summed.

Currents are whole numbers, so the sums are the same whoever solved what, in whatever order. A worker that is
lost costs the windows it was at, which are solved again.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.circuit.windows.solving import Problem, new_space, run_windows
from corridors.cost.crew import Crew, Workers, crew_of
from corridors.errors import RunError, SolveError
from corridors.kernels.windows import Sums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from corridors.io import Checkpoint

NODES_PER_SHARE = 4_000_000  # about a second of work
FEWEST_SHARES = 32
SECONDS_BETWEEN_KEEPS = 20.0
WRITING_SHARE = 0.05  # of all time, at most
MOST_LOSSES = 3
LARGEST_RESIDUAL = 1e-4


class Found(NamedTuple):
    """Sums over all windows.

    Attributes
    ----------
    totals
        Amperes times the scale of the window, (surfaces, rows, columns).
    states, residuals
        Of every window, (targets, surfaces).
    """

    totals: NDArray[np.int64]
    states: NDArray[np.uint8]
    residuals: NDArray[np.float64]


class Seats:
    """The work space of one process, by the number of its seat."""

    def __init__(self, *, pause: Callable[[], None] | None = None) -> None:
        self._pause = pause
        self._kept: dict[int, tuple[Problem, Any]] = {}

    def solve(self, seat: int, problem: Problem | None, first: int, count: int) -> Sums | None:
        """Return the sums of some windows; None if the seat was never given the problem here."""
        if self._pause is not None:
            self._pause()
        if problem is not None:
            self._kept[seat] = problem, new_space(problem)
        if seat not in self._kept:
            return None
        kept, space = self._kept[seat]
        return run_windows(kept, first, count, space)

    def close(self) -> None:
        """Let go of all work space."""
        self._kept.clear()


def solve_all(
    problem: Problem,
    *,
    workers: int | Workers = 1,
    checkpoint: Checkpoint | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> Found:
    """Solve the windows of all targets.

    Parameters
    ----------
    workers
        Number of threads, or the workers of `corridors.cluster.connect`.
    checkpoint
        Where sums are kept from time to time; what is found there is not solved again.
    progress
        Told the step and the fraction done.

    Raises
    ------
    RunError
        N602 windows were lost with their worker again and again.
    SolveError
        S501 voltages of a window are wrong.
    """
    shares = shares_of(problem)
    found, done = _start(problem, len(shares), checkpoint)
    keep = _keeper(checkpoint, found, done)
    left = iter(np.flatnonzero(~done).tolist())
    seats = max(workers, 1) if isinstance(workers, int) else workers.size
    try:
        with closing(crew_of(workers, Seats)) as crew:
            for number, sums in _answers(problem, shares, left, crew, seats):
                _add(found, shares[number], sums)
                done[number] = True
                keep(False)
                if progress is not None:
                    progress("Moving windows", float(done.mean()))
    except BaseException:
        keep(True)
        raise
    _check_residuals(found, problem)
    return found


def shares_of(problem: Problem) -> list[tuple[int, int]]:
    """Return first target and number of targets of every share of the work: by the problem alone."""
    targets = len(problem.targets.rows)
    nodes = (2 * problem.window.half + 1) ** 2
    size = max(1, min(NODES_PER_SHARE // nodes, -(-targets // FEWEST_SHARES)))
    return [(first, min(size, targets - first)) for first in range(0, targets, size)]


def _start(problem: Problem, shares: int, checkpoint: Checkpoint | None) -> tuple[Found, NDArray[np.bool_]]:
    """Return the sums so far, and which shares are in them."""
    kept = checkpoint.load() if checkpoint is not None else None
    if kept is not None:
        return Found(kept["totals"], kept["states"], kept["residuals"]), kept["done"]
    windows = (len(problem.targets.rows), problem.surfaces)
    totals = np.zeros((problem.surfaces, *problem.landscape.passable.shape), dtype=np.int64)
    return Found(totals, np.zeros(windows, np.uint8), np.zeros(windows)), np.zeros(shares, dtype=np.bool_)


def _add(found: Found, share: tuple[int, int], sums: Sums) -> None:
    """Add what a share of the windows came to."""
    (top, left), (_, height, width) = sums.corner, sums.totals.shape
    found.totals[:, top : top + height, left : left + width] += sums.totals
    part = slice(share[0], share[0] + share[1])
    found.states[part], found.residuals[part] = sums.states, sums.residuals


def _keeper(checkpoint: Checkpoint | None, found: Found, done: NDArray[np.bool_]) -> Callable[[bool], None]:
    """Return what keeps sums on disk: so often that little is lost, so seldom that it takes little time."""
    due = time.monotonic() + SECONDS_BETWEEN_KEEPS

    def keep(now: bool) -> None:
        nonlocal due
        start = time.monotonic()
        if checkpoint is None or not (now or start >= due):
            return
        checkpoint.save({**found._asdict(), "done": done})
        due = start + max(SECONDS_BETWEEN_KEEPS, (time.monotonic() - start) / WRITING_SHARE)

    return keep


def _answers(
    problem: Problem, shares: list[tuple[int, int]], left: Iterator[int], crew: Crew, seats: int
) -> Iterator[tuple[int, Sums]]:
    """Yield number and sums of every share that is left, as they come."""
    again: list[int] = []
    asked: dict[int, int] = {}
    given: set[int] = set()  # seats that have the problem
    losses: Counter[int] = Counter()
    while True:
        for seat in range(seats):
            if seat in asked or not crew.free(seat):
                continue
            number = again.pop() if again else next(left, None)
            if number is None:
                break
            asked[seat] = number
            crew.call(seat, "solve", seat, None if seat in given else problem, *shares[number])
            given.add(seat)
        if not asked:
            return
        seat, sums, lost = crew.wait()
        number = asked.pop(seat)
        given -= lost
        if sums is None:
            given.discard(seat)
            again.append(number)
            losses[number] += 1
            if losses[number] >= MOST_LOSSES:
                what = (
                    f"windows {shares[number][0]} and after were lost with their worker {MOST_LOSSES} times"
                )
                remedy = "Give the workers more memory, or take fewer."
                raise RunError(what, code="N602", where="workers", remedy=remedy)
            continue
        yield number, sums


def _check_residuals(found: Found, problem: Problem) -> None:
    """Refuse voltages that do not balance."""
    if found.residuals.max(initial=0.0) <= LARGEST_RESIDUAL:
        return
    worst = np.unravel_index(np.argmax(found.residuals), found.residuals.shape)
    row, column = problem.targets.rows[worst[0]], problem.targets.columns[worst[0]]
    what = "the voltages of a window do not balance its currents"
    given = f"residual {found.residuals[worst]:.1e} around row {row}, column {column}"
    allowed, remedy = f"{LARGEST_RESIDUAL:g} at most", "Lower the contrast of the resistance."
    raise SolveError(what, code="S501", where="moving windows", given=given, allowed=allowed, remedy=remedy)
