"""Crossings of links: where, in which direction, and how long the border is inside the corridor."""

from __future__ import annotations

import math

import pytest
from shapely import box

from corridors.border import border_crossings, link_borders
from corridors.border.crossings import COLUMNS
from corridors.errors import InputError


@pytest.fixture
def two_links(paths):
    return paths([(40, 70), (60, 70), (60, 40)], [(10, 10), (20, 20)])


@pytest.fixture
def two_corridors(polygons):
    return polygons("link_id", box(35, 35, 65, 75), box(5, 5, 25, 25))


def test_border_crossings__two_borders_on_one_link(two_links, two_corridors, three) -> None:
    found = border_crossings(two_links, two_corridors, three, position_error_km=1)
    assert found.index.tolist() == [1, 2]
    assert ("crossing_id", *found.columns) == (*COLUMNS, "geometry")
    assert found["link_id"].tolist() == [1, 1]
    assert found["border"].tolist() == ["AA-BB", "BB-CC"]
    assert found[["country_a", "country_b"]].to_numpy().tolist() == [["AA", "BB"], ["BB", "CC"]]
    assert [(p.x / 1000 - 500, p.y / 1000 - 4800) for p in found.geometry] == [
        pytest.approx((50, 70)), pytest.approx((60, 50)),
    ]  # fmt: skip
    assert found["border_in_corridor_km"].tolist() == pytest.approx([25, 15], rel=1e-3)
    assert found["position_error_km"].tolist() == [1.0, 1.0]
    assert found.crs == three.crs


def test_border_crossings__direction_of_travel(two_links, two_corridors, three) -> None:
    back = two_links.set_geometry(two_links.reverse())
    found = border_crossings(back, two_corridors, three, position_error_km=1)
    assert found["border"].tolist() == ["BB-CC", "AA-BB"]
    assert found[["country_a", "country_b"]].to_numpy().tolist() == [["CC", "BB"], ["BB", "AA"]]


def test_border_crossings__ids_as_columns(two_links, two_corridors, three) -> None:
    a = border_crossings(two_links, two_corridors, three, position_error_km=1)
    b = border_crossings(two_links.reset_index(), two_corridors.reset_index(), three, position_error_km=1)
    assert a.equals(b)


def test_border_crossings__corridor_or_border_missing(two_links, two_corridors, three, named) -> None:
    none = border_crossings(two_links, two_corridors.loc[[2]], three, position_error_km=1)
    assert none["border_in_corridor_km"].isna().all()
    apart = named(AA=box(0, 0, 45, 100), BB=box(55, 0, 100, 100))
    found = border_crossings(two_links, two_corridors, apart, position_error_km=1)
    assert found["border"].tolist() == ["AA-BB"]
    assert math.isnan(found["border_in_corridor_km"].iloc[0])


def test_border_crossings__corridor_that_misses_the_border_at_its_edge(paths, polygons, three) -> None:
    """Across the tripoint, between two countries whose border is elsewhere in the corridor's reach."""
    link, corridor = paths([(40, 70), (60, 70)]), polygons("link_id", box(35, 65, 50, 75))
    assert border_crossings(link, corridor, three, position_error_km=1)["border_in_corridor_km"].tolist() == [
        0.0
    ]


def test_border_crossings__none(paths, polygons, three) -> None:
    for links, corridors in ((paths([(10, 10), (20, 20)]), polygons("link_id", box(5, 5, 25, 25))),
                             (paths(), polygons("link_id"))):  # fmt: skip
        found = border_crossings(links, corridors, three, position_error_km=1)
        assert len(found) == 0
        assert ("crossing_id", *found.columns) == (*COLUMNS, "geometry")


def test_border_crossings__refuses(two_links, two_corridors, three) -> None:
    for error in (-1.0, math.nan):
        with pytest.raises(InputError, match=r"\[I264\] position_error_km: must be 0 km or more"):
            border_crossings(two_links, two_corridors, three, position_error_km=error)
    with pytest.raises(InputError, match=r"\[I202\] countries: lies in another CRS"):
        border_crossings(two_links, two_corridors, three.to_crs(4326), position_error_km=1)
    with pytest.raises(InputError, match=r"\[I202\] corridors: lies in another CRS"):
        border_crossings(two_links, two_corridors.to_crs(4326), three, position_error_km=1)


def test_link_borders__countries_by_share_and_borders_by_travel(two_links, three) -> None:
    found = link_borders(two_links, three)
    assert found.index.tolist() == [1, 2]
    assert found.index.name == "link_id"
    # 10 km in AA, 10 + 20 in BB, 10 in CC; equal shares in alphabetical order.
    assert found["countries"].tolist() == ["BB, AA, CC", "AA"]
    assert found["borders"].tolist() == ["AA-BB, BB-CC", ""]


def test_link_borders__there_and_back(paths, three) -> None:
    found = link_borders(paths([(40, 60), (60, 60), (60, 80), (40, 80)]), three)
    assert found["borders"].tolist() == ["AA-BB, AA-BB"]


def test_link_borders__land_of_no_country_is_not_a_country(paths, three) -> None:
    found = link_borders(paths([(90, 70), (130, 70)], [(110, 10), (120, 10)]), three)
    assert found["countries"].tolist() == ["BB", "other"]
