"""Proposals against the landscape as it is: one row per proposal, species and country, and jointly.

The landscape is analysed once. For each proposal only what rests on something it changes is computed anew:
`protect` leaves every path and every corridor as it is, a fence leaves protected land as it is. Cores and
their ids are those of the landscape as it is throughout.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely
import xarray as xr

from corridors.errors import InputError, raise_all
from corridors.pipeline import case_title, completed
from corridors.pipeline.case import connected
from corridors.pipeline.notes import run_notes
from corridors.pipeline.progress import Progress, part_of, silent
from corridors.pipeline.sides import incomplete_parks, side_table, sides_of
from corridors.result import CaseResult
from corridors.studies.proposals.change import Landscape, changed, landscape_of
from corridors.studies.proposals.layers import ways_layers
from corridors.studies.proposals.measures import ECOLOGY, JOINT, Measured, measured
from corridors.studies.proposals.ranges import with_front, with_ranks
from corridors.studies.proposals.read import parts_named
from corridors.studies.proposals.rows import BASELINE, baseline_rows, loss_avoided, proposal_rows, with_gaps
from corridors.studies.proposals.together import interactions_of, no_interactions

if TYPE_CHECKING:
    from corridors.config import People, Workflow
    from corridors.pipeline.findings import Findings
    from corridors.pipeline.inputs import Inputs
    from corridors.result import Result
    from corridors.studies.proposals.ways import Ways

    Setting = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Proposals compared.

    Parameters
    ----------
    table : DataFrame
        A row per proposal, species (`case`) and country, and "joint"; the landscape as it is first.
    proposals : GeoDataFrame
        A row per proposal: `proposal`, `kind`, `status`, `cost`, its rank for every case, geometry.
    interactions : DataFrame
        A row per case and pair, where they were asked for: what both bring together against the sum of each.
    notes : tuple of str
        What to know.
    vectors : mapping of str to GeoDataFrame
        "cores", "links", "corridors" and "crossings" of the reporting area: columns `proposal` and `case`,
        then those of the schema. Rows of the landscape as it is have the proposal "baseline"; a proposal that
        changes no movement has no rows of its own.
    result : Result
        The landscape as it is, analysed as `corridors.pipeline.run` does, with all its notes.
    """

    table: pd.DataFrame
    proposals: gpd.GeoDataFrame
    interactions: pd.DataFrame
    notes: tuple[str, ...]
    vectors: Mapping[str, gpd.GeoDataFrame]
    result: Result


