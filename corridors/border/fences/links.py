"""Links, and core areas as connections, under each state of a fence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import ndimage

from corridors.circuit import corridor_currents
from corridors.circuit.flows import DISCONNECTED
from corridors.cores.outlines import label_polygons
from corridors.cost import least_cost_path
from corridors.grid import geodesic_length_km

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridors.border.fences.land import Land
    from corridors.border.fences.scenarios import Scenario

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

LINK, CORE = "link", "core"
CHANGES = ("cost_distance_m", "path_length_km", "effective_resistance")


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is gathered over the states: the land within the corridor of each link that the fence crosses.

    `hearts` are the cells deepest inside the two largest parts of every core area the fence cuts.
    """

    slack_m: dict[int, float]
    corridor: dict[int, Bools]
    hearts: dict[int, tuple[int, int]]


def prepared(land: Land, slack_m: float | Mapping[int, float]) -> Prepared:
    """Return what is gathered over the states, before the first."""
    slack = {i: float(slack_m[i] if isinstance(slack_m, Mapping) else slack_m) for i in land.crossed}
    corridor = {i: np.zeros(land.grid.shape, dtype=bool) for i in land.crossed}
    return Prepared(slack, corridor, {core: _hearts(land, core) for core in land.cut})


def _hearts(land: Land, core: int) -> tuple[int, int]:
    """Return the cells furthest inside the two largest parts of a core area; the raster's edge is one."""
    rows, columns = np.nonzero(land.labels.to_numpy() == core)
    window = slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1)
    inside = np.pad(land.labels.to_numpy()[window] == core, 1)
    depth = ndimage.distance_transform_edt(inside)[1:-1, 1:-1]
    whole = np.zeros(land.grid.shape)
    whole[window] = depth
    parts = np.flatnonzero(land.parts.core == core)[:2] + 1  # the largest first
    first, second = (land.parts.cells(int(part)) for part in parts)
    return int(first[np.argmax(whole.ravel()[first])]), int(second[np.argmax(whole.ravel()[second])])


def link_rows(land: Land, links: gpd.GeoDataFrame, kept: Prepared, state: Scenario) -> pd.DataFrame:
    """Return cost and path of every link under a state of the fence."""
    ends = links.loc[list(land.crossed), ["core_a", "core_b"]].to_numpy()
    cores = np.where(land.parts.labels > 0, land.labels.to_numpy(), 0)
    labels = np.where(np.isin(cores, ends), cores, 0)
    surfaces = land.surfaces(labels.astype(np.int64), state.edges)
    table = pd.DataFrame(links[["core_a", "core_b", "cost_distance_m", "path_length_km"]])
    table = table.assign(scenario=state.name, kind=LINK, link_id=table.index)
    for link_id in land.crossed:
        core_a, core_b = int(links.at[link_id, "core_a"]), int(links.at[link_id, "core_b"])
        from_a, from_b = surfaces[core_a], surfaces[core_b]
        cells = np.flatnonzero(labels == core_b)
        at = int(cells[np.argmin(from_a.ravel()[cells])])
        cost_m = float(from_a.ravel()[at])
        table.loc[link_id, ["cost_distance_m", "path_length_km"]] = cost_m, math.nan
        if math.isfinite(cost_m):
            table.loc[link_id, "path_length_km"] = _path_km(land, from_a, at, state)
            kept.corridor[link_id][from_a + from_b <= cost_m * (1 + 1e-9) + kept.slack_m[link_id]] = True
    return table.reset_index(drop=True)


def core_rows(land: Land, kept: Prepared, state: Scenario) -> pd.DataFrame:
    """Return the cost between the hearts of the two largest parts of every core area the fence cuts."""
    labels = np.zeros(land.grid.shape, dtype=np.int64)
    for core, (first, _) in kept.hearts.items():
        labels.ravel()[first] = core
    found = land.surfaces(labels, state.edges)
    rows = []
    for core, (_, second) in kept.hearts.items():
        cost_m = float(found[core].ravel()[second])
        length_km = _path_km(land, found[core], second, state) if math.isfinite(cost_m) else math.nan
        rows.append((state.name, CORE, core, core, cost_m, length_km))
    names = ["scenario", "kind", "core_a", "core_b", "cost_distance_m", "path_length_km"]
    return pd.DataFrame(rows, columns=names)


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one below the other, costs as numbers even where there is no row."""
    filled = [table for table in tables if len(table)]
    whole = pd.concat(filled, ignore_index=True) if filled else tables[0]
    if "link_id" not in whole:
        whole = whole.assign(link_id=pd.Series(pd.NA, whole.index, dtype="Int64"))
    return whole.astype({"cost_distance_m": "float64", "path_length_km": "float64", "link_id": "Int64"})


def _path_km(land: Land, surface: Floats, at: int, state: Scenario) -> float:
    """Return the geodesic length of the least-cost path to a cell."""
    raster = land.grid.like(surface, name="cost_distance")
    cell = divmod(at, land.grid.shape[1])
    rows, columns = least_cost_path(raster, land.res, cell, barriers=state.edges)
    if len(rows) < 2:
        return 0.0
    left, _, _, top = land.grid.bounds
    size = land.grid.cell_size_m
    line = shapely.LineString(np.column_stack([left + (columns + 0.5) * size, top - (rows + 0.5) * size]))
    return geodesic_length_km(line, land.grid.crs)


def with_resistances(
    land: Land, links: gpd.GeoDataFrame, kept: Prepared, states: Sequence[Scenario], table: pd.DataFrame
) -> pd.DataFrame:
    """Return the rows of all states with effective resistance, what is cut, and changes against no fence."""
    table = table.assign(effective_resistance=np.nan)
    corridors = _corridors(land, links, kept)
    for state in states if len(corridors) else ():
        found = corridor_currents(corridors, land.labels, land.res, barriers=state.edges).links
        # A link with no way at all: endless, and no number that did not come out.
        found.loc[found["status"] == DISCONNECTED, "resistance"] = math.inf
        ours = (table["scenario"] == state.name) & table["link_id"].isin(corridors.index)
        of_rows = found["resistance"].reindex(table.loc[ours, "link_id"])
        table.loc[ours, "effective_resistance"] = of_rows.to_numpy()
    first = table[table["scenario"] == states[0].name].reset_index(drop=True)
    before = pd.concat([first] * len(states), ignore_index=True)
    change = {name: table[name] - before[name] for name in CHANGES}
    percent = {name: 100 * change[name] / before[name].where(before[name] > 0) for name in CHANGES}
    return table.assign(
        cut=np.isinf(table["cost_distance_m"]),
        change_m=change["cost_distance_m"],
        change_percent=percent["cost_distance_m"],
        detour_km=change["path_length_km"],
        resistance_change_percent=percent["effective_resistance"],
    )


def _corridors(land: Land, links: gpd.GeoDataFrame, kept: Prepared) -> gpd.GeoDataFrame:
    """Return the land within the corridor of each link the fence crosses, under any of the states."""
    ends = links.loc[list(kept.corridor), ["core_a", "core_b"]]
    shapes = []
    for link_id, mask in kept.corridor.items():
        beside = mask & ~np.isin(land.labels.to_numpy(), ends.loc[link_id].to_numpy())
        # Two cores that touch have no land between them: a cell of one stands for it.
        found = label_polygons((beside if beside.any() else mask).astype(np.int32), land.grid)
        shapes.append(found[1])
    return gpd.GeoDataFrame(ends, geometry=shapes, crs=land.grid.crs)
