"""Two run folders compared and written: nothing where nothing differs, all of it where something does."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import tiny_landscape as tiny
from in_qgis import look_in_qgis
from openpyxl import load_workbook
from typer.testing import CliRunner

from corridors import schema
from corridors.cli import app
from corridors.config import load_workflow
from corridors.errors import InputError, OutputError
from corridors.io import RunFolder, read_run
from corridors.pipeline import run
from corridors.schema import DIFF_TABLES
from corridors.studies.diff import diff_runs, sentences, write_diff
from corridors.studies.diff.compare import case_pairs
from corridors.studies.diff.tables import changed_inputs, value_rows

CHANGED = "changed <b>虎"


@pytest.fixture(scope="module")
def found(plain: RunFolder, changed: RunFolder) -> Any:
    return diff_runs(plain, changed)


@pytest.fixture(scope="module")
def folder(found: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("сравнение") / "diff"
    write_diff(found, out=str(out))
    return out


def test_a_run_and_its_repetition_have_no_difference(runs: Path, plain: RunFolder) -> None:
    for other in (plain, read_run(runs / "again")):
        found = diff_runs(plain, other)
        assert found.same
        assert sentences(found)[0].startswith("No difference")
        assert found.rasters == {}
        assert found.said == ()
        tables = found.tables
        assert all(tables[name].empty for name in ("parameter_changes", "version_changes", "value_changes"))
        assert (tables["input_changes"]["change"] == "same").all()
        assert (tables["change_summary"]["difference"] == 0).all()
        assert (tables["core_changes"]["change"] == "kept").all()
        assert (tables["link_changes"]["cost_change_m"] == 0).all()
        assert (tables["raster_changes"][["differing_n", "only_a_n", "only_b_n"]] == 0).all(axis=None)


def test_every_parameter_that_was_changed_is_told_and_no_other(found: Any) -> None:
    rows = found.tables["parameter_changes"].set_index("key")
    assert rows["value_a"].to_dict() == {"cores.threshold": "0.6", "movement.shape": "8"}
    assert rows["value_b"].to_dict() == {"cores.threshold": "0.9", "movement.shape": "2"}
    assert not found.same


def test_rasters_are_those_of_the_runs_subtracted(found: Any, folder: Path, runs: Path) -> None:
    with rasterio.open(folder / "rasters/forest_cat/resistance.tif") as written:
        difference = written.read(1)
        assert "B - A" in written.descriptions[0]
        assert np.isnan(written.nodata)
    cells = []
    for name in ("plain", CHANGED):
        with rasterio.open(runs / name / "cases/forest_cat/rasters/resistance.tif") as source:
            cells.append(source.read(1).astype(float))
    np.testing.assert_array_equal(difference, (cells[1] - cells[0]).astype(np.float32))
    # The suitability rests on nothing that was changed.
    assert ("forest_cat", "suitability") not in found.rasters
    row = found.tables["raster_changes"].set_index("raster").loc["suitability"]
    assert (row["compared"], row["differing_n"]) == (True, 0)


def test_links_cost_what_the_runs_say(found: Any, plain: RunFolder, changed: RunFolder) -> None:
    rows = found.tables["link_changes"]
    assert len(rows) > 0
    for one, side in ((plain, "a"), (changed, "b")):
        links = one.table("forest_cat", "links").set_index("link_id")["cost_distance_m"]
        told = rows.dropna(subset=[f"link_{side}"]).set_index(f"link_{side}")[f"cost_{side}_m"]
        assert told.to_dict() == links.to_dict()


def test_value_changes_hold_both_values(found: Any, plain: RunFolder, changed: RunFolder) -> None:
    rows = found.tables["value_changes"]
    rows = rows[(rows["table"] == "connectivity") & (rows["column"] == "equivalent_connected_area_km2")]
    assert len(rows) > 0
    one, other = (
        run.table("forest_cat", "connectivity").set_index(["dispersal_km", "distance"])
        for run in (plain, changed)
    )
    for row in rows.itertuples():
        kilometres, distance = re.match(r"dispersal_km ([\d.]+), distance (\w+)", row.row).groups()
        place = (float(kilometres), distance)
        expected = [float(t.loc[place, "equivalent_connected_area_km2"]) for t in (one, other)]
        assert row.difference == pytest.approx(expected[1] - expected[0])
        assert row.difference_percent == pytest.approx(100 * (expected[1] / expected[0] - 1))


def test_the_folder_holds_everything_and_names_no_place_of_this_machine(folder: Path, tmp_path: Path) -> None:
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"diff.html", "diff.gpkg", "project.qgz", "tables.xlsx", "run.json"} <= files
    assert {f"tables/{name}.csv" for name in DIFF_TABLES} <= files
    assert all(f"{Path(name).with_suffix('.qml')}" in files for name in files if name.endswith(".tif"))
    assert len(load_workbook(folder / "tables.xlsx").sheetnames) == len(DIFF_TABLES)
    for name in ("diff.html", "run.json"):
        assert str(folder.parent) not in (folder / name).read_text("utf-8")


def test_the_page_stands_alone_and_names_are_text(folder: Path) -> None:
    page = (folder / "diff.html").read_text("utf-8")
    assert "changed &lt;b&gt;虎" in page
    assert "<b>虎" not in page
    assert not re.search(r"""(src|href)=["'](?!#|data:)""", page)
    assert "movement.shape" in page
    assert page.count('<svg class="still"') >= 2


