"""Importance of all cores and links: time and memory up to 5 000 cores, and plain networkx beside it.

Cores lie scattered; each has links to its nearest, ten per core on average. Every figure is for PC and IIC
together, at one dispersal distance. networkx is timed on a few removals and multiplied by their number: all
of them would take days.
"""

from __future__ import annotations

import os
import resource
import time

import networkx as nx
import numpy as np
import pytest
from reference_network import hop_sum, probability_sum, without
from rich.console import Console
from rich.table import Table
from scipy.spatial import cKDTree

from corridors.network import importance
from corridors.network.adjacency import adjacency_of
from corridors.network.sums import decay_of, sum_over_pairs

pytestmark = pytest.mark.bench

CONSOLE = Console(width=150)
LINKS_PER_CORE = 10
SPACING_KM = 10.0
DISPERSAL_KM = 15.0
SAMPLE = 50


def scattered(cores, seed=1):
    """Cores of 1 to 50 km², one per hundred km²; links to neighbours, up to twice as long as straight."""
    rng = np.random.default_rng(seed)
    places = rng.random((cores, 2)) * np.sqrt(cores) * SPACING_KM
    near, found = cKDTree(places).query(places, k=2 * LINKS_PER_CORE + 5)
    pairs = {}
    for core, others, distances in zip(range(cores), found[:, 1:].tolist(), near[:, 1:], strict=True):
        for other, straight in zip(others, distances, strict=True):
            pairs[min(core, other), max(core, other)] = straight
    shortest = sorted(pairs.items(), key=lambda item: item[1])[: LINKS_PER_CORE * cores]
    graph = nx.Graph(node_weight="area")
    graph.add_nodes_from((core, {"weight": float(rng.uniform(1, 50))}) for core in range(cores))
    for (a, b), straight in shortest:
        graph.add_edge(a, b, path_length_km=straight * float(rng.uniform(1, 2)))
    return graph


def timed(run):
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def gigabytes():
    """Most memory this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


@pytest.fixture(scope="module", autouse=True)
def compiled():
    importance(scattered(40), dispersal_km=[DISPERSAL_KM])


@pytest.mark.parametrize("cores", [500, 2000, 5000])
def test_all_removals(cores):
    graph = scattered(cores)
    links = graph.number_of_edges()
    assert links == LINKS_PER_CORE * cores
    cpu = time.process_time()
    seconds, found = timed(lambda: importance(graph, dispersal_km=[DISPERSAL_KM]))
    cpu = time.process_time() - cpu
    same_as_solving_anew(graph, found)
    CONSOLE.print(
        f"{cores} cores, {links} links, {os.cpu_count()} processors: dPC and dIIC of all of them in "
        f"{seconds:.1f} s, {cpu:.1f} s of processors; the process never held more than {gigabytes():.2f} GB; "
        f"{SAMPLE} removals solved anew agree"
    )
    assert cpu / 2 < 600  # on two processors of its own
    assert gigabytes() < 4


def same_as_solving_anew(graph, found):
    """Compare a sample of removals with the sum over pairs of the network without the core or link."""
    decay = decay_of(np.array([DISPERSAL_KM]), 0.5)
    whole = sum_over_pairs(adjacency_of(graph, "path_length_km").network, decay)[0]
    rng = np.random.default_rng(2)
    for table, what in ((found.cores, "core"), (found.links, "link")):
        for row in table.iloc[rng.choice(len(table), SAMPLE // 2, replace=False)].to_dict("records"):
            which = row["core_id"] if what == "core" else (row["core_a"], row["core_b"])
            less = adjacency_of(without(graph, **{what: which}), "path_length_km").network
            lost = 100 * (1 - sum_over_pairs(less, decay)[0] / whole)
            assert row["dpc_percent"] == pytest.approx(lost, abs=1e-10)


@pytest.mark.parametrize(("cores", "removals"), [(200, 4), (500, 2)])
def test_beside_networkx(cores, removals):
    graph = scattered(cores)
    seconds, (of_cores, of_links) = min(
        (timed(lambda: importance(graph, dispersal_km=[DISPERSAL_KM])) for _ in range(3)),
        key=lambda run: run[0],
    )

    def sums(some):
        return np.array([probability_sum(some, DISPERSAL_KM), hop_sum(some, DISPERSAL_KM)])

    whole, theirs = sums(graph), []
    for row in [*of_cores.iloc[:removals].to_dict("records"), *of_links.iloc[:removals].to_dict("records")]:
        which = {"core": row["core_id"]} if "core_id" in row else {"link": (row["core_a"], row["core_b"])}
        taken, less = timed(lambda: sums(without(graph, **which)))  # noqa: B023
        theirs.append(taken)
        lost = 100 * (1 - less / whole)
        assert [row["dpc_percent"], row["diic_percent"]] == pytest.approx(lost.tolist(), abs=1e-9)
    all_of_them = min(theirs) * (cores + graph.number_of_edges())
    table = Table(
        "", "s", "times as long", title=f"{cores} cores, {graph.number_of_edges()} links, all removals"
    )
    table.add_row("here", f"{seconds:.3f}", "1")
    table.add_row(f"networkx, {len(theirs)} of them times their number", f"{all_of_them:.0f}",
                  f"{all_of_them / seconds:.0f}")  # fmt: skip
    CONSOLE.print(table)
    assert all_of_them / seconds > 50
