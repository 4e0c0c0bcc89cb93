"""The grid every raster of one analysis lies on, and the choice of its coordinate system.

A `Grid` is north-up, projected in metres and has square cells. Every step that takes several rasters
calls `same_grid` first, computes on plain arrays, and returns through `Grid.like`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import xarray as xr
from affine import Affine
from pyproj import CRS, Geod, Proj, Transformer
from pyproj.exceptions import CRSError

from corridors.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

Bounds = tuple[float, float, float, float]
WGS84 = CRS.from_epsg(4326)
GEOD = Geod(ellps="WGS84")
LARGEST_UTM_DISTORTION_PERCENT = 0.2
SHIFT_TOLERANCE_CELLS = 1e-6


@dataclass(frozen=True)
class Grid:
    """A raster grid: where its cells are, not what is in them.

    Parameters
    ----------
    crs : pyproj.CRS
        Projected, in metres.
    transform : affine.Affine
        North-up, square cells.
    shape : tuple of int
        Rows, columns.

    Raises
    ------
    InputError
        I204 geographic CRS, I205 unit other than metre, I206 rotated, I207 cells not square.

    Examples
    --------
    >>> grid = Grid.for_area((131.0, 43.0, 131.1, 43.1), crs="EPSG:32652", cell_size_m=500)
    >>> grid.shape, grid.cell_size_m
    ((24, 18), 500.0)
    """

    crs: CRS
    transform: Affine
    shape: tuple[int, int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "crs", metric_crs(self.crs))
        t = self.transform
        if t.b or t.d:
            what, remedy = "the grid is rotated", "Warp it to a north-up grid first (gdalwarp -tap)."
            raise InputError(what, code="I206", remedy=remedy)
        if t.a <= 0 or not math.isclose(t.a, -t.e, rel_tol=1e-9):
            what = "cells must be square and the grid north-up"
            raise InputError(
                what, code="I207", given=f"cell {t.a:g} x {t.e:g} m", allowed="width = -height > 0"
            )

    @classmethod
    def for_area(cls, bounds: Bounds, *, crs: Any = None, cell_size_m: float) -> Grid:
        """Return the smallest grid over a longitude-latitude box, its corners on multiples of the cell.

        Parameters
        ----------
        bounds : tuple of float
            West, south, east, north in degrees.
        crs : anything pyproj reads, optional
            Chosen by `choose_crs` where absent.
        cell_size_m : float
            Side of a cell in metres, > 0.
        """
        crs = metric_crs(choose_crs(bounds) if crs is None else crs)
        if not cell_size_m > 0:
            raise InputError("the cell size must be positive", code="I207", given=f"{cell_size_m:g} m")
        west, south, east, north = project_bounds(bounds, crs)
        left, top = math.floor(west / cell_size_m), math.ceil(north / cell_size_m)
        columns, rows = math.ceil(east / cell_size_m) - left, top - math.floor(south / cell_size_m)
        corner = Affine(cell_size_m, 0, left * cell_size_m, 0, -cell_size_m, top * cell_size_m)
        return cls(crs, corner, (rows, columns))

    @classmethod
    def of(cls, raster: xr.DataArray | xr.Dataset) -> Grid:
        """Return the grid a raster lies on, read from its coordinates and its `spatial_ref`."""
        if "spatial_ref" not in raster.coords:
            remedy = "Make rasters with Grid.like, or give them a CF spatial_ref coordinate."
            raise InputError("the raster has no CRS", code="I203", where=raster_name(raster), remedy=remedy)
        x, y = raster["x"].values.astype(float), raster["y"].values.astype(float)
        size = spacing(x, y, raster_name(raster))
        corner = Affine(size, 0, x[0] - size / 2, 0, -size, y[0] + size / 2)
        return cls(CRS.from_cf(raster["spatial_ref"].attrs), corner, (len(y), len(x)))

    @property
    def cell_size_m(self) -> float:
        """Side of a cell in metres."""
        return float(self.transform.a)

    @property
    def cell_area_km2(self) -> float:
        """Area of a cell on the map plane in square kilometres."""
        return self.cell_size_m**2 / 1e6

    @property
    def bounds(self) -> Bounds:
        """Left, bottom, right, top in metres."""
        rows, columns = self.shape
        left, top = self.transform.c, self.transform.f
        return (left, top - rows * self.cell_size_m, left + columns * self.cell_size_m, top)

    def like(
        self, values: NDArray[Any], *, name: str, units: str = "1", attrs: Mapping[str, Any] | None = None
    ) -> xr.DataArray:
        """Return `values` (rows, columns) as a raster on this grid, named and with units."""
        if values.shape != self.shape:
            given, allowed = f"{values.shape}", f"{self.shape}"
            raise InputError(
                "values do not fit the grid", code="I201", where=name, given=given, allowed=allowed
            )
        left, _, _, top = self.bounds
        size = self.cell_size_m
        coords = {
            "y": ("y", top - (np.arange(self.shape[0]) + 0.5) * size),
            "x": ("x", left + (np.arange(self.shape[1]) + 0.5) * size),
            "spatial_ref": ((), 0, self.crs.to_cf()),
        }
        return xr.DataArray(
            values, coords=coords, dims=("y", "x"), name=name, attrs={"units": units, **(attrs or {})}
        )

    def xy(self, row: int, column: int) -> tuple[float, float]:
        """Return the centre of a cell in metres."""
        x, y = self.transform @ (column + 0.5, row + 0.5)
        return float(x), float(y)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the row and column of a point in metres, outer edges included; None outside."""
        column, row = ~self.transform @ (x, y)
        if not (0 <= column <= self.shape[1] and 0 <= row <= self.shape[0]):
            return None
        return min(int(row), self.shape[0] - 1), min(int(column), self.shape[1] - 1)


