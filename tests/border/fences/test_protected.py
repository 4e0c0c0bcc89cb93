"""ProtConn under a fence: straight distances, longer by what the fence adds to the cost."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pytest
from barriers.walks import LEFT, TOP, drawn, gates
from border.fences.places import land, under
from shapely import box

from corridors.network import protected_connected

SIZE = 1000.0
CRS = 32652


def boxes(columns, *places):
    """Polygons given as (column, row, column, row) of cells' edges."""
    shapes = [box(LEFT + a * SIZE, TOP - d * SIZE, LEFT + c * SIZE, TOP - b * SIZE) for a, b, c, d in places]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture(scope="module")
def plain():
    """Return a plain of 20 x 60 km of resistance 1, a core at both ends: a kilometre costs 1000."""
    labels = np.zeros((20, 60), dtype=int)
    labels[:, :4], labels[:, 56:] = 1, 2
    return land(np.ones((20, 60)), labels, cell_size_m=SIZE)


COUNTRIES = boxes({"country": ["AA", "BB"]}, (0, 0, 30, 20), (30, 0, 60, 20))
FENCE = drawn([(29.5, -1), (29.5, 20)], cell_size_m=SIZE)  # along the border, x = 30 km


def told(found, scenario, country, name="protconn_percent"):
    rows = found.protected.set_index(["scenario", "country"])
    return rows.loc[(scenario, country), name]


def test_without_a_fence_it_is_protconn(plain) -> None:
    parks = boxes({"name": list("abcd")}, (10, 5, 20, 15), (24, 5, 30, 15), (30, 5, 40, 15), (45, 0, 50, 20))
    found = under(FENCE, plain, protected_areas=parks, countries=COUNTRIES)
    expected = protected_connected(parks, COUNTRIES, dispersal_km=[5.0]).set_index("country")
    for country in ("AA", "BB", "all"):
        for name in ("protconn_percent", "protconn_trans_percent"):
            assert told(found, "none", country, name) == pytest.approx(expected.loc[country, name], rel=1e-9)


def test_two_parks_by_hand(plain) -> None:
    # 10 x 10 km either side, 10 km apart: 0.25 at 5 km without, 5 km more with a fence of 5 000 m.
    parks = boxes({"name": list("ab")}, (15, 5, 25, 15), (35, 5, 45, 15))
    found = under(FENCE, plain, crossing_cost_m=5000.0, protected_areas=parks, countries=COUNTRIES)

    def eca_percent(probability):
        return 100 * np.sqrt(2 * 100**2 + 2 * 100**2 * probability) / 1200

    assert told(found, "none", "all") == pytest.approx(eca_percent(0.25), rel=1e-3)
    assert told(found, "permeable", "all") == pytest.approx(eca_percent(0.125), rel=1e-3)
    assert told(found, "sealed", "all") == pytest.approx(eca_percent(0.0), rel=1e-3)


def test_parks_that_touch_across_the_fence_are_parted_and_a_gate_joins_them(plain) -> None:
    parks = boxes({"name": list("ab")}, (20, 5, 30, 15), (30, 5, 40, 15))
    gate = gates((29.5, 10), cell_size_m=SIZE)
    found = under(FENCE, plain, protected_areas=parks, countries=COUNTRIES, gates=gate)
    assert told(found, "none", "all") == pytest.approx(100 * 200 / 1200, rel=1e-3)
    assert told(found, "sealed", "all") == pytest.approx(100 * np.sqrt(2) * 100 / 1200, rel=1e-3)
    assert told(found, "sealed, gates", "all") == pytest.approx(told(found, "none", "all"), rel=1e-9)


def test_a_country_that_leans_on_its_neighbour_loses_that(plain) -> None:
    # Two parks of AA far apart; the long park of BB beyond the border joins them.
    parks = boxes({"name": list("abc")}, (25, 0, 30, 4), (25, 16, 30, 20), (30, 0, 34, 20))
    found = under(FENCE, plain, protected_areas=parks, countries=COUNTRIES)
    assert told(found, "none", "AA", "protconn_trans_percent") > 10
    assert told(found, "sealed", "AA", "protconn_trans_percent") == 0
    at = told(found, "permeable", "AA", "protconn_trans_percent")
    assert 0 < at < told(found, "none", "AA", "protconn_trans_percent")


def test_what_is_too_small_is_left_out_and_said(plain) -> None:
    parks = boxes({"name": list("abc")}, (15, 5, 25, 15), (35, 5, 45, 15), (2.1, 2.1, 2.4, 2.4))
    found = under(FENCE, plain, protected_areas=parks, countries=COUNTRIES)
    assert any(re.search(r"0\.0(9|899)\d* km², is left out", note) for note in found.notes)


def test_without_parks_it_is_not_assessed(plain) -> None:
    found = under(FENCE, plain)
    assert found.protected.empty
    assert any("not assessed" in note for note in found.notes)
