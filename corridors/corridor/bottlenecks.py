"""Where a corridor is narrow: the widest disc that can move along it, and how much of the way is narrow.

Cells of core areas narrow nothing, whichever core they belong to, and neither does the edge of the raster.
Widths are taken on cells of half the size, which makes a straight strip of n cells as wide as n, whether n
is odd or even. In those half cells, the distance of a place from the corridor's edge is the diameter, in
whole cells, of the largest disc that can stand there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from affine import Affine
from rasterio.features import rasterize
from scipy import ndimage

from corridors.cores.necks import halved
from corridors.cost import accumulated_cost, label_array, least_cost_path, step_lengths
from corridors.cost.sources import SQUARE
from corridors.errors import ConfigError, InputError
from corridors.grid import Grid

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray
    from pyproj import CRS
    from shapely.geometry.base import BaseGeometry

    Mask = NDArray[np.bool_]
    Array = NDArray[np.float64]

SMALLEST_WIDTH_CELLS = 4
# A detour this many times as long is taken to keep out of a narrow place.
AVOIDS_NARROW = 1000.0


def corridor_bottlenecks(
    corridors: gpd.GeoDataFrame, labels: xr.DataArray, *, narrow_km: float = 2.0
) -> pd.DataFrame:
    """Return the narrowest width of every corridor and the share of its length that is narrow.

    The narrowest width is the diameter of the largest disc that can move from core to core within the
    corridor. Of the ways open to it, the one with the least length in narrow places is walked; what of its
    length outside core areas leads where no disc `narrow_km` wide can stand is the narrow share.

    Parameters
    ----------
    corridors
        Polygons, as `corridor_polygons` returns them.
    labels
        `core_id` of every cell, 0 none.
    narrow_km
        Narrower than this is narrow, > 0.

    Returns
    -------
    DataFrame
        Indexed by `link_id`: `narrowest_width_km`; `narrow_percent`, NaN where `narrow_km` is less than four
        cells; `width_note`, which says what is not resolved: widths under four cells. Both are NaN where
        the two cores touch, and where no way leads along the corridor.

    Raises
    ------
    ConfigError
        C103 a width that is not positive.
    InputError
        I202 corridors in another CRS.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (6, 12))
    >>> cores = np.zeros(grid.shape, dtype=np.uint16)
    >>> cores[:, :2], cores[:, -2:] = 1, 2
    >>> strip = box(501_000, 4_797_500, 505_000, 4_799_500)
    >>> corridor = gpd.GeoDataFrame({"core_a": [1], "core_b": [2]}, geometry=[strip], crs=grid.crs)
    >>> corridor_bottlenecks(corridor, grid.like(cores, name="cores")).values.tolist()
    [[2.0, 0.0, '']]
    """
    if not (math.isfinite(narrow_km) and narrow_km > 0):
        given = f"{narrow_km:g}"
        raise ConfigError("out of range", code="C103", where="narrow_km", given=given, allowed="> 0")
    grid, cores = Grid.of(labels), label_array(labels)
    if corridors.crs != grid.crs:
        what = "corridors and labels differ in CRS"
        raise InputError(what, code="I202", where="corridors", allowed=grid.crs.name)
    narrow_cells = narrow_km * 1000 / grid.cell_size_m
    rows = [
        _row(polygon, (core_a, core_b), cores, grid, narrow_cells)
        for polygon, core_a, core_b in zip(
            corridors.geometry, corridors["core_a"], corridors["core_b"], strict=True
        )
    ]
    columns = ["narrowest_width_km", "narrow_percent", "width_note"]
    table = pd.DataFrame(rows, columns=columns, index=corridors.index)
    return table.astype({"narrowest_width_km": "float64", "narrow_percent": "float64", "width_note": object})


def _row(
    polygon: BaseGeometry, ends: tuple[int, int], cores: NDArray[np.int64], grid: Grid, narrow_cells: float
) -> tuple[float, float, str]:
    """Return the columns of one corridor."""
    within = rasterize([polygon], out_shape=grid.shape, transform=grid.transform) > 0
    window = _window(within)
    corridor, core = within[window], cores[window]
    from_a, from_b = (halved(core == end) for end in ends)
    if _joined(from_a | from_b, from_a, from_b):
        return math.nan, math.nan, "its two core areas touch"
    room = _room(corridor | (core > 0))
    width_cells = _widest_passing(room, from_a, from_b)
    if width_cells is None:
        return math.nan, math.nan, "no way leads along it"
    unresolved = SMALLEST_WIDTH_CELLS * grid.cell_size_m / 1000
    note = f"under {unresolved:g} km, not resolved" if width_cells < SMALLEST_WIDTH_CELLS else ""
    width_km = width_cells * grid.cell_size_m / 1000
    if narrow_cells < SMALLEST_WIDTH_CELLS:
        return width_km, math.nan, note or f"narrower than {unresolved:g} km cannot be told"
    place = (room >= width_cells) | from_a | from_b
    narrow = (room < narrow_cells - 1e-9) & ~halved(core > 0)
    return width_km, _narrow_percent(place, narrow, halved(core == 0), (from_a, from_b), grid.crs), note


def _window(within: Mask) -> tuple[slice, slice]:
    """Return the rows and columns of a mask and one more on each side."""
    rows, columns = (np.flatnonzero(within.any(axis=axis)) for axis in (1, 0))
    return slice(max(rows[0] - 1, 0), rows[-1] + 2), slice(max(columns[0] - 1, 0), columns[-1] + 2)


def _room(land: Mask) -> Array:
    """Return, on cells of half the size, the diameter in cells of the largest disc that can stand there."""
    fine = halved(land)
    if fine.all():
        return np.full(fine.shape, float(max(fine.shape)))
    room: Array = ndimage.distance_transform_edt(fine)
    return room


def _widest_passing(room: Array, from_a: Mask, from_b: Mask) -> float | None:
    """Return the diameter of the widest disc that can move from core to core; None where none can."""
    widths = np.unique(room[room > 0])
    low, high = -1, len(widths)  # the widest known to pass, the narrowest known not to
    while high - low > 1:
        middle = (low + high) // 2
        if _joined((room >= widths[middle]) | from_a | from_b, from_a, from_b):
            low = middle
        else:
            high = middle
    return None if low < 0 else float(widths[low])


def _joined(place: Mask, from_a: Mask, from_b: Mask) -> bool:
    ways = ndimage.label(place, SQUARE)[0]
    return bool(np.isin(ways[from_a], ways[from_b]).any())


def _narrow_percent(place: Mask, narrow: Mask, outside: Mask, ends: tuple[Mask, Mask], crs: CRS) -> float:
    """Return the narrow part of the way, outside core areas, that has the least of it."""
    # Where the raster lies is of no matter to a share: cells of 1 m, anywhere.
    grid = Grid(crs, Affine(1, 0, 0, 0, -1, 0), place.shape)
    ease = grid.like(np.where(place, np.where(narrow, AVOIDS_NARROW, 1.0), np.nan), name="ease of passing")
    surface = accumulated_cost(ease, grid.like(ends[0].astype(np.uint16), name="core"))
    goals = np.argwhere(ends[1])
    goal = goals[np.argmin(surface.values[ends[1]])]
    path = least_cost_path(surface, ease, (int(goal[0]), int(goal[1])))
    steps = step_lengths(*path)

    def length(cells: Mask) -> float:
        # Half a step lies in either of its two cells.
        inside = cells[path].astype(np.float64)
        return math.fsum(steps * (inside[1:] + inside[:-1]) / 2)

    whole = length(outside)  # 0 where it leads through a third core all the way
    return 100 * length(narrow) / whole if whole else 0.0
