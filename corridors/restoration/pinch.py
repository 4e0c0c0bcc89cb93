"""Pinch points: where the current through a corridor is squeezed into few cells.

In a wide corridor, current spreads; where all ways lead through one place, that place carries it all. Losing
it costs most, so pinch points are what to keep first.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from rasterio.features import rasterize
from scipy import ndimage

from corridors.cores.outlines import area_km2, label_polygons
from corridors.cost.sources import SQUARE
from corridors.errors import ConfigError, InputError, raise_all
from corridors.grid import Grid
from corridors.restoration.checked import position_error_km, screening

if TYPE_CHECKING:
    from collections.abc import Iterator

    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

COLUMNS = {
    "link_id": "int64",
    "max_current": "float64",
    "mean_current": "float64",
    "concentration": "float64",
    "area_km2": "float64",
    "position_error_km": "float64",
}


def pinch_points(
    current: xr.DataArray,
    corridors: gpd.GeoDataFrame,
    *,
    top_percent: float = 5.0,
    min_concentration: float = 2.0,
    source_error_km: float = 0.0,
) -> gpd.GeoDataFrame:
    """Return the places in each corridor through which its current is squeezed.

    A pinch point is a group of cells, joined over edges and corners, that are among the `top_percent` of
    their corridor with the most current, and carry at least `min_concentration` times its mean. A corridor
    in which current spreads evenly has none.

    Parameters
    ----------
    current
        Current through every cell, >= 0; NaN none. Of all pairs of cores together, or of any kind.
    corridors
        Polygons in its CRS, as `corridor_polygons` returns them, with `link_id` as index.
    top_percent
        Share of a corridor's cells that can be pinch points, above 0 to 100 [P].
    min_concentration
        Current over the mean of the corridor, at least 1 [P].
    source_error_km
        Position error of the sources.

    Returns
    -------
    GeoDataFrame
        Polygons indexed by `pinch_id`, the highest concentration first: `link_id`; `max_current` and
        `mean_current` in its cells, in the unit of `current`; `concentration`, the highest current over the
        mean of the corridor; `area_km2`, geodesic; `position_error_km`. `.attrs` state the scale.

    Raises
    ------
    ConfigError
        C103 an option out of its range.
    InputError
        I202 another CRS; I211 current that is negative or endless; I264 a position error below 0.

    Notes
    -----
    Pinch points by current density within corridors: McRae, Dickson, Keitt and Shah (2008); in corridors
    of least cost as in Pinchpoint Mapper (McRae 2012). The two limits are this project's own [P].

    Examples
    --------
    >>> from affine import Affine
    >>> from shapely import box
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (3, 5))
    >>> values = np.array([[1.0, 1.0, 0.0, 1.0, 1.0], [1, 1, 3, 1, 1], [1, 1, 0, 1, 1]])
    >>> corridor = gpd.GeoDataFrame(geometry=[box(*grid.bounds)], index=[7], crs=grid.crs)
    >>> found = pinch_points(grid.like(values, name="current", units="A"), corridor)
    >>> found[["link_id", "max_current", "concentration"]].values.tolist()
    [[7.0, 3.0, 3.0]]
    """
    grid = Grid.of(current)
    _check(current, corridors, grid, top_percent, min_concentration)
    error_km = position_error_km(grid, source_error_km)
    rows = [
        {"link_id": link_id, "position_error_km": error_km, **row}
        for link_id, polygon in corridors.geometry.items()
        for row in _squeezed(polygon, current.values, grid, top_percent, min_concentration)
    ]
    rows.sort(key=lambda row: -row["concentration"])
    index = pd.RangeIndex(1, len(rows) + 1, name="pinch_id")
    columns = {
        name: pd.Series([row[name] for row in rows], index=index, dtype=kind)
        for name, kind in COLUMNS.items()
    }
    polygons = gpd.GeoSeries([row["geometry"] for row in rows], index=index, crs=grid.crs)
    found = gpd.GeoDataFrame(columns, index=index, geometry=polygons)
    found.attrs = {"screening": screening(grid, error_km)}
    return found


def _squeezed(
    polygon: BaseGeometry, current: NDArray[Any], grid: Grid, top_percent: float, min_concentration: float
) -> Iterator[dict[str, Any]]:
    """Yield the columns of every pinch point of a corridor, from top to bottom."""
    within = rasterize([polygon], out_shape=grid.shape, transform=grid.transform) > 0
    carried = np.where(within & ~np.isnan(current), current, -np.inf)
    cells = carried[np.isfinite(carried)]
    if not cells.size or not cells.max() > 0:
        return
    mean = float(cells.mean())
    limit = max(float(np.percentile(cells, 100 - top_percent)), min_concentration * mean)
    groups, count = ndimage.label(carried >= limit, SQUARE)
    outlines = label_polygons(groups, grid)
    for group in range(1, count + 1):
        met = carried[groups == group]
        yield {
            "max_current": float(met.max()),
            "mean_current": float(met.mean()),
            "concentration": float(met.max()) / mean,
            "area_km2": area_km2(outlines[group], grid),
            "geometry": outlines[group],
        }


def _check(
    current: xr.DataArray, corridors: gpd.GeoDataFrame, grid: Grid, top_percent: float, concentration: float
) -> None:
    problems: list[ConfigError | InputError] = []
    if not 0 < top_percent <= 100:
        given = f"{top_percent:g}"
        problems.append(
            ConfigError(
                "out of range", code="C103", where="top_percent", given=given, allowed="above 0 to 100"
            )
        )
    if not (math.isfinite(concentration) and concentration >= 1):
        given = f"{concentration:g}"
        problems.append(
            ConfigError("out of range", code="C103", where="min_concentration", given=given, allowed=">= 1")
        )
    if corridors.crs != grid.crs:
        what = "corridors and current differ in CRS"
        problems.append(InputError(what, code="I202", where="corridors", allowed=grid.crs.name))
    wrong = int(((current.values < 0) | np.isinf(current.values)).sum())
    if wrong:
        what = f"{wrong} cells carry a current that is negative or endless"
        problems.append(InputError(what, code="I211", where=str(current.name or "current"), allowed=">= 0"))
    raise_all(problems)
