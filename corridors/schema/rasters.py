"""Every raster a run can hold."""

from __future__ import annotations

from dataclasses import dataclass

from corridors.schema.styles import (
    CORRIDOR,
    COST,
    CURRENT,
    DENSITY,
    DISTANCE,
    ELEVATION,
    IMPROVEMENT,
    LANDCOVER,
    NORMALISED_CURRENT,
    QUALITY,
    RAILWAY,
    RESISTANCE,
    ROAD_CLASS,
    RUGGED,
    SLOPE,
    SOUTHNESS,
    SUITABILITY,
    SUMMED_CURRENT,
    WINDOW_CURRENT,
    Hillshade,
    Labels,
    Ramp,
    RasterStyle,
)
from corridors.schema.terms import Sensitivity, Unit


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
        Raster("priority", "Priority of corridors", "0-1",
               "Of all corridors through a cell the highest score: place within the corridor and priority of the "
               "link (Gallo and Greene 2018).", SUITABILITY, "corridors", limits=(0, 1)),
        Raster("corridor_current", "Current inside corridors", "A",
               "Largest current of any link, of 1 A between its two cores, kept inside the corridor.",
               CURRENT, "barriers and pinch points", limits=(0, float("inf"))),
        Raster("current", "Current in moving windows", "suitability units",
               "Current through a cell when every cell is in turn the aim of all suitable land around it.",
               WINDOW_CURRENT, "current", limits=(0, float("inf"))),
        Raster("flow_potential", "Flow potential", "suitability units",
               "The same where every cell resists alike: what the spread of suitable land alone would give.",
               WINDOW_CURRENT, "current", limits=(0, float("inf"))),
        Raster("normalised_current", "Normalised current", "1 = as on even ground",
               "Current over flow potential: below 1 impeded, above 1 channelled; none where flow potential is under "
               "a hundredth of its highest.",
               NORMALISED_CURRENT, "current", limits=(0, float("inf"))),
        Raster("improvement_score", "Improvement score", "m per m",
               "Metres of ideal habitat a link saves per metre restored about the cell; a fast estimate that can "
               "miss narrow barriers (McRae et al. 2012).",
               IMPROVEMENT, "barriers and pinch points", limits=(0, float("inf"))),
        Raster("improvement_percent", "Improvement, percent of the link per km", "% per km",
               "The same in percent of the link's cost per kilometre restored.",
               IMPROVEMENT, "barriers and pinch points", limits=(0, float("inf"))),
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


SINGLE_RASTERS: dict[str, Raster] = {
    r.name: r
    for r in (
        Raster("accumulated_cost", "Accumulated cost from the nearest source", "m of ideal habitat",
               "Least accumulated cost from the nearest of the places given.", COST, "corridors",
               limits=(0, float("inf"))),
        Raster("cumulative_current", "Current between all pairs, summed", "A",
               "Sum over all pairs of places of the current through a cell, 1 A between each pair.",
               SUMMED_CURRENT, "current", limits=(0, float("inf"))),
        Raster("maximum_current", "Largest current of any pair", "A",
               "Largest current through a cell of any pair of places, 1 A between each.", CURRENT, "current",
               limits=(0, float("inf"))),
        Raster("omnidirectional_current", "Current in moving windows", "A",
               "Current through a cell when every cell is in turn the aim of all sources around it; a source gives "
               "1 over its resistance unless strengths are given.",
               WINDOW_CURRENT, "current", limits=(0, float("inf"))),
    )
}  # fmt: skip
"""What single steps on given layers write (`corridors cost`, `between`, `current`)."""


# Drawn from the elevation a run has written, not written itself.
HILLSHADE = Raster(
    "elevation", "Hillshade", "", "Relief, drawn from elevation.", Hillshade(), "hillshade", visible=True
)


def raster(name: str) -> Raster:
    """Return the entry of a raster; a predictor the workflow invents gets a plain one."""
    plain = Ramp(((0, "#f7fbff", "low"), (1, "#08306b", "high")))
    return (RASTERS | SINGLE_RASTERS).get(name) or _predictor(
        name, name.replace("_", " "), "1", "A layer of the workflow.", plain
    )
