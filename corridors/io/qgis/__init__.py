"""QGIS styles and projects, written without QGIS."""

from corridors.io.qgis.groups import CaseLayers, project_groups, raster_layer, vector_layer
from corridors.io.qgis.project import Group, ProjectLayer, project_xml, write_project
from corridors.io.qgis.styles import raster_qml, vector_qml

__all__ = [
    "CaseLayers",
    "Group",
    "ProjectLayer",
    "project_groups",
    "project_xml",
    "raster_layer",
    "raster_qml",
    "vector_layer",
    "vector_qml",
    "write_project",
]
