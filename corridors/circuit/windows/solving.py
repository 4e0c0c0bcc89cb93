"""One run of windows on one processor: by band, by multigrid, and by SuperLU where multigrid gives up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import cg, splu

from corridors.errors import ConfigError
from corridors.kernels.cost_distance.lanes import LANES
from corridors.kernels.multigrid import memory_bytes
from corridors.kernels.windows import (
    NOT_SOLVED,
    NOTHING_FLOWS,
    SOLVED,
    STEPS,
    BandSpace,
    Frame,
    Landscape,
    MultigridSpace,
    Sums,
    Targets,
    Window,
    add_currents,
    lay_sources,
    lay_window,
    new_band_space,
    new_frame,
    new_multigrid_space,
    residual_of,
    run_bands,
    run_multigrid,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

Solver = Literal["band", "multigrid", "direct", "published"]
LARGEST_BAND = 20  # cells from the target to the edge of a window; beyond it multigrid is quicker


class Problem(NamedTuple):
    """Everything a run of windows depends on.

    Attributes
    ----------
    landscape, window, targets
        As the kernels take them.
    surfaces
        1: the current alone; 2: the flow potential too.
    solver
        How voltages are found.
    tolerance
        Relative residual at which multigrid stops.
    """

    landscape: Landscape
    window: Window
    targets: Targets
    surfaces: int
    solver: Solver
    tolerance: float


def solver_for(half: int, wanted: Solver | None = None) -> Solver:
    """Return the solver for windows that reach `half` cells from the target: by their size alone.

    Raises
    ------
    ConfigError
        C103 no such solver.

    Examples
    --------
    >>> solver_for(10), solver_for(100)
    ('band', 'multigrid')
    """
    if wanted is None:
        return "band" if half <= LARGEST_BAND else "multigrid"
    if wanted not in get_args(Solver):
        allowed = ", ".join(get_args(Solver))
        raise ConfigError("no such solver", code="C103", where="solver", given=str(wanted), allowed=allowed)
    return wanted


def new_space(problem: Problem) -> Any:
    """Return work space for one thread."""
    half = problem.window.half
    if problem.solver == "band":
        return new_band_space(half)
    return new_multigrid_space(half) if problem.solver == "multigrid" else new_frame(half)


def space_bytes(solver: Solver, half: int) -> int:
    """Return how much memory the work space of one thread takes."""
    side = 2 * half + 3
    frame = side * side * 80
    if solver == "band":
        return frame + 2 * side * side * 8 * (side + LANES)
    if solver == "multigrid":
        return frame + 2 * memory_bytes(side, side)
    return frame + 2500 * side * side  # SuperLU


def run_windows(problem: Problem, first: int, count: int, space: Any) -> Sums:
    """Return what the windows of `count` targets from `first` on add up to."""
    sums = empty_sums(problem, first, count)
    inputs = (problem.landscape, problem.window, problem.targets, first, space)
    if isinstance(space, BandSpace):
        run_bands(*inputs, sums)
    elif isinstance(space, MultigridSpace):
        run_multigrid(*inputs, problem.tolerance, sums)
        left = np.argwhere(sums.states == NOT_SOLVED)
        if len(left):
            solve_directly(problem, first, left, new_frame(problem.window.half), sums)
    else:
        left = np.argwhere(np.ones(sums.states.shape))
        solve_directly(problem, first, left, space, sums)
    return sums


def empty_sums(problem: Problem, first: int, count: int) -> Sums:
    """Return room for the sums of some windows."""
    targets, half, shape = problem.targets, problem.window.half, problem.landscape.passable.shape
    rows, columns = targets.rows[first : first + count], targets.columns[first : first + count]
    top, left = max(int(rows.min()) - half, 0), max(int(columns.min()) - half, 0)
    bottom = min(int(rows.max()) + half + 1, shape[0])
    right = min(int(columns.max()) + half + 1, shape[1])
    return Sums(
        (top, left),
        np.zeros((problem.surfaces, bottom - top, right - left), dtype=np.int64),
        np.zeros((count, problem.surfaces), dtype=np.uint8),
        np.zeros((count, problem.surfaces)),
    )


def solve_directly(problem: Problem, first: int, left: NDArray[np.intp], frame: Frame, sums: Sums) -> None:
    """Solve windows one by one with SuperLU: slow, and certain.

    Parameters
    ----------
    left
        Place after `first`, and surface, of each.
    """
    landscape, window, targets = problem.landscape, problem.window, problem.targets
    for place, surface in left.tolist():
        number = first + place
        lay_sources(landscape, window, targets, number, frame)
        nodes = lay_window(landscape, window, targets, number, surface, frame)
        sums.states[place, surface] = NOTHING_FLOWS
        if nodes == 0:
            continue
        frame.voltage[:] = published_voltages(frame) if problem.solver == "published" else voltages(frame)
        row, column = int(targets.rows[number]), int(targets.columns[number])
        shape = landscape.passable.shape
        add_currents(frame, window, row, column, shape, sums.corner, sums.totals[surface])
        sums.residuals[place, surface] = residual_of(frame)
        sums.states[place, surface] = SOLVED


def voltages(frame: Frame) -> NDArray[np.float64]:
    """Return the voltages of a frame by sparse factorisation; 0 at the target and where no node is."""
    inside, matrix, inflow = equations(frame)
    found = np.zeros(frame.nodes.size)
    found[inside] = splu(csc_array(matrix)).solve(inflow)
    return found.reshape(frame.nodes.shape)


def published_voltages(frame: Frame) -> NDArray[np.float64]:
    """Return the voltages that Omniscape's own solver gives, wrong by the residual it leaves.

    Conjugate gradients to a residual of 1e-6, preconditioned by smoothed aggregation with the options of
    AlgebraicMultigrid.jl, on nodes numbered down the columns. Its block correction divides by currents that
    may be a hundred thousandth of what flows into the target, so in a few cells of every window that residual
    shows in the fifth digit, and only the same method gives the same maps.
    """
    import pyamg  # noqa: PLC0415 - takes a second

    inside, matrix, inflow = equations(frame)
    sweep = ("gauss_seidel", {"sweep": "symmetric"})
    multigrid = pyamg.smoothed_aggregation_solver(
        matrix,
        max_coarse=10,
        presmoother=sweep,
        postsmoother=sweep,
        improve_candidates=[("gauss_seidel", {"sweep": "symmetric", "iterations": 4})],
        smooth=("jacobi", {"omega": 4 / 3, "weighting": "local"}),
    )
    found = np.zeros(frame.nodes.size)
    found[inside], _ = cg(matrix, inflow, M=multigrid.aspreconditioner(cycle="V"), rtol=1e-6, atol=0)
    return found.reshape(frame.nodes.shape)


def equations(frame: Frame) -> tuple[NDArray[np.intp], Any, NDArray[np.float64]]:
    """Return nodes without the target, down the columns, their matrix and what flows in."""
    side = frame.nodes.shape[0]
    nodes = frame.nodes > 0
    nodes[side // 2, side // 2] = False
    columns, rows = np.nonzero(nodes.T)
    inside = rows * side + columns
    matrix = matrix_of(frame.weights)[inside][:, inside]
    matrix.sort_indices()
    return inside, matrix, frame.inflow.ravel()[inside]


def matrix_of(weights: NDArray[np.floating[Any]]) -> Any:
    """Return the Laplacian matrix of all cells of a frame."""
    side = weights.shape[1]
    first, second, conductance = [], [], []
    for direction, (down, right) in enumerate(STEPS):
        y, x = np.nonzero(weights[direction])
        first.append(y * side + x)
        second.append((y + down) * side + x + right)
        conductance.append(weights[direction][y, x].astype(np.float64))
    a, b, w = np.concatenate(first), np.concatenate(second), np.concatenate(conductance)
    cells = np.arange(side * side)
    whole = np.bincount(a, w, side * side) + np.bincount(b, w, side * side)
    entries = np.concatenate([-w, -w, whole])
    places = np.concatenate([a, b, cells]), np.concatenate([b, a, cells])
    return coo_array((entries, places), shape=(side * side, side * side)).tocsr()