def same_grid(*rasters: xr.DataArray | xr.Dataset) -> Grid:
    """Return the one grid all rasters lie on.

    Raises
    ------
    InputError
        I201 shape, cell size or place differ; I202 coordinate systems differ.
    """
    first, grid = rasters[0], Grid.of(rasters[0])
    for other in rasters[1:]:
        difference = grid_difference(grid, Grid.of(other))
        if difference:
            where = f"{raster_name(other)} against {raster_name(first)}"
            remedy = "Bring both onto one grid with read_layers."
            code = "I202" if difference.startswith("coordinate") else "I201"
            what = f"grids differ: {difference}"
            raise InputError(what, code=code, where=where, remedy=remedy)
    return grid


def grid_difference(a: Grid, b: Grid) -> str:
    """Return in words how two grids differ, all differences at once; empty where they do not."""
    found = []
    if a.crs != b.crs:
        found.append(f"coordinate systems {a.crs.name} and {b.crs.name}")
    if a.shape != b.shape:
        found.append(f"shapes {a.shape} and {b.shape}")
    if not math.isclose(a.cell_size_m, b.cell_size_m, rel_tol=1e-9):
        found.append(f"cells of {a.cell_size_m:g} and {b.cell_size_m:g} m")
    east, south = b.transform.c - a.transform.c, a.transform.f - b.transform.f
    if max(abs(east), abs(south)) > SHIFT_TOLERANCE_CELLS * a.cell_size_m:
        cells = max(abs(east), abs(south)) / a.cell_size_m
        found.append(f"shifted {east:.3f} m east and {south:.3f} m south ({cells:.2f} cells)")
    return "; ".join(found)


def spacing(x: NDArray[np.float64], y: NDArray[np.float64], where: str) -> float:
    """Return the one cell size of regular coordinates."""
    if len(x) < 2 and len(y) < 2:
        raise InputError("one cell has no size", code="I208", where=where, allowed="at least 2 cells")
    steps = np.concatenate([np.diff(x), -np.diff(y)])
    size = float(np.mean(steps))
    if size <= 0 or not np.allclose(steps, size, rtol=1e-6, atol=0):
        given = f"steps of {steps.min():g} to {steps.max():g} m"
        raise InputError("cells must be square and north-up", code="I207", where=where, given=given)
    return size


def raster_name(raster: xr.DataArray | xr.Dataset) -> str:
    """Return what to call a raster in a message."""
    return str(raster.name or "raster") if isinstance(raster, xr.DataArray) else "layers"


