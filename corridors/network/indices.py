"""Connectivity indices of a network: PC, equivalent connected area, IIC, components."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import networkx as nx
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from corridors.errors import InputError, raise_all
from corridors.network.dispersal import decay_rate, dispersal_as_cost_m
from corridors.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Distance = Literal["length", "cost"]
EDGE_LENGTHS: dict[str, str] = {"length": "path_length_km", "cost": "cost_distance_m"}


def connectivity_indices(
    graph: nx.Graph[int],
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    landscape_km2: float | None = None,
) -> pd.DataFrame:
    """Return PC, ECA, IIC and the number of components for each dispersal distance.

    PC sums a_i a_j p*_ij over all pairs, i = j included, and divides by the landscape's area squared; p* is
    the greatest product of e^(-k d) along any path, 0 where there is none. IIC sums a_i a_j / (1 + hops)
    over links no longer than the dispersal distance. ECA is the root of either sum: the area of one core
    that alone would be worth as much.

    Parameters
    ----------
    graph : networkx.Graph
        From `to_graph`: nodes with `weight` (km²), edges with `path_length_km` and `cost_distance_m`.
    dispersal_km : sequence of float
        Ground distances at which the probability of dispersal is 0.5, > 0.
    distance : "length" or "cost"
        What the probability falls with. For "cost" the dispersal distance is converted by
        `dispersal_as_cost_m`; where that has no answer the indices are NaN and a note says why.
    landscape_km2 : float, optional
        Area the indices refer to, > 0. Without it PC and IIC are NaN; ECA needs none.

    Returns
    -------
    DataFrame
        One row per distance, columns of the table "connectivity". `attrs["notes"]` says what to know.
        A network without cores has ECA 0.

    Raises
    ------
    InputError
        I256 a dispersal distance that is not positive, I258 an unknown kind of distance, I259 a landscape
        without area.

    Notes
    -----
    One shortest-path tree per node and distance: O(n m log n) for n cores and m links, n² numbers of memory.

    References
    ----------
    PC: Saura and Pascual-Hortal (2007). ECA: Saura et al. (2011). IIC: Pascual-Hortal and Saura (2006).

    Examples
    --------
    >>> import networkx as nx
    >>> pair = nx.Graph(node_weight="area")
    >>> pair.add_nodes_from([(1, {"weight": 10.0}), (2, {"weight": 10.0})])
    >>> pair.add_edge(1, 2, path_length_km=5.0, cost_distance_m=9000.0)
    >>> table = connectivity_indices(pair, dispersal_km=[5], landscape_km2=100)
    >>> table.loc[0, "probability_of_connectivity"].round(6)    # (100 + 100 + 2 * 100 * 0.5) / 100²
    np.float64(0.03)
    """
    _check(dispersal_km, distance, landscape_km2)
    # In rising order of cores, so that the sums do not hang on the order they came in.
    nodes = sorted(graph.nodes)
    weights = np.array([graph.nodes[node]["weight"] for node in nodes], dtype=float)
    notes = _notes_on_areas(weights, landscape_km2)
    rows = []
    for ground_km in dispersal_km:
        cost_m, note = dispersal_as_cost_m(graph, ground_km)
        reach = cost_m if distance == "cost" else float(ground_km)
        if note and distance == "cost":
            notes.append(note)
        indices = _indices(graph, nodes, weights, reach, EDGE_LENGTHS[distance], landscape_km2)
        rows.append({"dispersal_km": float(ground_km), "dispersal_cost_m": cost_m, **indices})
    constant = {
        "distance": distance,
        "node_weight": graph.graph.get("node_weight", ""),
        "nodes": len(nodes),
        "edges": graph.number_of_edges(),
        "landscape_km2": math.nan if landscape_km2 is None else float(landscape_km2),
    }
    table = pd.DataFrame(rows).assign(**constant)[list(TABLES["connectivity"].columns)]
    table["components"] = table["components"].astype("Int64")
    table.attrs["notes"] = tuple(dict.fromkeys(notes))
    return table


def _indices(
    graph: nx.Graph[int],
    nodes: list[int],
    weights: Array,
    reach: float,
    edge_length: str,
    landscape_km2: float | None,
) -> dict[str, float | int | None]:
    """Return the indices at one dispersal distance, in the unit of the edges."""
    known = math.isfinite(reach) or not graph.number_of_edges()
    joined = [(a, b) for a, b, link in graph.edges(data=True) if link[edge_length] <= reach]
    near: nx.Graph[int] = nx.Graph()
    near.add_nodes_from(nodes)
    near.add_edges_from(joined)
    pc = _probability_sum(graph, nodes, weights, reach, edge_length) if known else math.nan
    iic = _hop_sum(near, nodes, weights) if known else math.nan
    area_squared = math.nan if landscape_km2 is None else float(landscape_km2) ** 2
    return {
        "components": nx.number_connected_components(near) if known else None,
        "probability_of_connectivity": pc / area_squared,
        "equivalent_connected_area_km2": math.sqrt(pc),
        "integral_index_of_connectivity": iic / area_squared,
        "equivalent_connected_area_iic_km2": math.sqrt(iic),
    }


def _probability_sum(
    graph: nx.Graph[int], nodes: list[int], weights: Array, reach: float, edge_length: str
) -> float:
    """Return the numerator of PC: e^(-k d) multiplies along a path as d adds, so best product = least sum."""
    edges = [(a, b, float(link[edge_length])) for a, b, link in graph.edges(data=True)]
    if not edges:
        return float(weights @ weights)
    shortest = _distances(nodes, edges)
    return float(weights @ np.exp(-decay_rate(reach) * shortest) @ weights)


def _hop_sum(near: nx.Graph[int], nodes: list[int], weights: Array) -> float:
    """Return the numerator of IIC."""
    hops = _distances(nodes, [(a, b, 1.0) for a, b in near.edges])
    return float(weights @ (1 / (1 + hops)) @ weights)


def _distances(nodes: list[int], edges: Iterable[tuple[int, int, float]]) -> Array:
    """Return least distances between all nodes (nodes, nodes); infinite where there is no path."""
    place = {node: i for i, node in enumerate(nodes)}
    triples = [(place[a], place[b], length) for a, b, length in edges]
    rows, columns, lengths = np.array(triples, dtype=float).reshape(-1, 3).T
    if not nodes:
        return np.empty((0, 0))
    matrix = coo_array((lengths, (rows.astype(int), columns.astype(int))), shape=(len(nodes),) * 2)
    found: Array = dijkstra(matrix.tocsr(), directed=False)
    return found


def _check(dispersal_km: Sequence[float], distance: str, landscape_km2: float | None) -> None:
    problems = []
    if not len(dispersal_km):
        problems.append(InputError("no dispersal distance", code="I256", where="dispersal_km", allowed="> 0"))
    for ground_km in dispersal_km:
        try:
            decay_rate(ground_km)
        except InputError as error:
            problems.append(error)
    if distance not in EDGE_LENGTHS:
        allowed = ", ".join(EDGE_LENGTHS)
        problems.append(InputError("unknown distance", code="I258", given=repr(distance), allowed=allowed))
    if landscape_km2 is not None and not (math.isfinite(landscape_km2) and landscape_km2 > 0):
        given = f"{landscape_km2:g}"
        problems.append(
            InputError("the landscape has no area", code="I259", where="landscape_km2", given=given)
        )
    raise_all(problems)


def _notes_on_areas(weights: Array, landscape_km2: float | None) -> list[str]:
    if not len(weights):
        return ["no core areas: nothing to connect, equivalent connected area 0"]
    if landscape_km2 is not None and weights.sum() > landscape_km2:
        cores = f"cores of {weights.sum():.6g} km² together"
        return [f"{cores} are larger than the landscape of {landscape_km2:.6g} km²: PC and IIC may exceed 1"]
    return []
