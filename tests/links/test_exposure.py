from __future__ import annotations

import math
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import raster_of
from shapely.geometry import LineString, Point, box

from corridors.errors import ConfigError, InputError
from corridors.links import link_exposure

CRS = "EPSG:32652"
WAY = LineString([(0, 0), (20_000, 0)])


def links_along(*ways):
    count = len(ways)
    columns = {"core_a": [1] * count, "core_b": [2] * count, "cost_distance_m": [9000.0] * count}
    index = pd.RangeIndex(1, count + 1, name="link_id")
    return gpd.GeoDataFrame(columns, geometry=list(ways), index=index, crs=CRS)


def roads_at(*places, class_="trunk"):
    lines = [LineString([(x, -3000), (x, 3000)]) for x in places]
    return gpd.GeoDataFrame({"class": [class_] * len(places)}, geometry=lines, crs=CRS)


def places_at(*xy, population=1000):
    points = [Point(place) for place in xy]
    return gpd.GeoDataFrame({"population_used": [population] * len(xy)}, geometry=points, crs=CRS)


def areas(*boxes):
    return gpd.GeoDataFrame(
        {"name": "park"}, geometry=[box(*b) for b in boxes], index=range(len(boxes)), crs=CRS
    )


def crossings(way, roads, **options):
    row = link_exposure(links_along(way), roads=roads, **options).loc[1]
    return row["road_crossings"], row["road_crossings_by_class"]


def test_crossings_are_counted_by_class():
    roads = pd.concat([roads_at(2000, 15_000, class_="primary"), roads_at(9000), roads_at(30_000)])
    assert crossings(WAY, roads) == (3, "primary 2, trunk 1")
    assert crossings(WAY, roads_at(30_000)) == (0, "")


def test_two_carriageways_are_one_crossing():
    assert crossings(WAY, roads_at(5000, 5040)) == (1, "trunk 1")
    assert crossings(WAY, roads_at(5000, 5040), same_crossing_km=0.02) == (2, "trunk 2")
    assert crossings(WAY, roads_at(5000, 6001)) == (2, "trunk 2")


def test_a_stretch_along_a_road_is_one_crossing():
    road = LineString([(4000, 3000), (4000, 0), (7000, 0), (7000, -3000)])
    along = gpd.GeoDataFrame({"class": ["primary"]}, geometry=[road], crs=CRS)
    assert crossings(WAY, along) == (1, "primary 1")


def test_a_path_that_weaves_over_a_road_crosses_it_once():
    weaving = LineString([(500 * i, 200 * (-1) ** i) for i in range(11)])
    road = gpd.GeoDataFrame({"class": ["trunk"]}, geometry=[LineString([(-9e3, 0), (9e3, 0)])], crs=CRS)
    assert crossings(weaving, road)[0] == 1
    assert crossings(weaving, road, same_crossing_km=0)[0] == 10


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=8), st.integers(1, 4000))
def test_crossings_are_the_gaps_wider_than_one(places, same_m):
    ordered = sorted(set(places))
    expected = 1 + sum(b - a > same_m for a, b in pairwise(ordered))
    # Half a metre more, so that no gap is equal to the limit.
    assert crossings(WAY, roads_at(*places), same_crossing_km=(same_m + 0.5) / 1000)[0] == expected


def test_settlements_within_reach_and_their_people():
    towns = places_at((10_000, 4900), (10_000, -5100), (24_000, 3000), (24_100, 3000))
    row = link_exposure(links_along(WAY), settlements=towns).loc[1]
    # The third lies 5 km from the end of the path: 3-4-5.
    assert (row["settlements_near"], row["population_near"]) == (2, 2000)
    wider = link_exposure(links_along(WAY), settlements=towns, settlement_distance_km=6).loc[1]
    assert (wider["settlements_near"], wider["population_near"]) == (4, 4000)


def test_protected_land_counts_once():
    parks = areas((1000, -100, 6000, 100), (4000, -100, 11_000, 100), (30_000, 0, 31_000, 1))
    table = link_exposure(links_along(WAY, LineString([(0, 50), (0, 9000)])), protected_areas=parks)
    assert table["protected_percent"].tolist() == [50, 0]
    everywhere = areas((-1e5, -1e5, 1e5, 1e5))
    assert link_exposure(links_along(WAY), protected_areas=everywhere)["protected_percent"].tolist() == [100]


def test_mortality_by_length():
    risk = raster_of([[0.1, 0.5, 0.3, np.nan]], "risk", cell_size_m=1000.0)
    x, y = 500_500, 4_899_500
    path = LineString([(x, y), (x + 1000, y), (x + 2000, y)])
    # The ends of a path count half a step, the cells between two halves.
    assert math.isclose(mean_risk(path, risk), (0.1 + 2 * 0.5 + 0.3) / 4)
    into_unknown = LineString([(x + 2000, y), (x + 3000, y)])
    assert math.isclose(mean_risk(into_unknown, risk), 0.3)


def mean_risk(path, risk):
    return link_exposure(links_along(path), mortality=risk).loc[1, "mean_mortality"]


def test_unknown_risk_and_a_path_beyond_the_raster():
    risk = raster_of([[np.nan, np.nan]], "risk", cell_size_m=1000.0)
    inside = LineString([(500_500, 4_899_500), (501_500, 4_899_500)])
    assert math.isnan(mean_risk(inside, risk))
    with pytest.raises(InputError, match=r"I221.*link 1.*leaves the raster"):
        mean_risk(WAY, risk)


def test_what_is_not_given_is_empty_not_nought():
    row = link_exposure(links_along(WAY))
    assert row[["road_crossings", "settlements_near", "population_near"]].isna().all(axis=None)
    assert row[["protected_percent", "mean_mortality"]].isna().all(axis=None)
    assert row["road_crossings_by_class"].tolist() == [""]
    none = link_exposure(links_along(WAY), roads=roads_at(), settlements=places_at())
    assert none[["road_crossings", "settlements_near", "population_near"]].iloc[0].tolist() == [0, 0, 0]


def test_no_link_gives_an_empty_table():
    full = link_exposure(links_along(WAY), roads=roads_at(5000))
    empty = link_exposure(links_along(), roads=roads_at(5000), settlements=places_at((0, 0)))
    assert empty.empty
    assert list(empty.columns) == list(full.columns)


def test_layers_of_another_crs_and_distances_below_nought():
    with pytest.raises(InputError, match=r"I202.*roads.*differ in CRS"):
        link_exposure(links_along(WAY), roads=roads_at(5000).to_crs(4326))
    with pytest.raises(InputError, match=r"I202.*settlements.*none"):
        link_exposure(links_along(WAY), settlements=places_at((0, 0)).set_crs(None, allow_override=True))
    with pytest.raises(ConfigError, match=r"C103.*same_crossing_km.*-1"):
        link_exposure(links_along(WAY), same_crossing_km=-1)
