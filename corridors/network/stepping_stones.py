"""Networks of sites for animals that fly: straight distances, up to how far they fly without a rest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import shapely

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.grid import geodesic_area_km2, geodesic_length_km

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

ROOM = 1.1
"""Sites are looked for this much further than the flight on the map: a projection can stretch."""


def stepping_stone_network(sites: gpd.GeoDataFrame, *, maximum_flight_km: float) -> nx.Graph[int]:
    """Return the network of sites that can be reached from each other in one flight.

    It is a graph as `to_graph` makes it, so every index of this folder can be asked of it, with distance
    "straight" or "length".

    Parameters
    ----------
    sites : GeoDataFrame indexed by site
        Polygons in a projected CRS, > 0 in area. A column `weight`, > 0, says what a site counts with, birds
        for instance; without it sites count with their area in km².
    maximum_flight_km : float
        Longest flight without a rest, edge to edge, > 0.

    Returns
    -------
    networkx.Graph
        Nodes with `area_km2` and `weight`; edges with `link_id`, `core_a`, `core_b`, and `euclidean_km` and
        `path_length_km` alike: the geodesic length of the shortest line of the map. Sites that touch are
        0 km apart. `graph.graph["node_weight"]` is "area" or "weight".

    Raises
    ------
    InputError
        I203 no CRS, I204 degrees, I226 a site listed twice, I252 a weight or an area that is not
        positive, I296 a flight that is none.

    Examples
    --------
    >>> import geopandas as gpd
    >>> lakes = [shapely.box(x, 0, x + 1000, 1000) for x in (500_000, 511_000, 540_000)]
    >>> sites = gpd.GeoDataFrame(index=[1, 2, 3], geometry=lakes, crs="EPSG:32652")
    >>> stepping_stone_network(sites, maximum_flight_km=20).has_edge(1, 2)
    True
    """
    raise_all(_problems(sites, maximum_flight_km))
    areas = [geodesic_area_km2(outline, sites.crs) for outline in sites.geometry]
    weights = sites.get("weight", areas)
    raise_all(_weight_problems(sites, weights))
    graph: nx.Graph[int] = nx.Graph(node_weight="weight" if "weight" in sites else "area")
    for site, area, weight in zip(sites.index, areas, weights, strict=True):
        graph.add_node(site, area_km2=area, weight=float(weight))
    outlines = sites.geometry.to_numpy()
    reach = 1000 * maximum_flight_km * ROOM / sites.crs.axis_info[0].unit_conversion_factor
    near = shapely.STRtree(outlines).query(outlines, predicate="dwithin", distance=reach).T
    pairs = {tuple(sorted((sites.index[a], sites.index[b]))): (a, b) for a, b in near if a != b}
    for site_a, site_b in sorted(pairs):
        a, b = pairs[site_a, site_b]
        flight_km = geodesic_length_km(shapely.shortest_line(outlines[a], outlines[b]), sites.crs)
        if flight_km <= maximum_flight_km:
            lengths = {"euclidean_km": flight_km, "path_length_km": flight_km}
            number = graph.number_of_edges() + 1
            graph.add_edge(site_a, site_b, link_id=number, core_a=site_a, core_b=site_b, **lengths)
    return graph


def _problems(sites: gpd.GeoDataFrame, maximum_flight_km: float) -> Iterator[CorridorsError]:
    if not (math.isfinite(maximum_flight_km) and maximum_flight_km > 0):
        what, given = "the longest flight must be a positive number", f"{maximum_flight_km:g}"
        yield InputError(what, code="I296", where="maximum_flight_km", given=given, allowed="> 0")
    if sites.crs is None:
        yield InputError("has no CRS", code="I203", where="sites", remedy="Set it.")
    elif not sites.crs.is_projected:
        given = sites.crs.name
        yield InputError("lies in degrees", code="I204", where="sites", given=given, remedy="Project it.")
    for site in sites.index[sites.index.duplicated()].unique():
        yield InputError("is listed more than once", code="I226", where=f"site {site}")


def _weight_problems(sites: gpd.GeoDataFrame, weights: object) -> Iterator[CorridorsError]:
    for site, weight in zip(sites.index, np.asarray(weights, dtype=float), strict=True):
        if not (math.isfinite(weight) and weight > 0):
            what, given = "its weight or area must be a positive number", f"{weight:g}"
            yield InputError(what, code="I252", where=f"site {site}", given=given)
