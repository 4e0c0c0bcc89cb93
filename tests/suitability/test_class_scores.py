"""Scores of classes."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from corridors.errors import InputError
from corridors.suitability import Scores

RUGGED = {"rugged_scores": {0: 1.0}, "ruggedness_layer": "ruggedness", "rugged_above": 0.5}


def test_at__table() -> None:
    scores = Scores(scores={1: 0.05, 4: 0.8, 9: 0}).at(np.array([[4, 1], [9, np.nan]]))
    np.testing.assert_array_equal(scores, [[0.8, 0.05], [0, np.nan]])


def test_at__all_without_data() -> None:
    assert np.isnan(Scores(scores={1: 0.5}).at(np.full((2, 2), np.nan))).all()


def test_scores__keys_of_a_toml_table_are_text() -> None:
    assert Scores(scores={"4": 0.8}).scores == {4: 0.8}  # type: ignore[dict-item]


def test_at__class_without_a_score_names_it_and_its_share() -> None:
    classes = np.array([4, 4, 4, 4, 4, 7, 7, 11, np.nan, np.nan])
    expected = r"I245.*no score for class 7 \(25 % of the cells\), 11 \(12 % of the cells\)"
    with pytest.raises(InputError, match=expected):
        Scores(scores={4: 0.8}).at(classes)


def test_at__averaged_classes_are_no_classes() -> None:
    with pytest.raises(InputError, match=r"I216.*1 values are no classes. Given: 4.5"):
        Scores(scores={4: 0.8}).at(np.array([4.0, 4.5]))


def test_on_rugged_ground__replaces_only_what_is_given() -> None:
    scores = Scores(scores={0: 0.1, 2: 0.7}, **RUGGED).on_rugged_ground()
    assert scores.scores == {0: 1.0, 2: 0.7}


@pytest.mark.parametrize("missing", list(RUGGED))
def test_scores__rugged_ground_needs_all_three(missing) -> None:
    parts = {key: value for key, value in RUGGED.items() if key != missing}
    with pytest.raises(ValidationError, match=f"need {missing} too"):
        Scores(scores={0: 0.1}, **parts)


@pytest.mark.parametrize("wrong", [{}, {4: 1.2}, {4: -0.1}, {4: "0.5"}, {"forest": 0.5}, {4.5: 0.5}])
def test_scores__refuse_what_is_no_table(wrong) -> None:
    with pytest.raises(ValidationError):
        Scores(scores=wrong)
