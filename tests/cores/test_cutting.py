import numpy as np
import pandas as pd
import pytest
from barriers.walks import drawn, gates
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from landscapes import grid_of

from corridors.barriers import edge_costs
from corridors.cores import cut_cores
from corridors.cores.outlines import core_table
from corridors.errors import ConfigError, InputError, Problems
from corridors.network import connectivity_indices, to_graph


def cut(values, *fences, cost=np.inf, gate=None, cell_size_m=1000.0, **options):
    values = np.asarray(values, dtype=np.uint16)
    grid = grid_of(values.shape, cell_size_m=cell_size_m)
    openings = None if gate is None else gates(gate, cell_size_m=cell_size_m)
    edges = edge_costs(drawn(*fences, cell_size_m=cell_size_m), grid, crossing_cost_m=cost, openings=openings)
    return cut_cores(grid.like(values, name="cores", units="core_id"), edges, **options)


def test_a_sealed_fence_makes_two_cores_and_the_larger_keeps_its_number():
    labels = cut([[1, 1, 1, 2]] * 2, [(0.5, -1), (0.5, 3)])
    assert labels.values.tolist() == [[3, 1, 1, 2]] * 2
    assert labels.dtype == np.uint16
    assert labels.name == "cores"


def test_a_gate_holds_a_core_together():
    fence = [(1.5, -1), (1.5, 5)]
    assert cut(np.ones((4, 4)), fence).values.max() == 2
    assert cut(np.ones((4, 4)), fence, gate=(1.5, 2.0)).values.max() == 1


def test_only_what_costs_more_than_the_limit_cuts():
    fence = [(0.5, -1), (0.5, 3)]
    assert cut(np.ones((2, 3)), fence, cost=25_000).values.max() == 1
    assert cut(np.ones((2, 3)), fence, cost=25_001).values.max() == 2
    assert cut(np.ones((2, 3)), fence, cost=10_001, core_cut_cost_m=10_000).values.max() == 2
    assert cut(np.ones((2, 3)), fence, core_cut_cost_m=np.inf).values.max() == 1


def test_a_fence_that_ends_inside_does_not_cut():
    assert cut(np.ones((4, 4)), [(1.5, -1), (1.5, 2.2)]).values.max() == 1


def test_pieces_that_lay_apart_stay_one_core():
    reserve = np.array([[1, 1, 1, 0, 1]] * 2)
    assert cut(reserve, [(9, 9), (9, 10)]).values.tolist() == reserve.tolist()
    assert cut(reserve, [(0.5, -1), (0.5, 3)]).values.tolist() == [[2, 1, 1, 0, 1]] * 2


def test_new_numbers_follow_core_then_size_then_place():
    values = [[1, 1, 1, 1, 1, 1, 1, 2, 2]]
    fences = [[(x, -1), (x, 1)] for x in (0.5, 3.5, 5.5, 7.5)]
    # Core 1 falls into 1, 3, 2 and 1 cells, core 2 into two halves, of which the first keeps the number.
    assert cut(values, *fences).values.tolist() == [[4, 1, 1, 1, 3, 3, 5, 2, 6]]


def test_small_parts_are_dropped_where_asked():
    assert cut([[1, 1, 1, 1]], [(0.5, -1), (0.5, 1)], smallest_km2=1.0).values.tolist() == [[2, 1, 1, 1]]
    assert cut([[1, 1, 1, 1]], [(0.5, -1), (0.5, 1)], smallest_km2=1.5).values.tolist() == [[0, 1, 1, 1]]
    assert cut([[1, 0, 2, 2]], [(2.5, -1), (2.5, 1)], smallest_km2=9.0).values.tolist() == [[1, 0, 2, 0]]


def test_two_halves_sealed_from_each_other_count_as_two():
    # 6000 and 3000 km²: together 9000, apart the root of 6000² + 3000².
    values = np.zeros((32, 92), dtype=np.uint16)
    values[1:31, 1:91] = 1
    size_m = np.sqrt(9000 / (30 * 90)) * 1000
    fence = [(60.5, -1), (60.5, 33)]
    eca = {}
    for cost in (0.0, np.inf):
        labels = cut(values, fence, cost=cost, cell_size_m=size_m)
        sizes = np.bincount(labels.values.ravel())[1:] * size_m**2 / 1e6
        cores = pd.DataFrame({"area_km2": sizes}, index=pd.RangeIndex(1, len(sizes) + 1, name="core_id"))
        links = pd.DataFrame({"core_a": [], "core_b": [], "path_length_km": [], "cost_distance_m": []})
        graph = to_graph(cores, links, node_weight="area")
        eca[cost] = connectivity_indices(graph, dispersal_km=[70])["equivalent_connected_area_km2"].iloc[0]
    assert eca[0.0] == pytest.approx(9000)
    assert eca[np.inf] == pytest.approx(np.sqrt(6000**2 + 3000**2)) == pytest.approx(6708, abs=0.5)


def test_cut_cores_make_a_table():
    labels = cut(np.ones((4, 6)), [(3.5, -1), (3.5, 5)])
    grid = grid_of((4, 6), cell_size_m=1000.0)
    everywhere = np.ones(grid.shape, dtype=bool)
    cores, _ = core_table(labels.values, np.ones(grid.shape), grid, inside=everywhere, min_area_km2=10)
    assert cores["area_km2"].round().tolist() == [16, 8]
    assert cores["stepping_stone"].tolist() == [False, True]


coordinate = st.floats(-1, 7).map(lambda value: round(value, 2))


@given(
    arrays.arrays(np.uint16, (6, 6), elements=st.sampled_from([0, 1, 1, 1, 3])),
    st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True),
)
def test_cutting_only_ever_splits(values, fence):
    labels = cut(values, fence).values
    assert ((labels > 0) == (values > 0)).all()
    old = {int(new): set(values[labels == new].tolist()) for new in np.unique(labels[labels > 0])}
    assert all(len(cores) == 1 for cores in old.values())
    assert {core for cores in old.values() for core in cores} == set(values[values > 0].tolist())
    assert all(cores == {new} for new, cores in old.items() if new <= values.max())
    uncut = cut(values, fence, cost=1.0).values
    assert (uncut == values).all()


def test_nothing_to_cut():
    assert cut(np.zeros((2, 3)), [(0.5, -1), (0.5, 3)]).values.tolist() == [[0, 0, 0]] * 2


def test_everything_wrong_is_said():
    with pytest.raises(Problems, match=r"core_cut_cost_m.*\n.*smallest_km2"):
        cut(np.ones((2, 2)), [(0.5, -1), (0.5, 3)], core_cut_cost_m=-1, smallest_km2=np.nan)
    with pytest.raises(ConfigError, match=r"C103.*core_cut_cost_m"):
        cut(np.ones((2, 2)), [(0.5, -1), (0.5, 3)], core_cut_cost_m=np.nan)
    edges = edge_costs(drawn([(0, 0), (1, 1)]), grid_of((2, 2)), crossing_cost_m=1)
    with pytest.raises(InputError, match=r"I201.*barriers against cores"):
        cut_cores(grid_of((2, 3)).like(np.ones((2, 3)), name="cores"), edges)
