from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from landscapes import grid_of, raster_of
from shapely import Polygon, box

from corridors.cores import cores_from_polygons
from corridors.errors import InputError

LEFT, TOP = 500_000, 4_900_000


def cells(top, left, bottom, right):
    """Box over rows top..bottom and columns left..right (end not included), in cells of 1 km."""
    return box(LEFT + left * 1000, TOP - bottom * 1000, LEFT + right * 1000, TOP - top * 1000)


def polygons(**boxes):
    return gpd.GeoDataFrame({"name": list(boxes)}, geometry=list(boxes.values()), crs=grid_of((1, 2)).crs)


def suitability(values):
    return raster_of(values, "suitability", cell_size_m=1000)


EVEN = np.full((8, 10), 0.5)


def test_each_polygon_is_a_core_with_its_name():
    given = polygons(small=cells(1, 1, 3, 3), large=cells(1, 5, 5, 9))
    cores, labels = cores_from_polygons(given, suitability(EVEN))
    assert cores["name"].tolist() == ["large", "small"]
    np.testing.assert_allclose(cores["area_km2"], np.array([16, 4]) / 0.9996**2, rtol=1e-4)
    assert (labels.values[1:3, 1:3] == 2).all()
    assert cores.attrs["notes"] == []
    assert cores["stepping_stone"].tolist() == [False, False]
    marked, _ = cores_from_polygons(given, suitability(EVEN), min_area_km2=10)
    assert marked["stepping_stone"].tolist() == [False, True]


def test_smaller_than_a_cell_gets_the_cells_it_touches():
    sliver = box(LEFT + 1900, TOP - 1900, LEFT + 2100, TOP - 1700)
    cores, labels = cores_from_polygons(polygons(sliver=sliver), suitability(EVEN))
    assert np.argwhere(labels.values == 1).tolist() == [[1, 1], [1, 2]]
    assert cores.attrs["notes"] == [
        ("K111", "Smaller than a cell, so every cell touched is counted: sliver.")
    ]


def test_overlaps_go_to_the_first_name():
    given = polygons(west=cells(1, 3, 4, 7), east=cells(1, 1, 4, 5))
    cores, labels = cores_from_polygons(given, suitability(EVEN))
    assert cores.loc[labels.values[2, 4], "name"] == "east"
    assert [code for code, _ in cores.attrs["notes"]] == ["K113"]
    assert "west (6 cells)" in cores.attrs["notes"][0][1]


def test_no_data_and_outside_are_left_out_and_said():
    values = EVEN.copy()
    values[:, :2] = np.nan
    given = polygons(sea=cells(1, 0, 3, 2), coast=cells(4, 1, 6, 4), far=cells(50, 50, 60, 60))
    cores, labels = cores_from_polygons(given, suitability(values))
    assert cores["name"].tolist() == ["coast"]
    assert (labels.values == 1).sum() == 4
    notes = dict(cores.attrs["notes"])
    assert "far" in notes["K112"]
    assert "coast (2 of 6 cells), sea (4 of 4 cells)" in notes["K114"]
    assert "sea" in notes["K115"]


def test_touching_the_edge_is_truncated():
    cores, _ = cores_from_polygons(polygons(a=cells(0, 1, 3, 4), b=cells(4, 4, 6, 6)), suitability(EVEN))
    assert cores["truncated"].tolist() == [True, False]


def test_without_names():
    given = polygons(a=cells(1, 1, 3, 3)).drop(columns="name")
    cores, _ = cores_from_polygons(given, suitability(EVEN))
    assert cores["name"].tolist() == [""]


def test_no_polygons_give_an_empty_table():
    cores, labels = cores_from_polygons(polygons(), suitability(EVEN))
    assert cores.empty
    assert not labels.values.any()


def test_polygons_that_cannot_be_used():
    bow = Polygon([(LEFT, TOP), (LEFT + 3000, TOP - 3000), (LEFT + 3000, TOP), (LEFT, TOP - 3000)])
    with pytest.raises(InputError, match=r"I225.*1 of 2 are invalid or empty. Given: 0"):
        cores_from_polygons(polygons(bow=bow, sound=cells(1, 1, 2, 2)), suitability(EVEN))
    with pytest.raises(InputError, match=r"I228.*1 of 1 are not polygons"):
        cores_from_polygons(polygons(line=bow.exterior), suitability(EVEN))
    with pytest.raises(InputError, match=r"I202.*WGS 84"):
        cores_from_polygons(polygons(a=cells(1, 1, 2, 2)).to_crs(4326), suitability(EVEN))
