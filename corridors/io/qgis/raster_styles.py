"""How QGIS draws the rasters of the schema."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from corridors.io.qgis.markup import number, rgb, xml_text
from corridors.schema import Classes, Hillshade, Labels

if TYPE_CHECKING:
    from corridors.schema import Ramp, RasterStyle

Stop = tuple[float, str, str]


def raster_elements(style: RasterStyle) -> list[Element]:
    """Return the `<pipe>` that draws band 1 of a raster; cells without data stay transparent."""
    pipe = Element("pipe")
    if isinstance(style, Classes):
        pipe.append(_paletted(style))
    elif isinstance(style, Labels):
        # Discrete classes hold values up to their own: nothing for 0, one colour for every label.
        stops = [(0.0, style.colour, "none"), (math.inf, style.colour, "core area")]
        pipe.append(_pseudocolor(stops, kind="DISCRETE", hidden=(-math.inf, 0.0)))
    elif isinstance(style, Hillshade):
        pipe.append(_hillshade(style))
    else:
        cut = style.transparent_above
        hidden = None if cut is None else (math.nextafter(cut, math.inf), math.inf)
        if style.transparent_to is not None:
            hidden = (-math.inf, style.transparent_to)
        pipe.append(_pseudocolor(ramp_stops(style), kind="INTERPOLATED", hidden=hidden))
    return [pipe]


def ramp_stops(style: Ramp) -> list[Stop]:
    """Return the class breaks of a ramp: (value, colour, label).

    QGIS mixes colours linearly between two breaks. A logarithmic ramp therefore gets the steps 1 and 3 of
    every decade between breaks that lie further apart, with the colour the logarithm asks for.

    Examples
    --------
    >>> from corridors.schema import Ramp
    >>> ramp = Ramp(((1, "#000000", "1"), (100, "#ffffff", "100")), log=True)
    >>> [value for value, _, _ in ramp_stops(ramp)]
    [1, 3.0, 10.0, 30.0, 100]
    """
    if not style.log:
        return list(style.stops)
    stops: list[Stop] = []
    for low, high in zip(style.stops, style.stops[1:], strict=False):
        stops += [low, *_decade_steps(low, high)]
    return [*stops, style.stops[-1]]


def _decade_steps(low: Stop, high: Stop) -> list[Stop]:
    if low[0] <= 0:
        return []  # no logarithm of 0: the first class of such a ramp is linear
    decades = range(math.floor(math.log10(low[0])), math.ceil(math.log10(high[0])) + 1)
    steps = (factor * 10.0**decade for decade in decades for factor in (1, 3))
    span = math.log(high[0] / low[0])
    return [
        (step, _mixed(low[1], high[1], math.log(step / low[0]) / span), f"{step:,.10g}".replace(",", " "))
        for step in steps
        if 1.01 * low[0] < step < 0.99 * high[0]
    ]


def _mixed(low: str, high: str, share: float) -> str:
    pairs = zip(rgb(low), rgb(high), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


def _pseudocolor(stops: list[Stop], *, kind: str, hidden: tuple[float, float] | None) -> Element:
    finite = [value for value, _, _ in stops if math.isfinite(value)]
    low, high = number(finite[0]), number(finite[-1])
    renderer = Element(
        "rasterrenderer", type="singlebandpseudocolor", band="1", opacity="1", alphaBand="-1",
        classificationMin=low, classificationMax=high,
    )  # fmt: skip
    if hidden is not None:
        pixels = SubElement(SubElement(renderer, "rasterTransparency"), "singleValuePixelList")
        SubElement(
            pixels, "pixelListEntry", min=number(hidden[0]), max=number(hidden[1]), percentTransparent="100"
        )
    shader = SubElement(
        SubElement(renderer, "rastershader"), "colorrampshader", colorRampType=kind, classificationMode="1",
        clip="0", minimumValue=low, maximumValue=high,
    )  # fmt: skip
    for value, colour, label in stops:
        shown = hidden is None or not hidden[0] <= value <= hidden[1]
        alpha = "255" if shown else "0"
        SubElement(shader, "item", value=number(value), color=colour, alpha=alpha, label=xml_text(label))
    # The gradient legend would need a source ramp and would drop the labels; list the breaks instead.
    SubElement(shader, "rampLegendSettings", useContinuousLegend="0")
    return renderer


def _hillshade(style: Hillshade) -> Element:
    return Element(
        "rasterrenderer", type="hillshade", band="1", opacity="0.5", alphaBand="-1", azimuth="315",
        angle="45", zfactor=number(style.exaggeration), multidirection="1",
    )  # fmt: skip


def _paletted(style: Classes) -> Element:
    renderer = Element("rasterrenderer", type="paletted", band="1", opacity="1", alphaBand="-1")
    palette = SubElement(renderer, "colorPalette")
    for value, colour, label in style.entries:
        look = {"value": str(value), "color": colour, "alpha": "255", "label": xml_text(label)}
        SubElement(palette, "paletteEntry", look)
    return renderer
