"""The inputs of a network case: a graph as a list of branches, and nodes named by their ids in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from corridors.circuit.circuitscape.attempts import attempt
from corridors.circuit.circuitscape.habitat import Cells, Floats, PathOf, whole_labels
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.circuitscape.pairs import PairRule, pair_rule, repeated_ids
from corridors.circuit.circuitscape.points import ground_conductance
from corridors.errors import CorridorsError, InputError, Problems, raise_all
from corridors.io import file_name, read_numbers

BRANCH_LINE = "two node ids and a resistance or conductance"
NODE_LINE = "a node id and a value"


@dataclass(frozen=True)
class NetworkCase:
    """What a network case computes with; nodes are numbered 0, 1, … in the order of their ids."""

    ids: Cells
    first: Cells
    second: Cells
    conductance: Floats
    focal: Mapping[int, Cells] = field(default_factory=dict)
    rule: PairRule | None = None
    sources: Floats | None = None
    grounds: Floats | None = None


def read_network_case(options: Options, path_of: PathOf) -> NetworkCase:
    """Return the inputs of a network case.

    Raises
    ------
    CorridorsError
        Every problem of every file at once: I211 resistance of 0 or less, I216 an id that is no whole number,
        I223 fewer than two focal nodes, I226 ids that stand twice, I227 a node the graph has not, and as the
        readers.
    """
    problems: list[CorridorsError] = []
    graph = attempt(problems, None, read_graph, options, path_of)
    if graph is None:
        raise Problems(problems)
    ids, first, second, conductance = graph
    rule = attempt(problems, None, pair_rule, options, path_of)
    focal = attempt(problems, {}, focal_nodes_of, ids, options, path_of, rule)
    sources = attempt(problems, None, values_at, ids, options.source_file, path_of)
    grounds = attempt(problems, None, values_at, ids, options.ground_file, path_of, options)
    raise_all(problems)
    return NetworkCase(ids, first, second, conductance, focal, rule, sources, grounds)


def read_graph(options: Options, path_of: PathOf) -> tuple[Cells, Cells, Cells, Floats]:
    """Return the ids of the nodes, and the ends (as places in the ids) and conductances of the branches."""
    path = path_of(options.habitat_file)
    name = file_name(path)
    table = read_numbers(path, columns=3, what=BRANCH_LINE)
    ends, values = node_ids(table[:, :2], name), table[:, 2]
    wrong = values <= 0 if options.habitat_map_is_resistances else values < 0
    if wrong.any():
        what = f"{int(wrong.sum())} branches have a resistance of 0 or less, or a conductance below 0"
        line = f"branch {int(np.flatnonzero(wrong)[0]) + 1}"
        raise InputError(what, code="I211", where=f"{name}, {line}", given=f"{values[wrong][0]:g}")
    ids, places = np.unique(ends, return_inverse=True)
    places = places.reshape(ends.shape)
    conductance = 1 / values if options.habitat_map_is_resistances else values
    return ids, places[:, 0], places[:, 1], conductance


def node_ids(values: Floats, name: str) -> Cells:
    """Return ids of nodes, whole numbers of 0 or more."""
    whole_labels(values, name)
    if (values < 0).any():
        given = f"{values[values < 0][0]:g}"
        raise InputError("a node id is negative", code="I216", where=name, given=given)
    return values.astype(np.int64)


def focal_nodes_of(ids: Cells, options: Options, path_of: PathOf, rule: PairRule | None) -> dict[int, Cells]:
    """Return the place in `ids` of every focal node that takes part, ids ascending."""
    if not options.point_file:
        return {}
    path = path_of(options.point_file)
    name = file_name(path)
    given = node_ids(read_numbers(path, columns=1, what="a node id")[:, 0], name)
    if len(np.unique(given)) < len(given):
        raise InputError("ids stand twice", code="I226", where=name, given=repeated_ids(given.tolist()))
    places = places_of(given, ids, name)
    kept = {
        int(node): place.reshape(1)
        for node, place in sorted(zip(given.tolist(), places, strict=True))
        if rule is None or rule.takes_part(node)
    }
    if len(kept) < 2:
        what, told = "fewer than two focal nodes take part", ", ".join(map(str, kept)) or "none"
        raise InputError(what, code="I223", where=name, given=told)
    return kept


def places_of(given: Cells, ids: Cells, name: str) -> Cells:
    """Return where ids stand among the ids of the graph."""
    lost = np.setdiff1d(given, ids)
    if lost.size:
        what, told = "nodes that the graph has not", ", ".join(map(str, lost[:10].tolist()))
        raise InputError(what, code="I227", where=name, given=told)
    found: Cells = np.searchsorted(ids, given)
    return found


def values_at(ids: Cells, file: str, path_of: PathOf, grounds: Options | None = None) -> Floats | None:
    """Return a value for every node of the graph, 0 where a list names none; several on one node add up.

    Parameters
    ----------
    ids : ndarray
        Ids of the nodes.
    file : str
        Name of the list; without one there is nothing to return.
    path_of : callable
    grounds : Options, optional
        Where the values are ties to ground, which become conductances.
    """
    if not file:
        return None
    path = path_of(file)
    name = file_name(path)
    table = read_numbers(path, columns=2, what=NODE_LINE)
    places = places_of(node_ids(table[:, 0], name), ids, name)
    values = table[:, 1] if grounds is None else ground_conductance(table[:, 1], grounds, name)
    found = np.zeros(len(ids))
    np.add.at(found, places, values)
    return found
