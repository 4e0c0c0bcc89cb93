"""Mean habitat over a home range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.signal import fftconvolve

from corridors.errors import ConfigError, InputError
from corridors.grid import Grid
from corridors.schema import raster

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECIMALS = 9  # the transform is exact to about 1e-12; rounding keeps its noise away from thresholds


def habitat_mean(suit: xr.DataArray, radius_km: float) -> xr.DataArray:
    """Return the mean suitability in a circle around every cell; sea and no data are left out.

    A strip of habitat between sea and a border is thus judged by its land alone.

    Parameters
    ----------
    suit
        Suitability 0-1; NaN is sea or no data and stays NaN.
    radius_km
        Radius of the circle; cells count whose centre lies within it.

    Raises
    ------
    ConfigError
        C103 a radius that is not positive.

    Notes
    -----
    Two convolutions by fast Fourier transform, values over counts, rounded to 9 decimals.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 4))
    >>> suit = grid.like(np.array([[1.0, 0.0, 0.5, np.nan]]), name="suitability")
    >>> habitat_mean(suit, 1).values.tolist()
    [[0.5, 0.5, 0.25, nan]]
    """
    if not radius_km > 0:
        raise ConfigError(
            "the window must have a radius", code="C103", given=f"{radius_km:g} km", allowed="> 0"
        )
    grid = Grid.of(suit)
    mean = mean_in_circle(suit.values.astype(np.float64), radius_km * 1000 / grid.cell_size_m)
    entry = raster("habitat_mean")
    return grid.like(np.clip(mean, 0.0, 1.0), name=entry.name, units=entry.unit)


def mean_in_circle(values: NDArray[np.float64], radius_cells: float) -> NDArray[np.float64]:
    """Return the mean (rows, columns) over cells whose centres lie in a circle, NaN left out; NaN stays."""
    known = ~np.isnan(values)
    circle = _circle(radius_cells, max(values.shape))
    total = fftconvolve(np.where(known, values, 0.0), circle, mode="same")
    count = np.rint(fftconvolve(known.astype(np.float64), circle, mode="same"))
    mean = np.full(values.shape, np.nan)
    mean[known] = np.round(total[known] / count[known], DECIMALS)
    return mean


def _circle(radius_cells: float, longest: int) -> NDArray[np.float64]:
    """Return a window of ones on cells within the radius, no larger than the raster can use."""
    reach = min(int(radius_cells + 1e-9), longest)
    offset = np.arange(-reach, reach + 1)
    within = offset[:, None] ** 2 + offset[None, :] ** 2 <= radius_cells**2 + 1e-9
    return within.astype(np.float64)


def check_suitability(suit: xr.DataArray) -> None:
    """Complain about suitability outside 0-1, or without a single value."""
    values, where = suit.values, str(suit.name or "suitability")
    if np.isnan(values).all():
        raise InputError("every cell is no data", code="I217", where=where)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    if low < 0 or high > 1:
        what, given = "suitability must lie between 0 and 1", f"{low:g} to {high:g}"
        raise InputError(what, code="I229", where=where, given=given, allowed="0 to 1, or no data")


def analysis_area(inside: NDArray[np.bool_] | None, grid: Grid) -> NDArray[np.bool_]:
    """Return which cells lie in the analysis area: all of them where nothing is given."""
    if inside is None:
        return np.ones(grid.shape, dtype=bool)
    if inside.shape != grid.shape:
        given, allowed = f"{inside.shape}", f"{grid.shape}"
        raise InputError(
            "it does not fit the grid", code="I201", where="inside", given=given, allowed=allowed
        )
    return inside.astype(bool)
