"""Omnidirectional current on a resistance map: circular windows in kilometres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from corridors.barriers import edges_on
from corridors.circuit.steps import Average, barrier_resistance
from corridors.circuit.windows.conditions import Condition
from corridors.circuit.windows.currents import (
    TOLERANCE,
    WindowPlan,
    problem_fingerprint,
    window_currents,
    window_problem,
)
from corridors.cost.sources import checked_resistance
from corridors.errors import ConfigError, raise_all
from corridors.grid import Grid, same_grid
from corridors.io import Checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.circuit.windows.solving import Problem, Solver
    from corridors.cost.crew import Workers


@dataclass(frozen=True, eq=False)
class OmnidirectionalCurrent:
    """Current from everywhere to everywhere within a radius.

    Attributes
    ----------
    current
        Amperes through every cell, summed over all windows; NaN where there is no data.
    flow_potential
        The same were resistance 1 everywhere; None unless asked for.
    normalised
        `current` over `flow_potential`: above 1 flow is channelled, below 1 impeded; NaN where no window
        reaches.
    plan
        Solver, windows, nodes and memory.
    windows_without_current
        Targets that nothing flows to: no data at the target, or no source in reach.
    worst_residual
        The largest |inflow - outflow| of a window, relative to its |inflow|.
    """

    current: xr.DataArray
    flow_potential: xr.DataArray | None
    normalised: xr.DataArray | None
    plan: WindowPlan
    windows_without_current: int
    worst_residual: float


def omnidirectional_current(  # noqa: PLR0913 - the options of the method
    res: xr.DataArray,
    *,
    radius_km: float,
    block: int = 1,
    barriers: EdgeCosts | None = None,
    source_strength: xr.DataArray | None = None,
    source_threshold: float = 0.0,
    max_source_resistance: float = np.inf,
    conditions: Sequence[Condition] = (),
    buffer_km: float = 0.0,
    neighbours: int = 8,
    average: Average = "resistance",
    flow_potential: bool = True,
    correct_artifacts: bool = True,
    solver: Solver | None = None,
    tolerance: float = TOLERANCE,
    threads: int = 1,
    workers: Workers | None = None,
    checkpoint_folder: str | Path | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> OmnidirectionalCurrent:
    """Return the current of moving circular windows: omnidirectional connectivity.

    Every block of cells is a target once. All sources within the radius send it current, in proportion to
    their strength and together as much as the strengths in the block add up to.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    radius_km
        From a target to its furthest sources, ground km; at least a cell, at most the longer side of the map.
    block
        Side of the blocks that share a target, in cells, odd: 3 takes a ninth of the time.
    barriers
        Costs of crossing lines, from `edge_costs`: a resistance of `crossing_cost_m / cell_size_m` in series;
        sealed = no edge.
    source_strength
        Raster of source strengths, >= 0; 1 / resistance if None. Cells without resistance are no sources.
    source_threshold
        Weaker sources count as none.
    max_source_resistance
        Cells of higher resistance are no sources.
    conditions
        What sources must share with their target; arrays as large as `res`.
    buffer_km
        How far beyond the radius current may flow, km.
    neighbours
        4 or 8.
    average
        Of what a step takes the mean of its two cells, "resistance" or "conductance".
    flow_potential
        Solve every window with resistance 1 too: twice the time.
    correct_artifacts
        Correct currents for what blocks larger than a cell distort on an even map.
    solver
        "band", "multigrid" or "direct"; by the radius alone if None.
    tolerance
        Relative residual at which multigrid stops.
    threads, workers
        Threads, or the workers of `corridors.cluster.connect`; the result has the same bytes.
    checkpoint_folder
        Where sums are kept now and then: after an interruption the same call goes on from there, with the
        same bytes in the end. Emptied when done.
    progress
        Told the step and the fraction done.

    Returns
    -------
    OmnidirectionalCurrent

    Raises
    ------
    ConfigError
        C103 an option out of range.
    InputError
        I201, I202 grids differ; I211, I212 resistance or strength not positive or not finite; I223 no source;
        I291 the radius is larger than the map.
    RunError
        N601 the folder holds another computation; N602 workers were lost again and again.
    SolveError
        S501 voltages of a window are wrong.

    Notes
    -----
    B. McRae et al. (2016), Conserving nature's stage; V. A. Landau et al. (2021), Omniscape.jl, JOSS 6(57).
    Unlike Omniscape's, flow potential is taken over the same cells as the current: same circle, same no data,
    no barriers. So on a map of one resistance without barriers, with no data or without, `normalised` is
    exactly 1 in every cell a window reaches.

    Blocks are counted from the first row and column; what is left over at the last is no target.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (7, 7))
    >>> found = omnidirectional_current(grid.like(np.ones((7, 7)), name="resistance"), radius_km=1.0)
    >>> round(float(found.current[3, 3]), 6), float(found.normalised.min()), float(found.normalised.max())
    (2.439891, 1.0, 1.0)
    """
    grid, resistance = checked_resistance(res)
    if barriers is not None:
        edges_on(barriers, grid)
    strength = _strength(res, resistance, source_strength, source_threshold, max_source_resistance)
    problem = window_problem(
        1 / resistance,
        strength,
        radius=radius_km * 1000 / grid.cell_size_m,
        buffer=buffer_km * 1000 / grid.cell_size_m,
        block=block,
        neighbours=neighbours,
        average=average,
        series_resistance=None if barriers is None else barrier_resistance(barriers),
        conditions=conditions,
        flow_potential=flow_potential,
        correct_artifacts=correct_artifacts,
        solver=solver,
        tolerance=tolerance,
    )
    return _solved(grid, problem, workers or threads, checkpoint_folder, progress)


def _solved(
    grid: Grid,
    problem: Problem,
    workers: int | Workers,
    checkpoint_folder: str | Path | None,
    progress: Callable[[str, float], None] | None,
) -> OmnidirectionalCurrent:
    checkpoint = None
    if checkpoint_folder is not None:
        checkpoint = Checkpoint(checkpoint_folder, problem_fingerprint(problem))
    found = window_currents(problem, workers=workers, checkpoint=checkpoint, progress=progress)
    if checkpoint is not None:
        checkpoint.clear()
    data = problem.landscape.passable > 0

    def raster(values: NDArray[np.float64], name: str, units: str) -> xr.DataArray:
        return grid.like(np.where(data, values, np.nan), name=name, units=units)

    potential, normalised = None, None
    if found.flow_potential is not None:
        potential = raster(found.flow_potential, "flow_potential", "A")
        reached = found.flow_potential > 0
        ratio = np.full(grid.shape, np.nan)
        np.divide(found.current, found.flow_potential, out=ratio, where=reached)
        normalised = raster(ratio, "normalised_current", "1")
    current = raster(found.current, "omnidirectional_current", "A")
    return OmnidirectionalCurrent(
        current, potential, normalised, found.plan, found.without_current, found.worst_residual
    )


def _strength(
    res: xr.DataArray,
    resistance: NDArray[np.float64],
    given: xr.DataArray | None,
    threshold: float,
    max_resistance: float,
) -> NDArray[np.float64]:
    """Return source strengths: those given, or one over resistance; 0 where a cell is no source."""
    raise_all(
        ConfigError("out of range", code="C103", where=name, given=f"{value:g}", allowed=allowed)
        for name, value, good, allowed in (
            ("source_threshold", threshold, threshold >= 0, "0 or more"),
            ("max_source_resistance", max_resistance, max_resistance > 0, "above 0"),
        )
        if not good
    )
    if given is None:
        strength = 1 / resistance
    else:
        same_grid(res, given)
        strength = given.values.astype(np.float64)
    none = np.isnan(resistance) | np.isnan(strength) | (resistance > max_resistance) | (strength < threshold)
    return np.where(none & ~(strength < 0), 0.0, strength)
