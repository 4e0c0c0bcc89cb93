"""Many sources on one raster: fifty core areas side by side with an MCP loop, and local sources.

CPU seconds, one thread. The MCP loop takes minutes.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
from benchmarks.rasters import cpu, heterogeneous, middle_of_tiled, started, tiled
from rich.console import Console
from rich.table import Table
from skimage.graph import MCP_Geometric

from corridors.kernels.cost_distance import allocation, new_workspace, prepare, solve, solve_reached, trace
from corridors.kernels.cost_distance.layout import inside
from corridors.kernels.cost_distance.slack import LinkCost, lay_over

pytestmark = pytest.mark.bench

CORES, CORE_RADIUS = 50, 12
LOCAL_SIZES = (2000, 8000)
CONSOLE = Console(width=150)


def test_fifty_cores_all_surfaces_paths_and_corridors():
    values = heterogeneous(2000)
    places = np.random.default_rng(5).permutation(np.argwhere(np.isfinite(values)))[:CORES]
    rows, columns = np.indices(values.shape, sparse=True)
    cores = []
    for row, column in places:
        disc = (rows - row) ** 2 + (columns - column) ** 2 <= CORE_RADIUS**2
        cores.append(np.nonzero(disc & np.isfinite(values)))
    pairs, costs = neighbours_of(values, cores, places)
    ours_s, corridor, paths = cpu_of_parts(surfaces_here(values, cores), values, places, pairs, costs)
    graph = MCP_Geometric(np.where(np.isnan(values), -1, values).astype(np.float64))
    their_s, expected = by_mcp_loop(graph, cores, places, pairs, costs)
    np.testing.assert_allclose(corridor, expected, rtol=1e-9, atol=1e-6)
    table = Table(
        "", "surfaces", "paths", "corridors", "all, CPU s", title=f"{CORES} cores on 2000², float64"
    )
    for name, parts in ((f"here, {paths} paths, {len(pairs)} corridors", ours_s), ("MCP loop", their_s)):
        table.add_row(name, *(f"{part:.2f}" for part in parts), f"{sum(parts):.2f}")
    table.add_row("times as long", *(f"{b / a:.0f}" for a, b in zip(ours_s, their_s, strict=True)),
                  f"{sum(their_s) / sum(ours_s):.1f}")  # fmt: skip
    CONSOLE.print(table)


def neighbours_of(values, cores, places):
    """Return the pairs of cores whose zones touch, and what their least-cost paths cost."""
    labels = np.zeros(values.shape, dtype=np.int32)
    for number, core in enumerate(cores, start=1):
        labels[core] = number
    zones = allocation(solve(values, np.nonzero(labels)), values, labels)
    touching = set()
    for here, there in ((zones[1:], zones[:-1]), (zones[:, 1:], zones[:, :-1])):
        apart = (here != there) & (here > 0) & (there > 0)
        found = np.unique(np.sort(np.stack([here[apart], there[apart]]), axis=0), axis=1) - 1
        touching |= set(map(tuple, found.T.tolist()))
    workspace, costs = new_workspace(prepare(values)), {}
    for a in sorted({pair[0] for pair in touching}):
        started(workspace, cores[a])
        distances = workspace.distances[inside(values.shape)]
        costs |= {pair: float(distances[cores[pair[1]]].min()) for pair in touching if pair[0] == a}
    pairs = sorted(pair for pair in touching if np.isfinite(costs[pair]))
    return pairs, costs


def surfaces_here(values, cores):
    """Return what solves and keeps the surfaces of all cores."""
    workspace = new_workspace(prepare(values))
    kept = np.empty((CORES, *values.shape))  # touched before the clock starts, as MCP's own are
    kept.fill(0)

    def work():
        for number, core in enumerate(cores):
            started(workspace, core)
            kept[number] = workspace.distances[inside(values.shape)]
        return kept

    return work


def cpu_of_parts(surfaces, values, places, pairs, costs):
    """Return the seconds of surfaces, paths and corridors, the mosaic of these, and the number of paths."""
    solving, kept = cpu(surfaces, 2)

    def all_paths():
        return sum(
            trace(kept[number], values, (row, column))[0].size > 0
            for number in range(CORES)
            for row, column in places[number + 1 :]
            if np.isfinite(kept[number, row, column])
        )

    def mosaic():
        lowest, stripe = np.full(values.shape, np.inf), 32
        for top in range(0, len(values), stripe):
            part = slice(top, top + stripe)
            for pair in pairs:
                cost = LinkCost(costs[pair], 1e-11 * costs[pair], 1e-6 * costs[pair], 0.0)
                lay_over(lowest[part], kept[pair[0]][part], kept[pair[1]][part], cost)
        return lowest

    mosaic()  # compiles
    (tracing, paths), (adding, corridor) = cpu(all_paths, 2), cpu(mosaic, 3)
    return (solving, tracing, adding), corridor, paths


def by_mcp_loop(graph, cores, places, pairs, costs):
    """Return the same from MCP and numpy; every core is solved once, none of it twice."""
    kept, seconds = [], np.zeros(3)
    for number, core in enumerate(cores):
        start = time.process_time()
        kept.append(graph.find_costs(list(zip(*core, strict=True)))[0].copy())
        solved = time.process_time()
        for row, column in places[number + 1 :]:
            if np.isfinite(kept[-1][row, column]):
                graph.traceback((row, column))
        seconds[:2] += solved - start, time.process_time() - solved

    def mosaic():
        lowest = np.full(kept[0].shape, np.inf)
        for a, b in pairs:
            slack = kept[a] + kept[b]
            slack -= costs[a, b]
            np.minimum(lowest, slack, out=lowest)
        lowest[lowest < 1e-11 * max(costs.values())] = 0
        return lowest

    seconds[2], corridor = cpu(mosaic, 2)
    return tuple(seconds), corridor


@pytest.mark.parametrize("size", LOCAL_SIZES)
def test_further_local_sources_cost_what_they_reach(size):
    values = tiled(size)
    workspace, source = new_workspace(prepare(values)), middle_of_tiled(values)
    solve_reached(workspace, source)
    table = Table("largest cost", "cells reached", "CPU ms", "ns per cell", title=f"local sources on {size}²")
    for limit in (100, 400, 1600):
        seconds, reached = cpu_of_many(lambda: solve_reached(workspace, source, max_cost=limit))  # noqa: B023
        cells = int(np.isfinite(reached.distances).sum())
        table.add_row(str(limit), str(cells), f"{seconds * 1e3:.2f}", f"{seconds / cells * 1e9:.1f}")
    CONSOLE.print(table)


def cpu_of_many(work, least=0.05):
    """Return the CPU time of one of so many runs that the clock can tell, the least of three tries."""
    once, found = cpu(work, 3)
    count = max(1, int(least / max(once, 1e-6)))

    def again():
        for _ in range(count):
            work()

    return cpu(again, 3)[0] / count, found
