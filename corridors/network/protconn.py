"""Protected connected land (ProtConn) and its fractions, from areas and distances.

Land counts as protected and connected as far as it is equivalent to one protected area: ProtConn is the
equivalent connected area (ECA) of the protected land as percentage of the region. Its fractions say what
makes the connection: the protected land itself, unprotected land between, or land protected beyond the
region, on which animals pass without its counting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridors.network.adjacency import network_of
from corridors.network.sums import Decay, sum_over_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Pairs = NDArray[np.int64]


class ProtectedLand(NamedTuple):
    """Protected land of a region and around it, in pieces that do not overlap.

    A node is protected land that hangs together within the region; it can consist of several pieces. What
    overlapped is counted once in `areas_km2`, and each time in `single_km2`.
    """

    areas_km2: Floats  # (pieces,)
    inside: NDArray[np.bool_]  # (pieces,) lies in the region; the others are stepping stones beyond it
    node: Integers  # (pieces,) to which node it belongs; of pieces outside not looked at
    single_km2: Floats  # (parts of single protected areas,)
    single_node: Integers  # in which node
    pairs: Pairs  # (pairs, 2) of pieces within reach of each other
    distances_km: Floats  # (pairs,) edge to edge
    by_land: (
        Pairs  # pairs that would be nearer if all land of the region were protected: no ring of them at 0
    )
    by_land_km: Floats  # and their distances then


def protconn(
    land: ProtectedLand, *, region_km2: float, decay: Decay, threads: int | None = None
) -> dict[str, Floats]:
    """Return ProtConn and its fractions for each rate of decay, by the names of columns.

    Parameters
    ----------
    land : ProtectedLand
    region_km2 : float
        Area of the region, > 0.
    decay : Decay
        Rates per km, and the distance beyond which nothing connects.
    threads : int, optional
        As many as there are processors by default.

    Returns
    -------
    dict of (rates,)
        `prot_percent`, `protconn_percent`, `protunconn_percent` (the rest of what is protected),
        `relconn_percent` (ProtConn of Prot) and `protconn_bound_percent`, all but RelConn of the region;
        `equivalent_connected_area_km2`; and the fractions of ProtConn, of which Prot, Unprot and Trans sum to
        100 and Within and Contig to Prot: `protconn_prot_percent`, `protconn_within_percent`,
        `protconn_contig_percent`, `protconn_unprot_percent`, `protconn_trans_percent`. NaN where nothing is
        protected.

    Notes
    -----
    Bound is Prot less what is unconnected for no other reason than where areas lie within the region: it
    equals ProtConn in a region of one piece of land, and exceeds it where water or foreign land divide.
    For overlapping areas Within is corrected node by node, so that Contig is never below 0.

    References
    ----------
    Saura et al. (2017), Ecol. Indic. 76, 144-158; Saura et al. (2018), Biol. Conserv. 219, 53-67.
    """
    areas = np.where(land.inside, land.areas_km2, 0.0)
    protected, nodes = (
        areas.sum(),
        _sizes(land.node[land.inside], areas[land.inside], least=int(land.single_node.max(initial=-1)) + 1),
    )
    equivalent = _equivalent(areas, land.pairs, land.distances_km, decay, threads)
    own = land.inside[land.pairs].all(axis=1)
    alone = best = equivalent
    if not own.all():
        alone = _equivalent(areas, land.pairs[own], land.distances_km[own], decay, threads)
    if np.count_nonzero(land.by_land_km == 0) == land.inside.sum() - 1:  # one body of land: all joined
        best = np.full(len(equivalent), protected)
    elif len(land.by_land):
        pairs = np.concatenate([land.pairs, land.by_land])
        distances = np.concatenate([land.distances_km, land.by_land_km])
        best = _equivalent(areas, pairs, distances, decay, threads)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_protected = 100 * np.sqrt(np.sum(nodes**2)) / equivalent
        within = 100 * np.sqrt(_within(land, nodes)) / equivalent
        trans = 100 * (equivalent - alone) / equivalent
        relative = 100 * equivalent / protected
    return {
        "equivalent_connected_area_km2": equivalent,
        "prot_percent": np.full(len(equivalent), 100 * protected / region_km2),
        "protconn_percent": 100 * equivalent / region_km2,
        "protunconn_percent": 100 * (protected - equivalent) / region_km2,
        "relconn_percent": relative,
        "protconn_bound_percent": 100 * (protected - (best - equivalent)) / region_km2,
        "protconn_prot_percent": of_protected,
        "protconn_within_percent": within,
        "protconn_contig_percent": of_protected - within,
        "protconn_unprot_percent": 100 - of_protected - trans,
        "protconn_trans_percent": trans,
    }


def _sizes(node: Integers, areas: Floats, least: int) -> Floats:
    """Return the area of every node, of `least` nodes at least: a sliver of land can hold no piece."""
    return np.asarray(np.bincount(node, weights=areas, minlength=least), dtype=float)


def _equivalent(areas: Floats, pairs: Pairs, distances: Floats, decay: Decay, threads: int | None) -> Floats:
    """Return the equivalent connected area (rates,); of two distances of a pair the smaller counts."""
    return np.sqrt(sum_over_pairs(network_of(areas, pairs, distances), decay, threads=threads))


def _within(land: ProtectedLand, nodes: Floats) -> float:
    """Return the sum of squares of single areas, those of a node scaled so that overlap counts once."""
    count = len(nodes)
    squares = np.bincount(land.single_node, weights=land.single_km2**2, minlength=count)
    sums = np.bincount(land.single_node, weights=land.single_km2, minlength=count)
    # Rounding of polygons must not make single areas exceed what they cover together.
    return float(np.sum(np.minimum(squares * nodes / np.where(sums > 0, sums, 1.0), nodes**2)))
