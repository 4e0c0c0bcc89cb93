"""The four shipped workflows on the demonstration layers, by the command a newcomer types; run once.

What is asserted an expert would say of the place without having seen the map. It is read from the run
folders, as a colleague would who has nothing else.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from in_qgis import look_in_qgis
from matplotlib.image import imread
from pyproj import Transformer

from corridors import presets, schema
from corridors.io import hash_file

ROOT = Path(__file__).resolve().parents[1]
NAMES = presets.landscape_names()
SEA, FOREST = 11, (4, 5)

each_landscape = pytest.mark.parametrize("name", NAMES)


@dataclass(frozen=True)
class Finished:
    """A run folder, and how its files are read."""

    folder: Path
    told: dict[str, Any]

    def vector(self, layer: str, case: str | None = None) -> gpd.GeoDataFrame:
        frame = gpd.read_file(self.folder / "corridors.gpkg", layer=layer)
        return frame if case is None else frame[frame["case"] == case].reset_index(drop=True)

    def table(self, name: str, case: str) -> pd.DataFrame:
        return pd.read_csv(self.folder / "cases" / case / "tables" / f"{name}.csv")

    def raster(self, name: str, case: str | None = None) -> tuple[np.ndarray, Any]:
        place = "layers" if case is None else f"cases/{case}/rasters"
        with rasterio.open(self.folder / place / f"{name}.tif") as source:
            return source.read(1, masked=True).astype(float).filled(np.nan), source.transform

    def place(self, lon: float, lat: float) -> shapely.Point:
        crs = self.vector("reporting_area").crs
        return shapely.Point(Transformer.from_crs(4326, crs, always_xy=True).transform(lon, lat))

    def park(self, name: str) -> Any:
        areas = self.vector("protected_areas")
        found = areas.loc[areas["name"] == name]
        assert len(found) == 1, sorted(areas["name"])
        return found.geometry.iloc[0]

    def core_of(self, case: str, polygon: Any) -> pd.Series:
        """Return the core that holds most of a polygon."""
        cores = self.vector("cores", case)
        return cores.loc[cores.intersection(polygon).area.idxmax()]


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone of the project as far as the workflows need one."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(ROOT / "workflows", folder / "workflows")
    return folder


def corridors(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from corridors.cli import main; main()", *arguments]
    environment = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="session")
def demonstration(clone: Path) -> dict[str, Finished]:
    """Return the four run folders of `corridors demo`, by the name of the landscape."""
    done = corridors("demo", "--json", cwd=clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["problems"] == []
    return {Path(run["folder"]).name: Finished(Path(run["folder"]), run) for run in told["runs"]}


@cache
def raw(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "workflows" / f"{name}.toml").read_text("utf-8"))


def cases_of(finished: Finished) -> list[str]:
    return list(finished.told["cases"])


# ---------------------------------------------------------------- the commands


def test_demo__makes_the_four_runs_and_nothing_else(clone: Path, demonstration: dict[str, Finished]) -> None:
    assert tuple(demonstration) == NAMES
    kept = [f".{name}.steps" for name in NAMES]
    assert sorted(path.name for path in (clone / "runs").iterdir()) == sorted([*NAMES, *kept])
    assert sorted(path.name for path in clone.iterdir()) == ["data", "runs", "workflows"]
    shipped = {
        path.relative_to(ROOT / "data"): hash_file(path)
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    assert {place: hash_file(clone / "data" / place) for place in shipped} == shipped


@each_landscape
def test_demo__tells_counts_and_places_that_are_true(name: str, demonstration: dict[str, Finished]) -> None:
    finished = demonstration[name]
    for case, told in finished.told["cases"].items():
        for layer in ("cores", "links", "crossings"):
            assert told[layer] == len(finished.vector(layer, case)), layer
        pixels = imread(told["overview"])[..., :3]
        assert len(np.unique(pixels @ [1, 256, 65_536])) > 1000
    assert Path(finished.told["project"]).is_file()


@each_landscape
def test_check__finds_nothing_wrong_and_writes_nothing(name: str, clone: Path, tmp_path: Path) -> None:
    done = corridors("check", str(clone / "workflows" / f"{name}.toml"), "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["problems"] == []
    codes = {note["code"] for note in told["notes"]}
    assert "scale" in codes
    partners = set(raw(name)["area"]["partners"])
    assert partners <= {row["country"] for row in told["sides"]}
    assert list(tmp_path.iterdir()) == []


def test_run__of_one_workflow_from_elsewhere_gives_the_same_bytes(
    clone: Path, tmp_path: Path, demonstration: dict[str, Finished]
) -> None:
    """As the README has it, from another working folder, into a folder with a name of our own."""
    out = tmp_path / "мой прогон"
    done = corridors(
        "run", str(clone / "workflows" / "chikhachev.toml"), "--out", str(out), "--json", cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["cases"]["snow_leopard"]["cores"] > 0
    first = demonstration["chikhachev"].folder
    names = [path.relative_to(first) for path in first.rglob("*") if path.suffix in (".tif", ".csv", ".gpkg")]
    assert len(names) > 20
    assert {name: hash_file(out / name) for name in names} == {
        name: hash_file(first / name) for name in names
    }


# ---------------------------------------------------------------- what any run of these must show


@each_landscape
def test_outputs__say_what_they_rest_on(name: str, demonstration: dict[str, Finished]) -> None:
    finished = demonstration[name]
    with (finished.folder / "notes.csv").open(encoding="utf-8-sig", newline="") as file:
        notes = {(row["case"], row["code"]): row["note"] for row in csv.DictReader(file)}
    assert ("", "boundary") in notes
    assert any("tylised" in text for text in notes.values())
    for case in cases_of(finished):
        assert {code for of, code in notes if of == case} >= {"movement", "scale", "slack", "barriers"}
        assert (case, "dropped") not in notes  # the demonstration has all four inputs, prey among them
        marks = set(finished.table("parameters", case)["mark"])
        assert {"default", "literature"} <= marks
    layers = pd.read_csv(finished.folder / "layers.csv")
    assert set(raw(name)["area"]["partners"]) <= set(layers["country"])


@each_landscape
def test_cores__lie_on_both_sides_and_links_join_them(name: str, demonstration: dict[str, Finished]) -> None:
    finished = demonstration[name]
    for case in cases_of(finished):
        shares = finished.table("core_countries", case)
        assert set(raw(name)["area"]["partners"]) <= set(shares["country"]) | {"KP"}
        assert shares.groupby("core_id")["share_percent"].sum().to_numpy() == pytest.approx(100)
        links = finished.table("links", case)
        assert len(links) >= 1
        assert (links["cwd_to_path"] >= 1).all()
        assert (links["path_to_euclid"] >= 1 - 1e-9).all()
        section = next(entry for entry in raw(name)["species"] if entry["name"] == case)
        assert (links["path_length_km"] <= section["links"]["max_link_km"]).all()
        cores = finished.table("cores", case)
        small = section["cores"]["stepping_stone_km2"]
        assert cores["area_km2"].min() >= small
        assert ((cores["area_km2"] < section["cores"]["min_area_km2"]) == cores["stepping_stone"]).all()


@each_landscape
def test_indices__grow_with_the_dispersal_distance_and_stay_below_all_habitat(
    name: str, demonstration: dict[str, Finished]
) -> None:
    finished = demonstration[name]
    for case in cases_of(finished):
        indices = finished.table("connectivity", case)
        by_length = indices[indices["distance"] == "length"].sort_values("dispersal_km")
        connected = by_length["equivalent_connected_area_km2"].to_numpy()
        assert (np.diff(connected) >= 0).all()
        # At least the largest core alone, at most all cores together, of the whole analysis area.
        assert connected[0] >= finished.table("cores", case)["quality_area_km2"].max() * (1 - 1e-9)
        assert connected[-1] < by_length["landscape_km2"].iloc[0]
        assert (np.diff(by_length["components"].to_numpy()) <= 0).all()


@each_landscape
def test_sea_and_towns__are_no_habitat(name: str, demonstration: dict[str, Finished]) -> None:
    finished = demonstration[name]
    cover, _ = finished.raster("landcover")
    for case in cases_of(finished):
        for raster in ("suitability", "resistance", "corridor", "cost_distance"):
            assert np.isnan(finished.raster(raster, case)[0][cover == SEA]).all(), raster
        labels = np.nan_to_num(finished.raster("cores", case)[0])
        assert not (labels[cover == SEA] > 0).any()
    large = finished.vector("settlements").query("population >= 100000")
    cores = shapely.union_all(finished.vector("cores").geometry)
    assert not large.intersects(cores).any()


# ---------------------------------------------------------------- what an expert knows of the places


@pytest.mark.parametrize("case", ["amur_tiger", "amur_leopard"])
def test_big_cats__one_core_along_the_border_ridge(case: str, demonstration: dict[str, Finished]) -> None:
    """Most ranges abut the border: Hunchun and the Land of the Leopard are one population."""
    finished = demonstration["land_of_big_cats"]
    hunchun = finished.core_of(case, finished.park("Hunchun National Nature Reserve"))
    leopard = finished.core_of(case, finished.park("Land of the Leopard National Park"))
    assert hunchun["core_id"] == leopard["core_id"]
    assert {"CN", "RU"} <= set(hunchun["countries"].split(", "))
    assert hunchun["border_contact_km"] > 50
    south, north = finished.place(130.5, 42.95), finished.place(131.8, 43.9)
    borders = finished.vector("borders")
    ridge = borders.loc[borders["border"] == "CN-RU"].geometry.union_all()
    ridge = ridge.intersection(shapely.box(south.x, south.y, north.x, north.y))
    assert ridge.intersection(hunchun.geometry).length / ridge.length > 0.9


def test_big_cats__razdolnaya_belt_is_a_strong_barrier(demonstration: dict[str, Finished]) -> None:
    """Between the leopard land and the Ussuriisky reserve lie the towns, roads and rails of the lowland."""
    finished = demonstration["land_of_big_cats"]
    west = finished.core_of("amur_tiger", finished.park("Land of the Leopard National Park"))["core_id"]
    east = finished.core_of("amur_tiger", finished.park("Ussuriysky zapovednik"))["core_id"]
    assert west != east
    links = finished.table("links", "amur_tiger")
    belt = links[(links["core_a"] == min(west, east)) & (links["core_b"] == max(west, east))]
    assert len(belt) == 1
    assert belt["cwd_to_euclid"].iloc[0] > 1.5 * links["cwd_to_euclid"].median()
    assert belt["path_to_euclid"].iloc[0] > links["path_to_euclid"].median()


def test_big_cats__cores_are_forest_and_farmland_is_not(demonstration: dict[str, Finished]) -> None:
    finished = demonstration["land_of_big_cats"]
    cover, _ = finished.raster("landcover")
    for case in ("amur_tiger", "amur_leopard"):
        suitability = finished.raster("suitability", case)[0]
        labels = np.nan_to_num(finished.raster("cores", case)[0])
        assert np.isin(cover[labels > 0], FOREST).mean() > 0.8
        assert np.nanmedian(suitability[np.isin(cover, FOREST)]) > 2 * np.nanmedian(suitability[cover == 1])


def test_khingan__best_stretch_of_the_amur_is_the_gorge(demonstration: dict[str, Finished]) -> None:
    """Animals cross between Pompeevka and Taipinggou, not on the Bidzhan lowland."""
    finished = demonstration["lesser_khingan"]
    crossings = finished.vector("crossings", "amur_tiger").to_crs(4326)
    links = finished.table("links", "amur_tiger").set_index("link_id")
    costs = links.loc[crossings["link_id"], "cost_distance_m"].to_numpy()
    best = crossings.iloc[int(np.argmin(costs))].geometry
    assert 47.90 < best.y < 48.88
    assert set(crossings["border"]) == {"CN-RU"}
    assert (crossings["border_in_corridor_km"] > 0).all()


def test_khingan__bastak_joins_the_gorge_through_forest(demonstration: dict[str, Finished]) -> None:
    """South of the Trans-Siberian the forest goes on: one core, or a link that stays in forest."""
    finished = demonstration["lesser_khingan"]
    bastak = finished.core_of("amur_tiger", finished.park("Bastak nature reserve"))["core_id"]
    gorge = finished.core_of("amur_tiger", finished.place(131.0, 48.4).buffer(10_000))["core_id"]
    if bastak == gorge:
        return
    links = finished.vector("links", "amur_tiger")
    joining = links[(links["core_a"] == min(bastak, gorge)) & (links["core_b"] == max(bastak, gorge))]
    assert len(joining) == 1
    cover, transform = finished.raster("landcover")
    cells = [(~transform) * point for point in joining.geometry.iloc[0].coords]
    met = [cover[int(row), int(column)] for column, row in cells]
    assert np.isin(met, FOREST).mean() > 0.9


def test_chikhachev__the_ridge_is_one_core_in_two_countries(demonstration: dict[str, Finished]) -> None:
    finished = demonstration["chikhachev"]
    corners = finished.place(89.3, 49.65), finished.place(89.95, 50.2)
    ridge = shapely.box(corners[0].x, corners[0].y, corners[1].x, corners[1].y)
    core = finished.core_of("snow_leopard", ridge)
    assert {"RU", "MN"} <= set(core["countries"].split(", "))
    assert core["border_contact_km"] > 20


@pytest.mark.parametrize("place", [(88.67, 50.0), (88.3, 50.05), (91.0, 50.0)])
def test_chikhachev__steppes_separate(place: tuple[float, float], demonstration: dict[str, Finished]) -> None:
    finished = demonstration["chikhachev"]
    assert not finished.vector("cores").contains(finished.place(*place)).any()


def test_eastern_sayan__lake_and_basins_are_no_cores_and_the_ridge_spans_the_border(
    demonstration: dict[str, Finished],
) -> None:
    finished = demonstration["eastern_sayan"]
    cores = finished.vector("cores", "snow_leopard")
    for lon, lat in ((100.5, 51.0), (102.5, 51.7), (99.4, 51.1)):  # Khuvsgul, Tunka, Darkhad
        assert not cores.contains(finished.place(lon, lat)).any(), (lon, lat)
    munku_sardyk = finished.core_of("snow_leopard", finished.place(100.6, 51.72).buffer(10_000))
    assert {"RU", "MN"} <= set(munku_sardyk["countries"].split(", "))


# ---------------------------------------------------------------- in QGIS


@pytest.mark.qgis
def test_project__opens_in_qgis(demonstration: dict[str, Finished], tmp_path: Path) -> None:
    """The run of two species, moved elsewhere: valid, placed, styled, labelled, drawn."""
    finished = demonstration["land_of_big_cats"]
    moved = tmp_path / "на другом диске"
    shutil.copytree(finished.folder, moved)
    picture = tmp_path / "view.png"
    seen = look_in_qgis(moved / "project.qgz", picture)
    assert seen["read"]
    assert seen["error"] == ""
    assert seen["messages"] == []
    assert seen["render_errors"] == []
    assert not seen["absolute"]
    assert seen["crs"]["authid"] == raw("land_of_big_cats")["area"]["crs"]
    assert [layer["name"] for layer in seen["layers"] if not layer["valid"]] == []
    assert {layer["crs"]["authid"] for layer in seen["layers"]} == {seen["crs"]["authid"]}
    assert all(layer["source"].startswith(str(moved)) for layer in seen["layers"])
    check_groups(seen, finished)
    check_styles(seen)
    assert {"CN", "RU", "Vladivostok", "Ussuriysky zapovednik", "CN-RU"} <= set(seen["labels_drawn"])
    pixels = imread(picture)[..., :3]
    assert len(np.unique(pixels @ [1, 256, 65_536])) > 1000
    assert (pixels == 1).all(axis=-1).mean() < 0.5


def check_groups(seen: dict[str, Any], finished: Finished) -> None:
    """Check that there is a group per case, and that each layer holds the rows of its case."""
    titles = {case: f"{presets.species_title(case)}, year-round, baseline" for case in cases_of(finished)}
    names = [name for name, _, _ in seen["groups"]]
    assert [name for name in names if name in titles.values()] == list(titles.values())
    for case, title in titles.items():
        written = {name: entry for name, entry in schema.VECTORS.items() if name not in schema.EDITED}
        for vector, entry in written.items():
            (layer,) = (
                one
                for one in seen["layers"]
                if one["path"][0] == title and one["name"].startswith(entry.title) and "features" in one
            )
            assert layer["features"] == len(finished.vector(vector, case)), (case, vector)


def check_styles(seen: dict[str, Any]) -> None:
    """Check colours of rasters and vectors against the schema."""
    expected = {entry.title: entry.style for entry in schema.RASTERS.values() if entry.group != "predictors"}
    for layer in seen["layers"]:
        style = expected.get(layer["name"].split(" (")[0])
        if isinstance(style, schema.Ramp) and "features" not in layer:
            colours = [colour for _, colour, _ in layer["classes"]]
            assert [colour for colour in colours if colour in {c for _, c, _ in style.stops}] == [
                colour for _, colour, _ in style.stops
            ], layer["name"]
    links = [layer for layer in seen["layers"] if layer["name"].startswith("Links")]
    assert {layer["renderer"] for layer in links} == {"graduatedSymbol"}