def compare_proposals(
    workflow: Workflow,
    inputs: Inputs,
    proposals: gpd.GeoDataFrame,
    *,
    by: str | None = None,
    threat: str | None = None,
    settings: Sequence[Setting] = (),
    interactions: bool = False,
    incomplete: Sequence[str] = (),
    sides: pd.DataFrame | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Compare proposals with the landscape as it is, for every case of a workflow.

    Parameters
    ----------
    workflow : Workflow
        From `load_workflow`.
    inputs : Inputs
        From `corridors.pipeline.read_inputs`.
    proposals : GeoDataFrame
        From `read_proposals`.
    by : str, optional
        The column whose change proposals are ranked by. Where absent: `protconn_percent` if all proposals
        protect and nothing else, else `eca_km2`.
    threat : str, optional
        The proposal that is no proposal but the loss to be expected. What each area to be protected would
        save of the equivalent connected area, if nothing of it happened inside, is `loss_avoided_eca_km2`.
    settings : sequence of (shape, maximum)
        Curves of resistance, such as `SETTINGS`, over which ranks and connected areas are given as intervals.
    interactions : bool
        Measure every pair together, too.
    incomplete : sequence of str
        Countries whose protected areas are known not to be complete, besides those `sides` shows.
    sides : DataFrame, optional
        From `corridors.pipeline.sides.side_table`, where it is known.
    progress : callable
        Called with the step and the fraction done.

    Returns
    -------
    Comparison
        Numbers of a column `x` have their difference from the landscape as it is in `x_change`. NaN is what
        is not known or not assessed; `notes` in the row says which and why.

    Raises
    ------
    InputError, Problems
        I288 a column, a threat or settings that cannot be.
    """
    names = [name for name in proposals["proposal"].unique() if name != threat]
    by = ranked_by(proposals, names) if by is None else by
    check(proposals, names, by, threat)
    sides = side_table(workflow, inputs, sides_of(workflow, inputs)) if sides is None else sides
    lacking = tuple(sorted({*incomplete, *incomplete_parks(sides, inputs.context)}))
    tables, pairs, notes = [], [], list(proposals.attrs.get("notes", ()))
    cases: dict[str, CaseResult] = {}
    ways: list[tuple[str, str, Ways]] = []
    for number, (case, species) in enumerate(workflow.cases.items()):

        def tell(step: str, done: float, *, at: int = number, key: str = case) -> None:
            progress(f"{key}: {step}", (at + done) / len(workflow.cases))

        landscape = landscape_of(
            inputs.layers, species, specs=workflow.layers, context=inputs.context, bounds=workflow.area.bounds
        )
        analysed = connected(
            landscape.ground,
            species,
            layers=inputs.layers,
            context=inputs.context,
            incomplete=lacking,
            progress=part_of(tell, 0.0, 0.4),
        )
        cases[case] = CaseResult(
            case_title(species), xr.Dataset(analysed.rasters), analysed.vectors, analysed.tables
        )
        found = one_case(
            landscape,
            proposals,
            names,
            analysed=analysed,
            threat=threat,
            options=workflow.people,
            tell=part_of(tell, 0.4, 0.8),
        )
        ways += [(BASELINE, case, found.baseline.ways)]
        ways += [
            (name, case, m.ways) for name, m in found.single.items() if m.ways is not found.baseline.ways
        ]
        found.table.insert(list(found.table).index("status") + 1, "species", case)
        ranked_table = with_ranks(
            found.table,
            landscape,
            proposals,
            names,
            baseline=found.baseline,
            by=by,
            settings=settings,
            tell=part_of(tell, 0.8, 1.0),
        )
        tables.append(with_gaps(with_front(ranked_table, by=by), landscape, lacking, workflow.people))
        notes += [f"{case}: {text}" for text in found.notes]
        if interactions:
            pairs.append(
                interactions_of(found.baseline, found.single, proposals, names, by).assign(species=case)
            )
    if settings and any(s.movement.source != "suitability" for s in workflow.cases.values()):
        notes.append("resistance that is not made from suitability has no curve: its ranks have no interval")
    table = pd.concat(tables, ignore_index=True)
    notes.append(f"ranked by the change of {by}")
    together = pd.concat(pairs, ignore_index=True) if pairs else no_interactions()
    result = completed(cases, inputs.layers, workflow, context=inputs.context)
    return Comparison(
        table,
        outlines(proposals, names, table),
        together,
        tuple(dict.fromkeys(notes)),
        ways_layers(ways),
        replace(result, notes=(*result.notes, *run_notes(workflow, inputs, sides))),
    )


def ranked_by(proposals: gpd.GeoDataFrame, names: Sequence[str]) -> str:
    """Return the column proposals are ranked by where none is named."""
    kinds = set(parts_named(proposals, names)["kind"])
    return "protconn_percent" if kinds == {"protect"} else "eca_km2"


def check(proposals: gpd.GeoDataFrame, names: Sequence[str], by: str, threat: str | None) -> None:
    """Refuse what no comparison can be made of."""
    problems = []
    if by not in ECOLOGY:
        what, allowed = "no column to rank by", ", ".join(ECOLOGY)
        problems.append(InputError(what, code="I288", where="by", given=by, allowed=allowed))
    if threat is not None and threat not in set(proposals["proposal"]):
        what, allowed = "there is no such proposal", ", ".join(names)
        problems.append(InputError(what, code="I288", where="threat", given=threat, allowed=allowed))
    if not names:
        problems.append(InputError("there is no proposal but the threat", code="I288", where="proposals"))
    if BASELINE in names:
        what, remedy = "no proposal can be called so", "Give it another name."
        problems.append(InputError(what, code="I288", where=f"proposal {BASELINE}", remedy=remedy))
    raise_all(problems)


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
    names: Sequence[str],
    *,
    analysed: Findings,
    threat: str | None,
    options: People,
    tell: Progress,
) -> OneCase:
    """Return the rows of one species, the landscape as it is first."""
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


def outlines(proposals: gpd.GeoDataFrame, names: Sequence[str], table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return one row per proposal for maps: kinds, status, cost, joint rank for every case, geometry."""
    joint = table[table["country"] == JOINT].set_index(["species", "proposal"])["rank"]
    rows, shapes = [], []
    for name in names:
        parts = parts_named(proposals, [name])
        row: dict[str, str | float] = {"proposal": name, "kind": ", ".join(dict.fromkeys(parts["kind"]))}
        row["status"] = ", ".join(dict.fromkeys(s for s in parts["status"] if s))
        row["cost"] = float(parts["cost"].sum(min_count=len(parts)))
        row |= {f"rank_{case}": float(joint.to_dict()[case, name]) for case in joint.index.unique("species")}
        rows.append(row)
        shapes.append(shapely.union_all(parts.geometry.to_numpy()))
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=proposals.crs)
