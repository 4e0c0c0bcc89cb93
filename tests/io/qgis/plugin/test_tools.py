"""The tools in real QGIS: the numbers of the Python functions, styles, errors, and cancelling."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
import tiny_landscape as tiny

import corridors
from corridors.corridor import corridor_polygons
from corridors.grid import Grid
from corridors.io import raster_on_disk, write_raster

pytestmark = pytest.mark.qgis
TOOLS = ("accumulatedcost", "compare", "corridorsbetween", "currentaround", "currentbetween", "run")
FENCE_M = 30_000


@pytest.fixture(scope="module")
def resistance(layers: Any) -> Any:
    return raster_on_disk(layers["resistance.tif"], name="resistance").load()


@pytest.fixture(scope="module")
def fence(layers: Any, resistance: Any) -> corridors.EdgeCosts:
    lines = gpd.read_file(layers["fence.gpkg"], layer="fence")
    return corridors.edge_costs(lines, Grid.of(resistance), crossing_cost_m=FENCE_M)


def band(path: str) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return dataset.read(1)


def as_written(raster: Any) -> np.ndarray:
    """Return values as the file holds them: single precision, out of reach no data."""
    return np.where(np.isinf(raster.values), np.nan, raster.values).astype("float32")


def labels_of(resistance: Any, *cells: tuple[int, int]) -> Any:
    values = np.zeros(resistance.shape, dtype=np.uint16)
    for number, cell in enumerate(cells, start=1):
        values[cell] = number
    return Grid.of(resistance).like(values, name="cores")


def test_tools_are_listed_and_explained(plugin: Any) -> None:
    listed = plugin.process("list").stdout
    assert [line.split()[0] for line in listed.splitlines() if line.strip().startswith("corridors:")] == [
        f"corridors:{name}" for name in TOOLS
    ]
    said = json.loads(plugin.process("--json", "help", "corridors:corridorsbetween").stdout)
    assert said["algorithm_details"]["can_cancel"]
    assert {"RESISTANCE", "FROM", "TO", "BARRIERS", "OUTPUT"} <= set(said["parameters"])
    assert {"CORRIDOR", "PATHS", "POLYGONS", "OUTPUT"} == set(said["outputs"])


def test_accumulated_cost(plugin: Any, layers: Any, resistance: Any, fence: Any, tmp_path: Path) -> None:
    out = tmp_path / "结果 один"
    found = plugin.run(
        "accumulatedcost",
        RESISTANCE=layers["resistance.tif"],
        SOURCES=layers["west.gpkg"],
        BARRIERS=layers["fence.gpkg"],
        CROSSING_COST_M=FENCE_M,
        OUTPUT=out,
    )
    assert found == {"OUTPUT": str(out), "COST": str(out / "accumulated_cost.tif")}
    expected = corridors.accumulated_cost(resistance, labels_of(resistance, (3, 2), (15, 4)), barriers=fence)
    np.testing.assert_array_equal(band(found["COST"]), as_written(expected))


def test_sealed_barriers_and_a_temporary_folder(
    plugin: Any, layers: Any, resistance: Any, tmp_path: Path
) -> None:
    found = plugin.inside(
        "accumulatedcost",
        tmp_path / "order.json",
        parameters={
            "RESISTANCE": layers["resistance.tif"],
            "SOURCES": layers["west.gpkg"],
            "BARRIERS": layers["fence.gpkg"],
            "SEALED": True,
            "LOAD": False,
            "OUTPUT": "TEMPORARY_OUTPUT",
        },
        copy_to=str(tmp_path / "kept"),
    )
    assert found["done"], found["errors"]
    lines = gpd.read_file(layers["fence.gpkg"], layer="fence")
    sealed = corridors.edge_costs(lines, Grid.of(resistance), crossing_cost_m=np.inf)
    expected = corridors.accumulated_cost(resistance, labels_of(resistance, (3, 2), (15, 4)), barriers=sealed)
    np.testing.assert_array_equal(band(str(tmp_path / "kept" / "accumulated_cost.tif")), as_written(expected))
    assert found["tree"] == []


def test_corridors_between_layers_and_how_they_are_shown(
    plugin: Any, layers: Any, resistance: Any, tmp_path: Path
) -> None:
    """One layer is not saved anywhere, the other has edits that are not saved."""
    x, y = Grid.of(resistance).xy(10, 26)
    found = plugin.inside(
        "corridorsbetween",
        tmp_path / "order.json",
        parameters={
            "RESISTANCE": layers["resistance.tif"],
            "FROM": {"layer": layers["west.gpkg"], "moved": [1000, 0]},
            "TO": {"points": [[x, y]], "crs": "EPSG:32652"},
            "EACH": True,
            "VALUE": 4000,
            "OUTPUT": str(tmp_path / "out"),
        },
        picture=str(tmp_path / "picture.png"),
    )
    assert found["done"], found["errors"]
    labels = labels_of(resistance, (3, 3), (15, 5), (10, 26))
    cores = gpd.GeoDataFrame(index=pd.Index([1, 2, 3], name="core_id"), geometry=[None] * 3, crs=32652)
    links = corridors.find_links(cores, labels, resistance, neighbours="all", through_cores=True)
    links = links[links["core_b"] == 3]
    file, _, layer = found["results"]["PATHS"].partition("|layername=")
    paths = gpd.read_file(file, layer=layer)
    assert paths["cost_distance_m"].tolist() == links["cost_distance_m"].tolist()
    lines = shapely.line_merge(paths.geometry.to_numpy())
    assert shapely.equals(lines, links.geometry.to_numpy()).all()
    expected = corridors.least_cost_corridors(links, labels, resistance)
    np.testing.assert_array_equal(band(found["results"]["CORRIDOR"]), as_written(expected))
    polygons = gpd.read_file(file, layer="corridors")
    areas = corridor_polygons(links, labels, resistance, value=4000)["area_km2"]
    assert polygons["area_km2"].tolist() == areas.tolist()
    assert found["steps"] == ["Reading", "Accumulated cost", "Links", "Corridors", "Polygons", "Writing"]
    assert found["fractions"] == sorted(found["fractions"])
    assert found["fractions"][-1] == 100
    title, shown, inside = found["tree"][0]
    assert (title, shown) == ("Corridors between two layers", True)
    assert [name for name, _, _ in inside] == [
        "Least-cost paths", "Places, as cells", "Corridors", "Normalised least-cost corridor (m of slack)",
    ]  # fmt: skip
    looks = found["layers"]
    assert all(looks[name]["valid"] for name, _, _ in inside)
    assert looks["Normalised least-cost corridor (m of slack)"]["renderer"] == "singlebandpseudocolor"
    assert (tmp_path / "picture.png").stat().st_size > 5_000


def test_current_between_places(plugin: Any, layers: Any, resistance: Any, tmp_path: Path) -> None:
    found = plugin.run(
        "currentbetween",
        RESISTANCE=layers["resistance.tif"],
        PLACES=layers["west.gpkg"],
        OUTPUT=tmp_path / "out",
    )
    expected = corridors.pairwise_current(resistance, labels_of(resistance, (3, 2), (15, 4)))
    np.testing.assert_array_equal(band(found["CUMULATIVE"]), as_written(expected.cumulative))
    pairs = pd.read_csv(found["PAIRS"])
    assert pairs["effective_resistance"].tolist() == expected.resistances["resistance"].tolist()


def test_current_in_moving_windows(plugin: Any, layers: Any, resistance: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = plugin.run("currentaround", RESISTANCE=layers["resistance.tif"], RADIUS_KM=3, BLOCK=3, OUTPUT=out)
    expected = corridors.omnidirectional_current(resistance, radius_km=3, block=3)
    np.testing.assert_array_equal(band(found["CURRENT"]), as_written(expected.current))


def test_a_workflow_runs_and_opens_with_its_groups(plugin: Any, tmp_path: Path) -> None:
    workflow = tiny.write_landscape(tmp_path / "тигр 虎")
    parameters = {"WORKFLOW": str(workflow), "LANGUAGE": 1, "OUTPUT": str(tmp_path / "run")}
    found = plugin.inside("run", tmp_path / "order.json", parameters=parameters)
    assert found["done"], found["errors"]
    expected = corridors.run(corridors.load_workflow(str(workflow)), out=str(tmp_path / "expected"))
    links = gpd.read_file(tmp_path / "run" / "corridors.gpkg", layer="links")
    (case,) = expected.cases.values()
    assert links["cost_distance_m"].tolist() == case.vectors["links"]["cost_distance_m"].tolist()
    title, _, groups = found["tree"][0]
    assert title == "Tiny landscape"
    assert any(inner and "links" in [name for name, _, _ in inner] for _, _, inner in groups)
    assert all(layer["valid"] for layer in found["layers"].values())
    assert 'lang="ru"' in (tmp_path / "run" / "report.html").read_text("utf-8")


def test_proposals_are_compared(plugin: Any, tmp_path: Path) -> None:
    workflow = tiny.write_landscape(tmp_path / "land")
    park = gpd.GeoDataFrame(
        {"name": ["Парк 公园"], "kind": ["protect"]},
        geometry=[shapely.box(129.05, 44.05, 129.1, 44.12)],
        crs=4326,
    )
    park.to_file(tmp_path / "proposals.gpkg")
    parameters = {
        "WORKFLOW": str(workflow),
        "PROPOSALS": str(tmp_path / "proposals.gpkg"),
        "OUTPUT": str(tmp_path / "out"),
    }
    found = plugin.inside("compare", tmp_path / "order.json", parameters=parameters)
    assert found["done"], found["errors"]
    table = pd.read_csv(found["results"]["COMPARISON"], encoding="utf-8-sig")
    assert set(table["proposal"]) >= {"Парк 公园"}
    loaded = workflow_table(workflow, tmp_path / "proposals.gpkg")
    pd.testing.assert_series_equal(
        table["area_km2"], loaded["area_km2"].astype("float64"), check_names=False, check_index=False
    )
    assert "Comparison" in found["layers"]


def workflow_table(workflow: Path, proposals: Path) -> pd.DataFrame:
    """Return the comparison as the Python functions give it."""
    read = corridors.load_workflow(str(workflow))
    inputs = corridors.read_inputs(read)
    named = corridors.read_proposals(proposals, inputs.grid, bounds=inputs.bounds)
    return corridors.compare_proposals(read, inputs, named).table.reset_index(drop=True)


def test_an_error_is_one_clear_line_and_writes_nothing(plugin: Any, layers: Any, tmp_path: Path) -> None:
    done = plugin.process(
        "run", "corridors:corridorsbetween", "--", f"RESISTANCE={layers['resistance.tif']}",
        f"FROM={layers['west.gpkg']}", f"TO={layers['west.gpkg']}", f"OUTPUT={tmp_path / 'out'}",
    )  # fmt: skip
    assert done.returncode == 1
    lines = {line for line in done.stderr.splitlines() if "I226" in line}
    assert "[I226] places: the two layers share 2 cells. Give two layers that lie apart." in lines
    assert "Traceback" not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_another_python_is_named_by_a_variable_or_in_the_settings(
    plugin: Any, layers: Any, tmp_path: Path
) -> None:
    """The variable counts before the setting, the setting before the installation."""
    shutil.copytree(plugin.folder / "profiles", tmp_path / "profiles")
    settings = tmp_path / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    with settings.open("a", encoding="utf-8") as file:
        file.write("\n[Processing]\nConfiguration\\CORRIDORS_PYTHON=/set/python\n")
    given = [f"RESISTANCE={layers['resistance.tif']}", f"SOURCES={layers['west.gpkg']}"]
    environment = plugin.environment | {"QGIS_CUSTOM_CONFIG_PATH": str(tmp_path)}
    for variables, expected in (
        ({}, "/set/python"),
        ({"CORRIDORS_PYTHON": "/named/python"}, "/named/python"),
    ):
        other = type(plugin)(tmp_path, environment | variables)
        done = other.process("run", "corridors:accumulatedcost", "--", *given, f"OUTPUT={tmp_path / 'out'}")
        assert done.returncode == 1
        assert f"{expected} cannot be started" in done.stderr
        assert "Settings > Options > Processing > Providers > Corridors" in done.stderr
        assert not (tmp_path / "out").exists()


# ---------------------------------------------------------------- cancelling


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a raster whose moving windows take many times longer than the test."""
    grid = Grid.for_area((129.0, 44.0, 131.5, 46.0), crs="EPSG:32652", cell_size_m=1000)
    path = tmp_path_factory.mktemp("large") / "resistance.tif"
    write_raster(grid.like(np.random.default_rng(1).uniform(1, 20, grid.shape), name="resistance"), path)
    return str(path)


