"""Corridors per country: area, habitat and protected land, each summing to the whole."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, box

from corridors.border import corridor_shares
from corridors.errors import InputError
from corridors.grid import Grid, geodesic_area_km2

GRID = Grid("EPSG:32652", Affine(4000, 0, 500_000, 0, -4000, 4_900_000), (25, 25))  # 100 km square


def km(shape):
    """Return the place of a geometry in km from the lower left corner of the raster."""
    return gpd.GeoSeries([shape], crs=32652).affine_transform([1000, 0, 0, 1000, 500_000, 4_800_000]).iloc[0]


def lands(**outlines):
    return gpd.GeoDataFrame({"country": list(outlines)}, geometry=[*map(km, outlines.values())], crs=32652)


def strips(*shapes):
    ids = {"link_id": range(1, len(shapes) + 1)}
    return gpd.GeoDataFrame(ids, geometry=[*map(km, shapes)], crs=32652).set_index("link_id")


THREE = {"CC": box(50, 0, 100, 50), "AA": box(0, 0, 50, 100), "BB": box(50, 50, 100, 100)}
ISLAND, OVERLAP = {"AA": Point(50, 50).buffer(30)}, {"BB": box(30, 0, 70, 100), "AA": box(0, 0, 60, 60)}
FOUR = THREE | {"AA": box(0, 0, 50, 50), "DD": box(0, 50, 50, 100)}


def test_a_square_about_the_point_where_three_countries_meet() -> None:
    found = corridor_shares(
        strips(box(40, 40, 60, 60)), lands(**THREE),
        suit=GRID.like(np.full(GRID.shape, 0.5), name="suitability"),
        protected_areas=strips(box(0, 40, 100, 50)).reset_index(),
    )  # fmt: skip
    found = found.set_index("country")
    assert found["share_percent"].to_dict() == pytest.approx({"AA": 50, "BB": 25, "CC": 25}, abs=0.01)
    assert found["habitat_km2"].to_dict() == pytest.approx({"AA": 100, "BB": 50, "CC": 50})
    assert found["protected_km2"].to_dict() == pytest.approx({"AA": 100, "BB": 0, "CC": 100}, rel=3e-3)


def test_a_border_through_cells_splits_them() -> None:
    # Cells of 4 km; the border runs at x = 50, through the middle of a column.
    habitat = np.zeros(GRID.shape)
    habitat[:, 12] = 0.8  # x from 48 to 52
    found = corridor_shares(
        strips(box(48, 0, 52, 100)), lands(**THREE), suit=GRID.like(habitat, name="suitability")
    ).set_index("country")
    assert found["habitat_km2"].to_dict() == pytest.approx({"AA": 160, "BB": 80, "CC": 80})


@settings(max_examples=25)
@given(
    st.lists(st.integers(0, 24), min_size=4, max_size=4, unique=True),
    st.sampled_from([THREE, FOUR, ISLAND, OVERLAP]),
    st.integers(0, 2**32 - 1),
)  # fmt: skip
def test_shares_sum_to_the_whole(corners, countries, seed) -> None:
    (left, right), (low, high) = sorted(corners[:2]), sorted(corners[2:])
    corridor = strips(box(4 * left, 4 * low, 4 * right, 4 * high))
    suit = GRID.like(np.random.default_rng(seed).random(GRID.shape), name="suitability")
    park = strips(Point(45, 55).buffer(25)).reset_index()
    found = corridor_shares(corridor, lands(**countries), suit=suit, protected_areas=park)
    polygon = corridor.geometry.iloc[0]
    assert found["area_km2"].sum() == pytest.approx(geodesic_area_km2(polygon, corridor.crs), rel=1e-4)
    assert found["share_percent"].sum() == pytest.approx(100)
    rows, columns = slice(25 - high, 25 - low), slice(left, right)
    assert found["habitat_km2"].sum() == pytest.approx(16 * suit.values[rows, columns].sum())
    inside = polygon.intersection(park.geometry.iloc[0])
    whole = 0.0 if inside.is_empty else abs(geodesic_area_km2(inside, corridor.crs))
    assert found["protected_km2"].sum() == pytest.approx(whole, rel=1e-4, abs=1e-6)
    assert (found[["area_km2", "habitat_km2", "protected_km2"]] >= 0).all().all()


def test_not_assessed_without_the_layers() -> None:
    found = corridor_shares(strips(box(40, 40, 60, 60)), lands(**THREE))
    assert found[["habitat_km2", "protected_km2"]].isna().all().all()


def test_no_corridor() -> None:
    assert corridor_shares(strips(box(1, 1, 2, 2)).iloc[:0], lands(**THREE)).empty


def test_a_line_is_no_corridor() -> None:
    line = strips(box(1, 1, 2, 2)).boundary.to_frame("geometry")
    with pytest.raises(InputError) as told:
        corridor_shares(line, lands(**THREE))
    assert told.value.code == "I262"
