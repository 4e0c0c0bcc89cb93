"""Edit a layer of core areas as an analyst does in QGIS; run by the system's Python, never imported.

python3 edit_in_qgis.py FILE LAYER   reshapes and renames core 1, splits core 2, deletes core 3
"""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import QgsApplication, QgsFeatureRequest, QgsGeometry, QgsPoint, QgsPointXY, QgsVectorLayer


def main(path, name):
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    assert layer.isValid()
    assert layer.startEditing()
    column = {field.name(): number for number, field in enumerate(layer.fields())}
    cores = {
        number: next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(f"core_id = {number}")))
        for number in (1, 2, 3)
    }
    for feature in cores.values():
        assert layer.changeAttributeValue(feature.id(), column["reason"], "seen in the field, 现场")
        assert layer.changeAttributeValue(feature.id(), column["author"], "Н. О.")
    assert layer.changeAttributeValue(cores[1].id(), column["name"], "Медвежий лог")
    box = cores[1].geometry().boundingBox()
    half = QgsGeometry.fromRect(box)
    half.translate(0, -box.height() / 2)
    assert layer.changeGeometry(cores[1].id(), cores[1].geometry().intersection(half))
    box = cores[2].geometry().boundingBox()
    x = box.xMinimum() + box.width() / 4
    cut = [QgsPoint(x, box.yMinimum() - 1000), QgsPoint(x, box.yMaximum() + 1000)]
    layer.selectByIds([cores[2].id()])
    split = layer.splitFeatures([QgsPointXY(point) for point in cut])
    assert layer.deleteFeature(cores[3].id())
    assert layer.commitChanges(), layer.commitErrors()
    ids = sorted(feature["core_id"] for feature in layer.getFeatures())
    sys.stdout.write(json.dumps({"split": int(split), "ids": ids}))
    sys.stdout.flush()
    os._exit(0)  # QGIS 3.22 may crash while it tidies up; everything has been said


main(*sys.argv[1:])
