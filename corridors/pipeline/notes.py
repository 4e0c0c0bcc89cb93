"""What a reader of the results has to know: one sentence each, with a stable code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridors import presets
from corridors.presets.places import holds_elsewhere
from corridors.result import CaseResult, Note, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from corridors.config import Species, Workflow
    from corridors.pipeline.inputs import Inputs

RESOLVED_CELLS = 4
LOOSE_PERCENT = 50


def with_notes(case: CaseResult, species: Species, result: Result) -> CaseResult:
    """Return a case of a result with its notes."""
    notes = [*scope_notes(species, result), *predictor_notes(species, result), *core_notes(case)]
    if "core_ids" in case.tables:
        notes += number_notes(case.tables["core_ids"])
    for part in (*case.vectors.values(), *case.tables.values()):
        notes += [Note(str(code), str(text)) for code, text in part.attrs.get("notes", ())]
    return replace(case, notes=tuple(dict.fromkeys(notes)))


def scope_notes(species: Species, result: Result) -> list[Note]:
    """Return what the results hold for, and how fine they are."""
    cell_m = result.grid.cell_size_m
    width_km = RESOLVED_CELLS * cell_m / 1000
    return [
        Note(
            "movement", f"Holds for {species.movement_type}, {species.season}, scenario {species.scenario}."
        ),
        Note("scale", f"Screening scale {cell_m:g} m: widths under {width_km:g} km are not resolved."),
        Note("slack", "The corridor map shows slack within each link; it does not compare links."),
    ]


def predictor_notes(species: Species, result: Result) -> list[Note]:
    """Return which predictors are missing."""
    notes = []
    for name in (name for name in species.layers_named if name not in result.layers):
        if name in species.habitat.predictors:
            prey = species.habitat.predictors[name].role == "prey"
            why = "no survey in the data" if prey else "no such layer"
            text = f"{name.replace('_', ' ')} left out ({why}); the other weights were rescaled."
            notes.append(Note("dropped", text))
    return notes


def core_notes(case: CaseResult) -> list[Note]:
    """Return what is special about the core areas, where there are any yet."""
    if "cores" not in case.vectors:
        return []
    cores = case.vectors["cores"]
    if len(cores) == 1:
        text = "A single core area: its contact with the border counts, there are no links."
        return [Note("single_core", text), *ids_note(cores, "truncated", CUT)]
    return [*ids_note(cores, "disconnected", ALONE), *ids_note(cores, "truncated", CUT)]


ALONE = "Core areas without a link in reach"
CUT = "Cut by the edge of the data, so larger than they look: core areas"


def number_notes(table: pd.DataFrame) -> list[Note]:
    """Return how the numbers of core areas relate to those of the earlier run, in words."""
    parts = []
    for relation in ("kept", "split", "merged", "new", "gone"):
        ids = table.loc[table["relation"] == relation, "core_id"]
        if len(ids):
            parts.append(f"{relation} {', '.join(map(str, ids))}")
    text = f"Numbers of core areas follow the run {table.attrs['run']}: {'; '.join(parts) or 'none'}."
    notes = [Note("core_ids", text)]
    loose = table[(table["relation"] == "kept") & (table["overlap_percent"] < LOOSE_PERCENT)]
    if len(loose):
        listed = ", ".join(f"{row.core_id} ({row.overlap_percent:.0f} %)" for row in loose.itertuples())
        notes.append(Note("core_ids", f"Under half of the land was of that number before: {listed}."))
    return notes


def ids_note(cores: gpd.GeoDataFrame, column: str, text: str) -> list[Note]:
    """Return a note that lists the cores for which a column is true; none where there are none."""
    if column not in cores:
        return []
    ids = [str(core_id) for core_id in cores.index[cores[column].astype(bool)]]
    return [Note(column, f"{text} {', '.join(ids)}.")] if ids else []


def elsewhere_notes(workflow: Workflow) -> list[Note]:
    """Return which presets were made for another landscape than the area."""
    notes = []
    for species in workflow.species:
        pair = (species.name, str(species.landscape))
        if pair in presets.names() and holds_elsewhere(pair[1], workflow.area.bounds):
            where = presets.landscape(pair[1]).title
            text = f"{species.title}: the preset's thresholds and curves are those for {where}, not for here."
            notes.append(Note("preset_elsewhere", text))
    return notes


def idle_notes(workflow: Workflow) -> list[Note]:
    """Return which predictors a species was told to leave out."""
    notes = []
    for species in workflow.species:
        idle = [name.replace("_", " ") for name, p in species.habitat.predictors.items() if p.weight == 0]
        if idle:
            notes.append(Note("weight_zero", f"{species.title}: left out, weight 0: {', '.join(idle)}."))
    return notes


def land_notes(context: Mapping[str, gpd.GeoDataFrame]) -> tuple[Note, ...]:
    """Return what is to be said of countries and borders."""
    if "countries" in context:
        return (Note("boundary", "Boundaries shown are not a legal statement."),)
    return (Note("no_countries", "No layer of countries: the border part was skipped."),)


def run_notes(workflow: Workflow, inputs: Inputs, sides: pd.DataFrame) -> tuple[Note, ...]:
    """Return the notes on the layers of a run: where they end, and which are absent or incomplete.

    `sides` is coverage and density of every layer per country, from `side_table`.
    """
    notes = []
    notices = {str(layer.attrs["notice"]) for layer in inputs.layers.values() if "notice" in layer.attrs}
    notes += [Note("notice", f"{notice}.") for notice in sorted(notices)]
    short = [f"{side} {km:.0f} km" for side, km in inputs.shortfall_km.items() if km >= 1]
    if short:
        text = f"The data end inside the margin of {inputs.margin_km:.0f} km; missing: {', '.join(short)}."
        notes.append(Note("margin", text))
    notes += [*elsewhere_notes(workflow), *idle_notes(workflow)]
    predictors = {name for species in workflow.species for name in species.habitat.predictors}
    absent = sorted(set(workflow.layers) - set(inputs.layers) - set(inputs.context) - predictors)
    notes.extend(Note("absent", f"Optional layer {name} is not in the data.") for name in absent)
    for name, spec in workflow.layers.items():
        if spec.one_sided == "accept" and name in inputs.context:
            said = sorted(set(sides.loc[sides["layer"] == name, "note"]) - {""})
            words = "; ".join(said) or "may be incomplete on one side of the border"
            notes.append(Note("one_sided", f"{name.replace('_', ' ').capitalize()} {words}."))
    return tuple(notes)


def part_notes(until: str | None) -> tuple[Note, ...]:
    """Return that a run ended before its end, where it did."""
    if until is None:
        return ()
    text = f"A part of the run: it ended after the step {until}."
    if until == "cores":
        text += " Core areas beyond the reporting area that links will lead to are not among those shown."
    return (Note("part", text),)
