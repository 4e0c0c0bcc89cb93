"""Raster cases against arithmetic by hand: lines of cells are resistors in series, branches in parallel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from circuitscape_cases import between, list_of, map_of, resistances, run_case
from hypothesis import given, settings
from hypothesis import strategies as st

N = -9999
LINE = [[1, 1, 1]]
ENDS = {"point_file": "points.asc"}
AVERAGE_R = {"connect_using_avg_resistances": "True"}


@pytest.mark.parametrize(
    ("options", "values", "expected"),
    [
        ({}, [[1, 3]], 1 / ((1 + 1 / 3) / 2)),
        (AVERAGE_R, [[1, 3]], 2),
        ({"habitat_map_is_resistances": "False"}, [[1, 3]], 1 / 2),
        ({"habitat_map_is_resistances": "False", **AVERAGE_R}, [[1, 3]], (1 + 1 / 3) / 2),
    ],
    ids=["average conductance", "average resistance", "conductances", "conductances, average resistance"],
)
def test_one_step(
    tmp_path: Path, options: dict[str, str], values: list[list[float]], expected: float
) -> None:
    run_case(tmp_path, {**ENDS, **options}, habitat=values, points=[[1, 2]])
    assert between(tmp_path, 1, 2) == pytest.approx(expected, rel=1e-9)


def test_a_diagonal_step_is_longer_and_not_for_four_neighbours(tmp_path: Path) -> None:
    maps = {"habitat": [[1, N], [N, 1]], "points": [[1, N], [N, 2]]}
    run_case(tmp_path, ENDS, **maps)
    assert between(tmp_path, 1, 2) == pytest.approx(2**0.5, rel=1e-9)
    done = run_case(tmp_path, {**ENDS, "connect_four_neighbors_only": "True"}, **maps)
    assert between(tmp_path, 1, 2) == -1
    assert "no way between: 1-2" in done.notes


def test_resistances_maps_and_names_of_a_line(tmp_path: Path) -> None:
    options = {**ENDS, "write_cur_maps": "1", "write_volt_maps": "1", "write_max_cur_maps": "1"}
    done = run_case(tmp_path, options, habitat=LINE, points=[[1, 3, 2]])
    np.testing.assert_allclose(
        resistances(tmp_path), [[0, 1, 2, 3], [1, 0, 2, 1], [2, 2, 0, 1], [3, 1, 1, 0]]
    )
    assert list_of(tmp_path, "resistances_3columns.out") == pytest.approx({(1, 2): 2, (1, 3): 1, (2, 3): 1})
    np.testing.assert_allclose(map_of(tmp_path, "voltmap_1_2.asc"), [[0, 1, 2]], atol=1e-12)
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1_2.asc"), [[1, 1, 1]])
    np.testing.assert_allclose(map_of(tmp_path, "curmap_2_3.asc"), [[0, 1, 1]])
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), [[2, 3, 2]])
    np.testing.assert_allclose(map_of(tmp_path, "max_curmap.asc"), [[1, 1, 1]])
    pairs = ("1_2", "1_3", "2_3")
    maps = [f"case_{kind}_{pair}.asc" for pair in pairs for kind in ("voltmap", "curmap")]
    sums = ["case_cum_curmap.asc", "case_max_curmap.asc"]
    assert list(done.files) == [*maps, *sums, "case_resistances.out", "case_resistances_3columns.out"]
    assert {file.name for file in tmp_path.iterdir()} - {"case.ini", "habitat.asc", "points.asc"} == set(
        done.files
    )


def test_nothing_is_written_that_is_not_asked_for(tmp_path: Path) -> None:
    done = run_case(tmp_path, ENDS, habitat=LINE, points=[[1, N, 2]])
    assert done.files == ("case_resistances.out", "case_resistances_3columns.out")
    done = run_case(tmp_path, {**ENDS, "write_cum_cur_map_only": "1"}, habitat=LINE, points=[[1, N, 2]])
    assert done.files[0] == "case_cum_curmap.asc"
    assert len(done.files) == 3


def test_focal_nodes_on_no_data_in_one_cell_and_not_numbered_have_their_place(tmp_path: Path) -> None:
    points = "1 0.5 0.5\n7 0.5 0.5\n12 1.5 0.5\n3 2.5 0.5\n-9 0.5 0.5\n"
    done = run_case(tmp_path, {"point_file": "points.txt"}, habitat=[[1, N, 1]], points=points)
    assert resistances(tmp_path)[0].tolist() == [0, 1, 3, 7, 12]
    assert (between(tmp_path, 1, 7), between(tmp_path, 1, 3), between(tmp_path, 12, 1)) == (0, -1, -1)
    notes = "\n".join(done.notes)
    assert "focal nodes on no data, resistance -1: 12 (row 1, column 2; the nearest cell" in notes
    assert "on one node, resistance 0: 1-7" in notes


def test_text_points_lie_in_the_cell_above_and_left_of_an_edge(tmp_path: Path) -> None:
    points = "1 0 2\n2 1 1\n3 2 0.5\n4 1.5 0\n"
    run_case(tmp_path, {"point_file": "points.txt"}, habitat=[[1, 2], [4, 8]], points=points)
    same = resistances(tmp_path)
    grid = [[1, 0], [0, 4]]
    run_case(tmp_path, ENDS, habitat=[[1, 2], [4, 8]], points=grid)
    assert same[1:, 0].tolist() == [1, 2, 3, 4]
    assert (same[1, 2], same[3, 4]) == (0, 0)  # 1 and 2 share a cell, so do 3 and 4
    assert same[1, 4] == pytest.approx(between(tmp_path, 1, 4))


def test_a_mask_keeps_what_is_above_0(tmp_path: Path) -> None:
    options = {**ENDS, "use_mask": "True", "mask_file": "mask.asc"}
    maps = {"habitat": [[1, 1, 1], [1, 1, 1]], "points": [[1, N, 2], [N, N, N]]}
    run_case(tmp_path, options, **maps, mask=[[1, 0, 4], [-1, N, 1]])
    assert between(tmp_path, 1, 2) == -1
    run_case(tmp_path, options, **maps, mask=[[1, 3, 4], [-1, 0, 0]])
    assert between(tmp_path, 1, 2) == pytest.approx(2)


@pytest.mark.parametrize(("average", "expected"), [({}, 2), (AVERAGE_R, -1)])
def test_a_polygon_reaches_over_no_data(tmp_path: Path, average: dict[str, str], expected: float) -> None:
    """The last step onto no data conducts half of its cell's own under average conductance, else nothing."""
    options = {**ENDS, **average, "use_polygons": "True", "polygon_file": "polygons.asc"}
    maps = {"habitat": [[1, N, N, N, 1]], "polygons": [[N, 6, 6, 6, 6]], "points": [[1, N, N, N, 2]]}
    run_case(tmp_path, options, **maps)
    assert between(tmp_path, 1, 2) == pytest.approx(expected)


