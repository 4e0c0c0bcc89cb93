"""Improvement scores against the worked example E4, a slow reference, and laws."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import E3, A, B, labels_of, raster_of, resistances_with_cells
from linked import linked
from reference import shortest_distances
from reference_restoration import score

from corridors.barriers import edge_costs
from corridors.cost import cost_surfaces
from corridors.errors import ConfigError, InputError, SolveError
from corridors.grid import Grid
from corridors.restoration import improvement_scores

SCORES = [1.828427, 1.414214, 1.0, 0.0, -1.0]
PERCENT = [18.9340, 14.6447, 10.3553, 0.0, -10.3553]


def test_the_worked_example_to_its_digits(worked_example):
    found = improvement_scores(*worked_example, radii_km=[1.0], negative=True)
    assert found["improvement_score"].values[:, 3] == pytest.approx(SCORES, abs=5e-7)
    assert found["improvement_percent"].values[:, 3] == pytest.approx(PERCENT, abs=5e-5)


@pytest.mark.parametrize("combine", ["maximum", "sum"])
def test_without_negative_scores_they_are_0(worked_example, combine):
    found = improvement_scores(*worked_example, radii_km=[1.0], combine=combine)["improvement_score"]
    assert found.values[:, 3] == pytest.approx(np.maximum(SCORES, 0.0), abs=5e-7)
    assert found.attrs["units"] == "m saved per m restored"


@given(
    resistances_with_cells(shape=st.tuples(st.integers(2, 7), st.integers(2, 7))),
    st.sampled_from([1.0, 1.4, 2.0, 3.0]),
)
def test_scores_are_those_of_the_slow_reference(landscape, radius):
    values, (a, b) = landscape
    if a == b or 2 * radius > max(values.shape):
        return
    res, labels = raster_of(values, cell_size_m=1000.0), labels_of(values.shape, a, b, cell_size_m=1000.0)
    links = linked(res, labels)
    if links.empty:
        return
    distance_a, distance_b = shortest_distances(values, [a]), shortest_distances(values, [b])
    every = improvement_scores(links, labels, res, radii_km=[radius], negative=True)["improvement_score"]
    some = improvement_scores(links, labels, res, radii_km=[radius])["improvement_score"]
    for cell in np.ndindex(values.shape):
        if np.isnan(values[cell]):
            assert np.isnan(every.values[cell])
            assert np.isnan(some.values[cell])
            continue
        expected = score(distance_a, distance_b, distance_a[b], cell, radius)
        tolerance = 1e-8 * distance_a[b] / radius
        if math.isinf(expected):
            assert np.isnan(every.values[cell])
        else:
            assert every.values[cell] == pytest.approx(expected, abs=tolerance)
        assert some.values[cell] == pytest.approx(max(expected, 0.0), abs=tolerance)


def three_cores():
    values = np.ones((9, 9))
    values[4] = 50.0
    res = raster_of(values, cell_size_m=500.0)
    return res, labels_of(values.shape, (0, 1), (8, 1), (8, 7), cell_size_m=500.0)


def test_several_links_and_radii_are_laid_over_each_other_as_said():
    res, labels = three_cores()
    links = linked(res, labels)
    assert len(links) >= 2
    single = {
        (link, radius): improvement_scores(links.loc[[link]], labels, res, radii_km=[radius])
        for link in links.index
        for radius in (0.5, 1.0)
    }
    for name in ("improvement_score", "improvement_percent"):
        maps = {key: found[name].values for key, found in single.items()}
        best = improvement_scores(links, labels, res, radii_km=[0.5, 1.0])[name].values
        assert np.array_equal(best, np.max(list(maps.values()), axis=0))
        total = improvement_scores(links, labels, res, radii_km=[0.5, 1.0], combine="sum")[name].values
        per_radius = [sum(maps[link, radius] for link in links.index) for radius in (0.5, 1.0)]
        assert total == pytest.approx(np.max(per_radius, axis=0))
        assert (total >= best - 1e-9).all()


def test_a_barrier_on_edges_is_found_as_a_wall_of_cells_is():
    res = raster_of(np.ones((5, 9)), cell_size_m=1000.0)
    labels = labels_of((5, 9), (2, 0), (2, 8), cell_size_m=1000.0)
    left, bottom, _, top = 500_000.0, 4_895_000.0, 0, 4_900_000.0
    x = left + 4400
    fence = gpd.GeoSeries.from_wkt([f"LINESTRING ({x} {bottom - 1}, {x} {top + 1})"], crs=32652)
    barriers = edge_costs(fence.to_frame("geometry"), Grid.of(labels), crossing_cost_m=30_000)
    links = linked(res, labels, barriers=barriers)
    found = improvement_scores(links, labels, res, barriers=barriers, radii_km=[1.0])["improvement_score"]
    # A circle about either cell beside the fence saves the crossing on a diameter of 2 km.
    assert found.values[2, 3:5].tolist() == [15.0, 15.0]
    assert found.values[2, 6] == 0.0


def test_surfaces_at_hand_change_nothing(worked_example):
    links, labels, res = worked_example
    fresh = improvement_scores(links, labels, res, radii_km=[1.0])
    for options in ({}, {"max_cost_distance_m": 9_700.0}):
        surfaces = dict(cost_surfaces(res, labels, **options))
        again = improvement_scores(links, labels, res, radii_km=[1.0], surfaces=surfaces)
        assert fresh.identical(again)


def test_no_links_is_no_improvement(worked_example):
    links, labels, res = worked_example
    found = improvement_scores(links.iloc[:0], labels, res, radii_km=[1.0])
    assert (found["improvement_score"].values == 0).all()


@pytest.mark.parametrize(("cell_size_m", "error"), [(500.0, "1 km"), (1000.0, "2 km")])
def test_scale_and_metrication_are_stated(cell_size_m, error):
    res = raster_of(E3, cell_size_m=cell_size_m)
    labels = labels_of(E3.shape, A, B, cell_size_m=cell_size_m)
    attrs = improvement_scores(linked(res, labels), labels, res, radii_km=[1.0])["improvement_score"].attrs
    assert f"cells of {cell_size_m:g} m" in attrs["screening"]
    assert f"within {error}" in attrs["screening"]
    assert "8.24 %" in attrs["metrication"]


@pytest.mark.parametrize(
    ("radii", "given"),
    [([], ""), ([0.9], "0.9 km"), ([5.0], "5 km"), ([math.nan], "nan km"), ([-1.0], "-1 km")],
)
def test_radii_the_map_cannot_hold_are_refused(worked_example, radii, given):
    with pytest.raises(ConfigError, match=f"C103.*radii_km.*{given}"):
        improvement_scores(*worked_example, radii_km=radii)


def test_wrong_options_are_refused(worked_example):
    with pytest.raises(ConfigError, match=r"combine.*mean.*maximum, sum"):
        improvement_scores(*worked_example, radii_km=[1.0], combine="mean")
    with pytest.raises(InputError, match=r"I264.*source_error_km"):
        improvement_scores(*worked_example, radii_km=[1.0], source_error_km=-1.0)


@pytest.mark.parametrize("cost", [math.inf, math.nan, 0.0])
def test_a_link_without_a_path_is_refused(worked_example, cost):
    links, labels, res = worked_example
    with pytest.raises(InputError, match=r"I217.*none for link 1.*find_links"):
        improvement_scores(links.assign(cost_distance_m=cost), labels, res, radii_km=[1.0])


def test_links_of_another_landscape_are_refused(worked_example):
    links, labels, res = worked_example
    with pytest.raises(SolveError, match=r"S505.*link 1"):
        improvement_scores(links, labels, res * 2, radii_km=[1.0])
    with pytest.raises(SolveError, match=r"S505.*link 1"):  # no core 9 anywhere
        improvement_scores(links.assign(core_b=9), labels, res, radii_km=[1.0], surfaces={1: res, 9: res})
    with pytest.raises(InputError, match=r"I230.*core 2"):
        improvement_scores(links, labels, res, radii_km=[1.0], surfaces={1: res})
    shifted = res.assign_coords(x=res["x"] + 1000)
    with pytest.raises(InputError, match="I201"):
        improvement_scores(links, labels, shifted, radii_km=[1.0])
