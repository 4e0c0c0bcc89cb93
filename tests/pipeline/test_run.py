"""The run folder: what lies in it, that it is whole and the same every time, and that it can be run again."""

from __future__ import annotations

import getpass
import json
import shutil
import socket
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import rasterio
import result_laws
import shapely
import tiny_landscape as tiny
from matplotlib.image import imread

from corridors import schema
from corridors.config import load_workflow
from corridors.errors import CorridorsError
from corridors.io import hash_file
from corridors.io.exports import export_run
from corridors.pipeline import Inputs, read_inputs, run
from corridors.pipeline.write import NOT_ON_THE_FIGURE

CASE = "forest_cat"
OF_CASES = [name for name, entry in schema.RASTERS.items() if entry.group != "predictors"]
PREDICTORS = [name for name in schema.RASTERS if name not in OF_CASES]


@pytest.fixture(scope="module")
def case_folder(rich: Any) -> Path:
    return rich.folder / "cases" / CASE


def test_result__keeps_the_laws(rich: Any) -> None:
    result_laws.check(rich.result, load_workflow(str(rich.workflow)))
    # From north to south of the sealed railway in the west the way leads through its tunnel, over the border
    # and back; the third crossing is that of the link from west to east.
    assert len(rich.result.cases[CASE].vectors["crossings"]) == 3


OF_SEVERAL_CASES = ("overlap", "shared_land", "variants", "variant_agreement")


def test_folder__holds_what_it_should_and_nothing_else(rich: Any) -> None:
    expected = {
        "corridors.gpkg",
        "project.qgz",
        "report.html",
        "notes.csv",
        "layers.csv",
        "tables.xlsx",
        "workflow.toml",
        "run.json",
        "run.log",
    }
    expected |= {"figures/overview.png"}
    expected |= {f"cases/{CASE}/rasters/{name}.{ending}" for name in OF_CASES for ending in ("tif", "qml")}
    layers = [*PREDICTORS, "rivers", "gates", "my_own_layer"]
    expected |= {f"layers/{name}.{ending}" for name in layers for ending in ("tif", "qml")}
    tables = set(schema.TABLES) - {"notes", "layers", "edits", "core_ids", *OF_SEVERAL_CASES}
    expected |= {f"cases/{CASE}/tables/{name}.csv" for name in tables}
    assert set(rich.files()) == expected
    beside = {path.name for path in rich.folder.parent.iterdir()}
    assert beside == {rich.folder.name, f".{rich.folder.name}.steps"}


def test_rasters__are_cogs_with_unit_and_style(rich: Any, case_folder: Path) -> None:
    places = {name: case_folder / "rasters" / f"{name}.tif" for name in OF_CASES}
    places |= {name: rich.folder / "layers" / f"{name}.tif" for name in PREDICTORS}
    for name, path in places.items():
        entry = schema.RASTERS[name]
        with rasterio.open(path) as source:
            assert source.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG", name
            assert source.compression.name == "deflate", name
            assert source.count == 1
            assert source.dtypes[0] == entry.dtype
            assert entry.unit in source.descriptions[0]
            assert source.crs.to_epsg() == 32652
            assert source.tags()["workflow"] == "tiny"
        assert path.with_suffix(".qml").read_text("utf-8").startswith("<!DOCTYPE qgis")


def test_rasters__hold_what_the_result_holds(rich: Any, case_folder: Path) -> None:
    for name, raster in rich.result.cases[CASE].rasters.data_vars.items():
        with rasterio.open(case_folder / "rasters" / f"{name}.tif") as source:
            written = source.read(1, masked=True).astype(float).filled(np.nan)
        expected = raster.values.astype("float32").astype(float)
        if name == "cores":
            expected[expected == 0] = np.nan if np.isnan(written).any() else 0
        np.testing.assert_array_equal(written, expected, err_msg=str(name))


