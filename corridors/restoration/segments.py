"""Barrier lines cut into segments, as one walks along them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


def line_segments(lines: gpd.GeoDataFrame, *, segment_km: float, class_column: str) -> gpd.GeoDataFrame:
    """Return lines, joined where exactly two ends meet, cut into equal parts of a length at most.

    What is drawn in many pieces is one line on the ground, so it is joined first; a line ends at junctions.
    What is drawn twice counts once.

    Parameters
    ----------
    lines
        Lines in metres.
    segment_km
        Greatest length on the map.
    class_column
        The class of a segment is that of the line its middle lies on; empty without such a column.

    Returns
    -------
    GeoDataFrame
        Indexed by `segment_id`, from 1, in the order of the joined lines: `class`.

    Examples
    --------
    >>> road = gpd.GeoSeries.from_wkt(["LINESTRING (0 0, 900 0)", "LINESTRING (900 0, 3000 0)"], crs=32652)
    >>> cut = line_segments(road.to_frame("geometry"), segment_km=2, class_column="class")
    >>> cut.geometry.to_wkt().tolist()
    ['LINESTRING (0 0, 900 0, 1500 0)', 'LINESTRING (1500 0, 3000 0)']
    """
    parts = _each_once(shapely.get_parts(lines.geometry.to_numpy()))
    joined = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(parts)))
    pieces = _each_once([piece for line in joined for piece in _cut(line, segment_km * 1000)])
    index = pd.RangeIndex(1, len(pieces) + 1, name="segment_id")
    geometry = gpd.GeoSeries(pieces, index=index, crs=lines.crs)
    classes: Any = ""
    if class_column in lines and pieces:
        middles = shapely.line_interpolate_point(geometry.to_numpy(), 0.5, normalized=True)
        nearest = shapely.STRtree(lines.geometry.to_numpy()).nearest(middles)
        classes = lines[class_column].to_numpy()[nearest]
    return gpd.GeoDataFrame({"class": classes}, index=index, geometry=geometry)


def _each_once(lines: Iterable[shapely.LineString]) -> list[shapely.LineString]:
    """Return lines without those drawn before, in either direction."""
    return list({shapely.normalize(line).wkb: line for line in reversed(list(lines))}.values())[::-1]


def _cut(line: shapely.LineString, longest_m: float) -> list[shapely.LineString]:
    """Return a line in the fewest equal parts that are no longer than that."""
    corners: NDArray[np.float64] = shapely.get_coordinates(line)
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    count = max(1, math.ceil(walked[-1] / longest_m - 1e-9))
    if count == 1:
        return [line] if walked[-1] > 0 else []
    cuts = np.linspace(0, walked[-1], count + 1)
    at = np.column_stack([np.interp(cuts, walked, axis) for axis in corners.T])
    between = [corners[(walked > start) & (walked < end)] for start, end in pairwise(cuts)]
    return [shapely.LineString(np.concatenate([at[[i]], between[i], at[[i + 1]]])) for i in range(count)]
