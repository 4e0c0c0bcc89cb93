"""Numbers of core areas that follow an earlier run: laws, and every rule by brute force."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import grid_of, raster_of

from corridors.cores import follow_ids, id_table, renumbered
from corridors.cores.outlines import label_polygons
from corridors.errors import InputError

ROWS, COLUMNS = 5, 6
cells = st.lists(st.integers(0, 4), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)


def pictures(values):
    """Return labels and a table of cores from numbers of cells; names by number are given apart."""
    return raster_of(np.array(values).reshape(ROWS, COLUMNS).astype("uint16"), "cores", cell_size_m=1000)


def cores_on(labels, names=None):
    outlines = label_polygons(labels.values, grid_of(labels.shape, cell_size_m=1000))
    index = pd.Index(list(outlines), name="core_id", dtype="int64")
    called = [(names or {}).get(number, "") for number in index]
    return gpd.GeoDataFrame({"name": called}, geometry=list(outlines.values()), index=index, crs=crs())


def crs():
    return grid_of((1, 2)).crs


def pair(now, before, names=(None, None)):
    labels, former = pictures(now), cores_on(pictures(before), names[1])
    return cores_on(labels, names[0]), labels, former


@given(cells)
def test_against_itself_nothing_changes(values):
    cores, labels, former = pair(values, values)
    same, numbered = follow_ids(cores, labels, former)
    np.testing.assert_array_equal(numbered.values, labels.values)
    assert same.index.tolist() == cores.index.tolist()
    table = id_table(numbered, former)
    assert (table["relation"] == "kept").all()
    assert (table["overlap_percent"] == 100).all()


@given(cells, cells)
def test_relabelling_is_a_bijection_of_the_same_land(now, before):
    cores, labels, former = pair(now, before)
    found, numbered = follow_ids(cores, labels, former)
    pairs = {*zip(labels.values.ravel().tolist(), numbered.values.ravel().tolist(), strict=True)}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    assert (0, 0) in pairs or (labels.values > 0).all()
    assert found.index.tolist() == sorted(set(numbered.values[numbered.values > 0].tolist()))
    for number, outline in label_polygons(numbered.values, grid_of(labels.shape, cell_size_m=1000)).items():
        assert found.geometry[number].equals(outline)


@given(cells, cells, st.integers(0, 40))
def test_a_number_is_kept_only_on_its_own_land_and_no_number_is_used_again(now, before, highest):
    cores, labels, former = pair(now, before)
    _, numbered = follow_ids(cores, labels, former, highest=highest)
    old = np.array(before).reshape(ROWS, COLUMNS)
    for number in set(numbered.values[numbered.values > 0].tolist()):
        if number in former.index:
            assert (old[numbered.values == number] == number).any()
        else:
            assert number > max([highest, *former.index], default=0)


def by_brute_force(now, before):
    """Return the number every core must bear: the greatest overlaps one after the other."""
    shares = {}
    for core, old in zip(now, before, strict=True):
        if core and old:
            shares[core, old] = shares.get((core, old), 0) + 1
    heir = {}
    for old in sorted({o for _, o in shares}):
        best = max(shares[c, o] for c, o in shares if o == old)
        heir[old] = min(c for c, o in shares if o == old and shares[c, o] == best)
    numbers, last = {}, max(before)
    for core in sorted(set(now) - {0}):
        claims = [(-shares[core, old], old) for old in heir if heir[old] == core]
        if claims:
            numbers[core] = min(claims)[1]
    for core in sorted(set(now) - {0} - set(numbers)):
        last += 1
        numbers[core] = last
    return numbers


@given(cells, cells)
def test_every_number_is_that_of_the_greatest_overlap(now, before):
    cores, labels, former = pair(now, before)
    _, numbered = follow_ids(cores, labels, former)
    numbers = by_brute_force(now, before)
    assert numbered.values.ravel().tolist() == [numbers.get(core, 0) for core in now]


LAND = {  # former and present numbers of a row of cells, and what must be said of them
    "kept": ("1100220", "2200110", {1: ("1", 100, "kept"), 2: ("2", 100, "kept")}),
    "grown": ("1100000", "1111000", {1: ("1", 50, "kept")}),
    "split": ("1111110", "1111020", {1: ("1", 100, "split"), 2: ("1", 100, "split")}),
    "merged": ("1102220", "1111110", {2: ("2, 1", 50, "merged"), 1: ("1", 100, "gone")}),
    "gone": ("1100220", "1100000", {1: ("1", 100, "kept"), 2: ("2", 0, "gone")}),
    "new": ("1100000", "1100220", {1: ("1", 100, "kept"), 2: ("", 0, "new")}),
}


@pytest.mark.parametrize("case", LAND)
def test_table_says_what_became_of_every_number(case):
    before, now, expected = LAND[case]
    labels = raster_of(np.array([[int(c) for c in now]], dtype="uint16"), "cores", cell_size_m=1000)
    old = raster_of(np.array([[int(c) for c in before]], dtype="uint16"), "cores", cell_size_m=1000)
    cores, former = cores_on(labels), cores_on(old)
    _, numbered = follow_ids(cores, labels, former)
    rows = id_table(numbered, former).itertuples(index=False)
    found = {row.core_id: (row.former_ids, round(row.overlap_percent), row.relation) for row in rows}
    assert found == expected


def test_the_name_of_a_protected_area_comes_first():
    now, before = "1112220", "1111110"
    labels = raster_of(np.array([[int(c) for c in now[:7]]], dtype="uint16"), "cores", cell_size_m=1000)
    old = raster_of(np.array([[int(c) for c in before]], dtype="uint16"), "cores", cell_size_m=1000)
    cores = cores_on(labels, {2: "Крутой лог"})
    former = cores_on(old, {1: "Крутой лог"})
    _, numbered = follow_ids(cores, labels, former)
    assert numbered.values[0].tolist() == [2, 2, 2, 1, 1, 1, 0]
    elsewhere = former.set_geometry(former.translate(0, 50_000))  # the same name, other land
    _, numbered = follow_ids(cores, labels, elsewhere)
    assert 1 not in numbered.values


def test_numbers_given_by_hand_stay():
    labels = raster_of(np.array([[1, 1, 0, 2, 2]], dtype="uint16"), "cores", cell_size_m=1000)
    old = raster_of(np.array([[2, 2, 0, 1, 1]], dtype="uint16"), "cores", cell_size_m=1000)
    _, numbered = follow_ids(cores_on(labels), labels, cores_on(old), fixed=[1])
    assert numbered.values[0].tolist() == [1, 1, 0, 3, 3]


def test_numbers_beyond_small_types():
    labels = raster_of(np.array([[1, 0, 2]], dtype="uint16"), "cores", cell_size_m=1000)
    cores, numbered = renumbered(cores_on(labels), labels, {1: 70_000, 2: 5})
    assert numbered.dtype == np.int32
    assert numbered.values[0].tolist() == [70_000, 0, 5]
    assert cores.index.tolist() == [5, 70_000]
    with pytest.raises(InputError, match="I216"):
        renumbered(cores_on(labels), labels, {1: 3, 2: 3})


def test_former_cores_in_another_crs_are_refused():
    labels = pictures([1] * (ROWS * COLUMNS))
    former = cores_on(labels).to_crs(4326)
    with pytest.raises(InputError, match="I202"):
        follow_ids(cores_on(labels), labels, former)
