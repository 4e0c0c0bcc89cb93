"""Course, part 1: from layers to a folder of results, and how to read it (an hour).

    python workflows/course/1_first_run.py [PICTURE] [DATA]

The workflow file says everything: area, layers, species, numbers. One command turns it into a run folder:
`corridors run workflows/land_of_big_cats.toml`. Here the same is done in Python, and the folder is then read
as a colleague would read it who has nothing else: one GeoPackage, one table per question.

You will learn: what a run writes, what core areas, links, corridors and crossings are, where it says how far
to trust it. All demonstration data are stylised: nothing here may decide anything.
"""

import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pandas as pd

import corridors

picture, data = [*sys.argv[1:], None, None][:2]
WORKFLOW = Path(__file__).parents[1] / "land_of_big_cats.toml"
CASE = "amur_leopard"

# 1. Check, then run. `check` lists everything that is wrong at once and writes nothing.
workflow = corridors.load_workflow(WORKFLOW)
folder = Path(tempfile.mkdtemp()) / "land_of_big_cats"
corridors.run(workflow, out=str(folder), data=data)

# 2. Core areas: land good enough, and large enough, for a female to breed. One that lies on both sides of a
#    border is a transboundary connection in itself; its contact with the border is often the best news.
package = folder / "corridors.gpkg"
layers = {
    name: gpd.read_file(package, layer=name)
    for name in ("cores", "links", "corridors", "crossings", "countries", "reporting_area")
}
own = {name: frame[frame["case"] == CASE] if "case" in frame else frame for name, frame in layers.items()}
cores, links, crossings = own["cores"], own["links"], own["crossings"]
print("Core areas, the largest first")
print(cores[["core_id", "name", "area_km2", "countries", "border_contact_km"]].head(6).to_string(index=False))

# 3. Links: pairs of neighbouring core areas and the least-cost path between them. Cost is counted in metres
#    of ideal habitat: 65 000 m means "as hard as 65 km of the best forest". The ratio to the straight
#    distance says how hard the land is; where it is high, look at the map first, then at the layers.
columns = ["link_id", "core_a", "core_b", "cost_distance_m", "path_length_km", "cwd_to_euclid"]
hardest = links.sort_values("cwd_to_euclid", ascending=False)
print("\nLinks, the hardest first")
print(hardest[columns].head(5).round(1).to_string(index=False))

# 4. What has to be known before anybody quotes a number: the notes, and the marks of the parameters.
notes = pd.read_csv(folder / "notes.csv")
parameters = pd.read_csv(folder / "cases" / CASE / "tables" / "parameters.csv")
print(f"\n{len(notes)} notes; the first: {notes['note'].iloc[0]}")
print("Marks of the numbers used:", parameters["mark"].value_counts().to_dict())

# 5. The figure: corridors under core areas, links over both, crossings in red.
figure, axes = plt.subplots(figsize=(8, 8), layout="constrained")
own["countries"].boundary.plot(ax=axes, color="#555555", linewidth=0.8, linestyle=(0, (6, 3)))
own["corridors"].plot(ax=axes, color="#f2a24b", alpha=0.6)
cores.plot(ax=axes, color="#3f7f4f", edgecolor="#1f4f2f", linewidth=0.5)
links.plot(ax=axes, color="#222222", linewidth=1.2)
crossings.plot(ax=axes, color="#c8102e", markersize=45, edgecolor="white", zorder=5)
for row in cores.itertuples():
    place = row.geometry.representative_point()
    axes.annotate(str(row.core_id), (place.x, place.y), color="white", ha="center", va="center", fontsize=9)
left, bottom, right, top = own["reporting_area"].total_bounds
axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal", xticks=[], yticks=[], xlabel="", ylabel="")
axes.set_title(f"{workflow.cases[CASE].title}: core areas, corridors, crossings (stylised data)")
if picture:
    figure.savefig(picture, dpi=150)
plt.close(figure)

# Try it: open project.qgz of your own run in QGIS; find the link with the highest `cwd_to_euclid`; read
# `layers.csv`: which layer is thinner on one side of the border?
