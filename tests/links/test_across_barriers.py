"""Fences in links, corridors, path density and the cost matrix, with numbers made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from barriers.walks import drawn, gates
from landscapes import E3, A, B, C, grid_of, labels_of, raster_of
from links.test_find import cores_of

from corridors.barriers import edge_costs
from corridors.corridor import (
    conditional_transit_cost,
    corridor_polygons,
    least_cost_corridors,
    path_density,
    resistant_kernels,
)
from corridors.cost import cost_distance_matrix
from corridors.links import find_links

GAP = 4 + 4 * np.sqrt(2)
BORDER = [(2.5, -1), (2.5, 5)]


def fence(cost, gate=None):
    openings = None if gate is None else gates((2.5, gate), cell_size_m=1.0)
    return edge_costs(drawn(BORDER), grid_of(E3.shape), crossing_cost_m=cost, openings=openings)


@pytest.mark.parametrize(
    ("cost", "gate", "expected"),
    [(5.0, None, GAP + 5), (5.0, 0, 14.0), (np.inf, 4, 10 + 2 * (2 + 2 * np.sqrt(2))), (np.inf, 2, GAP)],
)
def test_link_and_corridor_pay_the_fence(cost, gate, expected):
    res, labels, barriers = raster_of(E3), labels_of(E3.shape, A, B), fence(cost, gate)
    links = find_links(cores_of(labels), labels, res, barriers=barriers)
    assert links["cost_distance_m"].tolist() == pytest.approx([expected], abs=1e-6)
    corridor = least_cost_corridors(links, labels, res, barriers=barriers)
    assert corridor.values.min() == 0
    path = [(int(4_900_000 - y), int(x - 500_000)) for x, y in links.geometry.loc[1].coords]
    assert all(corridor.values[cell] == 0 for cell in path)
    if gate is not None and np.isinf(cost):
        assert (gate, 2) in path
        assert (gate, 3) in path
    polygons = corridor_polygons(links, labels, res, barriers=barriers, rule="slack_m", value=0.1)
    assert polygons.loc[1, "area_km2"] * 1e6 == pytest.approx((corridor.values <= 0.1).sum() - 2, rel=1e-3)


def test_a_sealed_fence_leaves_no_link():
    res, labels = raster_of(E3), labels_of(E3.shape, A, B)
    assert find_links(cores_of(labels), labels, res, barriers=fence(np.inf)).empty


def test_matrix_transit_and_density_pay_it_too():
    res, labels, barriers = raster_of(E3), labels_of(E3.shape, A, B, C), fence(5.0)
    matrix = cost_distance_matrix(res, labels, barriers=barriers).values
    assert matrix == pytest.approx(np.array([[0, GAP + 5, 4], [GAP + 5, 0, GAP + 5], [4, GAP + 5, 0]]))
    transit = conditional_transit_cost(res, labels, pairs=[(1, 2)], barriers=barriers)
    assert float(transit.values.min()) == pytest.approx(GAP + 5)
    # One path for each of three pairs: two of them cross the fence, through the gap.
    density = path_density(res, labels, barriers=barriers).values
    assert density[:, 3].sum() == pytest.approx(2)
    assert density[2, 3] == pytest.approx(2)


def test_a_kernel_ends_at_a_sealed_fence():
    res, labels = raster_of(np.ones((1, 6))), labels_of((1, 6), (0, 1))
    wall = edge_costs(drawn(BORDER), grid_of((1, 6)), crossing_cost_m=np.inf)
    kernel = resistant_kernels(res, labels, max_cost_distance_m=10.0, barriers=wall).values
    assert kernel.tolist() == [[0.9, 1.0, 0.9, 0.0, 0.0, 0.0]]
