from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from landscapes import grid_of, raster_of
from scipy import ndimage

from corridors.cores import core_areas, threshold_check
from corridors.cores.delineate import filled
from corridors.errors import ConfigError, InputError, Problems
from corridors.schema import CORE_COLUMNS, TABLES

PLAIN = {"threshold": 0.6, "window_radius_km": 0.5, "min_area_km2": 1.0}  # the window is the cell itself


def suitability(values, **where):
    return raster_of(values, "suitability", cell_size_m=1000, **where)


def landscape():
    """10 x 20 km: a core of 6 x 6 km with a hole of 2 km² and a patch of 2 x 3 km."""
    values = np.full((10, 20), 0.1)
    values[2:8, 2:8] = 0.8
    values[4, 4:6] = 0.3
    values[3:6, 14:16] = 1.0
    return values


def test_cores_by_hand():
    cores, labels = core_areas(suitability(landscape()), **PLAIN)
    assert cores.index.tolist() == [1, 2]
    assert cores.index.name == "core_id"
    np.testing.assert_allclose(cores["area_km2"], np.array([34, 6]) / 0.9996**2, rtol=1e-4)
    np.testing.assert_allclose(cores["mean_suitability"], [0.8, 1.0])
    np.testing.assert_allclose(cores["quality_area_km2"], cores["area_km2"] * [0.8, 1.0])
    assert not cores["truncated"].any()
    assert not cores["stepping_stone"].any()
    assert cores["name"].tolist() == ["", ""]
    assert set(cores.columns) - {"geometry"} < set(CORE_COLUMNS)
    assert (labels.values == 1).sum() == 34
    assert labels.dtype == np.uint16
    assert labels.name == "cores"
    assert cores.crs == grid_of((1, 2)).crs
    assert cores.is_valid.all()


def test_small_patches_are_stepping_stones_or_dropped():
    cores, labels = core_areas(suitability(landscape()), **PLAIN | {"min_area_km2": 10})
    assert len(cores) == 1
    assert labels.values.max() == 1
    cores, _ = core_areas(suitability(landscape()), **PLAIN | {"min_area_km2": 10}, stepping_stone_km2=5)
    assert cores["stepping_stone"].tolist() == [False, True]


def test_equal_areas_are_numbered_from_the_left():
    values = np.zeros((4, 9))
    values[1:3, 6:8] = values[1:3, 1:3] = 1
    mirrored_at_the_central_meridian = suitability(values, left=500_000 - 4500)
    cores, labels = core_areas(mirrored_at_the_central_meridian, **PLAIN)
    assert round(cores["area_km2"].diff()[2], 6) == 0
    assert [labels.values[1, 1], labels.values[1, 6]] == [1, 2]


def test_cells_that_meet_in_a_corner_are_one_core():
    cores, _ = core_areas(suitability(np.eye(4)), **PLAIN)
    assert len(cores) == 1
    assert cores.geometry[1].geom_type == "MultiPolygon"


def test_the_floor_acts_on_the_layer_it_is_given():
    values = np.full((9, 9), 0.9)
    values[4] = 0.05  # a road in good habitat
    wide = PLAIN | {"window_radius_km": 3.0}
    cut, _ = core_areas(suitability(values), **wide)
    assert len(cut) == 2
    whole, _ = core_areas(suitability(values), **wide, floor_on=suitability(np.full((9, 9), 0.9)))
    assert len(whole) == 1
    none, _ = core_areas(suitability(values), **wide, floor=0.95)
    assert none.empty


def test_a_strip_between_sea_and_border_stays():
    values = np.full((30, 20), np.nan)
    values[:, 5:8] = 0.8
    cores, _ = core_areas(suitability(values), **PLAIN | {"window_radius_km": 11.3})
    assert np.isclose(cores["area_km2"].iloc[0], 90 / 0.9996**2, rtol=1e-4)


def test_holes_are_filled_up_to_their_limit_but_never_over_no_data():
    values = landscape()
    values[6, 6] = np.nan
    full = core_areas(suitability(values), **PLAIN, fill_holes_km2=2)[1].values
    assert (full == 1).sum() == 35
    assert full[4, 4] == 1
    assert full[6, 6] == 0
    assert (core_areas(suitability(values), **PLAIN, fill_holes_km2=1.9)[1].values == 1).sum() == 33


def test_filled_by_hand():
    ring = np.ones((5, 5), dtype=bool)
    ring[2, 2] = False
    nothing = np.zeros_like(ring)
    assert filled(ring, most_cells=1, closed=nothing).all()
    assert not filled(ring, most_cells=0.5, closed=nothing)[2, 2]
    assert not filled(ring, most_cells=1, closed=~ring)[2, 2]
    bay = ring.copy()
    bay[2, 2:] = False
    assert (filled(bay, most_cells=9, closed=nothing) == bay).all()
    assert filled(ring, most_cells=9, closed=nothing).all()
    corner = ring.copy()
    corner[1, 1] = corner[0, 0] = False  # meets the outside in a corner only: (1, 1) is enclosed
    assert filled(corner, most_cells=2, closed=nothing)[1, 1]


