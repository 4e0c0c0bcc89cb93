"""Layers that one side of the border lacks: no figure may rest on them unawares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.errors import CorridorsError, InputError
from corridors.layers.spec import DistanceTo

if TYPE_CHECKING:
    from corridors.config import Workflow


def layers_counted(workflow: Workflow) -> set[str]:
    """Return the layers that figures rest on: what species need, what that is made of, protected areas.

    Layers that are only drawn, such as rivers, may differ from side to side: nature does.
    """
    counted = {name for species in workflow.species for name in species.layers_named} | {"protected_areas"}
    specs = [workflow.layers[name] for name in counted if name in workflow.layers]
    return counted | {s.distance_to for spec in specs for s in spec.sources if isinstance(s, DistanceTo)}


def one_sided_problems(workflow: Workflow, table: pd.DataFrame) -> list[CorridorsError]:
    """Return a problem for every layer one side lacks and no one accepted as such."""
    problems: list[CorridorsError] = []
    counted = layers_counted(workflow)
    for key, rows in table[table["note"] != ""].groupby("layer", sort=False):
        name = str(key)
        if name not in counted or workflow.layers[name].one_sided == "accept":
            continue
        every = table[table["layer"] == name]
        given = "; ".join(in_words(row) for row in every.to_dict("records"))
        poor = ", ".join(rows["country"])
        remedy = (
            f'Give a source that covers {poor} too, or add one_sided = "accept" to [layers.{name}]: '
            f"figures per country are then marked incomplete."
        )
        what, allowed = f"{poor} lacks this layer", "every side at least a tenth of the densest"
        place = f"layer {name}"
        problems.append(
            InputError(what, code="I271", where=place, given=given, allowed=allowed, remedy=remedy)
        )
    return problems


def in_words(row: Mapping[Any, Any]) -> str:
    """Return one row of the table as words."""
    density, coverage = row["density_per_1000_km2"], row["coverage_percent"]
    if pd.notna(density):
        return f"{row['country']} {density:.3g} per 1000 km²"
    return f"{row['country']} {coverage:.3g} % covered"