def test_a_polygon_in_two_pieces_is_one_node(tmp_path: Path) -> None:
    options = {**ENDS, "use_polygons": "True", "polygon_file": "polygons.asc"}
    run_case(tmp_path, options, habitat=[[1] * 5], polygons=[[3, 0, 0, 0, 3]], points=[[1, N, 2, N, 4]])
    np.testing.assert_allclose(resistances(tmp_path)[1:, 1:], [[0, 1, 0], [1, 0, 1], [0, 1, 0]])


@pytest.mark.parametrize("text", [False, True], ids=["grid", "list"])
def test_a_focal_region_is_one_node_only_while_it_is_active(tmp_path: Path, text: bool) -> None:
    """Region 1 closes the line to a ring: 2 has two ways of two steps to it, but one step to 3."""
    points = "1 0.5 0.5\n1 4.5 0.5\n3 1.5 0.5\n2 2.5 0.5\n"
    given = {"points": points} if text else {"points": [[1, 3, 2, N, 1]]}
    name = "points.txt" if text else "points.asc"
    run_case(tmp_path, {"point_file": name}, habitat=[[1] * 5], **given)
    assert between(tmp_path, 1, 2) == pytest.approx(1)
    assert between(tmp_path, 2, 3) == pytest.approx(1)
    assert between(tmp_path, 1, 3) == pytest.approx(1 / (1 + 1 / 3))


def test_a_focal_region_takes_in_the_polygons_it_touches(tmp_path: Path) -> None:
    options = {**ENDS, "use_polygons": "True", "polygon_file": "polygons.asc"}
    maps = {"polygons": [[N, 9, 9, N, N, N]], "points": [[1, 1, N, N, N, 2]]}
    run_case(tmp_path, options, habitat=[[1] * 6], **maps)
    assert between(tmp_path, 1, 2) == pytest.approx(3)


