"""One case from layers to corridors: the method of the toolkit, read from top to bottom.

suitability → core areas → resistance → accumulated cost → links → corridors → border → network
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.border import (
    border_crossings,
    border_inside,
    border_lines,
    core_border_columns,
    core_borders,
    cores_by_country,
    link_borders,
    link_shares,
)
from corridors.cores import disconnected, habitat_mean, named_after, threshold_check
from corridors.corridor import corridor_bottlenecks, corridor_polygons, least_cost_corridors
from corridors.cost import cost_distance_matrix, cost_surfaces
from corridors.grid import Grid
from corridors.links import find_links, link_exposure
from corridors.network import connectivity_indices, to_graph
from corridors.pipeline.habitat import analysed_cells, core_options, cores_of, habitat_of, resistance_of
from corridors.pipeline.progress import Progress, silent
from corridors.result import CaseResult
from corridors.schema import CROSSING_COLUMNS, VECTORS

if TYPE_CHECKING:
    from corridors.config import Species
    from corridors.layers import LayerSpec

Context = Mapping[str, gpd.GeoDataFrame]


def analyse_case(
    layers: xr.Dataset,
    species: Species,
    *,
    title: str,
    specs: Mapping[str, LayerSpec],
    context: Context,
    progress: Progress = silent,
) -> CaseResult:
    """Return suitability, cores, resistance, links, corridors, crossings and indices of one species."""
    area = analysed_cells(layers)

    progress("suitability and core areas", 0.0)
    habitat = habitat_of(layers, species, specs=specs)
    cores, labels = cores_of(habitat, species, context=context, area=area)
    if "protected_areas" in context:
        cores["name"] = named_after(cores, context["protected_areas"])

    progress("resistance and accumulated cost", 0.15)
    resistance = resistance_of(layers, species, specs=specs)
    surfaces = {}
    for core_id, surface in cost_surfaces(resistance, labels):
        surfaces[core_id] = surface
        progress("accumulated cost", 0.15 + 0.5 * len(surfaces) / len(cores))

    progress("links and corridors", 0.65)
    links = find_links(cores, labels, resistance, surfaces=surfaces, **species.links.model_dump())
    cores["disconnected"] = cores.index.isin(disconnected(cores, links))
    corridor = least_cost_corridors(links, labels, resistance, surfaces=surfaces)
    quality = least_cost_corridors(links, labels, resistance, mode="quality", surfaces=surfaces)
    polygons = corridor_polygons(
        links,
        labels,
        resistance,
        surfaces=surfaces,
        rule=species.corridors.rule,
        value=species.corridors.value,
    )
    polygons = polygons.assign(**corridor_bottlenecks(polygons, labels))

    progress("border and network", 0.9)
    tables: dict[str, pd.DataFrame] = {}
    vectors = {"cores": cores, "links": links, "corridors": polygons, "crossings": no_crossings(cores)}
    if "countries" in context:
        vectors, tables = across_borders(vectors, labels, resistance, context["countries"])
    tables["link_exposure"] = exposure(links, layers, context)
    tables["cost_distance_matrix"] = matrix(cost_distance_matrix(resistance, labels, surfaces=surfaces))
    tables["connectivity"] = connectivity(cores, links, species, landscape_km2(resistance))
    if species.cores.source == "suitability":
        tables["threshold_check"] = thresholds(habitat.suitability, core_options(species, habitat), area)
    rasters = {
        "suitability": habitat.suitability,
        "habitat_mean": habitat_mean(habitat.suitability, species.cores.window_radius_km),
        "resistance": resistance,
        "cores": labels,
        "cost_distance": nearest(surfaces, resistance),
        "corridor": corridor,
        "corridor_quality": quality,
    }
    vectors = {name: in_order(VECTORS[name].columns, layer) for name, layer in vectors.items()}
    tables |= {name: without_geometry(vectors[name]) for name in ("cores", "links", "crossings")}
    return CaseResult(title, xr.Dataset(rasters), vectors, tables)


def across_borders(
    vectors: dict[str, gpd.GeoDataFrame],
    labels: xr.DataArray,
    resistance: xr.DataArray,
    countries: gpd.GeoDataFrame,
) -> tuple[dict[str, gpd.GeoDataFrame], dict[str, pd.DataFrame]]:
    """Return the vectors with their countries and borders, and the tables of shares per country."""
    cores, links, polygons = vectors["cores"], vectors["links"], vectors["corridors"]
    borders = border_lines(countries)
    straddled = core_borders(cores, labels, countries)
    cores = cores.assign(**core_border_columns(cores, straddled, countries))
    links = links.assign(**link_borders(links, countries))
    within = border_inside(polygons, borders, id_name="link_id").groupby("link_id")["length_km"].sum()
    polygons = polygons.assign(border_in_corridor_km=within.reindex(polygons.index).fillna(0.0).to_numpy())
    error_km = Grid.of(resistance).cell_size_m * 2 / 1000
    crossings = border_crossings(links, polygons, countries, position_error_km=error_km)
    tables = {
        "core_countries": cores_by_country(cores, countries),
        "core_borders": straddled,
        "link_countries": link_shares(links, resistance, countries),
    }
    return {"cores": cores, "links": links, "corridors": polygons, "crossings": crossings}, tables


def connectivity(
    cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame, species: Species, landscape: float
) -> pd.DataFrame:
    """Return the indices over the dispersal distances, by length and by cost."""
    graph = to_graph(cores, links, node_weight=species.network.node_weight)
    both = [
        connectivity_indices(
            graph, dispersal_km=species.network.dispersal_km, distance=distance, landscape_km2=landscape
        )
        for distance in ("length", "cost")
    ]
    table = pd.concat(both, ignore_index=True)
    said = dict.fromkeys(text for part in both for text in part.attrs.get("notes", ()))
    table.attrs["notes"] = [("connectivity", f"{text[:1].upper()}{text[1:]}.") for text in said]
    return table


def exposure(links: gpd.GeoDataFrame, layers: xr.Dataset, context: Context) -> pd.DataFrame:
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


def landscape_km2(resistance: xr.DataArray) -> float:
    """Return the area that lets animals through."""
    return float(np.isfinite(resistance.values).sum()) * Grid.of(resistance).cell_area_km2


def thresholds(suitability: xr.DataArray, options: dict[str, Any], area: np.ndarray) -> pd.DataFrame:
    """Return what core areas would be at the threshold and 0.1 either side."""
    options = {key: value for key, value in options.items() if key != "stepping_stone_km2"}
    return threshold_check(suitability, inside=area, **options)


def nearest(surfaces: Mapping[int, xr.DataArray], resistance: xr.DataArray) -> xr.DataArray:
    """Return the cost to the nearest core (rows, columns), no data where none can be reached."""
    grid = Grid.of(resistance)
    least = np.full(grid.shape, np.inf)
    for surface in surfaces.values():
        np.minimum(least, surface.values, out=least)
    return grid.like(np.where(np.isfinite(least), least, np.nan), name="cost_distance", units="m")


def without_geometry(layer: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a vector layer as a table, its id the first column."""
    return pd.DataFrame(layer.drop(columns=layer.geometry.name)).reset_index()


def no_crossings(cores: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return an empty layer of crossings, for a landscape without a layer of countries."""
    columns = {name: pd.Series(dtype=object) for name in CROSSING_COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=cores.crs))


def in_order(columns: tuple[str, ...], layer: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a layer indexed by its id, the other columns of the schema in order."""
    identifier, *others = columns
    layer = layer if identifier not in layer else layer.set_index(identifier)
    found = [column for column in others if column in layer]
    return layer[[*found, layer.geometry.name]].rename_axis(identifier)
