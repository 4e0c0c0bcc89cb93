"""The options of a Circuitscape ini file: which are honoured, which mean nothing here, and what is wrong.

Names, defaults and values as in Circuitscape 4 and 5.17 (its documentation, options.md); sections do not
matter, nor does the case of names and values.

=================================================== ========== ==============================================
option                                              default    here
=================================================== ========== ==============================================
version                                                        3.x: the maximum also under its old name
data_type                                           raster     raster or network
scenario                                            (needed)   pairwise, advanced, one-to-all, all-to-one
habitat_file, habitat_map_is_resistances            , True     the map or graph; resistances or conductances
connect_four_neighbors_only                         False      4 neighbours, else 8
connect_using_avg_resistances                       False      average resistance, else average conductance
use_polygons, polygon_file                          False      short-circuit regions
use_mask, mask_file                                 False      cells with a mask of 0, less or none drop out
use_reclass_table, reclass_file                     False      honoured (Circuitscape 5 dropped it)
point_file                                                     focal points or regions, or nodes of the graph
use_included_pairs, included_pairs_file             False      pairs to include or exclude, list or matrix
use_variable_source_strengths, variable_source_file False      amperes of focal nodes; 1 where not listed
source_file, ground_file                                       of advanced mode
ground_file_is_resistances                          True       grounds as resistances, else conductances
use_unit_currents, use_direct_grounds               False      every source 1 A; every ground direct
remove_src_or_gnd                                   keepall    keepall, rmvsrc, rmvgnd or rmvall
output_file                                         (needed)   base name of all outputs
write_cur_maps, write_volt_maps                     False      current and voltage maps, or lists for a graph;
                                                               advanced mode always writes the current
write_cum_cur_map_only, write_max_cur_maps          False      the sum alone; also the maximum
log_transform_maps                                  False      log10 of currents, before they are summed
set_null_currents_to_nodata                         False      cells without conductance: no data, else 0
set_null_voltages_to_nodata                         False      the same in voltage maps
set_focal_node_currents_to_zero                     False      honoured (Circuitscape 5.17 does not)
compress_grids, write_as_tif                        False      gzipped ASCII grids; GeoTIFFs instead
solver, precision, parallelize, max_parallel, …                ignored, and said: `IGNORED`
=================================================== ========== ==============================================

"""

from __future__ import annotations

from dataclasses import dataclass, fields

CHOICES = {
    "data_type": ("raster", "network"),
    "scenario": ("pairwise", "advanced", "one-to-all", "all-to-one"),
    "remove_src_or_gnd": ("keepall", "rmvsrc", "rmvgnd", "rmvall"),
}
SWITCHED_FILES = {
    "polygon_file": "use_polygons",
    "mask_file": "use_mask",
    "reclass_file": "use_reclass_table",
    "included_pairs_file": "use_included_pairs",
    "variable_source_file": "use_variable_source_strengths",
}
RASTER_ONLY = (
    "connect_four_neighbors_only",
    "connect_using_avg_resistances",
    "use_polygons",
    "use_mask",
    "set_null_currents_to_nodata",
    "set_null_voltages_to_nodata",
    "set_focal_node_currents_to_zero",
    "log_transform_maps",
    "write_max_cur_maps",
    "compress_grids",
    "write_as_tif",
)
IGNORED = (
    "solver",
    "precision",
    "use_64bit_indexing",
    "cholmod_batch_size",
    "residual_tolerance",
    "parallelize",
    "max_parallel",
    "low_memory_mode",
    "preemptive_memory_release",
    "print_timings",
    "print_rusages",
    "log_file",
    "log_level",
    "profiler_log_file",
    "screenprint_log",
    "suppress_messages",
)
"""Accepted and without effect: the solver follows from the size, numbers are always in double precision."""


@dataclass(frozen=True)
class Options:
    """The options that mean something here; a file that is not used is empty."""

    version: str = ""
    data_type: str = "raster"
    scenario: str = ""
    habitat_file: str = ""
    habitat_map_is_resistances: bool = True
    connect_four_neighbors_only: bool = False
    connect_using_avg_resistances: bool = False
    use_polygons: bool = False
    polygon_file: str = ""
    use_mask: bool = False
    mask_file: str = ""
    use_reclass_table: bool = False
    reclass_file: str = ""
    point_file: str = ""
    use_included_pairs: bool = False
    included_pairs_file: str = ""
    use_variable_source_strengths: bool = False
    variable_source_file: str = ""
    source_file: str = ""
    ground_file: str = ""
    ground_file_is_resistances: bool = True
    use_unit_currents: bool = False
    use_direct_grounds: bool = False
    remove_src_or_gnd: str = "keepall"
    output_file: str = ""
    write_cur_maps: bool = False
    write_volt_maps: bool = False
    write_cum_cur_map_only: bool = False
    write_max_cur_maps: bool = False
    log_transform_maps: bool = False
    set_null_currents_to_nodata: bool = False
    set_null_voltages_to_nodata: bool = False
    set_focal_node_currents_to_zero: bool = False
    compress_grids: bool = False
    write_as_tif: bool = False

    @property
    def network(self) -> bool:
        """Whether the circuit is a graph, not a raster."""
        return self.data_type == "network"

    @property
    def currents(self) -> bool:
        """Whether currents are asked for at all."""
        return self.write_cur_maps or self.write_cum_cur_map_only


HONOURED = tuple(field.name for field in fields(Options))
