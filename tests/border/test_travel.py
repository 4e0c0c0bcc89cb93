"""A path as stretches of countries: crossing, touching, running along, tripoints, gaps, overlaps."""

from __future__ import annotations

import pytest
from shapely import LineString, box

from corridors.border.outlines import country_outlines
from corridors.border.travel import Atlas, changes, stretches


@pytest.fixture
def told(paths):
    """Stretches of a path in km, as (country, length)."""

    def tell(countries, *points) -> list[tuple[str, float]]:
        atlas = Atlas.of(country_outlines(countries))
        found = stretches(paths(points).geometry[1], atlas)
        return [(country, round((end - start) / 1000, 6)) for country, start, end in found]

    return tell


@pytest.fixture
def changed(paths):
    def tell(countries, *points) -> list[tuple[str, str, float]]:
        atlas = Atlas.of(country_outlines(countries))
        return [(a, b, round(at / 1000, 6)) for a, b, at in changes(paths(points).geometry[1], atlas)]

    return tell


def test_stretches__straight_across(three, told) -> None:
    assert told(three, (40, 70), (60, 70)) == [("AA", 10), ("BB", 10)]


def test_stretches__whole_path_in_one_country(three, told) -> None:
    assert told(three, (10, 10), (20, 10), (20, 30)) == [("AA", 30)]


def test_stretches__over_the_sea(three, told) -> None:
    assert told(three, (90, 70), (130, 70), (130, 40), (90, 40)) == [("BB", 10), ("other", 90), ("CC", 10)]


def test_stretches__touching_the_border_is_staying(three, told) -> None:
    assert told(three, (40, 60), (50, 70), (40, 80)) == [("AA", pytest.approx(2 * 10 * 2**0.5))]


def test_stretches__along_the_border_belongs_to_where_one_comes_from(three, told) -> None:
    assert told(three, (40, 60), (50, 60), (50, 80), (60, 80)) == [("AA", 30), ("BB", 10)]
    assert told(three, (60, 80), (50, 80), (50, 60), (40, 60)) == [("BB", 30), ("AA", 10)]
    assert told(three, (40, 60), (50, 60), (50, 80), (40, 80)) == [("AA", 40)]


def test_stretches__starting_on_the_border_belongs_to_where_one_goes(three, told) -> None:
    assert told(three, (50, 60), (50, 80), (60, 80)) == [("BB", 30)]
    assert told(three, (50, 60), (50, 80)) == [("AA", 20)]


def test_stretches__through_the_tripoint(three, told) -> None:
    assert told(three, (60, 60), (40, 40)) == [
        ("BB", pytest.approx(200**0.5)),
        ("AA", pytest.approx(200**0.5)),
    ]
    # Along AA-CC, through the tripoint, along AA-BB: AA all the way, and BB at the end.
    assert told(three, (40, 40), (50, 40), (50, 60), (60, 60)) == [("AA", 30), ("BB", 10)]


def test_changes__quadripoint_from_corner_to_corner(four, changed) -> None:
    assert changed(four, (40, 40), (60, 60)) == [("AA", "BB", pytest.approx(200**0.5))]


def test_changes__two_borders_in_order_of_travel(three, changed) -> None:
    there = ((40, 70), (60, 70), (60, 40))
    assert changed(three, *there) == [("AA", "BB", 10), ("BB", "CC", 40)]
    assert changed(three, *reversed(there)) == [("CC", "BB", 10), ("BB", "AA", 40)]


def test_changes__there_and_back_are_two(three, changed) -> None:
    path = ((40, 60), (60, 60), (60, 80), (40, 80))
    assert changed(three, *path) == [("AA", "BB", 10), ("BB", "AA", 50)]


def test_changes__a_path_that_crosses_itself(three, changed) -> None:
    """A loop passes one place twice: crossings are told by distance along the path, not by place."""
    loop = ((40, 70), (60, 70), (60, 80), (45, 80), (45, 60), (55, 60))
    assert [(a, b) for a, b, _ in changed(three, *loop)] == [("AA", "BB"), ("BB", "AA"), ("AA", "BB")]
    assert [at for *_, at in changed(three, *loop)] == [10, 40, 70]


def test_changes__gap_between_outlines_is_one_crossing_in_its_middle(named, changed) -> None:
    countries = named(AA=box(0, 0, 50, 100), BB=box(50.2, 0, 100, 100))
    assert changed(countries, (40, 50), (60, 50)) == [("AA", "BB", 10.1)]


def test_changes__overlap_is_one_crossing_where_it_is_left(named, changed) -> None:
    countries = named(AA=box(0, 0, 51, 100), BB=box(49, 0, 100, 100))
    assert changed(countries, (40, 50), (60, 50)) == [("AA", "BB", 11)]


def test_changes__out_to_sea_and_back_are_none(three, changed) -> None:
    assert changed(three, (90, 70), (130, 70), (130, 80), (90, 80)) == []
    assert changed(three, (90, 70), (130, 70)) == []


def test_changes__slanting_border_without_common_vertices_on_the_path(named, changed) -> None:
    """Rounding on a slanting border makes no crossing of its own."""
    from shapely import Polygon

    countries = named(AA=Polygon([(0, 0), (70, 100), (0, 100)]), BB=Polygon([(0, 0), (70, 0), (70, 100)]))
    along = [(7 * k / 10, k) for k in range(10, 90)]
    assert changed(countries, (0, 50), *along, (0, 95)) == []
    assert [(a, b) for a, b, _ in changed(countries, (0, 50), *along, (69, 50))] == [("AA", "BB")]


def test_stretches__a_path_without_length_has_none(three) -> None:
    atlas = Atlas.of(country_outlines(three))
    for path in (None, LineString(), LineString([(5e5, 4.8e6), (5e5, 4.8e6)])):
        assert stretches(path, atlas) == []
