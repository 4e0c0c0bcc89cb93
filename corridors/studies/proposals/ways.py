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

from corridors.border import cost_per_km, network_by_cost
from corridors.border.outlines import OTHER
from corridors.cost import cost_surfaces
from corridors.network import link_importance
from corridors.pipeline.across import across_borders
from corridors.pipeline.clip import ways_touching
from corridors.pipeline.findings import Findings, in_order
from corridors.pipeline.least_cost import linked, outlined
from corridors.pipeline.network import network_findings
from corridors.schema import TABLES, VECTORS
from corridors.studies.proposals.layers import LAYERS

if TYPE_CHECKING:
    import xarray as xr

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
    per_km = cost_per_km(cores, links, landscape.species.network.dispersal_km[0])
    if before is not None:
        # Where nothing is linked as it is, nothing says what a cost stands for but the proposal's own links.
        kept = before.cost_per_km if math.isfinite(before.cost_per_km) else per_km
        return Ways(layers, *tables, before.codes, kept, before.key_link)
    core_shares, _, link_shares = tables
    key = key_link(landscape, cores, links, link_shares, per_km)
    return Ways(layers, *tables, codes_of(landscape, core_shares, link_shares), per_km, key)


def ways_found(landscape: Landscape, *, ranked: bool = False) -> Findings:
    """Return what a run would find of ways and borders, and, if asked for, of their network."""
    ground, species = landscape.ground, landscape.species
    surfaces = dict(cost_surfaces(ground.resistance, ground.labels, barriers=ground.edges))
    vectors, _ = linked(ground, surfaces, species=species, context=landscape.context)
    corridors = outlined(vectors["links"], ground, surfaces, species=species)
    found = Findings(vectors={**vectors, "corridors": corridors})
    found |= across_borders(found, ground, context=landscape.context if len(ground.cores) else {})
    if ranked and len(ground.cores):
        found |= network_findings(found, ground, surfaces, species=species, context={})
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
    graph = network_by_cost(cores, links, per_km, node_weight="area")
    lost = link_importance(graph, dispersal_km=landscape.species.network.dispersal_km[:1])
    lost = lost.set_index("link_id").sort_values("dec_percent", ascending=False, kind="stable")
    resolved_km = SMALLEST_WIDTH_CELLS * landscape.grid.cell_size_m / 1000
    countries = shares.groupby("link_id")["country"].nunique()
    for wanted in (links.index[links["path_length_km"] >= resolved_km], countries.index[countries > 1]):
        lost = lost[lost.index.isin(wanted)] if lost.index.isin(wanted).any() else lost
    worst = lost.iloc[0]
    return int(worst["core_a"]), int(worst["core_b"])
