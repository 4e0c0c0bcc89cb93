"""Cores, links, corridors and crossings of every proposal, one below the other, for maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.schema import VECTORS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.studies.proposals.ways import Ways

LAYERS = ("cores", "links", "corridors", "crossings")


def ways_layers(found: Sequence[tuple[str, str, Ways]]) -> dict[str, gpd.GeoDataFrame]:
    """Return the four layers of every proposal and case together.

    Parameters
    ----------
    found : sequence of (proposal, case, Ways)
        The landscape as it is among them.

    Returns
    -------
    dict of str to GeoDataFrame
        "cores", "links", "corridors" and "crossings", each with the columns `proposal` and `case` and then
        those of the schema. NaN, or empty, is what is measured of the landscape as it is alone, such as
        current within a corridor.
    """
    return {name: together(name, found) for name in LAYERS}


def together(name: str, found: Sequence[tuple[str, str, Ways]]) -> gpd.GeoDataFrame:
    """Return one layer of all proposals and cases."""
    parts = [ways.layers[name].reset_index().assign(proposal=p, case=c) for p, c, ways in found]
    filled = [part for part in parts if len(part)] or parts[:1]
    columns = [n for n in VECTORS[name].columns if any(n in part for part in filled)]
    whole = pd.concat(filled, ignore_index=True)[["proposal", "case", *columns, "geometry"]]
    return gpd.GeoDataFrame(whole, geometry="geometry", crs=parts[0].crs)
