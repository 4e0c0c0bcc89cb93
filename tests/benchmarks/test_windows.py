"""Moving windows side by side with other solvers, in one run; `make bench` prints the table.

Milliseconds of CPU per window, one thread. Ours are whole: laid out from the map, solved, current through
every cell added. Theirs are set-up and solution alone, the matrix being there. The windows of one row are the
same, solved in turn, and every time is the smallest of several. A program that is not installed is reported
as missing.
"""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from corridors.circuit.windows import window_problem
from corridors.circuit.windows.solving import equations, new_space, run_windows, solver_for
from corridors.kernels.windows import GIVEN, lay_sources, lay_window, new_frame

pytestmark = pytest.mark.bench

RADII = tuple(int(radius) for radius in os.environ.get("CORRIDORS_BENCH_RADII", "20,100").split(","))
WINDOWS = {20: 30, 100: 4}
TURNS = 3
CONSOLE = Console(width=150)


def fractal(size, seed, slope=2.4):
    """Return noise of all scales, standardised."""
    rng = np.random.default_rng(seed)
    down, right = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None, :]
    frequency = np.hypot(down, right)
    frequency[0, 0] = 1
    strength = frequency ** (-slope / 2)
    strength[0, 0] = 0
    phases = rng.standard_normal(strength.shape) + 1j * rng.standard_normal(strength.shape)
    noise = np.fft.irfft2(strength * phases, s=(size, size))
    return (noise - noise.mean()) / noise.std()


def with_holes(values, rng, seed):
    """Return a map with 7 % no data in patches and 1 % in single cells."""
    patches = fractal(len(values), seed, 2.0)
    values[(patches < np.quantile(patches, 0.07)) | (rng.random(values.shape) < 0.01)] = np.nan
    return values


def smooth(size):
    """Return resistance 1 to 100 in patches of all sizes."""
    grade = np.clip((fractal(size, 1) + 2.2) / 4.4, 0, 1)
    return with_holes(100**grade, np.random.default_rng(101), 8)


def roads(size):
    """Return resistance 1 to 30, crossed by straight lines of 1000, one or two cells wide."""
    rng = np.random.default_rng(101)
    values = 30 ** np.clip((fractal(size, 1) + 2.2) / 4.4, 0, 1)
    for number in range(size // 40):
        start, bearing = rng.random(2) * size, rng.random() * 2 * np.pi
        along = np.arange(0, (0.2 + 0.8 * rng.random()) * size * 0.7, 0.5)
        row, column = (
            (start[0] + along * np.sin(bearing)).astype(int),
            (start[1] + along * np.cos(bearing)).astype(int),
        )
        on = (row >= 0) & (row < size - 1) & (column >= 0) & (column < size)
        values[row[on], column[on]] = 1000
        if number % 2 == 0:
            values[row[on] + 1, column[on]] = 1000
    return with_holes(values, rng, 8)


RASTERS = {"smooth": smooth, "roads": roads}


def by_pyamg(matrix, inflow):
    """Solve as Circuitscape 4 does: smoothed aggregation with its defaults, and conjugate gradients."""
    import pyamg

    return pyamg.smoothed_aggregation_solver(matrix).solve(inflow, tol=1e-6, accel="cg")


def by_cholmod(matrix, inflow):
    from sksparse.cholmod import cholesky

    return cholesky(matrix.tocsc())(inflow)


def cpu(work):
    """Return the CPU time of one call; libraries are held to one thread."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def ms_per_window(conductance, radius):
    """Return milliseconds per window of every program, summed over windows of the smallest time each took."""
    problem = window_problem(conductance, conductance, radius=radius, flow_potential=False)
    space, frame = new_space(problem), new_frame(problem.window.half)
    chosen = np.linspace(0, len(problem.targets.rows) - 1, WINDOWS.get(radius, 10) + 2).astype(int)[1:-1]
    total: dict[str, float] = {}
    for number in chosen:
        lay_sources(problem.landscape, problem.window, problem.targets, number, frame)
        if lay_window(problem.landscape, problem.window, problem.targets, number, GIVEN, frame) == 0:
            continue
        _, matrix, inflow = equations(frame)
        works = {
            "ours": lambda number=number: run_windows(problem, number, 1, space),
            "pyamg": lambda a=matrix, b=inflow: by_pyamg(a, b),
            "CHOLMOD": lambda a=matrix, b=inflow: by_cholmod(a, b),
        }
        for name, work in works.items():
            try:
                work()
            except ImportError:
                continue
            total[name] = total.get(name, 0.0) + min(cpu(work) for _ in range(TURNS))
    return {name: 1000 * seconds / len(chosen) for name, seconds in total.items()}


def test_milliseconds_per_window():
    table = Table(title="one window: ms of CPU, and how many times ours")
    for column in ("map", "radius", "by", "ours", "pyamg", "ratio", "CHOLMOD", "ratio"):
        table.add_column(column)
    for radius in RADII:
        size = max(300, 6 * radius)
        for name, make in RASTERS.items():
            with threadpool_limits(1):
                found = ms_per_window(1 / make(size), radius)
            cells = [name, str(radius), solver_for(radius), f"{found['ours']:.2f}"]
            for other in ("pyamg", "CHOLMOD"):
                there = other in found
                cells.append(f"{found[other]:.2f}" if there else "missing")
                cells.append(f"{found[other] / found['ours']:.1f}" if there else "")
            table.add_row(*cells)
    CONSOLE.print(table)
