"""The map that stands still, as SVG: for the first page, for paper, and where scripts do not run."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
from markupsafe import Markup

from corridors.report.html.layers import map_rasters, map_vectors, proposed
from corridors.report.html.pictures import data_uri, raster_png
from corridors.report.html.shapes import shown_features, svg_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xarray as xr
    from geopandas import GeoDataFrame

    from corridors.grid import Bounds
    from corridors.report.html.layers import VectorLayer
    from corridors.report.html.strings import Words
    from corridors.result import CaseResult, Result
    from corridors.schema import RasterStyle

WIDTH_PX = 1000
PICTURE_PX = 800
TOWNS_NAMED = 10
SHIFTS = (0.0, -1.4, 1.4, -2.8, 2.8)
Box = tuple[float, float, float, float]
LEFT_OUT = ("corridors", "openings", "barriers")
SHOWN_RASTERS = (("suitability", 0.45), ("corridor", 0.9))
NAME_SIZES = {"proposals": 24, "cores": 21, "countries": 28, "settlements": 18}
LETTERS_PER_LINE = 24
WIDE_LETTER = 1.0
LETTER = 0.66
LINE = 1.1


def still_map(
    result: Result, case: CaseResult, words: Words, *, title: str, proposals: GeoDataFrame | None = None
) -> Markup:
    """Return the map of a case as SVG, with names, scale bar, north mark and the disclaimer."""
    layers = [layer for layer in map_vectors(case, result.context, words) if layer.name not in LEFT_OUT]
    layers += [] if proposals is None else list(proposed(proposals, words))
    shown = map_rasters(case.rasters)
    pictures = [(*shown[name], opacity) for name, opacity in SHOWN_RASTERS if name in shown]
    return framed_map(result.grid.bounds, pictures, layers, words, title=title)


def framed_map(
    bounds: Bounds,
    pictures: Sequence[tuple[xr.DataArray, RasterStyle, float]],
    layers: list[VectorLayer],
    words: Words,
    *,
    title: str,
) -> Markup:
    """Return rasters with their styles and opacities, vectors over them, and what a map needs around."""
    left, bottom, right, top = bounds
    scale = WIDTH_PX / (right - left)
    height = round((top - bottom) * scale)
    parts = list(_pictures(pictures, height))
    for layer in layers:
        parts += _drawn(layer, bounds, scale)
    parts += _names(layers, bounds, scale)
    parts += [_scale_bar(right - left, scale, height, words), _north()]
    said = Markup('<text x="{}" y="{}" class="name small" text-anchor="end">{}</text>')
    parts.append(said.format(WIDTH_PX - 10, height - 10, words("disclaimer_short")))
    frame = Markup(
        '<svg class="still" viewBox="0 0 {0} {1}" role="img" aria-label="{2}" xmlns="http://www.w3.org/2000/svg">'
        '<title>{2}</title><rect width="{0}" height="{1}" fill="#e4e9ed"/>{3}'
        '<rect width="{0}" height="{1}" fill="none" stroke="#555"/></svg>'
    )
    return frame.format(WIDTH_PX, height, title, Markup("").join(parts))


def _pictures(pictures: Sequence[tuple[xr.DataArray, RasterStyle, float]], height: int) -> Iterator[Markup]:
    image = Markup('<image href="{}" width="{}" height="{}" preserveAspectRatio="none" opacity="{}"/>')
    for values, style, opacity in pictures:
        uri = data_uri(raster_png(values.to_numpy(), style, side_px=PICTURE_PX))
        yield image.format(uri, WIDTH_PX, height, opacity)


def _drawn(layer: VectorLayer, bounds: Bounds, scale: float) -> Iterator[Markup]:
    """Yield the features of a layer; lines of links on a white casing."""
    path = Markup(
        '<path d="{}" fill="{}" fill-opacity="{}" stroke="{}" stroke-width="{:.1f}" stroke-dasharray="{}"/>'
    )
    dot = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" fill="{}" stroke="#fff"/>')
    height_m = bounds[3] - bounds[1]
    for _, parts, look in shown_features(layer.features, layer.entry, bounds=bounds, detail_m=0.8 / scale):
        for part in parts:
            if part.geom_type == "Point":
                yield dot.format(part.x * scale, (height_m - part.y) * scale, look.size / 2 + 1, look.fill)
                continue
            outline = svg_path(part, height_m=height_m, scale=scale)
            if layer.name == "links":
                yield path.format(outline, "none", 0, "#ffffff", look.width + 2, "")
            dashes = "7 5" if look.dash else ""
            yield path.format(
                outline, look.fill or "none", look.opacity, look.colour, max(look.width, 0.8), dashes
            )


def _names(layers: list[VectorLayer], bounds: Bounds, scale: float) -> Iterator[Markup]:
    """Yield names, the most important first; one that finds no free place is left out."""
    rank = {name: number for number, name in enumerate(NAME_SIZES)}
    taken: list[Box] = []
    for layer in sorted((layer for layer in layers if layer.name in rank), key=lambda one: rank[one.name]):
        size = NAME_SIZES[layer.name]
        for x_m, y_m, said in _places(layer, bounds):
            lines = textwrap.wrap(said, LETTERS_PER_LINE)
            x, y = (x_m - bounds[0]) * scale, (bounds[3] - y_m) * scale
            half = size * 0.5 * max(sum(map(letter_width, line)) for line in lines)
            x = min(max(x, half + 6), WIDTH_PX - half - 6)
            for up in SHIFTS if layer.name != "settlements" else (-0.8, 1.3):
                top = y + (up - 0.9) * size
                box = (x - half, top, x + half, top + (len(lines) * LINE + 0.2) * size)
                if not any(overlap(box, other) for other in taken):
                    taken.append(box)
                    yield _text(lines, x, y + up * size, layer.name)
                    break


def _text(lines: list[str], x: float, y: float, name: str) -> Markup:
    size = NAME_SIZES[name]
    span = Markup('<tspan x="{:.0f}" y="{:.0f}">{}</tspan>')
    spans = [span.format(x, y + i * LINE * size, line) for i, line in enumerate(lines)]
    frame = Markup('<text class="name {}" font-size="{}" text-anchor="middle">{}</text>')
    return frame.format(name, size, Markup("").join(spans))


def _places(layer: VectorLayer, bounds: Bounds) -> list[tuple[float, float, str]]:
    """Return where the names of a layer may stand and what they say, the most important first."""
    frame = layer.features.reset_index()
    frame = frame[~frame.geometry.is_empty]
    if layer.name == "settlements":
        if "population" in frame:
            frame = frame.sort_values("population", ascending=False, kind="stable")
        return [(p.x, p.y, plain(n)) for p, n in zip(frame.geometry, frame["name"], strict=True) if plain(n)][
            :TOWNS_NAMED
        ]
    frame = frame.assign(geometry=shapely.clip_by_rect(frame.geometry.to_numpy(), *bounds))
    frame = frame[frame.geometry.area >= (0 if layer.name == "proposals" else 1)]
    frame = frame.loc[frame.geometry.area.sort_values(ascending=False, kind="stable").index]
    labels = frame["proposal"] if layer.name == "proposals" else frame.get("name", frame.iloc[:, 0])
    places = []
    for row, (shape, label) in enumerate(zip(frame.geometry, labels, strict=True)):
        said = plain(label)
        if layer.name == "cores":
            said = f"{frame['core_id'].iloc[row]} {said}".strip()
        point: Any = shape.representative_point()
        if said:
            places.append((point.x, point.y, said))
    return places


def plain(value: Any) -> str:
    """Return a name as text; empty where there is none."""
    return "" if value is None or pd.isna(value) else str(value)


def letter_width(letter: str) -> float:
    """Return about how wide a letter is, in sizes of the font."""
    return WIDE_LETTER if unicodedata.east_asian_width(letter) in "WF" else LETTER


def overlap(a: Box, b: Box) -> bool:
    """Return whether two boxes share ground."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _scale_bar(width_m: float, scale: float, height: int, words: Words) -> Markup:
    length_m = max(
        (m * 10**power for power in range(2, 7) for m in (1, 2, 5) if m * 10**power <= width_m / 4),
        default=100,
    )
    bar = Markup(
        '<rect x="6" y="{}" width="{}" height="36" fill="#fff" fill-opacity="0.8"/>'
        '<path d="M14 {}v8h{:.1f}v-8" fill="none" stroke="#000" stroke-width="2"/>'
        '<text x="{:.1f}" y="{}" class="small" text-anchor="middle">{} km</text>'
    )
    long = length_m * scale
    text = words.number(length_m / 1000)
    return bar.format(height - 40, long + 16, height - 22, long, 14 + long / 2, height - 24, text)


def _north() -> Markup:
    return Markup(
        '<g transform="translate(972,14)"><path d="M0 0l9 24l-9 -6l-9 6z" fill="#000" stroke="#fff"/>'
        '<text x="0" y="40" class="small" text-anchor="middle">N</text></g>'
    )
