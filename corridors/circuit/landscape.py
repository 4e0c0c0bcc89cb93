"""Current and effective resistance in a landscape: rasters and core areas in, rasters and tables out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.barriers import edges_on
from corridors.circuit.all_pairs import all_pairs_current, pair_resistances
from corridors.circuit.flows import SOLVED, current_map, on_cells
from corridors.circuit.focal import focal_from_labels
from corridors.circuit.nodes import grid_circuit
from corridors.circuit.pairwise import pairwise, pairwise_plan
from corridors.circuit.solvers import TOLERANCE, SolverPlan, solver_plan
from corridors.circuit.sources_and_grounds import advanced
from corridors.circuit.steps import barrier_resistance
from corridors.cost import label_array
from corridors.cost.sources import checked_resistance, labelled_sources
from corridors.errors import InputError, SolveError
from corridors.grid import Grid, same_grid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.circuit.nodes import Circuit
    from corridors.circuit.pairwise import PairResult

Pairs: TypeAlias = "Iterable[tuple[Any, Any]]"
COLUMNS = ["core_a", "core_b", "resistance", "status", "residual", "solver"]
LARGEST_CONTRAST = 1e9


@dataclass(frozen=True, eq=False)
class CurrentMaps:
    """Current between pairs of core areas.

    Parameters
    ----------
    resistances
        A row per pair: `core_a` < `core_b`, effective `resistance` in units of one cell of resistance 1,
        `status` ("solved", "same node", "disconnected", "not converged"; NaN unless one of the first two),
        `residual` |b - L x| / |b| and `solver`.
    cumulative
        Sum over the pairs of the current through every cell, in A: 1 A flows between each pair.
    maximum
        Largest current of any pair, or None.
    per_pair
        Current of each pair by its ids; empty unless asked for.
    plan
        What was solved, and how.
    """

    resistances: pd.DataFrame
    cumulative: xr.DataArray
    maximum: xr.DataArray | None
    per_pair: dict[tuple[Any, Any], xr.DataArray]
    plan: SolverPlan


@dataclass(frozen=True, eq=False)
class AdvancedMaps:
    """Voltage and current from sources to grounds.

    Parameters
    ----------
    voltage, current
        In V and A, NaN on no data; 0 where no source and ground are connected.
    residual
        |b - L x| / |b|.
    plan
        What was solved, and how.
    """

    voltage: xr.DataArray
    current: xr.DataArray
    residual: float
    plan: SolverPlan


def pairwise_current(
    res: xr.DataArray,
    labels: xr.DataArray | gpd.GeoDataFrame,
    *,
    barriers: EdgeCosts | None = None,
    neighbours: int = 8,
    pairs: Pairs | None = None,
    maximum: bool = False,
    per_pair: bool = False,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_contrast: bool = False,
) -> CurrentMaps:
    """Return the current between every two core areas: where many ways lead, and where only one does.

    A core area is one node while its pair is active, as a focal region of Circuitscape. A step conducts by
    the mean resistance of its two cells, so a resistance means the same as in cost distance.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    labels
        `core_id` of every cell, 0 none; or points in the grid's CRS, by their index.
    barriers
        Costs of crossing lines, from `edge_costs`: resistances in series with the steps that cross.
    neighbours
        4 or 8.
    pairs
        Ids to pair; all unless given.
    maximum, per_pair
        Return the largest current of any pair, and that of each pair, too.
    solver
        "direct", "multigrid", "pyamg" or "cholmod"; None takes direct up to 200 000 cells, then multigrid.
    tolerance
        Largest residual |b - L x| / |b|.
    accept_contrast
        Solve even where resistances differ by more than a factor of 1e9.

    Raises
    ------
    InputError
        I201, I202 grids differ; I211, I212, I217 resistance; I216, I221, I222, I223, I226 core areas, points
        and pairs.
    ResourceError
        R301 it does not fit in memory.
    SolveError
        S503 the contrast of resistances is too large to be trusted.

    Notes
    -----
    McRae, Dickson, Keitt & Shah (2008), Ecology 89.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 5))
    >>> res = grid.like(np.array([[1.0, 1.0, 7.0, 1.0, 1.0]]), name="resistance")
    >>> cores = grid.like(np.array([[1, 1, 0, 0, 2]]), name="cores")
    >>> maps = pairwise_current(res, cores)
    >>> maps.resistances["resistance"].tolist(), maps.cumulative.values.tolist()
    ([9.0], [[1.0, 1.0, 1.0, 1.0, 1.0]])
    """
    grid, circuit = _landscape(res, barriers, neighbours, accept_contrast)
    focal = _focal(labels, res)
    wanted = None if pairs is None else list(pairs)
    plan = pairwise_plan(circuit, focal, pairs=wanted, solver=solver)
    single: dict[tuple[Any, Any], xr.DataArray] = {}
    if per_pair:
        for flow in pairwise(circuit, focal, pairs=wanted, solver=solver, tolerance=tolerance):
            if flow.status == SOLVED:
                current = current_map(flow.circuit, flow.voltage)
                single[_ordered(flow.first, flow.second)] = _raster(grid, circuit, current, "current", "A")
    found = all_pairs_current(
        circuit, focal, pairs=wanted, maximum=maximum, solver=solver, tolerance=tolerance
    )
    return CurrentMaps(
        _table(found.pairs),
        _raster(grid, circuit, found.cumulative, "cumulative_current", "A"),
        None if found.maximum is None else _raster(grid, circuit, found.maximum, "maximum_current", "A"),
        single,
        plan,
    )


def effective_resistances(
    res: xr.DataArray,
    labels: xr.DataArray | gpd.GeoDataFrame,
    *,
    barriers: EdgeCosts | None = None,
    neighbours: int = 8,
    pairs: Pairs | None = None,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_contrast: bool = False,
) -> pd.DataFrame:
    """Return the effective resistance between core areas, which falls with every further way between them.

    Parameters
    ----------
    res, labels, barriers, neighbours, pairs, solver, tolerance, accept_contrast
        As for `pairwise_current`.

    Returns
    -------
    DataFrame
        As `CurrentMaps.resistances`.

    Raises
    ------
    InputError, ResourceError, SolveError
        As `pairwise_current`.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (2, 3))
    >>> res = grid.like(np.ones((2, 3)), name="resistance")
    >>> cores = grid.like(np.array([[1, 0, 2], [1, 0, 2]]), name="cores")
    >>> effective_resistances(res, cores, neighbours=4)["resistance"].tolist()
    [1.0]
    """
    _, circuit = _landscape(res, barriers, neighbours, accept_contrast)
    focal = _focal(labels, res)
    return _table(pair_resistances(circuit, focal, pairs=pairs, solver=solver, tolerance=tolerance))


def advanced_current(
    res: xr.DataArray,
    sources: xr.DataArray,
    grounds: xr.DataArray,
    *,
    barriers: EdgeCosts | None = None,
    neighbours: int = 8,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
    accept_contrast: bool = False,
) -> AdvancedMaps:
    """Return voltage and current from sources to grounds as they are given.

    Parameters
    ----------
    res, barriers, neighbours, solver, tolerance, accept_contrast
        As for `pairwise_current`.
    sources
        Current into every cell in A, 0 or NaN none.
    grounds
        Conductance of every cell to ground, in units of one cell of resistance 1; inf = tied to it, 0 or NaN
        none.

    Raises
    ------
    InputError
        As `pairwise_current`; I222 sources or grounds on no data.
    ResourceError, SolveError
        As `pairwise_current`.
    """
    same_grid(res, sources, grounds)
    grid, circuit = _landscape(res, barriers, neighbours, accept_contrast)
    for raster in (sources, grounds):
        lost = (np.nan_to_num(raster.values, nan=0.0) != 0) & np.isnan(res.values)
        if lost.any():
            what = f"{int(lost.sum())} cells lie where the resistance is no data"
            given = "first at row {}, column {}".format(*np.argwhere(lost)[0])
            raise InputError(what, code="I222", where=str(raster.name), given=given)
    flow = advanced(circuit, sources.values, grounds.values, solver=solver, tolerance=tolerance)
    current = current_map(circuit, flow.voltage, leak=flow.leak)
    return AdvancedMaps(
        _raster(grid, circuit, on_cells(circuit, flow.voltage), "voltage", "V"),
        _raster(grid, circuit, current, "current", "A"),
        flow.residual,
        solver_plan(circuit.count, 1, solver=solver),
    )


def landscape_circuit(
    resistance: NDArray[np.float64], barriers: EdgeCosts | None, neighbours: int = 8
) -> Circuit:
    """Return the circuit of resistances (NaN no data) with barriers in series."""
    series = None if barriers is None else barrier_resistance(barriers)
    return grid_circuit(1 / resistance, neighbours=neighbours, series_resistance=series)


def _landscape(
    res: xr.DataArray, barriers: EdgeCosts | None, neighbours: int, accept_contrast: bool
) -> tuple[Grid, Circuit]:
    grid, resistance = checked_resistance(res)
    contrast = float(np.nanmax(resistance) / np.nanmin(resistance))
    if contrast > LARGEST_CONTRAST and not accept_contrast:
        what = "resistances differ by too large a factor for a solution to be trusted"
        given, allowed = f"{contrast:.1e}", f"at most {LARGEST_CONTRAST:.0e}"
        remedy = "Make what cannot be crossed no data, or set accept_contrast = True."
        raise SolveError(what, code="S503", where=str(res.name), given=given, allowed=allowed, remedy=remedy)
    if barriers is not None:
        edges_on(barriers, grid)
    return grid, landscape_circuit(resistance, barriers, neighbours)


def _focal(labels: xr.DataArray | gpd.GeoDataFrame, res: xr.DataArray) -> dict[Any, NDArray[np.int64]]:
    """Return the cells of core areas, or of points: those of one cell are one node."""
    if isinstance(labels, xr.DataArray):
        same_grid(res, labels)
        return dict(focal_from_labels(label_array(labels)))
    if labels.index.has_duplicates:
        twice = ", ".join(map(str, labels.index[labels.index.duplicated()].unique()[:20]))
        raise InputError("ids are given twice", code="I226", where="points", given=twice)
    raster, label_of = labelled_sources(labels, res)
    cells = focal_from_labels(raster.values)
    return {name: cells[label] for name, label in label_of.items()}


def _ordered(first: Any, second: Any) -> tuple[Any, Any]:
    return (first, second) if first <= second else (second, first)


def _table(pairs: list[PairResult]) -> pd.DataFrame:
    rows = [(*_ordered(pair.first, pair.second), *pair[2:]) for pair in pairs]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"resistance": "float64", "residual": "float64"})


def _raster(grid: Grid, circuit: Circuit, values: NDArray[np.float64], name: str, units: str) -> xr.DataArray:
    assert circuit.nodes is not None
    return grid.like(np.where(circuit.nodes >= 0, values, np.nan), name=name, units=units)
