from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import labels_of, raster_of, resistances_with_cells
from reference import shortest_distances
from shapely.geometry import Point

from corridors.corridor import resistant_kernels
from corridors.errors import ConfigError, InputError

PLAIN = np.ones((7, 7))
MIDDLE = (3, 3)


def kernels(values, *cells, reach=3.0, **options):
    labels = labels_of(np.shape(values), *cells)
    return resistant_kernels(raster_of(values), labels, max_cost_distance_m=reach, **options).values


def test_worked_example_on_even_ground():
    found = kernels(PLAIN, MIDDLE)
    assert round(found.sum(), 6) == 8.905243
    assert (found > 0).sum() == 25
    assert found[MIDDLE] == 1
    assert round(found[3, 4], 4) == 0.6667
    assert round(found[2, 4], 4) == 0.5286
    assert round(found[1, 1], 4) == 0.0572
    assert round(kernels(PLAIN, MIDDLE, scale="unit_volume")[MIDDLE], 6) == 0.112293


def test_worked_example_with_a_dear_column():
    dear = PLAIN.copy()
    dear[:, 4] = 3
    found = kernels(dear, MIDDLE)
    assert round(found.sum(), 6) == 6.400337
    assert round(found[:, 4:].sum(), 6) == 0.447715
    np.testing.assert_array_equal(found[:, :4], kernels(PLAIN, MIDDLE)[:, :4])


def test_worked_example_of_two_weights():
    found = kernels(PLAIN, (3, 1), (3, 5), weights={1: 1, 2: 2})
    assert math.isclose(found[3, 3], 1.0, rel_tol=1e-12)
    assert found.max() == 2


@pytest.mark.parametrize(
    ("shape", "halfway"), [("linear", 0.5), ("gaussian", 0.01**0.25), ("exponential", 0.1)]
)
def test_shapes_at_the_source_halfway_at_the_end_and_beyond(shape, halfway):
    row = kernels(np.ones((1, 8)), (0, 0), reach=6.0, shape=shape)[0]
    np.testing.assert_allclose(row[[0, 3]], [1, halfway], rtol=1e-12)
    assert math.isclose(row[6], 0 if shape == "linear" else 0.01, rel_tol=1e-12)
    assert row[7] == 0


KERNELS = {"linear": lambda d, end: 1 - d / end,
          "gaussian": lambda d, end: math.exp(-d * d * math.log(100) / end**2),
          "exponential": lambda d, end: math.exp(-d * math.log(100) / end)}  # fmt: skip


@given(resistances_with_cells(cells=3), st.floats(0.5, 1e6), st.sampled_from(sorted(KERNELS)), st.booleans())
def test_sum_of_single_kernels_against_plain_loops(case, reach, shape, unit_volume):
    values, cells = case
    cells = list(dict.fromkeys(cells))
    expected = np.zeros(values.shape)
    for weight, cell in enumerate(cells, start=1):
        distance = shortest_distances(values, [cell])
        kernel = np.array([KERNELS[shape](d, reach) if d <= reach else 0.0 for d in distance.ravel()])
        volume = kernel.sum() if unit_volume else 1.0
        expected += weight * kernel.reshape(values.shape) / volume
    weights = {label: float(label) for label in range(1, len(cells) + 1)}
    scale = "unit_volume" if unit_volume else "peak"
    found = kernels(values, *cells, reach=reach, shape=shape, scale=scale, weights=weights)
    known = ~np.isnan(values)
    np.testing.assert_allclose(found[known], expected[known], rtol=1e-9, atol=1e-12)
    assert np.isnan(found[~known]).all()
    if unit_volume:
        assert math.isclose(np.nansum(found), sum(weights.values()), rel_tol=1e-9)


@given(resistances_with_cells(cells=1), st.floats(1, 100))
def test_more_resistance_never_helps_a_kernel(case, factor):
    values, (cell,) = case
    assert (
        np.nan_to_num(kernels(values * factor, cell, reach=50.0) - kernels(values, cell, reach=50.0)) <= 0
    ).all()


def points(*xy):
    return gpd.GeoDataFrame(
        {"name": range(len(xy))}, geometry=[Point(p) for p in xy], index=[10 * i for i in range(len(xy))],
        crs="EPSG:32652",
    )  # fmt: skip


def test_points_count_each_even_in_one_cell():
    res = raster_of(PLAIN)
    two = points((500_001.2, 4_899_996.5), (500_001.7, 4_899_996.2))
    by_points = resistant_kernels(res, two, max_cost_distance_m=3)
    assert by_points.values[3, 1] == 2
    np.testing.assert_allclose(by_points.values, 2 * kernels(PLAIN, (3, 1)))
    weighed = resistant_kernels(res, two, max_cost_distance_m=3, weights=pd.Series([0.5, 0.0], index=[0, 10]))
    np.testing.assert_allclose(weighed.values, 0.5 * kernels(PLAIN, (3, 1)))
    array = np.column_stack([two.geometry.x, two.geometry.y])
    np.testing.assert_array_equal(
        resistant_kernels(res, array, max_cost_distance_m=3).values, by_points.values
    )


def test_a_core_is_one_source_whatever_its_size():
    labels = raster_of(np.zeros((5, 9), dtype=np.uint16), "cores")
    labels.values[1:4, 1:4] = 7
    found = resistant_kernels(raster_of(np.ones((5, 9))), labels, max_cost_distance_m=2)
    assert (found.values[1:4, 1:4] == 1).all()
    assert found.values[2, 4] == 0.5
    assert found.name == "resistant_kernels"


def test_bad_options():
    with pytest.raises(ConfigError, match=r"C103.*shape.*round.*linear, gaussian, exponential"):
        kernels(PLAIN, MIDDLE, shape="round")
    with pytest.raises(ConfigError, match=r"C103.*scale.*both.*peak, unit_volume"):
        kernels(PLAIN, MIDDLE, scale="both")
    for reach in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ConfigError, match=r"C103.*max_cost_distance_m"):
            kernels(PLAIN, MIDDLE, reach=reach)
    with pytest.raises(InputError, match=r"I230.*weights.*2"):
        kernels(PLAIN, MIDDLE, weights={1: 1, 2: 1})
    for weight in (-1, math.inf, math.nan):
        with pytest.raises(ConfigError, match=r"C103.*weights.*1"):
            kernels(PLAIN, MIDDLE, weights={1: weight})
    with pytest.raises(InputError, match="I223"):
        kernels(PLAIN)
    with pytest.raises(InputError, match=r"I221.*outside"):
        resistant_kernels(raster_of(PLAIN), points((0, 0)), max_cost_distance_m=3)