def test_outlines_say_what_became_of_them(folder: Path, found: Any) -> None:
    layers = [name for name, kind in pyogrio.list_layers(folder / "diff.gpkg") if kind]
    read = {name: pyogrio.read_dataframe(folder / "diff.gpkg", layer=name) for name in layers}
    for kind in ("cores", "links"):
        told = pd.concat([layer for name, layer in read.items() if name.startswith(kind)])
        expected = found.tables[f"{kind[:-1]}_changes"]
        assert sorted(told["change"]) == sorted(expected["change"])
    assert "borders" in layers


def test_the_same_comparison_gives_the_same_bytes(found: Any, folder: Path, tmp_path: Path) -> None:
    write_diff(found, out=str(tmp_path / "diff"))
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "run.json":
            assert path.read_bytes() == (tmp_path / "diff" / path.relative_to(folder)).read_bytes(), path.name


def test_a_comparison_replaces_a_former_one_but_never_a_run(found: Any, folder: Path, runs: Path) -> None:
    write_diff(found, out=str(folder))
    for out in (runs / "plain", runs / CHANGED, runs / "again", runs / "plain" / "inside"):
        with pytest.raises(OutputError, match="O402"):
            write_diff(found, out=str(out))
    assert read_run(runs / "again").changed == ()


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (shutil.rmtree, "I269", "there is no such folder"),
        (lambda run: (run / "run.json").unlink(), "I269", "it is no run folder"),
        (lambda run: (run / "run.json").write_text("{"), "I269", "it is no run folder"),
        (
            lambda run: (run / "run.json").write_text('{"made_by": "corridors"}'),
            "I269",
            "it is no run folder",
        ),
        (lambda run: (run / "layers" / "landcover.tif").unlink(), "I278", "layers/landcover.tif"),
        (lambda run: run.rename(run.with_name("x.partial-0123abcd")), "I269", "there is no such folder"),
    ],
)
def test_what_is_no_run_is_refused(runs: Path, tmp_path: Path, spoil: Any, code: str, said: str) -> None:
    shutil.copytree(runs / "plain", tmp_path / "run")
    spoil(tmp_path / "run")
    with pytest.raises(InputError, match=said) as caught:
        read_run(tmp_path / "run")
    assert caught.value.code == code
    assert str(tmp_path) not in str(caught.value)
    assert caught.value.remedy


def test_an_unfinished_run_and_a_comparison_are_no_runs(runs: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "run.partial-0123abcd").mkdir()
    with pytest.raises(InputError, match=r"I278.*unfinished"):
        read_run(tmp_path / "run.partial-0123abcd")
    with pytest.raises(InputError, match="I269"):
        read_run(folder)


def test_a_file_changed_by_hand_is_said(runs: Path, plain: RunFolder, tmp_path: Path) -> None:
    shutil.copytree(runs / "plain", tmp_path / "edited")
    with (tmp_path / "edited" / "notes.csv").open("a", encoding="utf-8") as file:
        file.write(",mine,A remark\r\n")
    found = diff_runs(plain, read_run(tmp_path / "edited"))
    assert found.said == ("edited was changed after it was written: notes.csv",)


def test_cases_are_paired_by_key_then_by_species() -> None:
    assert case_pairs(("a", "b-x-1"), ("a", "b-x-2")) == {"a": ("a", "a"), "b": ("b-x-1", "b-x-2")}
    assert case_pairs(("b-x-1", "b-x-2"), ("b-x-3",)) == {}


