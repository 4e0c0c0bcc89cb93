"""Open files in QGIS and say as JSON what it sees; run by the system's Python, never imported by the tests.

python3 look_in_qgis.py project.qgz picture.png      a project, and its first view as a picture
python3 look_in_qgis.py --layers SOURCE [SOURCE ...] layers opened by themselves, styles found by QGIS
python3 look_in_qgis.py --pages project.qgz FOLDER   its themes, applied one by one, and its layouts, exported
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsLayerTreeGroup,
    QgsLayerTreeModel,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsMapLayerLegend,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor


def main(arguments):
    application = QgsApplication([], False)
    application.initQgis()
    messages = []
    QgsApplication.messageLog().messageReceived.connect(
        lambda text, tag, _level: messages.append(f"{tag}: {text}")
    )
    if arguments[0] == "--layers":
        seen = {"layers": [describe(opened(source), None) for source in arguments[1:]]}
    elif arguments[0] == "--pages":
        seen = look_at_pages(*arguments[1:])
    else:
        seen = look_at_project(*arguments)
    sys.stdout.write(json.dumps({**seen, "messages": messages}))
    sys.stdout.flush()
    os._exit(0)  # QGIS 3.22 may crash while it tidies up; everything has been said


def opened(source):
    layer = QgsVectorLayer if ".gpkg" in source else QgsRasterLayer
    return layer(source, "x")


def look_at_project(path, picture):
    project = QgsProject.instance()
    read = project.read(path)
    root = project.layerTreeRoot()
    extent = project.viewSettings().defaultViewExtent()
    errors, labels = render(
        project, [layer for layer in root.layerOrder() if root.findLayer(layer).isVisible()], picture
    )
    return {
        "read": read,
        "error": project.error(),
        "title": project.title(),
        "abstract": project.metadata().abstract(),
        "crs": describe_crs(project.crs()),
        "absolute": project.readBoolEntry("Paths", "/Absolute", True)[0],
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "groups": groups(root),
        "order": [layer.name() for layer in root.layerOrder()],
        "layers": [describe(node.layer(), node) for node in root.findLayers()],
        "render_errors": errors,
        "labels_drawn": labels,
    }


def look_at_pages(path, folder):
    project = QgsProject.instance()
    read = project.read(path)
    layouts = project.layoutManager().layouts()
    return {
        "read": read,
        "themes": {name: applied(project, name) for name in project.mapThemeCollection().mapThemes()},
        "layouts": {layout.name(): page(layout, f"{folder}/{i}") for i, layout in enumerate(layouts)},
    }


def applied(project, theme):
    root = project.layerTreeRoot()
    project.mapThemeCollection().applyTheme(theme, root, QgsLayerTreeModel(root))
    return [[*path_of(node), node.name()] for node in root.findLayers() if node.isVisible()]


def page(layout, stem):
    exporter = QgsLayoutExporter(layout)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 100
    settings.generateWorldFile = False
    letters = QgsLayoutExporter.PdfExportSettings()
    letters.textRenderFormat = QgsRenderContext.TextFormatAlwaysText
    items = [item for item in layout.items() if isinstance(item, QgsLayoutItem)]
    return {
        "pages": layout.pageCollection().pageCount(),
        "items": [item_of(item) for item in items if not isinstance(item, QgsLayoutItemPage)],
        "picture": f"{stem}.png" if exporter.exportToImage(f"{stem}.png", settings) == 0 else None,
        "pdf": f"{stem}.pdf" if exporter.exportToPdf(f"{stem}.pdf", letters) == 0 else None,
    }


def item_of(item):
    seen = {
        "kind": type(item).__name__.removeprefix("QgsLayoutItem"),
        "box": box(item),
        "z": item.zValue(),
    }
    if isinstance(item, QgsLayoutItemMap):
        extent = item.extent()
        seen["extent"] = [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()]
        seen["theme"] = item.followVisibilityPresetName() if item.followVisibilityPreset() else None
        seen["layers"] = [layer.name() for layer in item.layersToRender()]
    elif isinstance(item, QgsLayoutItemLabel):
        seen["text"] = item.currentText()
        seen["widest"] = item.sizeForText().width()
    elif isinstance(item, QgsLayoutItemPicture):
        seen["missing"] = item.isMissingImage()
    elif isinstance(item, QgsLayoutItemScaleBar):
        seen |= {"segment": item.unitsPerSegment(), "unit": item.unitLabel()}
    elif isinstance(item, QgsLayoutItemLegend):
        item.adjustBoxSize()
        nodes = item.model().rootGroup().findLayers()
        seen |= {"box": box(item), "layers": [node.layer().name() for node in nodes]}
        seen["rows"] = [
            row.data(0) for node in nodes for row in item.model().layerLegendNodes(node) if row.data(0)
        ]
    return seen


def box(item):
    place = item.sceneBoundingRect()
    return [place.x(), place.y(), place.width(), place.height()]


def groups(node):
    inner = [child for child in node.children() if isinstance(child, QgsLayerTreeGroup)]
    return [[group.name(), group.itemVisibilityChecked(), groups(group)] for group in inner]


def describe_crs(crs):
    return {
        "valid": crs.isValid(),
        "authid": crs.authid(),
        "description": crs.description(),
        "proj": crs.toProj(),
    }


def describe(layer, node):
    seen = {
        "name": layer.name(),
        "valid": layer.isValid(),
        "source": layer.source(),
        "crs": describe_crs(layer.crs()),
        "renderer": layer.renderer().type() if layer.renderer() else None,
    }
    if node is not None:
        seen |= {"checked": node.itemVisibilityChecked(), "visible": node.isVisible(), "path": path_of(node)}
        seen["legend"] = legend(layer, node)
    return seen | (describe_vector(layer) if isinstance(layer, QgsVectorLayer) else describe_raster(layer))


def legend(layer, node):
    nodes = QgsMapLayerLegend.defaultVectorLegend(layer) if isinstance(layer, QgsVectorLayer) else None
    nodes = nodes or QgsMapLayerLegend.defaultRasterLegend(layer)
    return [entry.data(0) for entry in nodes.createLayerTreeModelLegendNodes(node)]


def path_of(node):
    names = []
    while node.parent() is not None and node.parent().parent() is not None:
        node = node.parent()
        names.insert(0, node.name())
    return names


def describe_vector(layer):
    seen = {
        "features": layer.featureCount(),
        "labels": layer.labelsEnabled(),
        "geometry": int(layer.geometryType()),
    }
    if layer.labelsEnabled():
        seen["label_column"] = layer.labeling().settings().fieldName
    renderer = layer.renderer()
    if renderer.type() == "graduatedSymbol":
        seen["column"] = renderer.classAttribute()
        seen["classes"] = [
            [r.lowerValue(), r.upperValue(), r.symbol().color().name(), r.symbol().width(), r.label()]
            for r in renderer.ranges()
        ]
        return seen
    symbol = renderer.symbol()
    properties = symbol.symbolLayer(0).properties()
    return seen | {
        "colour": symbol.color().name(),
        "opacity": symbol.color().alphaF(),
        "properties": properties,
    }


def describe_raster(layer):
    renderer = layer.renderer()
    if renderer.type() == "paletted":
        return {"classes": [[int(c.value), c.color.name(), c.label] for c in renderer.classes()]}
    if renderer.type() != "singlebandpseudocolor":
        return {"classes": []}
    items = renderer.shader().rasterShaderFunction().colorRampItemList()
    return {
        "classes": [[i.value, i.color.name(), i.label] for i in items if abs(i.value) < 1e300],
        "row": row_of_pixels(layer),
    }


def row_of_pixels(layer):
    """Colour and alpha of the cells in the first row, as QGIS draws them."""
    width, height = layer.width(), layer.height()
    block = layer.renderer().block(1, layer.extent(), width, height)
    colours = [QColor.fromRgba(block.color(0, column)) for column in range(width)]
    return [[colour.name(), colour.alpha()] for colour in colours]


def render(project, layers, picture):
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(project.crs())
    settings.setOutputSize(QSize(900, 700))
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(QgsRectangle(project.viewSettings().defaultViewExtent()))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    drawn = job.takeLabelingResults()
    labels = sorted(label.labelText for label in drawn.allLabels()) if drawn else []
    return [error.message for error in job.errors()], labels


main(sys.argv[1:])
