"""Protected connected land from outlines: the worked case drawn on a map, borders, islands, bad input."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box
from shapely.affinity import affine_transform

from corridors.errors import InputError, Problems
from corridors.network import protected_connected

# Equal areas on the map are equal areas on the ground here, and near its centre lengths nearly so.
CRS = "+proj=laea +lat_0=50 +lon_0=100 +datum=WGS84 +units=m"
FRACTIONS = ("prot", "unprot", "trans")


def frame(outlines, crs=CRS, **columns):
    """Return outlines given in km."""
    metres = [affine_transform(outline, [1000, 0, 0, 1000, 0, 0]) for outline in outlines]
    return gpd.GeoDataFrame(columns, geometry=metres, crs=crs)


# The worked case: N1 = 100, N2 = 40 + 20 and N4 = 30 km² in a country of 1000 km², T beyond its border.
# From N1 to N2 20 km (16 east, 12 north), from N2 to N4 40 km, from N1 to N4 60 km; T 5, 30 and 8 km off.
TOP = 22 - (1600 - 38**2) ** 0.5
N1, N2_WEST, N2_EAST = box(0, 0, 10, 10), box(26, 22, 30, 32), box(30, 22, 32, 32)
N4 = box(70, 0, 70 + 30 / TOP, TOP)
T = shapely.union_all([box(-5, -20, 5, -5), box(-5, -20, 75, -8)])
LAND = shapely.union_all([box(0, 0, 70 + 30 / TOP, 10), N2_WEST, N2_EAST, box(28, 10, 29, 22)])
REST = 1000 - LAND.area
HOME = shapely.union_all([LAND, box(-REST / 10, 0, 0, 10)])
AREAS = frame([N1, N2_WEST, N2_EAST, N4, T], name=["one", "two west", "two east", "four", "beyond"])
COUNTRIES = frame([HOME], country=["AA"])


def test_protected__the_worked_case_on_a_map() -> None:
    assert HOME.area == pytest.approx(1000)
    row = protected_connected(AREAS, COUNTRIES, dispersal_km=[10]).iloc[0]
    assert (row["country"], row["nodes"]) == ("AA", 3)
    assert row["region_km2"] == pytest.approx(1000, rel=2e-5)
    assert row["protected_km2"] == pytest.approx(190, rel=2e-5)
    expected = {
        "prot_percent": 19, "protconn_percent": 14.248604, "protunconn_percent": 4.751396,
        "relconn_percent": 74.992651, "protconn_prot_percent": 84.510699, "protconn_unprot_percent": 9.173492,
        "protconn_trans_percent": 6.315809, "protconn_within_percent": 79.711787,
        "protconn_contig_percent": 4.798912, "equivalent_connected_area_km2": 142.486037,
        "protconn_bound_percent": 14.248604,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=2e-5)


def test_protected__all_together_is_the_only_country() -> None:
    table = protected_connected(AREAS, COUNTRIES, dispersal_km=[10, 30])
    assert table["country"].tolist() == ["AA", "all", "AA", "all"]
    assert table["dispersal_km"].tolist() == [10, 10, 30, 30]
    numbers = table.drop(columns=["country", "incomplete"])
    pd.testing.assert_series_equal(numbers.iloc[0], numbers.iloc[1], check_names=False)


def test_protected__says_what_lies_outside_and_how_far_is_far() -> None:
    notes = protected_connected(AREAS, COUNTRIES, dispersal_km=[10]).attrs["notes"]
    assert notes == (
        "1 protected areas lie wholly outside the region (beyond): they serve as stepping stones only",
        "protected areas more than 199.3 km apart are not connected directly",
    )


def test_protected__everything_outside() -> None:
    table = protected_connected(AREAS.iloc[[4]], COUNTRIES, dispersal_km=[10])
    assert (table[["prot_percent", "protconn_percent", "nodes"]] == 0).all(axis=None)
    assert table["relconn_percent"].isna().all()
    assert table.attrs["notes"][0] == "no protected area lies in the region: nothing is connected"


def test_protected__overlap_is_dissolved_and_said() -> None:
    twice = pd.concat([AREAS, AREAS.iloc[[0]]], ignore_index=True)
    once, double = (protected_connected(areas, COUNTRIES, dispersal_km=[10]) for areas in (AREAS, twice))
    changed = ["protconn_within_percent", "protconn_contig_percent"]
    pd.testing.assert_frame_equal(once.drop(columns=changed), double.drop(columns=changed))
    assert double[changed].to_numpy() == pytest.approx(once[changed].to_numpy())  # the same, and counted once
    assert double.attrs["notes"][0].startswith("protected areas overlap on ")


def test_protected__units_of_the_map_do_not_matter() -> None:
    in_feet = [areas.to_crs(CRS.replace("+units=m", "+units=us-ft")) for areas in (AREAS, COUNTRIES)]
    metres = protected_connected(AREAS, COUNTRIES, dispersal_km=[10])
    feet = protected_connected(*in_feet, dispersal_km=[10])
    pd.testing.assert_frame_equal(metres, feet, rtol=1e-9)


# ---------------------------------------------------------------- across borders

WEST, EAST = box(0, 0, 50, 40), box(50, 0, 100, 40)
BOTH = frame([EAST, WEST], country=["RU", "CN"])
STRADDLING = frame([box(40, 10, 60, 20), box(80, 10, 90, 20), box(10, 10, 20, 20)])


def test_protected__an_area_on_a_border_counts_on_either_side() -> None:
    table = protected_connected(STRADDLING, BOTH, dispersal_km=[10]).set_index("country")
    assert list(table.index) == ["CN", "RU", "all"]
    assert table["protected_km2"].tolist() == pytest.approx([200, 200, 400], rel=1e-5)
    assert table["nodes"].tolist() == [2, 2, 3]
    # CN: 100 and 100, 20 km apart, and nothing beyond is nearer.
    assert table.loc["CN", "equivalent_connected_area_km2"] == pytest.approx(np.sqrt(2e4 * 1.25), rel=1e-5)
    assert table.loc["CN", "protconn_trans_percent"] == pytest.approx(0, abs=1e-9)
    # All: 200 in the middle, 100 on either side 20 km off, 40 km between them by way of the middle.
    squares, flows = 4e4 + 2e4, 2 * (2 * 2e4 * 0.25 + 1e4 * 0.25**2)
    assert table.loc["all", "equivalent_connected_area_km2"] == pytest.approx(
        np.sqrt(squares + flows), rel=1e-5
    )
    assert table.loc["all", "protconn_prot_percent"] == pytest.approx(
        100 * np.sqrt(squares / (squares + flows)), rel=1e-5
    )


def test_protected__a_neighbours_land_is_a_stepping_stone() -> None:
    """Two areas of one country 40 km apart, and a strip across the border that comes within 5 km of both."""
    home, neighbour = box(0, 0, 60, 10), box(0, -50, 60, 0)
    areas = frame([box(0, 0, 10, 10), box(50, 0, 60, 10), box(0, -20, 60, -5)])
    table = protected_connected(areas, frame([home, neighbour], country=["MN", "RU"]), dispersal_km=[10])
    mine = table.set_index("country").loc["MN"]
    alone, together = np.sqrt(2e4 * (1 + 0.5**4)), np.sqrt(2e4 * (1 + 0.5))
    assert mine["equivalent_connected_area_km2"] == pytest.approx(together, rel=1e-5)
    assert mine["protconn_trans_percent"] == pytest.approx(100 * (together - alone) / together, rel=1e-4)


def test_protected__an_island_is_not_the_planners_fault() -> None:
    land = shapely.union_all([box(0, 0, 40, 10), box(50, 0, 60, 10)])
    areas = frame([box(0, 0, 10, 10), box(30, 0, 40, 10), box(50, 0, 60, 10)])
    row = protected_connected(areas, frame([land], country=["AA"]), dispersal_km=[10]).iloc[0]
    found, best = row["equivalent_connected_area_km2"], np.sqrt(5e4 + 4e4 * 0.5)
    assert found == pytest.approx(np.sqrt(3e4 + 2e4 * (0.25 + 0.5 + 0.125)), rel=1e-5)
    assert row["protconn_bound_percent"] == pytest.approx(
        row["prot_percent"] - 100 * (best - found) / 500, rel=1e-5
    )


@pytest.mark.parametrize(("where", "rests_on"), [(0, ["CN", "CN", "CN"]), (1_000, ["CN", "", "CN"])])
def test_protected__rows_that_rest_on_one_side_say_so(where: float, rests_on: list[str]) -> None:
    countries = frame([WEST, affine_transform(EAST, [1, 0, 0, 1, where, 0])], country=["CN", "RU"])
    areas = frame([box(10, 10, 20, 20), box(80 + where, 10, 90 + where, 20)])
    table = protected_connected(areas, countries, dispersal_km=[10], incomplete=["CN", "XX"])
    assert table["incomplete"].tolist() == rests_on


def test_protected__the_same_bytes_for_any_threads_and_progress_ends() -> None:
    rng = np.random.default_rng(2)
    corners = rng.uniform(0, 90, (40, 2)) * [1, 0.4]
    areas = frame([box(x, y, x + 3, y + 2) for x, y in corners])
    told: list[float] = []
    one = protected_connected(areas, BOTH, dispersal_km=[5, 20], threads=1, progress=told.append)
    pd.testing.assert_frame_equal(
        one, protected_connected(areas, BOTH, dispersal_km=[5, 20], threads=3), check_exact=True
    )
    assert told[-1] == 1.0
    sums = one[[f"protconn_{name}_percent" for name in FRACTIONS]].sum(axis=1)
    assert sums.to_numpy() == pytest.approx(100)


# ---------------------------------------------------------------- bad input


def test_protected__refuses_what_it_cannot_use() -> None:
    with pytest.raises(
        Problems, match=r"(?s)\[I256\].*Given: 0.*\[I257\].*Given: 2.*\[I260\] countries: has no"
    ):
        protected_connected(AREAS, COUNTRIES.drop(columns="country"), dispersal_km=[0], probability=2)
    with pytest.raises(InputError, match=r"\[I260\] countries: holds no country"):
        protected_connected(AREAS, COUNTRIES.iloc[:0], dispersal_km=[10])
    with pytest.raises(InputError, match=r"\[I202\] protected areas: lie in another CRS"):
        protected_connected(AREAS.to_crs(32647), COUNTRIES, dispersal_km=[10])
    with pytest.raises(InputError, match=r"\[I203\] protected areas: has no CRS"):
        protected_connected(AREAS.set_crs(None, allow_override=True), COUNTRIES, dispersal_km=[10])
    with pytest.raises(Problems, match=r"\[I204\] protected areas: lies in degrees"):
        protected_connected(AREAS.to_crs(4326), COUNTRIES.to_crs(4326), dispersal_km=[10])
    bow = shapely.Polygon([(0, 0), (5, 5), (5, 0), (0, 4)])
    with pytest.raises(InputError, match=r"\[I225\] protected areas, row 0: the outline crosses itself"):
        protected_connected(frame([bow]), COUNTRIES, dispersal_km=[10])
    with pytest.raises(
        InputError, match=r"\[I297\] protected areas, row 0: must be a polygon .*Given: Point"
    ):
        protected_connected(frame([shapely.Point(3, 3)]), COUNTRIES, dispersal_km=[10])
