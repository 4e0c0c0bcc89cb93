"""Hand edits in real files: honoured, said, never overwritten, everything wrong with them told at once."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import edits_land as land
import geopandas as gpd
import in_qgis
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
from shapely import LineString, Polygon, box

from corridors.config import load_workflow
from corridors.errors import CorridorsError, flatten
from corridors.pipeline import run
from corridors.preflight import check_file

WHO = {"reason": "seen", "author": "N"}


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the landscape once; the run is called `first`."""
    folder = tmp_path_factory.mktemp("правки и 编辑")
    land.run_in(folder, land.write_land(folder), "first")
    return folder


def table(folder: Path, run_name: str, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / run_name / "cases" / land.CASE / "tables" / f"{name}.csv")


def labels(folder: Path, run_name: str) -> np.ndarray:
    with rasterio.open(folder / run_name / "cases" / land.CASE / "rasters" / "cores.tif") as source:
        return source.read(1)


def codes(folder: Path, workflow: Path, **options: Any) -> dict[str, str]:
    """Return what a check complains about, by code."""
    _, found = check_file(str(workflow), out=str(folder / "never"), **options)
    return {problem.code: problem.message() for problem in found.problems}


# ---------------------------------------------------------------- core areas


def test_a_copy_left_as_it_is_changes_no_cell_and_no_number(first: Path) -> None:
    land.save(first, land.cores_of(first).assign(**WHO), file="same.gpkg")
    workflow = land.edited_workflow(first, source="same.gpkg", name="same")
    land.run_in(first, workflow, "same")
    np.testing.assert_array_equal(labels(first, "same"), labels(first, "first"))
    same, former = table(first, "same", "links"), table(first, "first", "links")
    pd.testing.assert_frame_equal(same[former.columns], former)
    assert table(first, "same", "edits")["what"].tolist() == ["core"] * 4
    assert table(first, "same", "cores")["author"].tolist() == ["N"] * 4


@pytest.mark.qgis
def test_edited_in_real_qgis_and_honoured(first: Path) -> None:
    reason = in_qgis.missing_qgis()
    if reason:
        pytest.skip(f"QGIS: {reason}")
    copy = land.cores_of(first).assign(reason="", author="")
    copy.loc[copy["core_id"] == 4, ["reason", "author"]] = ["looked at, left as it is", "N"]
    land.save(first, copy, file="правка.gpkg", layer="cores")
    file = first / "правка.gpkg"
    script = Path(__file__).with_name("edit_in_qgis.py")
    done = subprocess.run(
        [in_qgis.SYSTEM_PYTHON, str(script), str(file), "cores"],
        capture_output=True, text=True, env=in_qgis.ENVIRONMENT, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"split": 0, "ids": [1, 2, 2, 4]}
    drawn = hashlib.sha256(file.read_bytes()).hexdigest()
    workflow = land.edited_workflow(first, source="правка.gpkg|cores", name="qgis")
    land.run_in(first, workflow, "qgis")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == drawn

    now, before = labels(first, "qgis"), labels(first, "first")
    assert set(np.unique(now)) == {0, 1, 2, 4, 5}
    assert set(before[now == 1].tolist()) == {1}
    assert (now == 1).sum() < 0.7 * (before == 1).sum()  # reshaped to its southern half
    assert (now[before == 3] == 0).all()  # deleted
    np.testing.assert_array_equal(np.isin(now, (2, 5)), before == 2)  # split: 2 keeps the larger part
    assert (now == 2).sum() > (now == 5).sum() > 0
    np.testing.assert_array_equal(now == 4, before == 4)  # left alone
    cores = table(first, "qgis", "cores").set_index("core_id")
    assert cores.at[1, "name"] == "Медвежий лог"
    assert cores.at[5, "reason"] == "seen in the field, 现场"
    links = table(first, "qgis", "links")
    assert set(links["core_a"]) | set(links["core_b"]) <= {1, 2, 4, 5}
    assert (links["core_a"] < links["core_b"]).all()
    notes = (first / "qgis" / "notes.csv").read_text("utf-8-sig")
    assert "core_id 2 stands 2 times: the largest keeps it" in notes
    record = json.loads((first / "qgis" / "run.json").read_text("utf-8"))
    assert {"file": "правка.gpkg", "sha256": drawn} in record["inputs"]
    outlines = pyogrio.read_dataframe(first / "qgis" / "corridors.gpkg", layer="edited_cores")
    assert outlines["core_id"].tolist() == [1, 2, 4, 5]
    assert set(outlines["author"]) == {"N", "Н. О."}
    report = (first / "qgis" / "report.html").read_text("utf-8")
    assert 'id="edits"' in report
    assert "Н. О." in report
    again = run(load_workflow(str(first / "qgis" / "workflow.toml")), out=str(first / "again"))
    np.testing.assert_array_equal(labels(first, "again"), now)
    assert len(again.cases[land.CASE].vectors["edited_cores"]) == 4


