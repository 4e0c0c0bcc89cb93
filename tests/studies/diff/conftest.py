"""Runs of a tiny landscape to compare: as it is, again, and with other values."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import tiny_landscape as tiny
from shapely import LineString, Point

from corridors.config import load_workflow
from corridors.io import RunFolder, read_run
from corridors.pipeline import run

# Names of runs are shown: they may hold anything a folder may.
PLAIN, CHANGED = "plain", "changed <b>虎"
GATES = '[layers.gates]\nkind = "points"\nsources = ["gates.gpkg|gates"]\none_sided = "accept"\n\n'
WITH_A_GATE = tiny.WORKFLOW.replace(
    "[layers.distance_to_roads]", GATES + "[layers.distance_to_roads]", 1
).replace("crossing_cost_m = 25000", 'crossing_cost_m = 25000\nopenings = "gates"')
VARIANT = """extends = "tiny.toml"
[[species]]
name = "forest_cat"
[species.cores]
threshold = 0.9
[species.movement]
shape = 2
"""


def write_gated(folder: Path) -> Path:
    """Write the landscape with a gate in the road, so that the link leads through the middle."""
    tiny.write_landscape(folder)
    # The road runs past the edges, so that nobody walks round its ends.
    ends = [(tiny.MIDDLE, tiny.BORDER - 0.3), (tiny.MIDDLE, tiny.BORDER + 0.3)]
    road = gpd.GeoDataFrame({"class": ["primary"]}, geometry=[LineString(ends)], crs=4326)
    pyogrio.write_dataframe(road, folder / "data" / "vectors.gpkg", layer="roads", driver="GPKG")
    gate = gpd.GeoDataFrame(geometry=[Point(tiny.MIDDLE, tiny.BORDER)], crs=4326)
    pyogrio.write_dataframe(gate, folder / "data" / "gates.gpkg", layer="gates", driver="GPKG")
    return tiny.write_workflow(folder, WITH_A_GATE)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the runs."""
    folder = tmp_path_factory.mktemp("прогоны O'Tiger")
    workflow = write_gated(folder)
    (folder / "variant.toml").write_text(VARIANT, "utf-8")
    for name, file in ((PLAIN, workflow), ("again", workflow), (CHANGED, folder / "variant.toml")):
        run(load_workflow(file), out=str(folder / name))
    return folder


@pytest.fixture(scope="session")
def plain(runs: Path) -> RunFolder:
    return read_run(runs / PLAIN)


@pytest.fixture(scope="session")
def changed(runs: Path) -> RunFolder:
    return read_run(runs / CHANGED)
