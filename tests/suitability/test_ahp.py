"""Weights from pairwise comparisons, against published numbers and theory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import ConfigError
from corridors.suitability import ahp_weights

NAMES = ("prey", "forest", "disturbance", "terrain")
MATRIX = [[1, 2, 2, 5], ["1/2", 1, 1, 3], ["1/2", 1, 1, 3], ["1/5", "1/3", "1/3", 1]]


def test_ahp_weights__worked_example() -> None:
    # Computed elsewhere to six digits; lambda 4.004158, random index 0.90.
    weights, ratio = ahp_weights(MATRIX, NAMES)
    expected = {"prey": 0.448794, "forest": 0.234630, "disturbance": 0.234630, "terrain": 0.081946}
    assert weights == pytest.approx(expected, abs=5e-7)
    assert ratio == pytest.approx(0.001540, abs=5e-7)
    assert ratio * 0.90 == pytest.approx(0.001386, abs=5e-7)


def test_ahp_weights__numbers_text_and_arrays_alike() -> None:
    numbers = np.array([[1, 2, 2, 5], [0.5, 1, 1, 3], [0.5, 1, 1, 3], [0.2, 1 / 3, 1 / 3, 1]])
    assert ahp_weights(numbers, NAMES)[0] == pytest.approx(ahp_weights(MATRIX, NAMES)[0])


def test_ahp_weights__reciprocals_of_three_digits_are_forgiven() -> None:
    rounded = [[1, 2, 2, 5], [0.5, 1, 1, 3], [0.5, 1, 1, 3], [0.2, 0.333, 0.333, 1]]
    assert ahp_weights(rounded, NAMES)[0] == pytest.approx(ahp_weights(MATRIX, NAMES)[0], abs=1e-3)


def test_ahp_weights__one_and_two_are_always_consistent() -> None:
    assert ahp_weights([[1]], ["cover"]) == ({"cover": 1.0}, 0.0)
    assert ahp_weights([[1, 9], ["1/9", 1]], ["cover", "roads"]) == ({"cover": 0.9, "roads": 0.1}, 0.0)


@given(importance=st.lists(st.floats(0.2, 5), min_size=2, max_size=8))
def test_ahp_weights__of_ratios_are_the_ratios(importance) -> None:
    given_weights = np.array(importance)
    names = [f"predictor_{i}" for i in range(len(importance))]
    weights, ratio = ahp_weights(given_weights[:, None] / given_weights[None, :], names)
    np.testing.assert_allclose(list(weights.values()), given_weights / given_weights.sum())
    assert sum(weights.values()) == pytest.approx(1, abs=1e-12)
    assert ratio == pytest.approx(0, abs=1e-9)


def test_ahp_weights__contradiction_is_refused_and_located() -> None:
    # A circle: a beats b, b beats c, c beats a. Its eigenvalue is 1 + 3 + 1/3, so CI = 2/3, CR = 1.149.
    circle = [[1, 3, "1/3"], ["1/3", 1, 3], [3, "1/3", 1]]
    with pytest.raises(
        ConfigError, match=r"C121.*consistency ratio 1.149.*at most 0.10.*Look first at a against"
    ):
        ahp_weights(circle, ["a", "b", "c"])


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ([[1, 2], [2, 1]], "a against b is not the reciprocal.*2 and 2.*Write 2 and 1/2"),
        ([[1, 2], ["1/2", 3]], "b against itself must be 1"),
        ([[1, -2], [-0.5, 1]], "a against b is not positive.*-2"),
        ([[1, 0], [0, 1]], "a against b is not positive"),
        ([[1, "two"], [0.5, 1]], "no number.*two"),
        ([[1, "1/0"], [0.5, 1]], "no number"),
        ([[1, float("nan")], [0.5, 1]], "no number"),
        ([[1, 2], [0.5]], "must be square.*rows of 2, 1"),
        ([[1, 2]], "must be square"),
    ],
)
def test_ahp_weights__refuses(matrix, expected) -> None:
    with pytest.raises(ConfigError, match=f"C121.*{expected}"):
        ahp_weights(matrix, ["a", "b"])


def test_ahp_weights__more_than_ten_have_no_random_index() -> None:
    with pytest.raises(ConfigError, match="at most 10"):
        ahp_weights(np.ones((11, 11)), [str(i) for i in range(11)])