def test_drawn_anew_are_numbered_on_and_rows_of_other_cases_passed_over(first: Path) -> None:
    cores = land.cores_of(first).assign(**WHO)
    new = cores.iloc[[3]].assign(core_id=None, case=None, name="Новое ядро")
    other = cores.iloc[[2]].assign(case="bear")
    land.save(first, pd.concat([cores.iloc[:2], new, other]), file="new.gpkg")
    case = land.run_in(first, land.edited_workflow(first, source="new.gpkg|cores", name="new"), "new")
    assert case.vectors["cores"].index.tolist() == [1, 2, 3]
    assert case.vectors["cores"].at[3, "name"] == "Новое ядро"
    assert any("name no case" in note.text for note in case.notes)


def test_everything_wrong_with_a_layer_is_told_at_once(first: Path) -> None:
    cores = land.cores_of(first)
    wrong = cores.assign(reason=["a", "b", "", "d"], author="", core_id=[1.0, 2.5, -3.0, 4.0]).rename(
        columns={"name": "nam"}
    )
    land.save(first, wrong, file="wrong.gpkg")
    end = '\n[[override]]\nsource = "absent.gpkg"\nresistance = 9\nreason = "r"\nauthor = "a"\n'
    links = 'force = [{ core_a = 1, core_b = 2, reason = "r", author = "a" }]'
    workflow = land.edited_workflow(first, source="wrong.gpkg", links=links, end=end, name="wrong")
    found = codes(first, workflow)
    assert set(found) == {"I234", "I235", "I238", "I251"}
    assert "there is no column name. Given: nam. Did you mean nam?" in found["I234"]
    assert "2.5, -3.0" in found["I235"]
    assert "who edited it" in found["I238"]
    assert "relative to the workflow file" in found["I251"]
    assert not (first / "never").exists()


def repaired(first: Path, frame: gpd.GeoDataFrame, name: str) -> list[str]:
    """Return the notes of a check on an edited layer that is mended and not refused."""
    land.save(first, frame, file=f"{name}.gpkg")
    workflow = land.edited_workflow(first, source=f"{name}.gpkg", name=name)
    _, found = check_file(str(workflow), out=str(first / "never"))
    assert found.problems == ()
    return [note.text for note in found.notes]


def test_repairs_are_said(first: Path) -> None:
    cores = land.cores_of(first).assign(**WHO)
    left, bottom, right, top = cores.geometry[0].bounds
    bow = Polygon([(left, bottom), (right, top), (right, bottom), (left, top)])
    shapes = [bow, *cores.geometry[1:]]
    notes = repaired(first, cores.set_geometry(shapes, crs=cores.crs), "bow")
    assert any("1 was repaired (self-intersection)" in note for note in notes)
    over = cores.geometry.copy()
    over[1] = over[1].union(box(right - 3000, top - 3000, over[1].bounds[2], top))
    notes = repaired(first, cores.set_geometry(over), "overlap")
    assert any("Overlaps a polygon earlier" in note for note in notes)
    sliver = (
        cores.iloc[[0]].assign(core_id=9).set_geometry([box(left, bottom, left + 10, top)], crs=cores.crs)
    )
    notes = repaired(first, pd.concat([cores, sliver]), "sliver")
    assert any("smaller than a cell, and left out: 9" in note for note in notes)
    notes = repaired(first, cores.to_crs(4326), "degrees")
    assert any("reprojected from WGS 84 to" in note for note in notes)
    notes = repaired(first, cores.drop(columns="core_id"), "lost")
    assert any("no feature has a core_id" in note for note in notes)


