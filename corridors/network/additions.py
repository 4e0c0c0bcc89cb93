"""What a new core or a new link would bring, each on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.kernels.network import HOPS, distances_from, gains
from corridors.network.adjacency import part_of, ranges_of_sources
from corridors.network.checks import check_network, missing_columns
from corridors.network.dispersal import EDGE_LENGTHS
from corridors.network.importance import INDICES, PARTS
from corridors.network.sums import reaches_of, strengths_of, views

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import networkx as nx
    from numpy.typing import NDArray

    from corridors.network.adjacency import Adjacency, Progress
    from corridors.network.dispersal import Distance
    from corridors.network.sums import Decay

    Floats = NDArray[np.float64]


class Candidates(NamedTuple):
    """Places to be added: their weights, and their links to cores of the network, candidate by candidate."""

    weights: Floats
    candidate: NDArray[np.intp]
    core: NDArray[np.intp]
    lengths: Floats


def gain_of_cores(
    graph: nx.Graph[int],
    cores: pd.DataFrame,
    links: pd.DataFrame,
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    probability: float = 0.5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return what each of some new cores would bring if it alone were added.

    Parameters
    ----------
    graph : networkx.Graph
        From `to_graph`, of at least one core.
    cores : DataFrame indexed by core_id
        New cores with `weight` in the unit of the graph's weights, > 0; ids not in the graph.
    links : DataFrame
        From a new core to one of the graph: `core_a`, `core_b` and the length of the kind of distance.
    dispersal_km, distance, probability, threads, progress
        As for `importance`; a dispersal distance is converted by the links that exist.

    Returns
    -------
    DataFrame
        A row per dispersal distance and new core: `dpc_gain_percent` of the PC there is,
        and of it `dpc_gain_intra_percent` (its own area), `dpc_gain_flux_percent` (what flows between it and
        others) and `dpc_gain_connector_percent` (what flows between others thanks to it); the same for
        `diic`; `dec_gain_percent` of the equivalent connected area there is.

    Raises
    ------
    InputError
        I226 an id the graph has, I251 a missing column, I252 a weight that is not positive, I253 a link that
        does not join a new core to one of the graph, I255 a length below 0 or missing, I295 an empty graph,
        and what `check_network` says.
    """
    check_network(graph, dispersal_km, distance, probability, also=_nothing_to_add_to(graph))
    raise_all(missing_columns(cores, ("weight",), "cores"))
    raise_all(missing_columns(links, ("core_a", "core_b", EDGE_LENGTHS[distance]), "links"))
    raise_all([*_core_problems(graph, cores), *_link_problems(graph, cores, links, EDGE_LENGTHS[distance])])
    place = {core_id: number for number, core_id in enumerate(cores.index)}
    nodes = {core_id: number for number, core_id in enumerate(sorted(graph.nodes))}
    ends = [(a, b) if a in place else (b, a) for a, b in zip(links["core_a"], links["core_b"], strict=True)]
    candidates = Candidates(
        cores["weight"].to_numpy(dtype=float),
        np.array([place[new] for new, _ in ends], dtype=np.intp),
        np.array([nodes[old] for _, old in ends], dtype=np.intp),
        links[EDGE_LENGTHS[distance]].to_numpy(dtype=float),
    )
    names = pd.DataFrame({"core_id": cores.index})
    return _gains(graph, names, candidates, dispersal_km, distance, probability, threads, progress)


