"""Outlines and winding lines, in longitude and latitude."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import shapely

from corridors.grid import WGS84
from demonstration.noise import hashed

DECIMALS = 5
BEND_SPACING_DEG = 0.04


def frame(rows, geometries):
    """Return a GeoDataFrame in longitude and latitude, coordinates rounded to a metre."""
    shapes = [shapely.transform(g, lambda points: np.round(points, DECIMALS)) for g in geometries]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=WGS84)


def sea(facts):
    """Return the sea, islands left out; empty where a landscape has none."""
    ring = facts.get("sea", [])
    if not ring:
        return shapely.Polygon()
    corners = [np.asarray(corner) for corner in [*ring, ring[0]]]
    coast = [wind(a, b, sway_deg=0.03) for a, b in itertools.pairwise(corners)]
    outline = np.concatenate([np.round(piece.coords[:-1], DECIMALS) for piece in coast])
    islands = [shapely.Polygon(island) for island in facts.get("islands", [])]
    return shapely.Polygon(outline).buffer(0).difference(shapely.union_all(islands))


def rounded(ring):
    """Return the polygon of a ring, its corners cut twice (Chaikin 1974)."""
    points = np.asarray(ring, dtype=float)
    for _ in range(2):
        following = np.roll(points, -1, axis=0)
        points = np.stack([0.75 * points + 0.25 * following, 0.25 * points + 0.75 * following], axis=1)
        points = points.reshape(-1, 2)
    return shapely.Polygon(np.round(points, DECIMALS))


def land(facts):
    """Return the land of the mapped box."""
    return shapely.box(*facts["vector_bounds"]).difference(sea(facts))


def wind(start, end, *, salt=0, sway_deg=0.012):
    """Return a line from start to end that bends a little, as roads and railways do."""
    start, end = np.asarray(start), np.asarray(end)
    length = float(np.hypot(*(end - start)))
    count = max(int(length / BEND_SPACING_DEG), 1)
    shares = np.linspace(0, 1, count + 1)
    seed = int(abs(start[0]) * 1000) + int(abs(end[1]) * 1000) + salt
    sway = sway_deg * hashed(np.arange(count + 1), 0, seed) * np.sin(np.pi * shares) ** 0.5
    across = np.array([start[1] - end[1], end[0] - start[0]]) / max(length, 1e-9)
    return shapely.LineString(start + shares[:, None] * (end - start) + sway[:, None] * across)