def test_runs_of_other_species_are_refused(plain: RunFolder, changed: RunFolder) -> None:
    other = RunFolder("other", changed.path, {**changed.record, "cases": {"marten": {}}}, {}, {}, ())
    with pytest.raises(InputError, match=r"I279.*A: forest_cat; B: marten"):
        diff_runs(plain, other)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"EPSG:32652"', '"EPSG:32651"', "another coordinate system"),
        ("cell_size_m = 1000", "cell_size_m = 500", "cells of another size"),
    ],
)
def test_on_other_grids_what_can_be_compared_is(
    plain: RunFolder, tmp_path: Path, old: str, new: str, said: str
) -> None:
    workflow = tiny.write_landscape(tmp_path)
    workflow.write_text(tiny.WORKFLOW.replace(old, new), "utf-8")
    run(load_workflow(workflow), out=str(tmp_path / "run"))
    found = diff_runs(plain, read_run(tmp_path / "run"))
    rows = found.tables["raster_changes"]
    assert not rows["compared"].any()
    assert rows["note"].str.contains(said).all()
    assert any(said in text for text in found.said)
    assert set(found.tables["core_changes"]["change"]) <= {"kept", "grown", "shrunk"}
    assert found.vectors["cores"].crs.to_epsg() == 32652
    write_diff(found, out=str(tmp_path / "diff"))
    assert said in (tmp_path / "diff" / "diff.html").read_text("utf-8")


def test_a_sensitive_column_never_enters(
    plain: RunFolder, changed: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = dataclasses.replace(schema.COLUMNS["equivalent_connected_area_km2"], sensitivity="sensitive")
    monkeypatch.setitem(schema.COLUMNS, "equivalent_connected_area_km2", column)
    raster = dataclasses.replace(schema.RASTERS["resistance"], sensitivity="sensitive")
    monkeypatch.setitem(schema.RASTERS, "resistance", raster)
    found = diff_runs(plain, changed)
    assert "equivalent_connected_area_km2" not in set(found.tables["value_changes"]["column"])
    assert "resistance" not in set(found.tables["raster_changes"]["raster"])


def test_rows_only_one_has_are_told() -> None:
    a = pd.DataFrame({"country": ["AD"], "area_km2": [1.0]})
    b = pd.DataFrame({"country": ["AD", "LI"], "area_km2": [np.nan, 2.0]})
    assert value_rows(a, b, ["country"]) == [
        ("country AD", "area_km2", "1", "", None, None),
        ("country LI", "(row)", "", "there", None, None),
    ]


def test_inputs_are_told_by_hash_files_of_one_name_together() -> None:
    a = {"inputs": [{"file": "x", "sha256": "1"}, {"file": "x", "sha256": "2"}, {"file": "y", "sha256": "3"}]}
    b = {"inputs": [{"file": "x", "sha256": "2"}, {"file": "x", "sha256": "1"}, {"file": "z", "sha256": "3"}]}
    changes = changed_inputs(a, b).set_index("file")["change"].to_dict()
    assert changes == {"x": "same", "y": "only in A", "z": "only in B"}


def test_the_command_tells_and_writes(runs: Path, tmp_path: Path) -> None:
    call = ["diff", str(runs / "plain"), str(runs / CHANGED), "--out", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["same"] is False
    assert told["problems"] == []
    assert Path(told["page"]).is_file()
    assert sum(told["changes"]["cores"].values()) >= 2


def test_the_command_has_one_message_for_what_is_no_run(runs: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["diff", str(runs / "plain"), str(tmp_path), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "I269" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.qgis
def test_the_project_opens_in_qgis(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere 虎"
    shutil.copytree(folder, moved)
    seen = look_in_qgis(moved / "project.qgz", tmp_path / "view.png")
    assert seen["read"]
    assert seen["error"] == ""
    assert [one["name"] for one in seen["layers"] if not one["valid"]] == []
    assert not seen["absolute"]
    assert seen["groups"][0][0] == "B - A: forest_cat"
    resistance = next(one for one in seen["layers"] if "resistance" in one["name"])
    values = [value for value, _, _ in resistance["classes"]]
    assert values == [-100, -30, -10, 0, 10, 30, 100]
    kept = next(one for one in seen["layers"] if one["name"].startswith("Core areas"))
    assert kept["features"] > 0
    (tmp_path / "pages").mkdir()
    themes = look_in_qgis("--pages", moved / "project.qgz", tmp_path / "pages")["themes"]
    assert list(themes) == ["B - A: forest_cat"]
    shown = [path[-1] for path in themes["B - A: forest_cat"]]
    assert any(name.startswith("B - A: normalised least-cost corridor") for name in shown)
    assert not any("resistance" in name for name in shown)
