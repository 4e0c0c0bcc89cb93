"""Exact gains against E4, against solving the whole raster again, and laws."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from landscapes import labels_of, raster_of, resistances_with_cells
from linked import linked
from reference_restoration import cost_between, restored
from shapely import Point

from corridors.barriers import FORWARD
from corridors.barriers.edges import edge_keys, summed
from corridors.errors import ConfigError, InputError
from corridors.grid import Grid
from corridors.restoration import best_places, exact_gains, improvement_scores


def places_at(grid, cells, radius_km=1.0, link_id=1):
    points = [Point(grid.xy(*cell)) for cell in cells]
    columns = {"link_id": [link_id] * len(points), "radius_km": [radius_km] * len(points)}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(points, crs=grid.crs))


@st.composite
def edges_of(draw, grid):
    """Draw a few edges with costs, some of them sealed."""
    rows, columns = grid.shape
    steps = [
        (row, column, way)
        for row, column in np.ndindex(grid.shape)
        for way, (down, right) in FORWARD.items()
        if row + down < rows and 0 <= column + right < columns
    ]
    chosen = draw(st.lists(st.sampled_from(steps), max_size=20, unique=True))
    costs = draw(
        st.lists(
            st.sampled_from([100.0, 5000.0, 30_000.0, np.inf]), min_size=len(chosen), max_size=len(chosen)
        )
    )
    row, column, way = (np.array([step[k] for step in chosen], dtype=np.int64) for k in range(3))
    return summed(grid, edge_keys(grid, row, column, way), np.array(costs))


@pytest.mark.parametrize(
    ("what", "gains"),
    [
        # The cell alone; then the whole disc with its rim.
        ("inside", [3.656854, 2.828427, 2.0, 1.171573, 0.0]),
        ("disc", [3.656854, 3.656854, 2.828427, 2.0, 1.171573]),
    ],
)
def test_the_worked_example_to_its_digits(worked_example, what, gains):
    links, labels, res = worked_example
    places = places_at(Grid.of(res), [(row, 3) for row in range(5)])
    found = exact_gains(places, links, labels, res, restored=what)
    assert found["exact_gain_m"].to_numpy() / 1000 == pytest.approx(gains, abs=5e-7)
    assert found["exact_gain_percent"].to_numpy() == pytest.approx(100 * np.array(gains) / 9.656854, abs=1e-4)


def test_a_gain_the_score_does_not_see(worked_example):
    links, labels, res = worked_example
    beside = places_at(Grid.of(res), [(3, 3)])
    gain_m = exact_gains(beside, links, labels, res, restored="inside")["exact_gain_m"].iloc[0]
    score = improvement_scores(links, labels, res, radii_km=[1.0])["improvement_score"].values[3, 3]
    assert (score, round(gain_m, 3)) == (0.0, 1171.573)


@settings(max_examples=25)
@given(
    resistances_with_cells(shape=st.tuples(st.integers(2, 7), st.integers(2, 7))),
    st.sampled_from([1.0, 1.5, 2.0]),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_gains_are_those_of_a_fresh_solve(landscape, radius, rim, barred, data):
    values, (a, b) = landscape
    if a == b or 2 * radius > max(values.shape):
        return
    res, labels = raster_of(values, cell_size_m=500.0), labels_of(values.shape, a, b, cell_size_m=500.0)
    grid = Grid.of(res)
    barriers = data.draw(edges_of(grid)) if barred else None
    links = linked(res, labels, barriers=barriers)
    if links.empty:
        return
    cells = list(np.ndindex(values.shape))[:: max(1, values.size // 12)]
    places = places_at(grid, cells, radius / 2)
    what = "disc" if rim else "inside"
    found = exact_gains(places, links, labels, res, restored=what, barriers=barriers)["exact_gain_m"]
    cost_m = links["cost_distance_m"].iloc[0]
    for cell, gain_m in zip(cells, found, strict=True):
        changed, lifted = restored(values, barriers, cell, radius, rim=rim)
        again = cost_between(grid.like(changed, name="resistance"), labels, 1, 2, lifted)
        assert gain_m == pytest.approx(cost_m - again, abs=2e-9 * cost_m)
        assert 0 <= gain_m <= cost_m


@settings(max_examples=15)
@given(resistances_with_cells(shape=st.tuples(st.integers(4, 7), st.integers(4, 7))))
def test_a_wider_circle_never_gains_less(landscape):
    values, (a, b) = landscape
    if a == b:
        return
    res, labels = raster_of(values, cell_size_m=500.0), labels_of(values.shape, a, b, cell_size_m=500.0)
    links = linked(res, labels)
    if links.empty:
        return
    cells = list(np.ndindex(values.shape))
    gains = [
        exact_gains(places_at(Grid.of(res), cells, radius_km), links, labels, res)["exact_gain_m"]
        for radius_km in (0.5, 0.75, 1.0)
    ]
    cost_m = links["cost_distance_m"].iloc[0]
    assert (gains[1] >= gains[0] - 2e-9 * cost_m).all()
    assert (gains[2] >= gains[1] - 2e-9 * cost_m).all()


def test_no_place_gives_no_rows(worked_example):
    links, labels, res = worked_example
    places = places_at(Grid.of(res), [])
    found = exact_gains(places.astype({"link_id": "int64", "radius_km": "float64"}), links, labels, res)
    assert found.shape == (0, 2)


def test_places_that_do_not_belong_are_refused(worked_example):
    links, labels, res = worked_example
    places = places_at(Grid.of(res), [(2, 3), (0, 0)])
    with pytest.raises(InputError, match=r"I202.*places"):
        exact_gains(places.to_crs(32653), links, labels, res)
    with pytest.raises(InputError, match=r"I230.*places: there is no link 5"):
        exact_gains(places.assign(link_id=[1, 5]), links, labels, res)
    with pytest.raises(InputError, match=r"I221.*1 places lie outside.*1"):
        exact_gains(moved(places), links, labels, res)
    with pytest.raises(ConfigError, match=r"C103.*radii_km.*0.2 km"):
        exact_gains(places.assign(radius_km=0.2), links, labels, res)
    with pytest.raises(ConfigError, match=r"restored.*everything.*disc, inside"):
        exact_gains(places, links, labels, res, restored="everything")


def moved(places):
    """Return the places, the last of them far outside."""
    points = [*places.geometry.iloc[:-1], Point(0, 0)]
    return places.set_geometry(gpd.GeoSeries(points, index=places.index, crs=places.crs))


def test_barriers_on_another_grid_are_refused(worked_example):
    links, labels, res = worked_example
    other = Grid.of(raster_of(np.ones((3, 3)), cell_size_m=1000.0))
    edges = summed(other, np.array([2]), np.array([100.0]))
    with pytest.raises(InputError, match=r"I201.*barriers"):
        exact_gains(places_at(Grid.of(res), [(2, 3)]), links, labels, res, barriers=edges)


def test_inputs_are_not_changed(worked_example):
    links, labels, res = worked_example
    before = links.copy(), labels.copy(deep=True), res.copy(deep=True)
    best_places(links, labels, res, radii_km=[1.0])
    pd.testing.assert_frame_equal(links, before[0])
    assert labels.identical(before[1])
    assert res.identical(before[2])
