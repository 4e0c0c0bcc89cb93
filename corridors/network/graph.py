"""Core areas and links as a graph: nodes with a weight, edges with the columns of the links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import networkx as nx
import numpy as np

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.network.checks import missing_columns

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    import pandas as pd

NodeWeight = Literal["quality_area", "area", "capacity"]
WEIGHT_COLUMNS: dict[str, tuple[str, ...]] = {
    "quality_area": ("quality_area_km2",),
    "area": ("area_km2",),
    "capacity": ("adults_low", "adults_high"),
}
AREA_COLUMNS = ("quality_area_km2", "area_km2")
LENGTH_COLUMNS = ("path_length_km", "cost_distance_m")


def to_graph(
    cores: pd.DataFrame, links: pd.DataFrame, *, node_weight: NodeWeight = "quality_area"
) -> nx.Graph[int]:
    """Return the network of core areas and links.

    Parameters
    ----------
    cores : GeoDataFrame or DataFrame indexed by core_id
        With the column of the weight, > 0: `area_km2`, `quality_area_km2`, or `adults_low` and `adults_high`,
        which `core_capacity` gives.
    links : GeoDataFrame or DataFrame indexed by link_id
        With `core_a`, `core_b`, `path_length_km` and `cost_distance_m`; one link per pair of cores.
    node_weight : "quality_area", "area" or "capacity"
        What a core counts with: its area times its mean suitability (km²), its area (km²), or the adults it
        could hold, the middle of an interval.

    Returns
    -------
    networkx.Graph
        Nodes `core_id` with `area_km2`, `quality_area_km2` and `weight`, and for "capacity" `weight_low` and
        `weight_high`; edges with `link_id` and the columns of the links, geometry left out.
        `graph.graph["node_weight"]` names the weight.

    Raises
    ------
    InputError
        I250 unknown weight, I251 a missing column, I252 an area that is not positive, I253 a link to an
        unknown core or to itself, I254 two links of one pair, I255 a length or cost below 0 or missing,
        I226 a core listed twice.

    Examples
    --------
    >>> import pandas as pd
    >>> cores = pd.DataFrame({"area_km2": [10.0, 5.0]}, index=pd.Index([1, 2], name="core_id"))
    >>> link = {"core_a": [1], "core_b": [2], "path_length_km": [2.0], "cost_distance_m": [2600.0]}
    >>> graph = to_graph(cores, pd.DataFrame(link, index=pd.Index([1], name="link_id")), node_weight="area")
    >>> graph.nodes[1]["weight"], graph.edges[1, 2]["path_length_km"]
    (10.0, 2.0)
    """
    if node_weight not in WEIGHT_COLUMNS:
        given, allowed = repr(node_weight), ", ".join(WEIGHT_COLUMNS)
        raise InputError("unknown node weight", code="I250", given=given, allowed=allowed)
    of_links = ("core_a", "core_b", *LENGTH_COLUMNS)
    raise_all(
        [
            *missing_columns(cores, WEIGHT_COLUMNS[node_weight], "cores"),
            *missing_columns(links, of_links, "links"),
        ]
    )
    raise_all([*_core_problems(cores, WEIGHT_COLUMNS[node_weight]), *_link_problems(cores, links)])

    graph: nx.Graph[int] = nx.Graph(node_weight=node_weight)
    known = cores[[column for column in AREA_COLUMNS if column in cores]].astype(float)
    bounds = cores[list(WEIGHT_COLUMNS[node_weight])].astype(float)
    known["weight"] = bounds.mean(axis=1)
    if node_weight == "capacity":
        known["weight_low"], known["weight_high"] = bounds["adults_low"], bounds["adults_high"]
    for core_id, attributes in zip(cores.index, _rows(known), strict=True):
        graph.add_node(core_id, **attributes)
    columns = links.drop(columns=["geometry", "link_id"], errors="ignore")
    for link_id, link in zip(_link_ids(links), _rows(columns), strict=True):
        graph.add_edge(link["core_a"], link["core_b"], link_id=link_id, **link)
    return graph


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _link_ids(links: pd.DataFrame) -> list[Hashable]:
    return list(links.get("link_id", links.index))


def _core_problems(cores: pd.DataFrame, weights: tuple[str, ...]) -> Iterator[CorridorsError]:
    for core_id in cores.index[cores.index.duplicated()].unique():
        yield InputError("is listed more than once", code="I226", where=f"core {core_id}")
    values = cores[list(weights)].to_numpy(dtype=float)
    for core_id, row in zip(cores.index, values, strict=True):
        for weight, value in zip(weights, row, strict=True):
            if not (np.isfinite(value) and value > 0):
                remedy = "Leave the core out, or correct its area."
                what, given = f"{weight} must be a positive number", f"{value:g}"
                yield InputError(what, code="I252", where=f"core {core_id}", given=given, remedy=remedy)


def _link_problems(cores: pd.DataFrame, links: pd.DataFrame) -> Iterator[CorridorsError]:
    known, seen = set(cores.index), set()
    lengths = links[list(LENGTH_COLUMNS)].to_numpy(dtype=float)
    for link_id, a, b, row in zip(_link_ids(links), links["core_a"], links["core_b"], lengths, strict=True):
        where = f"link {link_id}"
        unknown = sorted({a, b} - known)
        if unknown or a == b:
            what = f"joins unknown core {unknown[0]}" if unknown else f"joins core {a} to itself"
            yield InputError(what, code="I253", where=where, allowed="two different core ids of the cores")
        pair = frozenset((a, b))
        if pair in seen:
            remedy = "Keep the one with the smaller cost distance."
            yield InputError(
                f"cores {a} and {b} already have a link", code="I254", where=where, remedy=remedy
            )
        seen.add(pair)
        for column, value in zip(LENGTH_COLUMNS, row, strict=True):
            if not (np.isfinite(value) and value >= 0):
                what = f"{column} must be a number of 0 or more"
                yield InputError(what, code="I255", where=where, given=f"{value:g}")
