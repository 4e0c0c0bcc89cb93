"""The ways of a landscape: links, corridors, crossings, what lies in which country, and their network.

All of it is of the reporting area, cut as the results of a run are: cores and links that touch it are kept
whole, corridors and crossings are cut.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.border.outlines import OTHER
from corridors.cost import cost_surfaces
from corridors.network import dispersal_as_cost_m, link_importance, to_graph
from corridors.pipeline.across import across_borders, no_crossings
from corridors.pipeline.clip import ways_touching
from corridors.pipeline.findings import Findings, in_order
from corridors.pipeline.least_cost import links_and_corridors
from corridors.pipeline.network import network_findings
from corridors.schema import TABLES, VECTORS
from corridors.studies.proposals.layers import LAYERS

if TYPE_CHECKING:
    import networkx as nx
    import xarray as xr

    from corridors.network.graph import NodeWeight
    from corridors.studies.proposals.change import Landscape

    Surfaces = dict[int, xr.DataArray]

SMALLEST_WIDTH_CELLS = 4


@dataclass(frozen=True, eq=False)
class Ways:
    """Cores, links, corridors and crossings of the reporting area, and what of them lies in which country.

    `layers` holds the four by name, with the columns of the schema; the three tables are those of the schema
    (`core_countries`, `core_borders`, `link_countries`). `codes` are the countries the comparison has a row
    for, `cost_per_km` is how many metres of ideal habitat stand for a kilometre of ground at the dispersal
    distance, `key_link` the cores of the link that matters most: all three of the landscape as it is.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    core_shares: pd.DataFrame
    core_borders: pd.DataFrame
    link_shares: pd.DataFrame
    codes: tuple[str, ...]
    cost_per_km: float
    key_link: tuple[int, int] | None

    @property
    def cores(self) -> gpd.GeoDataFrame:
        """The core areas."""
        return self.layers["cores"]

    @property
    def links(self) -> gpd.GeoDataFrame:
        """The links."""
        return self.layers["links"]

    @property
    def corridors(self) -> gpd.GeoDataFrame:
        """The corridors."""
        return self.layers["corridors"]


def ways_of(
    landscape: Landscape, before: Ways | None, *, found: Findings | None = None, ranked: bool = False
) -> Ways:
    """Return links and corridors; the key link is that of before, where there was one.

    `found` is what a run found in this landscape, where it was analysed. `ranked` fills the columns on what
    each core and each link matters, too, which no number of the comparison rests on.
    """
    found = ways_found(landscape, ranked=ranked) if found is None else found
    layers = ways_touching(found.vectors, landscape.reporting_area)
    cores, links = layers["cores"], layers["links"]
    tables = (
        rows_of(found, "core_countries", cores.index),
        rows_of(found, "core_borders", cores.index),
        rows_of(found, "link_countries", links.index),
    )
    if before is not None:
        known = math.isfinite(before.cost_per_km)
        # No link before, and some after: what a cost stands for is read from these.
        fixed = before.cost_per_km if known else cost_per_km(landscape, cores, links)
        return Ways(layers, *tables, before.codes, fixed, before.key_link)
    core_shares, _, link_shares = tables
    per_km = cost_per_km(landscape, cores, links)
    key = key_link(landscape, cores, links, link_shares, per_km)
    return Ways(layers, *tables, codes_of(landscape, core_shares, link_shares), per_km, key)


def ways_found(landscape: Landscape, *, ranked: bool = False) -> Findings:
    """Return what a run would find of ways and borders, and, if asked for, of their network."""
    ground, species = landscape.ground, landscape.species
    surfaces = dict(cost_surfaces(ground.resistance, ground.labels, barriers=ground.edges))
    found = Findings(vectors=links_and_corridors(ground, species, surfaces))
    found |= Findings(vectors={"crossings": no_crossings(ground.cores)})
    if "countries" in landscape.context and len(ground.cores):
        found |= across_borders(found, ground, landscape.context["countries"])
    if ranked and len(ground.cores):
        found |= network_findings(found, ground, species, surfaces, context={})
    vectors = {name: in_order(VECTORS[name].columns, found.vectors[name]) for name in LAYERS}
    return Findings({}, vectors, found.tables)


def rows_of(found: Findings, table: str, ids: pd.Index[int]) -> pd.DataFrame:
    """Return the rows of a table of the cores or links that are kept; none where there is no table."""
    entry = TABLES[table]
    rows = found.tables.get(table, pd.DataFrame(columns=list(entry.columns)))
    return rows[rows[entry.columns[0]].isin(ids)].reset_index(drop=True)


def codes_of(landscape: Landscape, *shares: pd.DataFrame) -> tuple[str, ...]:
    """Return the countries of the reporting area, and those its cores and links reach into."""
    found = {code for label, code in landscape.countries.items() if (landscape.country_cells == label).any()}
    reached = {str(code) for table in shares for code in table["country"]}
    named = sorted((found | reached) - {OTHER})
    return (*named, OTHER) if OTHER in reached else tuple(named)


def cost_per_km(landscape: Landscape, cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame) -> float:
    """Return the cost that stands for a kilometre at the first dispersal distance.

    By the fit of cost on length over the links; where there are too few of them for one, by their sums.
    """
    if not len(links):
        return math.nan
    ground_km = landscape.species.network.dispersal_km[0]
    fitted, _ = dispersal_as_cost_m(to_graph(cores, links, node_weight="area"), ground_km)
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
    landscape: Landscape,
    cores: gpd.GeoDataFrame,
    links: gpd.GeoDataFrame,
    shares: pd.DataFrame,
    per_km: float,
) -> tuple[int, int] | None:
    """Return the cores of the link whose loss would cost most.

    Of links as long as the smallest width that is resolved, if there are any: cores nearer than that are as
    good as one. Of those, links across a border, if there are any.
    """
    if not len(links):
        return None
    graph = network(cores, links, "area", per_km)
    lost = link_importance(graph, dispersal_km=landscape.species.network.dispersal_km[:1])
    lost = lost.set_index("link_id").sort_values("dec_percent", ascending=False, kind="stable")
    resolved_km = SMALLEST_WIDTH_CELLS * landscape.grid.cell_size_m / 1000
    countries = shares.groupby("link_id")["country"].nunique()
    for wanted in (links.index[links["path_length_km"] >= resolved_km], countries.index[countries > 1]):
        lost = lost[lost.index.isin(wanted)] if lost.index.isin(wanted).any() else lost
    worst = lost.iloc[0]
    return int(worst["core_a"]), int(worst["core_b"])
