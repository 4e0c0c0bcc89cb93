"""Protected land as ProtConn counts it: outlines joined, cut along borders, and told apart.

Protected areas are joined, then cut along the borders of countries into *pieces*. For a country its own
pieces count with their area; pieces beyond its border are stepping stones. For all countries together only
pieces outside all of them are. Distances are straight, from edge to edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from corridors.grid import GEOD, WGS84
from corridors.network.gaps import gaps_between
from corridors.network.protconn import ProtectedLand

if TYPE_CHECKING:
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
OUTSIDE = -1


class Pieces(NamedTuple):
    """Protected land cut along borders: outlines, areas, and which country each lies in, or OUTSIDE."""

    outlines: Geometries
    areas_km2: Floats
    country: Integers


def joined(outlines: Geometries | gpd.GeoSeries) -> BaseGeometry:
    """Return the union of outlines."""
    return shapely.union_all(np.asarray(outlines, dtype=object))


def areas_km2(outlines: Geometries, crs: CRS) -> Floats:
    """Return geodesic areas, as `corridors.grid.geodesic_area_km2` does, of many outlines at once."""
    in_degrees = shapely.normalize(gpd.GeoSeries(outlines, crs=crs).to_crs(WGS84).to_numpy())
    return np.array([abs(GEOD.geometry_area_perimeter(outline)[0]) / 1e6 for outline in in_degrees])


def cut_along_borders(protected: BaseGeometry, outlines: gpd.GeoSeries, crs: CRS, sliver: float) -> Pieces:
    """Return protected land in pieces, each in one country or outside all of them."""
    masks = [*outlines, None]
    found, country = [], []
    region = joined(outlines)
    for number, mask in enumerate(masks):
        inside = (
            shapely.difference(protected, region) if mask is None else shapely.intersection(protected, mask)
        )
        parts = [part for part in shapely.get_parts(inside) if part.area > sliver]
        found += parts
        country += [OUTSIDE if mask is None else number] * len(parts)
    pieces = _as_array(found)
    return Pieces(pieces, areas_km2(pieces, crs), np.array(country, dtype=np.int64))


def land_of(
    pieces: Pieces,
    protected: BaseGeometry,
    inside: NDArray[np.bool_],
    scope: BaseGeometry,
    single: Geometries,
    pairs: Integers,
    distances_km: Floats,
    crs: CRS,
) -> ProtectedLand:
    """Return protected land as it counts for one region."""
    nodes = shapely.get_parts(shapely.intersection(protected, scope))
    nodes = nodes[shapely.area(nodes) > 0]
    node = np.zeros(len(inside), dtype=np.int64)
    if len(nodes):
        points = shapely.point_on_surface(pieces.outlines[inside])
        node[inside] = shapely.STRtree(nodes).query_nearest(points, all_matches=False)[1]
    single_node, single_km2 = _single_areas(nodes, single, crs)
    same = inside[pairs].all(axis=1) & (node[pairs[:, 0]] == node[pairs[:, 1]])
    by_land, by_land_km = _would_be_joined(pieces.outlines, inside, scope, crs)
    return ProtectedLand(
        np.where(inside, pieces.areas_km2, 0.0),
        inside,
        node,
        single_km2,
        single_node,
        pairs,
        np.where(same, 0.0, distances_km),
        by_land,
        by_land_km,
    )


def _single_areas(nodes: Geometries, single: Geometries, crs: CRS) -> tuple[Integers, Floats]:
    """Return node and area of the part of every single protected area in every node it shares land with."""
    if not len(nodes):
        return np.empty(0, dtype=np.int64), np.empty(0)
    area, node = shapely.STRtree(nodes).query(single, predicate="intersects")
    shared = shapely.intersection(single[area], nodes[node])
    real = shapely.area(shared) > 0
    return node[real].astype(np.int64), areas_km2(shared[real], crs)


def _would_be_joined(
    outlines: Geometries, inside: NDArray[np.bool_], scope: BaseGeometry, crs: CRS
) -> tuple[Integers, Floats]:
    """Return which pieces would be how near if all land of the region were protected.

    Pieces on one body of land would be joined. The first on each stands for it towards the other bodies.
    """
    lands = shapely.get_parts(scope)
    own = np.flatnonzero(inside)
    if len(own) < 2:
        return np.empty((0, 2), dtype=np.int64), np.empty(0)
    points = shapely.point_on_surface(outlines[own])
    body = shapely.STRtree(lands).query_nearest(points, all_matches=False)[1]
    bodies, first = np.unique(body, return_index=True)
    stands_for = own[first][np.searchsorted(bodies, body)]
    together = np.column_stack([stands_for, own])[stands_for != own]
    across, distances = gaps_between(lands[bodies], np.inf)
    metre = crs.axis_info[0].unit_conversion_factor
    pairs = np.concatenate([together, own[first][across]])
    return pairs, np.concatenate([np.zeros(len(together)), distances * metre / 1000])


def _as_array(geometries: list[BaseGeometry]) -> Geometries:
    array = np.empty(len(geometries), dtype=object)
    array[:] = geometries
    return array
