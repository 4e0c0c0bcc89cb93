"""Layers as tables: coordinates of points in columns of their own, other geometries as text."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from corridors.io.exports.contents import entry_of

DECIMALS_DEG, DECIMALS_M = 7, 3
"""A centimetre, and a millimetre."""


def with_coordinates(frame: gpd.GeoDataFrame, layer: str, *, text: bool) -> pd.DataFrame:
    """Return a layer as a plain table.

    Parameters
    ----------
    frame : GeoDataFrame
        Of the layer.
    layer : str
        Its name in the schema.
    text : bool
        Whether geometries that are no single points become well-known text; else they are left out.
    """
    table = pd.DataFrame(frame.drop(columns="geometry"))
    shapes = shapely.force_2d(frame["geometry"].to_numpy())
    degrees, metres = frame.crs.is_geographic, in_metres(frame.crs)
    single = entry_of(layer).geometry == "Point" and bool((frame.geom_type == "Point").all())
    if single and (degrees or metres):
        names, decimals = (
            (("longitude", "latitude"), DECIMALS_DEG) if degrees else (("x_m", "y_m"), DECIMALS_M)
        )
        for name, values in zip(names, (shapely.get_x(shapes), shapely.get_y(shapes)), strict=True):
            table[name] = values.round(decimals)
    elif text:
        decimals = DECIMALS_DEG if degrees else DECIMALS_M
        table["wkt"] = shapely.to_wkt(shapes, rounding_precision=decimals)
    return table


def in_metres(crs: CRS) -> bool:
    """Return whether a coordinate system is projected in metres."""
    return bool(crs.is_projected and crs.axis_info[0].unit_conversion_factor == 1.0)
