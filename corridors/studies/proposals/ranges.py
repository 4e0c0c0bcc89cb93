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
from corridors.studies.proposals.ranking import pareto_front, rank_ranges, ranks
from corridors.studies.proposals.read import parts_named
from corridors.studies.proposals.rows import BASELINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.config import Species
    from corridors.pipeline.progress import Progress
    from corridors.studies.proposals.change import Landscape

    Setting = tuple[float, float]

SETTINGS: tuple[Setting, ...] = tuple((c, top) for c in (2.0, 8.0, 16.0) for top in (10.0, 100.0, 1000.0))
"""Curvatures and highest resistances over which ranks are compared."""


def with_ranks(
    table: pd.DataFrame,
    landscape: Landscape,
    proposals: gpd.GeoDataFrame,
    names: Sequence[str],
    *,
    by: str,
    settings: Sequence[Setting],
    tell: Progress,
) -> pd.DataFrame:
    """Return the rows with the rank of each proposal per country, and its range over the settings."""
    own = table["proposal"] != BASELINE
    rank = table[own].groupby("country")[f"{by}_change"].transform(ranks)
    table = table.assign(
        rank=rank, rank_low=math.nan, rank_high=math.nan, eca_km2_low=math.nan, eca_km2_high=math.nan
    )
    if not settings or landscape.species.movement.source != "suitability":
        return table
    runs = []
    for number, setting in enumerate(settings):
        tell(f"curve {number + 1} of {len(settings)}", number / len(settings))
        runs.append(under(setting, landscape, proposals, names, by))
    keys = pd.MultiIndex.from_frame(table[["proposal", "country"]])
    eca = pd.concat([run["eca_km2"] for run in runs], axis=1).reindex(keys)
    table["eca_km2_low"], table["eca_km2_high"] = eca.min(axis=1).to_numpy(), eca.max(axis=1).to_numpy()
    for code in table["country"].unique():
        at = own & (table["country"] == code) & table["rank"].notna()
        gains = [run["gain"].xs(code, level="country").reindex(table.loc[at, "proposal"]) for run in runs]
        table.loc[at, ["rank_low", "rank_high"]] = rank_ranges(gains).to_numpy()
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
    setting: Setting, landscape: Landscape, proposals: gpd.GeoDataFrame, names: Sequence[str], by: str
) -> pd.DataFrame:
    """Return connected area and gain of every proposal under another curve of resistance."""
    species = with_curve(landscape.species, setting)
    resistance = resistance_of(landscape.layers, species, specs=landscape.specs, context=landscape.context)
    start = replace(landscape, species=species, ground=replace(landscape.ground, resistance=resistance))
    baseline = measured(start)
    found = {BASELINE: baseline.table}
    for name in names:
        found[name] = measured(changed(start, parts_named(proposals, [name])), baseline=baseline).table
    every = pd.concat(found, names=["proposal"])
    gain = pd.concat(
        {name: part[by] - baseline.table[by] for name, part in found.items()}, names=["proposal"]
    )
    return pd.DataFrame({"eca_km2": every["eca_km2"], "gain": gain})


def with_curve(species: Species, setting: Setting) -> Species:
    """Return a species whose resistance follows another curve."""
    shape, maximum = setting
    movement = species.movement.model_copy(update={"shape": shape, "maximum": maximum})
    return species.model_copy(update={"movement": movement})