def metric_crs(crs: Any) -> CRS:
    """Return a projected CRS in metres, or say why the given one will not do."""
    try:
        found = CRS.from_user_input(crs)
    except CRSError as error:
        remedy = "Use a code such as EPSG:32652."
        raise InputError("unknown coordinate system", code="C105", given=str(crs), remedy=remedy) from error
    if not found.is_projected:
        what, remedy = (
            f"{found.name} is not projected",
            "Use the UTM zone or a LAEA that `corridors init` proposes.",
        )
        raise InputError(
            what, code="I204", given=str(crs), allowed="a projected CRS in metres", remedy=remedy
        )
    unit = found.axis_info[0].unit_conversion_factor
    if not math.isclose(unit, 1.0):
        what = f"{found.name} is not in metres"
        raise InputError(what, code="I205", given=found.axis_info[0].unit_name)
    if found.to_epsg() == 3857:
        what, remedy = "Web Mercator stretches distances", "Use the CRS that `corridors init` proposes."
        raise InputError(what, code="I205", given="EPSG:3857", remedy=remedy)
    return found


def project_bounds(bounds: Bounds, crs: CRS) -> Bounds:
    """Return the box in `crs` around a longitude-latitude box, its edges densified."""
    transformer = Transformer.from_crs(WGS84, crs, always_xy=True)
    west, south, east, north = transformer.transform_bounds(*bounds, densify_pts=101)
    return west, south, east, north


