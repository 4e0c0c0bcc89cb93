"""Open the results: the groups of the folder's own project, with their styles."""

from pathlib import Path

from qgis.core import QgsLayerTreeGroup, QgsProject, QgsVectorLayer

PROJECT = "project.qgz"
GEOPACKAGE = "corridors.gpkg"
COMPARISON = ("tables", "comparison.csv")


def open_folder(folder, project, feedback):
    """Add the layers of a folder of results to a project, in a group on top."""
    file = Path(folder, PROJECT)
    if file.is_file():
        read = QgsProject()
        if not read.read(str(file)):
            feedback.reportError(f"The results cannot be opened: {read.error()}")
            return
        group = project.layerTreeRoot().insertGroup(0, read.title() or Path(folder).name)
        copy_tree(read.layerTreeRoot(), group, project)
    else:
        group = project.layerTreeRoot().insertGroup(0, Path(folder).name)
        add_table(group, project, f"{Path(folder, GEOPACKAGE)}|layername=proposals", "Proposals")
    add_table(group, project, str(Path(folder, *COMPARISON)), "Comparison")


def copy_tree(tree, group, project):
    """Copy groups and layers, switched on or off and folded as they are."""
    for child in tree.children():
        if isinstance(child, QgsLayerTreeGroup):
            copy = group.addGroup(child.name())
            copy_tree(child, copy, project)
        elif child.layer() is not None:
            copy = group.addLayer(project.addMapLayer(child.layer().clone(), False))
        else:
            continue
        copy.setItemVisibilityChecked(child.itemVisibilityChecked())
        copy.setExpanded(child.isExpanded())


def add_table(group, project, source, title):
    """Add a table or layer where there is one."""
    if Path(source.partition("|")[0]).is_file():
        layer = QgsVectorLayer(source, title, "ogr")
        if layer.isValid():
            group.addLayer(project.addMapLayer(layer, False))