def test_geopackage__one_layer_per_kind_with_case_and_style(rich: Any) -> None:
    path = rich.folder / "corridors.gpkg"
    names = {str(name) for name, _ in pyogrio.list_layers(path)} - {"layer_styles"}
    vectors = {name: entry for name, entry in schema.VECTORS.items() if name not in schema.EDITED}
    assert names == {*vectors, *schema.CONTEXT}
    for name, entry in (vectors | schema.CONTEXT).items():
        frame = gpd.read_file(path, layer=name)
        columns = [*frame.columns.drop("geometry")]
        assert columns == [*(["case"] if name in schema.VECTORS else []), *unedited(entry.columns)], name
        assert len(frame), name
        assert frame.geometry.is_valid.all()
        if name in schema.VECTORS:
            assert set(frame["case"]) == {CASE}
    with closing(sqlite3.connect(path)) as package:
        styled = {row[0] for row in package.execute("SELECT f_table_name FROM layer_styles")}
        version = package.execute("PRAGMA user_version").fetchone()[0]
    assert styled == names
    assert version == 10_200


def test_geopackage__names_come_through(rich: Any) -> None:
    parks = gpd.read_file(rich.folder / "corridors.gpkg", layer="protected_areas").set_index("name")
    assert parks["origin"].to_dict() == {"Тигровый «лог», 虎谷 & O'Brien": "source", "Ostpark": "stylised"}
    cores = gpd.read_file(rich.folder / "corridors.gpkg", layer="cores")
    assert set(cores["name"].dropna()) - {""} == set(parks.index)
    assert set(cores["countries"]) == {"AD", "LI"}


def test_tables__utf8_with_bom_and_as_in_memory(rich: Any, case_folder: Path) -> None:
    for path in rich.folder.rglob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), path.name
        columns, expected = list(pd.read_csv(path)), [*written_columns(path.stem)]
        if path.stem in schema.TABLES and schema.TABLES[path.stem].one_column_per:
            expected += [str(core_id) for core_id in rich.result.cases[CASE].vectors["cores"].index]
        left_out = result_laws.OF_CAPACITY | result_laws.OF_EDITS
        assert columns == [name for name in expected if name not in left_out], path.name
    for name, table in rich.result.cases[CASE].tables.items():
        written = pd.read_csv(case_folder / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""])
        assert len(written) == len(table), name
        for column in table.select_dtypes("number"):
            ours, theirs = table[column].astype(float), written[column].astype(float)
            np.testing.assert_allclose(theirs, ours, rtol=1e-6, err_msg=f"{name}.{column}")


def written_columns(name: str) -> tuple[str, ...]:
    return ("case", "code", "note") if name == "notes" else schema.TABLES[name].columns


def test_workbook__holds_every_table_of_the_run(rich: Any) -> None:
    book = openpyxl.load_workbook(rich.folder / "tables.xlsx", read_only=True)
    others = ("notes", "layers", "edits", "core_ids", *OF_SEVERAL_CASES)  # nothing was edited by hand
    names = [name for name in schema.TABLES if name not in others]
    wanted = [f"{CASE[: 30 - len(name)]} {name}" for name in names]
    assert book.sheetnames == ["contents", *wanted, "layers", "notes"]
    cores = list(book[f"{CASE} cores"].iter_rows(values_only=True))
    assert len(cores) == 1 + len(rich.result.cases[CASE].vectors["cores"])


def test_project__has_a_theme_and_an_a4_page_for_the_case(rich: Any) -> None:
    with zipfile.ZipFile(rich.folder / "project.qgz") as archive:
        root = ElementTree.fromstring(archive.read("project.qgs").decode())
    (theme,), (layout,) = root.findall("visibility-presets/visibility-preset"), root.findall("Layouts/Layout")
    assert theme.get("name") == layout.get("name") == rich.result.cases[CASE].title
    said = "\n".join(item.get("labelText") or "" for item in layout.iter("LayoutItem"))
    assert rich.result.title in said
    for note in rich.result.cases[CASE].notes:
        assert note.code in NOT_ON_THE_FIGURE or "".join(note.text.split()) in "".join(said.split())


