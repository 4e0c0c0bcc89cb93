"""The options of an Omniscape ini file: which are honoured, which mean nothing here, and what is wrong.

Names, defaults and values as in Omniscape.jl (its documentation, usage.md); sections do not matter.

============================================= ============ ==================================================
option                                        default      here
============================================= ============ ==================================================
resistance_file, radius, project_name         (needed)     the map; cells; folder of the outputs
resistance_is_conductance                     false        the map holds conductances
source_file, source_threshold                 (needed), 0  source strengths; weaker ones count as none
source_from_resistance, r_cutoff              false, Inf   strength is 1 / resistance, up to this resistance
block_size, buffer                            1, 0         cells; an even block is made one larger
connect_four_neighbors_only                   false        4 neighbours, else 8
calc_flow_potential, calc_normalized_current  false        the other two maps
correct_artifacts                             true         correct what blocks distort
reclassify_resistance, reclass_table          false        two columns: old value, new value or "missing"
write_reclassified_resistance                 false        write that map too
conditional, n_conditions                     false, 1     sources must match their target in 1 or 2 rasters
condition1_file, condition2_file              (if used)    what is compared
compare_to_future                             none         none, 1, 2 or both: targets are taken from …
condition1_future_file, condition2_…           (if used)    … these
comparison1, comparison2                      within       within or equal
condition1_lower, condition1_upper, …         0            for within
mask_nodata, write_as_tif                     true         no data as in the resistance; GeoTIFF, else ASCII
write_raw_currmap                             true         written in any case, as Omniscape returns it
allow_different_projections                   false        say nothing of maps that lie elsewhere
solver                                        cg+amg       cg+amg: its residual in the correction; cholmod
parallelize, precision, …                                  ignored, and said: `IGNORED`
============================================= ============ ==================================================
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

IGNORED = (
    "parallelize",
    "parallel_batch_size",
    "precision",
    "cs_solver",
    "suppress_cs_messages",
)
"""Accepted and without effect: numbers are always in double precision, threads are asked for elsewhere."""
SOLVERS = ("cg+amg", "cholmod")
FORMER_NAMES = {
    "resistance_file_is_conductance": "resistance_is_conductance",
    "condition1_present_file": "condition1_file",
    "condition2_present_file": "condition2_file",
}
CHOICES = {
    "n_conditions": ("1", "2"),
    "compare_to_future": ("none", "1", "2", "both"),
    "comparison1": ("within", "equal"),
    "comparison2": ("within", "equal"),
}


@dataclass(frozen=True)
class Options:
    """The options that mean something here; a file that is not used is empty."""

    resistance_file: str = ""
    resistance_is_conductance: bool = False
    radius: int = 0
    project_name: str = ""
    source_file: str = ""
    source_threshold: float = 0.0
    source_from_resistance: bool = False
    r_cutoff: float = math.inf
    block_size: int = 1
    buffer: int = 0
    connect_four_neighbors_only: bool = False
    calc_flow_potential: bool = False
    calc_normalized_current: bool = False
    correct_artifacts: bool = True
    reclassify_resistance: bool = False
    reclass_table: str = ""
    write_reclassified_resistance: bool = False
    conditional: bool = False
    n_conditions: str = "1"
    compare_to_future: str = "none"
    condition1_file: str = ""
    condition2_file: str = ""
    condition1_future_file: str = ""
    condition2_future_file: str = ""
    comparison1: str = "within"
    comparison2: str = "within"
    condition1_lower: float = 0.0
    condition1_upper: float = 0.0
    condition2_lower: float = 0.0
    condition2_upper: float = 0.0
    mask_nodata: bool = True
    write_as_tif: bool = True
    write_raw_currmap: bool = True
    allow_different_projections: bool = False
    solver: str = "cg+amg"

    @property
    def needs_flow_potential(self) -> bool:
        """Whether the flow potential is needed, written or not."""
        return self.calc_flow_potential or self.calc_normalized_current


HONOURED = tuple(field.name for field in fields(Options))
PATHS = (*(name for name in HONOURED if name.endswith("_file")), "reclass_table", "project_name")


def needed_paths(options: Options) -> list[str]:
    """Return the names of the options that must name a file or folder for this case."""
    needed = ["resistance_file", "project_name"]
    if not options.source_from_resistance:
        needed.append("source_file")
    if options.reclassify_resistance:
        needed.append("reclass_table")
    for number in conditions_of(options):
        needed.append(f"condition{number}_file")
        if options.compare_to_future in (number, "both"):
            needed.append(f"condition{number}_future_file")
    return needed


def conditions_of(options: Options) -> tuple[str, ...]:
    """Return the numbers of the conditions that are compared."""
    return ("1", "2")[: int(options.n_conditions)] if options.conditional else ()
