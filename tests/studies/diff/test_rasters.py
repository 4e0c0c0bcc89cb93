"""B minus A, cell by cell: on the same grid, on shifted ones, and what cannot be compared."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from corridors.grid import Grid
from corridors.schema import RASTERS, Ramp
from corridors.studies.diff.rasters import (
    BOTH,
    ONLY_A,
    ONLY_B,
    OTHER,
    common_windows,
    ramp_of,
    raster_difference,
)

SIZE = 1000


def grid(rows: int = 6, columns: int = 8, *, size: float = SIZE, code: int = 32652, **shift: float) -> Grid:
    east, north = 500_000 + shift.get("east", 0), 4_800_000 + shift.get("north", 0)
    return Grid(CRS.from_epsg(code), Affine(size, 0, east, 0, -size, north), (rows, columns))


def values(seed: int, on: Grid) -> np.ndarray:
    generator = np.random.default_rng(seed)
    found = generator.random(on.shape)
    found[generator.random(on.shape) < 0.2] = np.nan
    return found


@given(st.integers(0, 999), st.integers(0, 999))
def test_numbers_are_subtracted_where_both_have_data(one: int, other: int) -> None:
    on = grid()
    a, b = values(one, on), values(other, on)
    found = raster_difference(on.like(a, name="suitability"), on.like(b, name="suitability"))
    np.testing.assert_array_equal(found.values, b - a)
    both = ~np.isnan(a) & ~np.isnan(b)
    assert found.row["differing_n"] == (a[both] != b[both]).sum()
    assert found.row["only_a_n"] == (~np.isnan(a) & np.isnan(b)).sum()
    assert found.row["only_b_n"] == (np.isnan(a) & ~np.isnan(b)).sum()
    assert found.differs == (not np.array_equal(a, b, equal_nan=True))


@given(st.integers(-7, 7), st.integers(-9, 9), st.integers(2, 6), st.integers(2, 8))
def test_on_shifted_grids_cells_of_one_place_are_compared(
    down: int, across: int, rows: int, columns: int
) -> None:
    """A raster that holds its own position differs nowhere from itself seen through another window."""
    one, other = grid(), grid(rows, columns, east=SIZE * across, north=-SIZE * down)

    def position(on: Grid) -> np.ndarray:
        left, _, _, top = on.bounds
        return (left + SIZE * np.arange(on.shape[1])) + 7 * (top - SIZE * np.arange(on.shape[0]))[:, None]

    found = raster_difference(
        one.like(position(one), name="elevation"), other.like(position(other), name="elevation")
    )
    share_rows = max(0, min(6, down + rows) - max(0, down))
    share_columns = max(0, min(8, across + columns) - max(0, across))
    if share_rows * share_columns == 0:
        assert found.values is None
        assert found.row["note"] == "the two cover no common land"
        assert found.row["compared"] is False
        return
    if share_rows * share_columns == 1:
        assert found.row["note"] == "the two have a single cell in common"
        return
    assert found.values.shape == (share_rows, share_columns)
    assert found.row["differing_n"] == 0
    whole = (down, across, rows, columns) == (0, 0, 6, 8)
    assert found.row["note"] == ("" if whole else "only the land both runs cover")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (grid(code=32653), "another coordinate system"),
        (grid(size=500), "cells of another size: 1000 m in A, 500 m in B"),
        (grid(east=300), "shifted by a part of a cell"),
    ],
)
def test_what_cannot_be_compared_says_why(other: Grid, said: str) -> None:
    windows, reason = common_windows(grid(), other)
    assert windows is None
    assert said in reason
    found = raster_difference(
        grid().like(np.zeros(grid().shape), name="resistance"),
        other.like(np.zeros(other.shape), name="resistance"),
    )
    assert found.values is None
    assert found.row["differing_n"] is None  # not assessed is not 0


def test_core_areas_are_gained_and_lost_whatever_their_numbers() -> None:
    on = grid(1, 4)
    a, b = (on.like(np.array([row], dtype="uint16"), name="cores") for row in ([3, 3, 0, 0], [9, 0, 2, 0]))
    found = raster_difference(a, b)
    assert found.values.values.tolist() == [[BOTH, ONLY_A, ONLY_B, 0]]
    assert found.row["differing_n"] == 2


def test_classes_are_the_same_or_not_and_have_no_mean() -> None:
    on = grid(1, 3)
    a, b = (on.like(np.array([row]), name="landcover") for row in ([1.0, 5.0, np.nan], [1.0, 11.0, 4.0]))
    found = raster_difference(a, b)
    np.testing.assert_array_equal(found.values, [[0, OTHER, np.nan]])
    assert found.row["mean"] is None
    assert (found.row["differing_n"], found.row["only_b_n"]) == (1, 1)


def test_past_the_cut_of_a_corridor_nothing_differs_on_the_map() -> None:
    """Slack of 30 and 90 km is the same to a reader: no corridor. The count of cells tells the truth."""
    on = grid(1, 3)
    a, b = (on.like(np.array([row]), name="corridor") for row in ([30e3, 5e3, 18e3], [90e3, 6e3, 50e3]))
    found = raster_difference(a, b)
    assert found.values.values.tolist() == [[0, 1000, 2000]]
    assert found.row["differing_n"] == 3
    assert "past 20 000 as 20 000" in found.entry.title


@pytest.mark.parametrize("name", [name for name, entry in RASTERS.items() if isinstance(entry.style, Ramp)])
def test_colours_are_centred_on_nought(name: str) -> None:
    stops = ramp_of(RASTERS[name]).stops
    found = [value for value, _, _ in stops]
    assert found == sorted(found)
    assert found[3] == 0
    assert [-value for value in reversed(found)] == pytest.approx(found)
    assert stops[3][1] == "#f7f7f7"
