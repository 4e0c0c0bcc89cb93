from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import ndimage

from corridors.cores.necks import disc_fits, split_at_necks

EIGHT = np.ones((3, 3))


def dumbbell(neck, side=16, length=12):
    """Two squares joined by a straight neck `neck` cells wide."""
    mask = np.zeros((side + 4, 2 * side + length + 4), dtype=bool)
    mask[2 : 2 + side, 2 : 2 + side] = True
    mask[2 : 2 + side, 2 + side + length : 2 + 2 * side + length] = True
    top = 2 + (side - neck) // 2
    mask[top : top + neck, 2 + side : 2 + side + length] = True
    return mask


def parts(mask, width, least=1.0, **options):
    labels = split_at_necks(mask, width_cells=width, least_cells=least, **options)
    assert ((labels > 0) == mask).all()
    return len(np.unique(labels[mask]))


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("neck", [3, 4, 5, 6, 7])
def test_a_straight_neck_splits_below_its_width_only(neck, turned):
    mask = dumbbell(neck).T if turned else dumbbell(neck)
    assert parts(mask, neck - 0.5) == 1
    assert parts(mask, neck) == 1
    assert parts(mask, neck + 0.5) == 2
    assert parts(mask, neck + 1) == 2


@pytest.mark.parametrize("angle_deg", [20, 30, 45, 60])
@pytest.mark.parametrize("neck", [6, 9])
def test_a_slanting_neck_splits_within_a_cell_of_its_width(neck, angle_deg):
    rows, columns = np.mgrid[-60:61, -60:61]
    angle = np.radians(angle_deg)
    along = columns * np.cos(angle) + rows * np.sin(angle)
    across = -columns * np.sin(angle) + rows * np.cos(angle)
    squares = (np.abs(along) > 15) & (np.abs(along) < 40) & (np.abs(across) < 14)
    mask = squares | ((np.abs(along) <= 20) & (np.abs(across) < neck / 2))
    assert parts(mask, neck - 1.5) == 1
    assert parts(mask, neck + 1.5) == 2


def test_the_cut_lies_in_the_middle_of_the_neck():
    labels = split_at_necks(dumbbell(3), width_cells=8, least_cells=1)
    left, right = labels == labels[10, 5], labels == labels[10, -5]
    assert left.sum() == right.sum()
    assert np.abs(np.diff(labels[:, :], axis=1)).astype(bool).any()
    assert ndimage.label(left, EIGHT)[1] == ndimage.label(right, EIGHT)[1] == 1


def test_a_small_lobe_stays_with_its_neighbour():
    mask = dumbbell(3)
    mask[:, 30:] = False
    mask[6:14, 30:38] = True
    assert parts(mask, 6, least=10) == 2
    assert parts(mask, 6, least=120) == 1


def test_parts_that_are_all_too_small_stay_together():
    assert parts(dumbbell(3), 6, least=10_000) == 1


def test_a_patch_without_a_heart_stays_whole():
    thin = np.zeros((5, 40), dtype=bool)
    thin[2] = True
    assert parts(thin, 4) == 1


def test_three_in_a_row_lose_only_the_small_one():
    mask = np.zeros((20, 80), dtype=bool)
    mask[2:18, 2:22] = mask[6:14, 34:42] = mask[2:18, 56:76] = mask[9:11, 2:76] = True
    assert parts(mask, 5, least=1) == 3
    assert parts(mask, 5, least=150) == 2


def test_the_edge_of_the_area_narrows_nothing():
    strip = np.zeros((20, 40), dtype=bool)
    strip[:3] = True
    strip[:12, :12] = strip[:12, -12:] = True
    assert parts(strip, 5) == 1
    framed = np.pad(strip, ((4, 0), (0, 0)))
    assert parts(framed, 5) == 2
    unknown = np.zeros_like(framed)
    unknown[:4] = True
    assert parts(framed, 5, unknown=unknown) == 1


def test_disc_fits_everywhere_where_all_is_land():
    assert disc_fits(np.ones((3, 4), dtype=bool), 100).all()
    assert disc_fits(np.ones((3, 4), dtype=bool), 100).shape == (6, 8)


@given(
    arrays.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(2, 12)), elements=st.booleans()),
    st.floats(0.5, 6),
    st.floats(0, 30),
)
def test_parts_refine_patches_and_are_contiguous(mask, width, least):
    labels = split_at_necks(mask, width_cells=width, least_cells=least)
    patches = ndimage.label(mask, EIGHT)[0]
    assert ((labels > 0) == mask).all()
    for label in np.unique(labels[mask]):
        part = labels == label
        assert ndimage.label(part, EIGHT)[1] == 1
        inside = np.unique(patches[part])
        assert len(inside) == 1
        if len(np.unique(labels[patches == inside[0]])) > 1:
            assert part.sum() >= least
