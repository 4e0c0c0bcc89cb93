from __future__ import annotations

import numpy as np
import pytest
from affine import Affine

from corridors.barriers import EdgeCosts
from corridors.barriers.edges import edge_keys, summed
from corridors.circuit.windows import Condition, omnidirectional_current, window_currents, window_problem
from corridors.errors import ConfigError, InputError
from corridors.grid import Grid
from corridors.kernels.cost_distance import EAST, SOUTH_EAST, SOUTH_WEST

GRID = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (12, 14))


def resistance(seed=0, holes=0.1):
    rng = np.random.default_rng(seed)
    values = np.exp(rng.uniform(0, 3, GRID.shape))
    values[rng.random(GRID.shape) < holes] = np.nan
    return GRID.like(values, name="resistance")


def test_kilometres_are_cells_and_sources_one_over_resistance():
    res = resistance()
    found = omnidirectional_current(res, radius_km=2.0, buffer_km=0.5, block=3)
    conductance = 1 / res.values
    expected = window_currents(window_problem(conductance, conductance, radius=4, buffer=1, block=3))
    data = ~np.isnan(res.values)
    assert (found.current.values[data] == expected.current[data]).all()
    assert np.isnan(found.current.values[~data]).all()
    assert np.isnan(found.normalised.values[~data]).all()
    ratio = expected.current[data] / expected.flow_potential[data]
    assert np.allclose(found.normalised.values[data], ratio, rtol=1e-12, equal_nan=True)
    assert Grid.of(found.current) == GRID
    assert (found.current.attrs["units"], found.normalised.attrs["units"]) == ("A", "1")


def test_an_even_map_with_no_data_is_exactly_one():
    res = resistance(3)
    even = res.where(np.isnan(res), 7.0)
    strength = GRID.like(np.random.default_rng(2).random(GRID.shape), name="strength")
    found = omnidirectional_current(even, radius_km=2.5, source_strength=strength)
    data = ~np.isnan(found.normalised.values)
    assert np.abs(found.normalised.values[data] - 1).max() < 1e-9


def fence(cost_m):
    """Return what crossing from column 6 to 7 costs, in every row, diagonally too."""
    rows = np.arange(GRID.shape[0])
    keys = [edge_keys(GRID, rows, np.full(12, 6), np.full(12, EAST))]
    keys.append(edge_keys(GRID, rows[:-1], np.full(11, 6), np.full(11, SOUTH_EAST)))
    keys.append(edge_keys(GRID, rows[:-1], np.full(11, 7), np.full(11, SOUTH_WEST)))
    joined = np.concatenate(keys)
    return summed(GRID, joined, np.full(len(joined), cost_m))


def across(found):
    return float(found.current[:, 7].sum())


def test_a_fence_lets_less_through_the_more_it_costs():
    res = GRID.like(np.ones(GRID.shape), name="resistance")
    strength = GRID.like(np.where(np.arange(14) < 7, 1.0, 0.0) * np.ones(GRID.shape), name="strength")
    currents = [
        across(omnidirectional_current(res, radius_km=2.0, source_strength=strength, barriers=barriers))
        for barriers in (None, fence(500.0), fence(50_000.0), fence(np.inf))
    ]
    assert currents == sorted(currents, reverse=True)
    assert len(set(currents)) == 4
    assert currents[-1] == 0


def test_a_fence_is_a_resistance_in_series():
    """In one row all current crosses it: 500 m on a cell of 500 m is one cell of resistance 1 more."""
    grid = Grid("EPSG:32652", GRID.transform, (1, 4))
    res = grid.like(np.ones((1, 4)), name="resistance")
    strength = grid.like(np.array([[1.0, 0, 0, 1.0]]), name="strength")
    key = edge_keys(grid, np.array([0]), np.array([1]), np.array([EAST]))
    one = omnidirectional_current(
        res, radius_km=1.5, source_strength=strength, barriers=summed(grid, key, np.array([500.0]))
    )
    assert one.current.values.tolist() == [[2.0, 2.0, 2.0, 2.0]]


def test_weak_and_resistant_cells_are_no_sources():
    res = resistance(5)
    limit = float(np.nanmedian(res.values))
    found = omnidirectional_current(res, radius_km=2.0, max_source_resistance=limit)
    strength = GRID.like(np.nan_to_num(1 / res.values), name="strength")
    same = omnidirectional_current(res, radius_km=2.0, source_strength=strength, source_threshold=1 / limit)
    assert found.plan.windows == int((res.values <= limit).sum())
    assert found.current.identical(same.current)


def test_conditions_leave_sources_out():
    res = resistance(6)
    climate = np.tile(np.arange(14.0), (12, 1))
    found = omnidirectional_current(
        res, radius_km=2.0, conditions=[Condition(climate, climate + 2, "within", -0.5, 0.5)]
    )
    assert float(found.current.sum()) < float(omnidirectional_current(res, radius_km=2.0).current.sum())


def test_without_flow_potential_nothing_is_normalised():
    found = omnidirectional_current(resistance(), radius_km=1.0, flow_potential=False)
    assert found.flow_potential is None
    assert found.normalised is None


def test_inputs_stay_as_they_are(tmp_path):
    res = resistance(7)
    before = res.values.copy()
    found = omnidirectional_current(res, radius_km=1.0, checkpoint_folder=tmp_path / "sums", threads=2)
    assert np.array_equal(res.values, before, equal_nan=True)
    assert list((tmp_path / "sums").glob("*")) == []
    assert found.worst_residual < 1e-9


def test_what_cannot_be_is_refused():
    res = resistance()
    elsewhere = Grid("EPSG:32652", Affine(500, 0, 500_500, 0, -500, 4_800_000), GRID.shape)
    strength = elsewhere.like(np.ones(GRID.shape), name="strength")
    with pytest.raises(InputError, match=r"I291.*larger than the map.*100 cells"):
        omnidirectional_current(res, radius_km=50.0)
    with pytest.raises(InputError, match=r"I201.*strength"):
        omnidirectional_current(res, radius_km=1.0, source_strength=strength)
    with pytest.raises(InputError, match=r"I211.*not positive"):
        omnidirectional_current(res.where(~np.isnan(res), -9999.0), radius_km=1.0)
    barriers = EdgeCosts(elsewhere, *(np.zeros(0, t) for t in (np.int64, np.int64, np.uint8, float)))
    with pytest.raises(InputError, match="I201"):
        omnidirectional_current(res, radius_km=1.0, barriers=barriers)
    with pytest.raises(ConfigError, match="source_threshold"):
        omnidirectional_current(res, radius_km=1.0, source_threshold=-1)
    with pytest.raises(InputError, match=r"I211.*negative"):
        omnidirectional_current(res, radius_km=1.0, source_strength=res.fillna(1) * -1)
