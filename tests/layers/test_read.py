from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from corridors.errors import InputError, Problems
from corridors.grid import Grid
from corridors.layers import LayerSpec, impassable_mask, read_layers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROADS = {"kind": "lines", "class_column": "class", "classes": {"primary": 1, "trunk": 2, "motorway": 3}}
TOWNS = {
    "kind": "points",
    "name_column": "city",
    "country_column": "code",
    "population_column": "people",
    "population_unknown": 1000,
}


def specs(**layers: dict[str, Any]) -> dict[str, LayerSpec]:
    return {name: LayerSpec(**layer) for name, layer in layers.items()}


def test_roads_are_burnt_with_the_highest_class_and_other_classes_left_out(
    grid: Grid, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    source = gpkg("osm.gpkg", "roads", roads)
    layer = read_layers(specs(roads=ROADS | {"sources": [source]}), grid, folder=tmp_path)["roads"]
    expected = np.zeros(grid.shape)
    expected[:, 4] = 1
    expected[2, :] = 2
    np.testing.assert_array_equal(layer.values, expected)
    assert layer.attrs["source_used"] == "osm.gpkg|roads"
    assert layer.attrs["classes_absent"] == "motorway"
    assert layer.attrs["units"] == "class"
    assert "highest class wins" in layer.attrs["method"]


def test_the_first_source_present_is_used(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    tiff("b.tif", np.full((8, 10), 2.0, np.float32))
    tiff("c.tif", np.full((8, 10), 3.0, np.float32))
    wanted = specs(forest_cover={"sources": ["a.tif", "b.tif", "c.tif"]})
    layer = read_layers(wanted, grid, folder=tmp_path)["forest_cover"]
    assert (layer.values == 2).all()
    assert layer.attrs["source_used"] == "b.tif"
    assert layer.attrs["method"] == "500 m cells, already on the grid"


def test_everything_missing_is_told_at_once_with_the_nearest_name(
    grid: Grid, tiff: Callable, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    source = gpkg("osm.gpkg", "roads", roads)
    bands = tiff("prey.tif", np.ones((2, 8, 10), np.float32), descriptions=("red_deer", "wild_boar"))
    wanted = specs(
        slope={"sources": [{"slope_of": "dem.tif"}]},
        roads=ROADS | {"sources": ["osm.gpkg|raods"]},
        rails={"kind": "lines", "sources": [source], "class_column": "clas", "classes": {"rail": 1}},
        paths={"kind": "lines", "sources": [source], "class_column": "class", "classes": {"trnk": 1}},
        prey={"sources": [{"weighted_bands_of": bands, "weights": {"red_dear": 1, "elk": 2}}]},
        near={"sources": [{"distance_to": "road"}]},
    )
    with pytest.raises(Problems) as caught:
        read_layers(wanted, grid, folder=tmp_path)
    text = str(caught.value)
    for part in (
        "[I260] [layers.slope]: none of its sources is in the data folder. Given: slope of dem.tif",
        "osm.gpkg holds roads (nearest: roads)",
        "[I262] [layers.rails] osm.gpkg|roads: class_column names a column that is not there. "
        "Given: clas (nearest: class)",
        "Given: trnk (nearest: trunk). Allowed: primary, track, trunk",
        "red_dear (nearest: red_deer)",
        "Given: elk. Allowed: red_deer, wild_boar",
        "for distance_to a present layer (nearest: roads)",
    ):
        assert part in text
    assert len(caught.value.problems) == 7


def test_a_broken_layer_is_told_once_though_a_distance_needs_it(
    grid: Grid, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    source = gpkg("osm.gpkg", "roads", roads)
    wanted = specs(
        roads={"kind": "lines", "sources": [source], "class_column": "no", "classes": {"a": 1}},
        near={"sources": [{"distance_to": "roads"}]},
    )
    with pytest.raises(InputError, match="I262"):
        read_layers(wanted, grid, folder=tmp_path)


def test_optional_layers_without_a_source_are_left_out_and_said(
    grid: Grid, tiff: Callable, tmp_path: Path
) -> None:
    wanted = specs(
        near={"sources": [{"distance_to": "rails"}], "optional": True},
        rails={"kind": "lines", "sources": ["rails.gpkg|all"], "optional": True},
        cover={"sources": [tiff("a.tif", np.ones((8, 10), np.float32))]},
    )
    layers = read_layers(wanted, grid, folder=tmp_path)
    assert list(layers) == ["cover"]
    assert set(layers.attrs["absent"].split(", ")) == {"near", "rails"}


def test_distance_sees_lines_beyond_the_grid(grid: Grid, gpkg: Callable, tmp_path: Path) -> None:
    left, bottom, _, top = grid.bounds
    beyond = LineString([(left - 3250, bottom - 9000), (left - 3250, top + 9000)])
    source = gpkg("r.gpkg", "roads", gpd.GeoDataFrame(geometry=[beyond], crs=grid.crs))
    wanted = specs(roads={"kind": "lines", "sources": [source]}, near={"sources": [{"distance_to": "roads"}]})
    layers = read_layers(wanted, grid, folder=tmp_path)
    assert not layers["roads"].values.any()
    np.testing.assert_allclose(layers["near"].values[0], 3.5 + 0.5 * np.arange(10), rtol=1e-6)
    assert "beyond the grid" in layers["near"].attrs["method"]


def test_distance_to_nothing_in_reach_is_the_reach(grid: Grid, gpkg: Callable, tmp_path: Path) -> None:
    far = LineString([(200_000, 4_000_000), (201_000, 4_000_000)])
    source = gpkg("r.gpkg", "roads", gpd.GeoDataFrame(geometry=[far], crs=grid.crs))
    wanted = specs(roads={"kind": "lines", "sources": [source]}, near={"sources": [{"distance_to": "roads"}]})
    near = read_layers(wanted, grid, folder=tmp_path)["near"]
    assert (near.values == 50).all()
    assert "no roads in reach" in near.attrs["method"]


def test_large_towns_count_as_nearer(
    grid: Grid, gpkg: Callable, towns: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    source = gpkg("t.gpkg", "places", towns)
    wanted = specs(
        settlements=TOWNS | {"sources": [source]},
        weighted={"sources": [{"distance_to": "settlements", "population_exponent": 0.25}]},
        plain={"sources": [{"distance_to": "settlements"}]},
    )
    layers = read_layers(wanted, grid, folder=tmp_path)
    centre = grid.xy(0, 4)
    west, east = (math.dist(centre, (point.x, point.y)) / 1000 for point in towns.geometry[:2])
    assert layers["weighted"].values[0, 4] == pytest.approx(min(west / 2, east), rel=1e-6)
    assert layers["plain"].values[0, 4] == pytest.approx(min(west, east), rel=1e-6)
    assert layers["settlements"].values[0, 0] == 16_000
    assert layers["settlements"].values.sum() == 17_000
    assert layers["settlements"].attrs["unknown_share"] == {"CH": 0.0, "AT": 1.0}


def test_an_exponent_needs_the_population(grid: Grid, gpkg: Callable, tmp_path: Path) -> None:
    source = gpkg("t.gpkg", "p", gpd.GeoDataFrame(geometry=[Point(grid.xy(0, 0))], crs=grid.crs))
    wanted = specs(
        wells={"kind": "points", "sources": [source]},
        near={"sources": [{"distance_to": "wells", "population_exponent": 0.5}]},
    )
    with pytest.raises(InputError, match=r"I262.*Set population_column in \[layers.wells\]"):
        read_layers(wanted, grid, folder=tmp_path)


def test_a_raster_of_lines_on_the_grid_equals_the_vectors(
    grid: Grid, gpkg: Callable, tiff: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    source = gpkg("osm.gpkg", "roads", roads)
    near = {"near": {"sources": [{"distance_to": "roads"}]}}
    vectors = read_layers(specs(roads=ROADS | {"sources": [source]}, **near), grid, folder=tmp_path)
    raster = tiff("roads.tif", vectors["roads"].values.astype(np.uint8))
    rasters = read_layers(specs(roads=ROADS | {"sources": [raster]}, **near), grid, folder=tmp_path)
    np.testing.assert_array_equal(vectors["roads"], rasters["roads"])
    np.testing.assert_array_equal(vectors["near"], rasters["near"])


def test_a_raster_of_lines_elsewhere_stops_with_the_way_out(
    grid: Grid, tiff: Callable, tmp_path: Path
) -> None:
    finer = tiff("roads.tif", np.zeros((16, 20), np.uint8), cell=250)
    wanted = specs(roads=ROADS | {"sources": [finer]})
    with pytest.raises(InputError, match=r"I264.*cells of 500 m in EPSG:32652.*vector layer"):
        read_layers(wanted, grid, folder=tmp_path)


@pytest.mark.parametrize(("value", "code"), [(7, "I263"), (-1, "I216"), (0.5, "I216")])
def test_a_raster_of_lines_holds_only_classes_of_the_workflow(
    grid: Grid, tiff: Callable, tmp_path: Path, value: float, code: str
) -> None:
    raster = tiff("roads.tif", np.full((8, 10), value, np.float32))
    with pytest.raises(InputError, match=code):
        read_layers(specs(roads=ROADS | {"sources": [raster]}), grid, folder=tmp_path)


def test_outside_the_area_is_no_data_in_every_layer(
    grid: Grid, tiff: Callable, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    inside = np.zeros(grid.shape, bool)
    inside[2:5, 3:8] = True
    wanted = specs(
        cover={"kind": "categories", "sources": [tiff("c.tif", np.zeros((8, 10), np.uint8))]},
        roads=ROADS | {"sources": [gpkg("osm.gpkg", "roads", roads)]},
        near={"sources": [{"distance_to": "roads"}]},
    )
    layers = read_layers(wanted, grid, folder=tmp_path, inside=inside)
    for layer in layers.values():
        np.testing.assert_array_equal(np.isnan(layer.values), ~inside)
        assert layer.dtype == np.float32
    with pytest.raises(InputError, match="I201"):
        read_layers(wanted, grid, folder=tmp_path, inside=inside[1:])


def test_a_layer_elsewhere_stops(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    elsewhere = tiff("a.tif", np.ones((4, 4), np.float32), crs="EPSG:32645")
    with pytest.raises(InputError, match=r"I217.*no data in the area"):
        read_layers(specs(cover={"sources": [elsewhere]}), grid, folder=tmp_path)


def test_shares_of_classes_leave_the_sea_out(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    cover = np.full((16, 20), 4, np.uint8)
    cover[0:2, 0:2] = [[4, 2], [11, 11]]
    cover[2:4, 0:2] = 11
    name = tiff("landcover.tif", cover, cell=250)
    wanted = specs(
        landcover={"kind": "categories", "sources": [name], "impassable": [11]},
        forest={"sources": [{"fraction_of": name, "classes": [4, 5]}]},
        around={"sources": [{"fraction_of": name, "classes": [4, 5], "window_radius_km": 0.5}]},
    )
    layers = read_layers(wanted, grid, folder=tmp_path)
    assert layers["forest"].values[0, 0] == pytest.approx(0.5)
    assert np.isnan(layers["forest"].values[1, 0])
    assert layers["around"].values[1, 0] == pytest.approx((0.5 + 1 + 1) / 3)
    assert layers["landcover"].values[1, 0] == 11
    mask = impassable_mask(layers, wanted)
    assert mask.dtype == bool
    assert mask.values[0, 0]  # two of four sea, one forest, one grass: sea is the commonest
    assert mask.values.sum() == 2


def test_weighted_bands(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    values = np.stack([np.full((8, 10), density, np.float32) for density in (2, 4)])
    values[1, 0, 0] = -1
    name = tiff("prey.tif", values, descriptions=("red_deer", "wild_boar"), nodata=-1)
    weights = {"wild_boar": 0.25, "red_deer": 0.75}
    wanted = specs(prey={"sources": [{"weighted_bands_of": name, "weights": weights}]})
    layer = read_layers(wanted, grid, folder=tmp_path)["prey"]
    assert layer.values[3, 3] == pytest.approx(0.25 * 4 + 0.75 * 2)
    assert np.isnan(layer.values[0, 0])


def test_terrain_is_computed_at_the_elevation_s_own_scale(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    # ridges of 45 degrees, 250 m wide: level on average, steep everywhere but on the turns
    saw = np.tile(np.abs((np.arange(80) * 62.5 + 31.25) % 500 - 250), (64, 1)).astype(np.float32)
    name = tiff("dem.tif", saw, cell=62.5)
    wanted = specs(
        elevation={"sources": [name]},
        slope={"sources": [{"slope_of": name}]},
        ruggedness={"sources": [{"ruggedness_of": name}]},
        southness={"sources": [{"southness_of": name}]},
    )
    layers = read_layers(wanted, grid, folder=tmp_path)
    np.testing.assert_allclose(layers["elevation"].values, 125, rtol=1e-6)
    # of the 8 cells of a ridge and its valley 4 lie on a flank, 4 beside a turn, where one side is level
    expected = (4 * 45 + 4 * math.degrees(math.atan(0.5))) / 8
    np.testing.assert_allclose(layers["slope"].values[1:-1, 1:-1], expected, rtol=1e-5)
    np.testing.assert_allclose(layers["southness"].values, 0, atol=1e-6)
    assert layers["slope"].attrs["method"].startswith("slope (Horn 1981) at the elevation model's own scale")


def test_polygons_and_points_without_population(
    grid: Grid, gpkg: Callable, countries: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    wells = gpd.GeoDataFrame(geometry=[Point(grid.xy(1, 1)), Point(grid.xy(1, 1))], crs=grid.crs)
    wanted = specs(
        west={"kind": "polygons", "sources": [gpkg("a.gpkg", "west", countries.iloc[:1])]},
        wells={"kind": "points", "sources": [gpkg("a.gpkg", "wells", wells)]},
        near={"sources": [{"distance_to": "west"}]},
    )
    layers = read_layers(wanted, grid, folder=tmp_path)
    np.testing.assert_array_equal(layers["west"].values[0], [1] * 5 + [0] * 5)
    np.testing.assert_allclose(layers["near"].values[0, 4:], 0.5 * np.arange(6))
    assert layers["wells"].values[1, 1] == 2


def test_reading_twice_gives_the_same_and_changes_nothing(
    grid: Grid, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    wanted = specs(roads=ROADS | {"sources": [gpkg("osm.gpkg", "roads", roads)]})
    before = dict(wanted)
    first, second = (read_layers(wanted, grid, folder=tmp_path) for _ in range(2))
    assert first.identical(second)
    assert wanted == before
