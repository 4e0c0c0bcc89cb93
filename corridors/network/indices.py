"""Connectivity indices of a network: PC, equivalent connected area, IIC, components."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd

from corridors.errors import CorridorsError, InputError
from corridors.network.checks import check_network
from corridors.network.dispersal import EDGE_LENGTHS, Distance, dispersal_as_cost_m
from corridors.network.sums import reaches_of, sum_over_pairs, views
from corridors.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


IN_KM2 = (
    "probability_of_connectivity",
    "equivalent_connected_area_km2",
    "integral_index_of_connectivity",
    "equivalent_connected_area_iic_km2",
)


def connectivity_indices(
    graph: nx.Graph[int],
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    landscape_km2: float | None = None,
    probability: float = 0.5,
    threads: int | None = None,
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
        Ground distances at which the probability of dispersal is `probability`, > 0.
    distance : "length", "straight", "cost" or "resistance"
        What the probability falls with: `path_length_km`, `euclidean_km`, `cost_distance_m` or
        `effective_resistance` of the links. For the last two the dispersal distance is converted by
        `dispersal_as_cost_m`, for resistance likewise; where that has no answer the indices are NaN and a
        note says why.
    landscape_km2 : float, optional
        Area the indices refer to, > 0. Without it PC and IIC are NaN; ECA needs none.
    probability : float
        Probability at the dispersal distance, between 0 and 1, both excluded.
    threads : int, optional
        As many as there are processors by default; the numbers do not depend on it.

    Returns
    -------
    DataFrame
        One row per distance, columns of the table "connectivity". `attrs["notes"]` says what to know.
        A network without cores has ECA 0. Cores that count with their capacity give adults in place of km²:
        `equivalent_connected_adults_low` and `_high`; what is in km² is NaN.

    Raises
    ------
    InputError
        I259 a landscape without area, and what `check_network` says of the graph and the other options.

    Notes
    -----
    One tree of best paths per core for PC at all distances together, and one per core and distance for IIC:
    O(n m log n) for n cores and m links. Memory does not grow with pairs.

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
    check_network(graph, dispersal_km, distance, probability, also=_landscape_problems(landscape_km2))
    reaches, notes = reaches_of(graph, dispersal_km, distance)
    sums = _sums_over_pairs(graph, distance, reaches, probability, threads)
    area_squared = math.nan if landscape_km2 is None else float(landscape_km2) ** 2
    columns = {
        "dispersal_km": np.array(dispersal_km, dtype=float),
        "distance": distance,
        "dispersal_cost_m": [dispersal_as_cost_m(graph, ground_km)[0] for ground_km in dispersal_km],
        "node_weight": graph.graph.get("node_weight", ""),
        "nodes": graph.number_of_nodes(),
        "edges": graph.number_of_edges(),
        "components": [_components(graph, EDGE_LENGTHS[distance], reach) for reach in reaches],
        "landscape_km2": math.nan if landscape_km2 is None else float(landscape_km2),
        "probability_of_connectivity": sums["pc"] / area_squared,
        "equivalent_connected_area_km2": np.sqrt(sums["pc"]),
        "integral_index_of_connectivity": sums["iic"] / area_squared,
        "equivalent_connected_area_iic_km2": np.sqrt(sums["iic"]),
    }
    table = pd.DataFrame(columns)[[name for name in TABLES["connectivity"].columns if name in columns]]
    table["components"] = table["components"].astype("Int64")
    if columns["node_weight"] == "capacity":
        table = _counted_in_adults(table, graph, distance, reaches, probability, threads)
    table.attrs["notes"] = tuple(dict.fromkeys([*_notes_on_areas(graph, landscape_km2), *notes]))
    return table


def _sums_over_pairs(
    graph: nx.Graph[int],
    distance: Distance,
    reaches: Floats,
    probability: float,
    threads: int | None,
    weight: str = "weight",
) -> dict[str, Floats]:
    """Return the numerators of PC and IIC at every dispersal distance, NaN where there is no conversion."""
    found = {index: np.full(len(reaches), np.nan) for index in ("pc", "iic")}
    for index, which, (network, nodes, *_), decay in views(graph, distance, reaches, probability):
        weights = np.array([graph.nodes[node][weight] for node in nodes], dtype=float)
        found[index][which] = sum_over_pairs(network._replace(weights=weights), decay, threads=threads)
    return found


def _counted_in_adults(
    table: pd.DataFrame,
    graph: nx.Graph[int],
    distance: Distance,
    reaches: Floats,
    probability: float,
    threads: int | None,
) -> pd.DataFrame:
    """Return the table for cores that count with their capacity: adults, as an interval, in place of km²."""
    interval = {}
    for bound in ("low", "high"):
        sums = _sums_over_pairs(graph, distance, reaches, probability, threads, f"weight_{bound}")
        interval[f"equivalent_connected_adults_{bound}"] = np.sqrt(sums["pc"])
    return table.assign(**dict.fromkeys(IN_KM2, math.nan), **interval)


def _components(graph: nx.Graph[int], edge_length: str, reach: float) -> int | None:
    """Return the number of groups of cores that links no longer than `reach` join."""
    if not math.isfinite(reach):
        return None
    near: nx.Graph[int] = nx.Graph()
    near.add_nodes_from(graph)
    near.add_edges_from((a, b) for a, b, link in graph.edges(data=True) if link[edge_length] <= reach)
    return int(nx.number_connected_components(near))


def _landscape_problems(landscape_km2: float | None) -> Iterator[CorridorsError]:
    if landscape_km2 is not None and not (math.isfinite(landscape_km2) and landscape_km2 > 0):
        given = f"{landscape_km2:g}"
        yield InputError("the landscape has no area", code="I259", where="landscape_km2", given=given)


def _notes_on_areas(graph: nx.Graph[int], landscape_km2: float | None) -> list[str]:
    if not graph.number_of_nodes():
        return ["no core areas: nothing to connect, equivalent connected area 0"]
    total = math.fsum(core["weight"] for _, core in graph.nodes(data=True))
    if landscape_km2 is not None and total > landscape_km2 and graph.graph.get("node_weight") != "capacity":
        cores = f"cores of {total:.6g} km² together"
        return [f"{cores} are larger than the landscape of {landscape_km2:.6g} km²: PC and IIC may exceed 1"]
    return []