def test_pairs_left_out_have_minus_1_and_no_map(tmp_path: Path) -> None:
    options = {**ENDS, "use_included_pairs": "1", "included_pairs_file": "pairs.txt", "write_cur_maps": "1"}
    maps = {"habitat": LINE, "points": [[1, 2, 3]], "pairs": "mode include\n1 3\n3 2\n9 1\n"}
    done = run_case(tmp_path, options, **maps)
    np.testing.assert_allclose(resistances(tmp_path)[1:, 1:], [[0, -1, 2], [-1, 0, 1], [2, 1, 0]])
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), [[1, 2, 2]])
    assert not (tmp_path / "case_curmap_1_2.asc").exists()
    assert any("ids that are no focal nodes: 9" in note for note in done.notes)
    run_case(tmp_path, options, **{**maps, "pairs": "mode exclude\n1 3\n"})
    np.testing.assert_allclose(resistances(tmp_path)[1:, 1:], [[0, 1, -1], [1, 0, 1], [-1, 1, 0]])


def test_one_to_all_grounds_all_others(tmp_path: Path) -> None:
    options = {**ENDS, "scenario": "one-to-all", "write_volt_maps": "1", "write_cur_maps": "1"}
    strong = {"use_variable_source_strengths": "1", "variable_source_file": "amperes.txt"}
    maps = {"habitat": [[1, 1, 1, N, 1]], "points": [[1, 2, 3, N, 8]], "amperes": "2 4\n"}
    run_case(tmp_path, options, **maps)
    assert resistances(tmp_path) == pytest.approx(np.array([[1, 1], [2, 0.5], [3, 1], [8, -1]]))
    np.testing.assert_allclose(map_of(tmp_path, "voltmap_2.asc"), [[0, 0.5, 0, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(map_of(tmp_path, "curmap_2.asc"), [[0.5, 1, 0.5, 0, 0]])
    np.testing.assert_allclose(map_of(tmp_path, "curmap_8.asc"), np.zeros((1, 5)))
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), [[1.5, 3, 1.5, 0, 0]])
    run_case(tmp_path, {**options, **strong}, **maps)
    assert resistances(tmp_path)[1].tolist() == pytest.approx([2, 0.5])
    np.testing.assert_allclose(map_of(tmp_path, "voltmap_2.asc"), [[0, 2, 0, 0, 0]], atol=1e-12)


def test_all_to_one_gathers_what_all_others_put_in(tmp_path: Path) -> None:
    options = {**ENDS, "scenario": "all-to-one", "write_cur_maps": "1", "write_max_cur_maps": "1"}
    strong = {"use_variable_source_strengths": "1", "variable_source_file": "amperes.txt"}
    maps = {"habitat": [[1, 1, 1, N, 1]], "points": [[1, 2, 3, N, 8]], "amperes": "2 4\n"}
    run_case(tmp_path, options, **maps)
    assert resistances(tmp_path).tolist() == [[1, 0], [2, 0], [3, 0], [8, -1]]
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1.asc"), [[2, 2, 1, 0, 0]])
    np.testing.assert_allclose(map_of(tmp_path, "max_curmap.asc"), [[2, 2, 2, 0, 0]])
    run_case(tmp_path, {**options, **strong}, **maps)
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1.asc"), [[5, 5, 1, 0, 0]])


def test_a_node_left_out_by_the_pairs_is_silent_in_one_to_all(tmp_path: Path) -> None:
    options = {
        **ENDS,
        "scenario": "one-to-all",
        "use_included_pairs": "1",
        "included_pairs_file": "pairs.txt",
    }
    maps = {"habitat": LINE, "points": [[1, 2, 3]], "pairs": "mode exclude\n1 2\n"}
    run_case(tmp_path, options, **maps)
    assert resistances(tmp_path) == pytest.approx(np.array([[1, 2], [2, 1], [3, 1]]))


def test_a_region_puts_1_a_in_all_told(tmp_path: Path) -> None:
    options = {**ENDS, "scenario": "all-to-one", "write_cur_maps": "1"}
    run_case(tmp_path, options, habitat=[[1] * 4], points=[[1, 1, N, 2]])
    np.testing.assert_allclose(map_of(tmp_path, "curmap_2.asc"), [[1, 1, 1, 1]])


ADVANCED = {
    "scenario": "advanced",
    "source_file": "sources.asc",
    "ground_file": "grounds.asc",
    "write_volt_maps": "True",
}


@pytest.mark.parametrize(
    ("policy", "source", "ground", "expected"),
    [
        ("keepall", [1, N, N], [1, N, 0], [2 / 3, 1 / 3, 0]),
        ("rmvsrc", [1, N, N], [1, N, 0], [0, 0, 0]),
        ("rmvgnd", [1, N, N], [1, N, 0], [2 / 3, 1 / 3, 0]),  # its conductance to ground stays
        ("rmvall", [1, N, N], [1, N, 0], [0, 0, 0]),
        ("keepall", [1, N, N], [0, N, 0], [2, 1, 0]),  # a source beats a direct tie
        ("rmvsrc", [1, N, N], [0, N, 0], [0, 0, 0]),
        ("rmvgnd", [1, N, N], [0, N, 0], [2, 1, 0]),
        ("rmvall", [1, 1, N], [0, N, 0], [0, 0.5, 0]),
        ("keepall", [1, -1, N], [N, N, 0], [0, 0, 0]),  # sources that add up to 0 are left out
        ("keepall", [1, -2, N], [N, N, 0], [0, -1, 0]),
    ],
)
def test_rules_for_sources_on_grounds(
    tmp_path: Path, policy: str, source: list[float], ground: list[float], expected: list[float]
) -> None:
    options = {**ADVANCED, "remove_src_or_gnd": policy}
    run_case(tmp_path, options, habitat=LINE, sources=[source], grounds=[ground])
    np.testing.assert_allclose(map_of(tmp_path, "voltmap.asc"), [expected], atol=1e-9)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [3 * 2 + 4 * 3, 2 * 2 + 4 * 3 - 1, 4 * 3]),
        ({"ground_file_is_resistances": "False"}, [6 + 0.75, 3 + 0.75, 0.75]),
        ({"use_unit_currents": "True"}, [2 + 4, 1 + 4, 4]),
        ({"use_direct_grounds": "True"}, [6, 3, 0]),
    ],
    ids=["resistance", "conductance", "unit currents", "direct grounds"],
)
def test_grounds_and_currents(tmp_path: Path, options: dict[str, str], expected: list[float]) -> None:
    """3 A down a line of two steps and through a tie of 4 ohms, or 4 siemens."""
    maps = {"sources": [[3, N, N]], "grounds": [[N, N, 4]]}
    run_case(tmp_path, {**ADVANCED, **options}, habitat=LINE, **maps)
    np.testing.assert_allclose(map_of(tmp_path, "voltmap.asc"), [expected])
    current = 1 if "use_unit_currents" in options else 3
    np.testing.assert_allclose(map_of(tmp_path, "curmap.asc"), [[current] * 3])


