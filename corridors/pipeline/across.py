"""What lies across borders: shares per country, contact, crossings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

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
from corridors.grid import Grid
from corridors.pipeline.findings import Findings
from corridors.schema import CROSSING_COLUMNS

if TYPE_CHECKING:
    from corridors.pipeline.ground import Ground


def across_borders(found: Findings, ground: Ground, *, context: Mapping[str, gpd.GeoDataFrame]) -> Findings:
    """Return the vectors with their countries and borders, and the tables of shares per country.

    Without a layer of countries there are no crossings, and nothing else.
    """
    if "countries" not in context:
        return Findings(vectors={"crossings": no_crossings(ground.cores)})
    countries, protected_areas = context["countries"], context.get("protected_areas")
    cores, links, polygons = (found.vectors[name] for name in ("cores", "links", "corridors"))
    borders = border_lines(countries)
    straddled = core_borders(cores, ground.labels, countries)
    cores = cores.assign(**core_border_columns(cores, straddled, countries))
    links = links.assign(**link_borders(links, countries))
    within = border_inside(polygons, borders, id_name="link_id").groupby("link_id")["length_km"].sum()
    polygons = polygons.assign(border_in_corridor_km=within.reindex(polygons.index).fillna(0.0).to_numpy())
    error_km = max(1.0, 2 * Grid.of(ground.resistance).cell_size_m / 1000)
    crossings = border_crossings(links, polygons, countries, position_error_km=error_km)
    tables = {
        "core_countries": cores_by_country(cores, countries),
        "core_borders": straddled,
        "link_countries": link_shares(
            links, ground.resistance, countries, barriers=ground.edges, protected_areas=protected_areas
        ),
    }
    vectors = {"cores": cores, "links": links, "corridors": polygons, "crossings": crossings}
    return Findings(vectors=vectors, tables=tables)


def no_crossings(cores: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return an empty layer of crossings, for a landscape without a layer of countries."""
    columns = {name: pd.Series(dtype=object) for name in CROSSING_COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=cores.crs))
