from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from shapely.geometry import LineString, Polygon, box

from corridors.errors import InputError
from corridors.grid import Grid, inside
from corridors.layers import LayerSpec, data_extent, read_context, read_layers
from corridors.layers.vectors import lonlat_bounds
from corridors.schema import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNTRIES = {"kind": "polygons", "country_column": "iso", "name_column": "called"}


def specs(**layers: dict[str, Any]) -> dict[str, LayerSpec]:
    return {name: LayerSpec(**layer) for name, layer in layers.items()}


def test_context_has_the_columns_of_the_schema(
    grid: Grid,
    gpkg: Callable,
    roads: gpd.GeoDataFrame,
    towns: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    parks = gpd.GeoDataFrame({"title": ["Hill", None]}, geometry=list(countries.geometry), crs=grid.crs)
    rivers = gpd.GeoDataFrame({"called": ["Rill"]}, geometry=[roads.geometry[0]], crs=grid.crs)
    railways = roads.drop(columns="class")
    road_classes = {"class_column": "class", "classes": {"trunk": 2, "primary": 1}}
    wanted = specs(
        roads={"kind": "lines", "sources": [gpkg("a.gpkg", "roads", roads)]} | road_classes,
        railways={"kind": "lines", "sources": [gpkg("a.gpkg", "rails", railways)]},
        rivers={"kind": "lines", "sources": [gpkg("a.gpkg", "rivers", rivers)], "name_column": "called"},
        settlements={"kind": "points", "sources": [gpkg("a.gpkg", "towns", towns)], "name_column": "city"},
        countries=COUNTRIES | {"sources": [gpkg("a.gpkg", "countries", countries)]},
        protected_areas={
            "kind": "polygons",
            "sources": [gpkg("a.gpkg", "parks", parks)],
            "name_columns": ["title:en", "title"],
        },
    )
    found = read_context(wanted, grid, folder=tmp_path)
    assert set(found) == set(wanted)
    for name, frame in found.items():
        assert [column for column in frame.columns if column != "geometry"] == list(CONTEXT[name].columns)
        assert frame.crs == grid.crs
    assert found["roads"]["class"].tolist() == ["trunk", "primary"]
    assert found["railways"]["class"].tolist() == ["", "", ""]
    assert found["settlements"]["country"].tolist() == ["CH", "AT"]  # by place; the third is beyond the grid
    assert found["protected_areas"]["country"].tolist() == ["CH", "AT"]
    assert found["settlements"].attrs["unknown_share"] == {"AT": 1.0, "CH": 1.0}


def test_structures_and_features_of_ones_own(
    grid: Grid, gpkg: Callable, roads: gpd.GeoDataFrame, towns: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    tunnels = roads.assign(brunnel=["tunnel", None, "bridge"])
    wanted = specs(
        roads={"kind": "lines", "sources": [gpkg("a.gpkg", "roads", tunnels)], "structure_column": "brunnel"},
        fence={"kind": "lines", "sources": [gpkg("a.gpkg", "fence", roads)]},
        gates={"kind": "points", "sources": [gpkg("a.gpkg", "gates", towns)], "name_column": "city"},
    )
    found = read_context(wanted, grid, folder=tmp_path)
    assert found["roads"]["structure"].tolist() == ["tunnel", "", "bridge"]
    assert list(found["fence"].columns) == ["name", "class", "structure", "geometry"]
    assert set(found["gates"].geom_type) == {"Point"}
    assert list(found["gates"].columns) == ["name", "geometry"]
    wrong = specs(roads={"kind": "lines", "sources": ["a.gpkg|roads"], "structure_column": "brunel"})
    with pytest.raises(InputError, match=r"I262.*structure_column.*brunel \(nearest: brunnel\)"):
        read_context(wrong, grid, folder=tmp_path)


def test_a_supplement_lies_beside_the_workflow(
    grid: Grid, gpkg: Callable, countries: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "workflows").mkdir()
    gpkg("data/osm.gpkg", "parks", countries.iloc[:1])
    gpkg("stylised.gpkg", "parks", countries)
    park = {"kind": "polygons", "sources": ["osm.gpkg|parks"], "name_columns": ["called"]}
    wanted = specs(protected_areas=park | {"supplement": "../stylised.gpkg|parks"})
    folders = {"folder": tmp_path / "data", "workflow_folder": tmp_path / "workflows"}
    found = read_context(wanted, grid, **folders)["protected_areas"]
    assert found["name"].tolist() == ["Westland", "Eastland"]
    assert found["origin"].tolist() == ["source", "stylised"]
    own = specs(protected_areas=park | {"supplement": "../data/osm.gpkg|parks"})
    assert read_context(own, grid, **folders)["protected_areas"]["origin"].tolist() == ["stylised"]
    wrong = specs(protected_areas=park | {"supplement": "../none.gpkg|parks"})
    with pytest.raises(InputError, match=r"I260.*the supplement is not there.*none.gpkg"):
        read_context(wrong, grid, **folders)


def test_features_are_cut_to_the_bounds(
    grid: Grid, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    wanted = specs(roads={"kind": "lines", "sources": [gpkg("a.gpkg", "roads", roads)]})
    west, south, east, north = lonlat_bounds(grid)
    cut = read_context(wanted, grid, folder=tmp_path, bounds=(west, south, (west + east) / 2, north))["roads"]
    left, _, right, _ = grid.bounds
    assert cut.total_bounds[2] == pytest.approx((left + right) / 2, abs=50)


def test_a_border_in_degrees_stays_shared_and_follows_the_parallel(
    grid: Grid, gpkg: Callable, tmp_path: Path
) -> None:
    west, south, east, north = lonlat_bounds(grid)
    middle = (south + north) / 2
    outlines = [box(west - 1, middle, east + 1, north + 1), box(west - 1, south - 1, east + 1, middle)]
    frame = gpd.GeoDataFrame({"iso": ["CH", "AT"]}, geometry=outlines, crs="EPSG:4326")
    wanted = specs(countries=COUNTRIES | {"sources": [gpkg("a.gpkg", "c", frame)]})
    wanted["countries"] = LayerSpec(kind="polygons", sources=["a.gpkg|c"], country_column="iso")
    found = read_context(wanted, grid, folder=tmp_path)["countries"]
    one, other = found.geometry
    shared = shapely.line_merge(shapely.intersection(one.boundary, other.boundary))
    assert shared.length > grid.bounds[2] - grid.bounds[0]
    assert one.intersection(other).area == 0


def test_invalid_outlines_stop_and_are_not_mended(grid: Grid, gpkg: Callable, tmp_path: Path) -> None:
    left, bottom, right, top = grid.bounds
    bow_tie = Polygon([(left, bottom), (right, top), (right, bottom), (left, top)])
    frame = gpd.GeoDataFrame({"iso": ["CH"]}, geometry=[bow_tie], crs=grid.crs)
    source = gpkg("a.gpkg", "c", frame)
    wanted = specs(countries={"kind": "polygons", "sources": [source], "country_column": "iso"})
    with pytest.raises(InputError, match=r"I225.*1 Self-intersection"):
        read_context(wanted, grid, folder=tmp_path)


def test_another_geometry_than_the_kind_stops(
    grid: Grid, gpkg: Callable, roads: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    wanted = specs(settlements={"kind": "points", "sources": [gpkg("a.gpkg", "roads", roads)]})
    with pytest.raises(InputError, match=r"I267.*LineString"):
        read_context(wanted, grid, folder=tmp_path)


def test_a_guessed_datum_stops(grid: Grid, gpkg: Callable, tmp_path: Path) -> None:
    west, south, east, north = lonlat_bounds(grid)
    frame = gpd.GeoDataFrame(geometry=[LineString([(west, south), (east, north)])], crs="EPSG:4610")
    wanted = specs(rivers={"kind": "lines", "sources": [gpkg("a.gpkg", "rivers", frame)]})
    with pytest.raises(InputError, match=r"I219.*Xian"):
        read_context(wanted, grid, folder=tmp_path)


def test_extent_is_what_all_rasters_cover(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    wanted = specs(
        a={"sources": [tiff("a.tif", np.ones((8, 10), np.float32))]},
        b={"sources": [{"slope_of": tiff("b.tif", np.ones((8, 6), np.float32))}]},
        c={"kind": "lines", "sources": ["c.gpkg|c"], "optional": True},
    )
    found = data_extent(wanted, tmp_path)
    narrow = lonlat_bounds(Grid(grid.crs, grid.transform, (8, 6)))
    np.testing.assert_allclose(found, narrow, atol=2e-3)  # a cell is 0.006 degrees wide


def test_extent_promises_data_in_every_cell(grid: Grid, tiff: Callable, tmp_path: Path) -> None:
    # 300 km east of the central meridian the grid is turned against the meridians by degrees
    corner = Affine(50_000, 0, 800_000, 0, -50_000, 5_000_000)
    wanted = specs(a={"sources": [tiff("a.tif", np.ones((8, 8), np.float32), transform=corner)]})
    bounds = data_extent(wanted, tmp_path)
    target = Grid.for_area(bounds, crs=grid.crs, cell_size_m=10_000)
    layer = read_layers(wanted, target, folder=tmp_path)["a"]
    assert not np.isnan(layer.values[inside(target, bounds)]).any()


def test_extent_without_common_place_or_raster_stops(tiff: Callable, tmp_path: Path) -> None:
    ones = np.ones((4, 4), np.float32)
    wanted = specs(
        a={"sources": [tiff("a.tif", ones)]}, b={"sources": [tiff("b.tif", ones, crs="EPSG:32645")]}
    )
    with pytest.raises(InputError, match=r"I266.*no place in common"):
        data_extent(wanted, tmp_path)
    area = (128.0, 43.0, 130.0, 44.0)
    with pytest.raises(InputError, match=r"I266.*\[layers.b\] b.tif.*outside the area"):
        data_extent(wanted, tmp_path, bounds=area)
    none = specs(c={"kind": "lines", "sources": ["c.gpkg|c"], "optional": True})
    with pytest.raises(InputError, match="I266"):
        data_extent(none, tmp_path)
    assert data_extent(none, tmp_path, bounds=area) == area
