"""What holds for all species: the method, and numbers none of them has of its own."""

from __future__ import annotations

from corridors.presets.parameter import Parameter, default, literature

NO_NUMBER = "Proposal: no published number."

CHOICES: dict[str, Parameter] = {
    "habitat.method": default(
        "geometric_mean",
        "",
        "geometric_mean, weighted_sum, minimum",
        "One hopeless predictor makes a cell hopeless; in a weighted sum the others make up for it.",
    ),
    "movement.from": default(
        "suitability",
        "",
        "suitability, classes, raster",
        "Habitat's responses without those of disturbance: roads enter movement once, as barriers.",
    ),
    "movement.transform": literature(
        "negative_exponential",
        "",
        "negative_exponential, linear, power",
        "Dispersers cross poor habitat (Trainor et al. 2013; Keeley, Beier and Gagnon 2016).",
    ),
    "movement.layer": default("landcover", "", "a layer of classes", 'Used with from = "classes" only.'),
    "links.neighbours": default(
        "allocation", "", "allocation, nearest, all", "Cores whose zones of least cost meet."
    ),
    "corridors.rule": default("slack_m", "", "slack_m, percent, width_km", "Same meaning for every link."),
    "network.node_weight": default(
        "quality_area", "", "quality_area, area", "Area times mean suitability: a poor core counts less."
    ),
}

NUMBERS: dict[str, Parameter] = {
    "movement.shape": default(
        8.0, "1", "2-16", "Curvature c: resistance 2.8 of 100 at suitability 0.5. Compare 2, 8 and 16."
    ),
    "movement.maximum": default(
        100.0, "1", "10-1000", "Resistance of the worst habitat. Compare 10, 100 and 1000."
    ),
    "cores.floor": default(
        0.2,
        "0-1",
        "0-0.5",
        "Least score of cover and terrain in a cell of a core, whatever surrounds it.",
    ),
}
