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
    "cores.core_cut_cost_m": default(
        "sealed",
        "",
        "sealed, or m of ideal habitat",
        "Cut along sealed barriers only. At 25 000, roads of 30 000 would cut the leopard's core on the "
        "border from 37 000 to 12 000 km².",
    ),
    "links.neighbours": default(
        "allocation", "", "allocation, nearest, all", "Cores whose zones of least cost meet."
    ),
    "corridors.rule": default("slack_m", "", "slack_m, percent, width_km", "Same meaning for every link."),
    "network.node_weight": default(
        "quality_area",
        "",
        "quality_area, area, capacity",
        "Area times mean suitability: a poor core counts less.",
    ),
}

NUMBERS: dict[str, Parameter] = {
    "movement.shape": default(
        8.0, "1", "2-16", "Curvature c: resistance 2.8 of 100 at suitability 0.5. Compare 2, 8 and 16."
    ),
    "movement.maximum": default(
        100.0, "1", "10-1000", "Resistance of the worst habitat. Compare 10, 100 and 1000."
    ),
    "movement.barriers.roads.merge_within_m": default(
        100.0, "m", "30-200", "Both carriageways of a motorway are one barrier."
    ),
    "movement.barriers.roads.structure_length_m.tunnel": default(
        100.0,
        "m",
        "50-500",
        "Animals pass over tunnels; bridges are closed, for maps do not say what is under them.",
    ),
    "movement.barriers.railways.merge_within_m": default(
        100.0, "m", "30-200", "The tracks of one railway are one barrier."
    ),
    "cores.floor": default(
        0.2,
        "0-1",
        "0-0.5",
        "Least score of cover and terrain in a cell of a core, whatever surrounds it.",
    ),
    "current.block_km": default(
        5.5, "km", "0.5-10", "Side of the blocks that share a window: larger is faster and coarser."
    ),
    "restoration.radii_km": default(
        (1.0, 2.0, 4.0), "km", "0.5-10", "Circles of land that would be restored."
    ),
    "restoration.segment_km": default(1.0, "km", "1-5", "Stretches of barrier opened in turn."),
}
