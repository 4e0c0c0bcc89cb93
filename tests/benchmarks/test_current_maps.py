"""The summed current map of all pairs of 50 focal nodes, side by side with one solution and map per pair.

CPU seconds, in one run; set OPENBLAS_NUM_THREADS=1, or waiting threads count too. The other way is that of
Circuitscape: smoothed aggregation set up once (pyamg), or a factorisation (CHOLMOD, where scikit-sparse is
installed), then per pair one solution and one current map by sparse matrices; estimated from 3 pairs, whose
resistances must agree. Sizes: CORRIDORS_BENCH_SIZES.
"""

from __future__ import annotations

import os
import time
from itertools import combinations

import numpy as np
import pyamg
import pytest
from rich.console import Console
from rich.table import Table
from scipy import ndimage, sparse

from corridors.circuit import all_pairs_current, grid_circuit, pairwise
from corridors.circuit.solvers.problem import Problem

pytestmark = pytest.mark.bench

SIZES = tuple(int(size) for size in os.environ.get("CORRIDORS_BENCH_SIZES", "1000,2000").split(","))
FOCAL, TRIED = 50, 3
TOLERANCE = 1e-6
CONSOLE = Console(width=150)


def fractal(size, seed, slope=2.4):
    """Return noise of all scales, standardised."""
    rng = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :])
    frequency[0, 0] = np.inf
    phases = rng.standard_normal(frequency.shape) + 1j * rng.standard_normal(frequency.shape)
    noise = np.fft.irfft2(frequency ** (-slope / 2) * phases, s=(size, size))
    return (noise - noise.mean()) / noise.std()


def landscape(kind, size):
    """Return conductances: resistances 1 to 100, or 1 to 30 with lines of 1000; 7 % no data and specks."""
    rng = np.random.default_rng(size)
    ease = ((fractal(size, 1) + 2.2) / 4.4).clip(0, 1)
    resistance = {"smooth": 100.0, "roads": 30.0}[kind] ** ease
    for line in range(size // 40 if kind == "roads" else 0):
        start, bearing = rng.random(2) * size, rng.random() * 2 * np.pi
        along = np.arange(0, (0.2 + 0.8 * rng.random()) * size * 0.7, 0.5)
        rows, columns = (start[:, None] + along * [[np.sin(bearing)], [np.cos(bearing)]]).astype(int)
        on = (rows >= 0) & (rows < size - 1) & (columns >= 0) & (columns < size)
        for down in range(1 + line % 2):
            resistance[rows[on] + down, columns[on]] = 1000
    lost = fractal(size, 8, 2.0)
    resistance[(lost < np.quantile(lost, 0.07)) | (rng.random((size, size)) < 0.01)] = np.nan
    return np.nan_to_num(1 / resistance)


def focal_nodes(conductance):
    pieces, _ = ndimage.label(conductance > 0, np.ones((3, 3)))
    largest = np.flatnonzero(pieces.ravel() == np.bincount(pieces[pieces > 0]).argmax())
    cells = np.random.default_rng(3).choice(largest, FOCAL, replace=False)
    return {name: cells[name : name + 1] for name in range(FOCAL)}


def seconds(work):
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


class Peer:
    """One solution and one map per pair, as Circuitscape does it."""

    def __init__(self, circuit, ground, kind):
        problem = Problem(circuit, np.array([ground]))
        self.live, self.matrix = problem.live, sparse.csr_matrix(problem.matrix)
        first, second, conductance = circuit.branches
        self.count = circuit.count
        self.branches = sparse.csr_matrix((conductance, (first, second)), shape=(self.count,) * 2)
        if kind == "pyamg":
            levels = pyamg.smoothed_aggregation_solver(self.matrix)
            self.solve = lambda b: levels.solve(b, tol=TOLERANCE, accel="cg")
        else:
            from sksparse.cholmod import cholesky

            self.solve = cholesky(self.matrix.tocsc())

    def pair(self, first, second):
        """Return resistance and node currents."""
        injected = np.zeros(self.count)
        injected[second], injected[first] = 1, -1
        voltage = np.zeros(self.count)
        voltage[self.live] = self.solve(injected[self.live])
        return voltage[second] - voltage[first], np.maximum(self._inflow(voltage), self._inflow(-voltage))

    def _inflow(self, voltage):
        flows = self.branches.tocoo()
        current = flows.data * (voltage[flows.row] - voltage[flows.col])
        one_way = sparse.csr_matrix((current, (flows.row, flows.col)), shape=flows.shape)
        both = one_way - one_way.T
        both.data[both.data < 0] = 0
        return np.asarray(both.sum(axis=0)).ravel()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["smooth", "roads"])
def test_summed_map_of_all_pairs(kind, size):
    conductance = landscape(kind, size)
    focal = focal_nodes(conductance)
    tiny = grid_circuit(conductance[:60, :60])
    cells = np.flatnonzero(tiny.nodes.ravel() >= 0)
    all_pairs_current(tiny, {k: cells[k : k + 1] for k in (0, 5, 9)}, solver="multigrid")  # compile

    ours, found = seconds(lambda: all_pairs_current(grid_circuit(conductance), focal))
    told = {pair[:2]: pair.resistance for pair in found.pairs}
    circuit = grid_circuit(conductance)
    node = {name: int(circuit.nodes.ravel()[cell[0]]) for name, cell in focal.items()}
    pairs = list(combinations(focal, 2))
    table = Table(
        "", "set-up s", "per pair s", f"{len(pairs)} pairs s", "times as long", title=f"{kind} {size}²"
    )
    table.add_row("all pairs by sorting", "", "", f"{ours:.1f}", "1")
    for kind_of_peer in ("pyamg", "CHOLMOD"):
        try:
            set_up, peer = seconds(lambda: Peer(circuit, node[0], kind_of_peer))  # noqa: B023
        except ImportError:
            table.add_row(kind_of_peer, "missing")
            continue
        each = []
        for first, second in pairs[:: len(pairs) // TRIED][:TRIED]:
            taken, (resistance, current) = seconds(lambda: peer.pair(node[first], node[second]))  # noqa: B023
            each.append(taken)
            assert told[first, second] == pytest.approx(resistance, rel=1e-6)
        whole = set_up + len(pairs) * float(np.mean(each))
        row = [f"{set_up:.1f}", f"{np.mean(each):.2f}", f"{whole:.0f}", f"{whole / ours:.0f}"]
        table.add_row(f"{kind_of_peer}, estimated", *row)
    (flow,) = pairwise(circuit, focal, pairs=[(first, second)])
    assert current[node[second]] == pytest.approx(1, rel=1e-5)
    assert flow.resistance == pytest.approx(told[first, second], rel=1e-9)
    CONSOLE.print(table)
