"""Snow leopard (Panthera uncia): every number of its preset, for line-by-line review.

A row reads: value, unit, sensible range, source or reason. `default` rows are proposals of this project;
`literature` rows were published for this animal.
"""

from __future__ import annotations

from corridors.presets.common import NO_NUMBER
from corridors.presets.parameter import Parameter, default, literature, per_class

TITLE = "Snow leopard"
PREY_LAYER = "prey_density_snow_leopard"

# Which layers count, in which role, by which kind of response.
PREDICTORS = {
    "landcover": ("cover", "scores"),
    "elevation": ("terrain", "trapezoid"),
    "slope": ("terrain", "quantile_rise"),
    "distance_to_settlements": ("disturbance", "exponential_decay"),
    "distance_to_roads": ("disturbance", "exponential_decay"),
    PREY_LAYER: ("prey", "exponential_decay"),
}

# Left out, and said, where the data have no such layer.
OPTIONAL = (PREY_LAYER,)

LAND_COVER_SCORES = {
    0: 0.1,  # bare, sparse or unclassified, on a plain
    1: 0.05,  # crop
    2: 0.7,  # grass
    3: 0.5,  # scrub
    4: 0.15,  # tree (generalised)
    5: 0.15,  # forest (dense)
    6: 0.1,  # snow and ice
    7: 0.2,  # wetland
    8: 0.1,  # rock or sand, on a plain
    9: 0.0,  # built-up
    10: 0.0,  # inland water
}
RUGGED_SCORES = {
    0: 1.0,  # bare rock
    8: 1.0,  # rock
}

LAND_COVER_RESISTANCES = {
    0: 1.0,  # bare, sparse or unclassified: rock; a table of classes cannot tell a bare plain
    1: 60.0,  # crop
    2: 15.0,  # grass: valley steppe; alpine meadow would be 2
    3: 5.0,  # scrub
    4: 5.0,  # tree (generalised): sparse forest
    5: 25.0,  # forest (dense): as wetland, its score being as low
    6: 20.0,  # snow and ice
    7: 25.0,  # wetland
    8: 1.0,  # rock or sand
    9: 100.0,  # built-up
    10: 40.0,  # inland water, frozen five months
}

LANDCOVER = "habitat.predictors.landcover.response"
ELEVATION = "habitat.predictors.elevation.response"
SLOPE = "habitat.predictors.slope.response"

PARAMETERS: dict[str, Parameter] = {
    # ---- habitat
    **per_class(
        f"{LANDCOVER}.scores",
        LAND_COVER_SCORES,
        "0-1",
        "0-1",
        "Signs: McCarthy, Fuller and Munkhtsog 2005. " + NO_NUMBER,
    ),
    **per_class(
        f"{LANDCOVER}.rugged_scores",
        RUGGED_SCORES,
        "0-1",
        "0-1",
        "Where rugged. Sign: McCarthy, Fuller and Munkhtsog 2005. " + NO_NUMBER,
    ),
    f"{LANDCOVER}.ruggedness_layer": default(
        "ruggedness", "", "a layer", "Tells bare rock from a bare plain."
    ),
    f"{LANDCOVER}.rugged_above": default(
        0.5, "quantile", "0.25-0.75", "Rugged is what is above the landscape's median. " + NO_NUMBER
    ),
    f"{SLOPE}.low": default(
        0.5, "quantile", "0.25-0.75", "0 at the landscape's median slope: degrees do not hold across scales."
    ),
    f"{SLOPE}.high": default(0.9, "quantile", "0.75-0.99", "1 at the landscape's 90th percentile of slope."),
    "habitat.predictors.distance_to_settlements.response.k": default(
        2.0, "km", "1-10", "Camps of herders move with the season. " + NO_NUMBER
    ),
    "habitat.predictors.distance_to_roads.response.k": default(1.0, "km", "0.5-5", NO_NUMBER),
    f"habitat.predictors.{PREY_LAYER}.response.k": default(
        0.5, "animals per km²", "0.1-3", "Weighted density at which the score is 0.63. " + NO_NUMBER
    ),
    # ---- movement
    "movement.barriers.roads.crossing_cost_m": default(
        15_000.0,
        "m of ideal habitat",
        "15 000-30 000",
        "Main road: 30 added in a cell of 500 m. " + NO_NUMBER,
    ),
    "movement.barriers.railways.crossing_cost_m": default(
        15_000.0, "m of ideal habitat", "15 000-30 000", "Busy railway: as a main road. " + NO_NUMBER
    ),
    **per_class(
        "movement.resistances",
        LAND_COVER_RESISTANCES,
        "1 = ideal habitat",
        "1-1000",
        'Used with from = "classes" only. ' + NO_NUMBER,
    ),
    # ---- core areas
    "cores.window_radius_km": literature(
        6.3, "km", "5-8", "Circle of 124 km², a female range of 124 ± 41 km² (Johansson et al. 2016)."
    ),
    "cores.min_area_km2": default(125.0, "km²", "125-250", "One female range (Johansson et al. 2016)."),
    "cores.stepping_stone_km2": default(30.0, "km²", "30-60", NO_NUMBER),
    "cores.fill_holes_km2": default(10.0, "km²", "0-30", NO_NUMBER),
    "cores.min_neck_km": default(3.15, "km", "2-6", "A quarter of the window's diameter. " + NO_NUMBER),
    # ---- links, corridors, network
    "links.max_link_km": default(
        160.0, "km", "80-250", "Dispersers have crossed about 160 km of steppe; the record is longer."
    ),
    "corridors.value": default(5_000.0, "m of ideal habitat", "1 000-25 000", "Slack. " + NO_NUMBER),
    "network.dispersal_km": default(
        (40.0, 80.0, 160.0),
        "km",
        "20-250",
        "7 times the root of the range (Bowman et al. 2002): females 78 km, males 101 km; 160 km of steppe.",
    ),
    "network.adults_per_100_km2": default(
        (0.2, 1.0),
        "adults per 100 km²",
        "0.1-2",
        "Range of what is told from the Altai and Sayan; few surveys. " + NO_NUMBER,
    ),
    "network.breeding_females_per_100_km2": default(
        (0.1, 0.5), "breeding females per 100 km²", "0.05-0.8", "Half of adults. " + NO_NUMBER
    ),
    "current.window_radius_km": default(
        15.0, "km", "10-40", "A little over the diameter of a female range. " + NO_NUMBER
    ),
    "border.fence_crossing_cost_m": default(
        15_000.0, "m of ideal habitat", "5 000-25 000", "A fence: 30 added in a cell of 500 m. " + NO_NUMBER
    ),
}

