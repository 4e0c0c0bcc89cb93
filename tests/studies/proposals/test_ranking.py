"""Ranks, their ranges and the front that nothing beats, against looking at every pair."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from corridors.errors import InputError
from corridors.studies.proposals import pareto_front, rank_ranges, ranks

numbers = arrays.arrays(
    np.float64, st.tuples(st.integers(1, 7), st.just(3)), elements=st.sampled_from([0, 1, 2, 3])
)


@given(numbers)
def test_a_row_is_on_the_front_unless_another_beats_it(values):
    table = pd.DataFrame(values, columns=["gain", "area", "cost"])
    found = pareto_front(table, maximise=["gain", "area"], minimise=["cost"])
    better = values * [1, 1, -1]
    for row, one in enumerate(better):
        beaten = any((other >= one).all() and (other > one).any() for other in better)
        assert found[row] == (not beaten)


def test_a_row_that_is_not_assessed_is_not_on_the_front_and_beats_nothing():
    table = pd.DataFrame({"gain": [np.nan, 1.0, 2.0]})
    assert pareto_front(table, maximise=["gain"]).tolist() == [False, False, True]
    with pytest.raises(InputError, match="no column beauty"):
        pareto_front(table, maximise=["beauty"])


def test_ranks_leave_out_the_unknown_and_ranges_span_the_settings():
    one = pd.Series({"a": 3.0, "b": 2.0, "c": np.nan})
    other = pd.Series({"a": 1.0, "b": 2.0, "c": np.nan})
    assert ranks(one).tolist()[:2] == [1, 2]
    found = rank_ranges([one, one, other])
    assert found.loc["a"].tolist() == [1, 2, 50]
    assert found.loc["b"].tolist() == [1, 2, 50]
    assert found.loc["c"].isna().all()
