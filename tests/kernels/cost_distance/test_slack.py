import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.cases import cases, one

from corridors.kernels.cost_distance import solve
from corridors.kernels.cost_distance.slack import LinkCost, lay_over


@given(case=cases(), per_metre=st.sampled_from([0.0, 3.5]), start=st.sampled_from([np.inf, 2.0]))
def test_the_formula_cell_by_cell(case, per_metre, start):
    values, (rows, columns) = case
    ends = one(rows[0], columns[0]), one(rows[-1], columns[-1])
    from_a, from_b = (solve(values, end) for end in ends)
    cost = float(from_a[ends[1]][0])
    if not 0 < cost < np.inf:
        return
    lowest = np.full(values.shape, start)
    near, below = lay_over(lowest, from_a, from_b, LinkCost(cost, 1e-11 * cost, 1e-6 * cost, per_metre))
    slack = from_a + from_b - cost
    assert (near, below) == ((slack <= 1e-6 * cost).sum(), 0)
    slack[slack < 1e-11 * cost] = 0.0
    expected = per_metre * (1 + slack / cost) if per_metre else slack
    np.testing.assert_array_equal(lowest, np.minimum(expected, start))


@pytest.mark.parametrize(("cost", "near", "below"), [(4.0, 5, 0), (5.0, 5, 5), (3.0, 0, 0)])
def test_a_cost_that_does_not_fit_shows(cost, near, below):
    from_a = np.arange(5.0).reshape(1, 5)
    found = lay_over(np.full((1, 5), np.inf), from_a, from_a[:, ::-1], LinkCost(cost, 1e-9, 1e-6, 0.0))
    assert found == (near, below)
