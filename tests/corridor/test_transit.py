from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from landscapes import E3, A, B, C, labels_of, raster_of, resistances_with_cells
from reference import shortest_distances

from corridors.corridor import conditional_transit_cost
from corridors.cost import cost_surfaces
from corridors.errors import InputError


def transit(values, *cells, **options):
    found = conditional_transit_cost(raster_of(values), labels_of(np.shape(values), *cells), **options)
    assert found.name == "conditional_transit_cost"
    return found.values


def test_worked_example():
    assert round(transit(E3, A, B, C)[2, 3], 6) == 9.656854
    pair = transit(E3, A, B)
    assert round(pair.min(), 6) == 9.656854
    assert round(pair[4, 3], 4) == 19.6569
    np.testing.assert_array_equal(transit(E3, A, B, C, pairs=[(1, 2)]), pair)


@given(resistances_with_cells(cells=4))
def test_mean_over_the_pairs_that_pass(case):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    if len(cells) < 2:
        return
    distances = [shortest_distances(values, [cell]) for cell in cells]
    costs = np.array([a + b for a, b in combinations(distances, 2)])
    costs[np.isinf(costs)] = np.nan
    passes = ~np.isnan(costs).all(axis=0)
    found = transit(values, *cells)
    np.testing.assert_allclose(found[passes], np.nanmean(costs[:, passes], axis=0), rtol=1e-12)
    assert np.isnan(found[~passes]).all()
    every = list(combinations(range(1, len(cells) + 1), 2))
    np.testing.assert_allclose(transit(values, *cells, pairs=every), found, rtol=1e-12)


@given(resistances_with_cells(cells=2))
def test_least_on_the_least_cost_path_and_never_below_it(case):
    values, (a, b) = case
    least = shortest_distances(values, [a])[b]
    if a == b or np.isinf(least):
        return
    found = transit(values, a, b)
    np.testing.assert_allclose([found[a], found[b], np.nanmin(found)], least, rtol=1e-12)


def test_surfaces_at_hand_give_the_same():
    labels, res = labels_of(E3.shape, A, B, C), raster_of(E3)
    surfaces = dict(cost_surfaces(res, labels))
    np.testing.assert_array_equal(transit(E3, A, B, C, surfaces=surfaces), transit(E3, A, B, C))


def test_too_few_cores_and_unknown_ones():
    with pytest.raises(InputError, match=r"I223.*two cores.*1"):
        transit(E3, A)
    with pytest.raises(InputError, match=r"I230.*core 3, 4"):
        transit(E3, A, B, pairs=[(1, 3), (2, 4)])
    with pytest.raises(InputError, match=r"I223.*no pair"):
        transit(E3, A, B, pairs=[])
