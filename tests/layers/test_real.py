"""The four real landscapes: what must be seen in any correct reading of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr

from corridors.grid import Bounds, Grid, inside
from corridors.layers import (
    LayerSpec,
    country_labels,
    data_extent,
    impassable_mask,
    read_context,
    read_layers,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real

AREAS: dict[str, Bounds] = {
    "land_of_big_cats": (128.5, 41.7, 133.7, 45.5),
    "lesser_khingan": (127.0, 46.3, 134.3, 50.5),
    "chikhachev": (87.0, 48.5, 91.5, 51.7),
    "eastern_sayan": (96.5, 50.0, 103.5, 53.5),
}
SPECS = {
    name: LayerSpec(**layer)
    for name, layer in {
        "landcover": {"kind": "categories", "sources": ["landcover.tif"], "impassable": [11]},
        "elevation": {"sources": ["elevation.tif"]},
        "forest_cover": {"sources": ["none.tif", {"fraction_of": "landcover.tif", "classes": [4, 5]}]},
        "slope": {"sources": [{"slope_of": "elevation.tif"}]},
        "ruggedness": {"sources": [{"ruggedness_of": "elevation.tif"}]},
        "southness": {"sources": [{"southness_of": "elevation.tif"}]},
        "roads": {
            "kind": "lines",
            "sources": ["osm.gpkg|roads"],
            "class_column": "class",
            "classes": {"primary": 1, "trunk": 2, "motorway": 3},
        },
        "railways": {"kind": "lines", "sources": ["natural_earth.gpkg|railroads_10m"], "optional": True},
        "settlements": {
            "kind": "points",
            "sources": ["settlements.gpkg|places_1000"],
            "name_column": "city",
            "country_column": "country_code",
            "population_column": "population",
        },
        "countries": {
            "kind": "polygons",
            "sources": ["natural_earth.gpkg|countries_10m"],
            "country_column": "iso_a3",
            "name_column": "name",
        },
        "protected_areas": {
            "kind": "polygons",
            "sources": ["osm.gpkg|protected_areas"],
            "name_columns": ["name:en", "name:latin", "name"],
        },
        "distance_to_roads": {"sources": [{"distance_to": "roads"}]},
        "distance_to_railways": {"sources": [{"distance_to": "railways"}], "optional": True},
        "distance_to_settlements": {"sources": [{"distance_to": "settlements", "population_exponent": 0.25}]},
    }.items()
}
Landscape = tuple[str, Grid, np.ndarray, xr.Dataset, dict[str, gpd.GeoDataFrame]]


@pytest.fixture(scope="module", params=list(AREAS))
def landscape(request: pytest.FixtureRequest, geodata: Path) -> Landscape:
    folder = geodata / request.param
    bounds = data_extent(SPECS, folder)
    np.testing.assert_allclose(bounds, AREAS[request.param], atol=1e-6)
    grid = Grid.for_area(bounds, cell_size_m=500)
    area = inside(grid, bounds)
    start = time.perf_counter()
    layers = read_layers(SPECS, grid, folder=folder, inside=area)
    assert time.perf_counter() - start < 20  # 2 s on an idle machine
    return request.param, grid, area, layers, read_context(SPECS, grid, folder=folder, bounds=bounds)


def test_every_cell_of_the_area_has_data(landscape: Landscape) -> None:
    _, _, area, layers, _ = landscape
    for name, layer in layers.items():
        assert np.isnan(layer.values[~area]).all(), name
        if name != "forest_cover":  # which leaves the sea out
            assert not np.isnan(layer.values[area]).any(), name


def test_class_shares_are_those_of_the_file(landscape: Landscape, geodata: Path) -> None:
    import rasterio

    name, _, area, layers, _ = landscape
    with rasterio.open(geodata / name / "landcover.tif") as file:
        original = file.read(1)
        latitude = file.bounds.top - (np.arange(file.height) + 0.5) * file.res[1]
    weights = np.repeat(np.cos(np.radians(latitude))[:, None], original.shape[1], axis=1)
    for number in range(12):
        expected = weights[original == number].sum() / weights.sum()
        found = (layers["landcover"].values[area] == number).mean()
        assert found == pytest.approx(expected, abs=0.003), f"class {number}"
    if name == "chikhachev":
        assert (original == 0).mean() == pytest.approx(0.326, abs=0.001)
        assert (layers["landcover"].values[area] == 0).mean() > 0.32


def test_slopes_at_500_m(landscape: Landscape) -> None:
    name, _, area, layers, _ = landscape
    slope = layers["slope"].values[area]
    steep = 100 * float((slope >= 30).mean())
    if name == "chikhachev":
        assert 0.2 < steep < 0.6
        assert np.percentile(slope, 99) == pytest.approx(26.4, abs=1)
    if name == "eastern_sayan":
        assert steep < 0.05
        assert np.percentile(slope, 99) == pytest.approx(21.8, abs=1)


def test_sea_and_absent_layers(landscape: Landscape) -> None:
    name, _, area, layers, _ = landscape
    sea = float(impassable_mask(layers, SPECS).values[area].mean())
    assert (0.19 < sea < 0.21) if name == "land_of_big_cats" else sea == 0
    missing = {"railways", "distance_to_railways"} if name == "chikhachev" else set()
    assert set(filter(None, layers.attrs["absent"].split(", "))) == missing


def test_countries_cover_the_land(landscape: Landscape) -> None:
    name, grid, area, layers, context = landscape
    labels, codes = country_labels(context["countries"], grid)
    expected = {
        "land_of_big_cats": {"CN", "KP", "RU"},
        "lesser_khingan": {"CN", "RU"},
        "chikhachev": {"CN", "KZ", "MN", "RU"},
        "eastern_sayan": {"MN", "RU"},
    }
    assert set(codes.values()) == expected[name]
    land = area & ~impassable_mask(layers, SPECS).values
    assert (labels.values[land] == 0).mean() < 0.01
    unknown = context["settlements"].attrs["unknown_share"]
    assert max(unknown, key=lambda code: unknown[code]) != "RU"


def test_parks_have_one_row_per_name(landscape: Landscape) -> None:
    name, _, _, _, context = landscape
    parks = context["protected_areas"]
    named = parks["name"][parks["name"] != ""]
    assert named.is_unique
    if name == "land_of_big_cats":
        assert parks.set_index("name")["country"]["Hunchun National Nature Reserve"] == "CN"
        assert parks.set_index("name")["country"]["Land of the Leopard National Park"] == "RU"
    if name == "chikhachev":
        assert (named == "Golden Mountains of Altai").sum() == 1
