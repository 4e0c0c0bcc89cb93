from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from corridors.layers.fraction import window_mean

cells = st.sampled_from([0.0, 1.0, np.nan])


@given(arrays(np.float64, (5, 7), elements=cells), st.sampled_from([0.0, 1.0, 1.5, 2.0, 5.0, 20.0]))
def test_window_mean_against_loops(values: np.ndarray, radius: float) -> None:
    found = window_mean(values, radius)
    for row, column in np.ndindex(values.shape):
        around = [values[at] for at in np.ndindex(values.shape) if math.dist(at, (row, column)) <= radius]
        known = [value for value in around if not math.isnan(value)]
        expected = sum(known) / len(known) if known else math.nan
        assert found[row, column] == pytest.approx(expected, nan_ok=True)
