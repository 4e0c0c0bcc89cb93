"""What the cases of a run say together: species on the same land, variants of one species."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from corridors.pipeline.overlap import (
    MOST_SPECIES,
    land_of,
    one_case_each,
    overlap_table,
    shared_land,
    species_overlap,
)
from corridors.pipeline.variants import (
    agreement_raster,
    agreement_table,
    by_species,
    corridors_of,
    variant_table,
)
from corridors.result import Note, Result
from corridors.schema.together import OF

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.pipeline.overlap import Land


def with_cases_together(result: Result, workflow: Workflow, *, incomplete: Sequence[str] = ()) -> Result:
    """Return a result with its species compared where there are two or more, and its variants likewise.

    Parameters
    ----------
    result : Result
        Of the reporting area.
    workflow : Workflow
        Its species.
    incomplete : sequence of str
        Countries whose protected areas are known not to be complete.
    """
    chosen = one_case_each({key: (one.name, one.scenario) for key, one in workflow.cases.items()})
    varied = by_species(result.cases, workflow)
    unfinished = any("corridors" not in case.vectors for case in result.cases.values())
    if unfinished or (len(chosen) < 2 and not varied):
        return result
    land = land_of(result.grid, result.context, incomplete)
    if len(chosen) > 1:
        result = with_overlap(result, workflow, chosen, land)
    if varied:
        result = with_variants(result, workflow, varied, land)
    return result


def with_overlap(result: Result, workflow: Workflow, chosen: dict[str, str], land: Land) -> Result:
    """Return a result with the overlap of its species."""
    if len(chosen) > MOST_SPECIES:
        text = f"The overlap of more than {MOST_SPECIES} species is not mapped."
        return replace(result, notes=(*result.notes, Note("overlap", text)))
    cases = {workflow.cases[key].title: result.cases[key] for key in chosen.values()}
    overlap = species_overlap(cases, result.grid)
    tables = {"overlap": overlap_table(overlap, land), "shared_land": shared_land(overlap, list(cases), land)}
    titles = "; ".join(result.cases[key].title for key in chosen.values())
    text = f"The overlap of the species is that of: {titles}. Land they share is counted once."
    return replace(
        result,
        rasters=result.rasters.assign(species_overlap=overlap),
        tables={**result.tables, **tables},
        notes=(*result.notes, Note("overlap", text)),
    )


def with_variants(result: Result, workflow: Workflow, varied: dict[str, list[str]], land: Land) -> Result:
    """Return a result with the variants of its species side by side."""
    rasters: dict[str, xr.DataArray] = {}
    pairs = []
    for species, keys in varied.items():
        corridors = corridors_of(keys, result.cases, result.grid)
        pairs.append(agreement_table(corridors, land.area_km2))
        name = f"corridor_agreement{OF}{species}"
        raster = agreement_raster(corridors, result.cases, result.grid, name)
        rasters[name] = raster.assign_attrs(source_used=f"{len(keys)} variants")
    tables = {
        "variants": variant_table(result.cases, workflow),
        "variant_agreement": pd.concat(pairs, ignore_index=True),
    }
    return replace(result, rasters=result.rasters.assign(rasters), tables={**result.tables, **tables})
