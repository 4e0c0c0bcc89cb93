"""What every core and every link adds to connectivity: the loss if it were removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from corridors.kernels.network import losses
from corridors.network.adjacency import adjacency_of, part_of, ranges_of_sources
from corridors.network.checks import check_network
from corridors.network.dispersal import EDGE_LENGTHS
from corridors.network.sums import reaches_of, strengths_of, views

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from numpy.typing import NDArray

    from corridors.kernels.network import Network
    from corridors.network.adjacency import Adjacency, Progress
    from corridors.network.dispersal import Distance
    from corridors.network.sums import Decay

    Floats = NDArray[np.float64]

INDICES = ("pc", "iic")
PARTS = ("intra", "flux", "connector")


class CoresAndLinks(NamedTuple):
    """A table of cores and one of links."""

    cores: pd.DataFrame
    links: pd.DataFrame


def importance(
    graph: nx.Graph[int],
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    probability: float = 0.5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> CoresAndLinks:
    """Return dPC, dIIC and dEC of every core and every link, at every dispersal distance.

    dPC is the percentage of PC lost with a core or link, dIIC that of IIC, dEC that of the equivalent
    connected area. What a core loses has three parts: *intra*, its own area; *flux*, what flows between it
    and others; *connector*, what flows between others through it and has no way as good without it. A link
    has only the last.

    Parameters
    ----------
    graph : networkx.Graph
        From `to_graph`.
    dispersal_km, distance, probability, threads
        As for `connectivity_indices`. The curve over the dispersal distances costs PC little more than one.
    progress : callable, optional
        Told the fraction done, 0 to 1.

    Returns
    -------
    CoresAndLinks
        `cores`: a row per dispersal distance and core; `links` likewise, with `link_id`, `core_a` and
        `core_b`. Columns `dpc_percent`, `dpc_intra_percent`, `dpc_flux_percent`, `dpc_connector_percent`, the
        same for `diic`, `dec_percent` (of the area equivalent to PC) and `dec_iic_percent`. NaN where the
        dispersal distance has no conversion; `attrs["notes"]` says why.

    Raises
    ------
    InputError
        What `check_network` says of the graph and the options.

    Notes
    -----
    Exact, and yet no removal is solved anew: `corridors.kernels.network.removals` says how. Over all cores
    the sum of intra and half of flux is 100.

    References
    ----------
    Saura and Pascual-Hortal (2007); Saura and Rubio (2010) for the parts; Saura et al. (2011) for dEC.

    Examples
    --------
    >>> import networkx as nx
    >>> chain = nx.Graph()
    >>> chain.add_nodes_from([(1, {"weight": 10.0}), (2, {"weight": 10.0}), (3, {"weight": 10.0})])
    >>> chain.add_edge(1, 2, path_length_km=5.0)
    >>> chain.add_edge(2, 3, path_length_km=5.0)
    >>> cores, links = importance(chain, dispersal_km=[5])
    >>> cores.loc[1, "dpc_connector_percent"].round(6)    # 2 * 100 * 0.25 of 300 + 4 * 50 + 50
    np.float64(9.090909)
    """
    check_network(graph, dispersal_km, distance, probability)
    reaches, notes = reaches_of(graph, dispersal_km, distance)
    everything = adjacency_of(graph, EDGE_LENGTHS[distance])
    core_shares = np.full((len(INDICES), len(reaches), len(PARTS), len(everything.nodes)), np.nan)
    link_shares = np.full((len(INDICES), len(reaches), len(everything.pairs)), np.nan)
    solutions = list(views(graph, distance, reaches, probability))
    for number, (index, which, adjacency, decay) in enumerate(solutions):
        tell = part_of(progress, number, len(solutions))
        of_cores, of_links = _shares_lost(adjacency.network, decay, threads, tell)
        core_shares[INDICES.index(index), which] = of_cores
        link_shares[INDICES.index(index), which] = 0.0  # a link too long to count is not missed
        here = places_among(everything, adjacency)
        link_shares[INDICES.index(index), which[:, None], here] = of_links
    tables = CoresAndLinks(
        _one_table(core_names(everything), dispersal_km, graph, distance, core_shares),
        _one_table(link_names(everything), dispersal_km, graph, distance, _connectors(link_shares)),
    )
    for table in tables:
        table.attrs["notes"] = tuple(dict.fromkeys(notes))
    return tables


def node_importance(
    graph: nx.Graph[int],
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    probability: float = 0.5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table of cores of `importance`, whose options these are; links come with the same work."""
    return importance(
        graph,
        dispersal_km=dispersal_km,
        distance=distance,
        probability=probability,
        threads=threads,
        progress=progress,
    ).cores


