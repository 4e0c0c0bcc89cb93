"""The looks of `corridors.schema` as QGIS style files (QML), written without QGIS.

A raster's style goes beside `x.tif` as `x.qml`, a vector's into the `layer_styles` table of its GeoPackage;
QGIS applies both by itself. A project holds the same elements inside its layers.

The format is the one QGIS 3.22 and later read; it has no published schema, so the tests open everything
written here in QGIS itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from corridors.io.qgis.markup import OLDEST_QGIS, Geometry, document
from corridors.io.qgis.raster_styles import raster_elements
from corridors.io.qgis.vector_styles import vector_elements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.schema import RasterStyle, VectorStyle

GEOMETRY_CODE: dict[Geometry, int] = {"Point": 0, "Line": 1, "Polygon": 2}


def raster_qml(style: RasterStyle) -> str:
    """Return the QML text of a one-band raster.

    Parameters
    ----------
    style : Ramp, Classes or Labels
        The look, from `corridors.schema`.

    Returns
    -------
    str
        Text of an `.qml` file.

    Examples
    --------
    >>> from corridors.schema import SUITABILITY
    >>> 'label="1 best"' in raster_qml(SUITABILITY)
    True
    """
    return _qml(raster_elements(style))


def vector_qml(style: VectorStyle, *, geometry: Geometry, label: str | None = None) -> str:
    """Return the QML text of a vector layer.

    Parameters
    ----------
    style : Symbol or Graduated
        The look, from `corridors.schema`.
    geometry : {"Point", "Line", "Polygon"}
        Kind of the features.
    label : str, optional
        Column whose values are written beside the features.

    Returns
    -------
    str
        Text of an `.qml` file or of a `layer_styles` row.
    """
    elements = vector_elements(style, geometry=geometry, label=label)
    return _qml(elements, geometry=geometry, labelled=label is not None)


def _qml(elements: Sequence[Element], *, geometry: Geometry | None = None, labelled: bool = False) -> str:
    root = Element("qgis", version=OLDEST_QGIS, styleCategories="Symbology|Labeling")
    root.set("labelsEnabled", str(int(labelled)))
    root.extend(elements)
    if geometry is not None:
        SubElement(root, "layerGeometryType").text = str(GEOMETRY_CODE[geometry])
    return document(root)
