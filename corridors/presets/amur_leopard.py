"""Amur leopard (Panthera pardus orientalis): every number of its preset, for line-by-line review.

A row reads: value, unit, sensible range, source or reason. `default` rows are proposals of this project;
`literature` rows were published for this animal.
"""

from __future__ import annotations

from corridors.presets.common import NO_NUMBER
from corridors.presets.parameter import Parameter, default, literature, per_class

TITLE = "Amur leopard"
PREY_LAYER = "prey_density_leopard"

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
    0: 0.15,  # bare, sparse or unclassified
    1: 0.02,  # crop
    2: 0.15,  # grass
    3: 0.4,  # scrub
    4: 0.85,  # tree (generalised)
    5: 0.9,  # forest (dense)
    6: 0.0,  # snow and ice
    7: 0.05,  # wetland
    8: 0.15,  # rock or sand
    9: 0.0,  # built-up
    10: 0.0,  # inland water
}

LAND_COVER_RESISTANCES = {
    0: 30.0,  # bare, sparse or unclassified: as grassland
    1: 70.0,  # crop
    2: 30.0,  # grass
    3: 6.0,  # scrub
    4: 3.0,  # tree (generalised): other forest, 2 to 4
    5: 1.0,  # forest (dense)
    6: 100.0,  # snow and ice: the worst, as no score
    7: 40.0,  # wetland
    8: 30.0,  # rock or sand: as grassland
    9: 100.0,  # built-up
    10: 40.0,  # inland water, frozen five months
}

# Weights of prey in the layer of prey density.
PREY_WEIGHTS = {
    "land_of_big_cats": {
        "sika_deer": default(0.5, "1", "0-1", "Prey drives leopards (Jiang et al. 2015). " + NO_NUMBER),
        "roe_deer": default(0.4, "1", "0-1", "Prey drives leopards (Jiang et al. 2015). " + NO_NUMBER),
        "wild_boar": default(0.1, "1", "0-1", NO_NUMBER),
    }
}

PARAMETERS: dict[str, Parameter] = {
    # ---- habitat
    **per_class(
        "habitat.predictors.landcover.response.scores",
        LAND_COVER_SCORES,
        "0-1",
        "0-1",
        "Signs: Hebblewhite et al. 2011; Jiang et al. 2015. " + NO_NUMBER,
    ),
    "habitat.predictors.forest_cover.response.points": default(
        ((0.0, 0.1), (0.6, 1.0)), "share of the cell, score", "0-1", "Closed forest is cover. " + NO_NUMBER
    ),
    "habitat.predictors.distance_to_settlements.response.k": default(
        2.5, "km", "1-10", "Leopards avoid people (Hebblewhite et al. 2011). " + NO_NUMBER
    ),
    "habitat.predictors.distance_to_roads.response.k": default(
        1.0, "km", "0.5-5", "Leopards avoid people (Hebblewhite et al. 2011). " + NO_NUMBER
    ),
    f"habitat.predictors.{PREY_LAYER}.response.k": default(
        0.5, "animals per km²", "0.1-3", "Weighted density at which the score is 0.63. " + NO_NUMBER
    ),
    # ---- movement
    "movement.barriers.roads.crossing_cost_m": default(
        30_000.0,
        "m of ideal habitat",
        "30 000-50 000",
        "Main road: 60 added in a cell of 500 m. " + NO_NUMBER,
    ),
    "movement.barriers.railways.crossing_cost_m": default(
        30_000.0, "m of ideal habitat", "30 000-50 000", "Busy railway: as a main road. " + NO_NUMBER
    ),
    **per_class(
        "movement.resistances",
        LAND_COVER_RESISTANCES,
        "1 = ideal habitat",
        "1-1000",
        'Used with from = "classes" only. ' + NO_NUMBER,
    ),
    # ---- core areas
    "cores.window_radius_km": default(5.0, "km", "3.5-6", "Circle of 80 km², a female range of 40-100 km²."),
    "cores.min_area_km2": default(80.0, "km²", "80-160", "One breeding female."),
    "cores.stepping_stone_km2": default(20.0, "km²", "20-40", NO_NUMBER),
    "cores.fill_holes_km2": default(10.0, "km²", "0-20", NO_NUMBER),
    "cores.min_neck_km": default(2.5, "km", "2-5", "A quarter of the window's diameter. " + NO_NUMBER),
    # ---- links, corridors, network
    "links.max_link_km": default(70.0, "km", "35-150", "As the longest dispersal distance. " + NO_NUMBER),
    "corridors.value": default(5_000.0, "m of ideal habitat", "1 000-25 000", "Slack. " + NO_NUMBER),
    "network.dispersal_km": default(
        (35.0, 70.0),
        "km",
        "15-150",
        "7 times the root of a range of 100 km² is 70 km (Bowman et al. 2002); half of it for females.",
    ),
    "network.adults_per_100_km2": literature(
        (0.6, 1.0),
        "adults per 100 km²",
        "0.5-1.2",
        "Qi et al. 2015: 0.62; Vitkalova and Shevtsova 2016: 0.98.",
    ),
    "network.breeding_females_per_100_km2": default(
        (0.3, 0.6),
        "breeding females per 100 km²",
        "0.2-0.6",
        "About half of adults, to one breeding female per 160 km². " + NO_NUMBER,
    ),
    "current.window_radius_km": default(
        15.0, "km", "5-35", "One and a half diameters of a female range. " + NO_NUMBER
    ),
    "border.fence_crossing_cost_m": default(
        5_000.0,
        "m of ideal habitat",
        "2 500-25 000",
        "A fence leopards pass, as on the Tumen: 10 added in a cell of 500 m. " + NO_NUMBER,
    ),
}

IN_LANDSCAPE: dict[str, dict[str, Parameter]] = {
    "land_of_big_cats": {
        "border.borders": default(("CN-RU",), "", "borders of the land", "The border its partners share."),
        "cores.threshold": default(
            0.7, "0-1", "0.65-0.8", "Tells the range on the border apart from the southern Sikhote-Alin."
        ),
    },
}

LEFT_OUT = {
    "elevation": "collinear with habitat type, which is in land cover (tiger: Matyukhina et al. 2014)",
    "slope": "moderate slopes are liked; the curve at hand was made for fine maps and fails at this scale",
    "ruggedness": "weakly positive; no number",
    "southness": "south-western slopes are liked (Hebblewhite et al. 2011); no number",
    "snow_depth": "deep snow is avoided; no layer and no number",
    "cattle_density": "negative (Wang et al. 2018); no number",
    "tiger_density": "avoided (Jiang et al. 2015); a competitor makes a scenario, off by default",
    "protected_areas": "a model that contains reserves cannot be used to plan them",
    "distance_to_railways": "no number; railways enter movement as barriers",
}
