"""The sums behind PC and IIC at every dispersal distance, by the one engine all indices share."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.kernels.network import HOPS, Network, strengths
from corridors.network.adjacency import NEGLIGIBLE, adjacency_of, ranges_of_sources
from corridors.network.dispersal import EDGE_LENGTHS, Distance, decay_rate, dispersal_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import networkx as nx
    from numpy.typing import NDArray

    from corridors.network.adjacency import Adjacency, Progress

    Floats = NDArray[np.float64]


class Decay(NamedTuple):
    """How what a distance is worth falls: at which rates, and how far it is looked at."""

    rates: Floats
    reach: float


BY_HOPS = Decay(np.array([HOPS]), np.inf)


class Reaches(NamedTuple):
    """The dispersal distances in the unit of the links, NaN where there is no conversion, and notes."""

    values: Floats
    notes: list[str]


def reaches_of(graph: nx.Graph[int], dispersal_km: Sequence[float], distance: Distance) -> Reaches:
    """Return the dispersal distances in the unit of the links of a graph."""
    both = [dispersal_as(graph, ground_km, distance) for ground_km in dispersal_km]
    if not graph.number_of_edges():  # nothing to convert for: any number does
        both = [(float(ground_km), note) for ground_km, (_, note) in zip(dispersal_km, both, strict=True)]
    return Reaches(np.array([reach for reach, _ in both]), [note for _, note in both if note])


def decay_of(reaches: Floats, probability: float) -> Decay:
    """Return the decay with that probability at each of these distances."""
    rates = np.array([decay_rate(float(reach), probability=probability) for reach in reaches])
    return Decay(rates, -math.log(NEGLIGIBLE) / rates.min())


def views(
    graph: nx.Graph[int], distance: Distance, reaches: Floats, probability: float
) -> Iterator[tuple[str, NDArray[np.intp], Adjacency, Decay]]:
    """Yield index, which dispersal distances, arrays and decay of every solution there is to find.

    PC takes one for all dispersal distances together: their best paths are the same. IIC takes one for each,
    as it counts only links no longer than that. Dispersal distances without conversion are left out.
    """
    known = np.flatnonzero(np.isfinite(reaches))
    if known.size:
        yield "pc", known, adjacency_of(graph, EDGE_LENGTHS[distance]), decay_of(reaches[known], probability)
    for index in known:
        near = adjacency_of(graph, EDGE_LENGTHS[distance], longest=reaches[index], hops=True)
        yield "iic", np.array([index]), near, BY_HOPS


def strengths_of(
    network: Network, decay: Decay, *, threads: int | None = None, progress: Progress | None = None
) -> Floats:
    """Return the weight every node is connected with, itself included (rates, nodes)."""
    parts = ranges_of_sources(
        lambda first, last: strengths(network, decay.rates, decay.reach, first, last),
        len(network.weights),
        threads=threads,
        progress=progress,
    )
    return np.concatenate([np.empty((len(decay.rates), 0)), *parts], axis=1)


def sum_over_pairs(network: Network, decay: Decay, *, threads: int | None = None) -> Floats:
    """Return the numerator of PC or IIC (rates,): over all pairs, each node with itself included."""
    total: Floats = np.sum(network.weights * strengths_of(network, decay, threads=threads), axis=1)
    return total
