"""The network of core areas under a fence: the parts of cores as nodes, so that a fence parts what it parts.

Within a core area movement is free, as everywhere in the network; between two parts of one core it costs what
the fence adds. Links are those of the landscape without the fence, each at what it costs under it. So a fence
that costs nothing changes nothing, and a dearer one never connects more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.kernels.network import strengths
from corridors.network import to_graph
from corridors.network.adjacency import network_of
from corridors.network.sums import decay_of, reaches_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.border.fences.land import Land
    from corridors.network.sums import Decay

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


class Joined(NamedTuple):
    """Which parts of core areas have a way to each other in the network (pairs, 2), numbered from 0.

    `cost_m` is what it costs without the fence; `source` the row, among the parts touched, of one of the two
    ends, or -1 where the fence changes nothing; `before_m` what the ground between parts of one core costs
    anyway, and does not count.
    """

    pairs: Integers
    cost_m: Floats
    source: Integers
    before_m: Floats

    def costs_m(self, between: Floats, touched: Integers) -> Floats:
        """Return what every way costs, from the costs between parts touched and all parts."""
        changed = self.source >= 0
        found = self.cost_m.copy()
        pairs, row = self.pairs[changed], self.source[changed]
        other = np.where(touched[row] - 1 == pairs[:, 0], pairs[:, 1], pairs[:, 0])
        met = between[row, other]
        # Where nothing passes without a fence either, as between islands, a fence adds nothing.
        known = np.isfinite(self.before_m[changed])
        less = np.where(known, self.before_m[changed], 0.0)
        found[changed] = np.where(known, np.maximum(met - less, 0.0), self.cost_m[changed])
        return found


def joined(land: Land, links: gpd.GeoDataFrame, before: Floats) -> Joined:
    """Return the ways of the network, from the costs between parts touched and all parts without fence."""
    core, row_of = land.parts.core, {int(part) - 1: row for row, part in enumerate(land.touched)}
    members = {int(c): np.flatnonzero(core == c).tolist() for c in np.unique(core)}
    rows: list[tuple[int, int, float, int, float]] = []
    for core_id, parts in members.items():
        for n, i in enumerate(parts):
            for j in parts[n + 1 :]:
                row = row_of.get(i, -1) if core_id in land.cut else -1
                rows.append((i, j, 0.0, row, float(before[row, j]) if row >= 0 else 0.0))
    ends = zip(links["core_a"], links["core_b"], links["cost_distance_m"], strict=True)
    for core_a, core_b, cost_m in ends:
        known = [(i, j) for i in members.get(int(core_a), []) for j in members.get(int(core_b), [])]
        if not any(i in row_of or j in row_of for i, j in known):
            rows += [(*known[0], float(cost_m), -1, 0.0)] if known else []
            continue
        rows += [(i, j, float(cost_m), row_of.get(i, row_of.get(j, -1)), 0.0) for i, j in known]
    table = np.array(rows, dtype=float).reshape(-1, 5)
    return Joined(table[:, :2].astype(np.int64), table[:, 2], table[:, 3].astype(np.int64), table[:, 4])


def weights_of(
    land: Land, cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame, node_weight: str, suit: xr.DataArray | None
) -> Floats:
    """Return the weight of every part: its share of the core's, by area or by suitability."""
    graph = to_graph(cores, links, node_weight="area" if node_weight == "area" else "quality_area")
    whole = np.array([graph.nodes[int(core)]["weight"] for core in land.parts.core])
    value = np.ones(land.grid.shape)
    if suit is not None and node_weight != "area":
        value = np.nan_to_num(suit.to_numpy().astype(float))
    sums = np.add.reduceat(value.ravel()[land.parts.order], land.parts.starts) if len(whole) else whole
    of_core = np.bincount(land.parts.core, weights=sums)[land.parts.core]
    share: Floats = sums / np.where(of_core > 0, of_core, 1.0)
    return whole * share


def habitat_km2(land: Land, suit: xr.DataArray | None) -> Floats:
    """Return what every cell of the cores the fence matters to is worth: its area times its suitability."""
    concerned = np.isin(land.parts.labels, land.touched).ravel()
    value = np.ones(concerned.shape) if suit is None else np.nan_to_num(suit.to_numpy().astype(float)).ravel()
    return np.where(concerned, value * land.grid.cell_area_km2, 0.0)


def reaches_m(
    land: Land, cores: pd.DataFrame, links: pd.DataFrame, dispersal_km: Sequence[float]
) -> tuple[Floats, list[str]]:
    """Return the dispersal distances as cost, by the links without the fence, and what to know of them.

    By the fit of cost on length that the indices use; where there are too few links for one, by the ratio of
    their sums; where there is none, at the mean resistance of the core areas.
    """
    graph = to_graph(cores, links, node_weight="area")
    ground_km = np.array(dispersal_km, dtype=float)
    if len(links):
        found = reaches_of(graph, dispersal_km, "cost").values
        if np.isfinite(found).all():
            return found, []
        per_km = float(links["cost_distance_m"].sum() / links["path_length_km"].sum())
        why = "a kilometre costs what it costs on average over the links, which are too few for a fit"
        return ground_km * per_km, [why]
    why = "without links a kilometre costs what it costs within core areas"
    return np.array([within_cores_m(land, km) for km in dispersal_km]), [why]


def within_cores_m(land: Land, ground_km: float) -> float:
    """Return what a distance on the ground costs within core areas."""
    inside = land.parts.labels > 0
    return 1000 * ground_km * (float(land.res.to_numpy()[inside].mean()) if inside.any() else 1.0)


def connected_km2(weights: Floats, pairs: Integers, cost_m: Floats, decay: Decay) -> Floats:
    """Return the equivalent connected area at every dispersal distance."""
    passable = np.isfinite(cost_m)
    network = network_of(weights, pairs[passable], cost_m[passable])
    # In this thread: asked hundreds of times of a few dozen parts, a pool would take longer than the sums.
    flows = strengths(network, decay.rates, decay.reach, 0, len(weights))
    return np.asarray(np.sqrt(np.sum(weights * flows, axis=1)), dtype=float)


def decay_in(reaches: Floats) -> Decay:
    """Return the decay with the probability 0.5 at each of these costs."""
    return decay_of(reaches, 0.5)


def closed(count: int, pairs: Integers, cost_m: Floats) -> Floats:
    """Return the least cost between every two nodes (count, count), over others or not."""
    least = np.full((count, count), math.inf)
    np.fill_diagonal(least, 0.0)
    np.minimum.at(least, (pairs[:, 0], pairs[:, 1]), cost_m)
    least = np.minimum(least, least.T)
    for k in range(count):
        np.minimum(least, least[:, [k]] + least[[k]], out=least)
    return np.asarray(least, dtype=float)