def choose_crs(bounds: Bounds) -> CRS:
    """Return the best UTM zone where it distorts lengths by 0.2 % at most, else a named LAEA.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees.

    Examples
    --------
    >>> choose_crs((129.4, 42.2, 133.2, 45.0)).to_epsg()
    32652
    """
    west, south, east, north = bounds
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    zone = int((middle_lon + 180) // 6) % 60 + 1
    utm = CRS.from_epsg((32600 if middle_lat >= 0 else 32700) + zone)
    low, high = length_distortion_percent(bounds, utm)
    if max(abs(low), abs(high)) <= LARGEST_UTM_DISTORTION_PERCENT:
        return utm
    return CRS.from_wkt(
        f'PROJCRS["LAEA {middle_lat:.2f} {middle_lon:.2f}",{_wgs84_base_wkt()},'
        'CONVERSION["LAEA",METHOD["Lambert Azimuthal Equal Area",ID["EPSG",9820]],'
        f'PARAMETER["Latitude of natural origin",{middle_lat:.4f},ANGLEUNIT["degree",0.0174532925199433]],'
        f'PARAMETER["Longitude of natural origin",{middle_lon:.4f},ANGLEUNIT["degree",0.0174532925199433]],'
        'PARAMETER["False easting",0,LENGTHUNIT["metre",1]],'
        'PARAMETER["False northing",0,LENGTHUNIT["metre",1]]],'
        'CS[Cartesian,2],AXIS["easting",east],AXIS["northing",north],LENGTHUNIT["metre",1]]'
    )


def _wgs84_base_wkt() -> str:
    return (
        'BASEGEOGCRS["WGS 84",DATUM["World Geodetic System 1984",'
        'ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]]]]'
    )


def length_distortion_percent(bounds: Bounds, crs: CRS) -> tuple[float, float]:
    """Return the smallest and largest error of lengths (%) over a longitude-latitude box (Tissot).

    Measured on a 21 x 21 lattice of points, in the worst and the best direction at each.
    """
    lon, lat = np.meshgrid(np.linspace(bounds[0], bounds[2], 21), np.linspace(bounds[1], bounds[3], 21))
    factors = Proj(crs).get_factors(lon.ravel(), lat.ravel())
    low, high = np.min(factors.tissot_semiminor), np.max(factors.tissot_semimajor)
    return 100 * (float(low) - 1), 100 * (float(high) - 1)


def with_margin(bounds: Bounds, margin_km: float, data: Bounds) -> tuple[Bounds, dict[str, float]]:
    """Return the analysis area: the reporting area and a margin, cut to the extent of the data.

    Parameters
    ----------
    bounds, data : tuple of float
        Reporting area and extent of the data: west, south, east, north in degrees.
    margin_km : float
        Ground distance to add on each side.

    Returns
    -------
    bounds : tuple of float
        The analysis area in degrees.
    shortfall_km : dict of str to float
        Per side (west, south, east, north), the part of the margin the data do not cover.
    """
    middle = (bounds[1] + bounds[3]) / 2
    lat_margin = math.degrees(margin_km * 1000 / 6371008.8)
    lon_margin = lat_margin / math.cos(math.radians(middle))
    margins = (-lon_margin, -lat_margin, lon_margin, lat_margin)
    sides = ("west", "south", "east", "north")
    limited, shortfall = [], {}
    for side, edge, margin, limit in zip(sides, bounds, margins, data, strict=True):
        wanted = edge + margin
        cut = max(wanted, limit) if margin < 0 else min(wanted, limit)
        missing = abs(wanted - cut) / abs(margin) * margin_km if margin else 0.0
        limited.append(cut)
        shortfall[side] = missing
    return (limited[0], limited[1], limited[2], limited[3]), shortfall


def default_margin_km(bounds: Bounds, home_range_radius_km: float) -> float:
    """Return the larger of 20 % of the area's width and two female home-range diameters, in km."""
    west, south, east, north = bounds
    middle = (south + north) / 2
    width_km = float(GEOD.inv(west, middle, east, middle)[2]) / 1000
    return max(0.2 * width_km, 4 * home_range_radius_km)


def inside(grid: Grid, bounds: Bounds) -> NDArray[np.bool_]:
    """Return which cells (rows, columns) have their centre in a longitude-latitude box."""
    left, _, _, top = grid.bounds
    x = left + (np.arange(grid.shape[1]) + 0.5) * grid.cell_size_m
    y = top - (np.arange(grid.shape[0]) + 0.5) * grid.cell_size_m
    to_degrees = Transformer.from_crs(grid.crs, WGS84, always_xy=True)
    lon, lat = to_degrees.transform(*np.meshgrid(x, y))
    west, south, east, north = bounds
    if east > 180:  # over the antimeridian
        lon = np.where(lon < west, lon + 360, lon)
    within: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return within


def halves(bounds: Bounds) -> tuple[Bounds, ...]:
    """Return a box, or its two parts within -180 to 180 where it crosses the antimeridian.

    Examples
    --------
    >>> halves((175.0, 62.0, 190.0, 66.0))
    ((175.0, 62.0, 180.0, 66.0), (-180.0, 62.0, -170.0, 66.0))
    """
    west, south, east, north = bounds
    if east <= 180:
        return (bounds,)
    return ((west, south, 180.0, north), (-180.0, south, east - 360.0, north))


def outline(bounds: Bounds, crs: CRS, points_per_side: int = 101) -> Sequence[tuple[float, float]]:
    """Return the densified outline of a longitude-latitude box as points in `crs`."""
    west, south, east, north = bounds
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    steps = np.linspace(0, 1, points_per_side)[:-1, None]
    ring = [np.asarray(a) + steps * (np.asarray(b) - np.asarray(a)) for a, b in pairwise(corners)]
    lonlat = np.concatenate(ring)
    x, y = Transformer.from_crs(WGS84, crs, always_xy=True).transform(lonlat[:, 0], lonlat[:, 1])
    return list(zip(x.tolist(), y.tolist(), strict=True))


def geodesic_area_km2(geometry: BaseGeometry, crs: CRS) -> float:
    """Return the area of a polygon of `crs` on the ellipsoid, in square kilometres."""
    # Rings must turn as the rule says: the sign of a part, or of a hole, is that of its direction.
    area_m2, _ = GEOD.geometry_area_perimeter(shapely.normalize(_lonlat(geometry, crs)))
    return abs(float(area_m2)) / 1e6


def geodesic_length_km(geometry: BaseGeometry, crs: CRS) -> float:
    """Return the length of a line of `crs` on the ellipsoid, in kilometres."""
    return float(GEOD.geometry_length(_lonlat(geometry, crs))) / 1000


def _lonlat(geometry: BaseGeometry, crs: CRS) -> BaseGeometry:
    to_degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    return shapely.transform(geometry, lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])))
