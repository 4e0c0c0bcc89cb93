"""Links and corridors of least cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from corridors.cores import disconnected
from corridors.corridor import corridor_bottlenecks, corridor_polygons, least_cost_corridors
from corridors.cost import cost_distance_matrix, cost_surfaces, nearest_cost
from corridors.grid import Grid
from corridors.links import find_links, link_exposure
from corridors.pipeline.findings import Findings

if TYPE_CHECKING:
    from corridors.config import Species
    from corridors.cost import Workers
    from corridors.pipeline.ground import Ground
    from corridors.pipeline.progress import Progress

Surfaces = dict[int, xr.DataArray]


def surfaces_of(ground: Ground, *, progress: Progress, workers: int | Workers = 1) -> Surfaces:
    """Return the accumulated cost from every core."""
    surfaces: Surfaces = {}
    for core_id, surface in cost_surfaces(
        ground.resistance, ground.labels, barriers=ground.edges, workers=workers
    ):
        surfaces[core_id] = surface
        progress("accumulated cost", len(surfaces) / len(ground.cores))
    return surfaces


def least_cost(
    ground: Ground,
    species: Species,
    surfaces: Surfaces,
    *,
    layers: xr.Dataset,
    context: Mapping[str, gpd.GeoDataFrame],
) -> Findings:
    """Return links, corridors, and what each link meets on its way."""
    labels, resistance = ground.labels, ground.resistance
    costs: dict[str, Any] = {"barriers": ground.edges, "surfaces": surfaces}
    ways = links_and_corridors(ground, species, surfaces)
    links = ways["links"]
    rasters = {
        "cost_distance": nearest_cost(surfaces, Grid.of(resistance)),
        "corridor": least_cost_corridors(links, labels, resistance, **costs),
        "corridor_quality": least_cost_corridors(links, labels, resistance, mode="quality", **costs),
    }
    tables = {
        "link_exposure": exposure(links, layers, context),
        "cost_distance_matrix": matrix(cost_distance_matrix(resistance, labels, **costs)),
    }
    return Findings(rasters, ways, tables)


def links_and_corridors(ground: Ground, species: Species, surfaces: Surfaces) -> dict[str, gpd.GeoDataFrame]:
    """Return links, the corridors along them, and the cores with whether a link reaches them."""
    labels, resistance, rule = ground.labels, ground.resistance, species.corridors
    costs: dict[str, Any] = {"barriers": ground.edges, "surfaces": surfaces}
    links = find_links(ground.cores, labels, resistance, **costs, **species.links.model_dump())
    cores = ground.cores.assign(disconnected=ground.cores.index.isin(disconnected(ground.cores, links)))
    polygons = corridor_polygons(links, labels, resistance, rule=rule.rule, value=rule.value, **costs)
    polygons = polygons.assign(**corridor_bottlenecks(polygons, labels))
    return {"cores": cores, "links": links, "corridors": polygons}


def exposure(
    links: gpd.GeoDataFrame, layers: xr.Dataset, context: Mapping[str, gpd.GeoDataFrame]
) -> pd.DataFrame:
    """Return what each link meets, of the layers there are."""
    found = link_exposure(
        links,
        roads=context.get("roads"),
        settlements=context.get("settlements"),
        protected_areas=context.get("protected_areas"),
        mortality=layers.get("mortality"),
    )
    return found.rename_axis("link_id").reset_index()


def matrix(costs: pd.DataFrame) -> pd.DataFrame:
    """Return the cost distances as they are written: the core of a row first, then a column for each."""
    return costs.rename(columns=str).reset_index()
