"""The legend below the map: every line, patch and colour scale with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from corridors.report.drawing import is_stylised
from corridors.report.html.layers import map_rasters, map_vectors, proposed
from corridors.report.html.shapes import Look, looks_of
from corridors.schema import Graduated, Ramp

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from corridors.report.html.layers import VectorLayer
    from corridors.report.html.strings import Words
    from corridors.result import Result


def legend_entries(
    result: Result, words: Words, *, proposals: GeoDataFrame | None
) -> list[tuple[Markup, str]]:
    """Return a swatch and what it means, for everything any of the maps shows, each once."""
    found: dict[str, tuple[Markup, str]] = {}
    for case in result.cases.values():
        for layer in map_vectors(case, result.context, words):
            for swatch, said in vector_entries(layer, words):
                found.setdefault(said, (swatch, said))
    for layer in [] if proposals is None else proposed(proposals, words):
        for swatch, said in vector_entries(layer, words):
            found.setdefault(said, (swatch, said))
    for case in result.cases.values():
        for name, (_, style) in map_rasters(case.rasters).items():
            said = words.get(f"layer_{name}", name.replace("_", " "))
            found.setdefault(said, (ramp_swatch(style), f"{said}: {ramp_range(style, words)}"))
    return list(found.values())


def vector_entries(layer: VectorLayer, words: Words) -> list[tuple[Markup, str]]:
    """Return the swatches of a vector layer."""
    style = layer.entry.style
    if isinstance(style, Graduated):
        return [
            (line_swatch(Look(colour, max(2 * width, 2))), f"{layer.title}: {class_text(low, high, words)}")
            for low, high, colour, width, _ in style.ranges
        ]
    looks = sorted(looks_of(layer.features, layer.entry), key=lambda look: look.dash)
    entries = [(swatch(layer.entry.geometry, looks[0]), layer.title)]
    if layer.entry.geometry == "Polygon" and is_stylised(layer.features).any():
        said = f"{layer.title} ({words('stylised')})"
        mapped = [] if is_stylised(layer.features).all() else entries
        entries = [*mapped, (swatch("Polygon", looks[-1]), said)]
    return entries


def class_text(low_m: float, high_m: float, words: Words) -> str:
    """Return a class of cost in kilometres of ideal habitat."""
    low, high = low_m / 1000, high_m / 1000
    span = f"> {words.number(low)}" if high >= 1e6 else f"{words.number(low)}–{words.number(high)}"
    return f"{span} {words('km_ideal')}"


def swatch(geometry: str, look: Look) -> Markup:
    """Return a small picture of a feature."""
    if geometry == "Point":
        return Markup('<svg viewBox="0 0 34 16"><circle cx="17" cy="8" r="6" fill="{}"/></svg>').format(
            look.fill
        )
    if geometry == "Line":
        return line_swatch(look)
    dashes = "4 3" if look.dash else ""
    patch = Markup(
        '<svg viewBox="0 0 34 16"><rect x="2" y="2" width="30" height="12" fill="{}" fill-opacity="{}" '
        'stroke="{}" stroke-width="1.5" stroke-dasharray="{}"/></svg>'
    )
    return patch.format(look.fill or "none", look.opacity, look.colour, dashes)


def line_swatch(look: Look) -> Markup:
    """Return a small picture of a line."""
    line = Markup(
        '<svg viewBox="0 0 34 16"><path d="M1 8H33" stroke="{}" stroke-width="{:.1f}" '
        'stroke-dasharray="{}"/></svg>'
    )
    return line.format(look.colour, max(look.width, 1.5), "6 4" if look.dash else "")


def ramp_swatch(ramp: Ramp) -> Markup:
    """Return the colours of a raster side by side."""
    step = 34 / len(ramp.stops)
    patch = Markup('<rect x="{:.2f}" width="{:.2f}" height="16" fill="{}"/>')
    patches = [patch.format(i * step, step + 0.2, colour) for i, (_, colour, _) in enumerate(ramp.stops)]
    return Markup('<svg viewBox="0 0 34 16">{}</svg>').format(Markup("").join(patches))


def ramp_range(ramp: Ramp, words: Words) -> str:
    """Return the values of the first and the last colour."""
    first, last = ramp.stops[0][0], ramp.stops[-1][0]
    return f"{words.number(float(first))} → {words.number(float(last))}"
