from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from landscapes import E3, A, B, C, labels_of, raster_of, resistances_with_cells
from reference import shortest_distances

from corridors.corridor import least_cost_corridors
from corridors.cost import cost_surfaces
from corridors.errors import ConfigError, InputError, SolveError
from corridors.links import find_links

SLACK = [
    [0, 0.4142, 1, 4.3431, 1, 0.4142, 0],
    [0.5858, 0, 0.4142, 5.1716, 0.4142, 0, 0.5858],
    [1.1716, 0.5858, 0, 0, 0, 0.5858, 1.1716],
    [2.5858, 2, 1.8284, 8, 1.8284, 2, 2.5858],
    [4, 3.8284, 3.8284, 10, 3.8284, 3.8284, 4],
]


def linked(values, *cells):
    labels, res = labels_of(np.shape(values), *cells), raster_of(values)
    cores = gpd.GeoDataFrame(
        index=pd.RangeIndex(1, len(cells) + 1), geometry=[None] * len(cells), crs="EPSG:32652"
    )
    return find_links(cores, labels, res), labels, res


def test_worked_example_to_the_digits():
    corridor = least_cost_corridors(*linked(E3, A, B))
    np.testing.assert_allclose(corridor.values, SLACK, atol=5e-5)
    counts = [int((corridor.values <= slack).sum()) for slack in (0, 0.5, 1, 2, 3)]
    assert counts == [7, 11, 17, 23, 25]
    assert corridor.name == "corridor"
    assert corridor.attrs["units"] == "m of slack"


@given(resistances_with_cells(cells=2))
def test_zero_on_the_path_and_never_below(case):
    values, cells = case
    links, labels, res = linked(values, *dict.fromkeys(cells))
    corridor = least_cost_corridors(links, labels, res).values
    if links.empty:
        assert np.isnan(corridor).all()
        return
    expected = sum(shortest_distances(values, [cell]) for cell in cells) - links["cost_distance_m"].iloc[0]
    expected[np.isinf(expected)] = np.nan
    np.testing.assert_allclose(corridor, expected, rtol=1e-9, atol=1e-9 * links["cost_distance_m"].iloc[0])
    assert np.nanmin(corridor) == 0
    for x, y in links.geometry.iloc[0].coords:
        assert corridor[int(4_900_000 - y), int(x - 500_000)] == 0


@given(resistances_with_cells(cells=4))
def test_the_mosaic_is_the_smallest_over_links(case):
    values, cells = case
    links, labels, res = linked(values, *dict.fromkeys(cells))
    single = [least_cost_corridors(links.loc[[i]], labels, res).values for i in links.index]
    expected = np.fmin.reduce(single) if single else np.full(values.shape, np.nan)
    np.testing.assert_array_equal(least_cost_corridors(links, labels, res).values, expected)


def test_no_data_and_islands_are_no_data():
    values = np.ones((3, 7))
    values[:, 5] = np.nan
    corridor = least_cost_corridors(*linked(values, (1, 0), (1, 3))).values
    assert np.isnan(corridor[:, 5:]).all()
    assert not np.isnan(corridor[:, :5]).any()


def test_surfaces_at_hand_give_the_same():
    links, labels, res = linked(E3, A, B, C)
    surfaces = dict(cost_surfaces(res, labels))
    np.testing.assert_array_equal(
        least_cost_corridors(links, labels, res, surfaces=surfaces).values,
        least_cost_corridors(links, labels, res).values,
    )


def test_links_of_another_resistance_are_noticed():
    links, labels, _ = linked(E3, A, B)
    with pytest.raises(SolveError, match=r"S505.*link 1.*does not fit"):
        least_cost_corridors(links, labels, raster_of(2 * E3))


def test_a_missing_surface_and_an_unknown_mode():
    links, labels, res = linked(E3, A, B)
    surfaces = dict(cost_surfaces(res, labels))
    with pytest.raises(InputError, match=r"I230.*core 2"):
        least_cost_corridors(links, labels, res, surfaces={1: surfaces[1]})
    with pytest.raises(ConfigError, match=r"C103.*mode.*weighted.*normalised"):
        least_cost_corridors(links, labels, res, mode="weighted")


def test_quality_is_cost_per_metre_of_the_least_cost_path():
    links, labels, res = linked(E3, A, B)
    quality = least_cost_corridors(links, labels, res, mode="quality")
    transit = np.array(SLACK) + 9.656854
    np.testing.assert_allclose(quality.values, transit / 7.656854, atol=2e-5)
    assert (quality.name, quality.attrs["units"]) == ("corridor_quality", "1 = ideal habitat")


def test_quality_compares_links_where_slack_does_not():
    # Two valleys of the same shape, one four times as dear; a wall between them.
    values = np.full((7, 9), 4.0)
    values[:3], values[3] = 1.0, np.nan
    links, labels, res = linked(values, (1, 0), (1, 8), (5, 0), (5, 8))
    slack = least_cost_corridors(links, labels, res).values
    quality = least_cost_corridors(links, labels, res, mode="quality").values
    assert (slack[1] == 0).all()
    assert (slack[5] == 0).all()
    np.testing.assert_allclose(quality[1], 1, rtol=1e-12)
    np.testing.assert_allclose(quality[5], 4, rtol=1e-12)
    np.testing.assert_allclose(quality[4:], 4 * quality[:3], rtol=1e-12)


@given(resistances_with_cells(cells=4))
def test_quality_against_its_formula(case):
    values, cells = case
    links, labels, res = linked(values, *dict.fromkeys(cells))
    expected = np.full(values.shape, np.inf)
    for link in links.itertuples():
        ends = [np.argwhere(labels.values == core)[0] for core in (link.core_a, link.core_b)]
        transit = sum(shortest_distances(values, [tuple(end)]) for end in ends)
        expected = np.minimum(expected, transit / (link.cost_distance_m / link.cwd_to_path))
    expected[np.isinf(expected)] = np.nan
    quality = least_cost_corridors(links, labels, res, mode="quality").values
    np.testing.assert_allclose(quality, expected, rtol=1e-9)
    assert not (quality < np.nanmin(values) * (1 - 1e-9)).any()
