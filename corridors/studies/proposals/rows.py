"""The rows of the comparison: what a proposal brings, what it meets, whom it needs, what is not known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from corridors.studies.proposals.change import changed
from corridors.studies.proposals.kinds import KINDS, POLYGONS
from corridors.studies.proposals.measures import (
    ECOLOGY,
    JOINT,
    MOVEMENT_COLUMNS,
    STATUS_COLUMNS,
    Measured,
    measured,
)
from corridors.studies.proposals.people import COUNTS, IDENTITY, PEOPLE, density_layers, people
from corridors.studies.proposals.ways import SMALLEST_WIDTH_CELLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.config import People
    from corridors.studies.proposals.change import Landscape

BASELINE = "baseline"
LAYERS = {
    "settlements": "settlements",
    "roads": "roads",
    "railways": "railways",
    "protected_areas": "protected areas",
}


def baseline_rows(baseline: Measured) -> pd.DataFrame:
    """Return the rows of the landscape as it is."""
    table, narrow = baseline.table.reset_index(), unresolved(baseline)
    none = dict.fromkeys((*IDENTITY, *COUNTS, "cost", "loss_avoided_eca_km2"), math.nan)
    changes = {f"{name}_change": table[name] * 0.0 for name in ECOLOGY}
    table = table.assign(
        proposal=BASELINE, kind="", status="", needs_partner="", notes=narrow, tenure="", **none, **changes
    )
    return table[list(columns_in_order())]


def proposal_rows(
    after: Measured,
    baseline: Measured,
    parts: gpd.GeoDataFrame,
    saved: float,
    options: People,
    threat: str | None,
) -> pd.DataFrame:
    """Return the rows of one proposal."""
    table = after.table.join(people(baseline.landscape, parts, codes=baseline.ways.codes, options=options))
    kinds = list(dict.fromkeys(parts["kind"]))
    for name in ECOLOGY:
        table[f"{name}_change"] = after.table[name] - baseline.table[name]
    said = not_assessed(kinds, threat)
    if not any(KINDS[kind].moves for kind in kinds):
        table[[f"{name}_change" for name in MOVEMENT_COLUMNS]] = math.nan
    if after.landscape.protected is None and "protect" in kinds:
        table[[f"{name}_change" for name in STATUS_COLUMNS]] = math.nan
    if after.landscape.inside_cores:  # no change beside one that is not counted is unknown, not 0
        table["eca_km2_change"] = table["eca_km2_change"].replace(0.0, math.nan)
    said += [note.partition(": ")[2] or note for note in after.landscape.notes]
    table["loss_avoided_eca_km2"] = pd.Series({JOINT: saved}).reindex(table.index)
    involved = partners(baseline.landscape, parts)
    table = table.reset_index().assign(
        proposal=parts["proposal"].iloc[0],
        kind=", ".join(kinds),
        status=", ".join(dict.fromkeys(s for s in parts["status"] if s)),
        cost=float(parts["cost"].sum(min_count=len(parts))),
        notes="; ".join(said),
    )
    table["notes"] = [
        noted(text, narrow) for text, narrow in zip(table["notes"], unresolved(after), strict=True)
    ]
    table["needs_partner"] = [needs(code, involved) for code in table["country"]]
    return table[list(columns_in_order())]


def unresolved(after: Measured) -> list[str]:
    """Return, for every row, whether its narrowest width is finer than the cells can tell."""
    least_km = SMALLEST_WIDTH_CELLS * after.landscape.grid.cell_size_m / 1000
    text = f"narrowest width under {least_km:g} km, not resolved"
    return [text if width < least_km else "" for width in after.table["narrowest_km"]]


def noted(*texts: str) -> str:
    """Return notes in one line, the empty ones left out."""
    return "; ".join(text for text in texts if text)


def columns_in_order() -> tuple[str, ...]:
    """Return the columns of the comparison without species, ranks, intervals and gaps."""
    ecology = [column for name in ECOLOGY for column in (name, f"{name}_change")]
    identity = ("proposal", "kind", "status", "country", *IDENTITY)
    return (*identity, *ecology, "loss_avoided_eca_km2", *PEOPLE, "cost", "needs_partner", "notes")


def in_groups(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with their columns in groups: identity, ecology, people, decision."""
    ecology = [
        column for name in ECOLOGY for column in (name, f"{name}_low", f"{name}_high", f"{name}_change")
    ]
    identity = ("proposal", "kind", "status", "species", "country", *IDENTITY)
    ranks = ("rank", "rank_low", "rank_high", "rank_kept_percent", "pareto")
    decision = ("cost", *ranks, "needs_partner", "notes", "data_gap")
    return table[[n for n in (*identity, *ecology, "loss_avoided_eca_km2", *PEOPLE, *decision) if n in table]]