def test_capacity_as_node_weight__is_written_as_an_interval_of_adults(by_capacity: pd.DataFrame) -> None:
    by_length = by_capacity[by_capacity["distance"] == "length"]
    low, high = (by_length[f"equivalent_connected_adults_{end}"] for end in ("low", "high"))
    # Densities of 1 and 2 adults per 100 km²: every core holds twice as many at the high end.
    assert high.tolist() == pytest.approx((2 * low).tolist())
    assert (low > 0).all()
    assert by_length["equivalent_connected_area_km2"].isna().all()


def unedited(columns: tuple[str, ...]) -> list[str]:
    """Return the columns of a run nobody edited by hand."""
    return [column for column in columns if column not in {"edit", "reason", "author"}]


def test_every_column_of_the_schema_is_filled_by_something(
    rich: Any, by_capacity: pd.DataFrame, edited: Any, tmp_path: Path
) -> None:
    """A column nobody fills misleads the reader of `corridors describe`."""
    filled = {"case", *by_capacity.columns}
    filled |= {column for table in schema.SINGLE_TABLES.values() for column in table.columns}
    export_run(rich.folder, tmp_path / "degrees", form="csv")
    export_run(rich.folder, tmp_path / "metres", form="csv", crs="EPSG:32652")
    for path in (*rich.folder.rglob("*.csv"), *edited.folder.rglob("*.csv"), *tmp_path.rglob("*.csv")):
        filled |= set(pd.read_csv(path))
    for name in schema.CONTEXT:
        filled |= set(gpd.read_file(rich.folder / "corridors.gpkg", layer=name).columns)
    for name in schema.VECTORS:
        filled |= set(gpd.read_file(edited.folder / "corridors.gpkg", layer=name).columns)
    # Tables of several cases and of two runs are filled elsewhere.
    tables = [table for name, table in schema.TABLES.items() if name not in OF_SEVERAL_CASES]
    holders = [*tables, *schema.VECTORS.values(), *schema.CONTEXT.values()]
    assert {column for holder in holders for column in holder.columns} - filled == set()


def test_overview__is_a_picture_with_something_on_it(rich: Any) -> None:
    pixels = imread(rich.folder / "figures" / "overview.png")[..., :3]
    assert min(pixels.shape[:2]) > 800
    assert len(np.unique(pixels @ [1, 256, 65_536])) > 100
    assert (pixels == 1).all(axis=-1).mean() < 0.9


def test_project__names_only_files_that_are_there(rich: Any) -> None:
    with zipfile.ZipFile(rich.folder / "project.qgz") as archive:
        (name,) = archive.namelist()
        text = archive.read(name).decode("utf-8")
    assert str(rich.folder) not in text
    assert str(rich.folder.parents[1].name) not in text
    mentioned = {part.split('"')[0].split("|")[0].split("<")[0] for part in text.split("./")[1:]}
    assert {file for file in mentioned if not (rich.folder / file).is_file()} == set()
    assert {f"layers/{name}.tif" for name in PREDICTORS} <= mentioned


def test_run_json__hashes_match_and_nothing_names_the_machine(rich: Any) -> None:
    text = (rich.folder / "run.json").read_text("utf-8")
    record = json.loads(text)
    outputs = {entry["path"]: entry["sha256"] for entry in record["outputs"]}
    assert outputs == {name: digest for name, digest in rich.files().items() if name != "run.json"}
    data = rich.workflow.parent / "data"
    inputs = {entry["file"]: entry["sha256"] for entry in record["inputs"]}
    assert inputs == {path.name: hash_file(path) for path in inputs_of(rich)}
    for private in (str(data), str(rich.folder.parents[1]), socket.gethostname(), f"/{getpass.getuser()}"):
        assert private not in text
    assert {note["code"] for note in record["notes"]} >= {"boundary", "scale", "movement", "slack"}
    counted = record["cases"][CASE]
    assert counted == {name: len(layer) for name, layer in rich.result.cases[CASE].vectors.items()}
    assert counted.items() >= {
        "cores": 3, "links": 2, "corridors": 2, "crossings": 3, "barriers": 4, "openings": 2,
    }.items()  # fmt: skip


def inputs_of(rich: Any) -> list[Path]:
    used = [*(rich.workflow.parent / "data").iterdir(), rich.workflow.parent / "more parks.gpkg"]
    return sorted(used)


