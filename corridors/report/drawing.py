"""Features and rasters on matplotlib axes, in the colours of `corridors.schema`.

Widths and sizes of the schema are millimetres; matplotlib counts in points.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import Colormap, LightSource, LinearSegmentedColormap, Normalize, to_rgba
from matplotlib.path import Path as Outline

from corridors.schema import Graduated

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from corridors.schema import Ramp, Symbol, Vector

POINTS_PER_MM = 72 / 25.4
RELIEF = 0.45
TRANSPARENT = (0.0, 0.0, 0.0, 0.0)


def ramp_colours(ramp: Ramp, *, lightened: float = 0.0) -> tuple[Colormap, Normalize]:
    """Return the colours of a ramp and the range they span, transparent past its cut and without data.

    `lightened` mixes that share of white into every colour, for a background others are drawn on.
    """
    values = np.array([value for value, _, _ in ramp.stops], dtype=float)
    colours = [[part + lightened * (1 - part) for part in to_rgba(colour)[:3]] for _, colour, _ in ramp.stops]
    places = (values - values[0]) / (values[-1] - values[0])
    stops = list(zip(places, colours, strict=True))
    colour_map: Colormap = LinearSegmentedColormap.from_list("ramp", stops, N=512)
    if ramp.transparent_above is not None:
        colour_map = colour_map.with_extremes(over=TRANSPARENT)
    return colour_map, Normalize(values[0], values[-1])


def shaded(colours: Any, elevation: NDArray[np.floating[Any]], *, cell_size_m: float) -> Any:
    """Return RGBA colours (rows, columns, 4), darker in the shade and lighter in light from the NW.

    Flat land and cells without elevation keep their colour, so that the legend stays true.
    """
    known = np.isfinite(elevation)
    filled = np.where(known, elevation, np.mean(elevation[known]) if known.any() else 0.0)
    source = LightSource(azdeg=315, altdeg=45)
    light = source.hillshade(filled, vert_exag=4, dx=cell_size_m, dy=cell_size_m)
    change = np.where(known, RELIEF * (light - np.median(light)), 0.0)[..., None]
    lit = colours.copy()
    lit[..., :3] = np.clip(colours[..., :3] + change, 0, 1)
    return lit


def is_stylised(features: GeoDataFrame) -> NDArray[np.bool_]:
    """Return which features are stylised by this project rather than taken from a source."""
    if "origin" not in features:
        return np.zeros(len(features), dtype=bool)
    stylised: NDArray[np.bool_] = (features["origin"] == "stylised").to_numpy(dtype=bool)
    return stylised


def draw_features(
    axes: Axes, features: GeoDataFrame, entry: Vector, *, detail_m: float, zorder: float
) -> None:
    """Draw the features of a layer of the schema in its look; stylised outlines are dashed.

    `detail_m` is the size of what is too small to see.
    """
    style = entry.style
    if isinstance(style, Graduated):
        _draw_graduated(axes, features, style, detail_m, zorder)
    elif entry.geometry == "Point":
        _draw_points(axes, features, style, zorder)
    elif entry.geometry == "Line":
        _draw_segments(axes, features, style.colour, style.width, detail_m, zorder, dash=style.dash)
    else:
        stylised = is_stylised(features)
        _draw_polygons(axes, features[~stylised], style, detail_m, zorder)
        _draw_polygons(axes, features[stylised], replace(style, dash=True), detail_m, zorder)


def _draw_polygons(axes: Axes, features: GeoDataFrame, style: Symbol, detail_m: float, zorder: float) -> None:
    """Draw polygons; the opacity of the style is the fill's."""
    outlines = [_outline(polygon) for polygon in _parts(features, detail_m) if polygon.geom_type == "Polygon"]
    fill = to_rgba(style.colour, style.opacity) if style.fill else "none"
    drawn = PathCollection(
        outlines, facecolor=fill, edgecolor=style.outline, linewidth=style.width * POINTS_PER_MM,
        linestyle="--" if style.dash else "-", zorder=zorder,
    )  # fmt: skip
    axes.add_collection(drawn, autolim=False)


def _draw_graduated(
    axes: Axes, features: GeoDataFrame, style: Graduated, detail_m: float, zorder: float
) -> None:
    """Draw lines in the colour and width of their class on a white casing, the dearest first."""
    for lower, upper, colour, width, _ in reversed(style.ranges):
        chosen = features[(features[style.column] >= lower) & (features[style.column] < upper)]
        _draw_segments(axes, chosen, "#ffffff", width + 0.5, detail_m, zorder)
        _draw_segments(axes, chosen, colour, width, detail_m, zorder)


def _draw_points(axes: Axes, features: GeoDataFrame, style: Symbol, zorder: float) -> None:
    x, y = shapely.get_coordinates(features.geometry.to_numpy()).T
    area = (style.width * POINTS_PER_MM) ** 2
    axes.scatter(x, y, s=area, c=style.colour, edgecolors="white", linewidths=0.7, zorder=zorder)


def _draw_segments(
    axes: Axes,
    features: GeoDataFrame,
    colour: str,
    width: float,
    detail_m: float,
    zorder: float,
    *,
    dash: bool = False,
) -> None:
    segments = [shapely.get_coordinates(part) for part in _parts(features, detail_m)]
    drawn = LineCollection(
        segments, colors=colour, linewidths=width * POINTS_PER_MM, linestyles="--" if dash else "-",
        zorder=zorder, capstyle="butt" if dash else "round",
    )  # fmt: skip
    axes.add_collection(drawn, autolim=False)


def _parts(features: GeoDataFrame, detail_m: float) -> Iterable[Any]:
    """Return the single geometries of all features, without detail finer than the picture shows."""
    simpler = shapely.simplify(features.geometry.to_numpy(), detail_m)
    parts = shapely.get_parts(simpler[~shapely.is_missing(simpler)])
    return [part for part in parts if not part.is_empty]


def _outline(polygon: Any) -> Outline:
    return Outline.make_compound_path(
        *(Outline(shapely.get_coordinates(ring), closed=True) for ring in shapely.get_rings(polygon))
    )
