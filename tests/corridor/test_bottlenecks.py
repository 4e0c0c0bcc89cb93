from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from landscapes import grid_of, raster_of
from shapely import union_all
from shapely.geometry import box

from corridors.cores.outlines import label_polygons
from corridors.corridor import corridor_bottlenecks, corridor_polygons
from corridors.errors import ConfigError, InputError
from corridors.links import find_links

CELL_M = 500.0
ROWS, COLUMNS = 25, 46


def bottlenecks(*stretches, cell_size_m=CELL_M, cores=None, **options):
    """Bottleneck of a corridor of stretches (top, bottom, left, right in cells) between two cores."""
    labels = raster_of(np.zeros((ROWS, COLUMNS), dtype=np.uint16), "cores", cell_size_m=cell_size_m)
    labels.values[:, :3], labels.values[:, -3:] = 1, 2
    for label, (top, bottom, left, right) in (cores or {}).items():
        labels.values[top:bottom, left:right] = label
    left, _, _, top = grid_of((ROWS, COLUMNS), cell_size_m=cell_size_m).bounds
    size = cell_size_m
    parts = [
        box(left + a * size, top - d * size, left + b * size, top - c * size) for c, d, a, b in stretches
    ]
    index = pd.Index([4], name="link_id")
    corridor = gpd.GeoDataFrame(
        {"core_a": [1], "core_b": [2]}, geometry=[union_all(parts)], index=index, crs="EPSG:32652"
    )
    table = corridor_bottlenecks(corridor, labels, **options)
    assert table.index.tolist() == [4]
    return tuple(table.iloc[0])


@pytest.mark.parametrize("cells", range(1, 13))
def test_a_straight_strip_is_as_wide_as_it_is(cells):
    width_km, percent, note = bottlenecks((5, 5 + cells, 3, 43))
    assert width_km == cells * 0.5
    assert percent == (100 if cells < 4 else 0)
    assert note == ("under 2 km, not resolved" if cells < 4 else "")


@given(st.integers(4, 9), st.integers(1, 3), st.integers(4, 12))
def test_a_neck_is_as_wide_and_as_long_as_it_is(wide, neck, length):
    top = 8
    middle = 18
    width_km, percent, _ = bottlenecks(
        (top, top + wide, 3, middle), (top, top + neck, middle, middle + length),
        (top, top + wide, middle + length, 43),
    )  # fmt: skip
    assert width_km == neck * 0.5
    # A disc 2 km wide cannot stand within reach of the neck's mouths either: up to 2 cells on each side.
    assert 100 * length / 40 - 1 <= percent <= 100 * (length + 2 * 2) / 40 + 4


def test_the_wider_of_two_ways_counts():
    narrow, wide = (2, 4, 3, 43), (8, 14, 3, 43)
    assert bottlenecks(narrow, wide) == (3.0, 0.0, "")


def test_a_thin_wall_with_a_gap_is_as_narrow_as_the_gap():
    assert bottlenecks((2, 14, 3, 20), (6, 11, 20, 21), (2, 14, 21, 43))[0] == 2.5


def test_land_of_a_third_core_narrows_nothing():
    strip = (8, 9, 3, 43)
    assert bottlenecks(strip)[:2] == (0.5, 100)
    before, after = (8, 9, 3, 20), (8, 9, 30, 43)
    width_km, percent, _ = bottlenecks(before, after, cores={3: (4, 14, 20, 30)})
    assert width_km == 0.5
    assert percent == 100


def test_what_four_cells_cannot_tell():
    width_km, percent, note = bottlenecks((5, 15, 3, 43), cell_size_m=1000.0)
    assert (width_km, note) == (10, "narrower than 4 km cannot be told")
    assert math.isnan(percent)
    assert bottlenecks((5, 15, 3, 43), cell_size_m=1000.0, narrow_km=4)[1] == 0
    assert bottlenecks((5, 15, 3, 43), cell_size_m=1000.0, narrow_km=10.5)[1] == 100
    assert bottlenecks((5, 7, 3, 43), cell_size_m=1000.0)[2] == "under 4 km, not resolved"


def test_cores_that_touch_and_a_corridor_that_ends():
    width_km, percent, note = bottlenecks((0, 25, 3, 43), cores={1: (3, 5, 3, 43)})
    assert math.isnan(width_km)
    assert math.isnan(percent)
    assert note == "its two core areas touch"
    assert bottlenecks((5, 9, 3, 30))[2] == "no way leads along it"


def test_the_edge_of_the_raster_narrows_nothing():
    whole = bottlenecks((0, ROWS, 3, 43))
    assert whole[0] >= ROWS * 0.5
    assert whole[1:] == (0, "")
    assert bottlenecks((0, 2, 3, 43))[0] > bottlenecks((1, 3, 3, 43))[0]


