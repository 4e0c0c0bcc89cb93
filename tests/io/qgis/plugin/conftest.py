"""A profile of QGIS with the plugin in it, layers with awkward names, and two ways to run a tool."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from in_qgis import ENVIRONMENT, SYSTEM_PYTHON, missing_qgis

from corridors.grid import Grid
from corridors.io import write_raster, write_vectors
from corridors.io.qgis.install import install_plugin

ROOT = Path(__file__).resolve().parents[4]
SCRIPT = Path(__file__).with_name("run_in_qgis.py")
PROCESS = "qgis_process.bin"
GRID = Grid("EPSG:32652", Affine(1000, 0, 600_000, 0, -1000, 4_800_000), (20, 30))


@dataclass(frozen=True)
class Plugin:
    """The plugin in a profile of its own; `pid` is written by every child it starts."""

    folder: Path
    environment: dict[str, str]

    @property
    def plugins(self) -> Path:
        return self.folder / "profiles" / "default" / "python" / "plugins"

    @property
    def pid(self) -> Path:
        return self.folder / "pid"

    def process(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run qgis_process to its end."""
        command = [PROCESS, *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, env=self.environment, timeout=300, check=False
        )

    def run(self, tool: str, **parameters: Any) -> dict[str, Any]:
        """Run a tool in qgis_process; return its results, and stop at an error."""
        given = [f"{name}={value}" for name, value in parameters.items()]
        done = self.process("--json", "run", f"corridors:{tool}", "--", *given)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout[done.stdout.index("{") :])["results"]

    def inside(self, tool: str, order: Path, **more: Any) -> dict[str, Any]:
        """Run a tool inside PyQGIS with a project; return what came of it."""
        said = {"plugins": str(self.plugins), "tool": f"corridors:{tool}", **more}
        order.write_text(json.dumps(said), "utf-8")
        done = subprocess.run(
            [SYSTEM_PYTHON, str(SCRIPT), str(order)],
            capture_output=True, text=True, env=self.environment, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout[done.stdout.index("{") :])


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Plugin:
    """Install the plugin into a new profile and switch it on."""
    reason = missing_qgis() or ("" if shutil.which(PROCESS) else f"{PROCESS} is absent")
    if reason:
        pytest.skip(f"QGIS: {reason}")
    folder = tmp_path_factory.mktemp("профиль 配置")
    python = folder / "python of the program"
    python.write_text(
        f'#!/bin/sh\necho $$ > "{folder}/pid"\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n', "utf-8"
    )
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    environment = ENVIRONMENT | {
        "QGIS_CUSTOM_CONFIG_PATH": str(folder),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONHASHSEED": "0",  # one of the variables that must not reach the program
    }
    found = Plugin(folder, environment)
    install_plugin(found.plugins, python=str(python))
    done = found.process("plugins", "enable", "corridors_qgis")
    assert done.returncode == 0, done.stderr
    return found


@dataclass(frozen=True)
class Layers:
    """Invented layers as files."""

    folder: Path

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Layers:
    """Write a resistance with a lake of no data, places on both sides and a fence."""
    folder = tmp_path_factory.mktemp("слои 层")
    values = np.random.default_rng(7).uniform(1, 20, GRID.shape)
    values[5:9, 12:16] = np.nan
    write_raster(GRID.like(values, name="resistance"), folder / "resistance.tif")
    west = [shapely.Point(*GRID.xy(3, 2)), shapely.Point(*GRID.xy(15, 4))]
    east = [shapely.Point(*GRID.xy(10, 26)).buffer(1_900)]
    fence = [shapely.LineString([(620_000, 4_799_000), (620_000, 4_781_000)])]
    named = {"west": (west, ["Лог", "虎谷"]), "east": (east, ["O'Park"]), "fence": (fence, ["fence"])}
    for name, (shapes, names) in named.items():
        frame = gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=GRID.crs)
        write_vectors({name: frame}, folder / f"{name}.gpkg")
    return Layers(folder)