def not_assessed(kinds: Sequence[str], threat: str | None) -> list[str]:
    """Return what of a proposal is not assessed, and why."""
    if any(KINDS[kind].moves for kind in kinds):
        return []
    if threat is None:
        return ["connectivity gain not assessed: protection alone changes none without a threat"]
    return [f"connectivity gain: what would be lost to {threat} without it, see loss_avoided_eca_km2"]


def loss_avoided(
    baseline: Measured, expected: Measured, threat: gpd.GeoDataFrame, parts: gpd.GeoDataFrame
) -> float:
    """Return how much more ECA is left if the threat stays out of an area to be protected."""
    safe = shapely.union_all(parts[parts["kind"] == "protect"].geometry.to_numpy())
    rest = threat.assign(geometry=shapely.difference(threat.geometry.to_numpy(), safe))
    after = measured(changed(baseline.landscape, rest[~rest.geometry.is_empty]), baseline=baseline)
    return after.joint("eca_km2") - expected.joint("eca_km2")


def partners(landscape: Landscape, parts: gpd.GeoDataFrame) -> list[str]:
    """Return the countries a proposal lies in; a gate in a fence along the border lies in both."""
    if "countries" not in landscape.context:
        return []
    countries = landscape.context["countries"].set_index("country").geometry
    reach_m = landscape.grid.cell_size_m / 2
    found = []
    for code in countries.index:
        areas = parts.geometry.geom_type.isin(POLYGONS)
        overlap = shapely.area(shapely.intersection(parts.geometry[areas].to_numpy(), countries[code]))
        near = shapely.dwithin(parts.geometry[~areas].to_numpy(), countries[code], reach_m)
        if (overlap > reach_m**2).any() or near.any():
            found.append(code)
    return found


def needs(code: str, involved: Sequence[str]) -> str:
    """Return the other countries a country needs; jointly, all of them where there are several."""
    if code == JOINT:
        return ", ".join(involved) if len(involved) > 1 else ""
    return ", ".join(other for other in involved if other != code)


def no_layer(landscape: Landscape, options: People) -> list[str]:
    """Return what of people is not assessed for want of a layer."""
    layers = density_layers(options)
    found = ["livestock"] if layers["livestock_n"] not in landscape.layers else []
    found += ["tenure"] if options.tenure not in landscape.context else []
    if layers["population"] in landscape.layers or "settlements" not in landscape.context:
        return found
    return ["population outside listed settlements", *found]


def with_gaps(
    table: pd.DataFrame, landscape: Landscape, incomplete: Sequence[str], options: People
) -> pd.DataFrame:
    """Return the rows with what data lack, by country."""
    absent = [f"{title}: no layer" for name, title in LAYERS.items() if name not in landscape.context]
    absent += [f"{name}: no layer" for name in no_layer(landscape, options)]
    unknown = landscape.context.get("settlements", pd.DataFrame()).attrs.get("unknown_share", {})

    def gaps(code: str) -> str:
        found = list(absent)
        for country, share in unknown.items():
            if share > 0 and country and code in (country, JOINT):
                found.append(f"population unknown of {100 * share:.0f} % of settlements: {country}")
        lacking = [c for c in incomplete if code in (c, JOINT)]
        return "; ".join([*found, *(f"protected areas incomplete: {c}" for c in lacking)])

    return table.assign(data_gap=[gaps(str(code)) for code in table["country"]])
