"""Where restoring land or opening a barrier brings most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.pipeline.findings import Findings
from corridors.restoration import best_places, improvement_scores, opening_gains
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from corridors.config import Species
    from corridors.pipeline.ground import Ground
    from corridors.pipeline.least_cost import Surfaces


def land_to_restore(
    links: gpd.GeoDataFrame, ground: Ground, surfaces: Surfaces, *, species: Species
) -> Findings:
    """Return improvement scores and the best places of every link."""
    options, labels, resistance = species.restoration, ground.labels, ground.resistance
    costs: dict[str, Any] = {"barriers": ground.edges, "surfaces": surfaces}
    scores = improvement_scores(links, labels, resistance, radii_km=options.radii_km, **costs)
    places = best_places(
        links, labels, resistance, radii_km=options.radii_km, places_per_link=options.places_per_link, **costs
    )
    rasters = {name: scores[name] for name in ("improvement_score", "improvement_percent")}
    return Findings(rasters, {"restoration_places": places})


def barriers_to_open(
    links: gpd.GeoDataFrame, ground: Ground, surfaces: Surfaces, *, species: Species
) -> Findings:
    """Return what opening each segment of the barriers brings; nothing where no line bars the species."""
    if not ground.barriers.layers:
        return Findings(vectors={"barrier_openings": no_openings(links)})
    options = species.restoration
    opened = opening_gains(
        ground.barriers.layers,
        links,
        ground.labels,
        ground.resistance,
        segment_km=options.segment_km,
        together_m=options.together_m,
        surfaces=surfaces,
    )
    return Findings(vectors={"barrier_openings": opened})


def no_openings(links: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return an empty layer, for a species that no line bars."""
    columns = {name: pd.Series(dtype=object) for name in VECTORS["barrier_openings"].columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=links.crs))