def gain_of_links(
    graph: nx.Graph[int],
    links: pd.DataFrame,
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    probability: float = 0.5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return what each of some new links between cores of the network would bring if it alone were added.

    A link where there is one already brings what its being shorter brings.

    Parameters
    ----------
    graph : networkx.Graph
        From `to_graph`, of at least one core.
    links : DataFrame indexed by link_id
        New links: `core_a`, `core_b` and the length of the kind of distance.
    dispersal_km, distance, probability, threads, progress
        As for `importance`; a dispersal distance is converted by the links that exist.

    Returns
    -------
    DataFrame
        As `gain_of_cores`, with `link_id`, `core_a` and `core_b`; all a link brings is of the connector kind.

    Raises
    ------
    InputError
        I251 a missing column, I253 a link that does not join two cores of the graph, I255 a length below
        0 or missing, I295 an empty graph, and what `check_network` says.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from([(1, {"weight": 10.0}), (2, {"weight": 10.0})])
    >>> new = pd.DataFrame({"core_a": [1], "core_b": [2], "path_length_km": [5.0]}, index=[7])
    >>> gain_of_links(graph, new, dispersal_km=[5]).loc[0, "dpc_gain_percent"]    # from 200 to 300
    np.float64(50.0)
    """
    check_network(graph, dispersal_km, distance, probability, also=_nothing_to_add_to(graph))
    raise_all(missing_columns(links, ("core_a", "core_b", EDGE_LENGTHS[distance]), "links"))
    raise_all(_link_problems(graph, None, links, EDGE_LENGTHS[distance]))
    nodes = {core_id: number for number, core_id in enumerate(sorted(graph.nodes))}
    ends = np.array(
        [[nodes[core_id] for core_id in links[end]] for end in ("core_a", "core_b")], dtype=np.intp
    )
    # A link is a place without area halfway along it.
    candidates = Candidates(
        np.zeros(len(links)),
        np.repeat(np.arange(len(links)), 2),
        ends.reshape(2, -1).T.ravel(),
        np.repeat(links[EDGE_LENGTHS[distance]].to_numpy(dtype=float), 2),
    )
    names = pd.DataFrame({"link_id": links.index, "core_a": [*links["core_a"]], "core_b": [*links["core_b"]]})
    halves = 0.5
    return _gains(graph, names, candidates, dispersal_km, distance, probability, threads, progress, halves)


def _gains(
    graph: nx.Graph[int],
    names: pd.DataFrame,
    candidates: Candidates,
    dispersal_km: Sequence[float],
    distance: Distance,
    probability: float,
    threads: int | None,
    progress: Progress | None,
    part_of_length: float = 1.0,
) -> pd.DataFrame:
    """Return the table of gains; `part_of_length` of a link's length leads to the candidate."""
    reaches, notes = reaches_of(graph, dispersal_km, distance)
    shares = np.full((len(INDICES), len(reaches), len(PARTS), len(names)), np.nan)
    solutions = list(views(graph, distance, reaches, probability))
    for number, (index, which, adjacency, decay) in enumerate(solutions):
        known = candidates
        if decay.rates[0] == HOPS:
            near = candidates.lengths <= reaches[which[0]]
            parts = (candidates.candidate[near], candidates.core[near], np.ones(near.sum()))
            known = Candidates(candidates.weights, *parts)
        known = known._replace(lengths=known.lengths * part_of_length)
        tell = part_of(progress, number, len(solutions))
        shares[INDICES.index(index), which] = _shares_gained(adjacency, known, decay, threads, tell)
    tables = [
        _columns(names.assign(dispersal_km=float(ground_km), distance=distance), shares[:, at])
        for at, ground_km in enumerate(dispersal_km)
    ]
    table = pd.concat(tables, ignore_index=True)
    table.attrs["notes"] = tuple(dict.fromkeys(notes))
    return table


def _shares_gained(
    adjacency: Adjacency,
    candidates: Candidates,
    decay: Decay,
    threads: int | None,
    progress: Progress | None,
) -> Floats:
    """Return the gains (rates, parts, candidates) in percent of the sum over pairs there is."""
    network = adjacency.network
    order = np.argsort(candidates.candidate, kind="stable")
    starts = np.searchsorted(candidates.candidate[order], np.arange(len(candidates.weights) + 1))
    entries = candidates.core[order].astype(np.int32)
    ways = distances_from(network, starts, entries, candidates.lengths[order], decay.reach)
    connector = np.zeros((len(decay.rates), len(ways)))
    for part in ranges_of_sources(
        lambda first, last: gains(network, decay.rates, decay.reach, ways, first, last),
        len(network.weights),
        threads=threads,
        progress=progress,
    ):
        connector += part
    worths = [1 / (1 + ways) if rate == HOPS else np.exp(-rate * ways) for rate in decay.rates]
    flows = np.array([np.sum(network.weights * worth, axis=1) for worth in worths])
    intra = np.broadcast_to(candidates.weights**2, connector.shape)
    total = np.sum(network.weights * strengths_of(network, decay, threads=threads), axis=1)
    parts = np.stack([intra, 2 * candidates.weights * flows, connector], axis=1)
    shares: Floats = 100 * parts / total[:, None, None]
    return shares


def _columns(table: pd.DataFrame, shares: Floats) -> pd.DataFrame:
    """Return the table with the columns of its shares (indices, parts, names)."""
    for index, parts in zip(INDICES, shares, strict=True):
        table[f"d{index}_gain_percent"] = parts.sum(axis=0)
        for part, share in zip(PARTS, parts, strict=True):
            table[f"d{index}_gain_{part}_percent"] = share
    table["dec_gain_percent"] = 100 * (np.sqrt(1 + table["dpc_gain_percent"] / 100) - 1)
    return table


def _nothing_to_add_to(graph: nx.Graph[int]) -> Iterator[CorridorsError]:
    if not graph.number_of_nodes():
        yield InputError("has no cores: nothing to compare a gain with", code="I295", where="graph")


def _core_problems(graph: nx.Graph[int], cores: pd.DataFrame) -> Iterator[CorridorsError]:
    for core_id, weight in cores["weight"].items():
        if core_id in graph:
            yield InputError("is in the network already", code="I226", where=f"new core {core_id}")
        if not (np.isfinite(weight) and weight > 0):
            what = "its weight must be a positive number"
            yield InputError(what, code="I252", where=f"new core {core_id}", given=f"{weight:g}")


def _link_problems(
    graph: nx.Graph[int], cores: pd.DataFrame | None, links: pd.DataFrame, wanted: str
) -> Iterator[CorridorsError]:
    new = set() if cores is None else set(cores.index)
    allowed = "two different cores of the network" if cores is None else "a new core and one of the network"
    for link_id, a, b, length in zip(
        links.index, links["core_a"], links["core_b"], links[wanted], strict=True
    ):
        where = f"new link {link_id}"
        inside = [end in graph for end in (a, b)]
        fits = all(inside) and a != b if cores is None else sum(inside) == 1 and len({a, b} & new) == 1
        if not fits:
            what = f"joins cores {a} and {b}"
            yield InputError(what, code="I253", where=where, allowed=allowed)
        if not (np.isfinite(length) and length >= 0):
            what = f"{wanted} must be a number of 0 or more"
            yield InputError(what, code="I255", where=where, given=f"{length:g}")
