import geopandas as gpd
import numpy as np
import pytest
import shapely
from barriers.walks import crossed, drawn, steps_of
from hypothesis import assume, given
from hypothesis import strategies as st
from landscapes import grid_of

from corridors.barriers import combined, edge_costs
from corridors.barriers.crossings import UNITS
from corridors.barriers.edges import FORWARD
from corridors.errors import ConfigError, InputError, Problems
from corridors.grid import Grid
from corridors.kernels.cost_distance import EAST, SOUTH, SOUTH_EAST

SHAPE = (4, 5)
coordinate = st.integers(-2 * UNITS, 6 * UNITS).map(lambda units: units / UNITS)
generic = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True)


def costs(*lines, shape=SHAPE, cost=1.0, **options):
    columns = options.pop("columns", {})
    return steps_of(edge_costs(drawn(*lines, **columns), grid_of(shape), crossing_cost_m=cost, **options))


@given(generic)
def test_every_crossed_step_pays_once_however_often_it_is_crossed(line):
    assert costs(line) == dict.fromkeys(crossed(line, SHAPE, (-1e-9, -1e-14)), 1.0)


def turned(line, steps, transposed, mirrored):
    """Return a line and its steps with left and right exchanged, rows and columns, or both."""
    rows, columns = SHAPE
    if mirrored:
        line = [(columns - 1 - x, y) for x, y in line]
    if transposed:
        line = [(y, x) for x, y in line]
    ends = set()
    for row, column, direction in steps:
        pair = [(row, column), (row + FORWARD[direction][0], column + FORWARD[direction][1])]
        pair = [(r, columns - 1 - c) if mirrored else (r, c) for r, c in pair]
        ends.add(frozenset((c, r) if transposed else (r, c) for r, c in pair))
    return line, ends, (columns, rows) if transposed else SHAPE


@given(generic, st.booleans(), st.booleans())
def test_line_and_grid_turned_and_mirrored_together_give_the_same_barrier(line, transposed, mirrored):
    either_way = [crossed(line, SHAPE, (x, y)) for x in (-1e-7, 1e-7) for y in (-1e-7, 1e-7)]
    assume(all(other == either_way[0] for other in either_way))  # no centre and no corner on a line
    expected = turned(line, costs(line), transposed, mirrored)
    again = turned(line, {}, transposed, mirrored)
    moved = costs(again[0], shape=again[2])
    ends = {frozenset([(r, c), (r + FORWARD[d][0], c + FORWARD[d][1])]) for r, c, d in moved}
    assert ends == expected[1]


@given(generic.filter(lambda line: len(line) > 2), st.integers(1, 3))
def test_it_does_not_matter_how_a_line_is_cut_into_features_or_drawn(line, at):
    whole = costs(line)
    at = min(at, len(line) - 2)
    assert costs(line[: at + 1], line[at:]) == whole
    assert costs(line[at:][::-1], line[: at + 1]) == whole
    assert costs(line[::-1]) == whole
    assert costs(line, line) == whole


def test_a_hairpin_under_a_step_costs_once():
    hairpin = [(0.4, -1), (0.4, 0.3), (0.6, 0.3), (0.6, -1)]
    assert costs(hairpin, shape=(1, 2)) == {(0, 0, EAST): 1.0}


def test_two_lines_side_by_side_cost_twice_unless_they_are_one_road():
    lanes = [(0.4, -1), (0.4, 4)], [(0.6, -1), (0.6, 4)]
    assert set(costs(*lanes).values()) == {2.0}
    assert set(costs(*lanes, merge_within_m=0.1).values()) == {2.0}
    assert set(costs(*lanes, merge_within_m=0.25).values()) == {1.0, 2.0}  # slantwise they are farther apart
    assert set(costs(*lanes, merge_within_m=0.3).values()) == {1.0}
    dear = drawn(*lanes, kind=["a", "b"])
    merged = edge_costs(
        dear, grid_of(SHAPE), crossing_cost_m={"a": 1.0, "b": 5.0}, class_column="kind", merge_within_m=0.3
    )
    assert set(merged.cost_m.tolist()) == {5.0}


def test_classes_cost_their_own_and_others_are_left_out():
    lines = drawn(
        [(0.5, -1), (0.5, 5)], [(1.5, -1), (1.5, 5)], [(2.5, -1), (2.5, 5)], **{"class": ["a", "b", None]}
    )
    edges = edge_costs(lines, grid_of((1, 5)), crossing_cost_m={"a": 3.0, "b": np.inf, "c": 1.0})
    assert steps_of(edges) == {(0, 0, EAST): 3.0, (0, 1, EAST): np.inf}


def test_where_a_road_changes_its_class_under_a_step_the_dearer_counts():
    # The step east crosses both pieces of a bend; together they are one road.
    lines = drawn([(0.4, -1), (0.5, 0.2)], [(0.5, 0.2), (0.6, -1)], **{"class": ["a", "b"]})
    edges = edge_costs(lines, grid_of((1, 2)), crossing_cost_m={"a": 3.0, "b": 4.0})
    assert steps_of(edges) == {(0, 0, EAST): 4.0}


