"""A tiny landscape that has everything a run can hold, in files with names from many languages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import rasterio
import tiny_landscape as tiny
from affine import Affine
from shapely.geometry import LineString, Point, box

from corridors.config import load_workflow
from corridors.pipeline import run
from corridors.result import Result

# A border from north to south through the bare strip, so that the link crosses it.
RICH = (
    tiny.WORKFLOW.replace('title = "Tiny landscape"', 'title = "Земля \\"虎\\" & <O\'Tiger>"')
    .replace('"landcover.tif"', '"покров земли 1.tif"')
    .replace("vectors.gpkg|countries", "границы.gpkg|страны мира")
    .replace("[[species]]", '''
[layers.protected_areas]
kind = "polygons"
sources = ["parks.gpkg|parks"]
name_columns = ["name:en", "name"]
supplement = "more parks.gpkg|парки"

[layers.railways]
kind = "lines"
sources = ["parks.gpkg|rails"]
structure_column = "brunnel"

[layers.gates]
kind = "points"
sources = ["parks.gpkg|gates"]
one_sided = "accept"

[layers.rivers]
kind = "lines"
sources = ["parks.gpkg|rivers"]
name_column = "name"

[layers.forest_cover]
sources = [{ fraction_of = "покров земли 1.tif", classes = [5] }]

[layers.slope]
sources = [{ slope_of = "elevation.tif" }]

[layers.ruggedness]
sources = [{ ruggedness_of = "elevation.tif" }]

[layers.southness]
sources = [{ southness_of = "elevation.tif" }]

[layers.distance_to_railways]
sources = [{ distance_to = "railways" }]

[layers.distance_to_settlements]
sources = [{ distance_to = "settlements", population_exponent = 0.25 }]

[layers.prey_density]
sources = [{ weighted_bands_of = "prey.tif", weights = { deer = 0.6, boar = 0.4 } }]

[layers.my_own_layer]
sources = ["elevation.tif"]

[[species]]''', 1)
    .replace("crossing_cost_m = 25000", '''crossing_cost_m = { primary = 25000 }
openings = "gates"

[species.movement.barriers.railways]
crossing_cost_m = inf
structure_length_m = { tunnel = 500 }''', 1)
    .replace("[species.network]", '''[species.current]
window_radius_km = 3.0
block_km = 3.0

[species.network]
adults_per_100_km2 = [1.0, 2.0]
breeding_females_per_100_km2 = [0.5, 1.0]''', 1)
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A run that was made, and where."""

    workflow: Path
    folder: Path
    result: Result

    def files(self) -> dict[str, str]:
        return hashes(self.folder)


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_rich(folder: Path) -> Path:
    """Write the landscape; return its workflow file."""
    tiny.write_landscape(folder)
    data = folder / "data"
    (data / "landcover.tif").rename(data / "покров земли 1.tif")
    west, south, east, north = tiny.BOUNDS
    sides = [
        box(west - 1, south - 1, tiny.MIDDLE, north + 1),
        box(tiny.MIDDLE, south - 1, east + 1, north + 1),
    ]
    places = {"code": ["AD", "LI"], "name": ["Westland", "Ostland"]}
    write(data / "границы.gpkg", "страны мира", gpd.GeoDataFrame(places, geometry=sides, crs=4326))
    park = box(west, south, west + 0.05, north)
    names = {"name:en": [""], "name": ["Тигровый «лог», 虎谷 & O'Brien"]}
    write(data / "parks.gpkg", "parks", gpd.GeoDataFrame(names, geometry=[park], crs=4326))
    line = LineString([(west - 0.01, tiny.BORDER), (east + 0.01, tiny.BORDER)])
    # The railway is sealed, but for a tunnel through the eastern half.
    halves = [
        LineString([(west - 0.1, tiny.BORDER), (tiny.MIDDLE, tiny.BORDER)]),
        LineString([(tiny.MIDDLE, tiny.BORDER), (east + 0.1, tiny.BORDER)]),
    ]
    rails = gpd.GeoDataFrame({"brunnel": ["", "tunnel"]}, geometry=halves, crs=4326)
    write(data / "parks.gpkg", "rails", rails)
    gate = gpd.GeoDataFrame(geometry=[Point(tiny.MIDDLE, tiny.BORDER + 0.04)], crs=4326)
    write(data / "parks.gpkg", "gates", gate)
    write(data / "parks.gpkg", "rivers", gpd.GeoDataFrame({"name": ["Река"]}, geometry=[line], crs=4326))
    added = gpd.GeoDataFrame({"name": ["Ostpark"]}, geometry=[box(east - 0.05, south, east, north)], crs=4326)
    write(folder / "more parks.gpkg", "парки", added)
    write_prey(data / "prey.tif")
    return tiny.write_workflow(folder, RICH)


