"""Every vector layer and table a run can hold: its columns in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridors.schema.styles import BARRIERS, GATES, LINKS, OPENING_GAINS, Symbol, VectorStyle
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
    "core_value", "rank", "dec_percent", "current_flow", "articulation",
    "adults_low", "adults_high", "breeding_females_low", "breeding_females_high", "reason", "author",
)  # fmt: skip
LINK_COLUMNS = (
    "link_id", "core_a", "core_b", "cost_distance_m", "path_length_km", "euclidean_km",
    "cwd_to_euclid", "cwd_to_path", "path_to_euclid", "mean_resistance", "countries", "borders",
    "effective_resistance", "largest_current", "priority", "rank", "dec_percent", "current_flow", "bridge",
    "edit", "reason", "author",
)  # fmt: skip
SURROUNDING_COLUMNS = (
    "nearest_town", "nearest_town_km", "nearest_road_km", "parks_a", "parks_b", "parks_apart_km",
)  # fmt: skip
CROSSING_COLUMNS = (
    "crossing_id", "link_id", "border", "country_a", "country_b", "border_in_corridor_km", "position_error_km",
    "rank", "cost_distance_m", "effective_resistance", "largest_current", *SURROUNDING_COLUMNS,
)  # fmt: skip
CORRIDOR_COLUMNS = (
    "link_id", "core_a", "core_b", "rule", "slack_m", "area_km2", "cwd_to_euclid", "mean_resistance",
    "narrowest_width_km", "narrow_percent", "width_note", "border_in_corridor_km",
)  # fmt: skip
BARRIER_COLUMNS = ("barrier_id", "layer", "class", "structure", "crossing_cost_m", "length_km")
OPENING_COLUMNS = ("opening_id", "layer", "structure", "length_km", "idle")
PINCH_COLUMNS = (
    "pinch_id", "link_id", "max_current", "mean_current", "concentration", "area_km2", "position_error_km",
)  # fmt: skip
PLACE_COLUMNS = (
    "place_id", "link_id", "radius_km", "improvement_score", "predicted_gain_m", "exact_gain_m",
    "exact_gain_percent", "gain_m_per_km", "position_error_km",
)  # fmt: skip
OPENING_GAIN_COLUMNS = (
    "segment_id", "rank", "layer", "class", "length_km", "link_id", "gain_m", "gain_percent", "links_n",
    "weighted_gain_m", "position_error_km",
)  # fmt: skip
OVERRIDE_COLUMNS = (
    "override_id", "where", "resistance_set", "multiplied_by", "cells_n", "resistance_before",
    "resistance_after", "reason", "author",
)  # fmt: skip
SEGMENT_COLUMNS = (
    "segment_id", "link_id", "border", "country_a", "country_b", "rank", "length_km", "max_current",
    "least_slack_m", *SURROUNDING_COLUMNS, "position_error_km",
)  # fmt: skip
GATE_COLUMNS = (
    "gate_id", "fence", "scenario", "rank", "opened", "length_km", "eca_gain_km2", "eca_gain_percent",
    "habitat_in_reach_km2", "position_error_km",
)  # fmt: skip
LOST_COLUMNS = ("dispersal_km", "distance", "node_weight")
SHARES_LOST = (
    "dpc_percent", "dpc_intra_percent", "dpc_flux_percent", "dpc_connector_percent", "diic_percent",
    "diic_intra_percent", "diic_flux_percent", "diic_connector_percent", "dec_percent", "dec_iic_percent",
    "betweenness_pairs", "betweenness_flow", "current_flow",
)  # fmt: skip
STABILITY = ("rank", "rank_best", "rank_worst", "top_percent")

VECTORS: dict[str, Vector] = {
    v.name: v
    for v in (
        Vector("crossings", "Border crossings of links", "Point", CROSSING_COLUMNS,
               "Where a least-cost path crosses a border.", Symbol("#d7191c", 2.6), "crossings", "border"),
        Vector("border_segments", "Border inside corridors", "Line", SEGMENT_COLUMNS,
               "Stretch of a border inside a corridor, for survey on both sides.",
               Symbol("#54278f", 1.6), "crossings", "rank"),
        Vector("gates", "Where to open gates in a border fence first", "Line", GATE_COLUMNS,
               "Stretch of a fence along a border, and what a gate in it brings.", GATES, "crossings", "rank"),
        Vector("links", "Links between core areas", "Line", LINK_COLUMNS,
               "Least-cost path between two neighbouring core areas.", LINKS, "links"),
        Vector("edited_cores", "Hand edits: core areas as drawn", "Polygon", ("core_id", "name", "reason", "author"),
               "Outlines a person drew; the core areas are the cells whose centres lie in them.",
               Symbol("#c51b8a", 0.8, "#c51b8a", fill=False, dash=True), "cores"),
        Vector("cores", "Core areas", "Polygon", CORE_COLUMNS,
               "Contiguous good habitat large enough to live in.",
               Symbol("#1b7837", 0.5, "#00441b", opacity=0.45), "cores", "name"),
        Vector("corridors", "Corridors", "Polygon", CORRIDOR_COLUMNS,
               "Land on which a link costs little more than its least-cost path.",
               Symbol("#f16913", 0.3, "#a63603", opacity=0.35), "corridors", visible=False),
        Vector("restoration_places", "Where restoring land helps most", "Point", PLACE_COLUMNS,
               "Circle of land whose restoring takes most off the cost of a link.",
               Symbol("#1a9850", 3.0, "#00441b"), "barriers and pinch points", "place_id"),
        Vector("barrier_openings", "Where opening a barrier helps most", "Line", OPENING_GAIN_COLUMNS,
               "Stretch of a barrier, and what opening it takes off the cost of links.", OPENING_GAINS,
               "barriers and pinch points", "rank"),
        Vector("pinch_points", "Pinch points", "Polygon", PINCH_COLUMNS,
               "Where the current of a corridor is squeezed together.",
               Symbol("#e7298a", 0.5, "#980043", opacity=0.8), "barriers and pinch points"),
        Vector("openings", "Openings of barriers", "Point", OPENING_COLUMNS,
               "Where a barrier can be passed for nothing: tunnel, bridge, crossing structure.",
               Symbol("#1b7837", 2.0), "barriers and pinch points", "structure", visible=False),
        Vector("barriers", "Barriers: cost of a crossing", "Line", BARRIER_COLUMNS,
               "Lines that cost something to cross.", BARRIERS, "barriers and pinch points", visible=False),
        Vector("overrides", "Hand edits: resistance", "Polygon", OVERRIDE_COLUMNS,
               "Cells whose resistance a person set or multiplied.",
               Symbol("#fa9fb5", 0.5, "#7a0177", opacity=0.6), "resistance"),
    )
}  # fmt: skip

EDITED = ("edited_cores", "overrides")
"""Vectors a run holds only where somebody has edited by hand."""

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
        Vector("roads", "Roads, primary and above", "Line", ("class", "structure"), "Main roads.",
               Symbol("#b3261e", 0.4), "border, towns, roads, rivers"),
        Vector("railways", "Railways", "Line", ("class", "structure"), "Railways.",
               Symbol("#252525", 0.4, dash=True), "border, towns, roads, rivers"),
        Vector("rivers", "Rivers", "Line", ("name", "class"), "Main rivers.",
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
        Table("link_countries", "Links per country",
              ("link_id", "country", "length_km", "cost_m", "share_percent", "protected_km"),
              "Length, cost and protected length of each link in each country; shares of length sum to 100."),
        Table("corridor_countries", "Corridors per country",
              ("link_id", "country", "area_km2", "share_percent", "habitat_km2", "protected_km2"),
              "Area, habitat and protected land of each corridor in each country; shares of area sum to 100."),
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
               "integral_index_of_connectivity", "equivalent_connected_area_iic_km2",
               "equivalent_connected_adults_low", "equivalent_connected_adults_high"),
              "PC, ECA and IIC over the species' dispersal distances, of the core areas with a part or a link in the reporting area."),
        Table("core_importance", "Importance of core areas",
              (*LOST_COLUMNS, "core_id", *SHARES_LOST, "current_flow_networkx", "articulation"),
              "What the network of the whole analysis area loses without each core, over the dispersal distances, by length and by cost."),
        Table("link_importance", "Importance of links",
              (*LOST_COLUMNS, "link_id", "core_a", "core_b", *SHARES_LOST, "bridge"),
              "What the network of the whole analysis area loses without each link, over the dispersal distances, by length and by cost."),
        Table("core_priority", "Value of core areas",
              ("core_id", "core_value", *STABILITY, "score_resistance", "score_suitability", "score_size",
               "score_shape", "score_centrality"),
              "Core areas by the factors weighed (Gallo and Greene 2018), and how firm their ranks are."),
        Table("link_priority", "Priority of links",
              ("link_id", "priority", *STABILITY, "score_closeness", "score_permeability", "score_core_value"),
              "Links by the factors weighed (Gallo and Greene 2018), and how firm their ranks are."),
        Table("capacity", "Animals the core areas could hold",
              ("country", "area_km2", "adults_low", "adults_high", "breeding_females_low", "breeding_females_high"),
              "Area of cores times published densities, per country and jointly: potential, not abundance."),
        Table("protected_connectivity", "Protected connected land",
              ("dispersal_km", "country", "region_km2", "protected_km2", "nodes", "prot_percent",
               "protconn_percent", "protunconn_percent", "relconn_percent", "protconn_bound_percent",
               "equivalent_connected_area_km2", "protconn_prot_percent", "protconn_within_percent",
               "protconn_contig_percent", "protconn_unprot_percent", "protconn_trans_percent", "incomplete"),
              "ProtConn and its fractions per country and jointly (all), over the dispersal distances."),
        Table("fence_scenarios", "Fences along borders",
              ("fence", "scenario", "crossing_cost_m", "gates_n", "dispersal_km", "node_weight",
               "equivalent_connected_area_km2", "eca_change_percent", "probability_of_connectivity",
               "links_dearer_n", "links_cut_n", "cores_cut_n"),
              "What a fence does to the network of the whole analysis area: none, permeable, sealed, and with gates, over the dispersal distances."),
        Table("fence_links", "Links under a fence",
              ("fence", "scenario", "kind", "link_id", "core_a", "core_b", "cost_distance_m", "change_m",
               "change_percent", "path_length_km", "detour_km", "effective_resistance",
               "resistance_change_percent", "cut"),
              "Every link, and every core area a fence cuts, in each scenario; cut ones stay, at cost inf."),
        Table("fence_protected", "Protected connected land under a fence",
              ("fence", "scenario", "dispersal_km", "country", "protconn_percent", "protconn_trans_percent"),
              "ProtConn per country and jointly (all), distances longer by what the fence adds to the cost."),
        Table("border_connectivity", "What each country alone would keep",
              ("dispersal_km", "country", "equivalent_connected_area_km2", "share_percent", "protconn_percent"),
              "ECA by cost and ProtConn of each country alone, of all apart (root of the sum of squares), and jointly."),
        Table("threshold_check", "Core areas near the threshold",
              ("threshold", "cores_n", "cores_km2", "largest_core_km2"),
              "What core areas would be at the threshold and 0.1 either side, uncut by barriers, in the whole analysis area."),
        Table("edits", "Hand edits", ("what", "where", "reason", "author", "effect"),
              "Everything edited by hand: who, why, and what it changes."),
        Table("core_ids", "Numbers of core areas", ("core_id", "former_ids", "overlap_percent", "relation"),
              "Where the number of every core area comes from, and which numbers of the earlier run are gone."),
        Table("overlap", "Overlap of the species",
              ("combination", "country", "area_km2", "share_percent", "protected_km2", "prot_percent", "incomplete"),
              "Land by what each species has there, per country and jointly (all); shared land is in one row only."),
        Table("shared_land", "Core areas and corridors of the species",
              ("land", "country", "area_km2", "protected_km2", "prot_percent", "incomplete"),
              "Core areas and corridors of each species and of all together, land they share counted once."),
        Table("variants", "Variants",
              ("case", "season", "scenario", "cores_n", "cores_km2", "links_n", "dispersal_km",
               "equivalent_connected_area_km2", "best_link_cost_m", "mean_link_cost_m", "crossings_n"),
              "Cases of one species side by side, and after these columns every value in which they differ.",
              one_column_per="key"),
        Table("variant_agreement", "Agreement of variants",
              ("case_a", "case_b", "corridors_a_km2", "corridors_b_km2", "shared_km2", "jaccard"),
              "How far the corridors of two cases of one species are the same land."),
        Table("parameters", "Parameters", ("key", "value", "unit", "range", "mark", "source"),
              "Every number used and where it comes from."),
        Table("layers", "Layers",
              ("layer", "source_used", "method", "country", "coverage_percent", "density_per_1000_km2", "note"),
              "Source used, coverage and density of every layer, per country."),
        Table("notes", "Notes", ("code", "note"), "What to know when reading these results."),
    )
}  # fmt: skip

EXPORTS: dict[str, Table] = {
    t.name: t
    for t in (
        Table("columns", "Columns of an export", ("layer", "column", "short_name", "unit", "meaning"),
              "What every column of an export means, and what it is called in shapefiles."),
        Table("coordinates", "Coordinates in an export", ("longitude", "latitude", "x_m", "y_m", "wkt"),
              "Columns that stand for geometry in CSV and Excel: of points degrees or metres, else text."),
    )
}  # fmt: skip
