"""Scores of layers and their combination, against worked numbers and laws."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corridors.errors import ConfigError, InputError, Problems
from corridors.grid import Grid
from corridors.suitability import ahp_weights, response_scores, weighted_overlay
from corridors.suitability.overlay import combine

GRID = Grid("EPSG:32652", Affine(500, 0, 0, 0, -500, 0), (2, 3))
IDENTITY = {"kind": "piecewise_linear", "points": [[0, 0], [1, 1]]}
NAMES = ("prey", "forest", "disturbance", "terrain")
AHP = [[1, 2, 2, 5], ["1/2", 1, 1, 3], ["1/2", 1, 1, 3], ["1/5", "1/3", "1/3", 1]]


def raster(values, name="layer", grid=GRID) -> xr.DataArray:
    return grid.like(np.broadcast_to(np.asarray(values, dtype=float), grid.shape).copy(), name=name)


def dataset(**layers) -> xr.Dataset:
    return xr.Dataset({name: raster(values, name) for name, values in layers.items()})


@pytest.mark.parametrize(
    ("method", "expected", "undisturbed"),
    [("weighted_sum", 0.643954, 0.573565), ("geometric_mean", 0.599822, 0.0), ("minimum", 0.3, 0.0)],
)
def test_weighted_overlay__worked_example(method, expected, undisturbed) -> None:
    # Scores 0.8, 0.6, 0.3, 0.9 with the AHP weights, then disturbance 0; six digits, computed elsewhere.
    weights, _ = ahp_weights(AHP, NAMES)
    responses = dict.fromkeys(NAMES, IDENTITY)
    for disturbance, value in ((0.3, expected), (0.0, undisturbed)):
        layers = dataset(prey=0.8, forest=0.6, disturbance=disturbance, terrain=0.9)
        suitability = weighted_overlay(layers, responses=responses, weights=weights, method=method)
        np.testing.assert_allclose(suitability, value, atol=6e-7)


def test_weighted_overlay__is_a_raster_on_the_grid() -> None:
    suitability = weighted_overlay(dataset(forest=0.5), responses={"forest": IDENTITY})
    assert suitability.name == "suitability"
    assert suitability.attrs["units"] == "0-1"
    assert suitability.attrs["method"] == "geometric_mean"
    assert suitability.dtype == np.float32
    assert Grid.of(suitability) == GRID


def test_weighted_overlay__no_data_and_sea_are_nan() -> None:
    forest = [[0.5, np.nan, 0.5], [0.5, 0.5, 0.5]]
    sea = raster([[0, 0, 0], [0, 0, 1]], "sea").astype(bool)
    layers = dataset(forest=forest, roads=[[1, 1, 1], [np.nan, 1, 1]])
    responses = {"forest": IDENTITY, "roads": IDENTITY}
    for method in ("geometric_mean", "weighted_sum", "minimum"):
        suitability = weighted_overlay(layers, responses=responses, method=method, impassable=sea)
        np.testing.assert_array_equal(np.isnan(suitability), [[0, 1, 0], [1, 0, 1]])


def test_weighted_overlay__weight_zero_is_not_used() -> None:
    layers = dataset(forest=0.5, roads=np.nan)
    responses = {"forest": IDENTITY, "roads": IDENTITY}
    for method in ("geometric_mean", "weighted_sum", "minimum"):
        suitability = weighted_overlay(
            layers, responses=responses, weights={"forest": 1, "roads": 0}, method=method
        )
        np.testing.assert_allclose(suitability, 0.5)


def test_weighted_overlay__inputs_unchanged() -> None:
    layers, responses = dataset(forest=0.5, roads=0.25), {"forest": IDENTITY, "roads": IDENTITY}
    before = layers.copy(deep=True)
    weighted_overlay(layers, responses=responses, impassable=raster(0, "sea"))
    xr.testing.assert_identical(layers, before)


def test_weighted_overlay__refuses_an_unknown_method_and_no_predictor() -> None:
    with pytest.raises(ConfigError, match=r"C123.*Given: median. Allowed: geometric_mean"):
        weighted_overlay(dataset(forest=0.5), responses={"forest": IDENTITY}, method="median")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"C123.*no predictor"):
        weighted_overlay(dataset(forest=0.5), responses={})


def test_weighted_overlay__weights_that_do_not_sum() -> None:
    responses = {"forest": IDENTITY, "roads": IDENTITY}
    with pytest.raises(ConfigError, match=r"C120.*sum to 1.2"):
        weighted_overlay(
            dataset(forest=1, roads=1), responses=responses, weights={"forest": 0.6, "roads": 0.6}
        )


def test_response_scores__quantiles_of_the_land_only() -> None:
    sea = raster([[1, 1, 1], [0, 0, 0]], "sea")
    layers = dataset(slope=[[0, 0, 0], [10, 20, 30]])
    rise = {"slope": {"kind": "quantile_rise", "low": 0.5, "high": 1.0}}
    scores = response_scores(layers, rise, impassable=sea)["slope"]
    np.testing.assert_array_equal(scores, [[np.nan] * 3, [0, 0, 1]])  # median of 10, 20, 30
    assert "(20.0, 0.0), (30.0, 1.0)" in scores.attrs["curve"]


def test_response_scores__rugged_rock() -> None:
    layers = dataset(landcover=[[0, 0, 0], [0, 2, 2]], ruggedness=[[1, 2, 3], [9, 9, 1]])
    response = {"kind": "scores", "scores": {"0": 0.1, "2": 0.7}, "rugged_scores": {"0": 1.0},
                "ruggedness_layer": "ruggedness", "rugged_above": 0.5}  # fmt: skip
    scores = response_scores(layers, {"landcover": response})  # median 2.5
    assert list(scores.data_vars) == ["landcover"]
    np.testing.assert_allclose(scores["landcover"], [[0.1, 0.1, 1], [1, 0.7, 0.7]])


def test_response_scores__impassable_classes_need_no_score() -> None:
    landcover = [[11, 4, 4], [4, 4, 4]]
    sea = raster(np.array(landcover) == 11, "sea")
    scores = response_scores(
        dataset(landcover=landcover), {"landcover": {"kind": "scores", "scores": {4: 0.8}}}, impassable=sea
    )
    np.testing.assert_allclose(scores["landcover"], [[np.nan, 0.8, 0.8], [0.8] * 3])


def test_response_scores__all_problems_at_once() -> None:
    layers = dataset(landcover=7, roads=np.nan, slope=np.inf)
    responses = {
        "landcover": {"kind": "scores", "scores": {4: 0.8}},
        "roads": {"kind": "exponential_decay", "k": 1.0},
        "slope": IDENTITY,
    }
    with pytest.raises(Problems) as caught:
        response_scores(layers, responses)
    found = [(problem.code, problem.where) for problem in caught.value.problems]
    assert found == [("I245", "landcover"), ("I217", "roads"), ("I212", "slope")]


def test_response_scores__absent_layer_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match=r"I249\] forrest: .*Did you mean forest\?"):
        response_scores(dataset(forest=0.5), {"forrest": IDENTITY})


def test_response_scores__sea_on_another_grid() -> None:
    shifted = Grid("EPSG:32652", Affine(500, 0, 250, 0, -500, 0), (2, 3))
    with pytest.raises(InputError, match=r"I201.*shifted"):
        response_scores(dataset(forest=0.5), {"forest": IDENTITY}, impassable=raster(0, "sea", shifted))


SCORES = arrays(np.float64, (3, 4), elements=st.floats(0, 1))
SHARES = arrays(np.float64, 3, elements=st.floats(0.01, 1)).map(lambda w: w / w.sum())


@given(scores=SCORES, weights=SHARES)
def test_combine__between_the_worst_and_the_best(scores, weights) -> None:
    geometric = combine(scores, weights, method="geometric_mean")
    arithmetic = combine(scores, weights, method="weighted_sum")
    lowest = combine(scores, weights, method="minimum")
    assert np.all(lowest <= geometric + 1e-12)
    assert np.all(geometric <= arithmetic + 1e-12)
    assert np.all(arithmetic <= scores.max(axis=0) + 1e-12)


@given(scores=SCORES, weights=SHARES, better=st.floats(0, 1))
def test_combine__a_better_score_never_harms(scores, weights, better) -> None:
    raised = scores.copy()
    raised[0] = np.maximum(raised[0], better)
    for method in ("geometric_mean", "weighted_sum", "minimum"):
        assert np.all(
            combine(raised, weights, method=method) >= combine(scores, weights, method=method) - 1e-12
        )


@given(scores=SCORES, weights=SHARES)
def test_combine__any_zero_gives_zero(scores, weights) -> None:
    scores[1] = 0
    assert np.all(combine(scores, weights) == 0)


@given(weights=SHARES)
def test_combine__all_best_is_best(weights) -> None:
    for method in ("geometric_mean", "weighted_sum", "minimum"):
        np.testing.assert_allclose(combine(np.ones((3, 2)), weights, method=method), 1, rtol=1e-15)
