"""Rasters of any CRS and resolution brought onto the target grid.

Continuous values are averaged where their cells are smaller than the grid's and interpolated
bilinearly where they are not; categories take the commonest class or the nearest. The source is read
in strips, checked and turned to NaN where it has no data *before* anything is mixed, so an undeclared
-9999 cannot hide in a mean and cells beyond a file are no data, not class 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from affine import Affine
from pyproj import CRS, Transformer
from rasterio.crs import CRS as RasterioCRS  # noqa: N811
from rasterio.warp import Resampling, reproject
from rasterio.windows import Window

from corridors.errors import InputError
from corridors.grid import SHIFT_TOLERANCE_CELLS, Grid
from corridors.io.rasters import declared_values, source_of, undeclared_sentinels

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Mixing = Literal["continuous", "categories"]
CELLS_AT_ONCE = 16_000_000
MARGIN_CELLS = 3
SAME_SIZE = 0.999


@dataclass(frozen=True)
class RasterSource:
    """An open raster, the bands wanted, and what to call it in a message."""

    dataset: Any
    crs: CRS
    bands: tuple[int, ...]
    where: str


@dataclass(frozen=True)
class Cells:
    """Values (bands, rows, columns) as read, north up, NaN = no data, and where they lie."""

    values: NDArray[np.float32]
    transform: Affine
    crs: CRS

    @property
    def first(self) -> NDArray[np.float32]:
        """The first band."""
        band: NDArray[np.float32] = self.values[0]
        return band


def onto_grid(
    source: RasterSource,
    grid: Grid,
    *,
    mixing: Mixing,
    derive: Callable[[Cells], NDArray[Any]] | None = None,
) -> tuple[NDArray[np.float32], str]:
    """Return a raster on the grid, NaN where it has no data, and how it got there in words.

    Parameters
    ----------
    source
        The open raster.
    grid
        The target.
    mixing
        Whether cells hold amounts (averaged) or classes (the commonest).
    derive
        Computed at the source's own resolution before resampling; the first band itself where absent.

    Raises
    ------
    InputError
        I206 mirrored, I212 infinite, I213 undeclared no data.
    """
    check_georeference(source)
    resampling, words = choose_resampling(source, grid, mixing)
    result = np.full(grid.shape, np.nan, np.float32)
    whole = _window(source, grid)
    if whole is None:
        return result, words
    strips = min(math.ceil(whole.width * whole.height / CELLS_AT_ONCE), grid.shape[0])
    for rows in np.array_split(np.arange(grid.shape[0]), strips):
        strip = _rows_of(grid, int(rows[0]), len(rows))
        window = _window(source, strip)
        if window is None:
            continue
        cells = read_cells(source, window)
        values = cells.first if derive is None else derive(cells)
        result[rows[0] : rows[-1] + 1] = _warp(values, cells, strip, resampling)
    return result, words


def on_lattice(source: RasterSource, grid: Grid) -> NDArray[np.float32] | None:
    """Return the values at the grid's own cells, or None where the raster lies on another lattice.

    The window may differ: cells beyond the file are NaN.
    """
    check_georeference(source)
    transform = source.dataset.transform
    if not source.crs.equals(grid.crs, ignore_axis_order=True) or not same_lattice(transform, grid):
        return None
    result = np.full(grid.shape, np.nan, np.float32)
    column = round((grid.transform.c - transform.c) / transform.a)
    row = round((grid.transform.f - transform.f) / transform.e)
    first_row, first_column = max(row, 0), max(column, 0)
    last_row = min(row + grid.shape[0], source.dataset.height)
    last_column = min(column + grid.shape[1], source.dataset.width)
    if first_row < last_row and first_column < last_column:
        window = Window(first_column, first_row, last_column - first_column, last_row - first_row)
        values = read_cells(source, window).first
        result[first_row - row : last_row - row, first_column - column : last_column - column] = values
    return result


def same_lattice(transform: Affine, grid: Grid) -> bool:
    """Return whether cells have the grid's size and their corners fall on its corners."""
    size = grid.cell_size_m
    if not (math.isclose(transform.a, size, rel_tol=1e-9) and math.isclose(transform.e, -size, rel_tol=1e-9)):
        return False
    shifts = ((transform.c - grid.transform.c) / size, (transform.f - grid.transform.f) / size)
    return all(abs(shift - round(shift)) <= SHIFT_TOLERANCE_CELLS for shift in shifts)


def read_cells(source: RasterSource, window: Window) -> Cells:
    """Return a window as float32 with NaN for no data, scale and offset applied, north up."""
    dataset = source.dataset
    layers = []
    for band in source.bands:
        stored = declared_values(dataset, band, window=window)
        check_values(stored, where=source.where)
        scale, offset = scaling(source, band)
        values = stored.data if (scale, offset) == (1.0, 0.0) else stored.data * scale + offset
        layers.append(np.where(stored.mask, np.nan, values).astype(np.float32))
    stacked = np.stack(layers)
    transform = dataset.transform @ Affine.translation(window.col_off, window.row_off)
    if transform.e > 0:
        stacked, transform = stacked[:, ::-1], flipped(transform, stacked.shape[1])
    return Cells(stacked, transform, source.crs)


