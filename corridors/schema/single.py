"""What single steps on given layers write (`corridors cost`, `between`, `current`), beside their rasters."""

from __future__ import annotations

from corridors.schema.styles import Symbol
from corridors.schema.vectors import CORRIDOR_COLUMNS, LINK_COLUMNS, VECTORS, Table, Vector

SINGLE_VECTORS: dict[str, Vector] = {
    v.name: v
    for v in (
        Vector("links", "Least-cost paths", "Line", LINK_COLUMNS,
               "Least-cost path from a place of one layer to a place of the other.", Symbol("#08306b", 0.9), "links"),
        Vector("places", "Places, as cells", "Polygon", ("core_id", "name"),
               "The cells a place was taken to be.", VECTORS["cores"].style, "cores", "name"),
        Vector("corridors", "Corridors", "Polygon", CORRIDOR_COLUMNS,
               "Land on which a link costs little more than its least-cost path.",
               Symbol("#f16913", 0.5, "#a63603", fill=False), "corridors"),
    )
}  # fmt: skip

SINGLE_TABLES: dict[str, Table] = {
    "pairs": Table(
        "pairs",
        "Pairs of places",
        ("core_a", "core_b", "effective_resistance", "pair_status"),
        "One row per pair of places current flows between.",
    )
}
