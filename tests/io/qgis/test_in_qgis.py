"""Styles and projects opened in real QGIS: what it reads must be what the schema says."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
import rasterio
from matplotlib.image import imread

from corridors import schema
from corridors.grid import choose_crs
from corridors.io.qgis import write_project

pytestmark = pytest.mark.qgis

PREDICTORS = [name for name, entry in schema.RASTERS.items() if entry.group == "predictors"]
VECTOR_ENTRIES = {**schema.VECTORS, **schema.CONTEXT}


@pytest.fixture(scope="module")
def seen(look: Any, tiny_run: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    picture = tmp_path_factory.mktemp("picture") / "view.png"
    return look(tiny_run.project, picture) | {"picture": picture}


def layer(seen: dict[str, Any], entry: schema.Raster | schema.Vector, *, species: str) -> dict[str, Any]:
    found = [
        one for one in seen["layers"] if one["name"].startswith(entry.title) and one["name"].endswith(species)
        and one["path"][-1] == entry.group and ("features" in one) == isinstance(entry, schema.Vector)
    ]  # fmt: skip
    assert len(found) == 1
    return found[0]


def test_project__opens_without_complaint(seen: dict[str, Any], tiny_run: Any) -> None:
    assert seen["read"]
    assert seen["error"] == ""
    assert seen["render_errors"] == []
    assert seen["messages"] == []
    assert seen["title"] == "Проект 项目 & <title>"
    assert "Prey: not surveyed" in seen["abstract"]
    assert seen["extent"] == list(tiny_run.grid.bounds)


def test_project__every_layer_is_valid_and_knows_its_crs(seen: dict[str, Any]) -> None:
    assert seen["crs"]["authid"] == "EPSG:32652"
    assert [one["name"] for one in seen["layers"] if not one["valid"]] == []
    assert {one["crs"]["authid"] for one in seen["layers"]} == {"EPSG:32652"}
    per_case = len(schema.VECTORS) + len(schema.RASTERS) - len(PREDICTORS)
    relief = 1
    assert len(seen["layers"]) == 2 * per_case + len(schema.CONTEXT) + len(PREDICTORS) + relief


def test_project__groups_stand_in_order(seen: dict[str, Any], tiny_run: Any) -> None:
    first, second = tiny_run.cases.values()
    inner = [[name, True, []] for name in schema.CASE_GROUPS]
    assert seen["groups"] == [
        ["notes and data gaps", True, []],
        [first, True, inner],
        [second, False, inner],
        ["protected areas", True, []],
        ["border, towns, roads, rivers", True, []],
        ["predictors", True, []],
        ["hillshade", True, []],
    ]


def test_project__relief_is_drawn_from_elevation(seen: dict[str, Any]) -> None:
    (relief,) = (one for one in seen["layers"] if one["name"] == schema.HILLSHADE.title)
    assert relief["visible"]
    assert relief["renderer"] == "hillshade"


def test_project__only_the_first_case_is_visible(seen: dict[str, Any], tiny_run: Any) -> None:
    for one in seen["layers"]:
        assert not (one["path"][0] == tiny_run.cases["o'leopard"] and one["visible"])
    shown = layer(seen, schema.RASTERS["corridor"], species="tiger")
    assert shown["visible"]
    assert not layer(seen, schema.RASTERS["suitability"], species="tiger")["visible"]


def test_project__points_lie_over_lines_over_polygons_over_rasters(seen: dict[str, Any]) -> None:
    kinds = {one["name"]: one.get("geometry", 3) for one in seen["layers"]}
    order = [kinds[name] for name in seen["order"]]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2, 3}


def test_project__each_case_shows_its_own_rows(seen: dict[str, Any]) -> None:
    for name, entry in schema.VECTORS.items():
        for species in ("tiger", "o'leopard"):
            assert layer(seen, entry, species=species)["features"] == 2, name
    for entry in schema.CONTEXT.values():
        assert layer(seen, entry, species="")["features"] == 4


@pytest.mark.parametrize("name", schema.RASTERS)
def test_raster__is_drawn_as_the_schema_says(seen: dict[str, Any], name: str) -> None:
    entry = schema.RASTERS[name]
    one = layer(seen, entry, species="" if name in PREDICTORS else "tiger")
    assert entry.unit in one["name"]
    if isinstance(entry.style, schema.Labels):
        assert one["renderer"] == "singlebandpseudocolor"
        return
    expected = entry.style.stops if isinstance(entry.style, schema.Ramp) else entry.style.entries
    kind = "singlebandpseudocolor" if isinstance(entry.style, schema.Ramp) else "paletted"
    assert one["renderer"] == kind
    classes = {value: (colour, label) for value, colour, label in one["classes"]}
    assert {value: classes[value] for value, _, _ in expected} == {v: (c, text) for v, c, text in expected}
    labels = [label for _, _, label in expected]
    assert [text for text in one["legend"] if text in labels] == labels


def test_raster__no_data_and_what_lies_past_the_cut_are_transparent(
    seen: dict[str, Any], tiny_run: Any
) -> None:
    row = layer(seen, schema.RASTERS["corridor"], species="tiger")["row"]
    with rasterio.open(tiny_run.raster("corridor")) as source:
        slack = source.read(1)[0]
    shown = np.array([alpha > 0 for _, alpha in row])
    np.testing.assert_array_equal(
        shown, np.nan_to_num(slack, nan=np.inf) <= schema.CORRIDOR.transparent_above
    )
    assert 0 < shown.sum() < len(row) - 1
    suitability = layer(seen, schema.RASTERS["suitability"], species="tiger")["row"]
    assert [alpha for _, alpha in suitability] == [255] * (len(row) - 1) + [0]


def test_raster__labels_have_one_colour_and_nothing_for_none(seen: dict[str, Any], tiny_run: Any) -> None:
    row = layer(seen, schema.RASTERS["cores"], species="tiger")["row"]
    with rasterio.open(tiny_run.raster("cores")) as source:
        labels = source.read(1)[0]
    assert {tuple(cell) for cell, label in zip(row, labels, strict=True) if label > 0} == {("#1b7837", 255)}
    assert {alpha for (_, alpha), label in zip(row, labels, strict=True) if label == 0} == {0}


def test_raster__logarithmic_breaks_follow_the_decades(seen: dict[str, Any]) -> None:
    classes = layer(seen, schema.RASTERS["settlements"], species="")["classes"]
    assert [value for value, _, _ in classes] == [0, 1e3, 3e3, 1e4, 3e4, 1e5, 3e5, 1e6]
    # 1e5 lies half-way between 1e4 (#fb6a4a) and 1e6 (#67000d) on a logarithmic scale.
    assert classes[5][1:] == ["#b1352c", "100 000"]


@pytest.mark.parametrize("name", VECTOR_ENTRIES)
def test_vector__is_drawn_as_the_schema_says(seen: dict[str, Any], name: str) -> None:
    entry = VECTOR_ENTRIES[name]
    one = layer(seen, entry, species="tiger" if name in schema.VECTORS else "")
    check_vector(one, entry)
    assert one["checked"] == entry.visible


def check_vector(one: dict[str, Any], entry: schema.Vector) -> None:
    style = entry.style
    assert one["labels"] == (entry.label is not None)
    assert one.get("label_column") == entry.label
    if isinstance(style, schema.Graduated):
        assert one["renderer"] == "graduatedSymbol"
        assert one["column"] == style.column
        assert [tuple(each) for each in one["classes"]] == list(style.ranges)
        return
    assert one["renderer"] == "singleSymbol"
    assert one["colour"] == style.colour
    assert one["opacity"] == pytest.approx(style.opacity, abs=1 / 255)
    if entry.geometry == "Polygon":
        assert one["properties"]["style"] == ("solid" if style.fill else "no")
        assert one["properties"]["outline_style"] == ("dash" if style.dash else "solid")
        assert float(one["properties"]["outline_width"]) == style.width
    if entry.geometry == "Line":
        assert one["properties"]["line_style"] == ("dash" if style.dash else "solid")


def test_picture__is_not_blank(seen: dict[str, Any]) -> None:
    pixels = imread(seen["picture"])[..., :3]
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 100
    assert (pixels == 1).all(axis=-1).mean() < 0.9


def test_project__opens_where_its_folder_is_moved(look: Any, tiny_run: Any, tmp_path: Any) -> None:
    moved = tmp_path / "elsewhere"
    shutil.copytree(tiny_run.folder, moved)
    seen = look(moved / "project.qgz", tmp_path / "view.png")
    assert [one["name"] for one in seen["layers"] if not one["valid"]] == []
    assert all(str(moved) in one["source"] for one in seen["layers"])
    assert not seen["absolute"]


def test_project__own_coordinate_systems_work_without_a_code(look: Any, tmp_path: Any) -> None:
    crs = choose_crs((100.0, 49.0, 112.0, 55.0))
    write_project(tmp_path / "laea.qgz", title="LAEA", crs=crs, extent=(0, 0, 1000, 1000), groups=[])
    seen = look(tmp_path / "laea.qgz", tmp_path / "view.png")["crs"]
    assert seen["valid"]
    assert {"+proj=laea", "+lat_0=52", "+lon_0=106", "+units=m"} <= set(seen["proj"].split())


def test_sidecar_and_layer_styles__are_applied_by_themselves(look: Any, tiny_run: Any) -> None:
    rasters = [name for name, entry in schema.RASTERS.items() if isinstance(entry.style, schema.Ramp)]
    sources = [str(tiny_run.raster(name)) for name in rasters]
    package = tiny_run.folder / "corridors.gpkg"
    sources += [f"{package}|layername={name}" for name in VECTOR_ENTRIES]
    seen = look("--layers", *sources)["layers"]
    for name, one in zip(rasters, seen, strict=False):
        colours = [colour for _, colour, _ in schema.RASTERS[name].style.stops]
        assert [c for _, c, _ in one["classes"] if c in colours] == colours, name
    for entry, one in zip(VECTOR_ENTRIES.values(), seen[len(rasters) :], strict=True):
        check_vector(one, entry)
