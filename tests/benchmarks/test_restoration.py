"""Barrier scores, exact gains and openings of 50 links on 2000 x 2000 cells; and what scipy takes for a ring.

CPU seconds, minimum of several where short. CORRIDORS_BENCH_RESTORATION sets the side of the raster.
"""

from __future__ import annotations

import os

import geopandas as gpd
import numpy as np
import pytest
from benchmarks.rasters import cpu, heterogeneous
from landscapes import grid_of
from linked import linked
from scipy import ndimage
from shapely import LineString

from corridors.cost import cost_surfaces
from corridors.kernels.annulus import ring, ring_minimum
from corridors.restoration import BarrierLines, best_places, improvement_scores, opening_gains
from corridors.restoration.reliefs import costs_of_lines

pytestmark = pytest.mark.bench

SIDE = int(os.environ.get("CORRIDORS_BENCH_RESTORATION", "2000"))
CELL_M = 500.0
LINKS = 50
RADII_KM = (1.0, 2.0, 4.0)


def landscape():
    """Return links, labels, resistance, surfaces and barriers: 6 x 6 cores, roads between all of them."""
    values = heterogeneous(SIDE)
    grid = grid_of(values.shape, cell_size_m=CELL_M)
    labels = np.zeros(grid.shape, dtype=np.uint16)
    middles = np.linspace(0, SIDE, 8)[1:-1].astype(int)
    for number, (row, column) in enumerate((r, c) for r in middles for c in middles):
        labels[row - 15 : row + 15, column - 15 : column + 15] = number + 1
    values[labels > 0] = 1
    res = grid.like(values, name="resistance")
    left, bottom, right, top = grid.bounds
    between = (middles[1:] + middles[:-1]) / 2 * CELL_M
    roads = [LineString([(left + x, bottom), (left + x + 7_000, top)]) for x in between]
    roads += [LineString([(left, top - y), (right, top - y + 7_000)]) for y in between]
    layers = {"roads": BarrierLines(gpd.GeoDataFrame(geometry=roads, crs=grid.crs), 25_000.0)}
    barriers = costs_of_lines(layers, grid)
    names = grid.like(labels, name="cores")
    surfaces = dict(cost_surfaces(res, names, barriers=barriers))
    links = linked(res, names, barriers=barriers, surfaces=surfaces).iloc[:LINKS]
    return links, names, res, surfaces, barriers, layers


def test_fifty_links():
    links, labels, res, surfaces, barriers, layers = landscape()
    cells = ring(8.0)
    values = next(iter(surfaces.values())).values
    window = slice(0, SIDE), slice(0, SIDE)
    ring_minimum(values, (slice(0, 2), slice(0, 2)), cells)  # compiles
    ours, least = cpu(lambda: ring_minimum(values, window, cells), 3)
    footprint = np.zeros((17, 17), dtype=bool)
    footprint[tuple(cells.T + 8)] = True
    theirs, expected = cpu(
        lambda: ndimage.minimum_filter(values, footprint=footprint, mode="constant", cval=np.inf), 1
    )
    assert np.array_equal(least, expected)
    given = {"surfaces": surfaces, "barriers": barriers}
    scores, _ = cpu(lambda: improvement_scores(links, labels, res, radii_km=RADII_KM, **given), 2)
    sums, _ = cpu(
        lambda: improvement_scores(links, labels, res, radii_km=RADII_KM, combine="sum", **given), 1
    )
    places, table = cpu(lambda: best_places(links, labels, res, radii_km=RADII_KM, **given), 1)
    openings, opened = cpu(lambda: opening_gains(layers, links, labels, res, surfaces=surfaces), 1)
    print(f"\n{len(links)} links on {SIDE} x {SIDE} cells, radii {RADII_KM} km of cells of 500 m: CPU s")
    print(f"least value on a ring of 8 cells: {ours:.3f}, scipy {theirs:.2f}, {theirs / ours:.0f} x")
    print(f"improvement scores, maximum: {scores:.1f}; sum: {sums:.1f}")
    print(f"{len(table)} best places, each solved again: {places:.1f}")
    print(f"{len(opened)} segments of 1 km that bring anything, solved for every link near: {openings:.1f}")
    assert len(links) == LINKS
    assert max(scores, sums) < 30
