"""Barriers of a species: lines of the workflow as costs on the edges between cells, and where they are open.

A line enters movement once: as an edge where the layer holds lines, burnt as a class of cells where it is
no more than a raster of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.barriers import idle_openings, openings_of
from corridors.grid import GEOD, WGS84, Grid
from corridors.restoration import BarrierLines
from corridors.restoration.reliefs import costs_of_lines

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.config import Barrier, Species

    Context = Mapping[str, gpd.GeoDataFrame]
    Notes = list[tuple[str, str]]


@dataclass(frozen=True)
class CaseBarriers:
    """What a species crosses.

    `edges` is None where no barrier is an edge; `lines` and `openings` are the layers `barriers` and
    `openings` of the schema, `layers` what the edges were made from; what is to be said stands in
    `lines.attrs["notes"]`.
    """

    edges: EdgeCosts | None
    lines: gpd.GeoDataFrame
    openings: gpd.GeoDataFrame
    layers: Mapping[str, BarrierLines]


def barriers_of(layers: xr.Dataset, species: Species, *, context: Context) -> CaseBarriers:
    """Return the barriers of a species on the grid of the layers.

    Parameters
    ----------
    layers
        Predictors on one grid; a barrier that is only there is burnt by `resistance_of`.
    species
        Whose barriers.
    context
        Vectors in the grid's CRS: lines with `class` and `structure`, openings.

    Raises
    ------
    InputError
        As `edge_costs`.
    """
    grid = Grid.of(layers)
    notes: Notes = []
    layers_of: dict[str, BarrierLines] = {}
    lines, openings = [no_lines(grid)], [no_openings(grid)]
    for name, barrier in species.movement.barriers.items():
        if name not in context:
            continue
        crossed = crossed_lines(context[name], barrier)
        opened = openings_in(crossed, barrier, context)
        idle = pd.Index(idle_openings(crossed, grid, openings=opened))
        layers_of[name] = BarrierLines(
            crossed, barrier.crossing_cost_m, merge_within_m=barrier.merge_within_m, openings=opened
        )
        lines.append(drawn_lines(name, crossed, barrier))
        openings.append(drawn_openings(name, opened, idle))
        notes += edge_notes(name, barrier, opened, idle)
    notes += burnt_notes(species, layers, context)
    every = numbered(lines, "barrier_id")
    every.attrs["notes"] = notes
    edges = costs_of_lines(layers_of, grid) if layers_of else None
    return CaseBarriers(edges, every, numbered(openings, "opening_id"), layers_of)


def burnt_barriers(species: Species, layers: xr.Dataset, context: Context) -> tuple[str, ...]:
    """Return the barriers of which there is a raster and no lines."""
    return tuple(name for name in species.movement.barriers if name in layers and name not in context)


def crossed_lines(lines: gpd.GeoDataFrame, barrier: Barrier) -> gpd.GeoDataFrame:
    """Return the lines that are barriers, part by part, those of a class without a cost left out."""
    if isinstance(barrier.crossing_cost_m, Mapping):
        lines = lines[lines["class"].isin(list(barrier.crossing_cost_m))]
    parts = lines.explode(ignore_index=True)
    return parts.assign(**{name: "" for name in ("class", "structure") if name not in parts})


def openings_in(lines: gpd.GeoDataFrame, barrier: Barrier, context: Context) -> gpd.GeoDataFrame:
    """Return where the lines are open: tunnels and bridges long enough, and the layer of openings."""
    none = gpd.GeoDataFrame({"structure": pd.Series(dtype=object)}, geometry=[], crs=lines.crs)
    found = [none] + [
        openings_of(lines, column="structure", values=(value,), min_length_m=least_m).assign(structure=value)
        for value, least_m in barrier.structure_length_m.items()
    ]
    if barrier.openings is not None and barrier.openings in context:
        places = given_openings(context[barrier.openings], lines)
        names = [barrier.openings] * len(places)
        found.append(gpd.GeoDataFrame({"structure": names}, geometry=places, crs=lines.crs))
    return gpd.GeoDataFrame(pd.concat(found, ignore_index=True), geometry="geometry", crs=lines.crs)


def given_openings(openings: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return points and stretches; of a polygon the stretches in it, a point in it where it holds none."""
    places = openings.geometry.explode(ignore_index=True)
    areas = places[places.geom_type == "Polygon"]
    found = [places[places.geom_type != "Polygon"]]
    for area in areas:
        inside = shapely.get_parts(shapely.intersection(lines.geometry[lines.intersects(area)], area))
        inside = inside[shapely.get_dimensions(inside) == 1]
        found.append(
            gpd.GeoSeries(inside if len(inside) else [shapely.point_on_surface(area)], crs=places.crs)
        )
    return gpd.GeoSeries(pd.concat(found, ignore_index=True), crs=places.crs)


