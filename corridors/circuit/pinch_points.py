"""Pinch points: current between two core areas, confined to the corridor between them.

Where a corridor leaves one way only, all the current goes there; where it is wide, it spreads. The method of
Linkage Mapper's Pinchpoint Mapper (McRae & Kavanagh 2011): eight neighbours, mean resistance, one circuit per
link, the largest current of any link on the map.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from rasterio.features import rasterize
from scipy import ndimage

from corridors.barriers import edges_on
from corridors.circuit.all_pairs import as_map
from corridors.circuit.flows import DISCONNECTED, SOLVED, node_currents
from corridors.circuit.landscape import landscape_circuit
from corridors.circuit.pairwise import pairwise
from corridors.circuit.solvers import TOLERANCE
from corridors.cost import label_array
from corridors.cost.sources import SQUARE, checked_resistance
from corridors.errors import InputError
from corridors.grid import same_grid

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid

    Window = tuple[slice, slice]
    Floats = NDArray[np.float64]


class LinkCurrent(NamedTuple):
    """A row of the table."""

    resistance: float
    largest_current: float
    status: str
    residual: float
    solver: str


@dataclass(frozen=True, eq=False)
class CorridorCurrents:
    """Current inside corridors.

    Parameters
    ----------
    current
        Largest current of any link through every cell, in A of 1 A between its core areas; NaN outside the
        corridors and in each link's own core areas.
    links
        By `link_id`: effective `resistance` within the corridor, `largest_current` outside the core areas
        (1 where everything must pass one cell), `status`, `residual` and `solver`. Where a corridor leads
        only through a third core area, that is part of it.
    """

    current: xr.DataArray
    links: pd.DataFrame


def corridor_currents(
    corridors: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    barriers: EdgeCosts | None = None,
    solver: str | None = None,
    tolerance: float = TOLERANCE,
) -> CorridorCurrents:
    """Return the current within each corridor between the two core areas it joins.

    Parameters
    ----------
    corridors
        Polygons in the grid's CRS, indexed by `link_id`, with `core_a` and `core_b`.
    labels
        `core_id` of every cell, 0 none.
    res
        Resistance, > 0; NaN lets nothing through.
    barriers
        Costs of crossing lines, from `edge_costs`.
    solver, tolerance
        As for `pairwise_current`; the solver is chosen by the size of each corridor.

    Raises
    ------
    InputError
        I201, I202 grids or CRS differ; I211, I212, I217 resistance; I222 a core area lies on no data; I221 a
        core area that no cell has.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from affine import Affine
    >>> from shapely import box
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (2, 4))
    >>> res = grid.like(np.ones((2, 4)), name="resistance")
    >>> cores = grid.like(np.array([[1, 0, 0, 2], [1, 0, 0, 2]]), name="cores")
    >>> ends = {"core_a": [1], "core_b": [2]}
    >>> strip = gpd.GeoDataFrame(ends, geometry=[box(500_000, 4_799_500, 502_000, 4_800_000)], crs=grid.crs)
    >>> corridor_currents(strip, cores, res).links["largest_current"].round(6).tolist()
    [1.0]
    """
    same_grid(res, labels)
    grid, resistance = checked_resistance(res)
    cores = label_array(labels)
    if corridors.crs != grid.crs:
        what = "corridors and resistance differ in CRS"
        raise InputError(what, code="I202", where="corridors", allowed=grid.crs.name)
    if barriers is not None:
        edges_on(barriers, grid)
    most, rows = np.full(grid.shape, np.nan), []
    for polygon, core_a, core_b in zip(
        corridors.geometry, corridors["core_a"], corridors["core_b"], strict=True
    ):
        ends = int(core_a), int(core_b)
        for through in (False, True):
            window, inside = _within(polygon, cores, ends, grid, through=through)
            part = np.where(inside, resistance[window], np.nan)
            held = np.where(inside, cores[window], 0)
            row, current = _current(part, held, ends, _cut(barriers, window), solver, tolerance)
            if row.status != DISCONNECTED:
                break
        rows.append(row)
        most[window] = np.fmax(most[window], current)
    table = pd.DataFrame(rows, columns=list(LinkCurrent._fields), index=corridors.index)
    return CorridorCurrents(grid.like(most, name="corridor_current", units="A"), table)


def _within(
    polygon: BaseGeometry, cores: NDArray[np.int64], ends: tuple[int, int], grid: Grid, *, through: bool
) -> tuple[Window, NDArray[np.bool_]]:
    """Return the window of a corridor and the rims of its core areas, and which of its cells are theirs.

    Polygons leave the cells of all core areas out; with `through`, third ones that touch it belong to it.
    """
    inside = rasterize([polygon], out_shape=grid.shape, transform=grid.transform).astype(bool)
    if through:
        beside = cores[ndimage.binary_dilation(inside, SQUARE)]
        inside |= np.isin(cores, beside[beside > 0])
    corridor = inside & ~np.isin(cores, ends)
    for end, other in (ends, ends[::-1]):
        core = cores == end
        if not core.any():
            raise InputError("there is no such core area", code="I221", where="labels", given=f"core {end}")
        inside |= _rim(core, corridor | (cores == other))
    inside = corridor | (inside & np.isin(cores, ends))
    rows, columns = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return window, inside[window]


def _rim(core: NDArray[np.bool_], around: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the cells of a core area that touch what lies around it; any one where none does.

    A core area is one node, so the rest of it carries nothing and takes the time of a raster.
    """
    rim: NDArray[np.bool_] = core & ndimage.binary_dilation(around, SQUARE)
    if not rim.any():
        rim.ravel()[np.flatnonzero(core)[0]] = True
    return rim


def _cut(barriers: EdgeCosts | None, window: Window) -> EdgeCosts | None:
    """Return the barriers that start in a window, on a grid of its own."""
    if barriers is None:
        return None
    top, left = window[0].start, window[1].start
    shape = window[0].stop - top, window[1].stop - left
    row, column = barriers.rows - top, barriers.columns - left
    on = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    grid = replace(barriers.grid, shape=shape)
    return replace(
        barriers,
        grid=grid,
        rows=row[on],
        columns=column[on],
        direction=barriers.direction[on],
        cost_m=barriers.cost_m[on],
    )


def _current(
    resistance: Floats,
    cores: NDArray[np.int64],
    ends: tuple[int, int],
    barriers: EdgeCosts | None,
    solver: str | None,
    tolerance: float,
) -> tuple[LinkCurrent, Floats]:
    """Return the row of one link, and its current; NaN outside the corridor and in its core areas."""
    circuit = landscape_circuit(resistance, barriers)
    focal = {end: np.flatnonzero(cores.ravel() == end) for end in ends}
    (flow,) = pairwise(circuit, focal, solver=solver, tolerance=tolerance)
    if flow.status != SOLVED:
        nothing = LinkCurrent(flow.resistance, np.nan, flow.status, flow.residual, "")
        return nothing, np.full(resistance.shape, np.nan)
    current = as_map(flow.circuit, node_currents(flow.circuit, flow.voltage))
    current[np.isnan(resistance) | np.isin(cores, ends)] = np.nan
    largest = float(np.nanmax(current)) if np.isfinite(current).any() else np.nan
    return LinkCurrent(flow.resistance, largest, flow.status, flow.residual, flow.solver), current