def test_what_cannot_be_mended_is_refused_in_one_clear_message(first: Path) -> None:
    cores = land.cores_of(first).assign(**WHO)

    def refused(frame: gpd.GeoDataFrame, name: str) -> dict[str, str]:
        land.save(first, frame, file=f"{name}.gpkg")
        return codes(first, land.edited_workflow(first, source=f"{name}.gpkg", name=name))

    assert set(refused(cores.iloc[:0], "empty")) == {"I236"}
    found = refused(cores.assign(case="forest_caat"), "other")
    assert "Did you mean forest_caat?" in found["I236"]
    far = cores.set_geometry(cores.translate(1e6, 0))
    assert "outside the analysis area" in refused(far, "far")["I240"]
    lines = cores.set_geometry(cores.boundary)
    assert set(refused(lines, "lines")) == {"I228"}
    assert "Beijing" in refused(cores.to_crs(4214), "beijing")["I219"]
    (first / "broken.gpkg").write_bytes((first / "far.gpkg").read_bytes()[:5000])
    assert set(codes(first, land.edited_workflow(first, source="broken.gpkg", name="broken"))) == {"I231"}
    assert (
        "Did you mean" in codes(first, land.edited_workflow(first, source="far.gpkg|core", name="no"))["I252"]
    )


def test_a_locked_geopackage_is_said_to_be(first: Path) -> None:
    land.save(first, land.cores_of(first).assign(**WHO), file="locked.gpkg")
    workflow = land.edited_workflow(first, source="locked.gpkg", name="locked")
    with sqlite3.connect(first / "locked.gpkg", isolation_level=None) as database:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("UPDATE gpkg_contents SET description = 'x'")
        found = codes(first, workflow)
        database.execute("ROLLBACK")
    (message,) = found.values()
    assert "close" in message.lower()
    database.close()


# ---------------------------------------------------------------- links


def test_links_excluded_and_forced(first: Path) -> None:
    former = table(first, "first", "links").sort_values("path_length_km")
    pairs = [*zip(former["core_a"], former["core_b"], strict=True)]
    gone, far, limit_km = pairs[0], pairs[-1], float(former["path_length_km"].iloc[-2])
    assert former["path_length_km"].iloc[-1] > limit_km
    links = (
        f'exclude = [{{ core_a = {gone[1]}, core_b = {gone[0]}, reason = "mine", author = "A" }}]\n'
        f'force = [{{ core_a = {far[1]}, core_b = {far[0]}, reason = "collar", author = "B" }}]'
    )
    workflow = land.edited_workflow(first, source="", links=links, name="links")
    text = workflow.read_text("utf-8").replace("max_link_km = 50", f"max_link_km = {limit_km + 1e-6}")
    workflow.write_text(text, "utf-8")
    land.run_in(first, workflow, "links")
    now = table(first, "links", "links")
    assert {*zip(now["core_a"], now["core_b"], strict=True)} == set(pairs) - {gone}
    forced = now[now["edit"] == "force"].iloc[0]
    assert (forced["core_a"], forced["core_b"]) == far
    assert (forced["reason"], forced["author"]) == ("collar", "B")
    edits = table(first, "links", "edits").set_index("what")
    assert edits.at["exclude", "effect"].startswith("link taken out: ")
    assert edits.at["force", "effect"].startswith("link added: ")
    np.testing.assert_array_equal(labels(first, "links"), labels(first, "first"))


def test_pairs_that_cannot_be_are_told_at_once(first: Path) -> None:
    who = 'reason = "r", author = "a"'
    links = f"include = [{{ core_a = 1, core_b = 77, {who} }}, {{ core_a = 88, core_b = 2, {who} }}]"
    workflow = land.edited_workflow(first, source="", links=links, name="pairs")
    _, found = check_file(str(workflow), out=str(first / "never"))
    assert [problem.code for problem in found.problems] == ["I241", "I241"]
    links = f"""exclude = [{{ core_a = 1, core_b = 2, {who} }}, {{ core_a = 2, core_b = 1, {who} }}]
force = [{{ core_a = 2, core_b = 1, {who} }}, {{ core_a = 3, core_b = 3, {who} }}]"""
    assert set(codes(first, land.edited_workflow(first, source="", links=links, name="pairs"))) == {"C130"}
    links = links.replace("core_a = 3", "core_a = 1")
    found = codes(first, land.edited_workflow(first, source="", links=links, name="pairs"))
    assert set(found) == {"C131"} or "C132" in found
    links = 'force = [{ core_a = 2, core_b = 1, author = " " }]'
    found = codes(first, land.edited_workflow(first, source="", links=links, name="pairs"))
    assert "reason is missing" in found["C104"]