def test_sources_and_grounds_as_lists_add_up(tmp_path: Path) -> None:
    options = {**ADVANCED, "source_file": "sources.txt", "ground_file": "grounds.txt"}
    lists = {"sources": "1 0.5 0.5\n2 0.1 0.9\n", "grounds": "2 2.5 0.5\n2 2.9 0.5\n"}
    run_case(tmp_path, options, habitat=LINE, **lists)
    np.testing.assert_allclose(map_of(tmp_path, "voltmap.asc"), [[3 * 3, 3 * 2, 3 * 1]])


def test_logs_are_taken_before_the_sum(tmp_path: Path) -> None:
    """Pair 1-2 leaves the last cell without current: no data there, and so in the sum."""
    options = {**ENDS, "write_cur_maps": "True", "log_transform_maps": "True", "write_max_cur_maps": "True"}
    run_case(tmp_path, options, habitat=[[1, 1, 1], [1, 1, 1]], points=[[1, N, N], [2, N, 3]])
    logs = [map_of(tmp_path, f"curmap_{pair}.asc") for pair in ("1_2", "1_3", "2_3")]
    assert all(abs(log).max() > 0.1 for log in logs)
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), sum(logs), atol=1e-8)
    np.testing.assert_allclose(map_of(tmp_path, "max_curmap.asc"), np.maximum.reduce(logs), atol=1e-8)
    run_case(tmp_path, options, habitat=[[1] * 4], points=[[1, N, 2, 3]])
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1_2.asc"), [[0, 0, 0, np.nan]], atol=1e-9)
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc")[0], [np.nan, np.nan, 0, np.nan], atol=1e-9)
    np.testing.assert_allclose(map_of(tmp_path, "max_curmap.asc"), np.zeros((1, 4)), atol=1e-9)


