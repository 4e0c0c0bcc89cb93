import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kernels.cases import cases_with_barriers, one, preceding

from corridors.errors import SolveError
from corridors.kernels.cost_distance import allocation, solve
from corridors.kernels.cost_distance.barriers import COLUMN_STEPS, ROW_STEPS


@given(case=cases_with_barriers())
def test_the_smallest_label_among_all_that_explain_the_distance(case):
    values, sources, edges, extra = case
    labels = np.zeros(values.shape, dtype=np.uint16)
    labels[sources] = np.arange(len(sources[0]), 0, -1)
    distances = solve(values, sources, edges=edges)
    expected = np.where(distances == 0, labels, 0).astype(int)
    for place in np.argsort(distances, axis=None):
        cell = tuple(int(part) for part in np.unravel_index(place, values.shape))
        if 0 < distances[cell] < np.inf:
            before = preceding(values, distances, extra, cell)
            expected[cell] = min(expected[cell[0] + ROW_STEPS[d], cell[1] + COLUMN_STEPS[d]] for d in before)
    np.testing.assert_array_equal(allocation(distances, values, labels, edges=edges), expected)


@given(case=cases_with_barriers(), data=st.data())
def test_labels_found_before_stand_and_the_rest_follows(case, data):
    values, sources, edges, _ = case
    labels = np.zeros(values.shape, dtype=np.int32)
    labels[sources] = np.arange(len(sources[0]), 0, -1)
    distances = solve(values, sources, edges=edges)
    expected = allocation(distances, values, labels, edges=edges)
    known = distances == 0
    share = data.draw(st.floats(0, 1))
    known |= np.random.default_rng(data.draw(st.integers(0, 99))).random(values.shape) < share
    known &= expected > 0
    before = expected.copy()
    found = allocation(distances, values, expected, edges=edges, known=known)
    np.testing.assert_array_equal(found, before)
    np.testing.assert_array_equal(expected, before)  # left as it was


def test_a_label_found_before_need_not_be_the_one_it_would_get():
    distances = solve(np.ones((1, 5)), one(0, 0))
    labels, known = np.array([[4, 0, -1, 0, 0]]), np.array([[True, False, True, False, False]])
    assert allocation(distances, np.ones((1, 5)), labels, known=known).tolist() == [[4, 4, -1, -1, -1]]


def test_halfway_between_two_sources_the_smaller_label_wins():
    labels = np.array([[7, 0, 0, 0, 3]])
    distances = solve(np.ones((1, 5)), np.nonzero(labels))
    assert allocation(distances, np.ones((1, 5)), labels).tolist() == [[7, 7, 3, 3, 3]]


def test_a_long_way_to_the_source():
    values, labels = np.ones((1, 3000)), np.zeros((1, 3000), dtype=int)
    labels[0, -1] = 5
    assert (allocation(solve(values, np.nonzero(labels)), values, labels) == 5).all()


def test_what_no_source_reaches_is_nobodys():
    values = np.array([[1.0, np.nan, 1.0]])
    found = allocation(solve(values, one(0, 0)), values, np.array([[4, 0, 0]]))
    assert found.tolist() == [[4, 0, 0]]
    assert found.dtype == np.int32


def test_another_resistance_is_noticed():
    with pytest.raises(SolveError, match="S504"):
        allocation(np.array([[0.0, 5.0]]), np.ones((1, 2)), np.array([[1, 0]]))
