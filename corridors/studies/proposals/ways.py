"""The ways of a landscape: links, corridors, what of them lies in which country, and their network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.border import cores_by_country, cost_per_km, country_shares, network_by_cost
from corridors.corridor import corridor_bottlenecks, corridor_polygons
from corridors.cost import cost_surfaces
from corridors.links import find_links
from corridors.network import link_importance

if TYPE_CHECKING:
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
    per_km = cost_per_km(landscape.ground.cores, links, species.network.dispersal_km[0])
    key = key_link(landscape, links, link_shares, per_km)
    return Ways(links, polygons, core_shares, link_shares, per_km, key)


def key_link(
    landscape: Landscape, links: gpd.GeoDataFrame, shares: pd.DataFrame, per_km: float
) -> tuple[int, int] | None:
    """Return the cores of the link whose loss would cost most.

    Of links as long as the smallest width that is resolved, if there are any: cores nearer than that are as
    good as one. Of those, links across a border, if there are any.
    """
    if not len(links):
        return None
    graph = network_by_cost(landscape.ground.cores, links, per_km, node_weight="area")
    lost = link_importance(graph, dispersal_km=landscape.species.network.dispersal_km[:1])
    lost = lost.set_index("link_id").sort_values("dec_percent", ascending=False, kind="stable")
    resolved_km = SMALLEST_WIDTH_CELLS * landscape.grid.cell_size_m / 1000
    countries = shares.groupby("link_id")["country"].nunique()
    for wanted in (links.index[links["path_length_km"] >= resolved_km], countries.index[countries > 1]):
        lost = lost[lost.index.isin(wanted)] if lost.index.isin(wanted).any() else lost
    worst = lost.iloc[0]
    return int(worst["core_a"]), int(worst["core_b"])
