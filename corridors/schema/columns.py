"""Every column a vector or table can hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from corridors.schema.terms import Sensitivity, Unit


@dataclass(frozen=True)
class Column:
    """A column of a vector or table. `short_name` (at most 10 ASCII characters) is for shapefiles."""

    name: str
    unit: Unit
    short_name: str
    sentence: str
    kind: Literal["integer", "number", "text", "yes_no"] = "number"
    sensitivity: Sensitivity = "open"


COLUMNS: dict[str, Column] = {
    c.name: c
    for c in (
        Column("case", "", "case", "Species, season and scenario.", "text"),
        Column("core_id", "", "core_id", "Number of the core area.", "integer"),
        Column("name", "", "name", "Name, of the protected area it overlaps most where there is one.", "text"),
        Column("area_km2", "km²", "area_km2", "Geodesic area."),
        Column("mean_suitability", "0-1", "mean_suit", "Mean habitat suitability."),
        Column("quality_area_km2", "km²", "qual_km2", "Area times mean suitability."),
        Column("countries", "", "countries", "Countries it lies in, ISO codes, largest share first.", "text"),
        Column("country", "", "country", "Country, ISO alpha-2; 'other' outside the countries layer.", "text"),
        Column("country_a", "", "country_a", "Country on one side of the border, ISO alpha-2.", "text"),
        Column("country_b", "", "country_b", "Country on the other side, ISO alpha-2.", "text"),
        Column("share_percent", "%", "share_pct", "Share of the whole."),
        Column("border", "", "border", "The border between two countries, as in CN-RU.", "text"),
        Column("borders", "", "borders", "Borders the link crosses, in order from core_a.", "text"),
        Column("border_contact_km", "km", "contact_km", "Length of the border inside it."),
        Column("narrowest_neck_km", "km", "neck_km",
               "Width of the narrowest place between its hearts on the two sides; empty where it touches no border."),
        Column("neck_note", "", "neck_note", "Says where the neck is narrower than four cells.", "text"),
        Column("truncated", "", "truncated", "Cut by the edge of the analysis area.", "yes_no"),
        Column("disconnected", "", "disconn", "No link in reach.", "yes_no"),
        Column("stepping_stone", "", "stepstone", "Smaller than a core, kept as a stepping stone.", "yes_no"),
        Column("link_id", "", "link_id", "Number of the link.", "integer"),
        Column("core_a", "", "core_a", "Core area at one end, the smaller number.", "integer"),
        Column("core_b", "", "core_b", "Core area at the other end.", "integer"),
        Column("cost_distance_m", "m of ideal habitat", "cost_m", "Accumulated cost of the least-cost path."),
        Column("path_length_km", "km", "path_km", "Length of the least-cost path."),
        Column("euclidean_km", "km", "euclid_km", "Straight distance between the edges of the two cores."),
        Column("cwd_to_euclid", "1", "cwd_eucl", "Cost distance over straight distance; 1 is ideal habitat all the way."),
        Column("cwd_to_path", "1", "cwd_path", "Cost distance over path length: mean resistance met on the path."),
        Column("path_to_euclid", "1", "path_eucl", "Path length over straight distance: the detour."),
        Column("mean_resistance", "1", "mean_res", "Mean resistance met along the least-cost path."),
        Column("rule", "", "rule", "How the polygon was cut.", "text"),
        Column("slack_m", "m of ideal habitat", "slack_m", "Slack at which the polygon was cut."),
        Column("narrowest_width_km", "km", "width_km",
               "Width of the widest disc that can move from core to core within the corridor."),
        Column("narrow_percent", "%", "narrow_pct",
               "Share of its length narrower than 2 km; empty where four cells are more than that."),
        Column("width_note", "", "width_note", "Says where widths are not resolved: under four cells.", "text"),
        Column("road_crossings", "", "road_cross",
               "Times the least-cost path crosses main roads; within 1 km of each other counts once per class.",
               "integer"),
        Column("road_crossings_by_class", "", "road_class", "The same by class of road, most often first.", "text"),
        Column("settlements_near", "", "towns_near", "Settlements within 5 km of the least-cost path.", "integer"),
        Column("population_near", "persons", "pop_near",
               "Population of those settlements, as the distance layer counts it.", "integer"),
        Column("protected_percent", "%", "prot_pct",
               "Share of the length of the least-cost path in protected areas; those of one side may be missing."),
        Column("mean_mortality", "as given", "mortality",
               "Mean along the least-cost path of a layer named mortality; empty without one."),
        Column("length_km", "km", "length_km", "Geodesic length."),
        Column("cost_m", "m of ideal habitat", "cost_part", "Part of the link's cost."),
        Column("crossing_id", "", "cross_id", "Number of the crossing.", "integer"),
        Column("border_in_corridor_km", "km", "bord_in_km", "Length of the border inside the corridor."),
        Column("position_error_km", "km", "pos_err_km", "Position error of the crossing: cell or source, the larger."),
        Column("dispersal_km", "km", "disp_km", "Ground distance at which the probability of dispersal is 0.5."),
        Column("dispersal_cost_m", "m of ideal habitat", "disp_cost",
               "The same as cost distance, by the log-log fit of cost on length over the links."),
        Column("distance", "", "distance", "What the probability falls with: length or cost.", "text"),
        Column("node_weight", "", "nodeweight", "What a core counts with.", "text"),
        Column("landscape_km2", "km²", "landsc_km2", "Area of the landscape the index refers to."),
        Column("probability_of_connectivity", "0-1", "pc", "PC (Saura and Pascual-Hortal 2007)."),
        Column("equivalent_connected_area_km2", "km²", "eca_km2", "ECA of PC (Saura et al. 2011)."),
        Column("integral_index_of_connectivity", "0-1", "iic", "IIC (Pascual-Hortal and Saura 2006)."),
        Column("equivalent_connected_area_iic_km2", "km²", "eciic_km2", "ECA of IIC."),
        Column("components", "", "components", "Groups of cores joined by links no longer than the dispersal distance.",
               "integer"),
        Column("nodes", "", "nodes", "Cores in the network.", "integer"),
        Column("edges", "", "edges", "Links in the network.", "integer"),
        Column("key", "", "key", "Key in the workflow file.", "text"),
        Column("value", "", "value", "Value used.", "text"),
        Column("unit", "", "unit", "Unit of the value.", "text"),
        Column("range", "", "range", "Allowed or sensible values.", "text"),
        Column("mark", "", "mark", "default (a proposal), literature, or user.", "text"),
        Column("source", "", "source", "Where the value comes from.", "text"),
        Column("layer", "", "layer", "Layer of the workflow.", "text"),
        Column("source_used", "", "src_used", "Source the layer was read from.", "text"),
        Column("method", "", "method", "What was done to bring it onto the grid.", "text"),
        Column("coverage_percent", "%", "cover_pct", "Share of the country's cells with data, or area mapped."),
        Column("density_per_1000_km2", "per 1000 km²", "dens_1000", "Features: km of line or number, per 1000 km²."),
        Column("note", "", "note", "Something to know when reading the results.", "text"),
        Column("code", "", "code", "Stable code of the note.", "text"),
        Column("threshold", "0-1", "threshold", "Threshold of core areas."),
        Column("cores_n", "", "cores_n", "Number of core areas.", "integer"),
        Column("largest_core_km2", "km²", "largest", "Area of the largest core area."),
        Column("cores_km2", "km²", "cores_km2", "Area of all core areas."),
        Column("class", "", "class", "Class in the source.", "text"),
        Column("population", "persons", "populat", "Population, 0 where unknown.", "integer"),
        Column("population_used", "persons", "pop_used", "Population the distance layer counts with.", "integer"),
        Column("origin", "", "origin", "Where the outline comes from: source, or stylised by this project.", "text"),
    )
}  # fmt: skip
