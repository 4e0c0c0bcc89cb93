"""Points as waypoints and lines as tracks, for receivers in the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from corridors.io.exports.contents import Contents, entry_of
from corridors.io.exports.values import (
    DEGREES,
    feature_names,
    headed,
    refuse_mixed,
    told_once,
    told_values,
    xml,
)

if TYPE_CHECKING:
    import geopandas as gpd

USUAL = ("crossings", "links", "restoration_places", "barrier_openings", "openings")
"""What a field team takes along where no layer is named; roads and the like are on its maps already."""
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="corridors" xmlns="http://www.topografix.com/GPX/1/1">\n'
)


def gpx_text(contents: Contents, notes: pd.DataFrame) -> str:
    """Return layers of points and lines as one GPX 1.1 document; their coordinates are degrees.

    Every value stands in the description with its name and unit, the position error among them.

    Raises
    ------
    OutputError
        O421 mixed geometries.
    """
    lines = [f"<metadata><name>{xml(contents.title)}</name><desc>{xml(told_once(notes))}</desc></metadata>"]
    points = {n: f for n, f in contents.layers.items() if entry_of(n).geometry == "Point"}
    tracks = {n: f for n, f in contents.layers.items() if entry_of(n).geometry == "Line"}
    for layer, frame in points.items():
        lines += waypoints(layer, frame)
    for layer, frame in tracks.items():
        lines += tracks_of(layer, frame)
    return HEAD + "\n".join(lines) + "\n</gpx>\n"


def told_in(layer: str, frame: pd.DataFrame, row: int) -> str:
    """Return the values of a feature as its description."""
    values = "; ".join(f"{headed(column)}: {text}" for column, text in told_values(frame, row))
    return f"<desc>{xml(f'{entry_of(layer).sentence} {values}')}</desc><type>{xml(layer)}</type>"


def waypoints(layer: str, frame: gpd.GeoDataFrame) -> Iterator[str]:
    """Yield the points of a layer."""
    refuse_mixed(frame, layer)
    for row, (name, shape) in enumerate(zip(feature_names(frame, layer), frame["geometry"], strict=True)):
        for x, y in shapely.get_coordinates(shape):
            yield f"<wpt {place(x, y)}><name>{xml(name)}</name>{told_in(layer, frame, row)}</wpt>"


def tracks_of(layer: str, frame: gpd.GeoDataFrame) -> Iterator[str]:
    """Yield the lines of a layer, a segment for each part."""
    refuse_mixed(frame, layer)
    for row, (name, shape) in enumerate(zip(feature_names(frame, layer), frame["geometry"], strict=True)):
        if shape is None or shape.is_empty:
            continue
        segments = "".join(segment(part) for part in shapely.get_parts(shape))
        yield f"<trk><name>{xml(name)}</name>{told_in(layer, frame, row)}{segments}</trk>"


def segment(part: Any) -> str:
    """Return a line as a segment of a track."""
    corners = "".join(f"<trkpt {place(x, y)}/>" for x, y in shapely.get_coordinates(part))
    return f"<trkseg>{corners}</trkseg>"


def place(x: float, y: float) -> str:
    """Return a place, to a tenth of a metre."""
    return f'lat="{y:.{DEGREES}f}" lon="{x:.{DEGREES}f}"'
