import numpy as np
import pytest

from corridors.circuit import check_focal, focal_from_labels, focal_from_points, grid_circuit
from corridors.circuit.focal import wanted_pairs
from corridors.errors import InputError, Problems

FOCAL = {name: np.array([cell]) for name, cell in ((1, 0), (2, 3), (7, 5))}


def test_labels_become_cells():
    found = focal_from_labels(np.array([[3, np.nan], [-9, 3], [1, 0]]))
    assert {label: cells.tolist() for label, cells in found.items()} == {1: [4], 3: [0, 3]}


def test_points_become_cells_and_an_id_given_twice_a_region():
    found = focal_from_points(["a", "b", "a"], [0, 1, 1], [2, 0, 1], (2, 3))
    assert {name: cells.tolist() for name, cells in found.items()} == {"a": [2, 4], "b": [3]}


def test_points_outside_are_named_with_the_nearest_cell():
    with pytest.raises(InputError, match=r"I221.*1 of 2 .*b \(row 5, column -1; nearest cell 1, 0\)"):
        focal_from_points(["a", "b"], [0, 5], [0, -1], (2, 3))


def test_focal_nodes_on_no_data_are_named_with_the_nearest_valid_cell():
    circuit = grid_circuit([[1.0, 1.0, 0.0, 0.0]])
    focal = {4: np.array([0]), 9: np.array([3])}
    with pytest.raises(InputError, match=r"I222.*1 of 2.*9 \(row 0, column 3; nearest valid cell 0, 1\)"):
        check_focal(circuit, focal)
    check_focal(circuit, focal, accept_no_data=True)


def test_one_focal_node_is_too_few_and_all_problems_are_told():
    with pytest.raises(Problems) as caught:
        check_focal(grid_circuit([[1.0, 0.0]]), {4: np.array([1])})
    assert [problem.code for problem in caught.value.problems] == ["I223", "I222"]
    with pytest.raises(InputError, match=r"I221.*5"):
        check_focal(grid_circuit([[1.0, 1.0]]), {4: np.array([1]), 5: np.array([2])})


def test_pairs_are_all_or_those_asked_for():
    assert wanted_pairs(FOCAL, None) == [(1, 2), (1, 7), (2, 7)]
    assert wanted_pairs(FOCAL, [(7, 1)]) == [(7, 1)]


@pytest.mark.parametrize(
    ("pairs", "match"),
    [
        ([], "I223.*empty"),
        ([(1, 8)], "I221.*unknown.*8"),
        ([(1, 2), (2, 1)], r"I226.*\(2, 1\)"),
        ([(1, 1)], r"I226.*\(1, 1\)"),
    ],
)
def test_wrong_lists_of_pairs_are_refused(pairs, match):
    with pytest.raises(InputError, match=match):
        wanted_pairs(FOCAL, pairs)
