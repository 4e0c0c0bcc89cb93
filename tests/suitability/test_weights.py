"""Weights: equal where none are given, else summing to 1."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import ConfigError, InputError
from corridors.suitability import drop_missing, full_weights


def test_full_weights__none_means_equal() -> None:
    assert full_weights(["a", "b", "c", "d"], None) == dict.fromkeys("abcd", 0.25)


def test_full_weights__in_the_order_of_the_names() -> None:
    assert list(full_weights(["a", "b"], {"b": 0.75, "a": 0.25}).items()) == [("a", 0.25), ("b", 0.75)]


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ({"a": 1.0, "b": 1.0}, r"weights sum to 2.*Leave all weights out.*a 0.5, b 0.5"),
        ({"a": 0.5, "b": 0.4999}, r"weights sum to 0.9999"),
        ({"a": 0.0, "b": 0.0}, r"weights sum to 0.*at least one predictor a weight above 0"),
        ({"a": 1.5, "b": -0.5}, r"at least 0. Given: b -0.5"),
        ({"a": float("nan"), "b": 1}, r"at least 0. Given: a nan"),
        ({"a": 1.0}, r"no weight for b"),
        ({"a": 0.5, "b": 0.25, "c": 0.25}, r"weights for no predictor: c"),
    ],
)
def test_full_weights__refuses(weights, expected) -> None:
    with pytest.raises(ConfigError, match=f"C120.*{expected}"):
        full_weights(["a", "b"], weights)


def test_full_weights__tolerates_a_millionth() -> None:
    assert sum(full_weights(["a", "b"], {"a": 0.5, "b": 0.5000009}).values()) == pytest.approx(1, abs=1e-15)


def test_drop_missing__brings_the_rest_back_to_one() -> None:
    responses = {"cover": "A", "roads": "B", "prey": "C"}
    kept, weights, dropped = drop_missing(
        responses, {"cover": 0.3, "roads": 0.1, "prey": 0.6}, ["roads", "cover"]
    )
    assert kept == {"cover": "A", "roads": "B"}
    assert weights == pytest.approx({"cover": 0.75, "roads": 0.25})
    assert dropped == ("prey",)


def test_drop_missing__equal_stays_equal() -> None:
    assert drop_missing({"cover": 1, "prey": 2}, None, {"cover", "other"}) == ({"cover": 1}, None, ("prey",))


@pytest.mark.parametrize(("weights", "present"), [(None, ()), ({"cover": 1.0, "prey": 0.0}, ("prey",))])
def test_drop_missing__nothing_remains(weights, present) -> None:
    with pytest.raises(InputError, match=r"I248.*absent: cover"):
        drop_missing({"cover": 1, "prey": 2}, weights, present)


@given(
    parts=st.lists(st.integers(1, 100), min_size=2, max_size=6),
    here=st.sets(st.integers(0, 5), min_size=1).filter(lambda s: min(s) < 2),
)
def test_drop_missing__keeps_ratios(parts, here) -> None:
    weights = {str(i): part / sum(parts) for i, part in enumerate(parts)}
    kept, left, dropped = drop_missing(weights, weights, {str(i) for i in here})
    assert set(kept) | set(dropped) == set(weights)
    assert left is not None
    assert sum(left.values()) == pytest.approx(1)
    first = next(iter(kept))
    for name in kept:
        assert left[name] / left[first] == pytest.approx(weights[name] / weights[first])
