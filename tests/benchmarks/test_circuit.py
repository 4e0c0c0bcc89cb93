"""One solution on a raster beside algebraic multigrid and a factorisation; `make bench` prints the tables.

CPU seconds of one thread, the least of several runs taken in turns, for one pair of focal cells: set-up, and
solution to a residual of 1e-6. The peers are what Circuitscape calls: smoothed aggregation with conjugate
gradients (pyamg), and CHOLMOD where scikit-sparse is installed. None is charged for making its edges or its
matrix. Bytes per cell are those that set-up and solution hold, without edges and matrix. All resistances must
agree. Sizes: CORRIDORS_BENCH_SIZES, "1000,2000" unless set.
"""

from __future__ import annotations

import os
import time
from importlib.util import find_spec

import numpy as np
import pyamg
import pytest
from benchmarks.test_current_maps import landscape
from kernels.multigrid.grids import edges_of, matrix_of
from rich.console import Console
from rich.table import Table
from scipy import ndimage
from threadpoolctl import threadpool_limits

from corridors.kernels import multigrid
from corridors.kernels.multigrid import room

pytestmark = pytest.mark.bench

SIZES = tuple(int(size) for size in os.environ.get("CORRIDORS_BENCH_SIZES", "1000,2000").split(","))
TOLERANCE = 1e-6
REPEATS = {True: 7, False: 3}  # fast programs, slow ones
CONSOLE = Console(width=150)


def seconds(work):
    """Return CPU seconds of something, and what it returns."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def bytes_of(matrix):
    return matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes


class Ours:
    """Black-box multigrid, in room made before, as for every further pair."""

    name, fast = "corridors", True

    def __init__(self, weights, currents, live):
        self.weights, self.currents = weights, currents
        rows, columns = currents.shape
        self.workspace = multigrid.Workspace(
            room.hierarchy_for(rows, columns, leaky=False), room.scratch_for(rows, columns)
        )
        self.bytes_per_cell = multigrid.memory_bytes(rows, columns) / live.sum()

    def set_up(self):
        multigrid.set_up_into(self.workspace.hierarchy, self.weights, multigrid.NO_LEAK)

    def solve(self):
        hierarchy, scratch = self.workspace
        found = multigrid.solve(hierarchy, self.weights, self.currents, tolerance=TOLERANCE, scratch=scratch)
        assert found.converged
        self.iterations = found.iterations
        return multigrid.effective_resistance(self.weights, self.currents, found.voltage)


class Peer:
    """A solver of sparse matrices, one node held at 0."""

    fast = False

    def __init__(self, weights, currents, live):
        nodes = np.flatnonzero(live)
        matrix = matrix_of(weights)[nodes][:, nodes].tocsr()
        matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
        self.matrix, self.currents = matrix, currents.ravel()[nodes]


class Aggregation(Peer):
    name = "pyamg + CG"

    def set_up(self):
        self.levels = pyamg.smoothed_aggregation_solver(self.matrix)
        levels = self.levels.levels
        held = sum(bytes_of(level.A) for level in levels[1:])
        held += sum(bytes_of(level.P) + bytes_of(level.R) for level in levels[:-1])
        self.bytes_per_cell = held / self.matrix.shape[0] + 5 * 8

    def solve(self):
        residuals = []
        voltage = self.levels.solve(self.currents, tol=TOLERANCE, accel="cg", residuals=residuals)
        self.iterations = len(residuals) - 1
        return self.currents @ voltage


class Factorisation(Peer):
    name, iterations = "CHOLMOD", "-"

    def set_up(self):
        from sksparse.cholmod import cholesky

        self.factor = cholesky(self.matrix[1:, 1:].tocsc())
        self.bytes_per_cell = 12 * self.factor.L().nnz / self.matrix.shape[0]

    def solve(self):
        return self.currents[1:] @ self.factor(self.currents[1:])


def problem(kind, size):
    """Return conductances of edges, currents from one focal cell to another, and the cells that count."""
    cells = landscape(kind, size)
    pieces, _ = ndimage.label(cells > 0, np.ones((3, 3)))
    live = pieces == np.bincount(pieces[pieces > 0]).argmax()
    weights = edges_of(np.where(live, cells, 0)).astype(np.float32)
    currents = np.zeros(cells.shape)
    places = np.flatnonzero(live)
    currents.ravel()[places[[len(places) // 5, 4 * len(places) // 5]]] = 1, -1
    return weights, currents, live


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["smooth", "roads"])
def test_one_pair(kind, size):
    given = problem(kind, size)
    kinds = [Ours, Aggregation] + [Factorisation] * (find_spec("sksparse") is not None)
    programs = [program(*given) for program in kinds]
    times, resistances = {}, {}
    programs[0].set_up(), programs[0].solve()  # compiles, and touches the memory
    with threadpool_limits(1):
        for turn in range(max(REPEATS.values())):
            for program in programs:
                if turn < REPEATS[program.fast]:
                    set_up, _ = seconds(program.set_up)
                    solve, resistances[program.name] = seconds(program.solve)
                    times.setdefault(program.name, []).append((set_up, solve))
    table = Table(
        "", "set-up s", "solve s", "iterations", "bytes per cell", "set-up + solve, times ours",
        "further solve, times ours", title=f"{kind}, {size}², one pair, one thread",
    )  # fmt: skip
    least = {name: np.min(turns, axis=0) for name, turns in times.items()}
    ours = least["corridors"]
    for program in programs:
        set_up, solve = least[program.name]
        table.add_row(
            program.name, f"{set_up:.3f}", f"{solve:.3f}", str(program.iterations),
            f"{program.bytes_per_cell:.0f}", f"{(set_up + solve) / ours.sum():.1f}", f"{solve / ours[1]:.2f}",
        )  # fmt: skip
        assert resistances[program.name] == pytest.approx(resistances["corridors"], rel=1e-7)
    CONSOLE.print(table)
