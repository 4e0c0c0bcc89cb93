"""Tables and vector layers of two runs compared."""

from __future__ import annotations

from corridors.schema.styles import Graduated, Symbol
from corridors.schema.vectors import Table, Vector

CORE_CHANGES = (
    "change", "id_a", "id_b", "name", "area_a_km2", "area_b_km2", "area_change_km2", "shared_percent", "same_id",
)  # fmt: skip
LINK_CHANGES = (
    "change", "link_a", "link_b", "core_a", "core_b", "cost_a_m", "cost_b_m", "cost_change_m",
    "cost_change_percent", "length_a_km", "length_b_km",
)  # fmt: skip
CHANGED_COST = Graduated(
    "cost_change_percent",
    (
        (-100, -25, "#542788", 1.4, "a quarter cheaper in B, or more"),
        (-25, -5, "#998ec3", 1.0, "5-25 % cheaper"),
        (-5, 5, "#7f7f7f", 0.7, "within 5 %"),
        (5, 25, "#f1a340", 1.0, "5-25 % dearer"),
        (25, 1e9, "#b35806", 1.4, "a quarter dearer in B, or more"),
    ),
)

DIFF_VECTORS: dict[str, Vector] = {
    v.name: v
    for v in (
        Vector("links_gained", "Links gained: only in B", "Line", LINK_CHANGES,
               "Link between two core areas that run A does not have.", Symbol("#e66101", 1.4), "links", visible=True),
        Vector("links_lost", "Links lost: only in A", "Line", LINK_CHANGES,
               "Link between two core areas that run B does not have.", Symbol("#5e3c99", 1.4, dash=True), "links"),
        Vector("links_kept", "Links in both: change in cost", "Line", LINK_CHANGES,
               "Link both runs have between the same core areas, and what its cost has changed by.",
               CHANGED_COST, "links"),
        Vector("cores_gained", "Core areas gained: only in B", "Polygon", CORE_CHANGES,
               "Core area on land where run A has none.", Symbol("#e66101", 0.5, "#7f3b08", opacity=0.6), "cores",
               "id_b"),
        Vector("cores_lost", "Core areas lost: only in A", "Polygon", CORE_CHANGES,
               "Core area on land where run B has none.", Symbol("#5e3c99", 0.5, "#2d004b", opacity=0.6), "cores",
               "id_a"),
        Vector("cores_reshaped", "Core areas resized, moved, split or merged", "Polygon", CORE_CHANGES,
               "Core area that shares less than half of its land with its match, or is a piece of one of the other run.",
               Symbol("#fdb863", 0.5, "#b35806", opacity=0.5), "cores", "id_b"),
        Vector("cores_kept", "Core areas in both", "Polygon", CORE_CHANGES,
               "Core area both runs have on the same land.", Symbol("#bdbdbd", 0.4, "#636363", opacity=0.5), "cores",
               "id_b"),
    )
}  # fmt: skip

DIFF_TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table("change_summary", "In short", ("case", "what", "value_a", "value_b", "difference"),
              "Numbers of both runs side by side."),
        Table("parameter_changes", "Parameters that differ",
              ("case", "key", "value_a", "value_b", "unit", "mark_a", "mark_b"),
              "Every value that is not the same in both runs."),
        Table("input_changes", "Files read", ("file", "change", "sha256_a", "sha256_b"),
              "Every file that was read, by its hash in both runs."),
        Table("version_changes", "Versions and sources that differ", ("what", "name", "value_a", "value_b"),
              "Programs and libraries of another version, and layers read from another source."),
        Table("note_changes", "Notes of one run only", ("change", "case", "code", "note"),
              "What only one of the two runs says of itself."),
        Table("core_changes", "Core areas", ("case", *CORE_CHANGES), "What became of every core area."),
        Table("link_changes", "Links", ("case", *LINK_CHANGES), "What became of every link, and of its cost."),
        Table("value_changes", "Tables: values that differ",
              ("case", "table", "row", "column", "value_a", "value_b", "difference", "difference_percent"),
              "Every value that differs in a table both runs have, by the row it stands in."),
        Table("raster_changes", "Rasters",
              ("case", "raster", "unit", "compared", "differing_n", "only_a_n", "only_b_n", "least", "greatest",
               "mean", "note"),
              "How far every raster differs, B minus A, over the cells both cover."),
    )
}  # fmt: skip
