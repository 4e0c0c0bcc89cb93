from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from corridors.cli import app

GRID = "ncols 4\nnrows 4\nxllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n" + "1 1 2 1\n" * 4
INI = "resistance_file = r.asc\nsource_from_resistance = true\nradius = 2\nproject_name = out\n"


@pytest.fixture
def case(tmp_path):
    (tmp_path / "r.asc").write_text(GRID)
    (tmp_path / "case.ini").write_text(INI)
    return tmp_path / "case.ini"


def test_a_case_is_run_and_the_maps_are_named(case, tmp_path):
    done = CliRunner().invoke(
        app, ["omniscape", str(case), "--out", str(tmp_path / "maps"), "--threads", "1"]
    )
    assert done.exit_code == 0
    assert "1 maps written" in done.stdout
    assert "[omniscape] 16 windows of up to 13 cells, 16 solutions by band" in done.stderr
    assert [file.name for file in (tmp_path / "maps").iterdir()] == ["cum_currmap.tif"]


def test_json_holds_folder_files_and_notes(case):
    done = CliRunner().invoke(app, ["omniscape", str(case), "--json"])
    told = json.loads(done.stdout)
    assert told["files"] == ["cum_currmap.tif"]
    assert told["problems"] == told["notes"] == []


def test_a_placeholder_path_is_an_error_that_names_the_option(case):
    case.write_text(INI.replace("r.asc", "(browse to resistance file)"))
    done = CliRunner().invoke(app, ["omniscape", str(case)])
    assert done.exit_code == 2
    assert "resistance_file is needed and not given" in done.stderr
