"""What the network of cores and links says: indices, importance, centrality, priority, protected land."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.corridor import slack_of_links
from corridors.grid import Grid
from corridors.network import (
    area_to_perimeter_km,
    blended_priority,
    capacity_by_country,
    centrality,
    connectivity_indices,
    core_capacity,
    core_priority,
    importance,
    link_priority,
    protected_connected,
    to_graph,
)
from corridors.pipeline.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Collection

    import networkx as nx
    from numpy.typing import NDArray

    from corridors.config import Network, Species
    from corridors.pipeline.ground import Ground
    from corridors.pipeline.least_cost import Surfaces
    from corridors.result import CaseResult

DISTANCES: tuple[Literal["length"], Literal["cost"]] = ("length", "cost")


def network_findings(
    found: Findings,
    ground: Ground,
    species: Species,
    surfaces: Surfaces,
    *,
    context: Mapping[str, gpd.GeoDataFrame],
    incomplete: Collection[str] = (),
) -> Findings:
    """Return indices, and cores and links with what each of them matters.

    `incomplete` names the countries whose protected areas are known not to be complete.
    """
    options = species.network
    cores, links = found.vectors["cores"], found.vectors["links"]
    tables: dict[str, pd.DataFrame] = {}
    if options.adults_per_100_km2 is not None:
        cores, tables = with_capacity(cores, options, found.tables.get("core_countries"))
    graph = to_graph(cores, links, node_weight=options.node_weight)
    tables["connectivity"] = connectivity(graph, options, landscape_km2(ground.resistance))
    of_cores, of_links = importance_tables(graph, options)
    cores, links = with_importance(cores, of_cores, options), with_importance(links, of_links, options)
    core_value = core_priority(
        with_shape(cores, ground),
        weights={str(name): weight for name, weight in options.core_factors.items()},
    )
    cores = cores.assign(core_value=core_value["core_value"], rank=core_value["rank"])
    tables |= {"core_importance": of_cores, "link_importance": of_links}
    tables["core_priority"] = core_value.reset_index()
    factors = {str(name): weight for name, weight in options.link_factors.items()}
    priority = link_priority(links, core_value["core_value"], weights=factors)
    links = links.assign(priority=priority["priority"], rank=priority["rank"])
    tables["link_priority"] = priority.reset_index()
    rasters = {"priority": priority_map(found, ground, surfaces, links["priority"])}
    if {"countries", "protected_areas"} <= context.keys() and len(context["protected_areas"]):
        tables["protected_connectivity"] = protected_connected(
            context["protected_areas"],
            context["countries"],
            dispersal_km=options.dispersal_km,
            incomplete=incomplete,
        )
    return Findings(rasters, {"cores": cores, "links": links}, noted(tables))


def with_capacity(
    cores: gpd.GeoDataFrame, options: Network, shares: pd.DataFrame | None
) -> tuple[gpd.GeoDataFrame, dict[str, pd.DataFrame]]:
    """Return the cores with the animals they could hold, and the table per country."""
    if options.adults_per_100_km2 is None or options.breeding_females_per_100_km2 is None:
        return cores, {}
    capacity = core_capacity(
        cores,
        adults_per_100_km2=options.adults_per_100_km2,
        breeding_females_per_100_km2=options.breeding_females_per_100_km2,
    )
    cores = cores.assign(**{str(name): capacity[name] for name in capacity if name not in cores})
    return cores, {} if shares is None else {"capacity": capacity_by_country(capacity, shares)}


def connectivity(graph: nx.Graph[int], options: Network, landscape: float) -> pd.DataFrame:
    """Return the indices over the dispersal distances, by length and by cost."""
    both = [
        connectivity_indices(
            graph, dispersal_km=options.dispersal_km, distance=distance, landscape_km2=landscape
        )
        for distance in DISTANCES
    ]
    return stacked(both)


def of_reported(case: CaseResult, options: Network) -> CaseResult:
    """Return a case clipped to the reporting area with the indices of the cores and links that are left.

    A core area that lies wholly in the margin is no part of what is reported.
    """
    cores, links = case.vectors["cores"], case.vectors["links"]
    if not len(cores):
        return case
    graph = to_graph(cores, links, node_weight=options.node_weight)
    table = connectivity(graph, options, landscape_km2(case.rasters["resistance"]))
    return replace(case, tables={**case.tables, **noted({"connectivity": table})})


def importance_tables(graph: nx.Graph[int], options: Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what each core and each link matters, over the dispersal distances, by length and by cost."""
    cores: list[pd.DataFrame] = []
    links: list[pd.DataFrame] = []
    for distance in DISTANCES:
        lost = importance(graph, dispersal_km=options.dispersal_km, distance=distance)
        central = centrality(graph, dispersal_km=options.dispersal_km, distance=distance)
        for parts, one, other in zip((cores, links), lost, central, strict=True):
            new = [name for name in other if name not in one]
            joined = pd.concat([one, other[new]], axis=1)
            joined.attrs["notes"] = [*one.attrs.get("notes", ()), *other.attrs.get("notes", ())]
            parts.append(joined)
    return stacked(cores), stacked(links)


