"""Proposals against the landscape as it is: one row per proposal, species and country, and jointly.

The landscape is analysed once. For each proposal only what rests on something it changes is computed anew:
`protect` leaves every path and every corridor as it is, a fence leaves protected land as it is. Cores and
their ids are those of the landscape as it is throughout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from corridors.errors import InputError, raise_all
from corridors.grid import outline
from corridors.pipeline import completed
from corridors.pipeline.notes import run_notes
from corridors.pipeline.progress import Progress, part_of, silent
from corridors.pipeline.sides import incomplete_parks, side_table, sides_of
from corridors.studies.proposals.case import Asked, Compared, compared
from corridors.studies.proposals.layers import ways_layers
from corridors.studies.proposals.measures import ECOLOGY, JOINT
from corridors.studies.proposals.read import parts_named
from corridors.studies.proposals.rows import BASELINE
from corridors.studies.proposals.together import no_interactions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from corridors.config import Workflow
    from corridors.pipeline.inputs import Inputs
    from corridors.result import Result

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
    asked = Asked(tuple(names), by, threat, tuple(settings), interactions, lacking)
    found = {}
    for number, case in enumerate(workflow.cases):
        told = part_of(
            progress, number / len(workflow.cases), (number + 1) / len(workflow.cases), prefix=f"{case}: "
        )
        found[case] = compared(case, workflow, inputs, proposals, asked, progress=told)
    table = pd.concat([one.table for one in found.values()], ignore_index=True)
    pairs = [one.pairs for one in found.values() if one.pairs is not None]
    cases = {case: one.result for case, one in found.items()}
    result = completed(cases, inputs.layers, workflow, context=inputs.context)
    return Comparison(
        table,
        outlines(proposals, names, table),
        pd.concat(pairs, ignore_index=True) if pairs else no_interactions(),
        notes_on(found, asked, workflow, inputs, proposals),
        ways_layers([(name, case, ways) for case, one in found.items() for name, ways in one.ways.items()]),
        replace(result, notes=(*result.notes, *run_notes(workflow, inputs, sides))),
    )


def notes_on(
    found: Mapping[str, Compared],
    asked: Asked,
    workflow: Workflow,
    inputs: Inputs,
    proposals: gpd.GeoDataFrame,
) -> tuple[str, ...]:
    """Return what to know of a comparison, each thing once."""
    notes = list(proposals.attrs.get("notes", ()))
    notes += [f"{case}: {text}" for case, one in found.items() for text in one.notes]
    if asked.settings and any(s.movement.source != "suitability" for s in workflow.cases.values()):
        notes.append("resistance that is not made from suitability has no curve: its ranks have no interval")
    notes += area_notes(workflow, inputs, proposals, asked.names)
    if all(one.table["rank"].isna().all() for one in found.values()):
        notes.append(f"no proposal is known to change {asked.by} more than another: there are no ranks")
    notes.append(f"ranked by the change of {asked.by}")
    return tuple(dict.fromkeys(notes))


def area_notes(
    workflow: Workflow,
    inputs: Inputs,
    proposals: gpd.GeoDataFrame,
    names: Sequence[str],
) -> list[str]:
    """Return what of the proposals lies in the margin, and whether a border cuts the reporting area."""
    area = shapely.Polygon(outline(workflow.area.bounds, inputs.grid.crs))
    notes = []
    for name in names:
        shapes = parts_named(proposals, [name]).geometry
        if not shapes.intersects(area).any():
            notes.append(f"{name}: lies in the margin, outside the reporting area: its area is not counted")
        elif not shapes.within(area).all():
            notes.append(f"{name}: reaches into the margin; what lies there is in no area and no length")
    if "countries" in inputs.context and len(sides_of(workflow, inputs)) < 2:
        notes.append("no border cuts the reporting area: the countries say what the joint row says")
    return notes


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


def collected(shapes: NDArray[np.object_]) -> BaseGeometry:
    """Return shapes as one: areas merged, lines and places beside them, also where an area holds them."""
    dimensions = shapely.get_dimensions(shapes)
    merged = [shapely.union_all(shapes[dimensions == each]) for each in sorted(set(dimensions), reverse=True)]
    return merged[0] if len(merged) == 1 else shapely.GeometryCollection(merged)


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
        shapes.append(collected(parts.geometry.to_numpy()))
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=proposals.crs)