def write(path: Path, layer: str, frame: gpd.GeoDataFrame) -> None:
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")


def write_prey(path: Path) -> None:
    grid = tiny.data_grid()
    rows, columns = grid.shape
    profile = {"crs": grid.crs, "transform": Affine(*tuple(grid.transform)[:6]), "nodata": -1}
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=2, dtype="float32", **profile
    ) as dataset:
        dataset.write(np.stack([np.full(grid.shape, 2.0), np.full(grid.shape, 0.5)]).astype("float32"))
        dataset.descriptions = ("deer", "boar")


def make(workflow: Path, out: Path) -> Run:
    """Run a workflow through the public API."""
    return Run(workflow, out, run(load_workflow(str(workflow)), out=str(out)))


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run the rich landscape into a folder whose name holds spaces, quotes, Cyrillic and Chinese."""
    folder = tmp_path_factory.mktemp("страна O'Тигра 虎")
    return make(write_rich(folder), folder / "прогоны" / "run 'one' 虎")


@pytest.fixture(scope="session")
def edited(rich: Run) -> Run:
    """Run the same landscape with core areas, links and resistance edited by hand, numbers as before."""
    beside = rich.workflow.parent
    path = rich.folder / "corridors.gpkg"
    cores = pyogrio.read_dataframe(path, layer="cores")
    cores = cores.assign(reason="surveyed, 调查", author="О. Н.")
    write(beside / "правки 1.gpkg", "ядра", cores)
    # Through both forests: whole kilometres from the edge, so the line touches known cells.
    left, bottom, right, top = cores.total_bounds
    line = LineString([(left + 2500, (bottom + top) / 2), (right - 2500, (bottom + top) / 2)])
    new = gpd.GeoDataFrame({"multiply": [3.0]}, geometry=[line], crs=cores.crs)
    write(beside / "правки 1.gpkg", "roads", new)
    text = rich.workflow.read_text("utf-8").replace(
        "[species.cores]", '[species.cores]\nfrom = "правки 1.gpkg|ядра"', 1
    ).replace(
        "max_link_km = 50",
        'max_link_km = 50\nforce = [{ core_a = 2, core_b = 1, reason = "known", author = "N" }]',
    )  # fmt: skip
    text += '\n[[override]]\nsource = "правки 1.gpkg|roads"\nreason = "new road"\nauthor = "N"\n'
    workflow = beside / "edited.toml"
    workflow.write_text(text, "utf-8")
    out = beside / "edited run"
    return Run(workflow, out, run(load_workflow(str(workflow)), out=str(out), ids_from=str(rich.folder)))


@pytest.fixture(scope="session")
def by_capacity(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return the connectivity of a run whose cores count with the animals they could hold."""
    folder = tmp_path_factory.mktemp("capacity")
    workflow = write_rich(folder)
    network = "[species.network]"
    text = workflow.read_text(encoding="utf-8").replace(network, network + '\nnode_weight = "capacity"', 1)
    workflow.write_text(text, encoding="utf-8")
    run(load_workflow(str(workflow)), out=str(folder / "run"))
    (path,) = (folder / "run").rglob("connectivity.csv")
    return pd.read_csv(path)