# ---------------------------------------------------------------- resistance


def override(what: str = "", **more: str) -> str:
    keys = {"source": "resist.gpkg|x", "reason": "a mine", "author": "M"} | more
    return "\n[[override]]\n" + "".join(f'{key} = "{value}"\n' for key, value in keys.items()) + what + "\n"


def test_resistance_set_on_a_polygon_and_multiplied_along_a_line(first: Path) -> None:
    with rasterio.open(first / "first" / "cases" / land.CASE / "rasters" / "resistance.tif") as source:
        before, grid = source.read(1), source.transform
        crs = source.crs
    x, y = grid @ (12, 5)
    area = box(x, y - 3000, x + 2000, y)  # 2 x 3 cells, rows 5 to 7
    land.save(first, gpd.GeoDataFrame(geometry=[area], crs=crs), file="resist.gpkg", layer="x")
    x, y = grid @ (10, 12)
    road = LineString([(x + 500, y - 500), (x + 5500, y - 5500)])  # a diagonal of six cells
    line = gpd.GeoDataFrame(
        {"multiply": [4.0], "reason": ["road"], "author": ["R"]}, geometry=[road], crs=crs
    )
    pyogrio.write_dataframe(line, first / "roads.gpkg", layer="y", driver="GPKG")
    end = override("resistance = 77") + '\n[[override]]\nsource = "roads.gpkg"\n'
    land.run_in(first, land.edited_workflow(first, source="", end=end, name="resist"), "resist")
    with rasterio.open(first / "resist" / "cases" / land.CASE / "rasters" / "resistance.tif") as source:
        after = source.read(1)
    expected = before.copy()
    expected[5:8, 12:14] = 77
    changed = after != expected
    diagonal = [(12 + step, 10 + step) for step in range(6)]
    assert changed[tuple(zip(*diagonal, strict=True))].all()
    np.testing.assert_allclose(after[changed], 4 * before[changed], rtol=1e-6)
    assert changed.sum() == 11  # six cells of the diagonal, joined side to side by five
    edits = table(first, "resist", "edits")
    assert edits["where"].tolist() == ["resist.gpkg|x, feature 1", "roads.gpkg, feature 1"]
    assert edits["author"].tolist() == ["M", "R"]
    assert edits["effect"][0] == f"6 cells, median resistance {np.median(before[5:8, 12:14]):.3g} to 77"
    layer = pyogrio.read_dataframe(first / "resist" / "corridors.gpkg", layer="overrides")
    assert layer["cells_n"].tolist() == [6, 11]
    assert layer.geometry.area.tolist() == [6e6, 11e6]


@pytest.mark.parametrize(
    ("columns", "what", "code"),
    [
        ({}, "", "I239"),
        ({"resistance": [0.5]}, "", "I239"),
        ({"resistance": [2.0], "multiply": [2.0]}, "", "I239"),
        ({"multiply": ["much"]}, "", "I239"),
        ({"resistence": [5.0]}, "", "I234"),
        ({}, "resistance = 2\nmultiply = 3", "C133"),
        ({}, "resistance = 0.5", "C103"),
        ({}, 'resistance = 5\nspecies = "forest_cot"', "C134"),
    ],
)
def test_values_that_are_none(first: Path, columns: dict[str, Any], what: str, code: str) -> None:
    area = land.cores_of(first).geometry[:1]
    land.save(
        first, gpd.GeoDataFrame(columns, geometry=list(area), crs=area.crs), file="resist.gpkg", layer="x"
    )
    assert code in codes(first, land.edited_workflow(first, source="", end=override(what), name="values"))


def test_an_override_of_another_species_changes_nothing(first: Path) -> None:
    text = land.edited_workflow(first, source="", end=override("resistance = 50"), name="two")
    area = land.cores_of(first).geometry[:1]
    land.save(first, gpd.GeoDataFrame(geometry=list(area), crs=area.crs), file="resist.gpkg", layer="x")
    workflow = load_workflow(str(text))
    other = workflow.override[0].model_copy(update={"species": ("lynx",)})
    result = run(workflow.model_copy(update={"override": (other,)}), out=str(first / "two"))
    assert "edits" not in result.cases[land.CASE].tables