def test_again__same_bytes(rich: Any, tmp_path: Path) -> None:
    """Rasters, tables, vectors, project and figure: the same workflow gives the same bytes elsewhere."""
    again = tmp_path / "elsewhere" / "again"
    run(load_workflow(str(rich.workflow)), out=str(again))
    names = [name for name in rich.files() if name not in ("run.json", "run.log", "workflow.toml")]
    assert {name: hash_file(again / name) for name in names} == {name: rich.files()[name] for name in names}


def test_workflow_of_the_run__runs_again_to_the_same_bytes(rich: Any, tmp_path: Path) -> None:
    """As a colleague would: from the run folder, over the former run, whatever the working folder."""
    again = tmp_path / "again"
    result = run(load_workflow(str(rich.folder / "workflow.toml")), out=str(again))
    names = [name for name in rich.files() if name not in ("run.json", "run.log", "workflow.toml")]
    assert {name: hash_file(again / name) for name in names} == {name: rich.files()[name] for name in names}
    assert result.title == rich.result.title
    run(load_workflow(str(again / "workflow.toml")), out=str(again))
    third = load_workflow(str(again / "workflow.toml"))
    assert third.model_dump_json() == load_workflow(str(again / "workflow.toml")).model_dump_json()
    assert {name: hash_file(again / name) for name in names} == {name: rich.files()[name] for name in names}


def test_data_folder_given__is_the_one_the_workflow_of_the_run_names(tmp_path: Path) -> None:
    workflow = tiny.write_landscape(tmp_path)
    moved = (tmp_path / "data").rename(tmp_path / "данные со стороны")
    run(load_workflow(str(workflow)), out=str(tmp_path / "run"), data=str(moved))
    written = load_workflow(str(tmp_path / "run" / "workflow.toml"))
    assert written.data.folder == "../данные со стороны"
    run(written, out=str(tmp_path / "again"))


def test_inputs_at_hand__are_not_read_again(rich: Any, tmp_path: Path) -> None:
    workflow = load_workflow(str(rich.workflow))
    inputs = read_inputs(workflow)
    assert isinstance(inputs, Inputs)
    steps: list[str] = []
    run(
        workflow,
        out=str(tmp_path / "run"),
        inputs=inputs,
        progress=lambda step, _: steps.append(step),
    )
    assert "Reading layers" not in steps
    assert steps[-1] == "Done"
    assert hash_file(tmp_path / "run" / "corridors.gpkg") == rich.files()["corridors.gpkg"]


def test_one_core_only__the_folder_is_whole_all_the_same(tmp_path: Path) -> None:
    workflow = tiny.write_landscape(tmp_path)
    text = workflow.read_text("utf-8").replace("scores = { 1 = 0.1,", "scores = { 1 = 0.9,")
    workflow.write_text(text.replace("k = 0.5", "k = 0.01"), "utf-8")
    result = run(load_workflow(str(workflow)), out=str(tmp_path / "run"))
    assert {name: len(layer) for name, layer in result.cases[CASE].vectors.items()}["cores"] == 1
    links = gpd.read_file(tmp_path / "run" / "corridors.gpkg", layer="links")
    assert len(links) == 0
    assert list(links.columns) == ["case", *unedited(schema.LINK_COLUMNS), "geometry"]
    notes = pd.read_csv(tmp_path / "run" / "notes.csv")
    assert "single_core" in set(notes["code"])


def test_cores_from_polygons_of_our_own(tmp_path: Path) -> None:
    """Any layer of polygons may be core areas, not only the kinds the program knows."""
    workflow = tiny.write_landscape(tmp_path)
    west, south, east, north = tiny.BOUNDS
    units = [shapely.box(west, south, west + 0.05, north), shapely.box(east - 0.05, south, east, north)]
    frame = gpd.GeoDataFrame({"label": ["Wolf", "Рысь"]}, geometry=units, crs=4326)
    pyogrio.write_dataframe(frame, tmp_path / "data" / "units.gpkg", layer="my units", driver="GPKG")
    text = workflow.read_text("utf-8").replace(
        "[[species]]",
        '[layers.units]\nkind = "polygons"\nsources = ["units.gpkg|my units"]\nname_column = "label"\n'
        "[[species]]",
    )
    workflow.write_text(
        text.replace("[species.cores]", '[species.cores]\nfrom = "polygons"\nlayer = "units"'), "utf-8"
    )
    result = run(load_workflow(str(workflow)), out=str(tmp_path / "run"))
    assert set(result.cases[CASE].vectors["cores"]["name"]) == {"Wolf", "Рысь"}
    assert len(result.cases[CASE].vectors["links"]) == 1


