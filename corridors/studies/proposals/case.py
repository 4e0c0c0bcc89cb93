"""One species: the landscape as it is, analysed once, and every proposal against it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import xarray as xr

from corridors.pipeline import case_title
from corridors.pipeline.case import connected
from corridors.pipeline.progress import Progress, part_of
from corridors.result import CaseResult
from corridors.studies.proposals.change import Landscape, changed, landscape_of
from corridors.studies.proposals.measures import Measured, measured
from corridors.studies.proposals.ranges import with_front, with_ranks
from corridors.studies.proposals.read import parts_named
from corridors.studies.proposals.rows import (
    BASELINE,
    baseline_rows,
    in_groups,
    loss_avoided,
    proposal_rows,
    with_gaps,
)
from corridors.studies.proposals.together import interactions_of

if TYPE_CHECKING:
    from corridors.config import People, Workflow
    from corridors.pipeline.findings import Findings
    from corridors.pipeline.inputs import Inputs
    from corridors.studies.proposals.ways import Ways


@dataclass(frozen=True)
class Asked:
    """What is asked of every case; `names` are those of the proposals, without the threat."""

    names: tuple[str, ...]
    by: str
    threat: str | None
    settings: tuple[tuple[float, float], ...]
    interactions: bool
    incomplete: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Compared:
    """What was found for one species.

    `ways` holds those of the landscape as it is and of every proposal that changes them, `result` the whole
    analysis of the landscape as it is.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame | None
    ways: Mapping[str, Ways]
    result: CaseResult
    notes: tuple[str, ...]


def compared(
    case: str,
    workflow: Workflow,
    inputs: Inputs,
    proposals: gpd.GeoDataFrame,
    asked: Asked,
    *,
    progress: Progress,
) -> Compared:
    """Return every proposal against the landscape as it is, for one species."""
    species, bounds, people = workflow.cases[case], workflow.area.bounds, workflow.people
    options = {"specs": workflow.layers, "context": inputs.context}
    landscape = landscape_of(inputs.layers, species, **options, bounds=bounds)
    analysed = analysed_once(landscape, asked, part_of(progress, 0.0, 0.4))
    found = one_case(
        landscape, proposals, asked, analysed=analysed, options=people, tell=part_of(progress, 0.4, 0.8)
    )
    table = with_ranks(
        found.table.assign(species=case),
        landscape,
        proposals,
        asked.names,
        baseline=found.baseline,
        by=asked.by,
        settings=asked.settings,
        tell=part_of(progress, 0.8, 1.0),
    )
    table = in_groups(with_gaps(with_front(table, by=asked.by), landscape, asked.incomplete, people))
    pairs = None
    if asked.interactions:
        pairs = interactions_of(found.baseline, found.single, proposals, asked.names, asked.by)
        pairs = pairs.assign(species=case)
    start, own = found.baseline.ways, {name: one.ways for name, one in found.single.items()}
    ways = {BASELINE: start} | {name: each for name, each in own.items() if each is not start}
    parts = analysed.vectors, analysed.tables
    result = CaseResult(case_title(species), xr.Dataset(analysed.rasters), *parts)
    return Compared(table, pairs, ways, result, found.notes)


def analysed_once(landscape: Landscape, asked: Asked, progress: Progress) -> Findings:
    """Return all that a run finds in the landscape as it is."""
    return connected(
        landscape.ground,
        landscape.species,
        layers=landscape.layers,
        context=landscape.context,
        incomplete=asked.incomplete,
        progress=progress,
    )


@dataclass(frozen=True, eq=False)
class OneCase:
    """What was found for one species: rows, the landscape as it is, and each proposal alone."""

    table: pd.DataFrame
    baseline: Measured
    single: Mapping[str, Measured]
    notes: tuple[str, ...]


def one_case(
    landscape: Landscape,
    proposals: gpd.GeoDataFrame,
    asked: Asked,
    *,
    analysed: Findings,
    options: People,
    tell: Progress,
) -> OneCase:
    """Return the rows of one species, the landscape as it is first."""
    names, threat = asked.names, asked.threat
    baseline = measured(landscape, found=analysed)
    rows = [baseline_rows(baseline)]
    single: dict[str, Measured] = {}
    notes: list[str] = []
    expected = (
        None
        if threat is None
        else measured(changed(landscape, parts_named(proposals, [threat])), baseline=baseline)
    )
    for number, name in enumerate(names):
        tell(name, number / len(names))
        parts = parts_named(proposals, [name])
        after = changed(landscape, parts)
        single[name] = measured(after, baseline=baseline, ranked=True)
        notes += after.notes
        saved = math.nan
        if threat is not None and expected is not None and (parts["kind"] == "protect").any():
            saved = loss_avoided(baseline, expected, parts_named(proposals, [threat]), parts)
        rows.append(proposal_rows(single[name], baseline, parts, saved, options, threat))
    return OneCase(pd.concat(rows, ignore_index=True), baseline, single, tuple(notes))
