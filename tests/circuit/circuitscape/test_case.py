"""Whole cases: places of files, problems of several files at once, notes, and a break in the middle."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from circuitscape_cases import between, grid_text, map_of, run_case, write_case

from corridors.circuit.circuitscape import run_circuitscape
from corridors.errors import CorridorsError, InputError, OutputError, Problems
from corridors.io import PlainGrid, write_plain_tiff

N = -9999
ENDS = {"point_file": "points.asc"}
LINE = {"habitat": [[1, 1, 1]], "points": [[1, N, 2]]}


def test_files_lie_relative_to_the_ini_and_outputs_where_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "results").mkdir()
    options = {"habitat_file": r"maps\habitat.asc", "point_file": "maps/points.asc"}
    ini = write_case(tmp_path, {**options, "output_file": r"results\run.1"}, **LINE)
    for name in LINE:
        (tmp_path / f"{name}.asc").rename(tmp_path / "maps" / f"{name}.asc")
    monkeypatch.chdir("/")
    assert run_circuitscape(str(ini)).prefix == str(tmp_path / "results" / "run.1")
    done = run_circuitscape(str(ini), out=str(tmp_path / "elsewhere"))
    for folder in ("results", "elsewhere"):
        assert {file.name for file in (tmp_path / folder).iterdir()} == set(done.files)


def test_gzipped_and_geotiff_inputs_give_the_same(tmp_path: Path) -> None:
    run_case(tmp_path, ENDS, **LINE)
    expected = between(tmp_path, 1, 2)
    text = grid_text(LINE["habitat"])
    (tmp_path / "habitat.asc.gz").write_bytes(gzip.compress(text.encode()))
    points = np.array(LINE["points"], dtype=np.float64)
    write_plain_tiff(tmp_path / "points.tif", points, like=PlainGrid(points))
    (tmp_path / "points.tif.gz").write_bytes(gzip.compress((tmp_path / "points.tif").read_bytes()))
    for habitat, focal in (("habitat.asc.gz", "points.tif"), ("habitat.asc", "points.tif.gz")):
        run_case(tmp_path, {"habitat_file": habitat, "point_file": focal})
        assert between(tmp_path, 1, 2) == expected


def test_everything_wrong_with_the_files_is_told_at_once(tmp_path: Path) -> None:
    options = {
        **ENDS,
        "use_polygons": "1",
        "polygon_file": "polygons.asc",
        "use_mask": "1",
        "mask_file": "missing.asc",
        "use_variable_source_strengths": "1",
        "variable_source_file": "amperes.txt",
        "scenario": "one-to-all",
        "output_file": "nowhere/case.out",
    }
    maps = {"habitat": [[1, 1, 1]], "points": [[1.5, N, 2]], "polygons": [[1, 1], [2, 2]]}
    with pytest.raises(Problems) as told:
        run_case(tmp_path, options, **maps, amperes="1 2\n1 3\n")
    codes = sorted(problem.code for problem in told.value.problems)
    assert codes == ["I201", "I216", "I226", "I251", "O403"]
    assert "2 rows, not 1; 2 columns, not 3" in str(told.value)
    assert not list(tmp_path.glob("case_*"))


def test_without_the_map_the_other_missing_files_are_still_named(tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"habitat\.asc[^\0]*points\.asc"):
        run_case(tmp_path, ENDS)


@pytest.mark.parametrize(
    ("maps", "complaint"),
    [
        (
            {"habitat": [[1, 0, -2]]},
            r"I211.*habitat\.asc: 2 cells hold resistances of 0 or less.*row 1, column 2.*polygon_file",
        ),
        ({"habitat": [[N, N, N]]}, r"I217"),
        ({"points": [[1, N, N]]}, r"I223.*Given: 1"),
        ({"points": [[1, N, 9e15 + 2**54]]}, r"I216"),
    ],
)
def test_wrong_maps_say_what_and_where(
    tmp_path: Path, maps: dict[str, list[list[float]]], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        run_case(tmp_path, ENDS, **{**LINE, **maps})


def test_points_outside_the_map_are_all_named(tmp_path: Path) -> None:
    points = "1 0.5 0.5\n4 3.5 0.5\n5 0.5 1.5\n6 -0.1 0.5\n"
    with pytest.raises(InputError, match=r"I221.*points\.txt.*4, 5, 6"):
        run_case(tmp_path, {"point_file": "points.txt"}, habitat=[[1, 1, 1]], points=points)


def test_a_mask_that_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"I217.*mask leaves no cell"):
        run_case(tmp_path, {**ENDS, "use_mask": "1", "mask_file": "mask.asc"}, **LINE, mask=[[0, -1, N]])


@pytest.mark.parametrize(
    ("options", "files", "complaint"),
    [
        ({}, {"graph": "1 2 0\n2 3 1\n"}, r"I211.*branch 1"),
        ({}, {"graph": "1 2.5 1\n"}, r"I216.*2\.5"),
        ({}, {"graph": "-1 2 1\n"}, r"I216.*negative"),
        ({}, {"points": "1\n9\n"}, r"I227.*Given: 9"),
        ({}, {"points": "1\n2\n1\n"}, r"I226.*Given: 1"),
        ({}, {"points": "1\n"}, r"I223"),
    ],
)
def test_wrong_networks_say_what_and_where(
    tmp_path: Path, options: dict[str, str], files: dict[str, str], complaint: str
) -> None:
    network = {"data_type": "network", "habitat_file": "graph.txt", "point_file": "points.txt"}
    with pytest.raises(CorridorsError, match=complaint):
        run_case(tmp_path, {**network, **options}, **{"graph": "1 2 1\n", "points": "1\n2\n", **files})


def test_no_pair_left_by_the_file_of_pairs(tmp_path: Path) -> None:
    options = {**ENDS, "use_included_pairs": "1", "included_pairs_file": "pairs.txt"}
    with pytest.raises(InputError, match="I227"):
        run_case(tmp_path, options, **LINE, pairs="mode exclude\n1 2\n")


def test_notes_come_before_the_work_and_the_plan_is_one(tmp_path: Path) -> None:
    said: list[str] = []
    steps: list[str] = []
    options = {**ENDS, "solver": "cholmod", "write_cur_maps": "1"}
    ini = write_case(tmp_path, options, **LINE)

    def progress(step: str, _fraction: float) -> None:
        steps.append(f"{step} after {len(said)} notes")

    done = run_circuitscape(str(ini), progress=progress, tell=said.append)
    assert list(done.notes) == said
    assert said[0] == "ignored, they mean nothing here: solver"
    assert said[1].startswith("3 nodes, 1 right-hand sides, solver direct, about 0 MB")
    assert said[2].startswith("largest residual of a solution: ")
    assert float(said[2].split()[-1]) < 1e-10
    assert steps == ["Reading after 1 notes", "Pair 1, 2 after 2 notes"]


def test_a_break_in_the_middle_leaves_whole_files_only(tmp_path: Path) -> None:
    maps = {"habitat": [[1] * 4], "points": [[1, 2, 3, 4]]}
    ini = write_case(tmp_path, {**ENDS, "write_cur_maps": "1"}, **maps)

    def progress(step: str, _fraction: float) -> None:
        if step == "Pair 1, 4":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_circuitscape(str(ini), progress=progress)
    left = sorted(file.name for file in tmp_path.iterdir())
    assert left == ["case.ini", "case_curmap_1_2.asc", "case_curmap_1_3.asc", "habitat.asc", "points.asc"]
    np.testing.assert_allclose(map_of(tmp_path, "curmap_1_3.asc"), [[1, 1, 1, 0]])


def test_an_output_folder_that_cannot_be_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ini = write_case(tmp_path, ENDS, **LINE)
    with pytest.raises(OutputError, match="O403"):
        run_circuitscape(str(ini), out=str(tmp_path / "file" / "out"))
