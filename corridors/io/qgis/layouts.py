"""A print layout of a project: one A4 page, lying, that QGIS prints or exports as it stands.

To the left the map of a theme in its own shape, to the right the legend of what the theme shows, with scale
bar and north arrow below it, above the title, and at the foot of the page the notes in two columns, the
disclaimer on boundaries always among them. Sizes are millimetres from the upper left corner. Notes are broken
into lines here, since QGIS before 3.24 cuts what is too long; what finds no room is counted on the page and
never dropped unsaid.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement

from corridors.io.qgis.markup import number, xml_text
from corridors.io.qgis.notes import POINTS, broken, height_mm, note_columns
from corridors.io.qgis.raster_styles import ramp_stops
from corridors.io.qgis.themes import Theme, identifiers
from corridors.schema import Hillshade, Ramp

if TYPE_CHECKING:
    from corridors.grid import Bounds
    from corridors.io.qgis.tree import ProjectLayer

PAGE, MAP, PICTURE, LABEL, LEGEND, SCALE_BAR = "65638", "65639", "65640", "65641", "65642", "65646"
WIDTH, HEIGHT, MARGIN = 297.0, 210.0, 10.0
TITLE, SUBTITLE, TOP = 8.0, 17.5, 25.0
WIDEST_MAP = 190.0
GAP = 4.0
COLUMN = (WIDTH - 2 * MARGIN - GAP) / 2
# The widest of the usual fonts takes about 0.62 of its size for a letter.
LETTER_MM = 0.62 * POINTS * 25.4 / 72
LETTERS_PER_LINE = int(COLUMN / LETTER_MM)
LEGEND_SYMBOL = 6.0
BREAK = "\n"
FONT = "Arial"
LEFT, CENTRE, UPPER = "1", "4", "32"
ARROW = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 34" width="20" height="34">'
    '<path d="M10 0L18 22L10 17L2 22Z" fill="#000000"/>'
    '<path d="M5 34V25H6.6L13 31.2V25H15V34H13.4L7 27.8V34Z" fill="#000000"/></svg>'
)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Layout:
    """A print layout: its name in QGIS, the theme it shows, the title above, a line below it, the notes."""

    name: str
    theme: Theme
    title: str
    subtitle: str = ""
    notes: tuple[str, ...] = ()


def layouts_element(
    layouts: Sequence[Layout], layers: Sequence[tuple[str, ProjectLayer]], extent: Bounds
) -> Element:
    """Return the layouts as QGIS stores them; `layers` are those of the tree with their identifiers."""
    root = Element("Layouts")
    root.extend([layout_element(layout, layers, extent) for layout in layouts])
    return root


def layout_element(layout: Layout, layers: Sequence[tuple[str, ProjectLayer]], extent: Bounds) -> Element:
    """Return one layout; what stands first in it lies on top."""
    page = Element("Layout", name=xml_text(layout.name), units="mm", printResolution="300")
    _item(SubElement(page, "PageCollection"), PAGE, (0, 0, WIDTH, HEIGHT))
    columns = note_columns(layout.notes, letters=LETTERS_PER_LINE)
    notes_top = HEIGHT - MARGIN - max(map(height_mm, columns))
    wide, high = map_size(extent, height=notes_top - GAP - TOP)
    of_map = f"{{{uuid5(NAMESPACE_URL, f'map of {layout.name}')}}}"
    across = WIDTH - 2 * MARGIN
    _label(page, layout.title, (MARGIN, TITLE, across, 9), points=16, bold=True)
    _label(page, layout.subtitle, (MARGIN, SUBTITLE, across, 6), points=9)
    for place, lines in enumerate(columns):
        left = MARGIN + place * (COLUMN + GAP)
        _label(page, BREAK.join(lines), (left, notes_top, COLUMN, height_mm(lines)), points=POINTS)
    panel, foot = MARGIN + wide + GAP, TOP + high
    _scale_bar(page, (panel, foot - 11, 10, 11), of_map, segment_km(extent))
    _north_arrow(page, (WIDTH - MARGIN - 7, foot - 12, 7, 12))
    _legend(page, (panel, TOP, WIDTH - MARGIN - panel, high - 14), layout.theme, layers)
    chart = _item(page, MAP, (MARGIN, TOP, wide, high), frame=True)
    chart.attrib.update(
        uuid=of_map, id="map", followPreset="true", followPresetName=xml_text(layout.theme.name)
    )
    sides = zip(("xmin", "ymin", "xmax", "ymax"), map(number, extent), strict=True)
    SubElement(chart, "Extent", dict(sides))
    return page


def map_size(extent: Bounds, *, height: float) -> tuple[float, float]:
    """Return width and height of the map: the shape of the extent, as large as the page allows.

    Examples
    --------
    >>> map_size((0, 0, 50_000, 100_000), height=140.0)
    (70.0, 140.0)
    """
    left, bottom, right, top = extent
    shape = (right - left) / (top - bottom)
    high = min(height, WIDEST_MAP / shape)
    return high * shape, high


def segment_km(extent: Bounds) -> float:
    """Return the length of one of the two segments of the scale bar: 1, 2 or 5 of some decade, in km.

    Together they take at most a third of the map's width.

    Examples
    --------
    >>> segment_km((0, 0, 310_000, 310_000)), segment_km((0, 0, 900, 900))
    (50.0, 0.1)
    """
    longest = (extent[2] - extent[0]) / 1000 / 6
    steps = (factor * 10.0**power for power in range(-3, 5) for factor in (1, 2, 5))
    return max((step for step in steps if step <= longest), default=0.001)


# ---------------------------------------------------------------- items


def _item(page: Element, kind: str, box: Box, *, frame: bool = False) -> Element:
    left, top, wide, high = (number(round(side, 3)) for side in box)
    item = SubElement(page, "LayoutItem", type=kind, position=f"{left},{top},mm", size=f"{wide},{high},mm")
    item.set("zValue", "0" if kind == PAGE else str(100 - len(page)))
    item.attrib.update(positionOnPage=f"{left},{top},mm", frame=str(frame).lower(), background="false")
    return item


def _label(page: Element, text: str, box: Box, *, points: int, bold: bool = False) -> None:
    label = _item(page, LABEL, box)
    label.attrib.update(
        labelText=xml_text(text), htmlState="0", marginX="0", marginY="0", halign=LEFT, valign=UPPER
    )
    SubElement(label, "LabelFont", description=_font(points, bold=bold), style="")


def _font(points: int, *, bold: bool = False) -> str:
    """Return a font as Qt writes it: family, points, …, weight of 99."""
    return f"{FONT},{points},-1,5,{75 if bold else 50},0,0,0,0,0"


def _north_arrow(page: Element, box: Box) -> None:
    picture = _item(page, PICTURE, box)
    inside = base64.b64encode(ARROW.encode()).decode()
    picture.attrib.update(file=f"base64:{inside}", mode="1", resizeMode="0", id="north arrow")


def _scale_bar(page: Element, box: Box, of_map: str, segment: float) -> None:
    bar = _item(page, SCALE_BAR, box)
    bar.attrib.update(
        style="Single Box", unitType="km", unitLabel="km", numSegments="2", numSegmentsLeft="0",
        numUnitsPerSegment=number(segment), numMapUnitsPerScaleBarUnit="1", segmentSizeMode="0", height="2",
        labelBarSpace="1.5", boxContentSpace="0", mapUuid=of_map, id="scale bar",
    )  # fmt: skip
    SubElement(
        bar, "text-style", fontFamily=FONT, fontSize="8", fontSizeUnit="Point", fontWeight="50",
        textColor="0,0,0,255",
    )  # fmt: skip


def _legend(
    page: Element,
    box: Box,
    theme: Theme,
    layers: Sequence[tuple[str, ProjectLayer]],
) -> None:
    legend = _item(page, LEGEND, box)
    legend.attrib.update(
        title="", resizeToContents="1", legendFilterByAtlas="0", symbolWidth=number(LEGEND_SYMBOL),
        symbolHeight="3", boxSpace="0", wrapChar=BREAK, lineSpacing="0.8", columnCount="1", splitLayer="0",
        id="legend",
    )  # fmt: skip
    styles = SubElement(legend, "styles")
    for name, points, above in (("title", 9, 0), ("group", 8, 0), ("subgroup", 7, 1.2), ("symbol", 7, 0.9)):
        style = SubElement(styles, "style", name=name, alignment="1", indent="0", marginTop=number(above))
        SubElement(style, "styleFont", description=_font(points), style="")
    style = SubElement(styles, "style", name="symbolLabel", alignment="1", marginTop="0.5", marginLeft="1.5")
    SubElement(style, "styleFont", description=_font(7), style="")
    held, tree = dict(layers), SubElement(legend, "layer-tree-group")
    letters = int((box[2] - LEGEND_SYMBOL - GAP) / LETTER_MM)
    for identifier in identifiers(theme, layers):
        if not isinstance(held[identifier].style, Hillshade):
            tree.append(_legend_row(identifier, held[identifier], letters=letters))


def _legend_row(identifier: str, layer: ProjectLayer, *, letters: int) -> Element:
    """Return a layer of the legend; of a raster without the line that names its band."""
    row = Element("layer-tree-layer", id=identifier, name=xml_text(layer.title), checked="Qt::Checked")
    said = {"legend/title-label": xml_text(BREAK.join(broken(layer.title, letters)))}
    if isinstance(layer.style, Ramp):
        said["legend/node-order"] = ",".join(map(str, range(1, len(ramp_stops(layer.style)) + 1)))
    custom = SubElement(SubElement(row, "customproperties"), "Option", type="Map")
    for name, value in said.items():
        SubElement(custom, "Option", name=name, type="QString", value=value)
    return row
