"""Proposals by kind of geometry, as maps need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.schema import PROPOSED

if TYPE_CHECKING:
    from geopandas import GeoDataFrame


def by_geometry(proposals: GeoDataFrame) -> dict[str, GeoDataFrame]:
    """Return areas, lines and points of proposals, each where there are some, by their names in the schema.

    A proposal of several kinds, such as an area with a crossing structure, comes in parts. Areas and lines
    have a row per proposal, points a row each.
    """
    single = proposals.explode(ignore_index=True)
    found = {}
    for name, entry in PROPOSED.items():
        features = single[single.geometry.geom_type == entry.geometry.replace("Line", "LineString")]
        if len(features) and entry.geometry != "Point":
            features = features.dissolve("proposal", sort=False, as_index=False, dropna=False)
        if len(features):
            found[name] = features.reset_index(drop=True)[[*proposals.columns]]
    return found
