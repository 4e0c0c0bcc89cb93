"""Course, part 5: proposals compared, and the best set under a budget (an hour and a half).

    python workflows/course/5_proposals.py [PICTURE] [DATA]

A planner does not ask where corridors are but which proposal to defend. So the landscape as it is comes
first, and each proposal is measured against it, for every species and country, and for all together.

You will learn: what each kind of proposal changes (protecting land changes its status, not a single path),
why a gain for one country can need the other, and how to choose under a budget without fooling yourself.
"""

import sys
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd

import corridors

picture, data = [*sys.argv[1:], None, None][:2]
WORKFLOW = Path(__file__).parents[1] / "land_of_big_cats.toml"
LAYERS = Path(__file__).parents[2] / "data" / "rasters" / "land_of_big_cats"
CASE, BUDGET = "amur_leopard", 3

# 1. The layers, and the proposals: polygons, lines or points with a name and a kind. These are stylised.
workflow = corridors.load_workflow(WORKFLOW)
workflow = workflow.model_copy(update={"species": (workflow.cases[CASE],)})
inputs = corridors.read_inputs(workflow, data=data)
proposals = corridors.read_proposals(str(LAYERS / "proposals.gpkg"), inputs.grid, bounds=inputs.bounds)
print(proposals[["proposal", "kind"]].drop_duplicates().to_string(index=False))

# 2. Compared. An empty number is "not known" or "not assessed", and `notes` says which; it is never 0.
options = {"by": "protconn_percent", "interactions": True}
comparison = corridors.compare_proposals(workflow, inputs, proposals, **options)
table = comparison.table
joint = table[table["country"] == "joint"].set_index("proposal")
columns = ["protconn_percent_change", "eca_km2_change", "rank", "needs_partner"]
print("\nAll countries together, against the landscape as it is")
print(joint[columns].round(2).to_string())

# 3. Per country: who gains, and who has to agree.
proposed = table[(table["proposal"] != "baseline") & (table["country"] != "joint")]
gains = proposed.pivot_table(index="proposal", columns="country", values="protconn_percent_change")
print("\nProtected connected land, change in percent of each country")
print(gains.round(2).to_string())

# 4. The best three. Up to 16 proposals every set is tried, so "best" means best. A budget may also be an area
#    or a cost, where every proposal has one.
chosen = corridors.select_proposals(workflow, inputs, proposals, comparison, budget=BUDGET, of="number")
print(f"\n{chosen.text()}")

# 5. The figure: where the proposals lie, and what each brings.
figure, (left_map, status, ways) = plt.subplots(1, 3, figsize=(15, 5.5), layout="constrained")
result = comparison.result
result.context["countries"].boundary.plot(ax=left_map, color="#555555", linewidth=0.8)
result.cases[CASE].vectors["cores"].plot(ax=left_map, color="#cfe3d4")
result.cases[CASE].vectors["links"].plot(ax=left_map, color="#222222", linewidth=0.8)
order = comparison.proposals["proposal"].tolist()
colours = dict(zip(order, plt.get_cmap("tab10").colors, strict=False))
for name, place in comparison.proposals.set_index("proposal").geometry.items():
    gpd.GeoSeries([place.buffer(1_500)]).plot(ax=left_map, color=colours[name], alpha=0.7)
left, bottom, right, top = result.grid.bounds
left_map.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], xlabel="", ylabel="")
left_map.set_title("Proposals over core areas and links")
for axes, column, title in (
    (status, "protconn_percent_change", "Protected connected land, %"),
    (ways, "eca_km2_change", "Connected habitat, km²"),
):
    change = joint[column].reindex(order)
    axes.barh(order, change.fillna(0.0), color=[colours[name] for name in order])
    for name, value in change.items():
        said = "not assessed" if pd.isna(value) else f"{value:+.2f}"
        axes.annotate(said, (0 if pd.isna(value) else value, name), fontsize=8, va="center")
    axes.axvline(0, color="black", linewidth=0.8)
    axes.invert_yaxis()
    axes.set_title(f"{title}: change")
    axes.margins(x=0.25)
ways.set_yticklabels([])
figure.suptitle("Amur leopard: proposals compared (stylised data)")
if picture:
    figure.savefig(picture, dpi=130)
plt.close(figure)

# Try it: draw a proposal of your own in QGIS and add it; name one that is a loss with `threat=` and see what
# protection would save; ask for `settings=` and read how firm the ranks are.
