"""Network cases against arithmetic by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from circuitscape_cases import between, list_of, run_case

NETWORK = {"data_type": "network", "habitat_file": "graph.txt", "point_file": "points.txt"}
TRIANGLE = "3 7 1\n7 20 1\n3 20 1\n40 41 1\n"
LISTS = {"write_cur_maps": "True", "write_volt_maps": "True"}


def test_a_triangle_with_ids_that_leave_gaps(tmp_path: Path) -> None:
    done = run_case(tmp_path, {**NETWORK, **LISTS}, graph=TRIANGLE, points="3\n20\n40\n")
    assert between(tmp_path, 3, 20) == pytest.approx(2 / 3)
    assert between(tmp_path, 3, 40) == -1
    assert list_of(tmp_path, "voltages_3_20.txt") == pytest.approx({(3,): 0, (7,): 1 / 3, (20,): 2 / 3})
    assert list_of(tmp_path, "node_currents_3_20.txt") == pytest.approx({(3,): 1, (7,): 1 / 3, (20,): 1})
    branches = {(3, 7): 1 / 3, (3, 20): 2 / 3, (7, 20): 1 / 3}
    assert list_of(tmp_path, "branch_currents_3_20.txt") == pytest.approx(branches)
    everything = {(3,): 1, (7,): 1 / 3, (20,): 1, (40,): 0, (41,): 0}
    assert list_of(tmp_path, "node_currents_cum.txt") == pytest.approx(everything)
    assert list_of(tmp_path, "branch_currents_cum.txt") == pytest.approx({**branches, (40, 41): 0})
    assert "case_voltages_3_40.txt" not in done.files
    assert "no way between: 3-40, 20-40" in done.notes


def test_the_sum_alone_and_resistances_alone(tmp_path: Path) -> None:
    graph = {"graph": TRIANGLE, "points": "20\n3\n7\n"}
    done = run_case(tmp_path, {**NETWORK, "write_cum_cur_map_only": "1"}, **graph)
    assert done.files[:2] == ("case_node_currents_cum.txt", "case_branch_currents_cum.txt")
    assert list_of(tmp_path, "node_currents_cum.txt")[3,] == pytest.approx(2 + 1 / 3)
    done = run_case(tmp_path, NETWORK, **graph)
    assert done.files == ("case_resistances.out", "case_resistances_3columns.out")


def test_two_branches_between_the_same_nodes_conduct_together(tmp_path: Path) -> None:
    run_case(tmp_path, NETWORK, graph="1 2 3\n2 1 6\n1 1 5\n", points="1\n2\n")
    assert between(tmp_path, 1, 2) == pytest.approx(2)
    options = {**NETWORK, "habitat_map_is_resistances": "False"}
    run_case(tmp_path, options, graph="1 2 3\n2 1 6\n2 3 0\n", points="1\n2\n3\n")
    assert between(tmp_path, 1, 2) == pytest.approx(1 / 9)
    assert between(tmp_path, 2, 3) == -1


def test_pairs_are_honoured(tmp_path: Path) -> None:
    options = {**NETWORK, "use_included_pairs": "1", "included_pairs_file": "pairs.txt"}
    run_case(tmp_path, options, graph=TRIANGLE, points="3\n7\n20\n", pairs="mode exclude\n3 7\n")
    assert between(tmp_path, 3, 7) == -1
    assert between(tmp_path, 3, 20) == pytest.approx(2 / 3)


def test_sources_and_grounds(tmp_path: Path) -> None:
    """3 A at node 3; from 20 through 2 ohms to ground. The line 7 hangs in a loop of the triangle."""
    options = {
        "data_type": "network",
        "habitat_file": "graph.txt",
        "scenario": "advanced",
        "source_file": "sources.txt",
        "ground_file": "grounds.txt",
        "write_volt_maps": "True",
    }
    run_case(tmp_path, options, graph=TRIANGLE, sources="3 1\n3 2\n", grounds="20 2\n")
    volts = list_of(tmp_path, "voltages.txt")
    assert volts == pytest.approx({(3,): 8, (7,): 7, (20,): 6, (40,): 0, (41,): 0})
    assert list_of(tmp_path, "node_currents.txt")[3,] == pytest.approx(3)
    assert list_of(tmp_path, "branch_currents.txt") == pytest.approx({(3, 7): 1, (3, 20): 2, (7, 20): 1})
    run_case(tmp_path, options, graph=TRIANGLE, sources="3 3\n", grounds="20 0\n")
    assert list_of(tmp_path, "voltages.txt")[3,] == pytest.approx(2)
