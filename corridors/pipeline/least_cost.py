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
from corridors.pipeline.edited import link_edits
from corridors.pipeline.findings import Findings
from corridors.pipeline.former import links_as_before
from corridors.pipeline.progress import Progress, silent

if TYPE_CHECKING:
    from corridors.config import Species
    from corridors.cost import Workers
    from corridors.pipeline.ground import Ground

Surfaces = dict[int, xr.DataArray]


def surfaces_of(ground: Ground, *, progress: Progress = silent, workers: int | Workers = 1) -> Surfaces:
    """Return the accumulated cost from every core."""
    surfaces: Surfaces = {}
    for core_id, surface in cost_surfaces(
        ground.resistance, ground.labels, barriers=ground.edges, workers=workers
    ):
        surfaces[core_id] = surface
        progress("accumulated cost", len(surfaces) / len(ground.cores))
    return surfaces


def links_between(
    ground: Ground,
    surfaces: Surfaces,
    *,
    species: Species,
    layers: xr.Dataset,
    context: Mapping[str, gpd.GeoDataFrame],
) -> Findings:
    """Return links, what each of them meets on its way, and which cores have none."""
    vectors, edits = linked(ground, surfaces, species=species, context=context)
    labels, resistance = ground.labels, ground.resistance
    costs = cost_distance_matrix(resistance, labels, barriers=ground.edges, surfaces=surfaces)
    tables = {
        "link_exposure": exposure(vectors["links"], layers, context),
        "cost_distance_matrix": matrix(costs),
    }
    rasters = {"cost_distance": nearest_cost(surfaces, Grid.of(resistance))}
    return Findings(rasters, vectors, tables | edits)


def linked(
    ground: Ground,
    surfaces: Surfaces,
    *,
    species: Species,
    context: Mapping[str, gpd.GeoDataFrame],
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, pd.DataFrame]]:
    """Return cores, with whether a link reaches them, and links; and the table of those edited by hand."""
    costs: dict[str, Any] = {"barriers": ground.edges, "surfaces": surfaces}
    links = find_links(ground.cores, ground.labels, ground.resistance, **costs, **species.links.options)
    links, edits = link_edits(links_as_before(links, species, context), ground, species, costs)
    cores = ground.cores.assign(disconnected=ground.cores.index.isin(disconnected(ground.cores, links)))
    return {"cores": cores, "links": links}, edits


def corridors_of(
    links: gpd.GeoDataFrame, ground: Ground, surfaces: Surfaces, *, species: Species
) -> Findings:
    """Return the corridors of links, as maps and as polygons with their narrowest places."""
    labels, resistance = ground.labels, ground.resistance
    costs: dict[str, Any] = {"barriers": ground.edges, "surfaces": surfaces}
    rasters = {
        "corridor": least_cost_corridors(links, labels, resistance, **costs),
        "corridor_quality": least_cost_corridors(links, labels, resistance, mode="quality", **costs),
    }
    return Findings(rasters, {"corridors": outlined(links, ground, surfaces, species=species)})


def outlined(
    links: gpd.GeoDataFrame, ground: Ground, surfaces: Surfaces, *, species: Species
) -> gpd.GeoDataFrame:
    """Return corridors as polygons, with their narrowest places."""
    rule, labels = species.corridors, ground.labels
    polygons = corridor_polygons(
        links,
        labels,
        ground.resistance,
        rule=rule.rule,
        value=rule.value,
        barriers=ground.edges,
        surfaces=surfaces,
    )
    return polygons.assign(**corridor_bottlenecks(polygons, labels))


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