THRESHOLD = default(0.55, "0-1", "0.45-0.65", "Gives separate ridges; at 0.45 and below they are one core.")


def _elevation(a: float, b: float, c: float, d: float) -> dict[str, Parameter]:
    why = "Heights do not transfer: Watts et al. 2019 found 2 800-4 600 m in Ladakh. " + NO_NUMBER
    corners = {"a": a, "b": b, "c": c, "d": d}
    return {f"{ELEVATION}.{key}": default(height, "m", "0-6000", why) for key, height in corners.items()}


BORDERS = default(("MN-RU",), "", "borders of the land", "The border its partners share.")

IN_LANDSCAPE: dict[str, dict[str, Parameter]] = {
    "chikhachev": {
        **_elevation(1800, 2300, 3300, 3900),
        "cores.threshold": THRESHOLD,
        "border.borders": BORDERS,
    },
    "eastern_sayan": {
        **_elevation(1600, 2000, 2900, 3400),
        "cores.threshold": THRESHOLD,
        "border.borders": BORDERS,
    },
}

# Weights of prey in the layer of prey density.
PREY_WEIGHTS = {
    "chikhachev": {
        "ibex": default(0.6, "1", "0-1", "Main prey. " + NO_NUMBER),
        "argali": default(0.3, "1", "0-1", NO_NUMBER),
        "marmot": default(0.1, "1", "0-1", NO_NUMBER),
    },
    "eastern_sayan": {
        "ibex": default(0.55, "1", "0-1", "Main prey, declining (Karnaukhov et al. 2018). " + NO_NUMBER),
        "red_deer": default(0.25, "1", "0-1", "Replaces ibex (Karnaukhov et al. 2018). " + NO_NUMBER),
        "wild_boar": default(0.1, "1", "0-1", "Replaces ibex (Karnaukhov et al. 2018). " + NO_NUMBER),
        "musk_deer": default(0.1, "1", "0-1", NO_NUMBER),
    },
}

LEFT_OUT = {
    "ruggedness": "positive, but collinear with slope; it only tells bare rock from a bare plain",
    "southness": "positive in winter; no number",
    "snow_depth": "deep snow is avoided; no layer and no number",
    "livestock_density": "negative; no number",
    "forest_cover": "already in land cover",
    "protected_areas": "a model that contains reserves cannot be used to plan them",
    "distance_to_railways": "no number; railways enter movement as barriers",
}
