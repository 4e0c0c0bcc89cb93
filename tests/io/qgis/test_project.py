"""The project file as text: paths, order, bytes, refusals."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pyproj import CRS

from corridors import schema
from corridors.errors import OutputError, SecurityError
from corridors.io.qgis import (
    CaseLayers,
    Group,
    Layout,
    ProjectLayer,
    Theme,
    project_groups,
    project_xml,
    write_project,
)

UTM = CRS.from_epsg(32652)
RASTER = ProjectLayer("Suitability", "cases/a/suitability.tif", schema.SUITABILITY)
VECTOR = ProjectLayer(
    "Cores",
    "corridors.gpkg",
    schema.Symbol("#112233"),
    geometry="Polygon",
    table="cores",
    case="a",
    label="name",
)


def xml(*members: Group | ProjectLayer) -> ElementTree.Element:
    return ElementTree.fromstring(project_xml(title="T", crs=UTM, extent=(0, 0, 10, 10), groups=members))


def test_project__holds_a_layer_per_leaf_of_the_tree() -> None:
    root = xml(Group("One", (RASTER, Group("Two", (VECTOR, RASTER)))))
    in_tree = [element.get("id") for element in root.iter("layer-tree-layer")]
    assert in_tree == [element.text for element in root.findall("projectlayers/maplayer/id")]
    assert len(set(in_tree)) == 3


def test_project__rows_of_a_case_are_chosen_by_name() -> None:
    quoted = replace(VECTOR, case="o'tiger")
    sources = [element.text for element in xml(VECTOR, quoted).findall("projectlayers/maplayer/datasource")]
    assert sources[0] == "./corridors.gpkg|layername=cores|subset=\"case\" = 'a'"
    assert sources[1] == "./corridors.gpkg|layername=cores|subset=\"case\" = 'o''tiger'"


def test_project__holds_no_macro_no_action_and_no_absolute_path(tmp_path: Path) -> None:
    path = tmp_path / "run.qgz"
    write_project(path, title="T", crs=UTM, extent=(0, 0, 1, 1), groups=[RASTER, VECTOR])
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["run.qgs"]
        text = archive.read("run.qgs").decode()
    lowered = text.lower()
    assert str(tmp_path).lower() not in lowered
    assert "macro" not in lowered
    assert "<action" not in lowered
    assert '<absolute type="bool">false</absolute>' in lowered


def test_project__same_tree_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "run.qgz"
        write_project(path, title="T", crs=UTM, extent=(0, 0, 1, 1), groups=[Group("G", (RASTER,))])
    assert (tmp_path / "a" / "run.qgz").read_bytes() == (tmp_path / "b" / "run.qgz").read_bytes()


@pytest.mark.parametrize(
    "source",
    ["/data/x.tif", "../x.tif", "C:/x.tif", "a\\x.tif", "http://x/y.tif", "x.gpkg|layername=y", "", "."],
)
def test_project__refuses_sources_outside_its_folder(source: str) -> None:
    with pytest.raises(
        OutputError, match=r"\[O410\] Suitability: a project names only files of its own folder"
    ):
        xml(replace(RASTER, source=source))


@pytest.mark.parametrize("wrong", [replace(RASTER, geometry="Line"), replace(VECTOR, geometry=None)])
def test_project__refuses_a_style_of_the_other_kind(wrong: ProjectLayer) -> None:
    with pytest.raises(OutputError, match="does not fit the kind of layer"):
        xml(wrong)


def test_groups__cases_lie_between_notes_and_shared_layers() -> None:
    rasters = {"suitability": "s.tif", "corridor": "c.tif", "own_layer": "o.tif"}
    case = CaseLayers("lynx", "Lynx, winter", "lynx", rasters, ["links"])
    tree = project_groups(
        [case, replace(case, key="b", title="B")],
        geopackage="g.gpkg",
        context=["roads", "reporting_area"],
        predictors={"slope": "slope.tif"},
    )
    assert [(group.name, group.visible) for group in tree] == [
        ("notes and data gaps", True),
        ("Lynx, winter", True),
        ("B", False),
        ("border, towns, roads, rivers", True),
        ("predictors", True),
    ]
    inner = {group.name: [layer.title for layer in group.members] for group in tree[1].members}
    assert inner == {
        "links": ["Links between core areas (m of ideal habitat), lynx"],
        "corridors": ["Normalised least-cost corridor (m of slack), lynx"],
        "suitability": ["Habitat suitability (0-1), lynx"],
        "predictors": ["own layer, lynx"],
    }


def test_groups__refuse_what_is_marked_sensitive(monkeypatch: pytest.MonkeyPatch) -> None:
    secret: Any = replace(schema.VECTORS["cores"], sensitivity="sensitive")
    monkeypatch.setitem(schema.VECTORS, "cores", secret)
    case = CaseLayers("lynx", "Lynx", "lynx", {}, ["cores"])
    with pytest.raises(SecurityError, match=r"X701.*cores"):
        project_groups([case], geopackage="g.gpkg")


def test_project__rows_of_a_proposal_are_chosen_by_name() -> None:
    one = replace(VECTOR, proposal="o'park")
    (source,) = [element.text for element in xml(one).findall("projectlayers/maplayer/datasource")]
    assert source == "./corridors.gpkg|layername=cores|subset=\"proposal\" = 'o''park' AND \"case\" = 'a'"


def with_pages(themes: list[Theme], layouts: list[Layout]) -> str:
    groups = [Group("One", (RASTER, Group("Two", (VECTOR,))), visible=False), Group("Other", (RASTER,))]
    return project_xml(
        title="T", crs=UTM, extent=(0, 0, 10, 10), groups=groups, themes=themes, layouts=layouts
    )


def test_theme__names_its_layers_and_every_group_above_them() -> None:
    root = ElementTree.fromstring(with_pages([Theme("虎 <a>", (VECTOR,))], []))
    (preset,) = root.findall("visibility-presets/visibility-preset")
    assert preset.get("name") == "虎 <a>"
    assert [element.get("id") for element in preset.iter("checked-group-node")] == ["One", "One/Two"]
    ids = {e.findtext("layername"): e.findtext("id") for e in root.findall("projectlayers/maplayer")}
    assert [element.get("id") for element in preset.findall("layer")] == [ids["Cores"]]


def test_layout__same_pages_same_bytes_and_no_path_of_this_machine() -> None:
    theme = Theme("A", (VECTOR, RASTER))
    texts = [with_pages([theme], [Layout("A", theme, "Title", notes=("One.",))]) for _ in range(2)]
    assert texts[0] == texts[1]
    files = {e.get("file") or "" for e in ElementTree.fromstring(texts[0]).iter("LayoutItem")}
    assert all(file == "" or file.startswith("base64:") for file in files)


def test_pages__of_what_the_project_does_not_hold_are_refused() -> None:
    with pytest.raises(OutputError, match=r"\[O410\] A: the theme shows a layer that the project"):
        with_pages([Theme("A", (replace(VECTOR, case="b"),))], [])
    with pytest.raises(OutputError, match=r"\[O410\] L: the layout shows a theme"):
        with_pages([], [Layout("L", Theme("A", (VECTOR,)), "Title")])