@pytest.mark.parametrize("alone", ["True", "False"])
def test_null_cells_are_no_data_where_asked_for(tmp_path: Path, alone: str) -> None:
    options = {
        **ENDS,
        "write_cur_maps": "True",
        "write_volt_maps": str(alone == "False"),
        "write_cum_cur_map_only": alone,
        "write_max_cur_maps": "True",
        "set_null_currents_to_nodata": "True",
        "set_null_voltages_to_nodata": "True",
    }
    run_case(tmp_path, options, habitat=[[1, 1, N]], points=[[1, 2, N]])
    for name in ("cum_curmap", "max_curmap", *(() if alone == "True" else ("curmap_1_2",))):
        np.testing.assert_allclose(map_of(tmp_path, f"{name}.asc"), [[1, 1, np.nan]])
    if alone == "False":
        np.testing.assert_allclose(map_of(tmp_path, "voltmap_1_2.asc"), [[0, 1, np.nan]], atol=1e-12)


def test_focal_currents_go_to_0_while_their_pair_is_active(tmp_path: Path) -> None:
    options = {**ENDS, "write_cur_maps": "True", "set_focal_node_currents_to_zero": "True"}
    maps = {"habitat": [[1] * 4], "points": [[1, 1, 2, 3]]}
    run_case(tmp_path, options, **maps)
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1_3.asc"), [[0, 0, 1, 0]])
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), [[0, 0, 1, 0]])
    run_case(tmp_path, {**options, "scenario": "one-to-all"}, **maps)
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), np.zeros((1, 4)))


def test_reclassifying_goes_over_the_map_once(tmp_path: Path) -> None:
    options = {**ENDS, "use_reclass_table": "True", "reclass_file": "table.txt", **AVERAGE_R}
    run_case(tmp_path, options, habitat=[[1, 2, 7]], points=[[1, N, 2]], table="2 3\n1 2\n")
    assert between(tmp_path, 1, 2) == pytest.approx(2 / 2 + 3 + 7 / 2)


def test_gzipped_and_geotiff_outputs(tmp_path: Path) -> None:
    options = {**ENDS, "write_cur_maps": "True", "compress_grids": "True"}
    maps = {"habitat": LINE, "points": [[1, N, 2]]}
    assert run_case(tmp_path, options, **maps).files[0] == "case_curmap_1_2.asc.gz"
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1_2.asc.gz"), [[1, 1, 1]])
    assert run_case(tmp_path, {**options, "write_as_tif": "True"}, **maps).files[0] == "case_curmap_1_2.tif"
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1_2.tif"), [[1, 1, 1]])


def test_the_maximum_has_its_old_name_too_in_cases_of_version_3(tmp_path: Path) -> None:
    options = {**ENDS, "write_cur_maps": "True", "write_max_cur_maps": "True", "version": "3.5.5"}
    run_case(tmp_path, options, habitat=LINE, points=[[1, N, 2]])
    np.testing.assert_array_equal(map_of(tmp_path, "curmap_max.asc"), map_of(tmp_path, "max_curmap.asc"))


def test_large_ids_stay_exact(tmp_path: Path) -> None:
    points = "9007199254740991 0.5 0.5\n9007199254740990 2.5 0.5\n"
    run_case(tmp_path, {"point_file": "points.txt"}, habitat=LINE, points=points)
    first = (tmp_path / "case_resistances_3columns.out").read_text().split()
    assert first == ["9007199254740990", "9007199254740991", "2"]


@settings(max_examples=15)
@given(data=st.data())
def test_the_sum_alone_is_the_sum_of_the_maps(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    tmp_path = tmp_path_factory.mktemp("sums")
    seed = data.draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    habitat = np.where(random.random((5, 6)) < 0.15, N, random.integers(1, 20, (5, 6)))
    points = np.full((5, 6), N)
    points.ravel()[random.choice(30, 4, replace=False)] = [1, 2, 3, data.draw(st.sampled_from([3, 4]))]
    options = {**ENDS, "write_cur_maps": "1", "write_max_cur_maps": "1"}
    maps = {"habitat": habitat.tolist(), "points": points.tolist()}
    run_case(tmp_path, options, **maps)
    total, most = map_of(tmp_path, "cum_curmap.asc"), map_of(tmp_path, "max_curmap.asc")
    table = resistances(tmp_path)
    run_case(tmp_path, {**options, "write_cum_cur_map_only": "1"}, **maps)
    np.testing.assert_allclose(map_of(tmp_path, "cum_curmap.asc"), total, atol=2e-7)
    if (table[1:, 1:] > 0).any():
        np.testing.assert_allclose(map_of(tmp_path, "max_curmap.asc"), most, atol=2e-7)
    np.testing.assert_allclose(resistances(tmp_path), table, rtol=1e-8)
    run_case(tmp_path, ENDS, **maps)
    np.testing.assert_allclose(resistances(tmp_path), table, rtol=1e-8)
