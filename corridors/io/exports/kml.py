"""Layers as KML in a KMZ: a folder for each case and layer, styled, every value with its name and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
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
from corridors.io.qgis.markup import rgb
from corridors.schema import Graduated, Symbol, Vector

if TYPE_CHECKING:
    import geopandas as gpd

PIXELS_PER_MM = 3.0
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
NAMED_ON_THE_MAP = ("crossings", "cores", "restoration_places")


def kml_text(contents: Contents, notes: pd.DataFrame) -> str:
    """Return layers as one KML document; their coordinates are degrees.

    Parameters
    ----------
    contents : Contents
        Layers in EPSG:4326.
    notes : DataFrame
        What to know, shown with the document.

    Raises
    ------
    OutputError
        O421 mixed geometries.
    """
    lines = [f"<name>{xml(contents.title)}</name>", f"<description>{xml(told_once(notes))}</description>"]
    for layer in contents.layers:
        lines += styles_of(entry_of(layer))
    cases = [case for frame in contents.layers.values() if "case" in frame for case in frame["case"]]
    several = len(set(cases)) > 1
    for case in dict.fromkeys(cases):
        lines += [f"<Folder><name>{xml(case)}</name><open>1</open>"]
        for layer, frame in contents.layers.items():
            if "case" in frame:
                own = frame[frame["case"] == case].reset_index(drop=True)
                # QGIS knows folders by their names alone.
                lines += folder(layer, own, ending=f", {case}" if several else "")
        lines.append("</Folder>")
    for layer, frame in contents.layers.items():
        if "case" not in frame:
            lines += folder(layer, frame)
    return HEAD + "\n".join(lines) + "\n</Document>\n</kml>\n"


def folder(layer: str, frame: gpd.GeoDataFrame, *, ending: str = "") -> Iterator[str]:
    """Yield a layer as a folder of placemarks; `ending` tells the folders of several cases apart."""
    refuse_mixed(frame, layer)
    entry = entry_of(layer)
    yield f"<Folder><name>{xml(entry.title + ending)}</name><visibility>{int(entry.visible)}</visibility>"
    yield f"<description>{xml(entry.sentence)}</description>"
    numbers = class_numbers(entry, frame)
    for row, (name, shape) in enumerate(zip(feature_names(frame, layer), frame["geometry"], strict=True)):
        if shape is None or shape.is_empty:
            continue
        yield f"<Placemark><name>{xml(name)}</name><visibility>{int(entry.visible)}</visibility>"
        yield f"<styleUrl>#{layer}{numbers[row]}</styleUrl><ExtendedData>"
        for column, text in told_values(frame, row):
            yield (
                f'<Data name="{xml(column)}"><displayName>{xml(headed(column))}</displayName>'
                f"<value>{xml(text)}</value></Data>"
            )
        yield f"</ExtendedData>{geometry(shape)}</Placemark>"
    yield "</Folder>"


def class_numbers(entry: Vector, frame: pd.DataFrame) -> Sequence[str]:
    """Return the number of every feature's class of colour; nothing where there is one look for all."""
    style = entry.style
    if not isinstance(style, Graduated) or style.column not in frame:
        return [""] * len(frame)
    uppers = [upper for _, upper, _, _, _ in style.ranges]
    values = frame[style.column].to_numpy(float)
    places = np.minimum(np.searchsorted(uppers, values, side="right"), len(uppers) - 1)
    return [f"-{place}" for place in places]


def styles_of(entry: Vector) -> Iterator[str]:
    """Yield the looks of a layer, one for each class of colour."""
    style = entry.style
    if isinstance(style, Symbol):
        yield look(entry, style.colour, style.outline, style.width, style.opacity if style.fill else 0.0)
        return
    yield look(entry, style.ranges[0][2], style.ranges[0][2], 1.0, 1.0)
    for number, (_, _, colour, width, _) in enumerate(style.ranges):
        yield look(entry, colour, colour, width, 1.0, ending=f"-{number}")


def look(
    entry: Vector, colour: str, outline: str, width_mm: float, opacity: float, *, ending: str = ""
) -> str:
    """Return one look."""
    label = 0.8 if entry.name in NAMED_ON_THE_MAP else 0.0
    parts = [f"<LabelStyle><scale>{label}</scale></LabelStyle>"]
    if entry.geometry == "Point":
        parts.insert(0, f"<IconStyle><color>{abgr(colour)}</color><scale>0.8</scale></IconStyle>")
    else:
        edge = colour if entry.geometry == "Line" else outline
        width = f"{width_mm * PIXELS_PER_MM:.1f}"
        parts.append(f"<LineStyle><color>{abgr(edge)}</color><width>{width}</width></LineStyle>")
    if entry.geometry == "Polygon":
        parts.append(
            f"<PolyStyle><color>{abgr(colour, opacity)}</color><fill>{int(opacity > 0)}</fill></PolyStyle>"
        )
    return f'<Style id="{entry.name}{ending}">{"".join(parts)}</Style>'


def abgr(colour: str, opacity: float = 1.0) -> str:
    """Return a colour as KML writes it: alpha, blue, green, red.

    Examples
    --------
    >>> abgr("#ff8000", 0.5)
    '800080ff'
    """
    red, green, blue = rgb(colour)
    return f"{round(255 * opacity):02x}{blue:02x}{green:02x}{red:02x}"


def geometry(shape: Any) -> str:
    """Return a geometry as KML."""
    if shape.geom_type.startswith("Multi"):
        parts = shapely.get_parts(shape)
        if len(parts) > 1:
            return f"<MultiGeometry>{''.join(geometry(part) for part in parts)}</MultiGeometry>"
        shape = parts[0]
    if shape.geom_type == "Point":
        return f"<Point>{coordinates(shape)}</Point>"
    if shape.geom_type == "LineString":
        return f"<LineString><tessellate>1</tessellate>{coordinates(shape)}</LineString>"
    inner = "".join(f"<innerBoundaryIs>{ring(each)}</innerBoundaryIs>" for each in shape.interiors)
    outer = f"<outerBoundaryIs>{ring(shape.exterior)}</outerBoundaryIs>"
    return f"<Polygon><tessellate>1</tessellate>{outer}{inner}</Polygon>"


def ring(shape: Any) -> str:
    """Return a ring as KML."""
    return f"<LinearRing>{coordinates(shape)}</LinearRing>"


def coordinates(shape: Any) -> str:
    """Return the corners of a geometry, to a tenth of a metre."""
    corners = " ".join(f"{x:.{DEGREES}f},{y:.{DEGREES}f}" for x, y in shapely.get_coordinates(shape))
    return f"<coordinates>{corners}</coordinates>"
