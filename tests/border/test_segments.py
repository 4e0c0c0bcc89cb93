"""Stretches of border inside corridors, and what lies near a place on a border."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from shapely import LineString, Point, box, union_all

from corridors.border import border_segments, surroundings
from corridors.grid import Grid

GRID = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_900_000), (100, 100))


def km(shape):
    return gpd.GeoSeries([shape], crs=32652).affine_transform([1000, 0, 0, 1000, 500_000, 4_800_000]).iloc[0]


def layer(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=[*map(km, shapes)], crs=32652)


LANDS = layer([box(0, 0, 50, 100), box(50, 0, 100, 100)], country=["AA", "BB"])


def corridors(*shapes):
    return layer(shapes, link_id=range(1, len(shapes) + 1)).set_index("link_id")


def test_each_stretch_once_and_those_too_near_to_tell_apart_together() -> None:
    two = union_all([box(40, 10, 60, 14), box(40, 14.5, 60, 16), box(40, 70, 60, 75)])
    found = border_segments(corridors(two), LANDS, position_error_km=1.0)
    assert sorted(found["length_km"]) == pytest.approx([5.0, 5.5], rel=1e-3)
    assert found["border"].tolist() == ["AA-BB"] * 2
    assert found["rank"].tolist() == [1, 2]
    assert found["length_km"].iloc[0] > found["length_km"].iloc[1]  # the longer first, for want of a current
    assert found["max_current"].isna().all()


def test_the_largest_current_comes_first() -> None:
    current = np.zeros(GRID.shape)
    current[25, 50] = 0.9  # y from 74 to 75
    found = border_segments(
        corridors(union_all([box(40, 10, 60, 20), box(40, 70, 60, 75)])), LANDS,
        current=GRID.like(current, name="corridor_current"),
    )  # fmt: skip
    assert found["max_current"].tolist() == [0.9, 0.0]
    assert found["length_km"].iloc[0] == pytest.approx(5, rel=1e-3)


def test_the_least_slack_on_a_stretch() -> None:
    slack = np.full((10, 20), 7000.0)
    slack[3, 9] = 1200.0
    window = slice(80, 90), slice(40, 60)  # y from 10 to 20, x from 40 to 60
    found = border_segments(
        corridors(box(40, 10, 60, 20)), LANDS,
        current=GRID.like(np.zeros(GRID.shape), name="corridor_current"), slacks=[(1, window, slack)],
    )  # fmt: skip
    assert found["least_slack_m"].tolist() == [1200.0]


def test_a_corridor_in_one_country_has_none() -> None:
    found = border_segments(corridors(box(10, 10, 20, 20)), LANDS)
    assert found.empty
    assert found.index.name == "segment_id"


def places(*points, error_km=1.0):
    count = len(points)
    sides = {"country_a": ["AA"] * count, "country_b": ["BB"] * count}
    return layer(points, **sides, position_error_km=[error_km] * count)


def test_what_lies_near_a_crossing() -> None:
    towns = layer([Point(46.4, 50), Point(50.2, 50)], name=["Стара", ""])
    roads = layer([LineString([(58.3, 0), (58.3, 100)])])
    parks = layer([box(30, 40, 44, 60), box(55.6, 45, 70, 55), box(90, 0, 99, 99)], name=["A1", "B1", "B2"])
    found = surroundings(places(Point(50, 50)), LANDS, settlements=towns, roads=roads, protected_areas=parks)
    row = found.iloc[0]
    assert row["nearest_town"] == "Стара"  # the nearest one with a name
    assert row[["nearest_town_km", "nearest_road_km"]].tolist() == [4.0, 8.0]
    assert row[["parks_a", "parks_b", "parks_apart_km"]].tolist() == ["A1", "B1", 12.0]


def test_no_more_precise_than_the_place() -> None:
    towns = layer([Point(46.4, 50)], name=["Far"])
    found = surroundings(places(Point(50, 50), error_km=5.0), LANDS, settlements=towns)
    assert found["nearest_town_km"].tolist() == [5.0]


def test_a_park_far_off_or_a_hair_over_the_border_faces_nobody() -> None:
    parks = layer([box(30, 40, 50.05, 60), box(85, 40, 95, 60)], name=["West", "Far east"])
    found = surroundings(places(Point(50, 50)), LANDS, protected_areas=parks)
    assert found[["parks_a", "parks_b"]].iloc[0].tolist() == ["West", ""]
    assert found["parks_apart_km"].isna().all()


def test_a_park_is_one_of_its_own_country() -> None:
    parks = layer([box(40, 40, 60, 60)], name=["Drawn over the border"], country=["AA"])
    found = surroundings(places(Point(50, 50)), LANDS, protected_areas=parks)
    assert found[["parks_a", "parks_b"]].iloc[0].tolist() == ["Drawn over the border", ""]


def test_nothing_known_is_empty() -> None:
    found = surroundings(places(Point(50, 50)), LANDS)
    assert found["nearest_town"].tolist() == [""]
    assert found[["nearest_town_km", "nearest_road_km", "parks_apart_km"]].isna().all().all()
