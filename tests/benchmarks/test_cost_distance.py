"""Cost distance side by side with other programs, in one run; `make bench` prints the tables.

CPU seconds, minimum of several, one thread. Sizes: CORRIDORS_BENCH_SIZES, "1000,2000" unless set; 4000 and
8000 take minutes for the others. A program that is not installed is reported as missing. All that give
float64 must agree to the bit. CORRIDORS_BENCH_LARGE=16000 adds one raster of that side, ours alone: time and
memory of the whole process, which must stay within 24 GB.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from benchmarks.rasters import cpu, heterogeneous, maze, middle, started, uniform
from rich.console import Console
from rich.table import Table
from skimage.graph import MCP_Geometric

from corridors.kernels.cost_distance import (
    new_workspace,
    prepare,
    solve,
    solve_reached,
)
from corridors.kernels.cost_distance.layout import inside

pytestmark = pytest.mark.bench

SIZES = tuple(int(size) for size in os.environ.get("CORRIDORS_BENCH_SIZES", "1000,2000").split(","))
CONSOLE = Console(width=150)


RASTERS = {"heterogeneous": heterogeneous, "uniform": uniform, "maze": maze}


# ---------------------------------------------------------------- programs: seconds of CPU, and distances


def ours(values, source, dtype, vector=True):
    workspace = new_workspace(prepare(values, dtype=dtype))
    solve_reached(workspace, source, vector=vector)  # compiles, and touches the memory
    seconds, _ = cpu(lambda: started(workspace, source, vector), 5)
    return seconds, workspace.distances[inside(values.shape)]


def from_array_to_array(values, source):
    return cpu(lambda: solve(values, source), 3)


def by_mcp(values, source):
    graph = MCP_Geometric(np.where(np.isnan(values), -1, values).astype(np.float64))
    return cpu(lambda: graph.find_costs(list(zip(*source, strict=True)))[0], 2)


def by_xarray_spatial(values, source):
    import xarray as xr
    from xrspatial import cost_distance

    friction = xr.DataArray(values, dims=("y", "x"), attrs={"res": (1, 1)})
    friction["y"], friction["x"] = np.arange(len(values))[::-1], np.arange(values.shape[1])
    start = xr.zeros_like(friction)
    start.values[source] = 1
    cost_distance(start, friction)
    return cpu(lambda: cost_distance(start, friction).values, 2)


GRASS = """
import os, subprocess, sys
rows, row, column = (int(part) for part in sys.argv[2:])
edges = {"north": rows, "south": 0, "east": rows, "west": 0, "rows": rows, "cols": rows}
region = [f"{name}={value}" for name, value in edges.items()]
command = ["r.in.bin", "-f", f"input={sys.argv[1]}", "output=resistance", "bytes=4", "anull=-1", *region]
subprocess.run(command, check=True)
subprocess.run(["g.region", "raster=resistance"], check=True)
before = os.times()
place = f"{column + 0.5},{rows - row - 0.5}"
command = ["r.cost", "input=resistance", "output=cost", f"start_coordinates={place}", "memory=16000"]
subprocess.run(command, check=True)
after = os.times()
print("CPU", after.children_user + after.children_system - before.children_user - before.children_system)
"""


def by_grass(values, source, folder):
    if shutil.which("grass") is None:
        raise ImportError
    np.where(np.isnan(values), -1, values).astype(np.float32).tofile(folder / "resistance.bin")
    (folder / "cost.py").write_text(GRASS, encoding="utf-8")
    place = [str(int(part[0])) for part in source]
    inner = ["python3", folder / "cost.py", folder / "resistance.bin", str(len(values)), *place]
    command = ["grass", "--tmp-location", "XY", "--exec", *inner]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return float(told.split("CPU")[-1]), None


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", RASTERS)
def test_one_source(kind, size, tmp_path):
    values = RASTERS[kind](size)
    source = middle(values)
    reached = int(np.isfinite(by_mcp_distances := by_mcp(values, source)[1]).sum())
    programs = {
        "MCP_Geometric.find_costs": lambda: by_mcp(values, source),
        "xarray-spatial cost_distance": lambda: by_xarray_spatial(values, source),
        "GRASS r.cost": lambda: by_grass(values, source, tmp_path),
        "float32": lambda: ours(values, source, np.float32),
        "float64": lambda: ours(values, source, np.float64),
        "float64, plain loops": lambda: ours(values, source, np.float64, vector=False),
        "float32, plain loops": lambda: ours(values, source, np.float32, vector=False),
        "float64, array to array": lambda: from_array_to_array(values, source),
    }
    seconds = {}
    for name, run in programs.items():
        try:
            seconds[name], found = run()
        except ImportError:
            seconds[name] = None
            continue
        if "64" in name:
            np.testing.assert_array_equal(found, by_mcp_distances)
        elif found is not None:
            np.testing.assert_allclose(
                found[np.isfinite(found)], by_mcp_distances[np.isfinite(found)], rtol=2e-4
            )
    CONSOLE.print(table_of(f"{kind} {size}²: one source, {reached} cells reached", seconds, reached))


def table_of(title, seconds, reached):
    table = Table(
        "", "CPU s", "ns per cell", "times as long as float32", "as float64", "as plain", title=title
    )
    for name, taken in seconds.items():
        if taken is None:
            table.add_row(name, "missing")
            continue
        ratios = [f"{taken / seconds[mine]:.1f}" for mine in ("float32", "float64", "float64, plain loops")]
        table.add_row(name, f"{taken:.4f}", f"{taken / reached * 1e9:.1f}", *ratios)
    return table


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_memory_above_the_input(dtype):
    values = heterogeneous(SIZES[-1])
    source = middle(values)
    solve(values[:100, :100], (np.array([0]), np.array([0])), dtype=dtype)
    tracemalloc.start()
    solve(values, source, dtype=dtype)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    CONSOLE.print(f"{np.dtype(dtype)}: at most {peak / values.size:.2f} bytes per cell above the input")
    assert peak / values.size < (9 if dtype == np.float32 else 17)


LARGE = """
import sys, time, resource
import numpy as np
sys.path.insert(0, sys.argv[2])
from benchmarks.rasters import middle_of_tiled, tiled
from corridors.kernels.cost_distance import solve
values = tiled(int(sys.argv[1]))
source = middle_of_tiled(values)
solve(values[:64, :64], (np.array([0]), np.array([0])), dtype=np.float32)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
distances = solve(values, source, dtype=np.float32)
print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
      int(np.isfinite(distances).sum()), values.nbytes)
"""


@pytest.mark.skipif("CORRIDORS_BENCH_LARGE" not in os.environ, reason="set CORRIDORS_BENCH_LARGE=16000")
def test_a_large_raster_in_single_precision():
    size = int(os.environ["CORRIDORS_BENCH_LARGE"])
    command = [sys.executable, "-c", LARGE, str(size), str(Path(__file__).parents[1])]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    seconds, peak, reached, given = float(told[0]), int(told[1]), int(told[2]), int(told[3])
    CONSOLE.print(
        f"{size}², float32, array to array: {seconds:.1f} CPU s, {seconds / reached * 1e9:.1f} ns per cell; "
        f"peak of the process {peak / 1e9:.2f} GB, {given / 1e9:.2f} of it the input, "
        f"{(peak - given) / size**2:.1f} bytes per cell above it"
    )
    assert peak < 24e9
