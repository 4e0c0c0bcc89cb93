"""Ranks of proposals, and how stable they are over curves of resistance nobody has measured."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.pipeline.habitat import resistance_of
from corridors.studies.proposals.change import changed
from corridors.studies.proposals.measures import measured
from corridors.studies.proposals.ranking import pareto_front, rank_ranges, ranks_if_any
from corridors.studies.proposals.read import parts_named
from corridors.studies.proposals.rows import BASELINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.config import Species
    from corridors.pipeline.progress import Progress
    from corridors.studies.proposals.change import Landscape
    from corridors.studies.proposals.measures import Measured

    Setting = tuple[float, float]

SETTINGS: tuple[Setting, ...] = tuple((c, top) for c in (2.0, 8.0, 16.0) for top in (10.0, 100.0, 1000.0))
RANGED = (
    "eca_km2",
    "corridor_km",
    "corridor_protected_percent",
    "narrowest_km",
    "crossings_n",
    "key_link_resistance",
)
"""The columns that rest on resistance."""
BOUNDS = tuple(f"{name}_{end}" for name in RANGED for end in ("low", "high"))
RANKS = ("rank", "rank_low", "rank_high", "rank_kept_percent")


def with_ranks(
    table: pd.DataFrame,
    landscape: Landscape,
    proposals: gpd.GeoDataFrame,
    names: Sequence[str],
    *,
    baseline: Measured,
    by: str,
    settings: Sequence[Setting],
    tell: Progress,
) -> pd.DataFrame:
    """Return the rows with the rank of each proposal per country, and intervals over the settings.

    Intervals hold the row's own value, too. Where no proposal does more than another there is no rank.
    """
    own = table["proposal"] != BASELINE
    rank = table[own].groupby("country")[f"{by}_change"].transform(ranks_if_any)
    table = table.assign(rank=rank, **dict.fromkeys((*RANKS[1:], *BOUNDS), math.nan))
    if not settings or landscape.species.movement.source != "suitability":
        return table
    runs = []
    for number, setting in enumerate(settings):
        tell(f"curve {number + 1} of {len(settings)}", number / len(settings))
        runs.append(under(setting, landscape, proposals, names, by, baseline.ways.key_link))
    keys = pd.MultiIndex.from_frame(table[["proposal", "country"]])
    for name in RANGED:
        values = [run[name].reindex(keys).to_numpy() for run in runs]
        every = pd.DataFrame([table[name].to_numpy(), *values])
        table[f"{name}_low"], table[f"{name}_high"] = every.min().to_numpy(), every.max().to_numpy()
    for code in table["country"].unique():
        at = own & (table["country"] == code) & table["rank"].notna()
        gains = [run["gain"].xs(code, level="country").reindex(table.loc[at, "proposal"]) for run in runs]
        here = pd.Series(table.loc[at, f"{by}_change"].to_numpy(), index=table.loc[at, "proposal"])
        table.loc[at, list(RANKS[1:])] = rank_ranges([here, *gains]).to_numpy()
    return table


def with_front(table: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Return the rows with whether no other proposal beats one (Pareto), among those of its country.

    More of the change of `by`, more suitable habitat protected, and less cost where every cost is known.
    """
    more = [f"{name}_change" for name in dict.fromkeys((by, "suitable_protected_km2"))]
    own = table[table["proposal"] != BASELINE]
    more = [name for name in more if own[name].notna().any()]
    less = ["cost"] if own["cost"].notna().all() else []
    fronts = [pareto_front(rows, maximise=more, minimise=less) for _, rows in own.groupby("country")]
    return table.assign(pareto=pd.concat(fronts).reindex(table.index, fill_value=False))


def under(
    setting: Setting,
    landscape: Landscape,
    proposals: gpd.GeoDataFrame,
    names: Sequence[str],
    by: str,
    key: tuple[int, int] | None,
) -> pd.DataFrame:
    """Return what rests on resistance, and the gain of every proposal, under another curve of it.

    What a cost stands for is found anew; the key link stays that of the workflow's own curve.
    """
    species = with_curve(landscape.species, setting)
    resistance = resistance_of(landscape.layers, species, specs=landscape.specs, context=landscape.context)
    start = replace(landscape, species=species, ground=replace(landscape.ground, resistance=resistance))
    baseline = measured(start, key_link=key)
    found = {BASELINE: baseline.table}
    for name in names:
        found[name] = measured(changed(start, parts_named(proposals, [name])), baseline=baseline).table
    gains = {name: part.assign(gain=part[by] - baseline.table[by]) for name, part in found.items()}
    return pd.concat(gains, names=["proposal"])[[*RANGED, "gain"]]


def with_curve(species: Species, setting: Setting) -> Species:
    """Return a species whose resistance follows another curve."""
    shape, maximum = setting
    movement = species.movement.model_copy(update={"shape": shape, "maximum": maximum})
    return species.model_copy(update={"movement": movement})
