"""Course, part 3: resistance, barriers and corridors (an hour and a half).

    python workflows/course/3_resistance_and_barriers.py [PICTURE] [DATA]

A road has no width on cells of 500 m. So it is not painted into the resistance but costs the step that
crosses it: so many metres of ideal habitat, the same at any cell size.

You will learn: how suitability becomes resistance, what crossing costs do to the links, and how to find out
whether a corridor rests on a number nobody has measured.
"""

import sys
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

import corridors

picture, data = [*sys.argv[1:], None, None][:2]
WORKFLOW = Path(__file__).parents[1] / "land_of_big_cats.toml"
CROSSING_COSTS_M = (0, 5_000, 10_000, 25_000, 50_000)

# 1. Layers and core areas as in part 2, with the curves of the workflow. The core areas stay the same
#    throughout, so that links can be compared.
workflow = corridors.load_workflow(WORKFLOW)
inputs = corridors.read_inputs(workflow, data=data)
layers, roads = inputs.layers, inputs.context["roads"]
species, sea = workflow.cases["amur_leopard"], layers["landcover"] == 11
habitat, movement = (
    {name: curve for name, curve in curves.items() if name in layers}
    for curves in (species.habitat.responses, species.movement_responses)
)
suitability = corridors.weighted_overlay(layers, responses=habitat, impassable=sea)
ease = corridors.weighted_overlay(layers, responses=movement, impassable=sea)
cores, labels = corridors.core_areas(
    suitability,
    threshold=0.7,
    window_radius_km=5.0,
    min_area_km2=80,
    min_neck_km=2.5,
    floor=0.2,
    floor_on=ease,
)

# 2. Resistance by three curves and three highest values: nobody has measured which is right. Links that are
#    the same in all nine are firm; those that come and go are not.
settings = list(product((2, 8, 16), (10, 100, 1000)))
links = {}
for shape, highest in settings:
    resistance = corridors.resistance_from_suitability(ease, shape=shape, maximum=highest)
    links[shape, highest] = corridors.find_links(cores, labels, resistance, max_link_km=70)
pairs = {key: set(zip(found["core_a"], found["core_b"], strict=True)) for key, found in links.items()}
firm = set.intersection(*pairs.values())
print(f"Links in all {len(settings)} settings: {len(firm)}; in any: {len(set.union(*pairs.values()))}")

# 3. Barriers: the same links with dearer and dearer roads. A link that stays as it is crosses none.
resistance = corridors.resistance_from_suitability(ease, shape=8, maximum=100)
grid = corridors.Grid.of(resistance)
costs, crossed = {}, {}
for crossing_cost_m in CROSSING_COSTS_M:
    barriers = corridors.edge_costs(roads, grid, crossing_cost_m=crossing_cost_m, merge_within_m=100)
    found = corridors.find_links(cores, labels, resistance, barriers=barriers, max_link_km=70)
    crossed[crossing_cost_m] = found
    costs[crossing_cost_m] = found.set_index(["core_a", "core_b"])["cost_distance_m"] / 1000
by_cost = pd.DataFrame(costs).dropna().sort_values(CROSSING_COSTS_M[-1])
print("\nCost of the links in km of ideal habitat, by the cost of crossing a road in m")
print(by_cost.round(1).to_string())

# 4. The corridor of one setting: the land on which a path costs little more than the best one.
barriers = corridors.edge_costs(roads, grid, crossing_cost_m=25_000, merge_within_m=100)
corridor = corridors.least_cost_corridors(crossed[25_000], labels, resistance, barriers=barriers)

# 5. The figure: the corridor with the roads in it, and the price of crossing them.
figure, (left_map, right_chart) = plt.subplots(1, 2, figsize=(13, 6.5), layout="constrained")
left, bottom, right, top = grid.bounds
shown = (corridor / 1000).where((corridor <= 30_000) & (labels == 0))
image = left_map.imshow(shown, extent=(left, right, bottom, top), cmap="YlOrBr_r", vmin=0, vmax=30)
cores.plot(ax=left_map, color="#3f7f4f")
roads.plot(ax=left_map, color="#555555", linewidth=0.5)
crossed[25_000].plot(ax=left_map, color="black", linewidth=1.2)
left_map.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], xlabel="", ylabel="")
left_map.set_title("Corridors, roads at 25 km of ideal habitat")
figure.colorbar(image, ax=left_map, shrink=0.6, label="slack within each link, km of ideal habitat")
colours = plt.get_cmap("tab20")
for number, ((a, b), row) in enumerate(by_cost[::-1].iterrows()):
    prices = [c / 1000 for c in CROSSING_COSTS_M]
    right_chart.plot(prices, row, marker="o", color=colours(number), label=f"{a}-{b}")
unit = "km of ideal habitat"
right_chart.set(xlabel=f"cost of crossing a road, {unit}", ylabel=f"cost of the link, {unit}")
right_chart.set_title("What roads do to the links (core areas joined)")
right_chart.legend(frameon=False, fontsize=8, ncols=2)
figure.suptitle("Amur leopard: resistance and barriers (stylised data)")
if picture:
    figure.savefig(picture, dpi=130)
plt.close(figure)

# Try it: add railways with `corridors.combined`; open a crossing structure with `openings=`; make one road
# sealed (`float("inf")`) and read what `find_links` says.
