"""A comparison as a folder: everything in it, the same every time, and whole in real QGIS."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import tiny_landscape as tiny
from in_qgis import look_in_qgis
from PIL import Image
from shapely import LineString, Point, box

from corridors.config import load_workflow
from corridors.pipeline import read_inputs
from corridors.studies.proposals import (
    Comparison,
    compare_proposals,
    project,
    read_proposals,
    write_comparison,
)
from corridors.studies.proposals.project import notes_about

WEST, SOUTH, EAST, NORTH = tiny.BOUNDS
NAMES = ["Лес <b>", "虎 way/over", "Fence"]
CASE = "forest_cat"


@dataclass(frozen=True)
class Written:
    """A comparison, its folder, and what it was made of."""

    comparison: Comparison
    folder: Path
    arguments: dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    place = tmp_path_factory.mktemp("сравнение 比较")
    given = gpd.GeoDataFrame(
        {
            "proposal": [NAMES[0], NAMES[1], NAMES[1], NAMES[2]],
            "kind": ["protect", "restore", "crossing structure", "fence"],
            "notice": ["stylised", "", "", ""],
        },
        geometry=[
            box(WEST + 0.01, SOUTH + 0.02, WEST + 0.06, NORTH - 0.02),
            box(tiny.MIDDLE - 0.05, SOUTH + 0.05, tiny.MIDDLE + 0.05, NORTH - 0.05),
            Point(tiny.MIDDLE, tiny.BORDER),
            LineString([(tiny.MIDDLE - 0.02, SOUTH), (tiny.MIDDLE - 0.02, NORTH)]),
        ],
        crs=4326,
    )
    pyogrio.write_dataframe(given, place / "proposals.gpkg", driver="GPKG")
    workflow = load_workflow(str(tiny.write_landscape(place)))
    inputs = read_inputs(workflow)
    proposals = read_proposals(str(place / "proposals.gpkg"), inputs.grid, bounds=inputs.bounds)
    comparison = compare_proposals(workflow, inputs, proposals)
    arguments = {"workflow": workflow, "inputs": inputs, "proposals_file": str(place / "proposals.gpkg")}
    write_comparison(comparison, **arguments, out=str(place / "out"))
    return Written(comparison, place / "out", arguments)


def hashes(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "run.json")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def test_folder__holds_what_it_should_and_nothing_else(written: Written) -> None:
    expected = {
        "comparison.xlsx", "corridors.gpkg", "kinds.md", "notes.csv", "project.qgz", "report.html",
        "tables/comparison.csv", "workflow.toml", f"figures/{CASE}-proposals.png",
        f"figures/{CASE}-02-way-over.png", f"figures/{CASE}-03-fence.png",
    }  # fmt: skip
    expected |= {f"layers/elevation.{ending}" for ending in ("tif", "qml")}
    rasters = ("suitability", "resistance")
    expected |= {f"cases/{CASE}/rasters/{name}.{ending}" for name in rasters for ending in ("tif", "qml")}
    assert set(hashes(written.folder)) == expected


def test_folder__same_bytes_every_time_and_nothing_of_this_machine(written: Written, tmp_path: Path) -> None:
    again = written.folder.with_name("again")
    write_comparison(written.comparison, **written.arguments, out=str(again))
    assert hashes(again) == hashes(written.folder)
    for name in ("run.json", "report.html", "notes.csv", "workflow.toml"):
        assert str(written.folder.parent) not in (written.folder / name).read_text("utf-8")
    record = json.loads((written.folder / "run.json").read_text("utf-8"))
    assert record["proposals"] == NAMES
    assert "proposals.gpkg" in {entry["file"] for entry in record["inputs"]}


def test_notices_of_the_file_reach_notes_and_report(written: Written) -> None:
    said = f"{NAMES[0]}: stylised"
    assert said in pd.read_csv(written.folder / "notes.csv")["note"].tolist()
    assert "Лес &lt;b&gt;: stylised" in (written.folder / "report.html").read_text("utf-8")


def test_geopackage__proposals_by_geometry_and_ways_by_proposal(written: Written) -> None:
    package = written.folder / "corridors.gpkg"
    held = {
        name: set(gpd.read_file(package, layer=name)["proposal"])
        for name in ("proposals", "proposed_lines", "proposed_points")
    }
    assert held == {
        "proposals": {NAMES[0], NAMES[1]},
        "proposed_lines": {NAMES[2]},
        "proposed_points": {NAMES[1]},
    }
    links = gpd.read_file(package, layer="links")
    assert list(links.columns[:2]) == ["proposal", "case"]
    # What protects changes no movement, so it has no rows of its own.
    cores = gpd.read_file(package, layer="cores")
    assert set(cores["proposal"]) == {"baseline", NAMES[1], NAMES[2]}


def test_workbook__holds_the_tables(written: Written) -> None:
    book = openpyxl.load_workbook(written.folder / "comparison.xlsx", read_only=True)
    assert book.sheetnames == ["contents", "comparison", "notes"]
    rows = list(book["comparison"].iter_rows(values_only=True))
    assert len(rows) == 1 + len(written.comparison.table)


def test_figures__fit_a4_at_300_dpi(written: Written) -> None:
    for path in (written.folder / "figures").iterdir():
        with Image.open(path) as picture:
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)
            assert min(picture.size) <= 2481
            assert max(picture.size) <= 3508


def test_report__shows_the_ways_of_each_proposal(written: Written) -> None:
    page = (written.folder / "report.html").read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    views = {view["title"].rpartition("baseline: ")[2]: view["layers"] for view in data["views"]}
    assert list(views) == ["as it is", *NAMES]
    own = {name: [layer for layer in views[name] if layer.startswith("+ways/")] for name in NAMES}
    assert own[NAMES[0]] == []
    assert f"{CASE}/corridor" in views[NAMES[0]]
    assert {layer.rpartition("/")[2] for layer in own[NAMES[1]]} >= {"links", "corridors"}
    for name in NAMES[1:]:
        assert f"{CASE}/corridor" not in views[name]
        assert f"{CASE}/resistance" not in views[name]
        assert {f"{CASE}/suitability", f"{CASE}/cores", f"proposal/{name}"} <= set(views[name])


def test_notes_about_a_proposal__are_not_those_of_a_longer_name(written: Written) -> None:
    names = ["Fence", "Fence with gates"]
    given = written.comparison.proposals.iloc[:2].assign(proposal=names)
    notes = (
        f"{CASE}: Fence: short",
        "Fence with gates: long",
        "Fence and Fence with gates overlap",
        "other: all",
    )
    comparison = replace(written.comparison, proposals=given, notes=notes)
    assert list(notes_about(comparison, CASE, "Fence")) == [
        "Fence: short.",
        "Fence and Fence with gates overlap.",
    ]
    assert len(list(notes_about(comparison, CASE, ""))) == 4


def test_another_language_is_refused_and_nothing_written(written: Written) -> None:
    out = written.folder.with_name("none")
    with pytest.raises(Exception, match="I289"):
        write_comparison(written.comparison, **written.arguments, out=str(out), language="xx")
    assert not out.exists()


@pytest.fixture(scope="module")
def seen(written: Written, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return look_in_qgis("--pages", written.folder / "project.qgz", tmp_path_factory.mktemp("pages"))


@pytest.mark.qgis
def test_project__a_theme_and_a_page_per_proposal(written: Written, seen: dict[str, Any]) -> None:
    title = written.comparison.result.cases[CASE].title
    names = [f"{title}: {name}" for name in ("as it is", "all proposals", *NAMES)]
    assert seen["messages"] == []
    assert set(seen["themes"]) == set(names)
    assert list(seen["layouts"]) == names
    shown = {
        name: {tuple(path) for path in seen["themes"][f"{title}: {name}"]} for name in ("as it is", *NAMES)
    }
    assert not any(path[0] == "proposals" for path in shown["as it is"])
    assert {path[0] for path in shown[NAMES[0]] if path[-1] == NAMES[0]} == {"proposals"}
    assert [path[1] for path in shown[NAMES[0]] if path[-1].startswith("Links")] == ["as it is"]
    assert [path[1] for path in shown[NAMES[1]] if path[-1].startswith("Links")] == [NAMES[1]]
    assert {path[-1] for path in shown[NAMES[1]] if path[0] == "proposals"} == {
        NAMES[1],
        f"{NAMES[1]}: places",
    }


@pytest.mark.qgis
def test_project__pages_say_what_the_proposal_does(written: Written, seen: dict[str, Any]) -> None:
    title = written.comparison.result.cases[CASE].title
    said = {
        name: " ".join(item.get("text", "").replace("\n", " ") for item in page["items"])
        for name, page in seen["layouts"].items()
    }
    assert "changes no movement" in said[f"{title}: {NAMES[0]}"]
    assert "changes no movement" not in said[f"{title}: {NAMES[1]}"]
    assert "All countries together" in said[f"{title}: {NAMES[1]}"]
    assert "stylised" in said[f"{title}: {NAMES[0]}"]
    assert all(page["picture"] and page["pdf"] for page in seen["layouts"].values())


def test_numbers_on_a_page_are_plain_and_what_is_not_assessed_is_said():
    row = {f"{name}{end}": 0.0 for name in project.OF_ROW for end in ("", "_change")}
    row |= {"eca_km2": 54_409.2, "eca_km2_change": np.nan}
    row |= {"suitable_protected_km2": 18_789.0, "suitable_protected_km2_change": -2_139.4}
    told = project.numbers_of(pd.Series(row))
    assert "equivalent connected area, km²: 54,409 (change not assessed)" in told
    assert "protected connected land, %: 0 (0)" in told
    assert "suitable land protected, km²: 18,789 (-2,139)" in told