def link_importance(
    graph: nx.Graph[int],
    *,
    dispersal_km: Sequence[float],
    distance: Distance = "length",
    probability: float = 0.5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table of links of `importance`, whose options these are; cores come with the same work."""
    return importance(
        graph,
        dispersal_km=dispersal_km,
        distance=distance,
        probability=probability,
        threads=threads,
        progress=progress,
    ).links


def core_names(adjacency: Adjacency) -> pd.DataFrame:
    """Return the column that names cores, in the order of the arrays."""
    return pd.DataFrame({"core_id": adjacency.nodes})


def link_names(adjacency: Adjacency) -> pd.DataFrame:
    """Return the columns that name links, in the order of the arrays; numbered where they have no id."""
    ids = [number if known is None else known for number, known in enumerate(adjacency.link_ids, start=1)]
    nodes = np.array(adjacency.nodes)
    ends = {"core_a": nodes[adjacency.pairs[:, 0]], "core_b": nodes[adjacency.pairs[:, 1]]} if ids else {}
    return pd.DataFrame({"link_id": ids, "core_a": [], "core_b": []} | ends)


def places_among(everything: Adjacency, some: Adjacency) -> NDArray[np.intp]:
    """Return where some of the links of a graph stand among all of them."""
    count = len(everything.nodes)
    all_of_them, those = (pairs[:, 0] * count + pairs[:, 1] for pairs in (everything.pairs, some.pairs))
    return np.searchsorted(all_of_them, those)


def equivalent_share(share: Floats) -> Floats:
    """Return the percentage of the equivalent area that goes with a percentage of the sum over pairs."""
    return 100 * (1 - np.sqrt(np.maximum(1 - share / 100, 0)))


def _shares_lost(
    network: Network, decay: Decay, threads: int | None, progress: Progress | None
) -> tuple[Floats, Floats]:
    """Return what is lost with cores (rates, parts, cores) and with links (rates, links), in percent."""
    strengths = strengths_of(network, decay, threads=threads)
    through_cores = np.zeros((len(decay.rates), len(network.weights)))
    through_links = np.zeros((len(decay.rates), len(network.lengths) // 2))
    for of_cores, of_links in ranges_of_sources(
        lambda first, last: losses(network, decay.rates, decay.reach, first, last),
        len(network.weights),
        threads=threads,
        progress=progress,
    ):
        through_cores += of_cores
        through_links += of_links
    total = np.sum(network.weights * strengths, axis=1)[:, None]
    intra = np.broadcast_to(network.weights**2, strengths.shape)
    flux = 2 * network.weights * (strengths - network.weights)
    parts = np.stack([intra, flux, through_cores], axis=1)
    return 100 * parts / total[:, None], 100 * through_links / total


def _connectors(shares: Floats) -> Floats:
    """Return the shares of links as those of cores are: parts in the last but one place, two of them 0."""
    none = np.where(np.isnan(shares), np.nan, 0.0)
    return np.stack([none, none, shares], axis=2)


def _one_table(
    names: pd.DataFrame,
    dispersal_km: Sequence[float],
    graph: nx.Graph[int],
    distance: Distance,
    shares: Floats,
) -> pd.DataFrame:
    """Return one row per dispersal distance and name; shares (indices, distances, parts, names)."""
    tables = []
    for at, ground_km in enumerate(dispersal_km):
        table = names.assign(
            dispersal_km=float(ground_km),
            distance=distance,
            node_weight=graph.graph.get("node_weight", ""),
        )
        for index, parts in zip(INDICES, shares[:, at], strict=True):
            table[f"d{index}_percent"] = parts.sum(axis=0)
            for part, share in zip(PARTS, parts, strict=True):
                table[f"d{index}_{part}_percent"] = share
        table["dec_percent"] = equivalent_share(table["dpc_percent"].to_numpy())
        table["dec_iic_percent"] = equivalent_share(table["diic_percent"].to_numpy())
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
