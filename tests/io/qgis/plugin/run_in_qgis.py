"""Run a tool of the plugin inside PyQGIS and say as JSON what came of it; run by the system's Python.

python3 run_in_qgis.py ORDER.json      keys: plugins, tool, parameters, cancel_at (step), picture, copy_to

A parameter {"points": [[x, y], …], "crs": …} is a layer in memory whose features are not saved anywhere;
{"layer": source, "moved": [dx, dy]} is a layer with unsaved edits.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsLayerTreeGroup,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


class Feedback(QgsProcessingFeedback):
    """Writes down what a tool tells, and cancels it at a step."""

    def __init__(self, cancel_at):
        super().__init__(False)
        self.cancel_at, self.cancelled_at = cancel_at, None
        self.steps, self.told, self.errors, self.fractions = [], [], [], []
        self.progressChanged.connect(self.fractions.append)

    def setProgressText(self, text):  # noqa: N802
        self.steps.append(text)
        if text == self.cancel_at:
            self.cancelled_at = time.monotonic()
            self.cancel()

    def pushInfo(self, text):  # noqa: N802
        self.told.append(text)

    def reportError(self, text, _fatal=False):  # noqa: N802
        self.errors.append(text)


def main(order):
    application = QgsApplication([], False)
    application.initQgis()
    sys.path.insert(0, order["plugins"])
    import corridors_qgis

    plugin = corridors_qgis.classFactory(None)
    plugin.initProcessing()
    tool = QgsApplication.processingRegistry().createAlgorithmById(order["tool"])
    parameters = {name: value_of(value) for name, value in order["parameters"].items()}
    project = QgsProject.instance()
    context, feedback = QgsProcessingContext(), Feedback(order.get("cancel_at"))
    context.setProject(project)
    results, done = tool.run(parameters, context, feedback)
    ended = time.monotonic()
    seen = {
        "done": done,
        "results": results,
        "steps": feedback.steps,
        "told": feedback.told,
        "errors": feedback.errors,
        "fractions": feedback.fractions,
        "cancelled": feedback.isCanceled(),
        "seconds_to_stop": ended - feedback.cancelled_at if feedback.cancelled_at else None,
        "tree": tree(project.layerTreeRoot()),
        "layers": {layer.name(): described(layer) for layer in project.mapLayers().values()},
    }
    if order.get("copy_to"):
        shutil.copytree(results["OUTPUT"], order["copy_to"])
    if order.get("picture"):
        render(project, order["picture"])
    sys.stdout.write(json.dumps(seen))
    sys.stdout.flush()
    os._exit(0)  # QGIS 3.22 may crash while it tidies up; everything has been said


def value_of(value):
    if not isinstance(value, dict):
        return value
    if "layer" in value:
        layer = QgsVectorLayer(value["layer"], "edited", "ogr")
        layer.startEditing()
        for feature in layer.getFeatures():
            geometry = feature.geometry()
            geometry.translate(*value["moved"])
            layer.changeGeometry(feature.id(), geometry)
        QgsProject.instance().addMapLayer(layer)
        return layer
    layer = QgsVectorLayer(f"Point?crs={value['crs']}&field=name:string", "не сохранено / 未保存", "memory")
    features = []
    for x, y in value["points"]:
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(x, y)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(layer)
    return layer


def tree(group):
    found = []
    for child in group.children():
        inner = tree(child) if isinstance(child, QgsLayerTreeGroup) else None
        found.append([child.name(), child.itemVisibilityChecked(), inner])
    return found


def described(layer):
    renderer = layer.renderer()
    return {
        "valid": layer.isValid(),
        "source": layer.source(),
        "renderer": renderer.type() if renderer else None,
    }


def render(project, picture):
    root = project.layerTreeRoot()
    layers = [layer for layer in root.layerOrder() if root.findLayer(layer).isVisible()]
    raster = next(layer for layer in layers if isinstance(layer, QgsRasterLayer))
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(raster.crs())
    settings.setOutputSize(QSize(900, 700))
    settings.setExtent(raster.extent())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)


main(json.loads(Path(sys.argv[1]).read_text("utf-8")))
