"""Pinch points on currents one can draw by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from landscapes import grid_of, raster_of
from shapely import box

from corridors.errors import ConfigError, InputError, Problems
from corridors.restoration import pinch_points


def whole(raster, ids=(1,)):
    grid = grid_of(raster.shape, cell_size_m=500.0)
    return gpd.GeoDataFrame(index=list(ids), geometry=[box(*grid.bounds)] * len(ids), crs=grid.crs)


def current_of(values):
    return raster_of(np.asarray(values, dtype=float), "current", cell_size_m=500.0)


def hourglass():
    """One ampere across 9 rows, through a gap of one cell in column 10 and of three in column 20."""
    values = np.full((9, 30), 1 / 9)
    values[:, 10] = 0
    values[4, 10] = 1
    values[:, 20] = 0
    values[3:6, 20] = 1 / 3
    return current_of(values)


def test_the_gap_is_the_pinch_point():
    current = hourglass()
    found = pinch_points(current, whole(current, [7]), top_percent=5)
    assert found["link_id"].tolist() == [7, 7]
    assert found["max_current"].tolist() == pytest.approx([1, 1 / 3])
    mean = float(current.values.mean())
    assert found["concentration"].tolist() == pytest.approx([1 / mean, 1 / 3 / mean])
    # One cell, three cells, of a quarter of a square kilometre each.
    assert found["area_km2"].tolist() == pytest.approx([0.25, 0.75], rel=2e-3)
    x, y = found.geometry.iloc[0].centroid.coords[0]
    assert (x, y) == pytest.approx((500_000 + 10.5 * 500, 4_900_000 - 4.5 * 500))
    assert set(found["position_error_km"]) == {1.0}
    assert "field survey" in found.attrs["screening"]


def test_only_the_highest_share_of_cells_counts():
    current = hourglass()
    found = pinch_points(current, whole(current), top_percent=0.3)
    assert found["max_current"].tolist() == [1.0]


def test_even_current_has_no_pinch_point():
    assert pinch_points(current_of(np.ones((6, 6))), whole(current_of(np.ones((6, 6))))).empty
    nothing = current_of(np.zeros((6, 6)))
    assert pinch_points(nothing, whole(nothing)).empty
    unknown = current_of(np.full((6, 6), np.nan))
    assert pinch_points(unknown, whole(unknown)).empty


def test_each_corridor_is_measured_by_itself_and_no_data_left_out():
    values = np.ones((4, 20))
    values[2, 3], values[2, 15] = 4, 40
    values[:, 16:] = 10
    values[0] = np.nan
    current = current_of(values)
    left, bottom, right, top = grid_of((4, 20), cell_size_m=500.0).bounds
    halves = [box(left, bottom, left + 5000, top), box(left + 5000, bottom, right, top)]
    corridors = gpd.GeoDataFrame(index=[1, 2], geometry=halves, crs=32652)
    found = pinch_points(current, corridors)
    assert found.set_index("link_id")["max_current"].to_dict() == {1: 4.0, 2: 40.0}
    means = {1: np.nanmean(values[:, :10]), 2: np.nanmean(values[:, 10:])}
    for _, row in found.iterrows():
        assert row["concentration"] == pytest.approx(row["max_current"] / means[row["link_id"]])
    assert found["concentration"].is_monotonic_decreasing


def test_without_corridors_there_is_none():
    current = hourglass()
    found = pinch_points(current, whole(current).iloc[:0])
    assert found.empty
    assert found.index.name == "pinch_id"


def test_bad_input_is_told_all_at_once():
    current = hourglass()
    with pytest.raises(Problems) as told:
        pinch_points(-current, whole(current).to_crs(32653), top_percent=0, min_concentration=0.5)
    assert [problem.code for problem in told.value.problems] == ["C103", "C103", "I202", "I211"]
    with pytest.raises(ConfigError, match=r"top_percent.*101.*above 0 to 100"):
        pinch_points(current, whole(current), top_percent=101)
    with pytest.raises(InputError, match=r"I264.*source_error_km"):
        pinch_points(current, whole(current), source_error_km=np.nan)
