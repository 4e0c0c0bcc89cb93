"""The demonstration data: the script still makes them, they agree with the facts, and they stay small."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from corridors.grid import Grid, geodesic_area_km2, geodesic_length_km, with_margin
from corridors.studies.proposals import read_proposals

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "rasters"
AREAS = {
    "land_of_big_cats": ((129.4, 42.2, 133.2, 45.0), "EPSG:32652"),
    "lesser_khingan": ((128.0, 46.8, 133.8, 49.8), "EPSG:32652"),
    "chikhachev": ((87.8, 49.0, 91.2, 50.7), "EPSG:32645"),
    "eastern_sayan": ((98.0, 50.2, 103.4, 52.6), "EPSG:32647"),
}
RASTERS = ("elevation", "landcover", "forest_cover", "roads", "settlements", "prey_density")
VECTORS = ("osm.gpkg", "natural_earth.gpkg", "settlements.gpkg", "proposals.gpkg")
TIGER_PREY = ("red_deer", "wild_boar", "sika_deer", "roe_deer")
PREY = {
    "land_of_big_cats": TIGER_PREY,
    "lesser_khingan": TIGER_PREY,
    "chikhachev": ("ibex", "argali", "marmot"),
    "eastern_sayan": ("ibex", "argali", "marmot", "red_deer", "wild_boar", "musk_deer"),
}
WORLD = (-180.0, -90.0, 180.0, 90.0)

each_landscape = pytest.mark.parametrize("name", AREAS)


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    """Folder into which the script has just made everything again."""
    folder = tmp_path_factory.mktemp("rasters")
    script = ROOT / "workflows" / "make_demonstration_data.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", str(script), "--out", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def cells(name, layer, band=1):
    with rasterio.open(DATA / name / f"{layer}.tif") as source:
        return source.read(band)


def value_at(name, layer, lon, lat, band=1):
    with rasterio.open(DATA / name / f"{layer}.tif") as source:
        point = gpd.GeoSeries([shapely.Point(lon, lat)], crs=4326).to_crs(source.crs)[0]
        return source.read(band)[source.index(point.x, point.y)]


def vectors(name, file, layer):
    return gpd.read_file(DATA / name / f"{file}.gpkg", layer=layer)


# ---------------------------------------------------------------- the script makes what is committed


@each_landscape
@pytest.mark.parametrize("layer", RASTERS)
def test_raster_is_what_the_script_makes(remade, name, layer):
    with (
        rasterio.open(remade / name / f"{layer}.tif") as new,
        rasterio.open(DATA / name / f"{layer}.tif") as old,
    ):
        np.testing.assert_array_equal(new.read(), old.read())
        assert new.tags() == old.tags()
        assert (new.descriptions, new.units) == (old.descriptions, old.units)
        assert (new.transform, new.crs, new.dtypes, new.nodata) == (
            old.transform,
            old.crs,
            old.dtypes,
            old.nodata,
        )


@each_landscape
@pytest.mark.parametrize("file", VECTORS)
def test_vectors_are_what_the_script_makes(remade, name, file):
    new, old = pyogrio.list_layers(remade / name / file), pyogrio.list_layers(DATA / name / file)
    assert new.tolist() == old.tolist()
    for layer, _ in old:
        made, kept = (gpd.read_file(folder / name / file, layer=layer) for folder in (remade, DATA))
        assert made.drop(columns="geometry").equals(kept.drop(columns="geometry"))
        assert made.geometry.geom_equals_exact(kept.geometry, tolerance=0).all()


@each_landscape
def test_readme_is_what_the_script_makes(remade, name):
    assert (remade / name / "README.md").read_bytes() == (DATA / name / "README.md").read_bytes()


# ---------------------------------------------------------------- form


def test_folders_are_small_and_hold_nothing_else():
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 8e6
    expected = {f"{layer}.tif" for layer in RASTERS} | {*VECTORS, "README.md"}
    assert {(path.parent.name, path.name) for path in files} == {(n, f) for n in AREAS for f in expected}


@each_landscape
def test_rasters_lie_on_the_lattice_of_the_area(name):
    bounds, crs = AREAS[name]
    around, _ = with_margin(bounds, 30, WORLD)
    grid = Grid.for_area(around, crs=crs, cell_size_m=500)
    for layer in RASTERS:
        with rasterio.open(DATA / name / f"{layer}.tif") as source:
            assert (source.transform, source.shape, source.crs) == (grid.transform, grid.shape, grid.crs)


@each_landscape
def test_rasters_say_that_they_are_stylised(name):
    for layer in RASTERS:
        with rasterio.open(DATA / name / f"{layer}.tif") as source:
            tags = source.tags()
        assert tags["stylised"] == "yes"
        assert "not a legal boundary" in tags["notice"]
        assert {"title", "units", "licence"} <= set(tags)


@each_landscape
def test_vectors_say_that_they_are_stylised(name):
    for file in VECTORS:
        for layer, _ in pyogrio.list_layers(DATA / name / file):
            info = pyogrio.read_info(DATA / name / file, layer=layer)
            assert "stylised, not a legal boundary" in info["layer_metadata"]["DESCRIPTION"]
            assert info["crs"] == "EPSG:4326"


@each_landscape
def test_values_are_in_their_ranges(name):
    assert set(np.unique(cells(name, "landcover"))) <= set(range(12))
    assert set(np.unique(cells(name, "roads"))) <= {0, 1, 2, 3}
    cover = cells(name, "forest_cover")
    assert cover.min() == 0
    assert cover.max() <= 1
    assert (cells(name, "elevation") % 10 == 0).all()
    with rasterio.open(DATA / name / "prey_density.tif") as source:
        assert source.descriptions == PREY[name]
        assert source.read().min() >= 0


@each_landscape
def test_the_area_is_wholly_in_some_country_or_the_sea(name):
    with rasterio.open(DATA / name / "landcover.tif") as source:
        countries = vectors(name, "natural_earth", "countries_10m").to_crs(source.crs)
        outside = rasterio.features.geometry_mask(countries.geometry, source.shape, source.transform)
        np.testing.assert_array_equal(outside, source.read(1) == 11)


@each_landscape
def test_people_of_the_towns_are_in_the_raster(name):
    towns = vectors(name, "settlements", "places_1000")
    with rasterio.open(DATA / name / "settlements.tif") as source:
        inside = towns.to_crs(source.crs).clip(source.bounds)
        total = source.read(1).sum()
    assert total == pytest.approx(inside["population"].sum(), rel=0.02)


# ---------------------------------------------------------------- facts


@each_landscape
def test_towns_lie_in_their_country(name):
    alpha_3 = {"CN": "CHN", "RU": "RUS", "KP": "PRK", "MN": "MNG"}
    countries = vectors(name, "natural_earth", "countries_10m").set_index("iso_a3").geometry
    for town in vectors(name, "settlements", "places_1000").itertuples():
        assert countries[alpha_3[town.country_code]].covers(town.geometry), town.city


@pytest.mark.parametrize(
    ("name", "countries", "between", "length_km"),
    [
        ("land_of_big_cats", {"Russia", "China"}, (129.4, 42.2, 133.2, 45.1), 436),
        ("land_of_big_cats", {"North Korea", "China"}, (129.7, 42.2, 133.2, 45.0), 166),
        ("land_of_big_cats", {"North Korea", "Russia"}, (129.4, 42.2, 133.2, 45.0), 18.5),
        ("lesser_khingan", {"Russia", "China"}, (129.0, 46.8, 133.5, 49.8), 543),
        ("chikhachev", {"Mongolia", "Russia"}, (87.84, 49.0, 91.16, 50.7), 364),
        ("eastern_sayan", {"Mongolia", "Russia"}, (97.5, 50.29, 102.67, 52.6), 648),
    ],
)
def test_borders_are_about_as_long_as_they_are(name, countries, between, length_km):
    lines = vectors(name, "natural_earth", "boundary_lines_10m").clip(between)
    own = lines[[{a, b} == countries for a, b in zip(lines["adm0_left"], lines["adm0_right"], strict=True)]]
    found_km = sum(geodesic_length_km(line, lines.crs) for line in own.geometry)
    assert found_km == pytest.approx(length_km, rel=0.06)


@each_landscape
def test_borders_are_rounded_to_a_twentieth_of_a_degree(name):
    lines = vectors(name, "natural_earth", "boundary_lines_10m")
    twentieths = shapely.get_coordinates(lines.geometry) * 20
    np.testing.assert_allclose(twentieths, np.rint(twentieths), atol=1e-9)


@pytest.mark.parametrize(
    ("name", "park", "area_km2"),
    [
        ("land_of_big_cats", "Land of the Leopard National Park", 2620),
        ("land_of_big_cats", "Kedrovaya Pad Nature Reserve", 179),
        ("land_of_big_cats", "Northeast China Tiger and Leopard National Park", 14100),
        ("land_of_big_cats", "Hunchun National Nature Reserve", 1087),
        ("land_of_big_cats", "Ussuriysky zapovednik", 404),
        ("land_of_big_cats", "Poltavsky zakaznik", 1190),
        ("lesser_khingan", "Bastak nature reserve", 918),
        ("lesser_khingan", "Khingan Nature Reserve", 970.7),
        ("lesser_khingan", "Hingano-Arkhaninskiy zakaznik", 488),
        ("lesser_khingan", "Taipinggou National Nature Reserve", 221.99),
        ("chikhachev", "Saylyugemsky National Park", 1183.8),
        ("chikhachev", "Altai Tavan Bogd National Park", 6362),
        ("chikhachev", "Uvs Nuur Basin Strictly Protected Area", 7125),
        ("eastern_sayan", "Tunkinsky National Park", 11837),
        ("eastern_sayan", "Khoridol Saridag Strictly Protected Area", 1886.34),
    ],
)
def test_protected_areas_have_their_published_size(name, park, area_km2):
    parks = vectors(name, "osm", "protected_areas")
    own = parks[parks["name:en"] == park].geometry.union_all()
    assert geodesic_area_km2(own, parks.crs) == pytest.approx(area_km2, rel=0.05)


@pytest.mark.parametrize(
    ("name", "lon", "lat", "height_m"),
    [
        ("chikhachev", 90.13, 50.28, 3976),
        ("chikhachev", 87.82, 49.15, 4374),
        ("eastern_sayan", 100.6, 51.73, 3491),
        ("eastern_sayan", 100.55, 51.1, 1645),
        ("chikhachev", 88.7, 49.98, 1780),
        ("lesser_khingan", 132.0, 47.65, 60),
        ("land_of_big_cats", 131.9, 43.6, 20),
        ("land_of_big_cats", 132.4, 45.0, 70),
    ],
)
def test_landmarks_have_their_height(name, lon, lat, height_m):
    assert value_at(name, "elevation", lon, lat) == pytest.approx(height_m, abs=40)


def test_the_place_looks_like_itself():
    assert value_at("land_of_big_cats", "landcover", 131.93, 43.68) == 1  # the Razdolnaya belt is fields
    assert value_at("land_of_big_cats", "landcover", 132.55, 43.64) in (4, 5)  # Ussuriysky reserve is forest
    assert value_at("land_of_big_cats", "landcover", 131.2, 42.3) == 11  # the Sea of Japan
    assert value_at("lesser_khingan", "landcover", 130.6, 48.25) in (4, 5)  # both banks of the Khingan gorge
    assert value_at("lesser_khingan", "landcover", 131.0, 48.4) in (4, 5)
    assert value_at("eastern_sayan", "landcover", 100.55, 51.1) == 10  # Lake Khuvsgul
    assert value_at("chikhachev", "landcover", 89.6, 49.85) in (
        0,
        6,
        8,
    )  # the Chikhachev ridge is rock and ice
    assert value_at("land_of_big_cats", "roads", 131.88, 43.11) == 3  # the motorway to Vladivostok


def test_sika_deer_are_commonest_along_the_border_of_hunchun():
    band = TIGER_PREY.index("sika_deer") + 1
    at_hunchun = value_at("land_of_big_cats", "prey_density", 130.9, 43.0, band)
    inland = value_at("land_of_big_cats", "prey_density", 129.6, 43.6, band)
    assert at_hunchun > 3 * inland
    assert at_hunchun > 1


def test_prey_is_not_computed_from_land_cover():
    landcover = cells("land_of_big_cats", "landcover")
    deer = cells("land_of_big_cats", "prey_density", TIGER_PREY.index("roe_deer") + 1)
    on_fields, in_forest = deer[landcover == 1], deer[landcover == 4]
    assert on_fields.min() > 0
    assert on_fields.max() > np.median(in_forest)


@each_landscape
def test_proposals_are_read_as_they_are_meant(name):
    bounds, crs = AREAS[name]
    around, _ = with_margin(bounds, 30, WORLD)
    grid = Grid.for_area(around, crs=crs, cell_size_m=500)
    found = read_proposals(DATA / name / "proposals.gpkg", grid, bounds=around)
    assert found.geometry.is_valid.all()
    assert not any("repaired" in note for note in found.attrs["notes"])
    assert (found["status"] == "Proposed").all()


def test_the_joint_reserve_has_the_size_of_both_parks():
    found = gpd.read_file(DATA / "land_of_big_cats" / "proposals.gpkg").set_index("proposal").geometry
    assert geodesic_area_km2(found["Land of Big Cats joint reserve"], found.crs) == pytest.approx(
        16_900, rel=1e-3
    )
