"""How the probability of dispersal falls with distance, on the ground and as cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from corridors.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

Distance = Literal["length", "straight", "cost", "resistance"]
EDGE_LENGTHS: dict[Distance, str] = {
    "length": "path_length_km",
    "straight": "euclidean_km",
    "cost": "cost_distance_m",
    "resistance": "effective_resistance",
}
CONVERTED: dict[Distance, str] = {"cost": "cost", "resistance": "effective resistance"}


def decay_rate(dispersal: float, *, probability: float = 0.5) -> float:
    """Return k of p = e^(-k d), so that p is `probability` at the dispersal distance.

    Parameters
    ----------
    dispersal : float
        Dispersal distance, > 0; k is per unit of it.
    probability : float
        Probability at that distance, between 0 and 1, both excluded.

    Returns
    -------
    float

    Raises
    ------
    InputError
        I256 a dispersal distance that is not positive, I257 a probability out of range.

    References
    ----------
    Bunn, Urban and Keitt (2000); Saura and Pascual-Hortal (2007).

    Examples
    --------
    >>> round(decay_rate(5.0), 9)
    0.138629436
    """
    if not (math.isfinite(dispersal) and dispersal > 0):
        what = "a dispersal distance must be a positive number"
        raise InputError(what, code="I256", where="dispersal_km", given=f"{dispersal:g}", allowed="> 0")
    if not 0 < probability < 1:
        what = "the probability at the dispersal distance is out of range"
        raise InputError(what, code="I257", given=f"{probability:g}", allowed="> 0 and < 1")
    return -math.log(probability) / dispersal


def dispersal_as_cost_m(graph: nx.Graph[int], dispersal_km: float) -> tuple[float, str]:
    """Return a dispersal distance on the ground as cost distance, by the links of this network.

    Strategy: a straight line through log(cost distance) against log(path length) over the links, by least
    squares, read at the dispersal distance. Cost and length rise together but not in proportion, for long
    links go round bad land; a line in logarithms allows for that with two numbers.

    Parameters
    ----------
    graph : networkx.Graph
        Edges with `path_length_km` and `cost_distance_m`; those of length or cost 0 are left out.
    dispersal_km : float
        Ground distance, > 0.

    Returns
    -------
    cost_m : float
        Metres of ideal habitat; NaN where the links do not allow a fit.
    note : str
        Why there is no fit, or that it reaches beyond the links; empty otherwise.

    References
    ----------
    The log-log conversion of Graphab (Foltête, Clauzel and Vuidel 2012).
    """
    return dispersal_as(graph, dispersal_km, "cost")


def dispersal_as(graph: nx.Graph[int], dispersal_km: float, distance: Distance) -> tuple[float, str]:
    """Return a dispersal distance on the ground in the unit of a kind of distance, and what to know of it.

    Lengths and straight distances are ground distances already. Cost and effective resistance are read off
    the links, as `dispersal_as_cost_m` does.
    """
    if distance in ("length", "straight"):
        return float(dispersal_km), ""
    word = CONVERTED[distance]
    columns = "path_length_km", EDGE_LENGTHS[distance]
    ends = [[link.get(column, math.nan) for column in columns] for *_, link in graph.edges(data=True)]
    measured = np.array(ends, dtype=float).reshape(-1, 2)
    measured = measured[(measured > 0).all(axis=1)]
    distinct = len(np.unique(measured[:, 0]))
    if distinct < 3:
        return math.nan, f"no fit of {word} on length: {distinct} links of distinct length, at least 3 needed"
    # Sorted, so that the sum, and with it the last digit, does not hang on the order of the links.
    length, dear = np.log(measured[np.lexsort(measured.T)]).T
    rise = float(
        np.sum((length - length.mean()) * (dear - dear.mean())) / np.sum((length - length.mean()) ** 2)
    )
    if rise <= 0:
        return math.nan, f"no fit of {word} on length: {word} does not rise with length over the links"
    converted = math.exp(dear.mean() + rise * (math.log(dispersal_km) - length.mean()))
    shortest, longest = math.exp(length.min()), math.exp(length.max())
    if shortest <= dispersal_km <= longest:
        return converted, ""
    reach = f"links of {shortest:.3g} to {longest:.3g} km"
    return converted, f"{dispersal_km:g} km as {word} is read beyond the {reach} it is fitted on"
