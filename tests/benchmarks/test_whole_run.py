"""Time and memory of a whole run of the Land of Big Cats, both species, as a person starts it.

Each run is a process of its own: `corridors run` with checks, verified writes, QGIS project and figures.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.bench
LARGEST_SHARE_FROM_LINKS = 0.25
WORKFLOW = Path(__file__).resolve().parents[2] / "workflows" / "land_of_big_cats.toml"


def timed(
    workflow: Path, out: Path, *, data: Path | None, cache: Path, options: tuple[str, ...] = ()
) -> tuple[float, float, float]:
    """Return wall seconds, CPU seconds and peak memory (MB) of one run; without options, from scratch."""
    if not options:
        shutil.rmtree(out.with_name(f".{out.name}.steps"), ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "corridors",
        "run",
        str(workflow),
        "--out",
        str(out),
        "--quiet",
        *options,
    ]
    command += ["--data", str(data)] if data else []
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, "NUMBA_CACHE_DIR": str(cache)}, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def at_cell_size(cell_size_m: int, folder: Path) -> Path:
    """Return a copy of the workflow with other cells."""
    text = WORKFLOW.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^cell_size_m = \d+", f"cell_size_m = {cell_size_m}", text)
    text = text.replace('"../', f'"{WORKFLOW.parent.parent.as_posix()}/')
    path = folder / f"land_of_big_cats_{cell_size_m}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_land_of_big_cats(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    try:
        data = request.getfixturevalue("geodata") / "land_of_big_cats"
    except pytest.skip.Exception:
        data = None
    print(f"\nLayers: {'real' if data else 'demonstration'}")
    rows = []
    for cell_size_m in (500, 250):
        workflow = at_cell_size(cell_size_m, tmp_path)
        for state in ("cold", "warm", "warm"):
            figures = timed(workflow, tmp_path / "run", data=data, cache=tmp_path / "cache")
            rows.append((f"{cell_size_m} m, compile cache {state}", *figures))
        again = timed(
            workflow, tmp_path / "run", data=data, cache=tmp_path / "cache", options=("--from", "links")
        )
        rows.append((f"{cell_size_m} m, from links", *again))
        assert again[1] < LARGEST_SHARE_FROM_LINKS * rows[-2][2]
    print(f"{'Land of Big Cats, two species':<36}{'wall s':>8}{'CPU s':>8}{'peak MB':>9}")
    for title, wall, cpu, memory in rows:
        print(f"{title:<36}{wall:8.1f}{cpu:8.1f}{memory:9.0f}")