def scaling(source: RasterSource, band: int) -> tuple[float, float]:
    """Return scale and offset of a band."""
    original = source_of(source.dataset)
    return float(original.scales[band - 1]), float(original.offsets[band - 1])


def check_values(values: np.ma.MaskedArray[Any, Any], *, where: str) -> None:
    """Stop at infinities and at values that surely mean no data and are not declared as such.

    Raises
    ------
    InputError
        I212 infinite, I213 undeclared.
    """
    for value, count in undeclared_sentinels(values).items():
        if math.isinf(value):
            what = f"{count} cells are infinite"
            raise InputError(what, code="I212", where=where, allowed="finite values")
        what = f"{count} cells are exactly {value:g}, and that is not declared as no data"
        remedy = f"Set nodata = {value:g} in this layer, or declare it in the file (gdal_edit.py -a_nodata)."
        raise InputError(what, code="I213", where=where, remedy=remedy)


def choose_resampling(source: RasterSource, grid: Grid, mixing: Mixing) -> tuple[Resampling, str]:
    """Return the resampling for the source's cell size against the grid's, and its name in words."""
    width, height = cell_in_grid_m(source, grid)
    cells = (
        f"{width:.0f} m cells"
        if math.isclose(width, height, rel_tol=0.01)
        else f"{width:.0f} x {height:.0f} m cells"
    )
    if source.crs.equals(grid.crs, ignore_axis_order=True) and same_lattice(source.dataset.transform, grid):
        return Resampling.nearest, f"{cells}, already on the grid"
    finer_source = math.sqrt(width * height) < SAME_SIZE * grid.cell_size_m
    if mixing == "categories":
        return (Resampling.mode, f"commonest class of {cells}") if finer_source else (
            Resampling.nearest, f"nearest of {cells}")  # fmt: skip
    return (Resampling.average, f"average of {cells}") if finer_source else (
        Resampling.bilinear, f"bilinear between {cells}")  # fmt: skip


def cell_in_grid_m(source: RasterSource, grid: Grid) -> tuple[float, float]:
    """Return width and height of a source cell at the middle of the grid, in metres of the grid."""
    left, bottom, right, top = grid.bounds
    to_source = Transformer.from_crs(grid.crs, source.crs, always_xy=True)
    back = Transformer.from_crs(source.crs, grid.crs, always_xy=True)
    x, y = to_source.transform((left + right) / 2, (bottom + top) / 2)
    transform = source.dataset.transform
    xs, ys = back.transform([x, x + transform.a, x], [y, y, y + transform.e])
    return math.hypot(xs[1] - xs[0], ys[1] - ys[0]), math.hypot(xs[2] - xs[0], ys[2] - ys[0])


def check_georeference(source: RasterSource) -> None:
    """Stop where the columns of a raster run from east to west; rows from south to north are turned round."""
    if source.dataset.transform.a <= 0:
        remedy = "Warp it to a north-up grid first (gdalwarp)."
        raise InputError("the raster is mirrored", code="I206", where=source.where, remedy=remedy)


def flipped(transform: Affine, rows: int) -> Affine:
    """Return the transform of a south-up raster after its rows were turned round."""
    return Affine(transform.a, 0, transform.c, 0, -transform.e, transform.f + rows * transform.e)


def _rows_of(grid: Grid, first: int, count: int) -> Grid:
    return replace(
        grid, transform=grid.transform @ Affine.translation(0, first), shape=(count, grid.shape[1])
    )


def _window(source: RasterSource, grid: Grid) -> Window | None:
    """Return the part of the source that covers the grid and a few cells more, None where they are apart."""
    to_source = Transformer.from_crs(grid.crs, source.crs, always_xy=True)
    west, south, east, north = to_source.transform_bounds(*grid.bounds, densify_pts=101)
    corners: Sequence[tuple[float, float]] = ((west, south), (east, north))
    cells = [~source.dataset.transform @ corner for corner in corners]
    columns, rows = sorted(cell[0] for cell in cells), sorted(cell[1] for cell in cells)
    first_column, first_row = (max(math.floor(low) - MARGIN_CELLS, 0) for low in (columns[0], rows[0]))
    last_column = min(math.ceil(columns[1]) + MARGIN_CELLS, source.dataset.width)
    last_row = min(math.ceil(rows[1]) + MARGIN_CELLS, source.dataset.height)
    if first_column >= last_column or first_row >= last_row:
        return None
    return Window(first_column, first_row, last_column - first_column, last_row - first_row)


def _warp(values: NDArray[Any], cells: Cells, grid: Grid, resampling: Resampling) -> NDArray[np.float32]:
    result = np.full(grid.shape, np.nan, np.float32)
    reproject(
        np.ascontiguousarray(values, np.float32),
        result,
        src_transform=cells.transform,
        src_crs=RasterioCRS.from_wkt(cells.crs.to_wkt()),
        src_nodata=np.nan,
        dst_transform=grid.transform,
        dst_crs=RasterioCRS.from_wkt(grid.crs.to_wkt()),
        dst_nodata=np.nan,
        resampling=resampling,
        tolerance=0.01,
    )
    return result
