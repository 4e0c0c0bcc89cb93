"""From nothing to a map in five commands, on real layers of places that are none of the four landscapes."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window
from typer.testing import CliRunner

from corridors.cli import app

pytestmark = pytest.mark.real

Box = tuple[float, float, float, float]


def cut_raster(source: Path, target: Path, box: Box) -> None:
    """Write the part of a raster in a box."""
    with rasterio.open(source) as dataset:
        left, top = (round(x) for x in ~dataset.transform @ (box[0], box[3]))
        right, bottom = (round(x) for x in ~dataset.transform @ (box[2], box[1]))
        window = Window(left, top, right - left, bottom - top)
        profile = dataset.profile | {
            "height": bottom - top,
            "width": right - left,
            "transform": dataset.transform @ Affine.translation(left, top),
        }
        with rasterio.open(target, "w", **profile) as cut:
            cut.write(dataset.read(window=window))
            cut.update_tags(**dataset.tags())


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_lower_amur_and_sikhote_alin(geodata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Khabarovsk: the Sikhote-Alin, hills north of the Amur, and the reserve of Khekhtsir between them."""
    data, box = tmp_path / "layers", (133.6, 46.6, 137.0, 49.6)
    data.mkdir()
    for name in ("nea_elevation_15s.tif", "nea_landcover_15s.tif"):
        cut_raster(geodata / "large" / name, data / name, box)
    sources = [
        ("nea_osm_z7.gpkg", "roads"),
        ("nea_osm_z7.gpkg", "protected_areas"),
        ("nea_geonames.gpkg", "places_1000"),
    ]
    for name, layer in sources:
        part = pyogrio.read_dataframe(geodata / "large" / name, layer=layer, bbox=box)
        pyogrio.write_dataframe(part, data / name, layer=layer, driver="GPKG")
    monkeypatch.chdir(tmp_path)
    told = said(
        "init",
        "--species",
        "amur_tiger",
        "--area",
        "134.2,47.6,136.0,49.2",
        "--data",
        "layers",
        "-o",
        "khekhtsir.toml",
    )
    assert "the border part is skipped" in told
    assert "No problem found." in said("check", "khekhtsir.toml")
    done = json.loads(said("run", "khekhtsir.toml", "--out", "run", "--json"))
    assert Path(done["cases"]["amur_tiger"]["overview"]).is_file()
    cores = pyogrio.read_dataframe("run/corridors.gpkg", layer="cores")
    # Both sides of the valley hold core areas, and a link crosses it.
    assert len(cores) >= 2
    links = pyogrio.read_dataframe("run/corridors.gpkg", layer="links").to_crs(4326)
    assert (links.total_bounds[[0, 1]] > [134.0, 47.0]).all()
    assert len(links) >= 1
    said("export", "run", "--format", "kmz", "--out", "kmz")
    said("export", "run", "--format", "shp", "--out", "shp")
    shape = pyogrio.read_dataframe("shp/cores.shp")
    assert shape.area.sum() == pytest.approx(cores.area.sum())
    notes = set(pd.read_csv("run/notes.csv")["code"])
    assert {"no_countries", "preset_elsewhere"} <= notes


def test_the_high_sierra_from_an_elevation_model_alone(
    geodata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another continent and zone: the numbers of the Sayan prove nothing, but the way leads to a map."""
    data = tmp_path / "layers"
    data.mkdir()
    box = (-119.6, 36.4, -117.8, 38.2)
    cut_raster(geodata / "large" / "california_nevada_dem_3s.tif", data / "dem.tif", box)
    monkeypatch.chdir(tmp_path)
    told = said(
        "init",
        "--species",
        "snow_leopard",
        "--area",
        "-119.2,36.8,-118.2,37.8",
        "--data",
        "layers",
        "-o",
        "sierra.toml",
    )
    assert "Not found: landcover" in told
    text = Path("sierra.toml").read_text("utf-8")
    assert 'crs = "EPSG:32611"' in text
    assert "would allow 100 m" in text
    done = json.loads(said("run", "sierra.toml", "--out", "run", "--json"))
    assert done["cases"]["snow_leopard"]["crossings"] == 0
    cores: gpd.GeoDataFrame = pyogrio.read_dataframe("run/corridors.gpkg", layer="cores")
    with rasterio.open(data / "dem.tif") as heights:
        points = cores.to_crs(4326).representative_point()
        metres = [int(value[0]) for value in heights.sample([(p.x, p.y) for p in points])]
    # Core areas lie where the preset likes the height: 1600 m and more.
    assert min(metres) > 1600
    codes = set(pd.read_csv("run/notes.csv")["code"])
    assert {"weight_zero", "preset_elsewhere", "no_countries"} <= codes
