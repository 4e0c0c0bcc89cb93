"""Resistance: the table of transforms, classes, burnt lines, and the check of rasters made elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import ConfigError, InputError, Problems
from corridors.grid import Grid
from corridors.resistance import (
    burn_resistance,
    check_resistance,
    resistance_from_classes,
    resistance_from_suitability,
)


def raster(values, name="suitability") -> xr.DataArray:
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return Grid("EPSG:32652", Affine(500, 0, 0, 0, -500, 0), values.shape).like(values, name=name)


QUARTERS = [0, 0.25, 0.5, 0.75, 1]


@pytest.mark.parametrize(
    ("transform", "shape", "expected"),
    [
        ("linear", 8, [100, 75.25, 50.5, 25.75, 1]),
        ("negative_exponential", 2, [100, 54.9496, 27.6252, 11.0521, 1]),
        ("negative_exponential", 4, [100, 36.2525, 12.8011, 4.1738, 1]),
        ("negative_exponential", 8, [100, 14.3695, 2.7806, 1.2123, 1]),
        ("negative_exponential", 16, [100, 2.8132, 1.0332, 1.0006, 1]),
        ("power", 1, [100, 75.25, 50.5, 25.75, 1]),
        ("power", 2, [100, 56.6875, 25.75, 7.1875, 1]),
    ],
)
def test_resistance_from_suitability__table(transform, shape, expected) -> None:
    # Worked numbers to four digits; the power by hand: 1 + 99 (1 - h)^2.
    resistance = resistance_from_suitability(raster(QUARTERS), transform=transform, shape=shape)
    np.testing.assert_allclose(resistance[0], expected, atol=6e-5)


def test_resistance_from_suitability__the_textbook_formula_for_any_maximum() -> None:
    h, c, maximum = np.linspace(0, 1, 11), 8.0, 1000.0
    expected = maximum - (maximum - 1) * (1 - np.exp(-c * h)) / (1 - np.exp(-c))
    resistance = resistance_from_suitability(raster(h), shape=c, maximum=maximum)
    np.testing.assert_allclose(resistance[0], expected, rtol=1e-6)


def test_resistance_from_suitability__is_a_raster_and_keeps_no_data() -> None:
    suitability = raster([[0.5, np.nan]])
    resistance = resistance_from_suitability(suitability)
    assert resistance.name == "resistance"
    assert resistance.dtype == np.float32
    assert Grid.of(resistance) == Grid.of(suitability)
    np.testing.assert_array_equal(np.isnan(resistance), [[False, True]])


@given(
    values=st.lists(st.floats(0, 1), min_size=2, max_size=10),
    transform=st.sampled_from(["negative_exponential", "linear", "power"]),
    shape=st.floats(0.25, 64),
    maximum=st.floats(1.5, 1e6),
)
def test_resistance_from_suitability__laws(values, transform, shape, maximum) -> None:
    suitability = raster([0, *sorted(values), 1])
    before = suitability.copy(deep=True)
    options = {"transform": transform, "shape": shape, "maximum": maximum}
    resistance = resistance_from_suitability(suitability, **options).values[0]
    assert resistance[-1] == 1
    assert resistance[0] == pytest.approx(maximum, rel=1e-6)
    assert np.all(resistance >= 1)
    assert np.all(np.diff(resistance) <= 0)
    xr.testing.assert_identical(suitability, before)


def test_resistance_from_suitability__gentle_curve_nears_the_line() -> None:
    gentle = resistance_from_suitability(raster(QUARTERS), shape=1e-6)
    np.testing.assert_allclose(
        gentle, resistance_from_suitability(raster(QUARTERS), transform="linear"), rtol=1e-5
    )


def test_resistance_from_suitability__refuses_other_options() -> None:
    with pytest.raises(Problems) as caught:
        resistance_from_suitability(raster([0.5, 1]), transform="steep", shape=-1, maximum=1)  # type: ignore[arg-type]
    assert [problem.code for problem in caught.value.problems] == ["C124"] * 3
    for options in ({"shape": math.nan}, {"shape": math.inf}, {"maximum": math.inf}):
        with pytest.raises(ConfigError, match="C124"):
            resistance_from_suitability(raster([0.5, 1]), **options)


def test_resistance_from_suitability__refuses_percent() -> None:
    with pytest.raises(InputError, match=r"I219\] suitability: 2 cells are no suitability. Given: 0 to 80"):
        resistance_from_suitability(raster([0, 50, 80, np.nan]))


def test_resistance_from_classes__table_and_sea() -> None:
    classes = raster([[5, 1, 11], [9, np.nan, 5]], "landcover")
    sea = raster([[0, 0, 1], [0, 0, 0]], "sea").astype(bool)
    resistance = resistance_from_classes(classes, resistances={5: 1, 1: 50, 9: 100}, impassable=sea)
    np.testing.assert_array_equal(resistance, [[1, 50, np.nan], [100, np.nan, 1]])


def test_resistance_from_classes__no_data_at_all() -> None:
    assert np.isnan(resistance_from_classes(raster([np.nan, np.nan]), resistances={5: 1})).all()


def test_resistance_from_classes__a_class_without_one() -> None:
    with pytest.raises(
        InputError, match=r"I245\] landcover: no resistance for class 7 \(25 % of the cells\)"
    ):
        resistance_from_classes(raster([5, 5, 5, 7, np.nan], "landcover"), resistances={5: 1})


@pytest.mark.parametrize("value", [0, 0.5, -3, math.inf, math.nan])
def test_resistance_from_classes__below_one_or_infinite(value) -> None:
    with pytest.raises(InputError, match=r"I211.*class 5"):
        resistance_from_classes(raster([5, 5]), resistances={5: value})


def test_burn_resistance__never_makes_a_cell_easier() -> None:
    resistance = raster([[1, 20, 500], [np.nan, 1, 1]], "resistance")
    roads = raster([[1, 3, 1], [1, 0, np.nan]], "roads")
    before = resistance.copy(deep=True)
    burnt = burn_resistance(resistance, roads, value=100)
    np.testing.assert_array_equal(burnt, [[100, 100, 500], [np.nan, 1, 1]])
    assert burnt.name == "resistance"
    xr.testing.assert_identical(resistance, before)


@pytest.mark.parametrize("value", [0.5, math.inf, math.nan])
def test_burn_resistance__refuses(value) -> None:
    with pytest.raises(InputError, match=r"I211\] roads"):
        burn_resistance(raster([1, 1]), raster([1, 0], "roads"), value=value)


def test_check_resistance__accepts() -> None:
    check_resistance(raster([[1, 1e9], [np.nan, 2.5]]))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[1, 1], [0, 0]], r"I211\] friction: 2 cells are zero, first in row 1, column 0"),
        ([[1, -9999], [1, 1]], r"I211\] friction: 1 cell is negative, first in row 0, column 1.*nodata"),
        ([[1, 1], [1, 0.2]], r"I211\] friction: 1 cell is between 0 and 1, first in row 1, column 1"),
        ([[np.inf, 1], [-np.inf, 1]], r"I212\] friction: 2 cells are infinite, first in row 0, column 0"),
        ([[np.nan, np.nan], [np.nan, np.nan]], r"I217\] friction: no cell has a resistance"),
    ],
)
def test_check_resistance__says_how_many_and_where(values, expected) -> None:
    with pytest.raises(InputError, match=expected):
        check_resistance(raster(values, "friction"))


def test_check_resistance__all_problems_at_once() -> None:
    with pytest.raises(Problems) as caught:
        check_resistance(raster([0, -1, 0.5, np.inf, np.nan, 3]))
    assert [problem.code for problem in caught.value.problems] == ["I211", "I211", "I211", "I212"]
