"""Every vector layer and table a run can hold: its columns in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridors.schema.styles import LINKS, Symbol, VectorStyle
from corridors.schema.terms import Sensitivity


@dataclass(frozen=True)
class Vector:
    """A vector layer of a run: its columns in order, its look and its place in QGIS."""

    name: str
    title: str
    geometry: Literal["Point", "Line", "Polygon"]
    columns: tuple[str, ...]
    sentence: str
    style: VectorStyle
    group: str
    label: str | None = None
    visible: bool = True
    sensitivity: Sensitivity = "open"


@dataclass(frozen=True)
class Table:
    """A table of a run: its columns in order, and after them one for every value of `one_column_per`."""

    name: str
    title: str
    columns: tuple[str, ...]
    sentence: str
    one_column_per: str | None = None
    sensitivity: Sensitivity = "open"


CORE_COLUMNS = (
    "core_id", "name", "area_km2", "mean_suitability", "quality_area_km2", "countries",
    "border_contact_km", "narrowest_neck_km", "neck_note", "truncated", "disconnected", "stepping_stone",
)  # fmt: skip
LINK_COLUMNS = (
    "link_id", "core_a", "core_b", "cost_distance_m", "path_length_km", "euclidean_km",
    "cwd_to_euclid", "cwd_to_path", "path_to_euclid", "mean_resistance", "countries", "borders",
)  # fmt: skip
CROSSING_COLUMNS = (
    "crossing_id", "link_id", "border", "country_a", "country_b", "border_in_corridor_km", "position_error_km",
)  # fmt: skip
CORRIDOR_COLUMNS = (
    "link_id", "core_a", "core_b", "rule", "slack_m", "area_km2", "cwd_to_euclid", "mean_resistance",
    "narrowest_width_km", "narrow_percent", "width_note", "border_in_corridor_km",
)  # fmt: skip

VECTORS: dict[str, Vector] = {
    v.name: v
    for v in (
        Vector("crossings", "Border crossings of links", "Point", CROSSING_COLUMNS,
               "Where a least-cost path crosses a border.", Symbol("#d7191c", 2.6), "crossings", "border"),
        Vector("links", "Links between core areas", "Line", LINK_COLUMNS,
               "Least-cost path between two neighbouring core areas.", LINKS, "links"),
        Vector("cores", "Core areas", "Polygon", CORE_COLUMNS,
               "Contiguous good habitat large enough to live in.",
               Symbol("#1b7837", 0.5, "#00441b", opacity=0.45), "cores", "name"),
        Vector("corridors", "Corridors", "Polygon", CORRIDOR_COLUMNS,
               "Land on which a link costs little more than its least-cost path.",
               Symbol("#f16913", 0.3, "#a63603", opacity=0.35), "corridors", visible=False),
    )
}  # fmt: skip

CONTEXT: dict[str, Vector] = {
    v.name: v
    for v in (
        Vector("reporting_area", "Reporting area", "Polygon", ("name",), "The area results are reported for.",
               Symbol("#000000", 0.6, "#000000", fill=False, dash=True), "notes and data gaps"),
        Vector("analysis_area", "Analysis area with margin", "Polygon", ("name",),
               "The area computed, reporting area plus margin, cut to the data.",
               Symbol("#000000", 0.3, "#7f7f7f", fill=False, dash=True), "notes and data gaps", visible=False),
        Vector("protected_areas", "Protected areas", "Polygon", ("name", "class", "country", "origin"),
               "Protected areas; those of one side may be missing.",
               Symbol("#4d9221", 0.5, "#276419", fill=False), "protected areas"),
        Vector("countries", "Countries (not a legal boundary)", "Polygon", ("country", "name"),
               "Countries, not a legal boundary.", Symbol("#000000", 0.2, "#969696", fill=False),
               "border, towns, roads, rivers", "country"),
        Vector("borders", "Borders (not a legal boundary)", "Line", ("border", "country_a", "country_b"),
               "Land borders between countries, not a legal boundary.", Symbol("#3f007d", 0.9, dash=True),
               "border, towns, roads, rivers"),
        Vector("settlements", "Settlements", "Point", ("name", "country", "population", "population_used"),
               "Towns and villages.", Symbol("#252525", 1.6), "border, towns, roads, rivers", "name"),
        Vector("roads", "Roads, primary and above", "Line", ("class",), "Main roads.",
               Symbol("#b3261e", 0.4), "border, towns, roads, rivers"),
        Vector("railways", "Railways", "Line", ("class",), "Railways.",
               Symbol("#252525", 0.4, dash=True), "border, towns, roads, rivers"),
        Vector("rivers", "Rivers", "Line", ("name",), "Main rivers.",
               Symbol("#4292c6", 0.4), "border, towns, roads, rivers"),
    )
}  # fmt: skip

TABLES: dict[str, Table] = {
    t.name: t
    for t in (
        Table("cores", "Core areas", CORE_COLUMNS, "One row per core area."),
        Table("links", "Links", LINK_COLUMNS, "One row per link."),
        Table("crossings", "Border crossings", CROSSING_COLUMNS, "One row per place a link crosses a border."),
        Table("core_countries", "Core areas per country", ("core_id", "country", "area_km2", "share_percent"),
              "Area of each core in each country; shares sum to 100."),
        Table("core_borders", "Core areas across borders",
              ("core_id", "border", "border_contact_km", "narrowest_neck_km", "neck_note"),
              "One row per core and border it straddles."),
        Table("link_countries", "Links per country", ("link_id", "country", "length_km", "cost_m", "share_percent"),
              "Length and cost of each link in each country; shares of length sum to 100."),
        Table("link_exposure", "Exposure of links",
              ("link_id", "core_a", "core_b", "cost_distance_m", "road_crossings", "road_crossings_by_class",
               "settlements_near", "population_near", "protected_percent", "mean_mortality"),
              "What each least-cost path meets; a cheap link may be a deadly one."),
        Table("cost_distance_matrix", "Cost distance between core areas", ("core_id",),
              "Metres of ideal habitat from every core to every other, past others or not; empty without a way.",
              one_column_per="core_id"),
        Table("connectivity", "Connectivity indices",
              ("dispersal_km", "distance", "dispersal_cost_m", "node_weight", "nodes", "edges", "components",
               "landscape_km2", "probability_of_connectivity", "equivalent_connected_area_km2",
               "integral_index_of_connectivity", "equivalent_connected_area_iic_km2"),
              "PC, ECA and IIC over the species' dispersal distances, counted over the whole analysis area."),
        Table("threshold_check", "Core areas near the threshold",
              ("threshold", "cores_n", "cores_km2", "largest_core_km2"),
              "What core areas would be at the threshold and 0.1 either side, in the whole analysis area."),
        Table("parameters", "Parameters", ("key", "value", "unit", "range", "mark", "source"),
              "Every number used and where it comes from."),
        Table("layers", "Layers",
              ("layer", "source_used", "method", "country", "coverage_percent", "density_per_1000_km2", "note"),
              "Source used, coverage and density of every layer, per country."),
        Table("notes", "Notes", ("code", "note"), "What to know when reading these results."),
    )
}  # fmt: skip
