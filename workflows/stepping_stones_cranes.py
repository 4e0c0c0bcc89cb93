"""Wetlands as stepping stones for migrating cranes: straight flights on the same network as corridors.

    python workflows/stepping_stones_cranes.py [PICTURE.png]

A crane does not walk round a mountain: what counts is how far the next wetland is. So the links are straight,
between all wetlands within one flight of each other, and everything that can be asked of a network of core
areas can be asked of them. The wetlands are stylised: circles at rounded places, with rounded areas. They
show the method and are no data.
"""

import sys

import geopandas as gpd
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from corridors.network import (
    centrality,
    connectivity_indices,
    gain_of_cores,
    importance,
    stepping_stone_network,
)

# 1. Wetlands along the flyway, stylised: longitude, latitude, km².
WETLANDS = {
    1: ("Torey lakes", 115.5, 50.0, 900),
    2: ("Hulun lake", 117.4, 49.0, 1200),
    3: ("Muraviovka", 127.7, 49.9, 300),
    4: ("Arkhara lowland", 129.9, 49.3, 400),
    5: ("Zhalong", 124.2, 47.2, 800),
    6: ("Xianghai", 122.4, 45.0, 500),
    7: ("Sanjiang plain", 133.5, 47.7, 900),
    8: ("Lake Khanka", 132.5, 44.8, 1000),
    9: ("Tumen mouth", 130.7, 42.5, 200),
    10: ("Liao river mouth", 121.8, 40.9, 600),
    11: ("Cheorwon basin", 127.2, 38.2, 150),
    12: ("Yellow river mouth", 119.1, 37.8, 900),
    13: ("Yancheng coast", 120.6, 33.5, 1500),
    14: ("Izumi", 130.3, 32.1, 50),
    15: ("Poyang lake", 116.2, 29.1, 1600),
}
FLIGHT_KM = 700  # longest flight without a rest: an assumption, to be argued about
CRS = "+proj=laea +lat_0=41 +lon_0=124 +datum=WGS84 +units=m"

table = pd.DataFrame.from_dict(WETLANDS, orient="index", columns=["name", "lon", "lat", "area_km2"])
places = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), index=table.index, crs=4326).to_crs(
    CRS
)
sites = gpd.GeoDataFrame(table[["name"]], geometry=places.buffer(1000 * np.sqrt(table["area_km2"] / np.pi)))

# 2. The network: who is within one flight of whom. A flight half as long is as likely as not to be made.
graph = stepping_stone_network(sites, maximum_flight_km=FLIGHT_KM)
flights = {"dispersal_km": [FLIGHT_KM / 2], "distance": "straight"}

# 3. How connected the flyway is as flights get shorter: cranes that fly against the wind, or rest longer.
curve = []
for flight_km in (400, 500, 600, 700, 800, 1000):
    some = stepping_stone_network(sites, maximum_flight_km=flight_km)
    row = connectivity_indices(some, dispersal_km=[flight_km / 2], distance="straight").loc[0]
    groups = nx.number_connected_components(some)
    curve.append((flight_km, some.number_of_edges(), groups, row["equivalent_connected_area_km2"]))
curve = pd.DataFrame(curve, columns=["flight_km", "flights", "groups", "equivalent_connected_area_km2"])

# 4. What would be lost with each wetland, and which ones have no substitute.
cores, _ = importance(graph, **flights)
central, links = centrality(graph, **flights)
wetlands = pd.DataFrame(
    {
        "wetland": table["name"],
        "lost_percent": cores.set_index("core_id")["dpc_percent"],
        "as_stepping_stone_percent": cores.set_index("core_id")["dpc_connector_percent"],
        "pairs_through_it": central.set_index("core_id")["betweenness_pairs"],
        "no_substitute": central.set_index("core_id")["articulation"],
    }
).sort_values("as_stepping_stone_percent", ascending=False)

# 5. What a new wetland between the Korean basin and the Japanese wintering ground would bring.
new = gpd.GeoSeries([shapely.Point(128.6, 35.3)], crs=4326).to_crs(CRS).iloc[0]
reach = sites.distance(new)[lambda metres: metres <= 1000 * FLIGHT_KM] / 1000
ways = pd.DataFrame({"core_a": 99, "core_b": reach.index, "euclidean_km": reach.to_numpy()})
gain = gain_of_cores(graph, pd.DataFrame({"weight": [100.0]}, index=[99]), ways, **flights)

print("Stylised wetlands; no data.\n")
print(curve.round(0).to_string(index=False))
print(f"\nFlights of up to {FLIGHT_KM} km")
print(wetlands.round(2).to_string(index=False))
print(f"\nA new wetland of 100 km²: {gain.loc[0, 'dpc_gain_percent']:.2f} % more, ", end="")
print(f"{gain.loc[0, 'dpc_gain_connector_percent']:.2f} of it as a stepping stone")

# 6. The map: flights by the current they carry, wetlands by what is lost of the way between others.
figure, axes = plt.subplots(figsize=(7, 9), layout="constrained")
centres = {site: (point.x / 1000, point.y / 1000) for site, point in places.items()}
for a, b, current in links[["core_a", "core_b", "current_flow"]].to_numpy():
    (x, y), (u, v) = centres[a], centres[b]
    axes.plot([x, u], [y, v], color="#7f7f7f", linewidth=0.3 + current / 12, zorder=1)
share = wetlands["as_stepping_stone_percent"].reindex(sites.index)
dots = axes.scatter(
    *np.array(list(centres.values())).T,
    s=table["area_km2"] / 5,
    c=share,
    cmap="cividis_r",
    edgecolors="black",
    zorder=2,
)
for site, (x, y) in centres.items():
    axes.annotate(table["name"][site], (x, y), xytext=(6, 6), textcoords="offset points", fontsize=8)
lost = "lost of the way between others without it (dPC connector, %)"
figure.colorbar(dots, label=lost, orientation="horizontal", shrink=0.8)
axes.margins(x=0.2, y=0.05)
axes.set(title="Stepping stones of cranes (stylised)", xlabel="km east", ylabel="km north", aspect="equal")
if len(sys.argv) > 1:
    figure.savefig(sys.argv[1], dpi=150)
plt.close(figure)
