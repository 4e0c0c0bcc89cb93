"""Shares per country: areas, lengths, and costs split at the cell face."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS
from shapely import LineString, MultiLineString, Point, Polygon, box

from corridors.barriers import edge_costs
from corridors.border import country_shares, link_shares
from corridors.errors import InputError
from corridors.grid import Grid, geodesic_area_km2

ROOT_2 = 2**0.5


def shares(table, identity=1) -> dict[str, float]:
    rows = table[table.iloc[:, 0] == identity]
    return dict(zip(rows["country"], rows["share_percent"], strict=True))


def test_country_shares__core_in_three_countries(three, polygons) -> None:
    table = country_shares(polygons("core_id", box(40, 30, 60, 70)), three)
    assert list(table.columns) == ["core_id", "country", "area_km2", "share_percent"]
    assert table["country"].tolist() == ["AA", "BB", "CC"]
    assert table["area_km2"].tolist() == pytest.approx([400, 200, 200], rel=2e-3)
    assert shares(table) == pytest.approx({"AA": 50, "BB": 25, "CC": 25}, abs=0.01)


def test_country_shares__part_at_sea_has_its_own_row(three, polygons) -> None:
    table = country_shares(polygons("core_id", box(90, 60, 130, 70), box(110, 0, 120, 10)), three)
    assert shares(table, 1) == pytest.approx({"other": 75, "BB": 25}, abs=0.01)
    assert shares(table, 2) == {"other": 100}


def test_country_shares__four_countries_meet(four, polygons) -> None:
    table = country_shares(polygons("core_id", box(45, 45, 55, 55)), four)
    assert shares(table) == pytest.approx(dict.fromkeys(("AA", "BB", "CC", "DD"), 25), abs=0.02)


def test_country_shares__parts_add_up_to_the_whole(three, polygons) -> None:
    core = polygons("core_id", box(40, 30, 60, 70))
    total = country_shares(core, three)["area_km2"].sum()
    # Not exactly: a straight edge on the map with one more corner is another line on the ellipsoid.
    assert total == pytest.approx(geodesic_area_km2(core.geometry[1], core.crs), rel=1e-5)


def test_country_shares__overlap_counts_once(named, polygons) -> None:
    countries = named(BB=box(40, 0, 100, 100), AA=box(0, 0, 60, 100))
    assert shares(country_shares(polygons("core_id", box(0, 0, 100, 10)), countries)) == pytest.approx(
        {"AA": 60, "BB": 40}, abs=0.02
    )


def test_country_shares__lines(three, paths) -> None:
    table = country_shares(paths([(40, 70), (60, 70), (60, 40), (120, 40)]), three)
    assert list(table.columns) == ["link_id", "country", "length_km", "share_percent"]
    assert table["country"].tolist() == ["CC", "BB", "other", "AA"]
    assert table["length_km"].tolist() == pytest.approx([50, 30, 20, 10], rel=1e-3)


def test_country_shares__line_in_parts(three) -> None:
    parts = MultiLineString(
        [[(510_000, 4_810_000), (520_000, 4_810_000)], [(590_000, 4_810_000), (600_000, 4_810_000)]]
    )
    roads = gpd.GeoDataFrame({"link_id": [1]}, geometry=[parts], crs=three.crs)
    assert shares(country_shares(roads, three)) == pytest.approx({"AA": 50, "CC": 50}, abs=0.02)


def test_country_shares__of_nothing(three, polygons) -> None:
    table = country_shares(polygons("core_id"), three)
    assert table.empty
    assert list(table.columns) == ["core_id", "country", "area_km2", "share_percent"]


def test_country_shares__without_any_country(three, polygons, paths) -> None:
    for features in (polygons("core_id", box(0, 0, 9, 9)), paths([(0, 0), (9, 9)])):
        assert shares(country_shares(features, three.iloc[:0])) == {"other": 100}


def test_country_shares__refuses_points_and_mixtures(three) -> None:
    for geometries in ([Point(0, 0)], [box(0, 0, 1, 1), LineString([(0, 0), (1, 1)])]):
        with pytest.raises(InputError, match=r"\[I262\] features: shares need polygons or lines"):
            country_shares(gpd.GeoDataFrame(geometry=geometries, crs=three.crs), three)


corner = st.tuples(st.integers(-20, 120), st.integers(-20, 120))


@given(corner, corner)
def test_country_shares__sum_to_100(a: tuple[int, int], b: tuple[int, int]) -> None:
    countries = {"AA": box(0, 0, 50, 100), "BB": box(50, 50, 100, 100), "CC": box(49, 0, 100, 50)}
    land = gpd.GeoDataFrame(
        {"country": list(countries)}, geometry=list(countries.values()), crs=32652
    ).set_geometry(
        gpd.GeoSeries(countries.values(), crs=32652).scale(1000, 1000, origin=(0, 0)).translate(5e5, 4.8e6)
    )
    triangle = Polygon([a, b, (60, 55)])
    features = gpd.GeoSeries([triangle, triangle.boundary], crs=32652)
    features = features.scale(1000, 1000, origin=(0, 0)).translate(5e5, 4.8e6)
    for geometry in features if triangle.area else ():
        table = country_shares(gpd.GeoDataFrame({"core_id": [1]}, geometry=[geometry], crs=32652), land)
        assert table["share_percent"].sum() == pytest.approx(100, abs=1e-9)
        assert (table["share_percent"] > 0).all()


# ---------------------------------------------------------------- the cost of links

# Five rows and seven columns of cells of resistance 1 and a wall of 9 in column 3, with a gate of 3 in row 2.
WALL = np.ones((5, 7))
WALL[:, 3] = 9
WALL[2, 3] = 3
THROUGH_THE_GATE = [(0, 0), (1, 1), (2, 2), (2, 3), (2, 4), (1, 5), (0, 6)]


def walled(cell_m: float):
    """Return the wall as a raster, its least-cost path as a link, and two countries that meet at the gate."""
    grid = Grid(CRS.from_epsg(32652), Affine(cell_m, 0, 5e5, 0, -cell_m, 4.8e6), WALL.shape)
    centres = [
        (5e5 + (column + 0.5) * cell_m, 4.8e6 - (row + 0.5) * cell_m) for row, column in THROUGH_THE_GATE
    ]
    links = gpd.GeoDataFrame({"link_id": [1]}, geometry=[LineString(centres)], crs=32652).set_index("link_id")
    left, bottom, right, top = grid.bounds
    border = left + 3 * cell_m
    countries = gpd.GeoDataFrame(
        {"country": ["AA", "BB"]},
        geometry=[box(left, bottom, border, top), box(border, bottom, right, top)],
        crs=32652,
    )
    return grid.like(WALL, name="resistance"), links, countries


@pytest.mark.parametrize("cell_m", [1.0, 500.0])
def test_link_shares__split_at_the_cell_face(cell_m: float) -> None:
    res, links, countries = walled(cell_m)
    table = link_shares(links, res, countries).set_index("country")
    cost = table["cost_m"] / cell_m
    assert cost["AA"] == pytest.approx(3.328427, abs=5e-7)
    assert cost["BB"] == pytest.approx(6.328427, abs=5e-7)
    assert cost.sum() == pytest.approx(4 + 4 * ROOT_2)
    assert 100 * cost["AA"] / cost.sum() == pytest.approx(34.47, abs=0.005)
    assert table["share_percent"].round(2).to_dict() == {"BB": 56.53, "AA": 43.47}
    length = table["length_km"] * 1000 / cell_m * 0.9996  # scale on the central meridian
    assert length["AA"] == pytest.approx(3.328427, rel=1e-5)
    assert length["BB"] == pytest.approx(4.328427, rel=1e-5)


def test_link_shares__cut_within_a_cell() -> None:
    """The border a quarter of the way into the gate: that quarter costs 3 a metre on the one side."""
    res, links, countries = walled(1.0)
    left, bottom, right, top = Grid.of(res).bounds
    border = left + 3.25
    moved = countries.set_geometry([box(left, bottom, border, top), box(border, bottom, right, top)])
    cost = link_shares(links, res, moved).set_index("country")["cost_m"]
    assert cost["AA"] == pytest.approx(2 * ROOT_2 + 0.5 + 0.25 * 3)
    assert cost["BB"] == pytest.approx(4 + 4 * ROOT_2 - cost["AA"])


@pytest.mark.parametrize("cell_m", [1.0, 500.0])
@pytest.mark.parametrize(
    ("fence_x", "west", "east"),
    [(3.0, 2.5, 2.5), (2.75, 5.0, 0.0), (3.75, 0.0, 5.0)],
)
def test_link_shares__fence_on_the_border_and_beside_it(
    cell_m: float, fence_x: float, west: float, east: float
) -> None:
    """Five cells of ideal habitat to cross: on the border half to either side, else to where it stands."""
    res, links, countries = walled(cell_m)
    grid = Grid.of(res)
    left, bottom, _, top = grid.bounds
    line = LineString([(left + fence_x * cell_m, bottom), (left + fence_x * cell_m, top)])
    fence = gpd.GeoDataFrame(geometry=[line], crs=grid.crs)
    edges = edge_costs(fence, grid, crossing_cost_m=5 * cell_m)
    if fence_x != 3.0:  # a step is charged halfway along it, so the border is moved out of its middle
        border = left + (3.2 if fence_x < 3 else 3.4) * cell_m
        right = grid.bounds[2]
        countries = countries.set_geometry([box(left, bottom, border, top), box(border, bottom, right, top)])
    free = link_shares(links, res, countries).set_index("country")["cost_m"] / cell_m
    cost = link_shares(links, res, countries, barriers=edges).set_index("country")["cost_m"] / cell_m
    assert cost["AA"] - free["AA"] == pytest.approx(west, abs=1e-9)
    assert cost["BB"] - free["BB"] == pytest.approx(east, abs=1e-9)
    assert cost.sum() == pytest.approx(14.656854, abs=5e-7)


def test_link_shares__straight_runs_without_their_corners() -> None:
    res, links, countries = walled(500.0)
    corners = np.array(links.geometry[1].coords)[[0, 2, 4, 6]]
    thinned = links.set_geometry([LineString(corners)], crs=links.crs)
    whole, less = (link_shares(each, res, countries) for each in (links, thinned))
    assert less["cost_m"].tolist() == pytest.approx(whole["cost_m"].tolist(), rel=1e-12)


def test_link_shares__land_outside_all_countries() -> None:
    res, links, countries = walled(1.0)
    table = link_shares(links, res, countries[countries["country"] == "AA"])
    assert table["country"].tolist() == ["other", "AA"]
    assert table["share_percent"].sum() == pytest.approx(100)
    assert table["cost_m"].sum() == pytest.approx(4 + 4 * ROOT_2)


def test_link_shares__refuses_paths_of_another_raster() -> None:
    res, links, countries = walled(500.0)
    message = r"\[I263\] link 1: the path does not step from cell to cell"
    with pytest.raises(InputError, match=message):
        link_shares(links.translate(100, 0).to_frame("geometry"), res, countries)
    with pytest.raises(InputError, match=message):
        link_shares(links.translate(-5000, 0).to_frame("geometry"), res, countries)
    knight = LineString(np.array(links.geometry[1].coords)[[0, 3]])
    with pytest.raises(InputError, match=message):
        link_shares(links.set_geometry([knight], crs=links.crs), res, countries)
    with pytest.raises(InputError, match=r"\[I263\] link 1: the path runs over cells without resistance"):
        link_shares(links, res.where(res < 3), countries)
    with pytest.raises(InputError, match=r"\[I202\] links: lies in another CRS"):
        link_shares(links.set_crs(32653, allow_override=True), res, countries)
