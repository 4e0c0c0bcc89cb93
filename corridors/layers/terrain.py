"""Slope, ruggedness and southness of an elevation model at its own resolution.

They are computed before anything is averaged: at 500 m a 45 degree face is a gentle hill (terrain
curves hold for the scale they were made at). Cell sizes are in metres on the ellipsoid, row by row,
where the model is in degrees; north is true north there, and grid north in a projected model.
A neighbour without data, or beyond the edge of the file, counts as level with the cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray
    from pyproj import CRS

    Array = NDArray[np.float64]


def slope_deg(elevation: Array, width_m: Array | float, height_m: Array | float) -> Array:
    """Return the slope in degrees by the method of Horn (1981).

    Parameters
    ----------
    elevation
        Height in metres, (rows, columns), north up; NaN = no data.
    width_m, height_m
        Size of a cell in metres; one number, or one per row as (rows, 1).

    Examples
    --------
    >>> plane = np.arange(5.0)[None, :] * 30 + np.zeros((5, 1))
    >>> float(slope_deg(plane, 30, 30)[2, 2].round(6))
    45.0
    """
    east, north = gradient(elevation, width_m, height_m)
    return np.degrees(np.arctan(np.hypot(east, north)))


def southness(elevation: Array, width_m: Array | float, height_m: Array | float) -> Array:
    """Return how far the ground faces south, -1 to 1: -cos(aspect) * sin(slope).

    It is the southward part of the unit vector perpendicular to the ground: 1 a cliff facing south,
    -1 one facing north, 0 flat ground and slopes facing east or west. Gradient after Horn (1981).

    Parameters
    ----------
    elevation, width_m, height_m
        As in `slope_deg`.

    Examples
    --------
    >>> rising_to_the_north = -np.arange(5.0)[:, None] * 30 + np.zeros((1, 5))
    >>> float(southness(rising_to_the_north, 30, 30)[2, 2].round(6))
    0.707107
    """
    east, north = gradient(elevation, width_m, height_m)
    return np.asarray(north / np.sqrt(1 + east**2 + north**2))


def ruggedness(elevation: Array) -> Array:
    """Return the terrain ruggedness index in metres (Riley, DeGloria and Elliot 1999).

    The square root of the sum of squared differences between a cell and its eight neighbours.

    Examples
    --------
    >>> float(ruggedness(np.array([[1, 2, 3], [4, 5, 6], [7, 8, 10.0]]))[1, 1].round(6))
    8.306624
    """
    elevation = np.asarray(elevation, np.float64)
    padded = np.pad(elevation, 1, constant_values=np.nan)
    total = np.zeros(elevation.shape)
    for row in range(3):
        for column in range(3):
            total += (neighbour(padded, elevation, row, column) - elevation) ** 2
    return np.sqrt(total)


def gradient(elevation: Array, width_m: Array | float, height_m: Array | float) -> tuple[Array, Array]:
    """Return the rise per metre to the east and to the north (Horn 1981: weights 1, 2, 1)."""
    elevation = np.asarray(elevation, np.float64)
    padded = np.pad(elevation, 1, constant_values=np.nan)
    z = [[neighbour(padded, elevation, row, column) for column in range(3)] for row in range(3)]
    east = (z[0][2] + 2 * z[1][2] + z[2][2]) - (z[0][0] + 2 * z[1][0] + z[2][0])
    north = (z[0][0] + 2 * z[0][1] + z[0][2]) - (z[2][0] + 2 * z[2][1] + z[2][2])
    return east / (8 * np.asarray(width_m)), north / (8 * np.asarray(height_m))


def neighbour(padded: Array, elevation: Array, row: int, column: int) -> Array:
    """Return every cell's neighbour at (row, column) of its 3 x 3 window; the cell itself where missing."""
    rows, columns = elevation.shape
    shifted = padded[row : row + rows, column : column + columns]
    return np.where(np.isnan(shifted), elevation, shifted)


def cell_sizes_m(transform: Affine, shape: tuple[int, int], crs: CRS) -> tuple[Array, Array]:
    """Return width and height of the cells in metres, one per row as (rows, 1).

    In degrees they follow from the radii of curvature of the ellipsoid at each row's latitude.
    """
    rows = np.arange(shape[0])[:, None] + 0.5
    if not crs.is_geographic:
        unit = crs.axis_info[0].unit_conversion_factor
        return np.full(rows.shape, transform.a * unit), np.full(rows.shape, -transform.e * unit)
    to_radians = crs.axis_info[0].unit_conversion_factor
    latitude = (transform.f + rows * transform.e) * to_radians
    ellipsoid = crs.ellipsoid
    major = ellipsoid.semi_major_metre if ellipsoid else 6378137.0
    minor = ellipsoid.semi_minor_metre if ellipsoid else 6356752.314245
    squared_eccentricity = 1 - (minor / major) ** 2
    root = np.sqrt(1 - squared_eccentricity * np.sin(latitude) ** 2)
    across = major / root * np.cos(latitude)
    along = major * (1 - squared_eccentricity) / root**3
    return across * transform.a * to_radians, along * -transform.e * to_radians
