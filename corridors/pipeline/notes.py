"""What a reader of the results has to know: one sentence each, with a stable code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import xarray as xr

from corridors.grid import Grid
from corridors.result import Note

if TYPE_CHECKING:
    from corridors.config import Species, Workflow
    from corridors.layers import LayerSpec
    from corridors.pipeline.inputs import Inputs

RESOLVED_CELLS = 4


def case_notes(
    species: Species,
    dropped: tuple[str, ...],
    cores: gpd.GeoDataFrame,
    links: gpd.GeoDataFrame,
    *,
    layers: xr.Dataset,
    specs: Mapping[str, LayerSpec],
    context: Mapping[str, gpd.GeoDataFrame],
) -> tuple[Note, ...]:
    """Return the notes of one case."""
    cell_m = Grid.of(layers).cell_size_m
    width_km = RESOLVED_CELLS * cell_m / 1000
    notes = [
        Note("scale", f"Screening scale {cell_m:g} m: widths under {width_km:g} km are not resolved."),
        Note(
            "movement", f"Holds for {species.movement_type}, {species.season}, scenario {species.scenario}."
        ),
        Note("slack", "The corridor map shows slack within each link; it does not compare links."),
    ]
    for name in dropped:
        why = "no survey in the data" if species.habitat.predictors[name].role == "prey" else "no such layer"
        notes.append(Note("dropped", f"{name} left out ({why}); the other weights were rescaled."))
    burnt = [name for name in species.movement.barriers if name in layers]
    if burnt:
        names, highest = " and ".join(burnt), species.movement.maximum
        text = f"{names}: burnt as resistance {highest:g}; crossing_cost_m is not used yet."
        notes.append(Note("barriers", text))
    for name, spec in specs.items():
        if spec.one_sided == "accept" and name in context:
            notes.append(
                Note("one_sided", f"{name.replace('_', ' ')}: incomplete on one side of the border.")
            )
    if len(cores) == 1:
        notes.append(
            Note("single_core", "A single core area: its contact with the border counts, there are no links.")
        )
    lonely = [str(core_id) for core_id in cores.index[cores["disconnected"]]]
    if lonely and len(cores) > 1:
        notes.append(Note("disconnected", f"Core areas without a link in reach: {', '.join(lonely)}."))
    cut = [str(core_id) for core_id in cores.index[cores["truncated"]]]
    if cut:
        notes.append(
            Note(
                "truncated",
                f"Cut by the edge of the data, so larger than they look: core areas {', '.join(cut)}.",
            )
        )
    notes += [Note(str(code), str(text)) for code, text in cores.attrs.get("notes", ())]
    notes += [Note(str(code), str(text)) for code, text in links.attrs.get("notes", ())]
    return tuple(notes)


def run_notes(workflow: Workflow, inputs: Inputs) -> tuple[Note, ...]:
    """Return the notes that hold for all cases of a run."""
    notes = [Note("boundary", "Boundaries shown are not a legal statement.")]
    short = [f"{side} {km:.0f} km" for side, km in inputs.shortfall_km.items() if km >= 1]
    if short:
        text = f"The data end inside the margin of {inputs.margin_km:.0f} km; missing: {', '.join(short)}."
        notes.append(Note("margin", text))
    if "countries" not in inputs.context:
        notes.append(Note("no_countries", "No layer of countries: the border part was skipped."))
    absent = sorted(set(workflow.layers) - set(map(str, inputs.layers.data_vars)) - set(inputs.context))
    notes.extend(Note("absent", f"Optional layer {name} is not in the data.") for name in absent)
    return tuple(notes)
