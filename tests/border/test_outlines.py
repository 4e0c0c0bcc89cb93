"""The outlines of countries: what is joined, and what is refused."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box

from corridors.border.outlines import area_km2, border_name, by_id, country_outlines, parts_of
from corridors.errors import InputError, Problems


def test_country_outlines__alphabetical_and_joined(named, three) -> None:
    halves = pd.concat([three, named(AA=box(-10, 0, 0, 100))])
    outlines = country_outlines(halves)
    assert outlines.index.tolist() == ["AA", "BB", "CC"]
    assert outlines["AA"].area == pytest.approx(60e3 * 100e3)
    assert outlines.crs == three.crs


def test_country_outlines__refuses(named, three) -> None:
    with pytest.raises(InputError, match=r"\[I260\] countries: has no column country"):
        country_outlines(three.rename(columns={"country": "iso"}))
    with pytest.raises(InputError, match=r"\[I203\] countries: has no CRS"):
        country_outlines(three.set_crs(None, allow_override=True))
    with pytest.raises(
        InputError, match=r"\[I202\] countries: lies in another CRS. Given: WGS 84 / UTM zone 53N"
    ):
        country_outlines(three.set_crs(32653, allow_override=True), crs=three.crs)
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(InputError, match=r"\[I225\] country AA: the outline crosses itself"):
        country_outlines(named(AA=bow_tie))


def test_country_outlines__tells_every_wrong_code(named) -> None:
    with pytest.raises(Problems, match=r"(?s)I261.*'AAA'.*I261.*'other'"):
        country_outlines(named(AAA=box(0, 0, 1, 1), other=box(1, 0, 2, 1), BB=box(2, 0, 3, 1)))


def test_parts_of__keeps_one_dimension() -> None:
    mixed = gpd.GeoSeries([Point(9, 9), LineString([(0, 0), (1, 0)]), box(2, 0, 3, 1)]).union_all()
    assert [parts_of(mixed, d).geom_type for d in range(3)] == [
        "MultiPoint",
        "MultiLineString",
        "MultiPolygon",
    ]
    assert parts_of(mixed, 1).length == 1
    assert parts_of(mixed, 2).area == 1
    assert parts_of(Polygon(), 2).is_empty


def test_area__does_not_hang_on_the_direction_of_rings(three) -> None:
    a, b = box(5e5, 4.8e6, 5.1e5, 4.81e6), box(5.2e5, 4.8e6, 5.3e5, 4.81e6)
    hole = box(5.02e5, 4.802e6, 5.04e5, 4.804e6).exterior.coords
    for ring in (hole, hole[::-1]):
        holed = Polygon(a.exterior.coords, [ring])
        parted = MultiPolygon([holed, Polygon(b.exterior.coords[::-1])])
        assert area_km2(parted, three.crs) == pytest.approx(196 / 0.9996**2, rel=1e-4)


def test_by_id__from_a_column_or_the_index(three) -> None:
    column = three.assign(core_id=[7, 8, 9])
    assert by_id(column, "core_id").index.tolist() == [7, 8, 9]
    assert by_id(column.set_index("core_id"), "core_id").index.name == "core_id"


def test_border_name__the_same_from_both_sides() -> None:
    assert border_name("RU", "CN") == border_name("CN", "RU") == "CN-RU"