def is_gone(pid: int) -> bool:
    """Return whether a process has ended."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text("utf-8")
    except FileNotFoundError:
        return True


def test_cancelled_in_the_window(plugin: Any, large: str, tmp_path: Path) -> None:
    """As the button does: the feedback is cancelled while windows are solved."""
    out = tmp_path / "results" / "out"
    out.parent.mkdir()
    found = plugin.inside(
        "currentaround",
        tmp_path / "order.json",
        parameters={"RESISTANCE": large, "RADIUS_KM": 20, "OUTPUT": str(out)},
        cancel_at="Moving windows",
    )
    assert found["cancelled"]
    assert found["steps"] == ["Reading", "Moving windows"]
    assert found["errors"] == ["Cancelled. Nothing was written; earlier results are as they were."]
    assert not found["done"]
    assert found["results"] == {}
    assert found["tree"] == []
    assert is_gone(int(plugin.pid.read_text()))
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_qgis_process_ended_from_outside(plugin: Any, large: str, tmp_path: Path, ending: int) -> None:
    """Whatever ends QGIS, the program it started ends too, and cleanly."""
    plugin.pid.unlink(missing_ok=True)
    command = ["qgis_process.bin", "run", "corridors:currentaround", "--", f"RESISTANCE={large}"]
    with subprocess.Popen(
        [*command, "RADIUS_KM=20", f"OUTPUT={tmp_path / 'out'}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=plugin.environment,
    ) as child:
        told = b""
        while b"Moving windows" not in told:
            part = os.read(child.stdout.fileno(), 4096)
            assert part, told
            told += part
        program = int(plugin.pid.read_text())
        assert not is_gone(program)
        child.send_signal(ending)
        assert child.wait(timeout=60) != 0
    until = time.monotonic() + 60
    while not is_gone(program) and time.monotonic() < until:
        time.sleep(0.1)
    assert is_gone(program)
    assert list(tmp_path.iterdir()) == []
