"""Every raster, vector, table and column a run can hold: name, unit, title, style, sensitivity, one sentence.

The writers, the QGIS project, the figures, `corridors describe` and the tests read this page, so a new
output is added here and in the step that makes it, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from corridors.errors import InputError

Sensitivity = Literal["open", "sensitive"]
Unit = str

# ---------------------------------------------------------------- styles: colours that hold across runs


@dataclass(frozen=True)
class Ramp:
    """Colours of a continuous raster: (value, colour, label) in rising order.

    `transparent_above` hides what lies past the cut (corridors); `log` marks logarithmic class breaks.
    """

    stops: tuple[tuple[float, str, str], ...]
    transparent_above: float | None = None
    log: bool = False


@dataclass(frozen=True)
class Classes:
    """Colours of a categorical raster or column: (value, colour, label)."""

    entries: tuple[tuple[int | str, str, str], ...]


@dataclass(frozen=True)
class Labels:
    """Colours of a label raster: `colour` for every label > 0."""

    colour: str


@dataclass(frozen=True)
class Hillshade:
    """Relief drawn from elevation, `exaggeration` times as high as it is."""

    exaggeration: float = 3.0


@dataclass(frozen=True)
class Symbol:
    """One look for all features of a vector layer; widths and sizes in millimetres."""

    colour: str
    width: float = 0.5
    outline: str = "#404040"
    fill: bool = True
    dash: bool = False
    opacity: float = 1.0


@dataclass(frozen=True)
class Graduated:
    """Line colour and width by the value of a column: (lower, upper, colour, width, label)."""

    column: str
    ranges: tuple[tuple[float, float, str, float, str], ...]


RasterStyle = Ramp | Classes | Labels | Hillshade
VectorStyle = Symbol | Graduated

SUITABILITY = Ramp(
    (
        (0.0, "#440154", "0 poor"),
        (0.25, "#3b528b", "0.25"),
        (0.5, "#21918c", "0.5"),
        (0.75, "#5ec962", "0.75"),
        (1.0, "#fde725", "1 best"),
    )
)
RESISTANCE = Ramp(
    (
        (1, "#fcfdbf", "1 easiest"),
        (3, "#fe9f6d", "3"),
        (10, "#de4968", "10"),
        (30, "#8c2981", "30"),
        (100, "#3b0f70", "100"),
        (1000, "#000004", "1000"),
    ),
    log=True,
)
CORRIDOR = Ramp(
    (
        (0, "#7f2704", "0 best path"),
        (2_500, "#d94801", "2.5 km"),
        (5_000, "#f16913", "5 km"),
        (10_000, "#fdae6b", "10 km"),
        (20_000, "#fee6ce", "20 km of slack"),
    ),
    transparent_above=20_000,
)
QUALITY = Ramp(
    (
        (0, "#7f2704", "0"),
        (1, "#7f2704", "1 ideal habitat all the way"),
        (2, "#d94801", "2"),
        (5, "#f16913", "5"),
        (10, "#fdae6b", "10"),
        (30, "#fee6ce", "30 times as dear"),
    ),
    transparent_above=30,
    log=True,
)
COST = Ramp(
    (
        (0, "#fff7fb", "0"),
        (10_000, "#d0d1e6", "10 km"),
        (30_000, "#74a9cf", "30 km"),
        (100_000, "#0570b0", "100 km"),
        (300_000, "#023858", "300 km of ideal habitat"),
    ),
    log=True,
)
ELEVATION = Ramp(
    ((0, "#1a6b3c", "0 m"), (500, "#c9d98b", "500"), (1500, "#d1a35c", "1500"), (3000, "#8c6a56", "3000"),
     (4500, "#ffffff", "4500"))
)  # fmt: skip
DISTANCE = Ramp(((0, "#b2182b", "0 km"), (2, "#f4a582", "2"), (5, "#d1e5f0", "5"), (20, "#2166ac", "20 km")))
DENSITY = Ramp(((0, "#ffffe5", "0"), (0.5, "#addd8e", "0.5"), (2, "#31a354", "2"), (5, "#004529", "5")))
SLOPE = Ramp(((0, "#ffffff", "0°"), (10, "#fdcc8a", "10°"), (30, "#d7301f", "30°"), (60, "#4a0000", "60°")))
RUGGED = Ramp(
    ((0, "#ffffff", "0 m"), (50, "#fdcc8a", "50"), (200, "#d7301f", "200"), (600, "#4a0000", "600"))
)
SOUTHNESS = Ramp(((-1, "#2166ac", "-1 north"), (0, "#f7f7f7", "0"), (1, "#b2182b", "1 south")))
LANDCOVER = Classes(
    (
        (0, "#c8beb4", "bare, sparse or unclassified"),
        (1, "#e8d27a", "crop"),
        (2, "#c6dc8a", "grass"),
        (3, "#97b85a", "scrub"),
        (4, "#3f8f45", "tree (generalised)"),
        (5, "#135e28", "forest (dense)"),
        (6, "#f2f7fa", "snow and ice"),
        (7, "#7fb8a4", "wetland"),
        (8, "#9a8f86", "rock or sand"),
        (9, "#c0392b", "built-up"),
        (10, "#5b9bd5", "inland water"),
        (11, "#2c5f8a", "sea"),
    )
)
ROAD_CLASS = Classes(
    ((0, "#ffffff", "none"), (1, "#f6c667", "primary"), (2, "#e8863a", "trunk"), (3, "#b3261e", "motorway"))
)
RAILWAY = Classes(((0, "#ffffff", "none"), (1, "#252525", "railway")))
LINKS = Graduated(
    "cost_distance_m",
    (
        (0, 30_000, "#1b7837", 1.4, "under 30 km of ideal habitat"),
        (30_000, 100_000, "#d9a400", 1.0, "30-100 km"),
        (100_000, 300_000, "#d95f02", 0.8, "100-300 km"),
        (300_000, 1e12, "#7a0177", 0.6, "over 300 km"),
    ),
)

# ---------------------------------------------------------------- rasters


@dataclass(frozen=True)
class Raster:
    """A raster of a run. `limits` are the values it may hold; `group` is its place in QGIS."""

    name: str
    title: str
    unit: Unit
    sentence: str
    style: RasterStyle
    group: str
    dtype: str = "float32"
    limits: tuple[float, float] = (float("-inf"), float("inf"))
    visible: bool = False
    sensitivity: Sensitivity = "open"


def _predictor(
    name: str, title: str, unit: Unit, sentence: str, style: RasterStyle, dtype: str = "float32"
) -> Raster:
    return Raster(name, title, unit, sentence, style, "predictors", dtype)


RASTERS: dict[str, Raster] = {
    r.name: r
    for r in (
        Raster("suitability", "Habitat suitability", "0-1", "How good a cell is to live in, 1 best.",
               SUITABILITY, "suitability", limits=(0, 1)),
        Raster("habitat_mean", "Suitability, mean over a home range", "0-1",
               "Mean suitability in a circle the size of a female home range; sea and no data left out.",
               SUITABILITY, "suitability", limits=(0, 1)),
        Raster("resistance", "Resistance to movement", "1 = ideal habitat",
               "Metres of ideal habitat that cost as much as one metre here; no data lets nothing through.",
               RESISTANCE, "resistance", limits=(1, float("inf"))),
        Raster("cores", "Core areas", "core_id", "The core area a cell belongs to, 0 none.",
               Labels("#1b7837"), "cores", dtype="uint16"),
        Raster("cost_distance", "Accumulated cost to the nearest core", "m of ideal habitat",
               "Least accumulated cost from the nearest core area.", COST, "corridors",
               dtype="float32", limits=(0, float("inf"))),
        Raster("corridor", "Normalised least-cost corridor", "m of slack",
               "Extra cost of the best path through a cell over the best path of its link, smallest over all "
               "links; it measures slack within a link and does not compare links.",
               CORRIDOR, "corridors", limits=(0, float("inf")), visible=True),
        Raster("corridor_quality", "Least-cost corridor by quality", "1 = ideal habitat",
               "Cost of the best way through a cell per metre of its link's least-cost path, smallest over all "
               "links; it compares links.",
               QUALITY, "corridors", limits=(0, float("inf"))),
        _predictor("landcover", "Land cover", "class", "Land cover class.", LANDCOVER, "uint8"),
        _predictor("forest_cover", "Forest cover", "0-1", "Share of the cell under trees.", SUITABILITY),
        _predictor("elevation", "Elevation", "m", "Height above the sea.", ELEVATION),
        _predictor("slope", "Slope", "degrees", "Steepness at the elevation model's own scale.", SLOPE),
        _predictor("ruggedness", "Ruggedness (TRI)", "m",
                   "Terrain ruggedness index at the elevation model's own scale (Riley et al. 1999).", RUGGED),
        _predictor("southness", "Southness", "-1 to 1",
                   "How far a slope faces south, weighted by its steepness.", SOUTHNESS),
        _predictor("roads", "Roads, highest class", "class", "Highest road class in the cell.",
                   ROAD_CLASS, "uint8"),
        _predictor("railways", "Railways", "0-1", "A railway runs through the cell.", RAILWAY, "uint8"),
        _predictor("settlements", "Population of settlements", "persons", "Persons living in the cell.",
                   Ramp(((0, "#ffffff", "0"), (1e3, "#fcae91", "1 000"), (1e4, "#fb6a4a", "10 000"),
                         (1e6, "#67000d", "1 000 000")), log=True)),
        _predictor("distance_to_roads", "Distance to roads", "km", "Straight distance to the nearest main road.",
                   DISTANCE),
        _predictor("distance_to_railways", "Distance to railways", "km",
                   "Straight distance to the nearest railway.", DISTANCE),
        _predictor("distance_to_settlements", "Distance to settlements, weighted by population", "km",
                   "Distance to settlements; a town of more people counts as nearer.", DISTANCE),
        _predictor("prey_density", "Prey density", "animals per km²", "Surveyed prey, weighted by species.",
                   DENSITY),
    )
}  # fmt: skip


# Drawn from the elevation a run has written, not written itself.
HILLSHADE = Raster(
    "elevation", "Hillshade", "", "Relief, drawn from elevation.", Hillshade(), "hillshade", visible=True
)


def raster(name: str) -> Raster:
    """Return the entry of a raster; a predictor the workflow invents gets a plain one."""
    plain = Ramp(((0, "#f7fbff", "low"), (1, "#08306b", "high")))
    return RASTERS.get(name) or _predictor(
        name, name.replace("_", " "), "1", "A layer of the workflow.", plain
    )


# ---------------------------------------------------------------- columns


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

# ---------------------------------------------------------------- vectors and tables


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
              "PC, ECA and IIC over the species' dispersal distances."),
        Table("threshold_check", "Core areas near the threshold",
              ("threshold", "cores_n", "cores_km2", "largest_core_km2"),
              "What core areas would be at the threshold and 0.1 either side."),
        Table("parameters", "Parameters", ("key", "value", "unit", "range", "mark", "source"),
              "Every number used and where it comes from."),
        Table("layers", "Layers",
              ("layer", "source_used", "method", "country", "coverage_percent", "density_per_1000_km2", "note"),
              "Source used, coverage and density of every layer, per country."),
        Table("notes", "Notes", ("code", "note"), "What to know when reading these results."),
    )
}  # fmt: skip

CASE_GROUPS = ("crossings", "links", "cores", "corridors", "resistance", "suitability")
SHARED_GROUPS_ABOVE = ("notes and data gaps",)
SHARED_GROUPS_BELOW = ("protected areas", "border, towns, roads, rivers", "predictors", "hillshade")


def description(name: str | None = None) -> list[tuple[str, str, str, str]]:
    """Return name, kind, unit and one sentence of everything a run can hold, or of one name.

    A raster, vector or table asked for by name comes with its columns.

    Raises
    ------
    InputError
        I249 no such name.
    """
    entries = [(r.name, "raster", r.unit, r.sentence) for r in RASTERS.values()]
    entries += [(v.name, "vector", "", v.sentence) for v in (*VECTORS.values(), *CONTEXT.values())]
    entries += [(t.name, "table", "", t.sentence) for t in TABLES.values()]
    columns = {c.name: (c.name, "column", c.unit, c.sentence) for c in COLUMNS.values()}
    if name is None:
        return [*entries, *columns.values()]
    found = [entry for entry in [*entries, *columns.values()] if entry[0] == name]
    if not found:
        names = [entry[0] for entry in [*entries, *columns.values()]]
        near = get_close_matches(name, names, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "Without a name, corridors describe lists all."
        what = f"there is no {name}"
        raise InputError(what, code="I249", remedy=remedy)
    holders: list[Vector | Table] = [*VECTORS.values(), *CONTEXT.values(), *TABLES.values()]
    wanted = [column for holder in holders if holder.name == name for column in holder.columns]
    return [*found, *(columns[column] for column in dict.fromkeys(wanted))]
