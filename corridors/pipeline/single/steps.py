"""The steps themselves: each takes a resistance and places, and returns what is written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.circuit import omnidirectional_current, pairwise_current
from corridors.corridor import corridor_polygons, least_cost_corridors
from corridors.cost import accumulated_cost, cost_surfaces
from corridors.cost.memory import require_kept
from corridors.errors import InputError, SolveError
from corridors.links import find_links
from corridors.pipeline.currents import LEAST_POTENTIAL
from corridors.pipeline.progress import Progress, part_of, silent

if TYPE_CHECKING:
    import xarray as xr

    from corridors.barriers import EdgeCosts
    from corridors.corridor.polygons import Rule
    from corridors.pipeline.single.given import Regions


@dataclass(frozen=True)
class Found:
    """What a step found, keyed by names of the schema; `notes` are pairs of code and text."""

    title: str
    rasters: Mapping[str, xr.DataArray] = field(default_factory=dict)
    vectors: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()


def cost_from(
    res: xr.DataArray,
    sources: Regions,
    *,
    barriers: EdgeCosts | None = None,
    max_cost_distance_m: float | None = None,
) -> Found:
    """Return the accumulated cost from the nearest source: `accumulated_cost` on all of them together."""
    cost = accumulated_cost(
        res, sources.labels, barriers=barriers, max_cost_distance_m=max_cost_distance_m
    ).rename("accumulated_cost")
    return Found("Accumulated cost", {"accumulated_cost": cost}, notes=sources.notes)


def corridors_between(
    res: xr.DataArray,
    first: Regions,
    second: Regions,
    *,
    barriers: EdgeCosts | None = None,
    rule: Rule = "slack_m",
    value: float = 10_000,
    progress: Progress = silent,
) -> Found:
    """Return a link, its corridor and its polygon from every place of one layer to every place of the other.

    Parameters
    ----------
    res
        Resistance.
    first, second
        Places, their numbers all different.
    barriers
        From `edge_costs`.
    rule, value
        Where polygons are cut, as in `corridor_polygons`.
    progress
        Told the step and the fraction done.

    Raises
    ------
    InputError
        I226 the two layers share cells.
    ResourceError
        R301 not enough memory for the cost surfaces of all places.
    SolveError
        S506 no way leads from one to the other.
    """
    ends = np.where(first.labels.values > 0, first.labels.values, second.labels.values)
    common = int(((first.labels.values > 0) & (second.labels.values > 0)).sum())
    if common:
        what, remedy = f"the two layers share {common} cells", "Give two layers that lie apart."
        raise InputError(what, code="I226", where="places", remedy=remedy)
    labels = first.labels.copy(data=ends)
    places = gpd.GeoDataFrame(pd.concat([first.places, second.places]), crs=first.places.crs)
    require_kept(res.shape, np.float64, count=len(places))
    surfaces = {}
    for number, surface in cost_surfaces(res, labels, barriers=barriers):
        surfaces[number] = surface
        progress("Accumulated cost", 0.6 * len(surfaces) / len(places))
    progress("Links", 0.6)
    links = find_links(
        places, labels, res, neighbours="all", through_cores=True, barriers=barriers, surfaces=surfaces
    )
    links = links[links["core_a"].isin(first.places.index) & links["core_b"].isin(second.places.index)]
    if not len(links):
        what, remedy = "no way leads from one layer to the other", "Look at no data and sealed barriers."
        raise SolveError(what, code="S506", where="places", remedy=remedy)
    links = links.set_index(pd.RangeIndex(1, len(links) + 1, name="link_id"))
    progress("Corridors", 0.7)
    corridor = least_cost_corridors(links, labels, res, barriers=barriers, surfaces=surfaces)
    progress("Polygons", 0.8)
    polygons = corridor_polygons(
        links, labels, res, rule=rule, value=value, barriers=barriers, surfaces=surfaces
    )
    notes = (*first.notes, *second.notes, *polygons.attrs["notes"], *_not_linked(first, second, links))
    vectors = {"links": links, "places": places, "corridors": polygons}
    return Found("Corridors between two layers", {"corridor": corridor}, vectors, notes=notes)


def _not_linked(first: Regions, second: Regions, links: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Say how many pairs no way leads between."""
    pairs = len(first.places) * len(second.places)
    missing = pairs - len(links)
    return [("not_linked", f"No way leads between {missing} of {pairs} pairs.")] if missing else []


def current_between(res: xr.DataArray, regions: Regions, *, barriers: EdgeCosts | None = None) -> Found:
    """Return current and effective resistance between every two places: `pairwise_current`.

    Raises
    ------
    InputError
        I226 fewer than two places.
    """
    if len(regions.places) < 2:
        what, allowed = "current flows between two places at least", "2 or more"
        given = str(len(regions.places))
        raise InputError(what, code="I226", where="places", given=given, allowed=allowed)
    found = pairwise_current(res, regions.labels, barriers=barriers, maximum=True)
    assert found.maximum is not None
    rasters = {"cumulative_current": found.cumulative, "maximum_current": found.maximum}
    table = found.resistances.rename(columns={"resistance": "effective_resistance", "status": "pair_status"})
    unsolved = table[table["pair_status"] != "solved"]
    notes = [
        ("pair", f"Places {row.core_a} and {row.core_b}: {row.pair_status}, no current between them.")
        for row in unsolved.itertuples()
    ]
    return Found(
        "Current between places",
        rasters,
        {"places": regions.places},
        {"pairs": table[["core_a", "core_b", "effective_resistance", "pair_status"]]},
        (*regions.notes, *notes),
    )


def current_around(
    res: xr.DataArray,
    *,
    radius_km: float,
    block: int = 1,
    source_strength: xr.DataArray | None = None,
    barriers: EdgeCosts | None = None,
    progress: Progress = silent,
) -> Found:
    """Return current from everywhere to everywhere within a radius: `omnidirectional_current`."""
    found = omnidirectional_current(
        res,
        radius_km=radius_km,
        block=block,
        barriers=barriers,
        source_strength=source_strength,
        threads=os.cpu_count() or 1,
        progress=part_of(progress, 0.0, 0.95),
    )
    assert found.flow_potential is not None
    assert found.normalised is not None
    enough = found.flow_potential >= LEAST_POTENTIAL * float(found.flow_potential.max())
    rasters = {
        "omnidirectional_current": found.current,
        "normalised_current": found.normalised.where(enough).assign_attrs(found.normalised.attrs),
    }
    notes: tuple[tuple[str, str], ...] = ()
    if found.windows_without_current:
        text = f"{found.windows_without_current} windows without current: no data, or no source in reach."
        notes = (("windows", text),)
    return Found("Current in moving windows", rasters, notes=notes)