def test_a_narrow_neck_makes_two_cores():
    values = np.zeros((12, 30))
    values[1:11, 1:11] = values[1:11, 19:29] = 1
    values[4:7, 11:19] = 1  # 3 km wide
    options = PLAIN | {"min_area_km2": 50}
    assert len(core_areas(suitability(values), **options)[0]) == 1
    assert len(core_areas(suitability(values), **options, min_neck_km=3.0)[0]) == 1
    split, labels = core_areas(suitability(values), **options, min_neck_km=3.1)
    assert len(split) == 2
    assert (labels.values > 0).sum() == values.sum()


def test_the_edge_truncates_but_the_sea_does_not():
    values = np.full((10, 20), np.nan)
    values[0:4, 2:6] = 0.9
    values[6:9, 10:14] = 0.9
    cores, _ = core_areas(suitability(values), **PLAIN)
    assert cores["truncated"].tolist() == [True, False]
    area = np.ones(values.shape, dtype=bool)
    area[:, 13:] = False
    cores, labels = core_areas(suitability(values), **PLAIN, inside=area)
    assert cores["truncated"].tolist() == [True, True]
    assert not labels.values[~area].any()


@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(2, 9), st.integers(2, 9)),
        elements=st.sampled_from([np.nan, 0.1, 0.5, 0.6, 0.9]),
    ).filter(lambda values: not np.isnan(values).all()),
    st.integers(0, 3),
    st.floats(0.5, 3),
)
def test_laws_of_cores(values, turns, radius_km):
    options = PLAIN | {"window_radius_km": radius_km, "min_area_km2": 3, "stepping_stone_km2": 2}
    cores, labels = core_areas(suitability(values), **options)
    assert cores.index.tolist() == list(range(1, labels.values.max() + 1))
    assert not labels.values[np.isnan(values)].any()
    assert (np.diff(np.round(cores["area_km2"], 6)) <= 0).all()
    for core_id in cores.index:
        core = labels.values == core_id
        assert ndimage.label(core, np.ones((3, 3)))[1] == 1
        assert np.isclose(cores.geometry[core_id].area / 1e6, core.sum())
    turned = core_areas(suitability(np.rot90(values, turns)), **options)[1].values
    assert ((turned > 0) == np.rot90(labels.values > 0, turns)).all()


def test_nothing_left_is_an_empty_table():
    cores, labels = core_areas(suitability(np.full((4, 4), 0.3)), **PLAIN)
    assert cores.empty
    assert cores.crs is not None
    assert not labels.values.any()
    full, _ = core_areas(suitability(landscape()), **PLAIN)
    assert list(cores.columns) == list(full.columns)


def test_what_neighbouring_thresholds_would_give():
    values = np.zeros((10, 20))
    values[1:5, 1:5], values[1:5, 5:9], values[6:9, 12:15] = 0.55, 0.65, 0.75
    table = threshold_check(suitability(values), **PLAIN)
    assert tuple(table.columns) == TABLES["threshold_check"].columns
    assert table["threshold"].tolist() == [0.5, 0.6, 0.7]
    assert table["cores_n"].tolist() == [2, 2, 1]
    np.testing.assert_allclose(table["largest_core_km2"], np.array([32, 16, 9]) / 0.9996**2, rtol=1e-4)
    np.testing.assert_allclose(table["cores_km2"], np.array([41, 25, 9]) / 0.9996**2, rtol=1e-4)
    none = threshold_check(suitability(values), **PLAIN | {"threshold": 0.95})
    assert none["threshold"].tolist() == [0.85, 0.95]
    assert none["cores_n"].tolist() == [0, 0]
    assert none["largest_core_km2"].tolist() == [0, 0]


def test_the_threshold_itself_is_reached_by_even_habitat():
    assert (
        len(
            core_areas(suitability(np.full((9, 9), 0.7)), threshold=0.7, window_radius_km=3, min_area_km2=1)[
                0
            ]
        )
        == 1
    )


def test_options_out_of_range_are_told_at_once():
    with pytest.raises(Problems) as told:
        core_areas(
            suitability(landscape()),
            threshold=1.2,
            window_radius_km=1,
            min_area_km2=0,
            floor=-1,
            stepping_stone_km2=5,
            min_neck_km=-1,
            fill_holes_km2=-1,
        )
    named = [problem.where for problem in told.value.problems]
    assert named == [
        "threshold",
        "floor",
        "min_area_km2",
        "stepping_stone_km2",
        "min_neck_km",
        "fill_holes_km2",
    ]
    with pytest.raises(ConfigError, match=r"C103.*stepping_stone_km2.*Given: 300.*at most 250"):
        core_areas(suitability(landscape()), **PLAIN | {"min_area_km2": 250}, stepping_stone_km2=300)


def test_suitability_that_cannot_be_meant():
    with pytest.raises(InputError, match=r"I217.*no data"):
        core_areas(suitability(np.full((4, 4), np.nan)), **PLAIN)
    with pytest.raises(InputError, match=r"I229.*between 0 and 1.*10 to 100"):
        core_areas(suitability(landscape() * 100), **PLAIN)
    with pytest.raises(InputError, match=r"I201.*inside"):
        core_areas(suitability(landscape()), **PLAIN, inside=np.ones((3, 3), dtype=bool))
    with pytest.raises(InputError, match=r"I201.*shapes"):
        core_areas(suitability(landscape()), **PLAIN, floor_on=suitability(np.ones((3, 3))))
