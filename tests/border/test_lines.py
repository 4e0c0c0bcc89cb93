"""Borders as lines: which pairs have one, how long it is, and neighbours that do not quite meet."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Point, Polygon, box

from corridors.border import border_inside, border_lines
from corridors.grid import geodesic_length_km


def lengths_km(lines: gpd.GeoDataFrame) -> dict[str, float]:
    return dict(zip(lines["border"], lines.length / 1000, strict=True))


def test_border_lines__three_countries(three) -> None:
    lines = border_lines(three)
    assert lengths_km(lines) == pytest.approx({"AA-BB": 50, "AA-CC": 50, "BB-CC": 50})
    assert lines[["country_a", "country_b"]].to_numpy().tolist() == [["AA", "BB"], ["AA", "CC"], ["BB", "CC"]]
    assert lines.crs == three.crs
    assert lines.attrs["notes"] == ()


def test_border_lines__meet_exactly_where_three_countries_meet(three) -> None:
    tripoint = Point(550_000, 4_850_000)
    assert (border_lines(three).distance(tripoint) == 0).all()


def test_border_lines__touching_in_a_point_is_no_border(four) -> None:
    assert lengths_km(border_lines(four)) == pytest.approx(
        {"AA-CC": 50, "AA-DD": 50, "BB-CC": 50, "BB-DD": 50}
    )


def test_border_lines__a_border_in_two_parts_is_one_row(named) -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    lines = border_lines(named(AA=ring, BB=box(10, 10, 20, 20).union(box(30, 0, 40, 30))))
    assert lengths_km(lines) == pytest.approx({"AA-BB": 70})


def test_border_lines__islands_have_none(named) -> None:
    lines = border_lines(named(AA=box(0, 0, 1, 1), BB=box(5, 0, 6, 1)))
    assert len(lines) == 0
    assert list(lines.columns) == ["border", "country_a", "country_b", "geometry"]


@pytest.mark.parametrize("gap_km", [0.0005, -0.0005])
def test_border_lines__vertices_not_shared_are_bridged_and_said(named, gap_km: float) -> None:
    countries = named(AA=box(0, 0, 50, 100), BB=box(50 + gap_km, 20, 100, 80))
    assert lengths_km(border_lines(countries)) == pytest.approx({"AA-BB": 60}, abs=0.01)
    notes = border_lines(countries).attrs["notes"]
    assert notes[0] == "AA-BB: the outlines share no vertices along 60 km, taken as one border there"
    assert len(notes) == (1 if gap_km > 0 else 2)
    assert lengths_km(border_lines(countries, snap_tolerance_m=0)).get("AA-BB", 0) < 0.01


def test_border_lines__partly_shared_vertices(named) -> None:
    """The northern half matches exactly, the southern half is half a metre off."""
    bent = Polygon([(50, 100), (100, 100), (100, 0), (50.0005, 0), (50.0005, 50), (50, 50)])
    lines = border_lines(named(AA=box(0, 0, 50, 100), BB=bent))
    assert lengths_km(lines) == pytest.approx({"AA-BB": 100}, abs=0.01)
    assert "along 50 km" in lines.attrs["notes"][0]


def test_border_lines__overlap_is_said(named) -> None:
    lines = border_lines(named(AA=box(0, 0, 50, 100), BB=box(48, 0, 100, 100)))
    assert lines.attrs["notes"] == ("AA-BB: the outlines overlap by 200 km²",)


def test_border_inside__length_by_hand(three, polygons) -> None:
    cores = polygons("core_id", box(40, 30, 60, 70), box(10, 10, 20, 20))
    found = border_inside(cores, border_lines(three), id_name="core_id")
    assert found["core_id"].tolist() == [1, 1, 1]
    assert found["border"].tolist() == ["AA-BB", "AA-CC", "BB-CC"]
    assert found["length_km"].tolist() == pytest.approx([20, 20, 10], rel=1e-3)


def test_border_inside__is_geodesic(three, polygons) -> None:
    cores, lines = polygons("core_id", box(40, 30, 60, 70)), border_lines(three)
    expected = geodesic_length_km(lines.geometry[0].intersection(cores.geometry[1]), three.crs)
    assert border_inside(cores, lines, id_name="core_id")["length_km"][0] == expected
    assert expected != 20


def test_border_inside__a_border_along_the_edge_is_not_inside(three, polygons) -> None:
    cores = polygons("core_id", box(50, 60, 60, 70))
    assert border_inside(cores, border_lines(three), id_name="core_id").empty
