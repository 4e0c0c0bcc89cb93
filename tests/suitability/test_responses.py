"""Responses from their plain form, and the score of a layer with ruggedness."""

from __future__ import annotations

import numpy as np
import pytest

from corridors.errors import ConfigError, InputError, Problems
from corridors.suitability import Gaussian, Scores, as_response, layers_used, score

ROCK = Scores(
    scores={0: 0.1, 2: 0.7}, rugged_scores={0: 1.0}, ruggedness_layer="ruggedness", rugged_above=0.5
)


@pytest.mark.parametrize(
    "plain",
    [
        {"kind": "scores", "scores": {"0": 0.1, "5": 1}},
        {"kind": "trapezoid", "a": 0, "b": 1, "c": 2, "d": 3},
        {"kind": "sigmoid", "midpoint": 1, "steepness": -2},
        {"kind": "exponential_decay", "k": 3},
        {"kind": "gaussian", "mean": 0, "sd": 1},
        {"kind": "piecewise_linear", "points": [[0, 1], [5, 0.2]]},
        {"kind": "quantile_rise", "low": 0.5, "high": 0.9},
    ],
)
def test_as_response__every_kind_there_and_back(plain) -> None:
    response = as_response(plain)
    assert response.kind == plain["kind"]
    assert as_response(response) is response
    assert as_response(response.model_dump()) == response


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        (
            {"kind": "trapezoid", "a": 5, "b": 1, "c": 2, "d": 3},
            r"C122\] elevation: .*Allowed: a <= b <= c <= d",
        ),
        ({"kind": "sigmoidal", "midpoint": 1}, r"C102\] elevation: .*'sigmoid'"),
        ({"kind": "sigmoid", "midpoint": 1}, r"C102\] elevation: response.sigmoid.steepness: Field required"),
        ({"kind": "gaussian", "mean": 0, "sd": 1, "width": 3}, r"C101\] elevation: response.gaussian.width"),
        ({"midpoint": 1}, r"C102\] elevation: "),
    ],
)
def test_as_response__says_what_is_wrong(plain, expected) -> None:
    with pytest.raises(ConfigError, match=expected):
        as_response(plain, where="elevation")


def test_as_response__all_problems_at_once() -> None:
    with pytest.raises(Problems) as caught:
        as_response({"kind": "gaussian", "mean": "high", "sd": -1})
    assert len(caught.value.problems) == 2


def test_layers_used__predictors_and_ruggedness_once() -> None:
    responses = {"landcover": ROCK, "ruggedness": Gaussian(mean=0, sd=1), "slope": Gaussian(mean=0, sd=1)}
    assert layers_used(responses) == ("landcover", "ruggedness", "slope")
    assert layers_used({"landcover": ROCK}) == ("landcover", "ruggedness")


def test_score__bare_rock_where_rugged_else_bare_plain() -> None:
    classes = np.array([0.0, 0, 0, 2, 2])
    ruggedness = np.array([10.0, 30, 50, 5, 60])  # median 30: rugged is what is above
    np.testing.assert_array_equal(score(classes, ROCK, ruggedness=ruggedness), [0.1, 0.1, 1, 0.7, 0.7])


def test_score__ruggedness_missing_matters_only_where_the_ground_does() -> None:
    scores = score(np.array([0.0, 2, 0, 0]), ROCK, ruggedness=np.array([np.nan, np.nan, 1, 9]))
    np.testing.assert_array_equal(scores, [np.nan, 0.7, 0.1, 1])


def test_score__quantile_ignores_ruggedness_where_classes_lack() -> None:
    scores = score(np.array([0.0, 0, np.nan, np.nan]), ROCK, ruggedness=np.array([1.0, 2, 500, 500]))
    np.testing.assert_array_equal(scores, [0.1, 1, np.nan, np.nan])


def test_score__without_ruggedness() -> None:
    with pytest.raises(ConfigError, match="need ruggedness"):
        score(np.array([0.0]), ROCK)
    with pytest.raises(InputError, match="I217"):
        score(np.array([0.0]), ROCK, ruggedness=np.array([np.nan]))
