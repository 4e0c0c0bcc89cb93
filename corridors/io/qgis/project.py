"""A QGIS project (`.qgz`) written without QGIS: groups, layers, styles, relative paths, initial view.

What a project holds is a tree of two frozen values, `Group` and `ProjectLayer`, and what is made of it,
`Theme` and `Layout`; `write_project` turns them into one file. Sources are relative to the project, so a run
folder opens wherever it is moved to. The file holds no macros, no actions and no absolute path, and the same
tree gives the same bytes.

In the layer panel the order is that of the tree. On the map, points lie over lines, lines over polygons and
polygons over rasters, whatever group they are in, so that switching on the suitability of one case hides
neither the border nor another case's links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from corridors.errors import OutputError
from corridors.io.qgis.layouts import Layout, layouts_element
from corridors.io.qgis.markup import OLDEST_QGIS, Geometry, document, xml_text
from corridors.io.qgis.raster_styles import raster_elements
from corridors.io.qgis.themes import Theme, themes_element
from corridors.io.qgis.tree import Group, ProjectLayer, numbered
from corridors.io.qgis.vector_styles import vector_elements
from corridors.io.writer import write_zip
from corridors.schema import Graduated, Symbol

if TYPE_CHECKING:
    from pyproj import CRS

    from corridors.grid import Bounds

SIDES = ("xmin", "ymin", "xmax", "ymax")
FOREIGN = re.compile(r'[\\|:"\x00-\x1f]')
DRAWN_FROM_THE_TOP: tuple[Geometry | None, ...] = ("Point", "Line", "Polygon", None)


def write_project(
    path: str | Path,
    *,
    title: str,
    crs: CRS,
    extent: Bounds,
    groups: Sequence[Group | ProjectLayer],
    notes: Sequence[str] = (),
    themes: Sequence[Theme] = (),
    layouts: Sequence[Layout] = (),
) -> None:
    """Write a project as `.qgz`, through the safe writer.

    Parameters
    ----------
    path : str or Path
        The `.qgz` file; the sources of the layers are relative to its folder.
    title : str
        Title of the project.
    crs : pyproj.CRS
        Coordinate system of the project and of all its layers.
    extent : tuple of float
        First view: left, bottom, right, top in metres.
    groups : sequence of Group or ProjectLayer
        The layer tree, top to bottom.
    notes : sequence of str
        Shown as the abstract in the project's properties.
    themes : sequence of Theme
        Map themes: which layers of the tree are shown together.
    layouts : sequence of Layout
        A4 pages to print, each of one of the themes.

    Raises
    ------
    OutputError
        O410 a source that is not a relative path inside the run folder, a style that does not fit a layer, or
        a theme or layout of what the project does not hold.
    """
    text = project_xml(
        title=title, crs=crs, extent=extent, groups=groups, notes=notes, themes=themes, layouts=layouts
    )
    write_zip(path, {f"{Path(path).stem}.qgs": text})


def project_xml(
    *,
    title: str,
    crs: CRS,
    extent: Bounds,
    groups: Sequence[Group | ProjectLayer],
    notes: Sequence[str] = (),
    themes: Sequence[Theme] = (),
    layouts: Sequence[Layout] = (),
) -> str:
    """Return the text of the project file inside a `.qgz`; the arguments are those of `write_project`."""
    layers = list(numbered(groups, title))
    for layout in layouts:
        if layout.theme not in themes:
            what = "the layout shows a theme that the project does not hold"
            raise OutputError(what, code="O410", where=layout.name, given=layout.theme.name)
    root = Element("qgis", version=OLDEST_QGIS, projectname=xml_text(title))
    SubElement(root, "title").text = xml_text(title)
    _crs(SubElement(root, "projectCrs"), crs)
    root.append(_layer_tree(groups, iter(layers), layers))
    root.append(_canvas(crs, extent))
    map_layers = SubElement(root, "projectlayers")
    map_layers.extend([_map_layer(layer, identifier, crs) for identifier, layer in layers])
    root.append(_properties())
    SubElement(SubElement(root, "projectMetadata"), "abstract").text = xml_text("\n".join(notes))
    view = SubElement(SubElement(root, "ProjectViewSettings", UseProjectScales="0"), "DefaultViewExtent")
    view.attrib.update(zip(SIDES, map(str, extent), strict=True))
    _crs(view, crs)
    root.append(themes_element(themes, groups, layers))
    root.append(layouts_element(layouts, layers, extent))
    return document(root)


def _layer_tree(
    groups: Sequence[Group | ProjectLayer],
    remaining: Iterator[tuple[str, ProjectLayer]],
    layers: list[tuple[str, ProjectLayer]],
) -> Element:
    tree = Element("layer-tree-group")
    _grow(tree, groups, remaining)
    order = SubElement(tree, "custom-order", enabled="1")
    for identifier, _ in sorted(layers, key=lambda pair: DRAWN_FROM_THE_TOP.index(pair[1].geometry)):
        SubElement(order, "item").text = identifier
    return tree


def _grow(
    branch: Element, members: Sequence[Group | ProjectLayer], remaining: Iterator[tuple[str, ProjectLayer]]
) -> None:
    for member in members:
        checked = "Qt::Checked" if member.visible else "Qt::Unchecked"
        if isinstance(member, Group):
            twig = SubElement(
                branch, "layer-tree-group", name=xml_text(member.name), checked=checked,
                expanded=str(int(member.expanded)),
            )  # fmt: skip
            _grow(twig, member.members, remaining)
        else:
            identifier, layer = next(remaining)
            SubElement(
                branch, "layer-tree-layer", id=identifier, name=xml_text(layer.title), checked=checked,
                expanded="0", source=_data_source(layer), providerKey=_provider(layer),
            )  # fmt: skip


def _map_layer(layer: ProjectLayer, identifier: str, crs: CRS) -> Element:
    element = Element("maplayer", type="raster" if layer.geometry is None else "vector")
    SubElement(element, "id").text = identifier
    SubElement(element, "datasource").text = _data_source(layer)
    SubElement(element, "layername").text = xml_text(layer.title)
    _crs(SubElement(element, "srs"), crs)
    provider = SubElement(element, "provider")
    provider.text = _provider(layer)
    is_vector_style = isinstance(layer.style, Symbol | Graduated)
    if is_vector_style != (layer.geometry is not None):
        what = "the style does not fit the kind of layer"
        raise OutputError(what, code="O410", where=layer.title, given=type(layer.style).__name__)
    if isinstance(layer.style, Symbol | Graduated) and layer.geometry is not None:
        provider.set("encoding", "UTF-8")
        element.set("geometry", layer.geometry)
        element.set("labelsEnabled", str(int(layer.label is not None)))
        element.extend(vector_elements(layer.style, geometry=layer.geometry, label=layer.label))
    elif not isinstance(layer.style, Symbol | Graduated):
        element.extend(raster_elements(layer.style))
    return element


def _data_source(layer: ProjectLayer) -> str:
    source = PurePosixPath(layer.source)
    if source.is_absolute() or ".." in source.parts or not source.name or FOREIGN.search(layer.source):
        what, allowed = "a project names only files of its own folder", "a relative path, forward slashes"
        raise OutputError(what, code="O410", where=layer.title, given=layer.source, allowed=allowed)
    parts = [f"./{source}"]
    if layer.table is not None:
        parts.append(f"layername={layer.table}")
    kept = [("proposal", layer.proposal), ("case", layer.case)]
    conditions = [f"\"{name}\" = '{v.replace(chr(39), chr(39) * 2)}'" for name, v in kept if v is not None]
    if conditions:
        parts.append(f"subset={' AND '.join(conditions)}")
    return xml_text("|".join(parts))


def _provider(layer: ProjectLayer) -> str:
    return "gdal" if layer.geometry is None else "ogr"


def _canvas(crs: CRS, extent: Bounds) -> Element:
    canvas = Element("mapcanvas", name="theMapCanvas", annotationsVisible="1")
    SubElement(canvas, "units").text = "meters"
    view = SubElement(canvas, "extent")
    for side, value in zip(SIDES, extent, strict=True):
        SubElement(view, side).text = str(value)
    SubElement(canvas, "rotation").text = "0"
    _crs(SubElement(canvas, "destinationsrs"), crs)
    return canvas


def _properties() -> Element:
    """Return the project's switches; QGIS ignores the project's CRS where ProjectionsEnabled is missing."""
    properties = Element("properties")
    switches = (
        ("SpatialRefSys", "ProjectionsEnabled", "int", "1"),
        ("Paths", "Absolute", "bool", "false"),
        ("Measurement", "DistanceUnits", "QString", "km"),
        ("Measurement", "AreaUnits", "QString", "km2"),
        ("Measure", "Ellipsoid", "QString", "EPSG:7030"),
    )
    for section, name, kind, value in switches:
        parent = properties.find(section)
        if parent is None:
            parent = SubElement(properties, section)
        SubElement(parent, name, type=kind).text = value
    return properties


def _crs(parent: Element, crs: CRS) -> None:
    """Add a coordinate system by its WKT2: QGIS finds the code by itself, and own systems work too."""
    SubElement(SubElement(parent, "spatialrefsys"), "wkt").text = crs.to_wkt("WKT2_2019")
