"""What every index needs of a graph and of its options, checked before anything is computed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.network.dispersal import EDGE_LENGTHS, Distance, decay_rate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import networkx as nx
    import pandas as pd


def check_network(
    graph: nx.Graph[int],
    dispersal_km: Sequence[float],
    distance: Distance,
    probability: float,
    *,
    also: Iterable[CorridorsError] = (),
) -> None:
    """Raise for a graph or options no index can be computed of; `also` told with the options.

    Raises
    ------
    InputError
        I251 links without the distance asked for, I252 a weight that is not positive, I255 a distance below
        0 or missing, I256 a dispersal distance that is not positive, I257 a probability out of range, I258
        an unknown kind of distance.
    """
    options = [*dispersal_problems(dispersal_km, probability), *_distance_problems(graph, distance)]
    raise_all([*options, *also])
    raise_all([*_weight_problems(graph), *_length_problems(graph, EDGE_LENGTHS[distance])])


def dispersal_problems(dispersal_km: Sequence[float], probability: float) -> Iterator[CorridorsError]:
    """Yield what is wrong with dispersal distances, and with the probability at them."""
    if not len(dispersal_km):
        yield InputError("no dispersal distance", code="I256", where="dispersal_km", allowed="> 0")
    for ground_km, chance in [*((km, 0.5) for km in dispersal_km), (1.0, probability)]:
        try:
            decay_rate(ground_km, probability=chance)
        except InputError as error:
            yield error


def _distance_problems(graph: nx.Graph[int], distance: str) -> Iterator[CorridorsError]:
    if distance not in EDGE_LENGTHS:
        allowed = ", ".join(EDGE_LENGTHS)
        yield InputError("unknown distance", code="I258", given=repr(distance), allowed=allowed)
        return
    wanted = EDGE_LENGTHS[distance]
    absent = sum(wanted not in link for *_, link in graph.edges(data=True))
    if absent:
        what = f"{absent} of {graph.number_of_edges()} have no {wanted}"
        yield InputError(what, code="I251", where="links", remedy=f'Add it, or drop distance "{distance}".')


def _weight_problems(graph: nx.Graph[int]) -> Iterator[CorridorsError]:
    for node, known in graph.nodes(data=True):
        weight = known.get("weight")
        if weight is None or not (math.isfinite(weight) and weight > 0):
            remedy = "Leave the core out, or correct its area."
            what, given = "its weight must be a positive number", f"{weight}"
            yield InputError(what, code="I252", where=f"core {node}", given=given, remedy=remedy)


def _length_problems(graph: nx.Graph[int], wanted: str) -> Iterator[CorridorsError]:
    for a, b, link in graph.edges(data=True):
        if not (math.isfinite(link[wanted]) and link[wanted] >= 0):
            what, where = f"{wanted} must be a number of 0 or more", f"link of cores {a} and {b}"
            yield InputError(what, code="I255", where=where, given=f"{link[wanted]:g}")


def missing_columns(table: pd.DataFrame, columns: Iterable[str], where: str) -> Iterator[CorridorsError]:
    """Yield which columns a table lacks, if any."""
    absent = [column for column in columns if column not in table]
    if absent:
        given = ", ".join(map(str, table.columns)) or "no columns"
        yield InputError(f"has no column {', '.join(absent)}", code="I251", where=where, given=given)
