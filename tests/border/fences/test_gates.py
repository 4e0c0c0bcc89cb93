"""Gates to open first, against opening every place in turn and solving everything anew."""

from __future__ import annotations

import numpy as np
import pytest
from barriers.walks import drawn, gates
from border.fences.places import areas, land, under
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

SIZE = 500.0
ROWS = 8


def halves(resistance):
    """Three core areas west and two east of a fence, and one across it."""
    labels = np.zeros((ROWS, 12), dtype=int)
    labels[0:2, 0:2], labels[6:8, 0:3], labels[0:3, 9:12], labels[7, 10:12], labels[3:5, 4:8] = 1, 2, 3, 4, 5
    return land(resistance, labels)


def fence():
    return drawn([(5.5, -0.5), (5.5, ROWS - 0.5)], cell_size_m=SIZE)


def segment_row(line):
    """Return the row of cells a segment of one cell's length runs along."""
    top = 4_900_000.0
    return int((top - line.centroid.y) // SIZE)


grounds = st.lists(st.sampled_from([1.0, 3.0, 10.0, 50.0]), min_size=ROWS * 12, max_size=ROWS * 12).map(
    lambda cells: np.array(cells).reshape(ROWS, 12)
)


@settings(max_examples=4, phases=(Phase.explicit, Phase.generate))
@given(grounds, st.sampled_from([("sealed", 4000.0), ("permeable", 4000.0)]))
def test_what_a_gate_alone_brings_is_what_solving_anew_says(resistance, state) -> None:
    scenario, cost_m = state
    place = halves(resistance)
    options = {"crossing_cost_m": cost_m, "segment_km": SIZE / 1000, "dispersal_km": [2.0]}
    found = under(fence(), place, gates_n=1, **options)
    told = found.gates[found.gates["scenario"] == scenario]
    gains = {}
    for row in range(ROWS):
        one = under(fence(), place, gates=gates((5.5, row), cell_size_m=SIZE), **options)
        gains[row] = areas(one)[f"{scenario}, gates"][0] - areas(one)[scenario][0]
    for line, gain in zip(told.geometry, told["eca_gain_km2"], strict=True):
        assert gain == pytest.approx(gains[segment_row(line)], rel=1e-6, abs=1e-6)
    before = areas(found)[scenario][0]
    missing = set(range(ROWS)) - {segment_row(line) for line in told.geometry}
    assert all(gains[row] <= 2e-4 * before for row in missing)  # those left out bring next to nothing
    best = max(gains.values())
    if told["opened"].any() and best > 1e-3 * before:
        assert told["eca_gain_km2"].iloc[0] >= best - 1e-4 * before


@settings(max_examples=3, phases=(Phase.explicit, Phase.generate))
@given(grounds)
def test_each_gate_is_the_best_given_those_before(resistance) -> None:
    place = halves(resistance)
    options = {"crossing_cost_m": 4000.0, "segment_km": SIZE / 1000, "dispersal_km": [2.0]}
    found = under(fence(), place, gates_n=2, **options)
    told = found.gates[(found.gates["scenario"] == "sealed") & found.gates["opened"]]
    chosen = [segment_row(line) for line in told.geometry]
    if len(chosen) < 2:
        return
    both = {
        row: areas(under(fence(), place, gates=_at(chosen[0], row), **options))["sealed, gates"][0]
        for row in range(ROWS)
    }
    one = areas(under(fence(), place, gates=_at(chosen[0]), **options))["sealed, gates"][0]
    assert areas(found)["sealed, gates"][0] == pytest.approx(both[chosen[1]], rel=1e-9)
    if max(both.values()) > one * 1.001:
        assert both[chosen[1]] >= max(both.values()) - 1e-4 * one


def _at(*rows):
    return gates(*((5.5, row) for row in rows), cell_size_m=SIZE)


def test_in_a_core_area_the_gate_in_its_middle_comes_first_and_the_next_ones_apart() -> None:
    # One core area of 20 x 60 km on both sides of a fence: any gate joins it, the middle is nearest to all.
    place = land(np.ones((60, 20)), np.ones((60, 20), dtype=int), cell_size_m=1000.0)
    line = drawn([(9.5, -0.5), (9.5, 59.5)], cell_size_m=1000.0)
    found = under(line, place, gates_n=3, dispersal_km=[40.0], segment_km=5.0)
    sealed = found.gates[found.gates["scenario"] == "sealed"]
    rows = [(4_900_000.0 - line.centroid.y) / 1000 for line in sealed.geometry]
    assert abs(rows[0] - 30) <= 5
    first_three = sorted(rows[:3])
    assert all(apart >= 10 for apart in np.diff(first_three))
    assert sealed["opened"].tolist() == [True] * 3 + [False] * 9
    assert sealed["rank"].tolist() == list(range(1, 13))
    assert sealed["length_km"].sum() == pytest.approx(60, rel=1e-3)
    assert (sealed["position_error_km"] == 2.0).all()  # two cells of 1 km


def test_no_gate_where_none_helps() -> None:
    place = land(np.ones((8, 12)), np.pad(np.ones((3, 3), dtype=int), ((1, 4), (1, 8))))
    found = under(fence(), place, gates_n=3)
    assert found.gates.empty
    assert list(dict.fromkeys(found.scenarios["scenario"])) == ["none", "permeable", "sealed"]
