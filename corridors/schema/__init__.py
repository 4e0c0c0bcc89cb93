"""Every raster, vector, table and column a run can hold: name, unit, title, style, sensitivity, one sentence.

The writers, the QGIS project, the figures, `corridors describe` and the tests read these pages, so a new
output is added here and in the step that makes it, and nowhere else.
"""

from __future__ import annotations

from difflib import get_close_matches

from corridors.errors import InputError
from corridors.schema.columns import COLUMNS, Column
from corridors.schema.differences import DIFF_TABLES, DIFF_VECTORS
from corridors.schema.proposals import COMPARED, COMPARISON
from corridors.schema.proposed import PROPOSED
from corridors.schema.rasters import HILLSHADE, RASTERS, SINGLE_RASTERS, Raster
from corridors.schema.rasters import raster as case_raster
from corridors.schema.single import SINGLE_TABLES, SINGLE_VECTORS
from corridors.schema.styles import (
    CORRIDOR,
    LANDCOVER,
    SUITABILITY,
    Classes,
    Graduated,
    Hillshade,
    Labels,
    Ramp,
    RasterStyle,
    Symbol,
    VectorStyle,
)
from corridors.schema.terms import Sensitivity, Unit
from corridors.schema.together import RUN_RASTERS, TOGETHER_GROUPS, run_raster
from corridors.schema.vectors import (
    CONTEXT,
    CORE_COLUMNS,
    CORRIDOR_COLUMNS,
    CROSSING_COLUMNS,
    EDITED,
    EXPORTS,
    LINK_COLUMNS,
    TABLES,
    VECTORS,
    Table,
    Vector,
)

__all__ = [
    "CASE_GROUPS",
    "COLUMNS",
    "COMPARED",
    "COMPARISON",
    "CONTEXT",
    "CORE_COLUMNS",
    "CORRIDOR",
    "CORRIDOR_COLUMNS",
    "CROSSING_COLUMNS",
    "DIFF_TABLES",
    "DIFF_VECTORS",
    "EDITED",
    "EXPORTS",
    "HILLSHADE",
    "LANDCOVER",
    "LINK_COLUMNS",
    "PROPOSED",
    "RASTERS",
    "RUN_RASTERS",
    "SHARED_GROUPS_ABOVE",
    "SHARED_GROUPS_BELOW",
    "SINGLE_RASTERS",
    "SINGLE_TABLES",
    "SINGLE_VECTORS",
    "SUITABILITY",
    "TABLES",
    "TOGETHER_GROUPS",
    "VECTORS",
    "Classes",
    "Column",
    "Graduated",
    "Hillshade",
    "Labels",
    "Ramp",
    "Raster",
    "RasterStyle",
    "Sensitivity",
    "Symbol",
    "Table",
    "Unit",
    "Vector",
    "VectorStyle",
    "description",
    "raster",
]

CASE_GROUPS = (
    "crossings",
    "links",
    "cores",
    "barriers and pinch points",
    "corridors",
    "current",
    "resistance",
    "suitability",
)
SHARED_GROUPS_ABOVE = ("notes and data gaps",)
SHARED_GROUPS_BELOW = ("protected areas", "border, towns, roads, rivers", "predictors", "hillshade")


def raster(name: str) -> Raster:
    """Return the entry of a raster; a predictor the workflow invents gets a plain one."""
    return run_raster(name) or case_raster(name)


def description(name: str | None = None) -> list[tuple[str, str, str, str]]:
    """Return name, kind, unit and one sentence of everything a run can hold, or of one name.

    A raster, vector or table asked for by name comes with its columns.

    Raises
    ------
    InputError
        I249 no such name.
    """
    rasters = [*RASTERS.values(), *RUN_RASTERS.values(), *SINGLE_RASTERS.values()]
    vectors = [*VECTORS.values(), *CONTEXT.values(), *PROPOSED.values(), *DIFF_VECTORS.values()]
    vectors += [entry for name, entry in SINGLE_VECTORS.items() if name not in VECTORS]
    tables = [*TABLES.values(), *DIFF_TABLES.values(), *SINGLE_TABLES.values(), *EXPORTS.values()]
    tables.append(COMPARED)
    entries = [(r.name, "raster", r.unit, r.sentence) for r in rasters]
    entries += [(v.name, "vector", "", v.sentence) for v in vectors]
    entries += [(t.name, "table", "", t.sentence) for t in tables]
    known = COMPARISON | COLUMNS if name != COMPARED.name else COLUMNS | COMPARISON
    columns = {c.name: (c.name, "column", c.unit, c.sentence) for c in known.values()}
    if name is None:
        return [*entries, *columns.values()]
    found = [entry for entry in [*entries, *columns.values()] if entry[0] == name]
    if not found:
        names = [entry[0] for entry in [*entries, *columns.values()]]
        near = get_close_matches(name, names, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "Without a name, corridors describe lists all."
        what = f"there is no {name}"
        raise InputError(what, code="I249", remedy=remedy)
    holders: list[Vector | Table] = [*vectors, *SINGLE_VECTORS.values(), *tables]
    wanted = [column for holder in holders if holder.name == name for column in holder.columns]
    return [*found, *(columns[column] for column in dict.fromkeys(wanted))]
