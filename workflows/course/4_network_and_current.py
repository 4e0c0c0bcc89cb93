"""Course, part 4: the network, and where current narrows (an hour and a half).

    python workflows/course/4_network_and_current.py [PICTURE] [DATA]

Two questions with two methods. Which core areas and links hold the network together? That is a question to
a graph. Where in a corridor is there no second way? That is a question to a circuit: current spreads where
there are many ways and narrows where there is one.

You will learn: connected habitat over dispersal distances, what is lost without each core area and link, and
how to read pinch points.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import corridors

picture, data = [*sys.argv[1:], None, None][:2]
WORKFLOW = Path(__file__).parents[1] / "land_of_big_cats.toml"
CASE = "amur_leopard"
DISPERSAL_KM = [5, 10, 20, 35, 70, 140]

# 1. A case of the shipped workflow, in memory; nothing is written.
workflow = corridors.load_workflow(WORKFLOW)
inputs = corridors.read_inputs(workflow, data=data)
case = corridors.analyse(inputs.layers, workflow, context=inputs.context).cases[CASE]
cores, links = case.vectors["cores"], case.vectors["links"]

# 2. Connected habitat: how large one single core area would have to be to be worth as much. It grows with the
#    distance an animal disperses, and never beyond all habitat there is. One distance alone misleads.
graph = corridors.to_graph(cores, links)
curve = corridors.connectivity_indices(graph, dispersal_km=DISPERSAL_KM)
habitat_km2 = float(cores["quality_area_km2"].sum())
connected = curve.set_index("dispersal_km")["equivalent_connected_area_km2"]
print("Equivalent connected area, km², by dispersal distance")
print(connected.round().to_string())

# 3. What is lost without each core area and each link, at one distance. A small core area between two large
#    ones can matter more than a large one at the rim.
of_cores, of_links = corridors.importance(graph, dispersal_km=[35])
worst = of_links.sort_values("dec_percent", ascending=False).head(5)
print("\nLinks without which most is lost, % of connected habitat")
print(worst[["link_id", "core_a", "core_b", "dec_percent"]].round(2).to_string(index=False))

# 4. Current inside the corridors: 1 A between the two core areas of each. Where nearly all of it passes a few
#    cells, losing them would close the corridor.
current = case.rasters["corridor_current"]
pinched = case.vectors["pinch_points"]
print(f"\nPinch points: {len(pinched)}; corridors: {len(case.vectors['corridors'])}")

# 5. The figure: core areas by what is lost without them, links by theirs; current; the curve.
figure, (network, flow, growth) = plt.subplots(1, 3, figsize=(15, 5.5), layout="constrained")
left, bottom, right, top = corridors.Grid.of(current).bounds
lost = of_cores.set_index("core_id")["dec_percent"].reindex(cores.index)
said = {"label": "lost without it, %", "shrink": 0.6}
cores.plot(ax=network, column=lost, cmap="cividis_r", legend=True, legend_kwds=said)
share = of_links.set_index("link_id")["dec_percent"].reindex(links.index).fillna(0.0)
links.plot(ax=network, color="black", linewidth=0.6 + 4 * share / max(share.max(), 1e-9))
frame = {"xlim": (left, right), "ylim": (bottom, top), "xticks": [], "yticks": [], "xlabel": "", "ylabel": ""}
network.set(title="What holds the network together", **frame)
shown = np.log10(current.where(current > 0))
image = flow.imshow(shown, extent=(left, right, bottom, top), cmap="inferno", vmin=-3, vmax=0)
cores.boundary.plot(ax=flow, color="#3f7f4f", linewidth=0.8)
pinched.representative_point().plot(ax=flow, color="#00b7c7", markersize=30, edgecolor="black", zorder=5)
flow.set(title="Current in the corridors; pinch points", **frame)
figure.colorbar(image, ax=flow, shrink=0.6, label="current, A (powers of ten)")
growth.plot(connected.index, connected, marker="o", color="#3f7f4f", label="connected")
growth.axhline(habitat_km2, color="#888888", linestyle="--", label="all habitat")
growth.set(xlabel="dispersal distance, km", ylabel="km²", title="Equivalent connected area", ylim=(0, None))
growth.legend(frameon=False)
figure.suptitle("Amur leopard: network and current (stylised data)")
if picture:
    figure.savefig(picture, dpi=130)
plt.close(figure)

# Try it: weigh core areas by `area` instead of quality in `to_graph`; ask `corridors.gain_of_links` what a
# link that does not exist yet would bring.
