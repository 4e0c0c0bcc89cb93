"""Layers of QGIS as files the program reads.

Always a copy: it holds what the layer holds in QGIS at this moment (selection, filter, unsaved edits, any
provider), and a GeoPackage that QGIS has open cannot be read by another program in safety.
"""

import re
from pathlib import Path

from qgis.core import QgsFeatureSink, QgsProcessingException, QgsVectorFileWriter


def vector_file(source, folder, name, context, feedback):
    """Write the features of a source into a new GeoPackage; return its path."""
    plain = re.sub(r"[^\w\-]+", "_", source.sourceName() or "").strip("_")[:60] or name
    path = Path(folder, f"{name}-{plain}.gpkg")
    number = 0
    while path.exists():
        number += 1
        path = Path(folder, f"{name}-{plain}-{number}.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = name
    writer = QgsVectorFileWriter.create(
        str(path), without_fid(source.fields()), source.wkbType(), source.sourceCrs(),
        context.transformContext(), options,
    )  # fmt: skip
    check(writer, source)
    kept = [index for index, field in enumerate(source.fields()) if field.name().lower() != "fid"]
    for feature in source.getFeatures():
        if feedback.isCanceled():
            break
        values = feature.attributes()
        feature.setAttributes([values[index] for index in kept])
        writer.addFeature(feature, QgsFeatureSink.FastInsert)
    check(writer, source)
    del writer  # closes the file
    return str(path)


def without_fid(fields):
    """Return fields without the number every GeoPackage gives its features by itself."""
    found = type(fields)()
    for field in fields:
        if field.name().lower() != "fid":
            found.append(field)
    return found


def check(writer, source):
    """Stop where a layer cannot be written."""
    if writer.hasError() != QgsVectorFileWriter.NoError:
        text = f"{source.sourceName()} cannot be copied for the program: {writer.errorMessage()}"
        raise QgsProcessingException(text)
