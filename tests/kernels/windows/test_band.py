from __future__ import annotations

import numpy as np
import pytest

from corridors.kernels._jit import COMPILED
from corridors.kernels.cost_distance.lanes import LANES
from corridors.kernels.windows.band import eliminate_by_fours, eliminate_plainly


def band_of(count, width, seed):
    """Return a positive definite band matrix, by rows with their ends, and as a whole."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((count, width + 4 + LANES))
    rows[:, 1:width] = -rng.random((count, width - 1)) * (rng.random((count, width - 1)) < 0.7)
    whole = np.zeros((count, count))
    for k in range(count):
        for j in range(1, width):
            if k + j < count:
                whole[k, k + j] = whole[k + j, k] = rows[k, j]
            else:
                rows[k, j] = 0
    diagonal = -whole.sum(axis=0) + rng.random(count)
    rows[:, 0] = diagonal
    ends = np.minimum(np.arange(count) + width, count)
    return rows, ends, whole + np.diag(diagonal)


@pytest.mark.parametrize("count", [1, 3, 4, 9, 50])
@pytest.mark.parametrize("width", [1, 2, 4, 5, 17, 40])
def test_elimination_gives_the_factors(count, width):
    rows, ends, whole = band_of(count, width, count + width)
    eliminate_plainly(rows, ends, count)
    upper = np.zeros((count, count))
    for k in range(count):
        for j in range(min(width, count - k)):
            upper[k, k + j] = rows[k, j]
    lower = (upper / np.diag(upper)[:, None]).T
    assert lower @ upper == pytest.approx(whole, rel=1e-10, abs=1e-10)


@pytest.mark.skipif(not COMPILED, reason="vectors need the compiler")
@pytest.mark.parametrize("count", [1, 3, 4, 9, 50])
@pytest.mark.parametrize("width", [1, 2, 4, 5, 17, 40])
def test_four_at_a_time_is_the_same(count, width):
    rows, ends, _ = band_of(count, width, count + width)
    plain = rows.copy()
    eliminate_plainly(plain, ends, count)
    eliminate_by_fours(rows, ends, count)
    assert rows == pytest.approx(plain, rel=1e-10, abs=1e-12)
