"""QGIS styles, projects, map themes and print layouts, written without QGIS."""

from corridors.io.qgis.groups import CaseLayers, case_themes, project_groups, raster_layer, vector_layer
from corridors.io.qgis.layouts import Layout
from corridors.io.qgis.project import project_xml, write_project
from corridors.io.qgis.styles import raster_qml, vector_qml
from corridors.io.qgis.themes import Theme
from corridors.io.qgis.tree import Group, ProjectLayer

__all__ = [
    "CaseLayers",
    "Group",
    "Layout",
    "ProjectLayer",
    "Theme",
    "case_themes",
    "project_groups",
    "project_xml",
    "raster_layer",
    "raster_qml",
    "vector_layer",
    "vector_qml",
    "write_project",
]
