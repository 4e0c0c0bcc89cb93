"""Many sources on one field, solved side by side: by this thread, by several, or by workers.

Every seat has a workspace of its own and is asked one thing at a time. Which seat solves what depends on who
is quick; the distances do not, and they come out in the order of their sources. A worker that is lost costs
the sources it was at, which are solved again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from corridors.cost.crew import Crew, Workers, crew_of
from corridors.errors import RunError
from corridors.kernels.cost_distance import Field, Reached, new_workspace, solve_reached
from corridors.kernels.cost_distance.workspace import Cells, Workspace

AHEAD = 2  # sources for each seat that may be solved before the one due next
MOST_LOSSES = 3


class Job(NamedTuple):
    """A source, and its place among all."""

    number: int
    cells: Cells


class Seats:
    """The workspaces of one process, by the number of their seat.

    Parameters
    ----------
    pause
        Called many times a second while a source is solved; what it raises breaks off.
    """

    def __init__(self, *, pause: Callable[[], None] | None = None) -> None:
        self._pause = pause
        self._workspaces: dict[int, Workspace] = {}

    def solve(self, seat: int, field: Field | None, cells: Cells, max_cost: float) -> Reached | None:
        """Return what a source reaches; None if the seat was never given a field here."""
        if field is not None:
            self._workspaces[seat] = new_workspace(field)
        workspace = self._workspaces.get(seat)
        if workspace is None:
            return None
        return solve_reached(workspace, cells, max_cost=max_cost, pause=self._pause)

    def close(self) -> None:
        """Let go of all workspaces."""
        self._workspaces.clear()


def reached_from_each(
    field: Field, sources: Iterable[Cells], *, max_cost: float, workers: int | Workers
) -> Iterator[Reached]:
    """Yield what each source reaches, in their order.

    Parameters
    ----------
    field
        From `prepare`; given to every seat once.
    sources
        Rows and columns of the cells of each.
    max_cost
        As for `solve`.
    workers
        Number of threads, or the workers of `corridors.cluster.connect`.

    Raises
    ------
    RunError
        N602 a source was lost with its worker again and again.
    """
    with closing(crew_of(workers, Seats)) as crew:
        yield from _in_order(field, sources, max_cost, crew, seats_of(workers))


def seats_of(workers: int | Workers) -> int:
    """Return how many sources are solved at once."""
    return max(workers, 1) if isinstance(workers, int) else workers.size


def _in_order(
    field: Field, sources: Iterable[Cells], max_cost: float, crew: Crew, seats: int
) -> Iterator[Reached]:
    jobs = (Job(number, cells) for number, cells in enumerate(sources))
    again: list[Job] = []
    asked: dict[int, Job] = {}
    solved: dict[int, Reached] = {}
    given: set[int] = set()  # seats that have the field
    losses: Counter[int] = Counter()
    due = 0
    while True:
        for seat in range(seats):
            if seat in asked or len(asked) + len(solved) >= AHEAD * seats or not crew.free(seat):
                continue
            job = again.pop() if again else next(jobs, None)
            if job is None:
                break
            asked[seat] = job
            crew.call(seat, "solve", seat, None if seat in given else field, job.cells, max_cost)
            given.add(seat)
        if not asked:
            return
        seat, found, lost = crew.wait()
        job = asked.pop(seat)
        given -= lost
        if found is None:
            given.discard(seat)
            again.append(job)
            _count_loss(losses, job.number)
            continue
        solved[job.number] = found
        while due in solved:
            yield solved.pop(due)
            due += 1


def _count_loss(losses: Counter[int], number: int) -> None:
    losses[number] += 1
    if losses[number] >= MOST_LOSSES:
        what = f"source {number + 1} was lost with its worker {MOST_LOSSES} times"
        remedy = "Give the workers more memory, or take fewer."
        raise RunError(what, code="N602", where="workers", remedy=remedy)
