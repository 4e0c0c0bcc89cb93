"""`corridors circuitscape`: exit codes, notes, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from circuitscape_cases import write_case
from typer.testing import CliRunner, Result

from corridors.circuit.circuitscape import case
from corridors.cli import app

N = -9999
LINE = {"habitat": [[1, 1, 1]], "points": [[1, N, 2]]}


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["circuitscape", *map(str, arguments)])


def test_a_case_runs_and_says_what_it_ignored(tmp_path: Path) -> None:
    ini = write_case(tmp_path, {"point_file": "points.asc", "solver": "cg+amg"}, **LINE)
    done = invoke(ini, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert done.stdout.startswith("2 files written: ")
    assert "[circuitscape] ignored, they mean nothing here: solver" in done.stderr
    assert (tmp_path / "out" / "case_resistances.out").read_text() == "0 1 2\n1 0 2\n2 2 0\n"
    assert invoke(ini, "--quiet").output == ""


def test_as_json(tmp_path: Path) -> None:
    ini = write_case(tmp_path, {"point_file": "points.asc"}, **LINE)
    told = json.loads(invoke(ini, "--json").stdout)
    assert told["problems"] == []
    assert told["files"] == ["case_resistances.out", "case_resistances_3columns.out"]
    assert len(told["notes"]) == 2


def test_wrong_input_exits_2_with_a_line_for_each_problem(tmp_path: Path) -> None:
    ini = write_case(tmp_path, {"habitat_file": "(Browse for a resistance file)", "scenario": "pair"}, **LINE)
    done = invoke(ini)
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert [line[:6] for line in lines] == ["[C102]", "[C104]", "[C104]"]
    assert any("habitat_file is needed" in line and "(Browse for" in line for line in lines)
    assert invoke(tmp_path / "missing.ini").exit_code == 2


def test_an_interrupt_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ini = write_case(tmp_path, {"point_file": "points.asc"}, **LINE)

    def interrupted(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(case, "solve", interrupted)
    assert invoke(ini).exit_code == 130
    assert not list(tmp_path.glob("case_*"))
