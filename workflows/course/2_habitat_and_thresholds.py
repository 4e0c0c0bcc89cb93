"""Course, part 2: habitat suitability, and how much a threshold decides (an hour).

    python workflows/course/2_habitat_and_thresholds.py [PICTURE] [DATA]

Nobody has published weights or curves for these animals here that could be used, so every number is a
proposal. This part shows what that does: the same layers, three ways to combine them, seven thresholds.

You will learn: how scores are combined and why one hopeless score should make a cell hopeless; why one
threshold is never enough; how to show it.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import corridors

picture, data = [*sys.argv[1:], None, None][:2]
WORKFLOW = Path(__file__).parents[1] / "land_of_big_cats.toml"
THRESHOLDS = (0.50, 0.60, 0.70, 0.75, 0.80, 0.85, 0.90)
CORES = {
    "window_radius_km": 11.3, "min_area_km2": 250, "min_neck_km": 5.65, "fill_holes_km2": 25, "floor": 0.2,
}  # fmt: skip

# 1. The layers of the workflow on its grid, and curves that score each from 0 (useless) to 1 (ideal).
workflow = corridors.load_workflow(WORKFLOW)
inputs = corridors.read_inputs(workflow, data=data)
layers = inputs.layers
sea = layers["landcover"] == 11
scores = {0: 0.1, 1: 0.05, 2: 0.2, 3: 0.4, 4: 0.8, 5: 0.9, 6: 0.0, 7: 0.15, 8: 0.1, 9: 0.0, 10: 0.0}
cover = {"landcover": {"kind": "scores", "scores": scores}}
disturbance = {
    "distance_to_settlements": {"kind": "exponential_decay", "k": 3.0},
    "distance_to_roads": {"kind": "exponential_decay", "k": 1.5},
}

# 2. Three ways to combine them. The weighted sum lets a car park far from villages keep half its score; the
#    geometric mean does not; the minimum asks for everything at once.
methods = ("geometric_mean", "weighted_sum", "minimum")
maps = {
    method: corridors.weighted_overlay(layers, responses=cover | disturbance, impassable=sea, method=method)
    for method in methods
}
cropland = layers["landcover"] == 1
print("Mean suitability of cropland, by method")
for method, suitability in maps.items():
    print(f"  {method.replace('_', ' '):15} {float(suitability.where(cropland).mean()):.2f}")

# 3. Core areas at seven thresholds of the mean in a window the size of a female's home range.
suitability = maps["geometric_mean"]
floor_on = corridors.weighted_overlay(layers, responses=cover, impassable=sea)
found = {}
for threshold in THRESHOLDS:
    cores, _ = corridors.core_areas(suitability, threshold=threshold, floor_on=floor_on, **CORES)
    found[threshold] = cores
rows = [(t, len(c), c["area_km2"].sum(), c["area_km2"].max()) for t, c in found.items()]
table = pd.DataFrame(rows, columns=["threshold", "cores", "area_km2", "largest_km2"])
print("\nCore areas by threshold")
print(table.round(2).to_string(index=False))

# 4. The figure: at low thresholds everything is one core area and there is nothing left to connect; at high
#    ones the map falls into pieces. A result that holds at one threshold only is not a result.
figure, axes = plt.subplots(2, 4, figsize=(12, 6.5), layout="constrained")
left, bottom, right, top = inputs.grid.bounds
for axis, threshold in zip(axes.flat, THRESHOLDS, strict=False):
    axis.imshow(suitability.where(~sea), extent=(left, right, bottom, top), cmap="Greys", vmin=0, vmax=1.6)
    cores = found[threshold]
    if len(cores):
        cores.plot(ax=axis, column=np.arange(len(cores)), cmap="tab20", alpha=0.75)
    axis.set(title=f"{threshold:.2f}: {len(cores)} core areas", xticks=[], yticks=[], xlabel="", ylabel="")
curve = axes.flat[-1]
curve.plot(table["threshold"], table["area_km2"] / 1000, marker="o", color="#3f7f4f", label="all core areas")
curve.plot(table["threshold"], table["largest_km2"] / 1000, marker="s", color="#c8102e", label="the largest")
curve.set(xlabel="threshold", ylabel="1000 km²", title="What the threshold decides")
curve.legend(frameon=False, fontsize=8)
figure.suptitle("Amur tiger: the same land, seven thresholds (stylised data)")
if picture:
    figure.savefig(picture, dpi=130)
plt.close(figure)

# Try it: set `floor` to 0.0 and look at the roads; score cropland 0.3 instead of 0.05: which threshold gives
# back the map you had?
