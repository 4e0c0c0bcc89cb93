"""`corridors cost`, `between`, `current`: worked numbers on a strip of ground, whole folders, bad input."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from typer.testing import CliRunner, Result

from corridors.cli import app
from corridors.grid import Grid
from corridors.io import write_raster
from corridors.schema import SINGLE_TABLES

GRID = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 9))
LINE = np.array([[1.0, 1.0, 1.0, 7.0, 1.0, 1.0, 1.0, 1.0, 1.0]])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working folder with a strip of nine cells, a place at either end and a fence."""
    folder = tmp_path / "слои 层 one"
    folder.mkdir()
    monkeypatch.chdir(folder)
    write_raster(GRID.like(LINE, name="resistance"), folder / "resistance.tif")
    for name, column in {"west": 0, "east": 8}.items():
        write_places(folder / f"{name}.gpkg", column)
    write_places(folder / "both.gpkg", 0, 8)
    x = GRID.bounds[0] + 6_000
    fence = shapely.LineString([(x, GRID.bounds[1] - 100), (x, GRID.bounds[3] + 100)])
    gpd.GeoDataFrame(geometry=[fence], crs=GRID.crs).to_file(folder / "fence.gpkg")
    return folder


def write_places(path: Path, *columns: int) -> None:
    places = [shapely.Point(*GRID.xy(0, column)) for column in columns]
    gpd.GeoDataFrame({"name": [f"Place {c}" for c in columns]}, geometry=places, crs=GRID.crs).to_file(path)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def values(path: str) -> list[float]:
    with rasterio.open(path) as dataset:
        return dataset.read(1)[0].tolist()


def test_cost(folder: Path) -> None:
    """Steps of 1 km cost 1000 m, into and out of the dear cell 4000 m, across the fence 20 000 m more."""
    done = invoke("cost", "resistance.tif", "west.gpkg", "--out", "cost", "--barriers", "fence.gpkg",
                  "--crossing-cost-m", "20000")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert values("cost/accumulated_cost.tif") == [0, 1e3, 2e3, 6e3, 1e4, 11e3, 32e3, 33e3, 34e3]
    sealed = invoke("cost", "resistance.tif", "west.gpkg", "--out", "cost", "--barriers", "fence.gpkg",
                    "--crossing-cost-m", "inf", "--max-cost-distance-m", "7000")  # fmt: skip
    assert sealed.exit_code == 0, sealed.output
    assert np.isnan(values("cost/accumulated_cost.tif")[4:]).all()
    record = json.loads(Path("cost/run.json").read_text("utf-8"))
    assert record["options"] == {"crossing_cost_m": "inf", "max_cost_distance_m": 7000.0}
    assert [entry["file"] for entry in record["inputs"]] == ["fence.gpkg", "resistance.tif", "west.gpkg"]


def test_between(folder: Path) -> None:
    """Eight steps, two of them at 4000 m: 14 km of ideal habitat; the strip is its own corridor."""
    done = invoke("between", "resistance.tif", "west.gpkg", "east.gpkg", "--out", "between", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["problems"] == []
    (link,) = gpd.read_file("between/corridors.gpkg", layer="links").to_dict("records")
    assert link["cost_distance_m"] == 14_000
    assert link["geometry"].length == pytest.approx(8_000)
    assert values("between/corridor.tif") == [0.0] * 9
    (corridor,) = gpd.read_file("between/corridors.gpkg", layer="corridors").geometry
    assert corridor.area == pytest.approx(7e6)  # all but the two ends
    with zipfile.ZipFile("between/project.qgz") as project:
        assert b"corridor.tif" in project.read("project.qgs")


def test_between_each_joins_every_place_of_one_with_every_place_of_the_other(folder: Path) -> None:
    write_places(folder / "middle.gpkg", 4, 5)
    done = invoke("between", "resistance.tif", "both.gpkg", "middle.gpkg", "--out", "each", "--each")
    assert done.exit_code == 0, done.output
    links = gpd.read_file("each/corridors.gpkg", layer="links")
    found = links.set_index(["core_a", "core_b"])["cost_distance_m"].to_dict()
    assert found == {(1, 3): 10_000, (1, 4): 11_000, (2, 3): 4_000, (2, 4): 3_000}


def test_current_between_places(folder: Path) -> None:
    """Eight resistances in a row add up, and the whole ampere passes everywhere."""
    done = invoke("current", "resistance.tif", "--places", "both.gpkg", "--out", "current")
    assert done.exit_code == 0, done.output
    pairs = pd.read_csv("current/pairs.csv", encoding="utf-8-sig")
    assert pairs["effective_resistance"].tolist() == [pytest.approx(14.0)]
    assert pairs["pair_status"].tolist() == ["solved"]
    assert tuple(pairs.columns) == SINGLE_TABLES["pairs"].columns
    for name in ("cumulative_current", "maximum_current"):
        assert values(f"current/{name}.tif") == pytest.approx([1.0] * 9)


def test_current_in_moving_windows_is_even_on_even_ground(folder: Path) -> None:
    even = Grid(GRID.crs, GRID.transform, (7, 7))
    write_raster(even.like(np.ones(even.shape), name="resistance"), folder / "even.tif")
    done = invoke("current", "even.tif", "--radius-km", "2", "--out", "around")
    assert done.exit_code == 0, done.output
    with rasterio.open("around/normalised_current.tif") as dataset:
        assert dataset.read(1) == pytest.approx(np.ones(even.shape))


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (("cost", "absent.tif", "west.gpkg"), "I251", 2),
        (("cost", "west.gpkg", "west.gpkg"), "I253", 2),
        (("cost", "resistance.tif", "west.gpkg", "--crossing-cost-m", "5"), "C103", 2),
        (("between", "resistance.tif", "west.gpkg", "west.gpkg"), "I226", 2),
        (("between", "resistance.tif", "west.gpkg", "east.gpkg", "--barriers", "fence.gpkg",
          "--crossing-cost-m", "inf"), "S506", 1),
        (("current", "resistance.tif"), "C103", 2),
        (("current", "resistance.tif", "--places", "west.gpkg"), "I226", 2),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_writes_nothing(
    folder: Path, arguments: tuple[str, ...], code: str, exit_code: int
) -> None:
    before = sorted(folder.iterdir())
    done = invoke(*arguments, "--out", "out")
    assert done.exit_code == exit_code
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"[{code}]")
    assert sorted(folder.iterdir()) == before
    told = json.loads(invoke(*arguments, "--out", "out", "--json").stdout)
    assert [problem["message"] for problem in told["problems"]] == [line]


def test_a_folder_of_somebody_elses_is_not_touched(folder: Path) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.txt").write_text("mine", "utf-8")
    done = invoke("cost", "resistance.tif", "west.gpkg", "--out", "thesis")
    assert done.exit_code == 2
    assert "[O402]" in done.stderr
    assert [path.name for path in (folder / "thesis").iterdir()] == ["chapter.txt"]
