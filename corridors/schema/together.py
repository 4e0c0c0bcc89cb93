"""Rasters of a run as a whole: what several of its cases say together."""

from __future__ import annotations

from dataclasses import replace

from corridors.schema.rasters import Raster
from corridors.schema.styles import AGREEMENT, Classes

OVERLAP_GROUP = "species overlap"
AGREEMENT_GROUP = "agreement of variants"
TOGETHER_GROUPS = (OVERLAP_GROUP, AGREEMENT_GROUP)
OF = "_of_"

RUN_RASTERS: dict[str, Raster] = {
    r.name: r
    for r in (
        Raster("species_overlap", "Core areas and corridors of the species", "class",
               "Which species have a core area or a corridor in a cell; 0 none of them.",
               Classes(()), OVERLAP_GROUP, dtype="uint16", limits=(0, 65534)),
        Raster("corridor_agreement", "Variants with a corridor", "%",
               "Share of the variants of a species that have a corridor in a cell, core areas left out.",
               AGREEMENT, AGREEMENT_GROUP, limits=(0, 100)),
    )
}  # fmt: skip


def run_raster(name: str) -> Raster | None:
    """Return the entry of a raster of the run as a whole, one of a species titled by it; None for others.

    Examples
    --------
    >>> run_raster("corridor_agreement_of_amur_tiger").title
    'Variants with a corridor, amur tiger'
    """
    kind, of, thing = name.partition(OF)
    entry = RUN_RASTERS.get(kind)
    if entry is None or not of:
        return entry
    return replace(entry, name=name, title=f"{entry.title}, {thing.replace('_', ' ')}")
