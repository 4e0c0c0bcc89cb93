"""How QGIS draws and labels the vectors of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from corridors.io.qgis.markup import Geometry, number, rgba, xml_text
from corridors.schema import Graduated, Symbol

if TYPE_CHECKING:
    from corridors.schema import VectorStyle

SYMBOL_TYPE: dict[Geometry, str] = {"Point": "marker", "Line": "line", "Polygon": "fill"}
# Places of QGIS's label engine: 6 around a point by cartographic preference, 2 along a line, 4 horizontal.
LABEL_PRIORITY: dict[Geometry, int] = {"Point": 5, "Line": 6, "Polygon": 8}  # 0 gives way to everything
LABEL_PLACEMENT: dict[Geometry, int] = {"Point": 6, "Line": 2, "Polygon": 4}


def vector_elements(style: VectorStyle, *, geometry: Geometry, label: str | None = None) -> list[Element]:
    """Return the `<renderer-v2>` of a vector layer, and its `<labeling>` where a column labels it."""
    renderer = _graduated(style) if isinstance(style, Graduated) else _single(style, geometry)
    return [renderer] if label is None else [renderer, _labelling(label, geometry, style)]


def _single(style: Symbol, geometry: Geometry) -> Element:
    renderer = Element("renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    options = {"Point": _point_options, "Line": _line_options, "Polygon": _polygon_options}[geometry](style)
    SubElement(renderer, "symbols").append(_symbol("0", geometry, options))
    return renderer


def _graduated(style: Graduated) -> Element:
    renderer = Element(
        "renderer-v2", type="graduatedSymbol", attr=style.column, graduatedMethod="GraduatedColor",
        symbollevels="0", enableorderby="0",
    )  # fmt: skip
    ranges, symbols = SubElement(renderer, "ranges"), SubElement(renderer, "symbols")
    for place, (lower, upper, colour, width, label) in enumerate(style.ranges):
        limits = {"lower": number(lower), "upper": number(upper), "label": xml_text(label)}
        SubElement(ranges, "range", {**limits, "symbol": str(place), "render": "true"})
        options = {"line_color": rgba(colour), "line_width": number(width), "line_width_unit": "MM"}
        symbols.append(_symbol(str(place), "Line", options | {"capstyle": "round", "joinstyle": "round"}))
    return renderer


def _point_options(style: Symbol) -> dict[str, str]:
    return {
        "name": "circle", "color": rgba(style.colour, style.opacity), "size": number(style.width),
        "size_unit": "MM", "outline_color": rgba(style.outline), "outline_width": "0.2",
        "outline_width_unit": "MM",
    }  # fmt: skip


def _line_options(style: Symbol) -> dict[str, str]:
    return {
        "line_color": rgba(style.colour, style.opacity), "line_width": number(style.width),
        "line_width_unit": "MM", "line_style": "dash" if style.dash else "solid",
        "capstyle": "flat" if style.dash else "round", "joinstyle": "round",
    }  # fmt: skip


def _polygon_options(style: Symbol) -> dict[str, str]:
    """Return the options of a polygon: its opacity is the fill's, so that the outline stays sharp."""
    return {
        "color": rgba(style.colour, style.opacity), "style": "solid" if style.fill else "no",
        "outline_color": rgba(style.outline), "outline_width": number(style.width),
        "outline_width_unit": "MM", "outline_style": "dash" if style.dash else "solid", "joinstyle": "round",
    }  # fmt: skip


def _symbol(name: str, geometry: Geometry, options: dict[str, str]) -> Element:
    kind = SYMBOL_TYPE[geometry]
    symbol = Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1")
    attributes = {"class": f"Simple{kind.capitalize()}", "enabled": "1", "locked": "0", "pass": "0"}
    option_map = SubElement(SubElement(symbol, "layer", attributes), "Option", type="Map")
    for key, value in options.items():
        SubElement(option_map, "Option", name=key, value=value, type="QString")
    return symbol


def _labelling(column: str, geometry: Geometry, style: VectorStyle) -> Element:
    """Return the labels of a layer: areas in bold and in the colour of their outline, points smaller."""
    of_area = geometry == "Polygon"
    colour = style.outline if of_area and isinstance(style, Symbol) else "#1a1a1a"
    labelling = Element("labeling", type="simple")
    settings = SubElement(labelling, "settings", calloutType="simple")
    text = SubElement(
        settings, "text-style", fieldName=xml_text(column), isExpression="0",
        fontSize="9" if of_area else "7.5", fontSizeUnit="Point", fontWeight="75" if of_area else "50",
        namedStyle="Bold" if of_area else "Regular", textColor=rgba(colour),
    )  # fmt: skip
    SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=rgba("#ffffff"), bufferOpacity="0.85",
    )  # fmt: skip
    SubElement(
        settings, "placement", placement=str(LABEL_PLACEMENT[geometry]), dist="0.8", distUnits="MM",
        predefinedPositionOrder="R,TR,BR,L,TL,BL,TSR,BSR", priority=str(LABEL_PRIORITY[geometry]),
    )  # fmt: skip
    # A labelled layer is an obstacle unless it says no, and a country is one as large as the map.
    SubElement(settings, "rendering", drawLabels="1", obstacle="1" if geometry == "Point" else "0")
    return labelling