def with_importance(layer: gpd.GeoDataFrame, table: pd.DataFrame, options: Network) -> gpd.GeoDataFrame:
    """Return cores or links with what they matter at the middle dispersal distance, by cost."""
    middle = sorted(options.dispersal_km)[(len(options.dispersal_km) - 1) // 2]
    rows = table[(table["dispersal_km"] == middle) & (table["distance"] == "cost")]
    rows = rows.set_index(layer.index.name).reindex(layer.index)
    names = [n for n in ("dec_percent", "current_flow", "articulation", "bridge") if n in rows]
    return layer.assign(**{name: rows[name] for name in names})


def with_shape(cores: gpd.GeoDataFrame, ground: Ground) -> pd.DataFrame:
    """Return the cores with the two factors of their value that no other step needs."""
    labels, resistance = ground.labels.values, ground.resistance.values
    inside = (labels > 0) & np.isfinite(resistance)
    mean = pd.Series(resistance[inside]).groupby(labels[inside]).mean().reindex(cores.index)
    shape_km = area_to_perimeter_km(cores)
    return pd.DataFrame(cores).assign(mean_resistance=mean, area_to_perimeter_km=shape_km)


def priority_map(
    found: Findings, ground: Ground, surfaces: Surfaces, priority: pd.Series[float]
) -> xr.DataArray:
    """Return the priority of links as a map over their corridors."""
    grid = Grid.of(ground.resistance)
    widths_m = found.vectors["corridors"]["slack_m"]
    slack_m = float(widths_m.max()) if len(widths_m) else 1.0  # without a corridor the map is empty anyway
    slacks = slack_of_links(
        found.vectors["links"], ground.labels, ground.resistance, barriers=ground.edges, surfaces=surfaces
    )
    whole = ((link_id, on_all_cells(slack, window, grid)) for link_id, window, slack in slacks)
    return blended_priority(whole, priority, grid, slack_m=slack_m)


def on_all_cells(slack: NDArray[np.float64], window: tuple[slice, slice], grid: Grid) -> NDArray[np.float64]:
    """Return the slack of a window on the whole grid, endless beyond it."""
    whole = np.full(grid.shape, np.inf)
    whole[window] = slack
    return whole


def landscape_km2(resistance: xr.DataArray) -> float:
    """Return the area that lets animals through."""
    return float(np.isfinite(resistance.values).sum()) * Grid.of(resistance).cell_area_km2


def stacked(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one below the other, with the notes of all."""
    together = pd.concat(tables, ignore_index=True)
    together.attrs["notes"] = [text for table in tables for text in table.attrs.get("notes", ())]
    return together


def noted(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return tables whose notes are sentences with the name of the table as code."""
    for name, table in tables.items():
        said = dict.fromkeys(str(text).rstrip(".") for text in table.attrs.get("notes", ()))
        table.attrs["notes"] = [(name, f"{text[:1].upper()}{text[1:]}.") for text in said]
    return tables
