"""Which segment of a barrier to open: against solving the whole raster again, by hand, and by law."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from landscapes import labels_of, raster_of
from linked import linked
from reference_restoration import cost_between

from corridors.barriers import combined, edge_costs
from corridors.errors import ConfigError, InputError
from corridors.grid import Grid
from corridors.restoration import BarrierLines, opening_gains
from corridors.restoration.reliefs import costs_of_lines
from corridors.restoration.segments import line_segments

COLUMNS = [
    "rank",
    "layer",
    "class",
    "length_km",
    "link_id",
    "gain_m",
    "gain_percent",
    "links_n",
    "weighted_gain_m",
    "position_error_km",
    "geometry",
]
LEFT, TOP = 500_000.0, 4_900_000.0


def lines_of(*corners, classes=None):
    """Return lines through places given in kilometres right and down of the corner of the raster."""
    geometry = [shapely.LineString([(LEFT + 1000 * x, TOP - 1000 * y) for x, y in line]) for line in corners]
    columns = {} if classes is None else {"class": classes}
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=32652)


def plain(rows=8, columns=14, *cells, resistance=None):
    values = np.ones((rows, columns)) if resistance is None else resistance
    cells = cells or ((rows // 2, 1), (rows // 2, columns - 2))
    return raster_of(values, cell_size_m=500.0), labels_of(values.shape, *cells, cell_size_m=500.0)


def opened_alone(layers, grid, line, name):
    """Barriers with one stretch of one layer open, as edge_costs says what an opening is."""
    parts = []
    for layer, (lines, cost_m, column, merged_m, openings) in layers.items():
        stretch = gpd.GeoDataFrame({"radius_m": [merged_m]}, geometry=[line], crs=lines.crs)
        both = stretch if openings is None else pd.concat([openings.assign(radius_m=0.0), stretch])
        parts.append(
            edge_costs(
                lines,
                grid,
                crossing_cost_m=cost_m,
                class_column=column,
                merge_within_m=merged_m,
                openings=both if layer == name else openings,
            )
        )
    return combined(*parts)


@st.composite
def networks(draw):
    """Winding roads and a railway on a raster of 8 x 14 cells of 500 m, 7 km wide."""
    place = st.tuples(st.integers(1, 69), st.integers(1, 39)).map(lambda p: (p[0] / 10, p[1] / 10))
    line = st.lists(place, min_size=2, max_size=6, unique=True)
    roads = draw(st.lists(line, min_size=1, max_size=3))
    railways = draw(st.lists(line, min_size=1, max_size=2))
    cost_m = draw(st.sampled_from([2_000.0, 20_000.0]))
    merged_m = draw(st.sampled_from([0.0, 300.0]))
    return {
        "roads": BarrierLines(lines_of(*roads), cost_m, merge_within_m=merged_m),
        "railways": BarrierLines(lines_of(*railways), draw(st.sampled_from([5_000.0, np.inf]))),
    }


@settings(max_examples=6)  # each opens some thirty segments and solves afresh for every one
@given(networks(), st.integers(0, 5))
def test_gains_are_those_of_a_fresh_solve_for_every_segment(layers, seed):
    resistance = np.random.default_rng(seed).choice([1.0, 1.0, 2.0, 7.0], (8, 14))
    res, labels = plain(resistance=resistance)
    grid = Grid.of(res)
    barriers = costs_of_lines(layers, grid)
    links = linked(res, labels, barriers=barriers)
    if links.empty:
        return
    cost_m = links["cost_distance_m"].iloc[0]
    found = opening_gains(layers, links, labels, res)
    assert (found["gain_m"] > 0).all()
    assert (found["gain_m"] <= cost_m).all()
    gains = {(row["layer"], shapely.to_wkb(row.geometry)): row["gain_m"] for _, row in found.iterrows()}
    for name, layer in layers.items():
        for line in line_segments(layer.lines, segment_km=1.0, class_column="class").geometry:
            lifted = opened_alone(layers, grid, line, name)
            again = cost_between(res, labels, 1, 2, lifted)
            gain_m = gains.pop((name, shapely.to_wkb(line)), 0.0)
            assert gain_m == pytest.approx(cost_m - again, abs=2e-9 * cost_m)
    assert not gains


def test_every_layer_class_and_number_stands_in_the_table():
    res, labels = plain()
    roads = lines_of([(3, -1), (3, 5)], [(5, -1), (5, 5)], classes=["motorway", "track"])
    layers = {"roads": BarrierLines(roads, {"motorway": 20_000.0})}
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    found = opening_gains(layers, links, labels, res, source_error_km=1.5)
    assert list(found.columns) == COLUMNS
    assert found.index.name == "segment_id"
    assert set(found["class"]) == {"motorway"}  # tracks are no barrier
    assert set(found["layer"]) == {"roads"}
    assert found["rank"].tolist() == list(range(1, len(found) + 1))
    assert found["weighted_gain_m"].is_monotonic_decreasing
    assert set(found["position_error_km"]) == {1.5}
    assert found["length_km"].to_numpy() == pytest.approx(1.0, rel=2e-3)
    best = found.iloc[0]
    assert best["gain_m"] == pytest.approx(20_000)
    cost_m = links["cost_distance_m"].iloc[0]
    assert best["gain_percent"] == pytest.approx(100 * 20_000 / cost_m)
    # The best one lies on the straight way between the cores, 2.25 km down.
    assert best.geometry.bounds[1] <= TOP - 2250 <= best.geometry.bounds[3]


def test_opening_a_road_beside_a_railway_brings_its_own_part_and_together_both():
    res, labels = plain()
    layers = {
        "roads": BarrierLines(lines_of([(3.2, -1), (3.2, 5)]), 20_000.0),
        "railways": BarrierLines(lines_of([(3.6, -1), (3.6, 5)]), 10_000.0),
    }
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    alone = opening_gains(layers, links, labels, res)
    assert alone.groupby("layer")["gain_m"].max().round(6).to_dict() == {"roads": 20_000, "railways": 10_000}
    both = opening_gains(layers, links, labels, res, together_m=600.0)
    assert both["gain_m"].max() == pytest.approx(30_000)


def test_carriageways_that_count_as_one_are_opened_as_one():
    res, labels = plain()
    motorway = lines_of([(3.1, -1), (3.1, 5)], [(3.2, -1), (3.2, 5)])
    layers = {"roads": BarrierLines(motorway, 20_000.0, merge_within_m=150.0)}
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    assert opening_gains(layers, links, labels, res)["gain_m"].max() == pytest.approx(20_000)


def test_a_path_may_cross_an_opened_segment_more_than_once():
    # A hairpin within one segment: three crossings on the straight way, all opened at once.
    res, labels = plain(3, 16, (1, 1), (1, 14))
    hairpin = lines_of([(3, -1), (3, 0.9), (3.6, 0.9), (3.6, 0.6), (4.2, 0.6), (4.2, 3)])
    layers = {"roads": BarrierLines(hairpin, 20_000.0)}
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    found = opening_gains(layers, links, labels, res, segment_km=9.0)
    straight_m = 13 * 500
    assert links["cost_distance_m"].iloc[0] - found["gain_m"].max() == pytest.approx(straight_m)


def test_links_are_summed_by_weight():
    res, labels = plain(12, 14, (2, 1), (9, 1), (5, 12))
    layers = {"roads": BarrierLines(lines_of([(3, -1), (3, 7)]), 20_000.0)}
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    even = opening_gains(layers, links, labels, res)
    assert even["links_n"].max() >= 2
    several = even[even["links_n"] >= 2]
    assert (several["weighted_gain_m"] > several["gain_m"]).all()
    assert (even["weighted_gain_m"] <= even["links_n"] * even["gain_m"] + 1e-6).all()
    none = opening_gains(layers, links, labels, res, weights=dict.fromkeys(links.index, 0.0))
    assert (none["weighted_gain_m"] == 0).all()
    assert none["gain_m"].sort_index().tolist() == even["gain_m"].sort_index().tolist()
    only = {i: float(i == links.index[0]) for i in links.index}
    first = opening_gains(layers, links, labels, res, weights=only)
    alone = opening_gains(layers, links.iloc[:1], labels, res)
    assert first.loc[alone.index, "weighted_gain_m"].to_numpy() == pytest.approx(alone["gain_m"].to_numpy())


def test_what_is_open_already_gains_nothing():
    res, labels = plain()
    road = lines_of([(3, -1), (3, 5)])
    gate = gpd.GeoDataFrame(geometry=[shapely.Point(LEFT + 3000, TOP - 2250)], crs=32652)
    layers = {"roads": BarrierLines(road, 20_000.0, openings=gate)}
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    assert opening_gains(layers, links, labels, res).empty


@pytest.mark.parametrize("lines", [lines_of([(50, 50), (60, 60)]), lines_of([(0, 0), (1, 1)]).iloc[:0]])
def test_no_line_near_a_link_gives_an_empty_table(lines):
    res, labels = plain()
    found = opening_gains({"roads": BarrierLines(lines, 20_000.0)}, linked(res, labels), labels, res)
    assert found.empty
    assert list(found.columns) == COLUMNS
    assert found.crs == lines.crs


def test_no_links_give_an_empty_table():
    res, labels = plain()
    layers = {"roads": BarrierLines(lines_of([(3, -1), (3, 5)]), 20_000.0)}
    links = linked(res, labels).iloc[:0]
    assert opening_gains(layers, links, labels, res).empty


def test_wrong_options_are_refused():
    res, labels = plain()
    layers = {"roads": BarrierLines(lines_of([(3, -1), (3, 5)]), 20_000.0)}
    links = linked(res, labels, barriers=costs_of_lines(layers, Grid.of(res)))
    with pytest.raises(ConfigError, match=r"C103.*segment_km.*0.1 km.*0.5 km"):
        opening_gains(layers, links, labels, res, segment_km=0.1)
    with pytest.raises(ConfigError, match=r"C103.*together_m.*-1 m"):
        opening_gains(layers, links, labels, res, together_m=-1.0)
    with pytest.raises(ConfigError, match=r"C103.*weights.*links 1"):
        opening_gains(layers, links, labels, res, weights={1: np.nan})
    with pytest.raises(InputError, match=r"I230.*weights: there is no link 4"):
        opening_gains(layers, links, labels, res, weights={4: 1.0})
    with pytest.raises(ConfigError, match=r"C103.*layers: there is no barrier"):
        opening_gains({}, links, labels, res)
    elsewhere = {"roads": layers["roads"]._replace(lines=layers["roads"].lines.to_crs(32653))}
    with pytest.raises(InputError, match=r"I202.*lines"):
        opening_gains(elsewhere, links, labels, res)


class TestSegments:
    def test_features_are_joined_and_cut_to_equal_parts(self):
        lines = lines_of([(0, 0), (1.3, 0)], [(1.3, 0), (2.5, 0)], classes=["primary", "trunk"])
        cut = line_segments(lines, segment_km=1.0, class_column="class")
        assert cut.length.to_numpy() == pytest.approx([2500 / 3] * 3)
        assert cut["class"].tolist() == ["primary", "primary", "trunk"]
        assert shapely.equals(shapely.line_merge(cut.geometry.union_all()), lines.geometry.union_all()).all()

    def test_lines_end_at_junctions(self):
        lines = lines_of([(0, 0), (0.4, 0)], [(0.4, 0), (0.8, 0)], [(0.4, 0), (0.4, 0.7)])
        assert len(line_segments(lines, segment_km=1.0, class_column="class")) == 3

    def test_a_line_drawn_twice_is_one(self):
        lines = lines_of([(0, 0), (1.5, 0)], [(1.5, 0), (0, 0)], [(0, 0), (1.5, 0)])
        assert len(line_segments(lines, segment_km=1.0, class_column="class")) == 2

    @given(
        st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=2, max_size=9, unique=True),
        st.sampled_from([0.05, 0.3, 1.0]),
    )
    def test_nothing_is_lost_and_no_part_is_too_long(self, corners, segment_km):
        line = shapely.LineString(corners)
        lines = gpd.GeoDataFrame(geometry=[line], crs=32652)
        cut = line_segments(lines, segment_km=segment_km, class_column="class")
        assert cut.length.sum() == pytest.approx(line.length)
        assert cut.length.max() <= 1000 * segment_km * (1 + 1e-9)
        assert cut.length.max() == pytest.approx(cut.length.min())
