"""An invented land of two countries with three forests in a row, a road between two of them, and a park."""

from __future__ import annotations

import geopandas as gpd
import invented as land
import numpy as np
from shapely import LineString, Point

from corridors.pipeline.inputs import Inputs, box_layer

NETWORK = {
    "dispersal_km": [10.0, 20.0],
    "adults_per_100_km2": [0.5, 1.0],
    "breeding_females_per_100_km2": [0.2, 0.4],
}
ROAD_COST_M = 20_000.0


def context_of(*codes):
    """Return countries, a park in the western forest, a road from north to south, and two towns."""
    grid = land.grid_of()
    left, bottom, _, top = grid.bounds
    road = LineString([(left + 12_500, bottom - 1000), (left + 12_500, top + 1000)])
    crs = grid.crs
    road_columns = {"name": ["R1"], "class": ["primary"], "structure": [""]}
    towns = [Point(left + 13_500, top - 3500), Point(left + 28_500, top - 12_500)]
    settlements = gpd.GeoDataFrame(
        {
            "name": ["Aa", "Bb"],
            "country": list(codes[:2]),
            "population": [500, 0],
            "population_used": [500, 1000],
        },
        geometry=towns,
        crs=crs,
    )
    settlements.attrs["unknown_share"] = {codes[0]: 0.0, codes[1]: 1.0}
    parks = land.polygons(Park=np.s_[12:16, 3:7])
    parks = parks.assign(**{"class": "park", "country": codes[0], "origin": "source"})
    return {
        "countries": land.countries(*codes),
        "protected_areas": parks[["name", "class", "country", "origin", "geometry"]],
        "roads": gpd.GeoDataFrame(road_columns, geometry=[road], crs=crs),
        "settlements": settlements,
    }


def inputs_of(context, *, layers=None, area=land.WHOLE):
    """Return layers and vectors as they come out of a data folder, the analysis area all there is."""
    grid = land.grid_of()
    boxes = {name: box_layer(area, grid, "Invented land") for name in ("reporting_area", "analysis_area")}
    layers = land.three_blocks() if layers is None else layers
    return Inputs(grid, layers, context | boxes, "nowhere", land.WHOLE, 0.0, {})


def workflow(**options):
    roads = {"kind": "lines", "sources": ["r.gpkg"], "class_column": "class", "classes": {"primary": 1}}
    return land.workflow_of(
        layers={"roads": roads},
        movement={"barriers": {"roads": {"crossing_cost_m": {"primary": ROAD_COST_M}}}},
        network=NETWORK,
        **options,
    )


def block(rows, columns):
    """Return the outline of a block of cells."""
    return land.outline_of(np.s_[rows[0] : rows[1], columns[0] : columns[1]])


def line(column, rows=(-2, 40)):
    """Return a line from north to south through the middle of a column."""
    left, _, _, top = land.grid_of().bounds
    x = left + (column + 0.5) * 1000
    return LineString([(x, top - rows[0] * 1000), (x, top - rows[1] * 1000)])


def place(row, column):
    """Return the centre of a cell."""
    return Point(*land.grid_of().xy(row, column))


def features(*rows, crs=None, **columns):
    """Return features from (proposal, kind, geometry)."""
    names, kinds, shapes = zip(*rows, strict=True)
    frame = gpd.GeoDataFrame(
        {"proposal": names, "kind": kinds}, geometry=list(shapes), crs=land.grid_of().crs
    ).assign(**columns)
    return frame if crs is None else frame.to_crs(crs)
