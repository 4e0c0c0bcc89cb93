"""Land of Big Cats, Amur tiger, step by step: what `workflows/land_of_big_cats.toml` does, in Python.

    python workflows/land_of_big_cats.py          on the demonstration data
    python workflows/land_of_big_cats.py DIR      on layers of your own that are named alike

Every number is a proposal to be argued about: the workflow file says what is known about each of them.
"""

import sys
from pathlib import Path

import corridors

workflow = corridors.load_workflow(str(Path(__file__).with_suffix(".toml")))
folder = sys.argv[1] if len(sys.argv) > 1 else None

# 1. Grid and layers. The workflow file says where each layer is found and how it is read. The grid covers
#    the reporting area and a margin around it: a path may well lead through land nobody asked about.
inputs = corridors.read_inputs(workflow, data=folder)
grid, layers, context = inputs.grid, inputs.layers, inputs.context
sea = layers["landcover"] == 11
analysed = layers["landcover"].notnull().values

# 2. Suitability: where a tiger can live. A curve scores each layer from 0 to 1, and the scores are combined
#    by their geometric mean, so that one hopeless score makes a cell hopeless. All count the same, because
#    nobody has published weights. A layer the data lack is left out: made up from the others, it would count
#    them twice.
scores = {0: 0.1, 1: 0.05, 2: 0.2, 3: 0.4, 4: 0.8, 5: 0.9, 6: 0.0, 7: 0.15, 8: 0.1, 9: 0.0, 10: 0.0}
cover = {
    "landcover": {"kind": "scores", "scores": scores},
    "forest_cover": {"kind": "piecewise_linear", "points": [[0.0, 0.1], [0.6, 1.0]]},
}
prey = {"prey_density_tiger": {"kind": "exponential_decay", "k": 0.5}}
disturbance = {
    "distance_to_settlements": {"kind": "exponential_decay", "k": 3.0},
    "distance_to_roads": {"kind": "exponential_decay", "k": 1.5},
}
cover = {name: curve for name, curve in cover.items() if name in layers}
prey = {name: curve for name, curve in prey.items() if name in layers}
suitability = corridors.weighted_overlay(layers, responses=cover | prey | disturbance, impassable=sea)

# 3. Core areas: land good enough on average over a female's home range, and large enough for one to breed.
#    A cell also needs some cover of its own, but a road through a forest does not cut a core in two.
cores, labels = corridors.core_areas(
    suitability,
    threshold=0.7,
    window_radius_km=11.3,
    min_area_km2=250,
    min_neck_km=5.65,
    fill_holes_km2=25,
    floor=0.2,
    floor_on=corridors.weighted_overlay(layers, responses=cover, impassable=sea),
    stepping_stone_km2=50,
    inside=analysed,
)

# 4. Resistance: what a tiger on the move finds hard. It crosses land it would not settle in, so resistance
#    stays low until habitat is poor. Roads and railways enter once, as barriers, and not by distance again.
ease = corridors.weighted_overlay(layers, responses=cover | prey, impassable=sea)
resistance = corridors.resistance_from_suitability(ease, shape=8, maximum=100)

# 5. Barriers: a road has no width on such cells. It costs the step that crosses it 25 km of ideal habitat,
#    whatever the size of the cells. Two carriageways are one road, and a tunnel long enough is a way over it.
tunnels = corridors.openings_of(context["roads"], column="structure", values=["tunnel"], min_length_m=100)
crossing = {"crossing_cost_m": 25_000, "merge_within_m": 100}
barriers = corridors.combined(
    corridors.edge_costs(context["roads"], grid, openings=tunnels, **crossing),
    *(corridors.edge_costs(context[line], grid, **crossing) for line in ("railways",) if line in context),
)

# 6. Cost: the least effort from each core to every cell, in metres of ideal habitat. It takes longest, and
#    links and corridors both need it, so it is computed once.
surfaces = dict(corridors.cost_surfaces(resistance, labels, barriers=barriers))
costs = {"barriers": barriers, "surfaces": surfaces}

# 7. Links: which cores are neighbours, and the least-cost path between them.
links = corridors.find_links(cores, labels, resistance, max_link_km=250, **costs)

# 8. Corridors: not a line, but the land on which a path costs little more than the best one.
polygons = corridors.corridor_polygons(links, labels, resistance, rule="slack_m", value=10_000, **costs)
corridor = corridors.least_cost_corridors(links, labels, resistance, **costs)

# 9. The margin has done its work: what lies wholly outside the reporting area is dropped. Cores and links
#    that reach in stay whole, so that an area or a cost is never that of a fragment.
area = context["reporting_area"].geometry.iloc[0]
links = links[links.intersects(area)]
polygons = polygons.loc[links.index]
cores = cores[cores.intersects(area) | cores.index.isin([*links["core_a"], *links["core_b"]])]
within = corridors.inside(grid, workflow.area.bounds)

# 10. Network: how much habitat is connected, at short and at long dispersal; one distance alone misleads.
graph = corridors.to_graph(cores, links)
connectivity = corridors.connectivity_indices(
    graph,
    dispersal_km=[70, 140, 250],
    landscape_km2=float((resistance.notnull() & within).sum()) * grid.cell_area_km2,
)

# 11. The border: a core on both sides of it is a connection in itself, and often the best one.
countries = context["countries"]
shares = corridors.country_shares(cores, countries)
straddling = corridors.core_borders(cores, labels, countries)
crossings = corridors.border_crossings(
    links, polygons, countries, position_error_km=2 * grid.cell_size_m / 1000
)

print("Core areas on both sides of a border")
print(straddling.drop(columns="neck_note").round(1).to_string(index=False))
print("\nLinks, with cost in metres of ideal habitat")
print(links[["core_a", "core_b", "cost_distance_m", "path_length_km", "cwd_to_euclid"]].round(1).to_string())
print(f"\nPlaces where a link crosses a border: {len(crossings)}")
print("\nConnected habitat")
print(connectivity[["dispersal_km", "equivalent_connected_area_km2"]].round().to_string(index=False))