def drawn_lines(name: str, lines: gpd.GeoDataFrame, barrier: Barrier) -> gpd.GeoDataFrame:
    """Return lines as the layer `barriers`: 0 to cross at tunnels and bridges that are open."""
    costs = barrier.crossing_cost_m
    cost_m = lines["class"].map(dict(costs)) if isinstance(costs, Mapping) else pd.Series(costs, lines.index)
    least_m = lines["structure"].map(barrier.structure_length_m)
    cost_m = cost_m.astype("float64").mask(lines.length >= least_m, 0.0)
    columns = {"layer": name, "class": lines["class"], "structure": lines["structure"]}
    columns |= {"crossing_cost_m": cost_m, "length_km": lengths_km(lines)}
    return gpd.GeoDataFrame(columns, geometry=lines.geometry, crs=lines.crs)


def drawn_openings(name: str, openings: gpd.GeoDataFrame, idle: pd.Index) -> gpd.GeoDataFrame:
    """Return openings as the layer `openings`: a stretch by the point halfway along it."""
    places = openings.geometry.to_numpy().copy()
    stretch = shapely.get_dimensions(places) == 1
    places[stretch] = shapely.line_interpolate_point(places[stretch], 0.5, normalized=True)
    columns = {"layer": name, "structure": openings["structure"], "length_km": lengths_km(openings)}
    columns |= {"idle": openings.index.isin(idle)}
    return gpd.GeoDataFrame(columns, geometry=places, crs=openings.crs)


def lengths_km(features: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the geodesic length of every line; 0 for points."""
    degrees = features.geometry.to_crs(WGS84)
    lines = degrees.geom_type == "LineString"
    metres = [GEOD.geometry_length(one) if line else 0.0 for one, line in zip(degrees, lines, strict=True)]
    return np.array(metres, dtype=np.float64) / 1000


def no_lines(grid: Grid) -> gpd.GeoDataFrame:
    """Return the layer `barriers` without a row."""
    texts = {name: pd.Series(dtype=object) for name in ("layer", "class", "structure")}
    numbers = {name: pd.Series(dtype="float64") for name in ("crossing_cost_m", "length_km")}
    return gpd.GeoDataFrame({**texts, **numbers}, geometry=gpd.GeoSeries([], crs=grid.crs))


def no_openings(grid: Grid) -> gpd.GeoDataFrame:
    """Return the layer `openings` without a row."""
    columns = {name: pd.Series(dtype=object) for name in ("layer", "structure")}
    columns |= {"length_km": pd.Series(dtype="float64"), "idle": pd.Series(dtype=bool)}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=grid.crs))


def numbered(parts: list[gpd.GeoDataFrame], identifier: str) -> gpd.GeoDataFrame:
    """Return layers joined and numbered from 1; the first is empty and counts where all are."""
    filled = [part for part in parts if len(part)] or parts[:1]
    joined = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), geometry="geometry", crs=parts[0].crs)
    return joined.set_index(pd.RangeIndex(1, len(joined) + 1, name=identifier))


# ---------------------------------------------------------------- what is to be said


def edge_notes(name: str, barrier: Barrier, openings: gpd.GeoDataFrame, idle: pd.Index) -> Notes:
    """Return what a crossing costs, where it is open, and what is sealed or in vain."""
    counts = openings["structure"].value_counts()
    listed = ", ".join(f"{structure} {count}" for structure, count in counts.items())
    text = f"{words(name)}: {cost_words(barrier)} per crossing; "
    notes = [("barriers", text + (f"open at: {listed}." if listed else "no openings."))]
    if any(map(math.isinf, barrier.costs_m)):
        notes.append(("sealed", f"{words(name)}: sealed, passed at its openings only."))
    if len(idle):
        text = f"{words(name)}: {len(idle)} of {len(openings)} openings lie at no such line and open nothing."
        notes.append(("idle_openings", text))
    return notes


def burnt_notes(species: Species, layers: xr.Dataset, context: Context) -> Notes:
    """Return which barriers are burnt for want of lines, and which of those should be sealed."""
    notes: Notes = []
    highest = f"{species.movement.maximum:g}"
    for name in burnt_barriers(species, layers, context):
        text = f"{words(name)}: a raster without lines, so burnt as resistance {highest}"
        notes.append(("barriers", f"{text}; crossing_cost_m is not used."))
        if any(map(math.isinf, species.movement.barriers[name].costs_m)):
            text = f"{words(name)}: sealed in the workflow, yet crossed here at resistance {highest}"
            notes.append(("sealed", f"{text}: links across do not hold."))
    return notes


def words(name: str) -> str:
    """Return the name of a layer as the beginning of a sentence."""
    return name.replace("_", " ").capitalize()


def cost_words(barrier: Barrier) -> str:
    """Return what a crossing costs, in words.

    Examples
    --------
    >>> from corridors.config import Barrier
    >>> cost_words(Barrier(crossing_cost_m={"trunk": 25_000.0, "wall": math.inf}))
    'trunk 25 km of ideal habitat, wall no way'
    """
    costs = barrier.crossing_cost_m
    if isinstance(costs, Mapping):
        return ", ".join(f"{name} {one_cost(cost)}" for name, cost in costs.items())
    return one_cost(costs)


def one_cost(cost_m: float) -> str:
    """Return one cost in words."""
    return "no way" if math.isinf(cost_m) else f"{cost_m / 1000:g} km of ideal habitat"
