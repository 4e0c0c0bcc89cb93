"""Cropped surfaces: the same results, bit for bit, as from surfaces of the whole grid."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import grid_of, labels_of, raster_of, resistances_with_cells
from shapely.geometry import LineString, box

from corridors.barriers import edge_costs
from corridors.corridor import (
    conditional_transit_cost,
    corridor_polygons,
    least_cost_corridors,
    path_density,
    resistant_kernels,
)
from corridors.cost import (
    accumulated_cost,
    cost_allocation,
    cost_distance_matrix,
    cost_surfaces,
    least_cost_path,
    nearest_cost,
    on_whole_grid,
    part_of,
)
from corridors.cost.windows import of_two_cells, overlap
from corridors.errors import InputError, SolveError
from corridors.grid import Grid
from corridors.links import find_links

SIDES = st.tuples(st.integers(4, 9), st.integers(4, 9))


@st.composite
def landscapes(draw):
    """Draw resistance, three core areas, a limit that cuts some of it off, and perhaps a fence."""
    values, cells = draw(resistances_with_cells(cells=3, shape=SIDES))
    cells = list(dict.fromkeys(cells))
    res, labels = raster_of(values), labels_of(values.shape, *cells)
    grid, fence = Grid.of(res), None
    if draw(st.booleans()):
        left, bottom, right, top = grid.bounds
        ends = [(left + draw(st.floats(0, right - left)), y) for y in (bottom - 1, top + 1)]
        line = gpd.GeoDataFrame(geometry=[LineString(ends)], crs=grid.crs)
        fence = edge_costs(line, grid, crossing_cost_m=draw(st.sampled_from([0.5, 1e3, np.inf])))
    costs = [surface.values for _, surface in cost_surfaces(res, labels, barriers=fence)]
    reached = np.concatenate([cost[np.isfinite(cost)] for cost in costs])
    limit = float(draw(st.sampled_from(sorted(set(reached.tolist())))))
    return res, labels, fence, limit


def both(landscape):
    """Return cropped surfaces, and the same ones on the whole grid."""
    res, labels, fence, limit = landscape
    cropped = dict(cost_surfaces(res, labels, barriers=fence, max_cost_distance_m=limit))
    return cropped, {core: on_whole_grid(surface, res) for core, surface in cropped.items()}


def core_table(labels):
    ids = np.unique(labels.values[labels.values > 0])
    return gpd.GeoDataFrame(
        geometry=[box(0, 0, 1, 1)] * len(ids), index=pd.Index(ids, name="core_id"), crs=Grid.of(labels).crs
    )


@given(landscapes())
def test_a_cropped_surface_is_the_whole_one_less_what_is_not_reached(landscape):
    res, labels, fence, limit = landscape
    for core, surface in cost_surfaces(res, labels, barriers=fence, max_cost_distance_m=limit):
        alone = labels.where(labels == core, 0)
        expected = accumulated_cost(res, alone, barriers=fence, max_cost_distance_m=limit)
        whole = on_whole_grid(surface, res)
        np.testing.assert_array_equal(whole.values, expected.values)
        assert (whole.name, whole.attrs) == (expected.name, expected.attrs)
        assert surface.size > 1
        for part, length in zip(part_of(surface, Grid.of(res)).window, res.shape, strict=True):
            assert 0 <= part.start < part.stop <= length
        if np.isfinite(surface.values).sum() > 1:  # nothing less would hold all that is reached
            assert all(np.isfinite(np.take(surface.values, [0, -1], axis)).any() for axis in (0, 1))
        # Its coordinates are those of the whole grid, so rasters of both line up by themselves.
        np.testing.assert_array_equal((res + surface).values, (res + whole).sel(y=surface.y, x=surface.x))


@given(landscapes())
def test_all_that_takes_surfaces_gives_the_same_bits(landscape):
    res, labels, fence, _ = landscape
    cropped, whole = both(landscape)
    grid, cores = Grid.of(res), core_table(labels)
    np.testing.assert_array_equal(cost_allocation(cropped, grid=grid), cost_allocation(whole))
    np.testing.assert_array_equal(nearest_cost(cropped, grid), nearest_cost(whole, grid))
    pd.testing.assert_frame_equal(
        cost_distance_matrix(res, labels, surfaces=cropped), cost_distance_matrix(res, labels, surfaces=whole)
    )
    for neighbours in ("allocation", "all"):
        links, expected = (
            find_links(cores, labels, res, barriers=fence, neighbours=neighbours, surfaces=surfaces)
            for surfaces in (cropped, whole)
        )
        pd.testing.assert_frame_equal(pd.DataFrame(links), pd.DataFrame(expected))
    if len(cropped) > 1:
        for pairs in (None, [(1, 2)]):
            np.testing.assert_array_equal(
                conditional_transit_cost(res, labels, pairs=pairs, surfaces=cropped),
                conditional_transit_cost(res, labels, pairs=pairs, surfaces=whole),
            )
    for mode in ("normalised", "quality"):
        np.testing.assert_array_equal(
            least_cost_corridors(links, labels, res, mode=mode, surfaces=cropped),
            least_cost_corridors(links, labels, res, mode=mode, surfaces=whole),
        )
    for rule, value in (("slack_m", 3.0), ("percent", 20.0), ("width_km", 0.002)):
        polygons, expected = (
            corridor_polygons(links, labels, res, rule=rule, value=value, surfaces=surfaces)
            for surfaces in (cropped, whole)
        )
        pd.testing.assert_frame_equal(pd.DataFrame(polygons), pd.DataFrame(expected))
        assert polygons.attrs == expected.attrs


@given(landscapes())
def test_kernels_and_path_density_from_cropped_surfaces(landscape):
    res, labels, fence, limit = landscape
    cropped, whole = both(landscape)
    density = path_density(res, labels, barriers=fence, max_cost_distance_m=limit)
    for surfaces in (cropped, whole):
        given_ones = path_density(res, labels, barriers=fence, max_cost_distance_m=limit, surfaces=surfaces)
        np.testing.assert_array_equal(given_ones, density)
    if limit > 0:
        kernels = resistant_kernels(res, labels, max_cost_distance_m=limit, barriers=fence)
        expected = np.zeros(res.shape)
        for surface in whole.values():
            d = surface.values / limit
            expected += np.where(d <= 1, 1 - np.minimum(d, 1), 0)
        expected[np.isnan(res.values)] = np.nan
        np.testing.assert_array_equal(kernels, expected)


@given(landscapes(), st.data())
def test_paths_on_cropped_surfaces(landscape, data):
    res, _, fence, _ = landscape
    cropped, whole = both(landscape)
    core = data.draw(st.sampled_from(sorted(cropped)))
    reached = np.argwhere(np.isfinite(whole[core].values)).tolist()
    target = tuple(data.draw(st.sampled_from(reached)))
    found = least_cost_path(cropped[core], res, target, barriers=fence)
    np.testing.assert_array_equal(found, least_cost_path(whole[core], res, target, barriers=fence))
    beyond = np.argwhere(np.isinf(whole[core].values)).tolist()
    if beyond:
        with pytest.raises(SolveError, match=r"S502"):
            least_cost_path(cropped[core], res, tuple(data.draw(st.sampled_from(beyond))), barriers=fence)


def test_memory_is_in_proportion_to_what_is_reached():
    res, labels = raster_of(np.ones((400, 500))), labels_of((400, 500), (0, 0), (200, 300))
    shapes = [surface.shape for _, surface in cost_surfaces(res, labels, max_cost_distance_m=10)]
    assert shapes == [(11, 11), (21, 21)]


def test_one_cell_alone_has_a_neighbour_so_that_it_has_a_size():
    assert of_two_cells((slice(2, 3), slice(4, 5)), (3, 5)) == (slice(2, 3), slice(3, 5))
    assert of_two_cells((slice(0, 1), slice(0, 1)), (1, 5)) == (slice(0, 1), slice(0, 2))
    assert of_two_cells((slice(4, 5), slice(0, 1)), (5, 1)) == (slice(3, 5), slice(0, 1))
    assert of_two_cells((slice(0, 1), slice(0, 2)), (1, 5)) == (slice(0, 1), slice(0, 2))
    ((_, surface),) = cost_surfaces(
        raster_of(np.ones((2, 2))), labels_of((2, 2), (1, 1)), max_cost_distance_m=0
    )
    assert surface.values.tolist() == [[np.inf, 0.0]]


def test_windows_that_do_not_meet_share_nothing():
    rows, columns = overlap((slice(0, 3), slice(0, 9)), (slice(5, 7), slice(4, 6)))
    assert (rows.stop - rows.start, columns) == (0, slice(4, 6))


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (grid_of((2, 2), left=500_000.5), r"I201.*no window of the grid: shifted"),
        (grid_of((2, 2), left=500_009.0), r"I201.*reaches beyond the grid"),
        (grid_of((2, 2), top=4_900_001.0), r"I201.*reaches beyond the grid"),
        (grid_of((2, 2), cell_size_m=2.0), r"I201.*cells of 1 and 2 m"),
        (Grid("EPSG:32653", grid_of((2, 2)).transform, (2, 2)), r"I202.*coordinate systems"),
    ],
)
def test_a_surface_of_another_grid(other, words):
    res, surface = raster_of(np.ones((5, 10))), other.like(np.zeros((2, 2)), name="cost_distance")
    with pytest.raises(InputError, match=words):
        on_whole_grid(surface, res)
