"""What each country alone would keep of the connectivity, against what they have together."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.network import connectivity_indices, dispersal_as_cost_m, to_graph
from corridors.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx

    from corridors.network.graph import NodeWeight

JOINT, APART, ALL = "joint", "apart", "all"


def cost_per_km(cores: pd.DataFrame, links: pd.DataFrame, dispersal_km: float) -> float:
    """Return the cost that stands for a kilometre of ground at a dispersal distance; NaN without links.

    By the fit of cost on length over the links; where there are too few of them for one, by their sums.

    Parameters
    ----------
    cores, links : GeoDataFrame or DataFrame
        As for `to_graph`.
    dispersal_km : float
        Ground distance, > 0.

    Examples
    --------
    >>> cores = pd.DataFrame({"area_km2": [90.0, 80.0], "quality_area_km2": [60.0, 50.0]}, index=[1, 2])
    >>> link = {"core_a": [1], "core_b": [2], "path_length_km": [10.0], "cost_distance_m": [25_000.0]}
    >>> cost_per_km(cores, pd.DataFrame(link, index=[1]), 20)
    2500.0
    """
    if not len(links):
        return math.nan
    fitted, _ = dispersal_as_cost_m(to_graph(cores, links, node_weight="area"), dispersal_km)
    if math.isfinite(fitted):
        return fitted / dispersal_km
    return float(links["cost_distance_m"].sum() / links["path_length_km"].sum())


def network_by_cost(
    cores: pd.DataFrame, links: pd.DataFrame, per_km: float, *, node_weight: NodeWeight = "quality_area"
) -> nx.Graph[int]:
    """Return cores and links as a graph whose lengths are costs, in the kilometres they stand for.

    A fence lengthens no path and yet parts two cores, so dispersal falls with cost; what a cost stands for
    is fixed by the landscape as it is (`cost_per_km`), or a dearer one would count as one of better walkers.

    Parameters
    ----------
    cores, links, node_weight
        As for `to_graph`.
    per_km : float
        Cost of a kilometre, > 0.
    """
    lengths = links["cost_distance_m"] / per_km
    return to_graph(cores, links.assign(path_length_km=lengths), node_weight=node_weight)


def country_connectivity(
    cores: pd.DataFrame,
    links: pd.DataFrame,
    core_shares: pd.DataFrame,
    link_shares: pd.DataFrame,
    *,
    countries: Sequence[str],
    dispersal_km: float,
    per_km: float,
    node_weight: NodeWeight = "quality_area",
) -> dict[str, float]:
    """Return the equivalent connected area of each country alone, and jointly.

    Alone, a country has its parts of the core areas, and the links that never leave it. The parts of one core
    in one country count as one, as far apart as they may lie.

    Parameters
    ----------
    cores, links : GeoDataFrame or DataFrame
        As for `to_graph`.
    core_shares : DataFrame
        From `cores_by_country`.
    link_shares : DataFrame
        From `link_shares` or `country_shares`.
    countries : sequence of str
        The countries to tell.
    dispersal_km : float
        Ground distance at which the probability of dispersal is 0.5; it falls with cost.
    per_km : float
        From `cost_per_km`.
    node_weight : "quality_area" or "area"
        What a core counts with.

    Returns
    -------
    dict of str to float
        Square kilometres by country, and "joint".

    References
    ----------
    ECA: Saura et al. (2011), Landsc. Ecol. 26, 1381-1393.

    Examples
    --------
    >>> cores = pd.DataFrame({"area_km2": [9000.0], "quality_area_km2": [9000.0]}, index=[1])
    >>> links = pd.DataFrame(columns=["core_a", "core_b", "path_length_km", "cost_distance_m"])
    >>> parts = pd.DataFrame({"core_id": 1, "country": ["AA", "BB"], "area_km2": [6000.0, 3000.0]})
    >>> none = pd.DataFrame({"link_id": [], "country": []})
    >>> country_connectivity(cores, links, parts, none, countries=["AA", "BB"], dispersal_km=70, per_km=1000)
    {'joint': 9000.0, 'AA': 6000.0, 'BB': 3000.0}
    """
    area = partial(connected_area, dispersal_km=dispersal_km, per_km=per_km, node_weight=node_weight)
    found = {JOINT: area(cores, links)}
    lies_in = link_shares.groupby("link_id")["country"].agg(set)
    for code in countries:
        own = core_shares[core_shares["country"] == code].set_index("core_id")["area_km2"]
        part = cores.loc[cores.index.isin(own.index)]
        share = own.reindex(part.index) / part["area_km2"]
        columns = {name: part[name] * share for name in ("area_km2", "quality_area_km2")}
        inside = links.loc[links.index.isin([link for link, codes in lies_in.items() if codes == {code}])]
        ends = inside["core_a"].isin(part.index) & inside["core_b"].isin(part.index)
        found[code] = area(part.assign(**columns), inside[ends])
    return found


def connected_area(
    cores: pd.DataFrame, links: pd.DataFrame, *, dispersal_km: float, per_km: float, node_weight: NodeWeight
) -> float:
    """Return the equivalent connected area at a dispersal distance, by cost; 0 without core areas."""
    counted = cores[cores["quality_area_km2"] > 0]
    kept = links[links["core_a"].isin(counted.index) & links["core_b"].isin(counted.index)]
    if not len(counted):
        return 0.0
    graph = network_by_cost(counted, kept, per_km, node_weight=node_weight)
    table = connectivity_indices(graph, dispersal_km=[dispersal_km])
    return float(table["equivalent_connected_area_km2"].iloc[0])


def border_connectivity(
    areas: dict[str, float], protected: pd.DataFrame | None, *, dispersal_km: float
) -> pd.DataFrame:
    """Return what each country alone would keep, next to the whole, as a table.

    Parameters
    ----------
    areas : dict of str to float
        From `country_connectivity`.
    protected : DataFrame, optional
        From `protected_connected`; of each country without stepping stones beyond its border. Without it
        ProtConn is empty, not assessed.
    dispersal_km : float
        The dispersal distance of both.

    Returns
    -------
    DataFrame
        Columns of the table "border_connectivity": a row per country, "apart" (all of them, each for itself)
        and "joint". The equivalent connected area of lands apart is the root of the sum of squares, not the
        sum: two halves apart are worth less than one whole. `share_percent` is of the joint value.
    """
    alone = {code: area for code, area in areas.items() if code != JOINT}
    apart = math.sqrt(sum(area**2 for area in alone.values()))
    rows = {**alone, APART: apart, JOINT: areas[JOINT]}
    conn = _protected(protected, list(alone), dispersal_km)
    table = pd.DataFrame({"country": list(rows), "equivalent_connected_area_km2": list(rows.values())})
    joint = areas[JOINT] if areas[JOINT] > 0 else math.nan
    table = table.assign(
        dispersal_km=float(dispersal_km),
        share_percent=100 * table["equivalent_connected_area_km2"] / joint,
        protconn_percent=table["country"].map(conn).astype(float),
    )
    return table[list(TABLES["border_connectivity"].columns)]


def _protected(protected: pd.DataFrame | None, codes: list[str], dispersal_km: float) -> dict[str, float]:
    """Return ProtConn of each country alone, of all apart, and jointly, in percent of each one's land."""
    if protected is None:
        return {}
    rows = protected[protected["dispersal_km"] == dispersal_km].set_index("country")
    area = rows["equivalent_connected_area_km2"] * (1 - rows["protconn_trans_percent"].fillna(0.0) / 100)
    conn = 100 * area / rows["region_km2"]
    found = {code: float(conn[code]) for code in codes if code in conn}
    if ALL in rows.index:
        each = rows.index != ALL
        found[APART] = float(100 * np.sqrt(np.sum(area[each] ** 2)) / rows.loc[ALL, "region_km2"])
        found[JOINT] = float(conn[ALL])
    return found
