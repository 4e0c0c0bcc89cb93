"""Two runs compared: parameters, inputs, core areas, links, tables and rasters, B minus A."""

from corridors.studies.diff.compare import Diff, diff_runs
from corridors.studies.diff.cores import matched_cores, matched_links
from corridors.studies.diff.page import sentences
from corridors.studies.diff.rasters import Difference, raster_difference
from corridors.studies.diff.write import PAGE, PROJECT, write_diff

__all__ = [
    "PAGE",
    "PROJECT",
    "Diff",
    "Difference",
    "diff_runs",
    "matched_cores",
    "matched_links",
    "raster_difference",
    "sentences",
    "write_diff",
]