def test_no_corridor_another_crs_and_no_width():
    labels = raster_of(np.ones((3, 3), dtype=np.uint16), "cores", cell_size_m=CELL_M)
    none = gpd.GeoDataFrame({"core_a": [], "core_b": []}, geometry=[], crs="EPSG:32652")
    table = corridor_bottlenecks(none, labels)
    assert table.empty
    assert table.dtypes.tolist() == [np.float64, np.float64, object]
    with pytest.raises(InputError, match=r"I202.*corridors"):
        corridor_bottlenecks(none.set_crs(3857, allow_override=True), labels)
    with pytest.raises(ConfigError, match=r"C103.*narrow_km.*0"):
        corridor_bottlenecks(none, labels, narrow_km=0)


def widest_disc(land, core_a, core_b):
    """Widest disc that moves from core to core, in cells, by plain loops over half cells."""
    fine, from_a, from_b = (np.kron(mask, np.ones((2, 2), dtype=int)) > 0 for mask in (land, core_a, core_b))
    outside = np.argwhere(~fine)
    room = {
        cell: min((math.dist(cell, other) for other in outside.tolist()), default=math.inf)
        for cell in map(tuple, np.argwhere(fine).tolist())
    }
    for width in sorted(set(room.values()), reverse=True):
        place = {cell for cell in room if room[cell] >= width or from_a[cell] or from_b[cell]}
        reached = waiting = {cell for cell in place if from_a[cell]}
        while waiting:
            beside = {(r + dr, c + dc) for r, c in waiting for dr in (-1, 0, 1) for dc in (-1, 0, 1)}
            waiting = (beside & place) - reached
            reached = reached | waiting
        if any(from_b[cell] for cell in reached):
            return width
    return None


@given(arrays.arrays(np.bool_, (7, 8), elements=st.booleans() | st.just(True)))
def test_widest_disc_against_plain_loops(corridor):
    labels = raster_of(np.zeros((9, 10), dtype=np.uint16), "cores", cell_size_m=CELL_M)
    labels.values[1:8, 0], labels.values[1:8, 9] = 1, 2
    cells = np.zeros((9, 10), dtype=bool)
    cells[1:8, 1:9] = corridor
    if not corridor.any():
        return
    polygon = label_polygons(cells, grid_of(cells.shape, cell_size_m=CELL_M))[1]
    frame = gpd.GeoDataFrame({"core_a": [1], "core_b": [2]}, geometry=[polygon], crs="EPSG:32652")
    width_km, percent, note = corridor_bottlenecks(frame, labels).iloc[0]
    # Land counts in the corridor's surroundings only, one cell around it.
    rows, columns = (np.flatnonzero(cells.any(axis=axis)) for axis in (1, 0))
    window = np.s_[max(rows[0] - 1, 0) : rows[-1] + 2, max(columns[0] - 1, 0) : columns[-1] + 2]
    near = labels.values[window]
    expected = widest_disc(cells[window] | (near > 0), near == 1, near == 2)
    if expected is None or not ((near == 1).any() and (near == 2).any()):
        assert note == "no way leads along it"
        return
    assert math.isclose(width_km, expected * CELL_M / 1000)
    assert 0 <= percent <= 100
    assert (percent == 0) == (width_km >= 2)


@pytest.mark.parametrize("width_km", [2.0, 3.5, 5.0])
def test_a_corridor_cut_for_a_width_has_it(width_km):
    values = np.random.default_rng(5).choice([1.0, 2.0, 5.0, 20.0], (ROWS, COLUMNS))
    labels = raster_of(np.zeros((ROWS, COLUMNS), dtype=np.uint16), "cores", cell_size_m=CELL_M)
    labels.values[:, :3], labels.values[:, -3:] = 1, 2
    res = raster_of(values, cell_size_m=CELL_M)
    cores = gpd.GeoDataFrame(index=pd.Index([1, 2], name="core_id"), geometry=[None] * 2, crs="EPSG:32652")
    links = find_links(cores, labels, res)
    polygons = corridor_polygons(links, labels, res, rule="width_km", value=width_km)
    row = corridor_bottlenecks(polygons, labels).loc[1]
    assert row["narrowest_width_km"] >= width_km
    assert row["narrow_percent"] == 0
    slack_m = polygons.loc[1, "slack_m"]
    narrower = corridor_polygons(links, labels, res, value=0.97 * slack_m)
    assert corridor_bottlenecks(narrower, labels).loc[1, "narrowest_width_km"] < width_km
