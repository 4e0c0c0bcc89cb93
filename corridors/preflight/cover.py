"""Notes on what the layers hold: shares of classes and of no data, unknown population, distortion, margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.errors import CorridorsError, InputError
from corridors.grid import length_distortion_percent
from corridors.layers.rasterise import burn_polygons
from corridors.pipeline.sides import Side
from corridors.result import Note
from corridors.schema import Classes
from corridors.schema import raster as schema_raster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.config import Workflow
    from corridors.pipeline import Inputs

LARGEST_DISTORTION_PERCENT = 5.0
NARROWEST_CELLS = 4


def area_notes(workflow: Workflow, inputs: Inputs) -> list[Note]:
    """Return what to know of the area: distortion, margin, smallest width."""
    low, high = length_distortion_percent(inputs.bounds, inputs.grid.crs)
    size_km = inputs.grid.cell_size_m / 1000
    rows, columns = inputs.grid.shape
    notes = [
        Note(
            "distortion",
            f"Lengths on the map are off by {low:+.2f} to {high:+.2f} % ({inputs.grid.crs.name}).",
        ),
        Note(
            "scale",
            f"{rows} x {columns} cells of {size_km:g} km: a screening scale; "
            f"widths under {NARROWEST_CELLS * size_km:g} km are not resolved.",
        ),
    ]
    short = ", ".join(f"{side} {km:.0f} km" for side, km in inputs.shortfall_km.items() if km >= 0.5)
    if short:
        text = f"The data lack part of the margin of {inputs.margin_km:.0f} km: {short}."
        notes.append(Note("margin", text + " Cores there may be cut by the edge."))
    if not workflow.area.partners:
        notes.append(Note("partners", "No partners are named, so no layer is compared across the border."))
    return notes


def distortion_problems(inputs: Inputs) -> list[CorridorsError]:
    """Return a problem where the coordinate system stretches lengths too much to measure in it."""
    worst = max(map(abs, length_distortion_percent(inputs.bounds, inputs.grid.crs)))
    if worst <= LARGEST_DISTORTION_PERCENT:
        return []
    what, given = "the coordinate system distorts lengths", f"{inputs.grid.crs.name}: up to {worst:.1f} %"
    remedy = "Use the CRS that `corridors init` proposes for this area."
    allowed = f"at most {LARGEST_DISTORTION_PERCENT:g} %"
    return [InputError(what, code="I205", where="area.crs", given=given, allowed=allowed, remedy=remedy)]


def class_notes(workflow: Workflow, inputs: Inputs, sides: Iterable[Side]) -> list[Note]:
    """Return the share of every class and of no data, per country and layer of classes."""
    masks = {side.country: burn_polygons([side.polygon], inputs.grid) for side in sides}
    notes = []
    for name, spec in workflow.layers.items():
        if spec.kind != "categories" or name not in inputs.layers:
            continue
        for country, mask in masks.items():
            shares = class_shares(inputs.layers[name].values[mask].astype(float))
            words = ", ".join(f"{class_title(name, value)} {100 * share:.3g} %" for value, share in shares)
            notes.append(Note("classes", f"{name} in {country}: {words}."))
    return notes


def class_shares(values: np.ndarray) -> list[tuple[int | None, float]]:
    """Return classes and their shares, largest first; None is no data, always told.

    Examples
    --------
    >>> class_shares(np.array([4.0, 4.0, 5.0, np.nan]))
    [(4, 0.5), (5, 0.25), (None, 0.25)]
    """
    known = values[~np.isnan(values)]
    classes, counts = np.unique(known, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    total = max(values.size, 1)
    shares: list[tuple[int | None, float]] = [(int(classes[i]), float(counts[i] / total)) for i in order]
    return [*shares, (None, float((values.size - known.size) / total))]


def class_title(layer: str, value: int | None) -> str:
    """Return a class by number and, where the schema knows the layer, name."""
    if value is None:
        return "no data"
    style = schema_raster(layer).style
    names = {number: label for number, _, label in style.entries} if isinstance(style, Classes) else {}
    return f"{value} {names[value]}" if value in names else str(value)


def population_notes(inputs: Inputs) -> list[Note]:
    """Return the share of settlements without a known population, per country."""
    towns = inputs.context.get("settlements")
    if towns is None or "population" not in towns or not len(towns):
        return []
    within = towns[towns.intersects(inputs.context["reporting_area"].geometry.iloc[0])]
    unknown = ~(within["population"].astype(float) > 0)
    if not unknown.any():
        return []
    per_country = [
        f"{country} {int(part.sum())} of {len(part)}" for country, part in unknown.groupby(within["country"])
    ]
    used = within.loc[unknown, "population_used"].iloc[0]
    text = f"Population unknown (0 in the source): {', '.join(per_country)}; each counts as {used:g} persons."
    return [Note("population", text)]


def absent_notes(workflow: Workflow, inputs: Inputs, broken: Iterable[str]) -> list[Note]:
    """Return the optional layers that are not in the data folder."""
    read = {*map(str, inputs.layers.data_vars), *inputs.context}
    absent = [name for name in workflow.layers if name not in {*read, *broken}]
    return [Note("absent", f"Not in the data, left out: {', '.join(absent)}.")] if absent else []
