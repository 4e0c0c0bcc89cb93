"""Accumulated cost in blocks against one piece: in memory, from disk, on Dask; `make bench` prints it.

Minimum of several; CPU seconds for what one thread does in memory, wall seconds for the rest.
CORRIDORS_BENCH_BLOCKS sets size and side of a block, "4000,1024" unless set; "8000,2048" takes some minutes.
All must agree with one piece to the bit.
"""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
from benchmarks.rasters import heterogeneous, maze, middle
from landscapes import raster_of
from rich.console import Console
from rich.table import Table

from corridors.cluster import connect
from corridors.cost.blocks import Figures, cost_in_pieces, memory_bytes_in_blocks
from corridors.cost.blocks.cut import Cut
from corridors.cost.blocks.keeper import Keeper
from corridors.cost.blocks.run import Problem, Run
from corridors.cost.crew import Alone
from corridors.io import write_bands
from corridors.io.lazy_rasters import raster_on_disk
from corridors.kernels.cost_distance import lower, new_workspace, prepare, propagate, solve

pytestmark = pytest.mark.bench

SIZE, BLOCK_CELLS = (int(part) for part in os.environ.get("CORRIDORS_BENCH_BLOCKS", "4000,1024").split(","))
REPEATS = 3
CONSOLE = Console(width=150)


def seconds(work, clock=time.perf_counter):
    """Return how long something takes, and what it returns."""
    start = clock()
    found = work()
    return clock() - start, found


def cpu_seconds(work):
    """Return the same in CPU seconds: what one thread does, whatever else the machine does."""
    return seconds(work, time.process_time)


def least(*works):
    """Return the least time of each of several works, taken in turns."""
    return [
        min(times) for times in zip(*([work()[0] for work in works] for _ in range(REPEATS)), strict=True)
    ]


def started(values, source, dtype):
    """Return a workspace ready to be solved."""
    workspace = new_workspace(prepare(values, dtype=dtype))
    lower(workspace, source, 0.0)
    return workspace


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_in_memory_warm_restart(dtype):
    values = heterogeneous(SIZE)
    source = middle(values)
    expected, figures = solve(values, source, dtype=dtype), Figures()
    problem = Problem(raster_of(values), (*source, np.ones(1, np.int32)), None, dtype, np.inf, False)

    def one_piece_solved():
        workspace = started(values, source, dtype)
        return cpu_seconds(lambda: propagate(workspace))

    def blocks_solved():
        """Time of the visits alone: blocks are opened before, as the one piece is."""
        figures.visits.clear()
        run = Run(problem, Cut(values.shape, BLOCK_CELLS), Alone(Opened), figures)
        taken = Opened.seconds = 0.0
        taken, _ = cpu_seconds(run._settle)
        for part in run.parts():
            np.testing.assert_array_equal(part.distances, expected[part.window])
        return taken - Opened.seconds, None

    def blocks():
        run = Run(problem, Cut(values.shape, BLOCK_CELLS), Alone(Keeper))
        found = np.empty(values.shape, dtype)
        for part in run.parts():
            found[part.window] = part.distances
        return found

    one, cut, one_all, cut_all = least(
        one_piece_solved,
        blocks_solved,
        lambda: cpu_seconds(lambda: solve(values, source, dtype=dtype)),
        lambda: cpu_seconds(blocks),
    )
    table = Table("", "one piece s", "blocks s", "ratio", title=title(f"in memory, {dtype}", figures))
    table.add_row("solving", f"{one:.3f}", f"{cut:.3f}", f"{cut / one:.2f}")
    table.add_row("array to array", f"{one_all:.3f}", f"{cut_all:.3f}", f"{cut_all / one_all:.2f}")
    CONSOLE.print(table)


class Opened(Keeper):
    """A keeper that notes how long opening blocks takes."""

    seconds = 0.0

    def _take(self, number, opening):
        taken, found = cpu_seconds(lambda: super(Opened, self)._take(number, opening))
        Opened.seconds += taken
        return found


def title(words, figures):
    """Return what a table says above."""
    visits, count = sum(figures.visits.values()), Cut((SIZE, SIZE), BLOCK_CELLS).count
    return (
        f"{SIZE}² in {count} blocks of {BLOCK_CELLS}², {words}: {visits} visits "
        f"({visits / count:.1f} per block, at most {max(figures.visits.values())})"
    )


def test_from_disk_and_on_dask(tmp_path):
    values = heterogeneous(SIZE)
    source = middle(values)
    expected, labels = solve(values, source), np.zeros(values.shape, np.uint16)
    labels[source] = 1
    raster, cores = raster_of(values), raster_of(labels, "cores")
    write_bands({"resistance": raster}, tmp_path / "resistance.tif")
    on_disk = raster_on_disk(tmp_path / "resistance.tif", name="resistance")
    half = memory_bytes_in_blocks(values.shape, block_cells=BLOCK_CELLS) // 2
    table = Table("", "s", "visits", "loads per block", "news MB", "moved MB", title=f"{SIZE}², float64")

    def row(name, **options):
        figures = Figures()

        def work():
            for piece in cost_in_pieces(
                options.pop("res", raster), cores, block_cells=BLOCK_CELLS, figures=figures, **options
            ):
                np.testing.assert_array_equal(piece.cost_m, expected[piece.rows, piece.columns])

        taken, _ = seconds(work)
        loads = sum(figures.loads.values()) / Cut(values.shape, BLOCK_CELLS).count
        sizes = f"{figures.exchanged_bytes / 1e6:.1f}", f"{figures.moved_bytes / 1e6:.0f}"
        table.add_row(name, f"{taken:.2f}", str(sum(figures.visits.values())), f"{loads:.1f}", *sizes)

    row("in memory, checks included")
    row("in memory, with allocation", allocate=True)
    row("in memory, 2 threads", workers=2)
    row("GeoTIFF on disk, half of the blocks in memory", res=on_disk, memory_budget_bytes=half)
    with connect(workers=2) as workers:
        row("2 Dask workers, first time", workers=workers)
        row("2 Dask workers", workers=workers)
    CONSOLE.print(table)


def test_maze():
    size, block_cells = SIZE // 4, BLOCK_CELLS // 4
    values, figures = maze(size), Figures()
    source = middle(values)
    labels = np.zeros(values.shape, np.uint16)
    labels[source] = 1
    one, expected = seconds(lambda: solve(values, source))

    def blocks():
        for piece in cost_in_pieces(
            raster_of(values), raster_of(labels, "cores"), block_cells=block_cells, figures=figures
        ):
            np.testing.assert_array_equal(piece.cost_m, expected[piece.rows, piece.columns])

    taken, _ = seconds(blocks)
    visits = sum(figures.visits.values()) / len(figures.visits)
    CONSOLE.print(
        f"maze {size}², blocks of {block_cells}²: {taken:.2f} s, {taken / one:.1f} times one piece, "
        f"{visits:.0f} visits per block"
    )
