"""Progress for programs that start this one, and how they end it: exit 130, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from typer.testing import CliRunner

from corridors.cli import app
from corridors.grid import Grid
from corridors.io import write_raster

ROOT = Path(__file__).resolve().parents[2]
GRID = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (150, 150))


@pytest.fixture
def resistance(tmp_path: Path) -> Path:
    """Return a raster whose moving windows take many times longer than the test."""
    values = np.random.default_rng(1).uniform(1, 20, GRID.shape)
    write_raster(GRID.like(values, name="resistance"), tmp_path / "resistance.tif")
    return tmp_path / "resistance.tif"


def test_lines_of_json(tmp_path: Path, resistance: Path) -> None:
    small = Grid(GRID.crs, GRID.transform, (9, 9))
    write_raster(small.like(np.ones(small.shape), name="resistance"), resistance)
    arguments = ["current", str(resistance), "--radius-km", "2", "--out", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(app, ["--progress", "json", *arguments])
    assert done.exit_code == 0, done.output
    steps = [json.loads(line) for line in done.stderr.splitlines()]
    assert [step["step"] for step in steps][:: len(steps) - 1] == ["Reading", "Writing"]
    fractions = [step["fraction"] for step in steps]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == 0
    assert again.stderr == ""


def begun(resistance: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """Start moving windows and return once they are solved."""
    command = [sys.executable, "-m", "corridors", "--progress", "json", *options, "current", str(resistance)]
    child = subprocess.Popen(
        [*command, "--radius-km", "20", "--out", str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    for line in child.stderr:
        if json.loads(line)["step"] == "Moving windows":
            break
    return child


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "end of input"])
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ends_cleanly(tmp_path: Path, resistance: Path, ending: str) -> None:
    child = begun(resistance, tmp_path / "out", *(["--stop-at-eof"] if ending == "end of input" else []))
    if ending == "end of input":
        child.stdin.close()
    else:
        child.send_signal(getattr(signal, ending))
    said = child.stderr.read()
    assert child.wait(timeout=60) == 130
    assert said.splitlines()[-1] == "Interrupted. Earlier runs are as they were."
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["resistance.tif"]
    for stream in (child.stdin, child.stdout, child.stderr):
        stream.close()
