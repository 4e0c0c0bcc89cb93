from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from landscapes import E3, A, B, C, labels_of, raster_of, resistances_with_cells
from reference import shortest_distances

from corridors.cost import cost_distance_matrix, cost_surfaces
from corridors.errors import InputError


def matrix(values, *cells, **options):
    return cost_distance_matrix(raster_of(values), labels_of(np.shape(values), *cells), **options)


def test_worked_example():
    found = matrix(E3, A, B, C)
    assert found.index.tolist() == found.columns.tolist() == [1, 2, 3]
    assert found.index.name == "core_id"
    np.testing.assert_allclose(
        found, [[0, 9.656854, 4], [9.656854, 0, 9.656854], [4, 9.656854, 0]], atol=5e-7
    )


@given(resistances_with_cells(cells=4))
def test_against_dijkstra_and_the_laws_of_distance(case):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    found = matrix(values, *cells).to_numpy()
    np.testing.assert_array_equal(found, found.T)
    assert (np.diag(found) == 0).all()
    plain = np.where(np.isnan(found), np.inf, found)
    for i, start in enumerate(cells):
        distance = shortest_distances(values, [start])
        np.testing.assert_allclose(plain[i], [distance[cell] for cell in cells], rtol=1e-12)
    for via in range(len(cells)):
        assert (plain <= (plain[:, [via]] + plain[[via], :]) * (1 + 1e-12)).all()


def test_from_edge_to_edge_past_other_cores_and_ids_with_gaps():
    labels = raster_of(np.zeros((1, 12), dtype=np.uint16), "cores")
    labels.values[0, :3], labels.values[0, 5:7], labels.values[0, 9:] = 9, 2, 4
    found = cost_distance_matrix(raster_of(np.ones((1, 12))), labels)
    assert found.index.tolist() == [2, 4, 9]
    assert found.to_numpy().tolist() == [[0, 3, 3], [3, 0, 7], [3, 7, 0]]


def test_no_way_is_empty_and_no_core_an_empty_table():
    wall = np.ones((1, 5))
    wall[0, 2] = np.nan
    assert math.isnan(matrix(wall, (0, 0), (0, 4)).loc[1, 2])
    assert matrix(E3).shape == (0, 0)


def test_surfaces_at_hand():
    surfaces = dict(cost_surfaces(raster_of(E3), labels_of(E3.shape, A, B, C)))
    pd.testing.assert_frame_equal(matrix(E3, A, B, C, surfaces=surfaces), matrix(E3, A, B, C))
    with pytest.raises(InputError, match=r"I230.*labels \[1, 2\]; surfaces \[1, 2, 3\]"):
        matrix(E3, A, B, surfaces=surfaces)
