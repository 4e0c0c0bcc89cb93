"""Rasters of other programs, read as plain numbers: no CRS needed, the cell size only carried along."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from corridors.errors import InputError
from corridors.io.ascii_grids import NO_DATA, PlainGrid, read_ascii_grid
from corridors.io.formats import ASCII_GRID, detect_driver, driver_of
from corridors.io.packed import first_bytes, unpacked_file
from corridors.io.paths import plain_file, reason
from corridors.io.rasters import read_band
from corridors.io.safe_gdal import OPTIONS
from corridors.io.writer import not_as_written, safe_write

SHIFT_TOLERANCE_CELLS = 1e-6
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def is_grid(path: str | Path) -> bool:
    """Return whether a plain or gzipped file is an ASCII grid or a GeoTIFF; if not, it may be a text list."""
    head = first_bytes(path)
    return head.startswith(TIFF_STARTS) or bool(ASCII_GRID.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()))


def read_plain_grid(path: str | Path) -> PlainGrid:
    """Return an ESRI ASCII grid or a GeoTIFF of one band, plain or gzipped; the first bytes decide.

    No data is what the file declares, -9999 and NaN.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    PlainGrid

    Raises
    ------
    InputError
        I206 rotated, I218 a broken ASCII grid, I231 damaged, I233 absurd size, I251 missing, I252 several
        bands, I253 another format.
    SecurityError
        As `detect_driver`.
    """
    full = plain_file(path)
    head = first_bytes(full)
    if head.startswith(TIFF_STARTS):
        with unpacked_file(full) as tiff:
            return read_tiff(tiff, full.name)
    if is_grid(full):
        return read_ascii_grid(full)
    driver = driver_of(head, full)
    allowed = "an ESRI ASCII grid or a GeoTIFF, also gzipped"
    raise InputError("it is not a raster", code="I253", where=full.name, given=driver, allowed=allowed)


def read_tiff(path: Path, name: str) -> PlainGrid:
    """Return a GeoTIFF of one band, its rows from north to south."""
    driver = detect_driver(path)
    try:
        with warnings.catch_warnings(), rasterio.Env(**OPTIONS):
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(path, driver=driver) as dataset:
                if dataset.count != 1:
                    given = f"{dataset.count} bands"
                    raise InputError("it must have one band", code="I252", where=name, given=given)
                return plain_grid_of(dataset, name)
    except (RasterioError, CPLE_BaseError) as error:
        what = f"it cannot be read to its end ({reason(error, path)})"
        raise InputError(what, code="I231", where=name, remedy="Copy or download it again.") from error


def plain_grid_of(dataset: Any, name: str) -> PlainGrid:
    """Return the band of an open GeoTIFF."""
    t = dataset.transform
    if t.b or t.d:
        remedy = "Warp it to a north-up grid first (gdalwarp -tap)."
        raise InputError("it is rotated or sheared", code="I206", where=name, remedy=remedy)
    values = read_band(dataset).astype(np.float64)
    values[values == NO_DATA] = np.nan
    rows, columns = values.shape
    values = values[:: 1 if t.e < 0 else -1, :: 1 if t.a > 0 else -1]
    left, bottom = min(t.c, t.c + t.a * columns), min(t.f, t.f + t.e * rows)
    wkt = dataset.crs.to_wkt() if dataset.crs else ""
    return PlainGrid(np.ascontiguousarray(values), left, bottom, abs(t.a), abs(t.e), wkt, name)


def plain_grid_differences(first: PlainGrid, other: PlainGrid) -> list[str]:
    """Return in words everything in which one grid differs from another; nothing for the same grid.

    Examples
    --------
    >>> plain_grid_differences(PlainGrid(np.ones((2, 3))), PlainGrid(np.ones((2, 4)), left=0.5))
    ['4 columns, not 3', 'left edge at 0.5, not 0 (0.5 cells)']
    """
    found = [
        f"{its} {words}, not {mine}"
        for words, mine, its in zip(("rows", "columns"), first.shape, other.shape, strict=True)
        if mine != its
    ]
    mine, its = (first.cell_width, first.cell_height), (other.cell_width, other.cell_height)
    tolerance = SHIFT_TOLERANCE_CELLS / max(first.shape)
    if any(abs(a - b) > tolerance * a for a, b in zip(mine, its, strict=True)):
        found.append(f"cells of {its[0]:.10g} x {its[1]:.10g}, not {mine[0]:.10g} x {mine[1]:.10g}")
    edges = ("left", first.left, other.left), ("lower", first.bottom, other.bottom)
    for (words, here, there), size in zip(edges, mine, strict=True):
        if abs(here - there) > SHIFT_TOLERANCE_CELLS * size:
            shift = (there - here) / size
            found.append(f"{words} edge at {there:.10g}, not {here:.10g} ({shift:.4g} cells)")
    if first.crs_wkt and other.crs_wkt and not same_crs(first.crs_wkt, other.crs_wkt):
        found.append("another coordinate system")
    return found


def same_crs(first: str, other: str) -> bool:
    """Return whether two texts name the same coordinate system."""
    return bool(rasterio.crs.CRS.from_wkt(first) == rasterio.crs.CRS.from_wkt(other))


def write_plain_tiff(path: str | Path, values: NDArray[Any], *, like: PlainGrid) -> None:
    """Write a GeoTIFF in float64, LZW-compressed; NaN becomes -9999, its declared no data.

    Parameters
    ----------
    path : str or Path
        Made or replaced.
    values : ndarray of shape (rows, columns)
    like : PlainGrid
        Where it lies, and its CRS if it has one.

    Raises
    ------
    OutputError
        As `safe_write`.
    """
    rows, columns = values.shape
    filled = np.where(np.isnan(values), NO_DATA, values).astype(np.float64)
    corner = Affine(
        like.cell_width, 0, like.left, 0, -like.cell_height, like.bottom + rows * like.cell_height
    )
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": "float64",
        "count": 1,
        "height": rows,
        "width": columns,
        "nodata": NO_DATA,
        "compress": "LZW",
        "crs": like.crs_wkt or None,
        "transform": corner,
    }

    def verify(temporary: Path) -> None:
        with rasterio.Env(**OPTIONS), rasterio.open(temporary, driver="GTiff") as dataset:
            if not np.array_equal(dataset.read(1), filled):
                not_as_written(Path(path).name, "its numbers differ")

    # One thread: with more, GDAL loses errors of the disk. An identity transform is a grid without a place.
    with warnings.catch_warnings(), safe_write(path, verify=verify) as temporary:
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with (
            rasterio.Env(**OPTIONS, GDAL_NUM_THREADS="1"),
            rasterio.open(temporary, "w", **profile) as dataset,
        ):
            dataset.write(filled, 1)