def test_a_line_of_no_cost_is_no_barrier_and_an_empty_one_nothing():
    assert costs([(0.5, -1), (0.5, 5)], cost=0.0) == {}
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(), None], crs=grid_of(SHAPE).crs)
    assert len(edge_costs(frame, grid_of(SHAPE), crossing_cost_m=1.0)) == 0
    assert (
        len(edge_costs(frame.iloc[:0], grid_of(SHAPE), crossing_cost_m={"a": 1.0}, class_column="geometry"))
        == 0
    )


def test_lines_outside_and_across_the_whole_world_cost_where_they_pass():
    assert costs([(10, 10), (12, 10)]) == {}
    assert costs([(-4e6, 1.4), (4e6, 1.4)]) == costs([(-2, 1.4), (6, 1.4)])


def test_a_single_row_has_steps_along_it_only():
    assert set(costs([(1.5, -1), (1.5, 1)], shape=(1, 4))) == {(0, 1, EAST)}
    assert set(costs([(-1, 1.5), (1, 1.5)], shape=(4, 1))) == {(1, 0, SOUTH)}
    assert (0, 0, SOUTH_EAST) in costs([(1.5, -1), (-1, 1.5)], shape=(2, 2))


def test_everything_wrong_is_said():
    fence, grid = drawn([(0.5, -1), (0.5, 5)]), grid_of(SHAPE)
    for bad in (-1.0, np.nan):
        with pytest.raises(ConfigError, match=r"C103.*crossing_cost_m"):
            edge_costs(fence, grid, crossing_cost_m=bad)
    with pytest.raises(Problems, match=r"crossing_cost_m\.a.*\n.*crossing_cost_m\.b"):
        edge_costs(fence, grid, crossing_cost_m={"a": -1.0, "b": -2.0})
    with pytest.raises(ConfigError, match=r"C103.*merge_within_m"):
        edge_costs(fence, grid, crossing_cost_m=1, merge_within_m=-1)
    with pytest.raises(InputError, match=r"I262.*no column class"):
        edge_costs(fence, grid, crossing_cost_m={"a": 1.0})
    with pytest.raises(InputError, match=r"I202.*not in the CRS"):
        edge_costs(fence.set_crs("EPSG:32653", allow_override=True), grid, crossing_cost_m=1)
    lake = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=grid.crs)
    with pytest.raises(InputError, match=r"I267.*Polygon.*resistance"):
        edge_costs(lake, grid, crossing_cost_m=1)
    broken = gpd.GeoDataFrame(geometry=[shapely.LineString([(0, 0), (np.inf, 0)])], crs=grid.crs)
    with pytest.raises(InputError, match=r"I225"):
        edge_costs(broken, grid, crossing_cost_m=1)


@pytest.mark.real
def test_real_roads_and_railways_bar_the_steps_they_cross(geodata):
    folder = geodata / "land_of_big_cats"
    grid = Grid.for_area((130.5, 42.8, 132.5, 44.0), crs="EPSG:32652", cell_size_m=500)
    roads = gpd.read_file(folder / "osm.gpkg", layer="roads").to_crs(grid.crs)
    railways = gpd.read_file(folder / "natural_earth.gpkg", layer="railroads_10m").to_crs(grid.crs)
    edges = combined(*(edge_costs(lines, grid, crossing_cost_m=1.0) for lines in (roads, railways)))
    barred = np.zeros((*grid.shape, 8), dtype=bool)
    barred[edges.rows, edges.columns, edges.direction] = True
    rng = np.random.default_rng(1)
    rows, columns = (rng.integers(1, length - 1, 4000) for length in grid.shape)
    tree = shapely.STRtree([*shapely.get_parts(roads.geometry), *shapely.get_parts(railways.geometry)])
    for direction, (down, right) in FORWARD.items():
        ends = [[grid.xy(r, c), grid.xy(r + down, c + right)] for r, c in zip(rows, columns, strict=True)]
        expected = np.zeros(len(rows), dtype=bool)
        expected[tree.query(shapely.linestrings(ends), predicate="intersects")[0]] = True
        assert (barred[rows, columns, direction] == expected).all()
        assert expected.sum() > 50


def test_a_line_goes_on_past_where_two_ends_meet_and_ends_at_a_junction_of_three():
    left, right, stem = [(0.5, 0.5), (0.4, -1)], [(0.5, 0.5), (0.6, -1)], [(0.5, 0.5), (0.5, 2)]
    assert costs(left, right, shape=(1, 2)) == {(0, 0, EAST): 1.0}
    assert costs(left, right, stem, shape=(1, 2)) == {(0, 0, EAST): 2.0}


def test_lines_that_cross_no_step_cost_nothing():
    assert costs([(9, 9), (9, 10)], merge_within_m=5) == {}
    assert costs([(1.2, 1.3), (1.2, 1.4)], merge_within_m=5) == {}