# ---------------------------------------------------------------- numbers of an earlier run


def test_numbers_follow_an_earlier_run(first: Path) -> None:
    text = (first / "tiny.toml").read_text("utf-8")
    with_less = first / "less.toml"  # the smallest forest is no core area any more
    with_less.write_text(text.replace("min_area_km2 = 15", "min_area_km2 = 33"), "utf-8")
    land.run_in(first, first / "tiny.toml", "self", ids_from=str(first / "first"))
    for name in ("cores", "links", "cost_distance_matrix", "link_exposure", "core_importance"):
        pd.testing.assert_frame_equal(table(first, "self", name), table(first, "first", name))
    assert (table(first, "self", "core_ids")["relation"] == "kept").all()

    # Numbers of the edited run: 2, 9 and 11; those that come again keep them, links as well.
    cores = land.cores_of(first).assign(**WHO, core_id=[9, 2, 11, 4])
    land.save(first, cores, file="numbers.gpkg")
    land.run_in(first, land.edited_workflow(first, source="numbers.gpkg", name="numbers"), "numbers")
    renamed, whole = ({1: 9, 2: 2, 3: 11, 4: 4}, table(first, "first", "links"))
    costs = {
        frozenset((renamed[row.core_a], renamed[row.core_b])): row.cost_distance_m
        for row in whole.itertuples()
    }
    now = table(first, "numbers", "links")
    assert {frozenset((row.core_a, row.core_b)): row.cost_distance_m for row in now.itertuples()} == costs
    land.run_in(first, with_less, "less", ids_from=str(first / "numbers"))
    ids = table(first, "less", "core_ids").set_index("core_id")["relation"]
    assert ids.to_dict() == {2: "kept", 9: "kept", 11: "kept", 4: "gone"}
    assert set(np.unique(labels(first, "less"))) == {0, 2, 9, 11}
    matrix = table(first, "less", "cost_distance_matrix")
    assert list(matrix.columns) == ["core_id", "2", "9", "11"]
    links = table(first, "less", "links")
    former = table(first, "numbers", "links").set_index(["core_a", "core_b"])["link_id"].to_dict()
    for row in links.itertuples():
        assert row.link_id == former[row.core_a, row.core_b]
    assert (links["core_a"] < links["core_b"]).all()

    # The forest that was 4 comes again: its number is gone and not used for it, nor for anything else.
    land.run_in(first, first / "tiny.toml", "more", ids_from=str(first / "less"))
    assert set(np.unique(labels(first, "more"))) == {0, 2, 9, 11, 12}
    ids = table(first, "more", "core_ids").set_index("core_id")["relation"]
    assert ids.to_dict() == {2: "kept", 9: "kept", 11: "kept", 12: "new"}
    record = json.loads((first / "more" / "run.json").read_text("utf-8"))
    assert record["ids_from"] == "less"
    assert record["highest_ids"][land.CASE]["core_id"] == 12


def test_earlier_runs_that_do_not_fit(first: Path) -> None:
    text = (first / "tiny.toml").read_text("utf-8")
    former = str(first / "first")

    def complaint(changed: str) -> dict[str, str]:
        file = first / "changed.toml"
        file.write_text(changed, "utf-8")
        return codes(first, file, ids_from=former)

    found = complaint(text.replace("cell_size_m = 1000", "cell_size_m = 500"))
    assert "cells of 1000 m, now 500 m" in found["I277"]
    found = complaint(text.replace("EPSG:32652", "EPSG:32651"))
    assert "coordinate system" in found["I277"]
    found = complaint(text.replace('name = "forest_cat"', 'name = "forest_dog"'))
    assert "Did you mean forest_cat?" in found["I276"]
    assert set(codes(first, first / "tiny.toml", ids_from=str(first / "data"))) == {"I275"}


def test_problems_are_raised_together(first: Path) -> None:
    workflow = load_workflow(str(land.edited_workflow(first, source="no.gpkg", name="none")))
    with pytest.raises(CorridorsError) as caught:
        run(workflow, out=str(first / "never"), ids_from=str(first / "data"))
    assert {problem.code for problem in flatten([caught.value])} == {"I251", "I275"}
    assert not (first / "never").exists()
