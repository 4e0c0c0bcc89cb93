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


def restoration_findings(found: Findings, ground: Ground, species: Species, surfaces: Surfaces) -> Findings:
    """Return improvement scores, the best places of every link, and what opening barriers brings."""
    options = species.restoration
    links, labels, resistance = found.vectors["links"], ground.labels, ground.resistance
    costs: dict[str, Any] = {"barriers": ground.edges, "surfaces": surfaces}
    scores = improvement_scores(links, labels, resistance, radii_km=options.radii_km, **costs)
    places = best_places(
        links, labels, resistance, radii_km=options.radii_km, places_per_link=options.places_per_link, **costs
    )
    vectors = {"restoration_places": places, "barrier_openings": no_openings(places)}
    if ground.barriers.layers:
        vectors["barrier_openings"] = opening_gains(
            ground.barriers.layers,
            links,
            labels,
            resistance,
            segment_km=options.segment_km,
            together_m=options.together_m,
            surfaces=surfaces,
        )
    rasters = {name: scores[name] for name in ("improvement_score", "improvement_percent")}
    return Findings(rasters, vectors)


def no_openings(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return an empty layer, for a species that no line bars."""
    columns = {name: pd.Series(dtype=object) for name in VECTORS["barrier_openings"].columns}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=places.crs))
