"""Moving windows on plain arrays: every option of the method, no map and no units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.circuit.steps import Average, step_conductances
from corridors.circuit.windows.checks import check_options
from corridors.circuit.windows.conditions import Condition, compared
from corridors.circuit.windows.layout import block_correction, scaled, targets_of, window_of
from corridors.circuit.windows.sharing import shares_of, solve_all
from corridors.circuit.windows.solving import Problem, Solver, solver_for, space_bytes
from corridors.kernels.windows import NOTHING_FLOWS, Landscape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from corridors.cost.crew import Workers
    from corridors.io import Checkpoint

    Floats = NDArray[np.float64]

TOLERANCE = 1e-6


@dataclass(frozen=True)
class WindowPlan:
    """What solving all windows takes, known before it starts.

    Attributes
    ----------
    solver
        "band", "multigrid" or "direct".
    windows
        Number of targets.
    nodes_per_window
        At most.
    right_hand_sides
        Solutions in all: one per window, two with the flow potential.
    memory_bytes
        At the peak, inputs apart.
    """

    solver: Solver
    windows: int
    nodes_per_window: int
    right_hand_sides: int
    memory_bytes: int


@dataclass(frozen=True)
class WindowCurrents:
    """Current summed over all windows.

    Attributes
    ----------
    current
        Amperes through every cell, (rows, columns).
    flow_potential
        The same with resistance 1 everywhere; None unless asked for.
    plan
        How it was solved.
    without_current
        Targets that nothing flows to: no source in reach, or no data at the target.
    worst_residual
        The largest |inflow - outflow| of a window, relative to its |inflow|.
    """

    current: Floats
    flow_potential: Floats | None
    plan: WindowPlan
    without_current: int
    worst_residual: float


def window_problem(  # noqa: PLR0913 - the options of the method
    conductance: Floats,
    strength: Floats,
    *,
    radius: float,
    block: int = 1,
    buffer: float = 0.0,
    neighbours: int = 8,
    average: Average = "resistance",
    series_resistance: Floats | None = None,
    conditions: Sequence[Condition] = (),
    flow_potential: bool = True,
    correct_artifacts: bool = True,
    published: bool = False,
    published_residual: bool = False,
    solver: Solver | None = None,
    tolerance: float = TOLERANCE,
) -> Problem:
    """Return all that moving windows over a map depend on.

    Parameters
    ----------
    conductance
        Of every cell, (rows, columns); 0 or NaN where there is no node.
    strength
        Source strength of every cell, >= 0; NaN = 0.
    radius
        Cells from a target to its furthest sources, straight on, > 0.
    block
        Side of the blocks of cells that share a target, in cells, odd.
    buffer
        Cells beyond the radius through which current may flow.
    neighbours
        4 or 8.
    average
        Of what a step takes the mean of its two cells, "resistance" or "conductance".
    series_resistance
        What barriers add to each step, (4, rows, columns); see `step_conductances`.
    conditions
        What sources must share with their target.
    flow_potential
        Solve every window with resistance 1 too.
    correct_artifacts
        Multiply currents by what blocks larger than a cell distort on an even map.
    published
        Take the flow potential over whole squares, no data included, and place blocks and corrections at the
        sides of the map, as Omniscape does; else windows are circles and no data stays no data.
    published_residual
        Leave in the correction the residual that Omniscape's own solver leaves.
    solver
        "band", "multigrid" or "direct"; by the radius alone if None.
    tolerance
        Relative residual at which multigrid stops.

    Raises
    ------
    ConfigError
        C103 an option out of range.
    InputError
        I201 shapes differ; I211 a conductance or a strength is negative or infinite; I223 no source; I291 the
        radius is larger than the map.
    """
    conductance, strength = np.asarray(conductance, np.float64), np.asarray(strength, np.float64)
    strength = np.where(np.isnan(strength), 0.0, strength)
    check_options(conductance, strength, radius=radius, block=block, buffer=buffer, conditions=conditions)
    edges = step_conductances(
        conductance, neighbours=neighbours, average=average, series_resistance=series_resistance
    )
    passable = np.nan_to_num(conductance) > 0
    targets = targets_of(strength, block)
    window = window_of(radius=radius, buffer=buffer, block=block, square=published, published=published)
    chosen = solver_for(window.half, solver)
    if correct_artifacts and block > 1:
        correction = block_correction(
            window, neighbours=neighbours, solver=chosen, as_published=published_residual
        )
        window = window._replace(correction=correction)
    targets, present = compared(targets, conditions, shape=strength.shape, block_half=window.block_half)
    whole = neighbours == 8 and (series_resistance is None or bool(np.isfinite(series_resistance).all()))
    landscape = Landscape(edges, passable.astype(np.uint8), strength, present, neighbours == 8, whole)
    window = scaled(window, targets, block)
    return Problem(landscape, window, targets, 2 if flow_potential else 1, chosen, tolerance)


def plan_of(problem: Problem, seats: int = 1) -> WindowPlan:
    """Return what solving a problem takes when `seats` windows are solved at once."""
    windows = len(problem.targets.rows)
    sums = 8 * problem.surfaces * problem.landscape.passable.size
    nodes = int(problem.window.circle.sum())
    each = space_bytes(problem.solver, problem.window.half)
    memory = 2 * sums + seats * (each + sums // max(len(shares_of(problem)), 1))
    return WindowPlan(problem.solver, windows, nodes, windows * problem.surfaces, memory)


def window_currents(
    problem: Problem,
    *,
    workers: int | Workers = 1,
    checkpoint: Checkpoint | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> WindowCurrents:
    """Return the current through every cell, summed over the windows of all targets.

    Parameters
    ----------
    problem
        From `window_problem`.
    workers
        Number of threads, or the workers of `corridors.cluster.connect`; the result has the same bytes.
    checkpoint
        Where sums are kept now and then; the same call again goes on from there, with the same result.
    progress
        Told the step and the fraction done.

    Raises
    ------
    RunError
        N601 the checkpoint belongs to another computation; N602 workers were lost again and again.
    SolveError
        S501 voltages of a window are wrong.

    Notes
    -----
    B. McRae et al. (2016), Conserving nature's stage; V. A. Landau et al. (2021), Omniscape.jl, JOSS 6(57).

    Examples
    --------
    >>> even = np.ones((7, 7))
    >>> found = window_currents(window_problem(even, even, radius=2))
    >>> round(float(found.current[3, 3]), 6), bool((found.current == found.flow_potential).all())
    (2.439891, True)
    """
    found = solve_all(problem, workers=workers, checkpoint=checkpoint, progress=progress)
    amperes = found.totals / problem.window.scale
    return WindowCurrents(
        amperes[0],
        amperes[1] if problem.surfaces > 1 else None,
        plan_of(problem, max(workers, 1) if isinstance(workers, int) else workers.size),
        int((found.states[:, 0] == NOTHING_FLOWS).sum()),
        float(found.residuals.max(initial=0.0)),
    )


def problem_fingerprint(problem: Problem) -> Mapping[str, str]:
    """Return names of all a problem holds, and their values or hashes as text, for a `Checkpoint`."""
    from corridors.io import fingerprint_of, versions  # noqa: PLC0415 - needs GDAL

    parts: dict[str, Any] = {
        **problem.landscape._asdict(),
        **problem.window._asdict(),
        **problem.targets._asdict(),
        **problem._asdict(),
    }
    told = {
        name: fingerprint_of(value) if isinstance(value, np.ndarray) else str(value)
        for name, value in parts.items()
        if not isinstance(value, tuple)
    }
    return {**told, "version": versions()["corridors"]}
