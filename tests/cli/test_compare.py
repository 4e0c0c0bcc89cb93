"""`corridors compare` on a tiny landscape in files."""

from __future__ import annotations

import json
import tomllib

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import tiny_landscape as tiny
from shapely import Point, box
from typer.testing import CliRunner

from corridors.cli import app

WEST, SOUTH, EAST, NORTH = tiny.BOUNDS


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the workflow file and a file of proposals beside it."""
    folder = tmp_path_factory.mktemp("compare")
    workflow = tiny.write_landscape(folder)
    areas = [
        box(WEST + 0.01, SOUTH + 0.02, WEST + 0.06, NORTH - 0.02),
        Point(tiny.MIDDLE, tiny.BORDER).buffer(0.02),
    ]
    columns = {
        "proposal": ["Лес", "Way <b>over</b>"],
        "kind": ["restore", "crossing structure"],
        "cost": [1.0, 2.0],
    }
    given = gpd.GeoDataFrame(columns, geometry=areas, crs=4326)
    pyogrio.write_dataframe(given, folder / "proposals.gpkg", layer="mine", driver="GPKG")
    return workflow, folder / "proposals.gpkg", folder


def compare(*arguments):
    return CliRunner().invoke(app, ["compare", *map(str, arguments)])


def test_a_comparison_is_written_and_told(place):
    workflow, proposals, folder = place
    out = folder / "out"
    done = compare(
        workflow, "--proposals", proposals, "--out", out, "--budget", 1, "--budget-of", "number", "--json"
    )
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["proposals"] == ["Лес", "Way <b>over</b>"]
    table = pd.read_csv(out / "tables" / "comparison.csv")
    assert table["proposal"].unique().tolist() == ["baseline", "Лес", "Way <b>over</b>"]
    assert table["country"].unique().tolist() == ["AD", "LI", "joint"]
    assert len(pd.read_csv(out / "tables" / "interactions.csv")) == 1
    assert len(pd.read_csv(out / "tables" / "choice.csv")) == 1
    layers = pyogrio.list_layers(out / "corridors.gpkg")[:, 0].tolist()
    assert {"proposals", "countries"} <= set(layers)
    assert str(folder) not in (out / "run.json").read_text("utf-8")
    assert tomllib.loads((out / "workflow.toml").read_text("utf-8"))["name"] == "tiny"
    again = compare(
        workflow, "--proposals", f"{proposals}|mine", "--out", out, "--by", "corridor_km", "--quiet"
    )
    assert (again.exit_code, again.stdout) == (0, ""), again.stderr


def test_what_is_wrong_is_said_and_nothing_is_written(place):
    workflow, proposals, folder = place
    out = folder / "none"
    for options, text in (
        (["--by", "beauty"], "no column to rank by"),
        (["--budget", "0.5", "--budget-of", "number"], "no proposal fits the budget"),
        (["--budget", "1", "--least-share", "half"], "no share of a country"),
    ):
        done = compare(workflow, "--proposals", proposals, "--out", out, *options)
        assert done.exit_code == 2
        assert text in done.stderr
    assert not out.exists()


def test_help_names_every_option():
    done = compare("--help")
    assert done.exit_code == 0
    for option in ("--proposals", "--threat", "--stability", "--budget-of", "--least-share"):
        assert option in done.stdout
