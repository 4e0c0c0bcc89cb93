"""What lies across borders, once currents are known: crossings, stretches of border, countries, fences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.border import (
    border_connectivity,
    border_segments,
    corridor_shares,
    cost_per_km,
    country_connectivity,
    surroundings,
)
from corridors.corridor import slack_of_links
from corridors.pipeline.fences import fence_findings
from corridors.pipeline.findings import Findings
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from corridors.config import Network, Species
    from corridors.cost import Workers
    from corridors.pipeline.ground import Ground
    from corridors.pipeline.least_cost import Surfaces
    from corridors.result import CaseResult

    Context = Mapping[str, gpd.GeoDataFrame]


def border_findings(
    found: Findings,
    current: Findings,
    ground: Ground,
    surfaces: Surfaces,
    *,
    species: Species,
    context: Context,
    workers: int | Workers = 1,
) -> Findings:
    """Return crossings with what lies near them, stretches of border, countries alone and jointly, fences."""
    found |= current
    fences = fence_findings(found, ground, species, context=context, workers=workers)
    if "countries" not in context:
        return Findings(vectors={"border_segments": no_segments(ground.cores)}) | fences
    countries, near = context["countries"], surroundings_in(context)
    crossings = with_surroundings(found, countries, near)
    slacks = slack_of_links(
        found.vectors["links"], ground.labels, ground.resistance, barriers=ground.edges, surfaces=surfaces
    )
    segments = border_segments(
        found.vectors["corridors"],
        countries,
        current=found.rasters["corridor_current"],
        slacks=slacks,
        position_error_km=error_of(crossings),
        **near,
    )
    tables = {
        "corridor_countries": corridor_shares(
            found.vectors["corridors"],
            countries,
            suit=ground.habitat.suitability,
            protected_areas=context.get("protected_areas"),
        ),
        **alone_and_jointly(found.vectors, found.tables, species.network),
    }
    return Findings(vectors={"crossings": crossings, "border_segments": segments}, tables=tables) | fences


def surroundings_in(context: Context) -> dict[str, Any]:
    """Return the layers that tell what lies near a place."""
    return {name: context.get(name) for name in ("settlements", "roads", "protected_areas")}


def error_of(crossings: gpd.GeoDataFrame) -> float:
    """Return how far off a place on the border may be."""
    return float(crossings["position_error_km"].max()) if len(crossings) else 1.0


def with_surroundings(
    found: Findings, countries: gpd.GeoDataFrame, near: Mapping[str, Any]
) -> gpd.GeoDataFrame:
    """Return crossings with their link's cost and current, what lies near, and a rank: cheapest first."""
    crossings, links = found.vectors["crossings"], found.vectors["links"]
    names = ("cost_distance_m", "effective_resistance", "largest_current")
    of_link = links[[name for name in names if name in links]].reindex(crossings["link_id"])
    crossings = crossings.assign(**{name: of_link[name].to_numpy() for name in of_link})
    rank = crossings["cost_distance_m"].rank(method="first").astype("int64")
    return crossings.assign(rank=rank, **surroundings(crossings, countries, **near))


def borders_of_reported(case: CaseResult, options: Network) -> CaseResult:
    """Return a case clipped to the reporting area with what each country would keep of what is left."""
    if "border_connectivity" not in case.tables or not len(case.vectors["cores"]):
        return case
    return replace(case, tables={**case.tables, **alone_and_jointly(case.vectors, case.tables, options)})


def alone_and_jointly(
    vectors: Mapping[str, gpd.GeoDataFrame], tables: Mapping[str, pd.DataFrame], options: Network
) -> dict[str, pd.DataFrame]:
    """Return what each country alone would keep of the connectivity; nothing where cores count in animals."""
    if options.node_weight == "capacity":
        return {}
    cores, links = vectors["cores"], vectors["links"]
    of_cores, first = tables["core_countries"], options.dispersal_km[0]
    codes = sorted(code for code in of_cores["country"].unique() if code != "other")
    areas = country_connectivity(
        cores,
        links,
        of_cores,
        tables["link_countries"],
        countries=codes,
        dispersal_km=first,
        per_km=cost_per_km(cores, links, first),
        node_weight=options.node_weight,
    )
    protected = tables.get("protected_connectivity")
    return {"border_connectivity": border_connectivity(areas, protected, dispersal_km=first)}


def no_segments(cores: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return an empty layer of stretches of border, for a landscape without countries."""
    columns = {name: pd.Series(dtype=object) for name in VECTORS["border_segments"].columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=cores.crs)).set_index("segment_id")
