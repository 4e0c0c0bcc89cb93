"""Invented countries of boxes, in km around a point on a central meridian.

AA is the west (x 0-50); BB the north-east and CC the south-east (x 50-100), which meet AA in (50, 50), where
AA's outline has no vertex. East of x = 100 lies the sea.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd
import pytest
from shapely import LineString, Polygon, box, transform
from shapely.geometry.base import BaseGeometry

EAST_M, NORTH_M = 500_000, 4_800_000

Place = Callable[..., gpd.GeoDataFrame]


def at(geometry: BaseGeometry) -> BaseGeometry:
    """Move a geometry given in km to its place in metres."""
    return transform(geometry, lambda xy: xy * 1000 + (EAST_M, NORTH_M))


def frame(columns: dict[str, Sequence[object]], geometries: Sequence[BaseGeometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[at(geometry) for geometry in geometries], crs=32652)


@pytest.fixture
def named() -> Callable[..., gpd.GeoDataFrame]:
    """Countries from outlines in km by code."""
    return lambda **outlines: frame({"country": list(outlines)}, list(outlines.values()))


@pytest.fixture
def three(named: Place) -> gpd.GeoDataFrame:
    return named(CC=box(50, 0, 100, 50), AA=box(0, 0, 50, 100), BB=box(50, 50, 100, 100))


@pytest.fixture
def four(named: Place) -> gpd.GeoDataFrame:
    """As three, but AA ends at y = 50 and DD lies north of it: all four meet in (50, 50)."""
    return named(
        AA=box(0, 0, 50, 50), BB=box(50, 50, 100, 100), CC=box(50, 0, 100, 50), DD=box(0, 50, 50, 100)
    )


@pytest.fixture
def paths() -> Callable[..., gpd.GeoDataFrame]:
    """Links from lists of points in km."""

    def make(*lines: Sequence[tuple[float, float]]) -> gpd.GeoDataFrame:
        found = frame({"link_id": range(1, len(lines) + 1)}, [LineString(line) for line in lines])
        return found.set_index("link_id")

    return make


@pytest.fixture
def polygons() -> Callable[..., gpd.GeoDataFrame]:
    """Polygons in km, with ids 1, 2, … of the given name."""

    def make(name: str, *outlines: Polygon) -> gpd.GeoDataFrame:
        return frame({name: range(1, len(outlines) + 1)}, outlines).set_index(name)

    return make
