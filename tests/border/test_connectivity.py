"""What each country alone would keep, against the whole."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.border import border_connectivity, cost_per_km, country_connectivity

NO_LINKS = pd.DataFrame(columns=["core_a", "core_b", "path_length_km", "cost_distance_m"])
NO_SHARES = pd.DataFrame({"link_id": [], "country": []})


def cores_of(*areas):
    columns = {"area_km2": areas, "quality_area_km2": areas}
    return pd.DataFrame(columns, index=pd.RangeIndex(1, len(areas) + 1, name="core_id"), dtype=float)


def parts(rows):
    return pd.DataFrame(rows, columns=["core_id", "country", "area_km2"])


def alone(cores, links, shares, of_links, countries, **options):
    options = {"dispersal_km": 10.0, "per_km": 1000.0, "node_weight": "area"} | options
    return country_connectivity(cores, links, shares, of_links, countries=countries, **options)


def test_one_core_in_three_countries() -> None:
    shares = parts([(1, "AA", 6000.0), (1, "BB", 3000.0), (1, "CC", 1000.0)])
    found = alone(cores_of(10_000.0), NO_LINKS, shares, NO_SHARES, ["AA", "BB", "CC"])
    assert found == {"joint": 10_000.0, "AA": 6000.0, "BB": 3000.0, "CC": 1000.0}
    table = border_connectivity(found, None, dispersal_km=10.0).set_index("country")
    assert table.index.tolist() == ["AA", "BB", "CC", "apart", "joint"]
    apart = math.sqrt(6000**2 + 3000**2 + 1000**2)
    assert table.loc["apart", "equivalent_connected_area_km2"] == pytest.approx(apart)
    assert table["share_percent"].tolist() == pytest.approx([60, 30, 10, apart / 100, 100])
    assert table["protconn_percent"].isna().all()  # not assessed, not 0


def test_a_link_that_leaves_the_country_is_no_link_of_it() -> None:
    # 30 and 40 km² in AA: 10 km apart at home, so the probability is 0.5; the way through BB does not count.
    cores = cores_of(30.0, 40.0)
    link = {"core_a": [1], "core_b": [2], "path_length_km": [10.0], "cost_distance_m": [10_000.0]}
    links = pd.DataFrame(link, index=pd.Index([1], name="link_id"))
    shares = parts([(1, "AA", 30.0), (2, "AA", 40.0)])
    home = pd.DataFrame({"link_id": [1], "country": ["AA"]})
    abroad = pd.DataFrame({"link_id": [1, 1], "country": ["AA", "BB"]})
    joined = math.sqrt(30**2 + 40**2 + 2 * 0.5 * 30 * 40)
    assert alone(cores, links, shares, home, ["AA"])["AA"] == pytest.approx(joined)
    found = alone(cores, links, shares, abroad, ["AA"])
    assert found["AA"] == pytest.approx(50.0)
    assert found["joint"] == pytest.approx(joined)


@given(st.lists(st.floats(1, 1000), min_size=2, max_size=5), st.integers(2, 4))
def test_alone_is_never_worth_more_than_jointly(areas, countries) -> None:
    codes = [2 * "ABCD"[n] for n in range(countries)]
    rows = [(core, code, area / countries) for core, area in enumerate(areas, 1) for code in codes]
    pairs = [(a, a + 1) for a in range(1, len(areas))]
    links = pd.DataFrame(pairs, columns=["core_a", "core_b"]).assign(
        path_length_km=5.0, cost_distance_m=7000.0
    )
    links.index = pd.RangeIndex(1, len(links) + 1, name="link_id")
    ends = [(link, code) for link in links.index for code in codes]
    crossing = pd.DataFrame(ends, columns=["link_id", "country"])
    found = alone(cores_of(*areas), links, parts(rows), crossing, codes)
    table = border_connectivity(found, None, dispersal_km=10.0).set_index("country")
    area = table["equivalent_connected_area_km2"]
    assert (area[codes] <= area["apart"] * (1 + 1e-12)).all()
    assert area["apart"] <= area["joint"] * (1 + 1e-12)


def test_protected_land_alone_has_no_stepping_stones_abroad() -> None:
    protected = pd.DataFrame(
        {
            "dispersal_km": 10.0,
            "country": ["AA", "BB", "all"],
            "region_km2": [1000.0, 500.0, 1500.0],
            "equivalent_connected_area_km2": [100.0, 60.0, 140.0],
            "protconn_trans_percent": [20.0, 0.0, 0.0],
        }
    )
    found = border_connectivity({"joint": 9.0, "AA": 5.0, "BB": 4.0}, protected, dispersal_km=10.0)
    conn = found.set_index("country")["protconn_percent"]
    assert conn["AA"] == pytest.approx(8.0)  # 100 less a fifth, of 1000
    assert conn["BB"] == pytest.approx(12.0)
    assert conn["apart"] == pytest.approx(100 * math.hypot(80, 60) / 1500)
    assert conn["joint"] == pytest.approx(100 * 140 / 1500)


def test_without_links_a_kilometre_has_no_cost() -> None:
    assert math.isnan(cost_per_km(cores_of(10.0), NO_LINKS, 10))