def test_two_cases__share_layers_and_each_has_a_figure_and_rows(tmp_path: Path) -> None:
    workflow = tiny.write_landscape(tmp_path)
    text = workflow.read_text("utf-8")
    second = "[[species]]" + text.split("[[species]]")[1].replace("year-round", "winter")
    workflow.write_text(text + second, "utf-8")
    run(load_workflow(str(workflow)), out=str(tmp_path / "run"))
    keys = ["forest_cat-year-round-baseline", "forest_cat-winter-baseline"]
    assert sorted(path.name for path in (tmp_path / "run" / "cases").iterdir()) == sorted(keys)
    figures = {path.name for path in (tmp_path / "run" / "figures").iterdir()}
    assert figures == {f"{key}-overview.png" for key in keys}
    cores = gpd.read_file(tmp_path / "run" / "corridors.gpkg", layer="cores")
    assert cores["case"].value_counts().to_dict() == dict.fromkeys(keys, 2)
    one, other = (tmp_path / "run" / "cases" / key / "rasters" for key in keys)
    assert all(hash_file(path) == hash_file(other / path.name) for path in one.iterdir())


@pytest.mark.parametrize("season", ["/../../../../outside", "зима 'и' 冬天"])
def test_season__can_say_anything_and_files_stay_in_the_folder(tmp_path: Path, season: str) -> None:
    """A case key holds the season where two cases share a name; it must not lead out of the run folder."""
    workflow = tiny.write_landscape(tmp_path)
    text = workflow.read_text("utf-8")
    second = "[[species]]" + text.split("[[species]]")[1].replace("year-round", season)
    workflow.write_text(text + second, "utf-8")
    try:
        run(load_workflow(str(workflow)), out=str(tmp_path / "run"))
    except CorridorsError:
        assert not (tmp_path / "run").exists()
    else:
        record = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
        assert sum(entry["path"].endswith("suitability.tif") for entry in record["outputs"]) == 2
    assert {path.name for path in tmp_path.iterdir()} <= {"data", "run", ".run.steps", "tiny.toml"}


def test_optional_layer_absent__left_out_and_said(rich: Any, tmp_path: Path) -> None:
    shutil.copytree(rich.workflow.parent / "data", tmp_path / "data")
    shutil.copy(rich.workflow.parent / "more parks.gpkg", tmp_path)
    (tmp_path / "data" / "prey.tif").unlink()
    workflow = tmp_path / "tiny.toml"
    text = rich.workflow.read_text("utf-8").replace(
        "[layers.prey_density]", "[layers.prey_density]\noptional = true"
    )
    workflow.write_text(text, "utf-8")
    result = run(load_workflow(str(workflow)), out=str(tmp_path / "run"))
    assert "Optional layer prey_density is not in the data." in [note.text for note in result.notes]
    assert not (tmp_path / "run" / "layers" / "prey_density.tif").exists()


def test_margin_that_the_data_lack__is_said(rich: Any, tmp_path: Path) -> None:
    workflow = load_workflow(str(rich.workflow))
    wide = workflow.model_copy(update={"area": workflow.area.model_copy(update={"margin_km": 40.0})})
    inputs = read_inputs(wide)
    assert max(inputs.shortfall_km.values()) > 30
    result = run(wide, out=str(tmp_path / "run"), inputs=inputs)
    (text,) = (note.text for note in result.notes if note.code == "margin")
    assert text.startswith("The data end inside the margin of 40 km")
    assert replace(rich.result.grid) == result.grid  # reported is the reporting area, whatever the margin
