"""Which core areas are linked: neighbours by cost allocation, the nearest of them, components joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    Pair = tuple[int, int]


def neighbouring_cores(allocation: xr.DataArray) -> list[Pair]:
    """Return the pairs of labels whose zones touch over an edge or a corner, the smaller label first."""
    zones = allocation.values.astype(np.int64)
    touching = (
        (zones[:, :-1], zones[:, 1:]),
        (zones[:-1], zones[1:]),
        (zones[:-1, :-1], zones[1:, 1:]),
        (zones[:-1, 1:], zones[1:, :-1]),
    )
    found: set[Pair] = set()
    for here, there in touching:
        apart = (here != there) & (here > 0) & (there > 0)
        low, high = np.minimum(here[apart], there[apart]), np.maximum(here[apart], there[apart])
        found.update(zip(low.tolist(), high.tolist(), strict=True))
    return sorted(found)


def nearest_pairs(costs: Mapping[Pair, float], nearest: int) -> set[Pair]:
    """Return the pairs that are among the `nearest` cheapest of one of their ends.

    Of pairs that cost the same, the one that stands first in order of its cores is the nearer.

    Examples
    --------
    >>> sorted(nearest_pairs({(1, 2): 5.0, (1, 3): 7.0, (2, 3): 9.0}, 1))
    [(1, 2), (1, 3)]
    """
    kept: set[Pair] = set()
    for core in {core for pair in costs for core in pair}:
        of_core = sorted((cost, pair) for pair, cost in costs.items() if core in pair)
        kept.update(pair for _, pair in of_core[:nearest])
    return kept


def joining_pairs(kept: set[Pair], costs: Mapping[Pair, float]) -> set[Pair]:
    """Return the cheapest of the other pairs that join what `kept` leaves apart (Kruskal 1956).

    Examples
    --------
    >>> joining_pairs({(1, 2), (3, 4)}, {(1, 2): 1.0, (3, 4): 1.0, (1, 3): 6.0, (2, 4): 5.0})
    {(2, 4)}
    """
    components = nx.utils.UnionFind({core for pair in costs for core in pair})
    for core_a, core_b in kept:
        components.union(core_a, core_b)
    joining = set()
    for _, (core_a, core_b) in sorted((cost, pair) for pair, cost in costs.items() if pair not in kept):
        if components[core_a] != components[core_b]:
            components.union(core_a, core_b)
            joining.add((core_a, core_b))
    return joining
