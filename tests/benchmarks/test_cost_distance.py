"""Cost distance side by side with other programs, in one run; `make bench` prints the tables.

CPU seconds, minimum of several, one thread. Sizes: CORRIDORS_BENCH_SIZES, "1000,2000" unless set; 4000 and
8000 take minutes for the others. A program that is not installed is reported as missing. All that give
float64 must agree to the bit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import tracemalloc

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table
from scipy import ndimage
from skimage.graph import MCP_Geometric

from corridors.kernels.cost_distance import (
    lower,
    new_workspace,
    newly_lowered,
    prepare,
    propagate,
    solve,
    solve_reached,
    trace,
)
from corridors.kernels.cost_distance.layout import inside

pytestmark = pytest.mark.bench

SIZES = tuple(int(size) for size in os.environ.get("CORRIDORS_BENCH_SIZES", "1000,2000").split(","))
CORES, CORE_RADIUS = 50, 12
CONSOLE = Console(width=150)


# ---------------------------------------------------------------- rasters


def fractal(size, rng, octaves):
    """Return noise of many scales, coarse ones strongest."""
    total = np.zeros((size, size), dtype=np.float32)
    for octave in range(octaves):
        knots = rng.standard_normal((2 ** (octave + 2) + 1,) * 2).astype(np.float32)
        if knots.shape[0] < size:
            spread = ndimage.zoom(knots, size / (knots.shape[0] - 1), order=1)[:size, :size]
            total += 0.6**octave * spread
    return total


def ranks(values):
    """Return 0 to 1 by rank, from a sample of the quantiles."""
    quantiles = np.quantile(
        values[:: max(1, len(values) // 500), :: max(1, len(values) // 500)], np.linspace(0, 1, 257)
    )
    return np.interp(values, quantiles, np.linspace(0, 1, 257))


def heterogeneous(size):
    """Log-uniform 1 to 100 in patches of all sizes, 15 % noise, roads of 100, 8 % no data."""
    rng = np.random.default_rng(size)
    values = 100 ** ranks(fractal(size, rng, 9)) * np.exp(0.15 * rng.standard_normal((size, size)))
    values = values.clip(1, 100).astype(np.float32)
    for _ in range(max(6, size // 150)):
        bearing = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.02, 4 * size))
        row = (rng.uniform(0, size) + np.cumsum(np.cos(bearing)) / 2).astype(int)
        column = (rng.uniform(0, size) + np.cumsum(np.sin(bearing)) / 2).astype(int)
        on = (row >= 0) & (row < size - 1) & (column >= 0) & (column < size - 1)
        for down, right in ((0, 0), (1, 0), (0, 1)):
            values[row[on] + down, column[on] + right] = 100
    values[ranks(fractal(size, rng, 7)) < 0.08] = np.nan
    return values


def uniform(size):
    """Return 1 everywhere."""
    return np.ones((size, size), dtype=np.float32)


def maze(size):
    """Return one passage three cells wide, there and back between walls of one cell."""
    values = 1 + np.random.default_rng(7).random((size, size), dtype=np.float32)
    for count, row in enumerate(range(3, size, 4)):
        gap = slice(-4, None) if count % 2 == 0 else slice(None, 4)
        beside = values[row, gap].copy()
        values[row] = np.nan
        values[row, gap] = beside
    return values


RASTERS = {"heterogeneous": heterogeneous, "uniform": uniform, "maze": maze}


def middle(values):
    """Return the cell with a value nearest the middle of the raster."""
    rows, columns = np.nonzero(np.isfinite(values))
    nearest = np.argmin(np.hypot(rows - values.shape[0] / 2, columns - values.shape[1] / 2))
    return rows[nearest : nearest + 1], columns[nearest : nearest + 1]


# ---------------------------------------------------------------- programs: seconds of CPU, and distances


def cpu(work, repeats):
    """Return the least CPU time of several runs, and what the last returned."""
    best = np.inf
    for _ in range(repeats):
        start = time.process_time()
        found = work()
        best = min(best, time.process_time() - start)
    return best, found


def ours(values, source, dtype, vector=True):
    workspace = new_workspace(prepare(values, dtype=dtype))
    solve_reached(workspace, source, vector=vector)  # compiles, and touches the memory
    seconds, _ = cpu(lambda: started(workspace, source, vector), 5)
    return seconds, workspace.distances[inside(values.shape)]


def started(workspace, source, vector=True):
    workspace.distances.fill(np.inf)
    lower(workspace, source, 0.0)
    propagate(workspace, vector=vector)


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


def test_fifty_cores_all_surfaces_and_all_paths():
    values = heterogeneous(2000)
    places = np.random.default_rng(5).permutation(np.argwhere(np.isfinite(values)))[:CORES]
    rows, columns = np.indices(values.shape, sparse=True)
    cores = []
    for row, column in places:
        disc = (rows - row) ** 2 + (columns - column) ** 2 <= CORE_RADIUS**2
        cores.append(np.nonzero(disc & np.isfinite(values)))
    workspace = new_workspace(prepare(values))
    solve_reached(workspace, cores[0])

    def all_links():
        paths = 0
        for number, core in enumerate(cores):
            started(workspace, core)
            distances = workspace.distances[inside(values.shape)]
            for row, column in places[number + 1 :]:
                paths += (
                    np.isfinite(distances[row, column])
                    and trace(distances, values, (row, column))[0].size > 0
                )
        return paths

    seconds, paths = cpu(all_links, 2)
    graph = MCP_Geometric(np.where(np.isnan(values), -1, values).astype(np.float64))
    some, _ = cpu(lambda: links_by_mcp(graph, cores[0], places), 2)
    CONSOLE.print(
        f"{CORES} cores on 2000², float64: {paths} paths in {seconds:.2f} s; "
        f"MCP, {CORES} times one core: {CORES * some:.1f} s; {CORES * some / seconds:.0f} times as long"
    )


def links_by_mcp(graph, core, places):
    distances = graph.find_costs(list(zip(*core, strict=True)))[0]
    for row, column in places[: CORES // 2]:  # a half: every pair once
        if np.isfinite(distances[row, column]):
            graph.traceback((row, column))


def test_further_local_sources_cost_what_they_reach():
    values = heterogeneous(SIZES[-1])
    workspace, source = new_workspace(prepare(values)), middle(values)
    solve_reached(workspace, source)
    table = Table(
        "largest cost", "cells reached", "CPU ms", "ns per cell", title=f"local sources on {SIZES[-1]}²"
    )
    for limit in (50, 100, 200, 400, 800, 1600):
        seconds, reached = cpu(lambda: solve_reached(workspace, source, max_cost=limit), 5)  # noqa: B023
        cells = int(np.isfinite(reached.distances).sum())
        table.add_row(str(limit), str(cells), f"{seconds * 1e3:.2f}", f"{seconds / cells * 1e9:.1f}")
    CONSOLE.print(table)


@pytest.mark.parametrize("size", SIZES)
def test_blocks_in_memory_warm_restart(size):
    values = heterogeneous(size)
    source = middle(values)
    block = min(2046, size // 4)  # 2048 with the cells shared
    pieces = Blocks(values, block)
    one_piece = new_workspace(prepare(values))
    started(one_piece, source)
    whole, _ = cpu(lambda: started(one_piece, source), 3)
    pieces.solve(source)
    taken, visits = cpu(lambda: pieces.solve(source), 3)
    for piece, top, left in pieces.pieces:
        found = piece.distances[inside(piece.field.shape)]
        window = slice(top, top + found.shape[0]), slice(left, left + found.shape[1])
        np.testing.assert_array_equal(found, one_piece.distances[inside(values.shape)][window])
    CONSOLE.print(
        f"{size}² in {len(pieces.pieces)} blocks of {block + 2}²: {taken:.3f} s, {visits} visits, "
        f"{taken / whole:.2f} times the time of one piece ({whole:.3f} s)"
    )


class Blocks:
    """Blocks that overlap by two cells; always the one with the lowest new value next.

    None runs ahead of that value by more than it takes to cross a good part of a block.
    """

    def __init__(self, values, size):
        self.shape, self.pieces, self.rims = values.shape, [], []
        for top in range(0, values.shape[0] - 2, size):
            for left in range(0, values.shape[1] - 2, size):
                part = values[top : top + size + 2, left : left + size + 2]
                self.pieces.append((new_workspace(prepare(part)), top, left))
                rim = np.zeros(part.shape, dtype=bool)
                rim[:2], rim[-2:], rim[:, :2], rim[:, -2:] = True, True, True, True
                self.rims.append(np.nonzero(rim))
        self.ahead = size * np.mean([piece.field.bucket_width for piece, _, _ in self.pieces])

    def solve(self, source):
        known = [np.full(rim[0].size, np.inf) for rim in self.rims]
        for piece, _, _ in self.pieces:
            piece.distances.fill(np.inf)
        lowest = np.full(len(self.pieces), np.inf)
        self.tell(*source, np.zeros(1), lowest, None)
        visits = 0
        while np.isfinite(lowest.min()):
            number = int(lowest.argmin())
            piece, top, left = self.pieces[number]
            lowest[number] = propagate(piece, until=lowest[number] + self.ahead)
            visits += 1
            places = newly_lowered(piece, self.rims[number], known[number])
            rows, columns = (part[places] for part in self.rims[number])
            self.tell(rows + top, columns + left, known[number][places], lowest, number)
        return visits

    def tell(self, rows, columns, values, lowest, sender):
        for number, (piece, top, left) in enumerate(self.pieces):
            if number == sender or rows.size == 0:
                continue
            height, width = piece.field.shape
            mine = (rows >= top) & (rows < top + height) & (columns >= left) & (columns < left + width)
            if mine.any():
                cells = rows[mine] - top, columns[mine] - left
                better = values[mine] < piece.distances[inside(piece.field.shape)][cells]
                if better.any():
                    lower(piece, cells, values[mine])
                    lowest[number] = min(lowest[number], values[mine][better].min())
