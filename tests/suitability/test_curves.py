"""Response curves: hand-computed scores, and the laws every curve keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from corridors.errors import InputError
from corridors.suitability import (
    ExponentialDecay,
    Gaussian,
    PiecewiseLinear,
    QuantileRise,
    Sigmoid,
    Trapezoid,
)

VALUES = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20).map(np.array)
POSITIVE = st.floats(0.01, 1e3)


@pytest.mark.parametrize(
    ("curve", "values", "expected"),
    [
        (Trapezoid(a=0, b=50, c=600, d=1200), [-10, 0, 25, 50, 600, 900, 1300], [0, 0, 0.5, 1, 1, 0.5, 0]),
        (Trapezoid(a=5, b=5, c=8, d=8), [4.9, 5, 8, 8.1], [0, 1, 1, 0]),
        (Trapezoid(a=3, b=3, c=3, d=3), [2, 3, 4], [0, 1, 0]),
        (Sigmoid(midpoint=10, steepness=np.log(3)), [9, 10, 11], [0.25, 0.5, 0.75]),
        (Sigmoid(midpoint=10, steepness=-np.log(3)), [9, 10, 11], [0.75, 0.5, 0.25]),
        (ExponentialDecay(k=2), [0, 2 * np.log(2), 2 * np.log(10)], [0, 0.5, 0.9]),
        (Gaussian(mean=5, sd=1 / np.sqrt(2 * np.log(2))), [5, 6, 4, 7], [1, 0.5, 0.5, 1 / 16]),
        (PiecewiseLinear(points=[(0, 1), (20, 1), (50, 0.2)]), [-5, 10, 35, 50, 90], [1, 1, 0.6, 0.2, 0.2]),
        (PiecewiseLinear(points=((0.0, 0.0), (10.0, 0.5))), [0, 5, 10], [0, 0.25, 0.5]),
    ],
)  # fmt: skip
def test_at__by_hand(curve, values, expected) -> None:
    np.testing.assert_allclose(curve.at(np.array(values, dtype=float)), expected, atol=1e-12)


def test_quantile_rise__median_to_ninetieth_percentile() -> None:
    slopes = np.append(np.arange(101.0), np.nan)  # median 50, 90th percentile 90
    scores = QuantileRise(low=0.5, high=0.9).at(slopes)
    np.testing.assert_allclose(scores[[0, 50, 70, 90, 100]], [0, 0, 0.5, 1, 1])
    assert np.isnan(scores[-1])


def test_quantile_rise__of_a_flat_landscape() -> None:
    with pytest.raises(InputError, match=r"I247.*0.5 and 0.9 quantiles are both 3"):
        QuantileRise(low=0.5, high=0.9).fitted(np.full(5, 3.0))


def test_quantile_rise__without_data() -> None:
    with pytest.raises(InputError, match="I217"):
        QuantileRise(low=0.5, high=0.9).fitted(np.full(5, np.nan))


def test_exponential_decay__negative_distance() -> None:
    with pytest.raises(InputError, match=r"I246.*lowest value -2"):
        ExponentialDecay(k=1).at(np.array([1.0, np.nan, -2.0]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Trapezoid(a=2, b=1, c=3, d=4),
        lambda: Trapezoid(a=0, b=1, c=4, d=3),
        lambda: Sigmoid(midpoint=1, steepness=0),
        lambda: Sigmoid(midpoint="1", steepness=1),  # type: ignore[arg-type]
        lambda: ExponentialDecay(k=0),
        lambda: ExponentialDecay(k=float("inf")),
        lambda: Gaussian(mean=float("nan"), sd=1),
        lambda: Gaussian(mean=0, sd=-1),
        lambda: PiecewiseLinear(points=[(0, 1)]),
        lambda: PiecewiseLinear(points=[(0, 1), (0, 0.5)]),
        lambda: PiecewiseLinear(points=[(0, 1), (5, 1.5)]),
        lambda: QuantileRise(low=0.9, high=0.5),
        lambda: QuantileRise(low=0.5, high=1.1),
        lambda: Gaussian(mean=0, sd=1, width=2),  # type: ignore[call-arg]
    ],
)
def test_curves__refuse_what_makes_no_sense(make) -> None:
    with pytest.raises(ValidationError):
        make()


@pytest.mark.parametrize(
    "curve",
    [
        Trapezoid(a=-3, b=0, c=2, d=90),
        Sigmoid(midpoint=3, steepness=0.3),
        Sigmoid(midpoint=3, steepness=-200),
        Gaussian(mean=1, sd=0.5),
        PiecewiseLinear(points=[(-5, 0.3), (2, 1), (8, 0)]),
    ],
)
@given(values=VALUES)
def test_at__within_0_and_1_and_input_unchanged(curve, values) -> None:
    before = values.copy()
    scores = curve.at(values)
    assert scores.shape == values.shape
    assert np.all((scores >= 0) & (scores <= 1))
    np.testing.assert_array_equal(values, before)


@given(values=VALUES, k=POSITIVE)
def test_exponential_decay__rises_within_0_and_1(values, k) -> None:
    scores = ExponentialDecay(k=k).at(np.sort(np.abs(values)))
    assert np.all((scores >= 0) & (scores <= 1))
    assert np.all(np.diff(scores) >= 0)


@given(values=VALUES, midpoint=st.floats(-100, 100), steepness=POSITIVE)
def test_sigmoid__rises_and_mirrors(values, midpoint, steepness) -> None:
    rising = Sigmoid(midpoint=midpoint, steepness=steepness).at(np.sort(values))
    falling = Sigmoid(midpoint=midpoint, steepness=-steepness).at(np.sort(values))
    assert np.all(np.diff(rising) >= 0)
    np.testing.assert_allclose(rising + falling, 1)


@given(values=st.lists(st.integers(0, 1000), min_size=2, max_size=20, unique=True))
def test_quantile_rise__rises_from_0_to_1(values) -> None:
    scores = QuantileRise(low=0, high=1).at(np.sort(np.array(values, dtype=float)))
    assert scores[0] == 0
    assert scores[-1] == 1
    assert np.all(np.diff(scores) > 0)


@given(values=VALUES, factor=POSITIVE, shift=st.floats(-100, 100))
def test_trapezoid__unit_and_origin_do_not_matter(values, factor, shift) -> None:
    plain = Trapezoid(a=-50, b=-10, c=20, d=90).at(values)
    a, b, c, d = (corner * factor + shift for corner in (-50, -10, 20, 90))
    np.testing.assert_allclose(Trapezoid(a=a, b=b, c=c, d=d).at(values * factor + shift), plain, atol=1e-6)
