"""The ways of a landscape: links, corridors, what of them lies in which country, and their network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.border import cores_by_country, country_shares
from corridors.corridor import corridor_bottlenecks, corridor_polygons
from corridors.cost import cost_surfaces
from corridors.links import find_links
from corridors.network import dispersal_as_cost_m, link_importance, to_graph

if TYPE_CHECKING:
    import networkx as nx

    from corridors.network.graph import NodeWeight
    from corridors.studies.proposals.change import Landscape

SMALLEST_WIDTH_CELLS = 4


@dataclass(frozen=True, eq=False)
class Ways:
    """Links of a landscape, what lies in which country, and the widths of the corridors.

    `cost_per_km` is how many metres of ideal habitat stand for a kilometre of ground at the dispersal
    distance, `key_link` the cores of the link that matters most: both of the landscape as it is.
    """

    links: gpd.GeoDataFrame
    corridors: gpd.GeoDataFrame
    core_shares: pd.DataFrame
    link_shares: pd.DataFrame
    cost_per_km: float
    key_link: tuple[int, int] | None


def ways_of(landscape: Landscape, before: Ways | None) -> Ways:
    """Return links and corridors; the key link is that of before, where there was one."""
    ground, species = landscape.ground, landscape.species
    costs: dict[str, Any] = {
        "barriers": ground.edges,
        "surfaces": dict(cost_surfaces(ground.resistance, ground.labels, barriers=ground.edges)),
    }
    links = find_links(ground.cores, ground.labels, ground.resistance, **costs, **species.links.options)
    rule = species.corridors
    polygons = corridor_polygons(
        links, ground.labels, ground.resistance, rule=rule.rule, value=rule.value, **costs
    )
    polygons = polygons.assign(**corridor_bottlenecks(polygons, ground.labels))
    countries = landscape.context.get("countries")
    none = pd.DataFrame({"core_id": [], "link_id": [], "country": [], "area_km2": [], "length_km": []})
    core_shares = (
        none if countries is None or not len(ground.cores) else cores_by_country(ground.cores, countries)
    )
    link_shares = none if countries is None or not len(links) else country_shares(links, countries)
    if before is not None:
        return Ways(links, polygons, core_shares, link_shares, before.cost_per_km, before.key_link)
    per_km = cost_per_km(landscape, links)
    key = key_link(landscape, links, link_shares, per_km)
    return Ways(links, polygons, core_shares, link_shares, per_km, key)


def cost_per_km(landscape: Landscape, links: gpd.GeoDataFrame) -> float:
    """Return the cost that stands for a kilometre at the first dispersal distance.

    By the fit of cost on length over the links; where there are too few of them for one, by their sums.
    """
    if not len(links):
        return math.nan
    ground_km = landscape.species.network.dispersal_km[0]
    graph = to_graph(landscape.ground.cores, links, node_weight="area")
    fitted, _ = dispersal_as_cost_m(graph, ground_km)
    if math.isfinite(fitted):
        return fitted / ground_km
    return float(links["cost_distance_m"].sum() / links["path_length_km"].sum())


def network(
    cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame, weight: NodeWeight, per_km: float
) -> nx.Graph[int]:
    """Return cores and links as a graph whose lengths are costs, in the kilometres they stand for.

    A fence lengthens no path and yet parts two cores, so dispersal falls with cost; what a cost stands for is
    fixed by the landscape as it is, or a dearer landscape would count as one of better walkers.
    """
    return to_graph(cores, links.assign(path_length_km=links["cost_distance_m"] / per_km), node_weight=weight)


def key_link(
    landscape: Landscape, links: gpd.GeoDataFrame, shares: pd.DataFrame, per_km: float
) -> tuple[int, int] | None:
    """Return the cores of the link whose loss would cost most.

    Of links as long as the smallest width that is resolved, if there are any: cores nearer than that are as
    good as one. Of those, links across a border, if there are any.
    """
    if not len(links):
        return None
    graph = network(landscape.ground.cores, links, "area", per_km)
    lost = link_importance(graph, dispersal_km=landscape.species.network.dispersal_km[:1])
    lost = lost.set_index("link_id").sort_values("dec_percent", ascending=False, kind="stable")
    resolved_km = SMALLEST_WIDTH_CELLS * landscape.grid.cell_size_m / 1000
    countries = shares.groupby("link_id")["country"].nunique()
    for wanted in (links.index[links["path_length_km"] >= resolved_km], countries.index[countries > 1]):
        lost = lost[lost.index.isin(wanted)] if lost.index.isin(wanted).any() else lost
    worst = lost.iloc[0]
    return int(worst["core_a"]), int(worst["core_b"])
