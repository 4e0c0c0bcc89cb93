import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from barriers.walks import drawn, gates, steps_of
from landscapes import grid_of

from corridors.barriers import edge_costs, idle_openings, openings_of
from corridors.errors import InputError, Problems
from corridors.kernels.cost_distance import EAST, SOUTH_EAST, SOUTH_WEST

SHAPE = (5, 4)
FENCE = [(1.5, -1), (1.5, 5)]
ALL = {(r, 1, d) for r in range(5) for d in (EAST, SOUTH_EAST) if r < 4 or d == EAST} | {
    (r, 2, SOUTH_WEST) for r in range(4)
}


def costs(openings, *lines, shape=SHAPE, cost=10.0, **options):
    frame = drawn(*(lines or (FENCE,)))
    return steps_of(edge_costs(frame, grid_of(shape), crossing_cost_m=cost, openings=openings, **options))


def opened(openings, *lines, **options):
    return set(costs(None, *lines, **options)) - set(costs(openings, *lines, **options))


def test_a_narrow_gate_opens_its_nearest_step_only():
    assert set(costs(None)) == ALL
    assert opened(gates((1.5, 2.0))) == {(2, 1, EAST)}
    assert opened(gates((1.3, 2.1))) == {(2, 1, EAST)}  # placed a little beside the fence
    assert opened(gates((1.5, 2.0)), cost=np.inf) == {(2, 1, EAST)}


def test_a_wide_gate_opens_every_step_that_crosses_within_it():
    half_a_cell = {
        (2, 1, EAST),
        (1, 1, SOUTH_EAST),
        (1, 2, SOUTH_WEST),
        (2, 1, SOUTH_EAST),
        (2, 2, SOUTH_WEST),
    }
    assert opened(gates((1.5, 2.0), radius_m=[0.5])) == half_a_cell
    assert opened(gates((1.5, 2.0), radius_m=[50.0])) == ALL


def test_of_steps_equally_near_the_first_is_opened():
    # The step east and both diagonals cross the fence a quarter of a cell from the gate.
    assert opened(gates((1.5, 2.25))) == {(2, 1, EAST)}
    # Both diagonals cross it exactly there.
    assert opened(gates((1.5, 2.5))) == {(2, 1, SOUTH_EAST), (2, 2, SOUTH_WEST)}


def test_passing_a_gate_may_cost_but_never_more_than_the_fence():
    assert costs(gates((1.5, 2.0), crossing_cost_m=[4.0]))[2, 1, EAST] == 4.0
    assert costs(gates((1.5, 2.0), crossing_cost_m=[40.0])) == costs(None)


def test_several_gates():
    assert opened(gates((1.5, 0.0), (1.5, 4.0))) == {(0, 1, EAST), (4, 1, EAST)}


def test_a_stretch_opens_what_crosses_it():
    tunnel = drawn([(1.5, 0.6), (1.5, 2.4)])
    inside = {(r, 1, EAST) for r in (1, 2)} | {(1, 1, SOUTH_EAST), (1, 2, SOUTH_WEST)}
    assert opened(tunnel) == inside
    pieces = [(1.5, -1), (1.5, 0.6)], [(1.5, 0.6), (1.5, 2.4)], [(1.5, 2.4), (1.5, 5)]
    assert opened(tunnel, *pieces) == inside


def test_a_short_stretch_opens_one_step():
    assert opened(drawn([(1.5, 1.7), (1.5, 1.8)])) == {(2, 1, EAST)}


def test_a_bridge_over_a_road_leaves_that_road_as_it_is():
    road = [(-1, 2.5), (5, 2.5)]
    bridge = drawn([(1.5, 2.2), (1.5, 3.8)])
    barred = costs(bridge, FENCE, road)
    below = set(costs(None, road))
    assert below <= set(barred)
    assert (3, 1, EAST) not in barred


def test_a_gate_opens_the_line_it_stands_at_not_the_one_behind():
    parallel = [(1.8, -1), (1.8, 5)]
    barred = costs(gates((1.5, 2.0)), FENCE, parallel)
    assert barred[2, 1, EAST] == 10.0
    assert barred[1, 1, EAST] == 20.0
    assert (2, 1, EAST) not in costs(gates((1.5, 2.0), radius_m=[0.3]), FENCE, parallel)
    assert (2, 1, EAST) not in costs(gates((1.5, 2.0)), FENCE, parallel, merge_within_m=0.3)


def test_a_gate_in_a_bend_opens_a_step_that_leads_across():
    # The step east of row 2 crosses the bay twice and leads nowhere.
    bay = [
        (1.5, -1),
        (1.5, 1.7),
        (1.3, 2.2),
        (1.7, 2.2),
        (1.7, 1.9),
        (1.6, 1.9),
        (1.6, 2.1),
        (1.4, 2.1),
        (1.5, 5),
    ]
    frame = edge_costs(drawn(bay), grid_of(SHAPE), crossing_cost_m=np.inf, openings=gates((1.4, 2.0)))
    one_less = set(costs(None, bay)) - set(steps_of(frame))
    assert len(one_less) == 1


def test_two_crossings_of_one_line_opened_once_stay_closed():
    hairpin = [(1.4, -1), (1.4, 0.3), (1.6, 0.3), (1.6, -1)]
    assert opened(gates((1.4, 0.0), radius_m=[0.05]), hairpin, shape=(1, 4)) == set()
    assert opened(gates((1.5, 0.0), radius_m=[0.11]), hairpin, shape=(1, 4)) == {(0, 1, EAST)}


def test_openings_at_no_line_open_nothing_and_are_listed():
    table = gates((1.5, 2.0), (3.0, 1.0), (1.5, 3.0))
    table.index = ["a", "b", "c"]
    far = gates((40.0, 2.0))
    assert opened(far) == set()
    assert idle_openings(drawn(FENCE), grid_of(SHAPE), openings=pd.concat([table, far])) == ["b", 0]
    assert idle_openings(drawn(FENCE).iloc[:0], grid_of(SHAPE), openings=table) == ["a", "b", "c"]
    assert opened(table.iloc[:0]) == set()


def test_a_gate_where_no_line_crosses_a_step():
    assert costs(gates((9, 9)), [(9, 9), (9, 10)]) == {}
    assert costs(gates((1.2, 1.3)), [(1.2, 1.3), (1.2, 1.4)]) == {}


def test_tunnels_and_bridges_of_a_road_layer():
    roads = drawn(
        [(0, 0), (3, 0)],
        [(3, 0), (5, 0)],
        [(5, 0), (6, 0)],
        [(6, 0), (9, 0)],
        brunnel=[None, "tunnel", "bridge", "ford"],
    )
    assert openings_of(roads).length.tolist() == [2, 1]
    assert openings_of(roads, min_length_m=2).length.tolist() == [2]
    assert openings_of(roads, values=["ford"]).length.tolist() == [3]
    assert openings_of(roads).crs == roads.crs
    with pytest.raises(InputError, match=r"I262.*no column bridge"):
        openings_of(roads, column="bridge")


def test_everything_wrong_is_said():
    with pytest.raises(Problems, match=r"I273.*radius_m.*\n.*I273.*crossing_cost_m"):
        costs(gates((1, 1), (2, 2), radius_m=[-1, 1], crossing_cost_m=[1, np.nan]))
    with pytest.raises(InputError, match=r"I202.*openings"):
        costs(gates((1, 1)).set_crs("EPSG:32653", allow_override=True))
    with pytest.raises(InputError, match=r"I267.*Polygon"):
        costs(gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=grid_of(SHAPE).crs))
