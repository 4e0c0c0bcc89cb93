"""A graph as the compiled loops read it, and its sources shared out among threads."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import networkx as nx
import numpy as np

from corridors.kernels.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Progress = Callable[[float], object]

Part = TypeVar("Part")
NEGLIGIBLE = 1e-15
"""Probability below which two cores count as not connected: all of them together make less than the number
of cores times this part of PC, which is less than its rounding."""
SOURCES_AT_ONCE = 16


class Adjacency(NamedTuple):
    """The arrays of a graph, its nodes in rising order, and its links as pairs of places in that order."""

    network: Network
    nodes: list[int]
    pairs: NDArray[np.int64]
    link_ids: list[Hashable]


def adjacency_of(
    graph: nx.Graph[int], edge_length: str, *, longest: float = np.inf, hops: bool = False
) -> Adjacency:
    """Return the arrays of a graph; links longer than `longest` left out, of length 1 each for `hops`.

    Nodes and links stand in rising order of cores, so that no sum hangs on the order they came in.
    """
    nodes = sorted(graph.nodes)
    place = {node: number for number, node in enumerate(nodes)}
    links = sorted(
        (*sorted((place[a], place[b])), float(link[edge_length]), link.get("link_id"))
        for a, b, link in graph.edges(data=True)
        if link[edge_length] <= longest
    )
    pairs = np.array([link[:2] for link in links], dtype=np.int64).reshape(-1, 2)
    lengths = np.array([1.0 if hops else link[2] for link in links])
    weights = np.array([graph.nodes[node]["weight"] for node in nodes], dtype=float)
    return Adjacency(network_of(weights, pairs, lengths), nodes, pairs, [link[3] for link in links])


def network_of(weights: Floats, pairs: NDArray[np.int64], lengths: Floats) -> Network:
    """Return the rows of a network with links between pairs of nodes (links, 2)."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    starts = np.searchsorted(ends[order, 0], np.arange(len(weights) + 1))
    return Network(
        starts.astype(np.int64),
        ends[order, 1].astype(np.int32),
        np.tile(lengths, 2)[order],
        np.tile(np.arange(len(pairs), dtype=np.int32), 2)[order],
        weights,
    )


def ranges_of_sources(
    solve: Callable[[int, int], Part],
    sources: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    at_once: int = SOURCES_AT_ONCE,
) -> Iterator[Part]:
    """Yield what `solve(first, last)` gives for one range of sources after the other, in order.

    Parameters
    ----------
    solve : callable
        Lets go of the interpreter lock while it works.
    sources : int
        Number of sources.
    threads : int, optional
        As many as there are processors by default. Which range does not depend on it, nor does any sum.
    progress : callable, optional
        Told the fraction done, 0 to 1, after every range.
    at_once : int
        Sources in a range.
    """
    firsts = range(0, sources, at_once)
    pool = ThreadPoolExecutor(threads or os.cpu_count() or 1)
    try:
        parts = pool.map(lambda first: solve(first, min(first + at_once, sources)), firsts)
        for first, part in zip(firsts, parts, strict=True):
            yield part
            if progress is not None:
                progress(min(first + at_once, sources) / sources)
    finally:
        pool.shutdown(cancel_futures=True)


def part_of(progress: Progress | None, number: int, count: int) -> Progress | None:
    """Return the progress of one of several solutions of the same weight, as a part of the whole."""
    return None if progress is None else lambda fraction: progress((number + fraction) / count)
