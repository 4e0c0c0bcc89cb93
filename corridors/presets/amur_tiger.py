"""Amur tiger (Panthera tigris altaica): every number of its preset, for line-by-line review.

A row reads: value, unit, sensible range, source or reason. `default` rows are proposals of this project;
`literature` rows were published for this animal.
"""

from __future__ import annotations

from corridors.presets.common import NO_NUMBER
from corridors.presets.parameter import Parameter, default, literature, per_class

TITLE = "Amur tiger"
PREY_LAYER = "prey_density_tiger"

# Which layers count, in which role, by which kind of response.
PREDICTORS = {
    "landcover": ("cover", "scores"),
    "forest_cover": ("cover", "piecewise_linear"),
    "distance_to_settlements": ("disturbance", "exponential_decay"),
    "distance_to_roads": ("disturbance", "exponential_decay"),
    PREY_LAYER: ("prey", "exponential_decay"),
}

# Left out, and said, where the data have no such layer.
OPTIONAL = ("forest_cover", PREY_LAYER)

LAND_COVER_SCORES = {
    0: 0.1,  # bare, sparse or unclassified
    1: 0.05,  # crop
    2: 0.2,  # grass
    3: 0.4,  # scrub
    4: 0.8,  # tree (generalised)
    5: 0.9,  # forest (dense)
    6: 0.0,  # snow and ice
    7: 0.15,  # wetland
    8: 0.1,  # rock or sand
    9: 0.0,  # built-up
    10: 0.0,  # inland water
}

LAND_COVER_RESISTANCES = {
    0: 20.0,  # bare, sparse or unclassified: as grassland
    1: 50.0,  # crop
    2: 20.0,  # grass
    3: 8.0,  # scrub
    4: 3.0,  # tree (generalised): other forest, 2 to 5
    5: 1.0,  # forest (dense)
    6: 100.0,  # snow and ice: the worst, as no score
    7: 15.0,  # wetland
    8: 20.0,  # rock or sand: as grassland
    9: 100.0,  # built-up
    10: 30.0,  # inland water, frozen five months
}

# Weights of prey in the layer of prey density.
_PREY = {
    "red_deer": default(0.4, "1", "0-1", "Tigers follow red deer first (Miquelle et al. 1999). " + NO_NUMBER),
    "wild_boar": default(0.35, "1", "0-1", "Wild boar second (Miquelle et al. 1999). " + NO_NUMBER),
    "sika_deer": default(0.25, "1", "0-1", NO_NUMBER),
}

PREY_WEIGHTS = {"land_of_big_cats": _PREY, "lesser_khingan": _PREY}

PARAMETERS: dict[str, Parameter] = {
    # ---- habitat
    **per_class(
        "habitat.predictors.landcover.response.scores",
        LAND_COVER_SCORES,
        "0-1",
        "0-1",
        "Signs: Carroll and Miquelle 2006; Hebblewhite et al. 2014. " + NO_NUMBER,
    ),
    "habitat.predictors.forest_cover.response.points": default(
        ((0.0, 0.1), (0.6, 1.0)), "share of the cell, score", "0-1", "Closed forest is cover. " + NO_NUMBER
    ),
    "habitat.predictors.distance_to_settlements.response.k": default(
        3.0, "km", "1-10", "Tigers avoid settlements (Wang et al. 2018). " + NO_NUMBER
    ),
    "habitat.predictors.distance_to_roads.response.k": default(
        1.5, "km", "0.5-5", "Tigresses survive best away from main roads (Kerley et al. 2002). " + NO_NUMBER
    ),
    f"habitat.predictors.{PREY_LAYER}.response.k": default(
        0.5, "animals per km²", "0.1-3", "Weighted density at which the score is 0.63. " + NO_NUMBER
    ),
    # ---- movement
    "movement.barriers.roads.crossing_cost_m": default(
        25_000.0,
        "m of ideal habitat",
        "25 000-50 000",
        "Main road: 50 added in a cell of 500 m. " + NO_NUMBER,
    ),
    "movement.barriers.railways.crossing_cost_m": default(
        25_000.0, "m of ideal habitat", "25 000-50 000", "Busy railway: as a main road. " + NO_NUMBER
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
        11.3,
        "km",
        "8-14",
        "Circle of 400 km², a female range: 390 (Goodrich et al. 2010), 401 (Hernandez-Blanco et al. 2015).",
    ),
    "cores.min_area_km2": default(250.0, "km²", "250-450", "About one breeding female."),
    "cores.stepping_stone_km2": default(50.0, "km²", "50-100", NO_NUMBER),
    "cores.fill_holes_km2": default(25.0, "km²", "0-50", NO_NUMBER),
    "cores.min_neck_km": default(5.65, "km", "2-11", "A quarter of the window's diameter. " + NO_NUMBER),
    # ---- links, corridors, network
    "links.max_link_km": default(250.0, "km", "100-500", "As the longest dispersal distance. " + NO_NUMBER),
    "corridors.value": default(10_000.0, "m of ideal habitat", "2 000-50 000", "Slack. " + NO_NUMBER),
    "network.dispersal_km": default(
        (70.0, 140.0, 250.0),
        "km",
        "30-800",
        "Around 7 times the root of the range (Bowman et al. 2002): females 140 km, males 195-260 km.",
    ),
    "network.adults_per_100_km2": literature(
        (0.2, 0.65),
        "adults per 100 km²",
        "0.1-1",
        "Wang et al. 2018: 0.20-0.27; Xiao et al. 2016: 0.24-0.40; up to 0.65 is told.",
    ),
    "network.breeding_females_per_100_km2": default(
        (0.1, 0.4),
        "breeding females per 100 km²",
        "0.05-0.4",
        "Half the lowest of adults, to one breeding female per 250 km². " + NO_NUMBER,
    ),
    "current.window_radius_km": default(
        25.0, "km", "10-70", "About the diameter of a female range. " + NO_NUMBER
    ),
    "border.fence_crossing_cost_m": default(
        10_000.0,
        "m of ideal habitat",
        "5 000-25 000",
        "A fence tigers pass: 20 added in a cell of 500 m. " + NO_NUMBER,
    ),
}

IN_LANDSCAPE: dict[str, dict[str, Parameter]] = {
    "land_of_big_cats": {
        "border.borders": default(("CN-RU",), "", "borders of the land", "The border its partners share."),
        "cores.threshold": default(
            0.7,
            "0-1",
            "0.6-0.8",
            "At 0.6 everything is one core in three countries, at 0.8 the main one breaks up.",
        ),
    },
    "lesser_khingan": {
        "border.borders": default(("CN-RU",), "", "borders of the land", "The border its partners share."),
        "cores.threshold": default(
            0.8, "0-1", "0.7-0.85", "At 0.75 one core on both banks of the Amur, at 0.8 one on each bank."
        ),
    },
}

LEFT_OUT = {
    "elevation": "collinear with habitat type, which is in land cover (Matyukhina et al. 2014)",
    "slope": "only steep slopes are avoided, and no number holds at this scale",
    "ruggedness": "no effect known",
    "southness": "no effect known",
    "snow_depth": "deep snow hampers prey; no layer and no number",
    "cattle_density": "negative (Wang et al. 2018); no number",
    "protected_areas": "a model that contains reserves cannot be used to plan them",
    "distance_to_railways": "no number; railways enter movement as barriers",
}
