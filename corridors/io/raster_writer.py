"""Write rasters as cloud-optimised GeoTIFF, and read every cell back before they get their name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from corridors.errors import InputError, OutputError
from corridors.grid import Grid, same_grid
from corridors.io.paths import reason
from corridors.io.safe_gdal import OPTIONS
from corridors.io.writer import not_as_written, require_space, safe_write
from corridors.schema import Labels, Raster
from corridors.schema import raster as raster_entry

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

BIGTIFF_FROM_BYTES = 2_000_000_000
NO_DATA = {"uint8": 255, "uint16": 65535, "int16": -32768, "int32": -2147483648}
DTYPES = ("uint8", "uint16", "int16", "int32", "float32", "float64")


def write_raster(raster: xr.DataArray, path: str | Path, *, tags: Mapping[str, str] | None = None) -> None:
    """Write a raster of the schema as one GeoTIFF.

    Parameters
    ----------
    raster : DataArray
        On a grid, named as in the schema. NaN and infinity (out of reach) become no data, which in label
        rasters is 0.
    path : str or Path
        Made or replaced.
    tags : mapping of str to str
        Run, version, source, …

    Raises
    ------
    OutputError
        O401 disk full or not as written, O405 a value the file's type cannot hold, O406 a value outside the
        schema's limits.
    """
    entry = raster_entry(str(raster.name))
    finite = check_limits(entry, raster.values)
    is_labels = isinstance(entry.style, Labels)
    dtype = "int32" if is_labels and finite.size and finite.max() > np.iinfo(np.uint16).max else entry.dtype
    described = {f"{entry.title} ({entry.unit})": raster}
    write_bands(described, path, tags=tags, dtype=dtype, units=entry.unit, nodata=0 if is_labels else None)


def check_limits(entry: Raster, values: NDArray[Any]) -> NDArray[Any]:
    """Return the finite values of a raster of the schema, after checking them against its limits.

    Raises
    ------
    OutputError
        O406.
    """
    finite: NDArray[Any] = values[np.isfinite(values)]
    low, high = entry.limits
    if finite.size and (finite.min() < low or finite.max() > high):
        given, allowed = f"{finite.min():g} to {finite.max():g}", f"{low:g} to {high:g}"
        what = "values outside their limits"
        raise OutputError(what, code="O406", where=entry.name, given=given, allowed=allowed)
    return finite


def write_bands(
    bands: Mapping[str, xr.DataArray],
    path: str | Path,
    *,
    tags: Mapping[str, str] | None = None,
    dtype: str = "float32",
    units: str = "",
    nodata: float | None = None,
) -> None:
    """Write rasters of one grid as the bands of one GeoTIFF.

    Parameters
    ----------
    bands : mapping of description to DataArray
    path : str or Path
    tags : mapping of str to str
    dtype : str
        uint8, uint16, int16, int32, float32 or float64; QGIS misreads int8 and int64.
    units : str
        Unit of every band.
    nodata : float, optional
        Default NaN, or the value furthest from use in whole numbers (255, 65535, smallest).

    Raises
    ------
    OutputError
        O401, O405, as `write_raster`.
    """
    target = Path(path)
    if dtype not in DTYPES:
        raise OutputError(
            "this type is not written", code="O405", where=target.name, given=dtype, allowed=", ".join(DTYPES)
        )
    if not bands:
        raise InputError("there is no band to write", code="I252", where=target.name)
    grid = same_grid(*bands.values())
    empty = NO_DATA.get(dtype, np.nan) if nodata is None else nodata
    cells = {name: checked_cast(band.values, dtype, empty, where=name) for name, band in bands.items()}
    raw_bytes = sum(values.nbytes for values in cells.values())
    require_space(target.parent if target.parent.is_dir() else Path(), int(1.1 * raw_bytes))
    profile = creation_profile(grid, len(cells), dtype, empty, raw_bytes)

    def verify(temporary: Path) -> None:
        compare(temporary, target.name, grid, cells)

    with safe_write(target, verify=verify) as temporary:
        try:
            # One thread: with more, GDAL loses errors of the disk.
            with (
                rasterio.Env(**OPTIONS, GDAL_NUM_THREADS="1"),
                rasterio.open(temporary, "w", **profile) as dataset,
            ):
                for number, (name, values) in enumerate(cells.items(), start=1):
                    dataset.write(values, number)
                    dataset.set_band_description(number, name)
                    dataset.set_band_unit(number, units)
                dataset.update_tags(**(tags or {}))
        except (RasterioError, CPLE_BaseError) as error:
            what = f"writing failed: {reason(error, temporary)}; what was there before is untouched"
            raise OutputError(what, code="O401", where=target.name) from error


def creation_profile(grid: Grid, count: int, dtype: str, nodata: float, raw_bytes: int) -> dict[str, Any]:
    """Return how a GeoTIFF is made: the same bytes from the same cells."""
    return {
        "driver": "COG",
        "height": grid.shape[0],
        "width": grid.shape[1],
        "count": count,
        "dtype": dtype,
        "crs": rasterio.crs.CRS.from_wkt(grid.crs.to_wkt()),
        "transform": grid.transform,
        "nodata": nodata,
        "compress": "DEFLATE",
        "predictor": "YES",
        "overview_resampling": "AVERAGE" if dtype.startswith("float") else "MODE",
        "bigtiff": "YES" if raw_bytes > BIGTIFF_FROM_BYTES else "NO",
    }


def checked_cast(values: NDArray[Any], dtype: str, nodata: float, *, where: str) -> NDArray[Any]:
    """Return values in the type of the file, or say which it cannot hold.

    NaN and positive infinity become `nodata`.

    Raises
    ------
    OutputError
        O405.
    """
    empty = (
        np.isnan(values) | np.isposinf(values)
        if np.issubdtype(values.dtype, np.floating)
        else np.zeros(values.shape, bool)
    )
    full = values[~empty]
    limits = np.finfo(dtype) if dtype.startswith("float") else np.iinfo(dtype)
    if full.size:
        low, high = full.min(), full.max()
        if low < limits.min or high > limits.max:
            given, allowed = f"{low:g} to {high:g}", f"{limits.min:g} to {limits.max:g}"
            what = f"values do not fit into {dtype}"
            raise OutputError(what, code="O405", where=where, given=given, allowed=allowed)
        if (
            not dtype.startswith("float")
            and np.issubdtype(full.dtype, np.floating)
            and np.any(full != np.trunc(full))
        ):
            what = f"values with decimals do not fit into {dtype}"
            raise OutputError(what, code="O405", where=where, remedy="Write them as float32.")
        if nodata != 0 and np.any(full == nodata):
            what = f"the value {nodata:g} means no data in this file"
            raise OutputError(what, code="O405", where=where, remedy="Choose a wider type.")
    cast = np.full(values.shape, nodata, dtype=dtype)
    cast[~empty] = full.astype(dtype)
    return cast


def compare(path: Path, name: str, grid: Grid, cells: Mapping[str, NDArray[Any]]) -> None:
    """Read a finished GeoTIFF and compare every block with what was written."""
    try:
        with rasterio.Env(**OPTIONS), rasterio.open(path, driver="GTiff") as dataset:
            if (dataset.shape, dataset.transform) != (grid.shape, grid.transform) or dataset.crs is None:
                not_as_written(name, "its place differs")
            if tuple(dataset.descriptions) != tuple(cells):
                not_as_written(name, "its bands differ")
            for number, values in enumerate(cells.values(), start=1):
                for _, window in dataset.block_windows(number):
                    same = np.array_equal(
                        dataset.read(number, window=window),
                        values[window.toslices()],
                        equal_nan=values.dtype.kind == "f",
                    )
                    if not same:
                        not_as_written(name, f"band {number}, row {window.row_off}, column {window.col_off}")
                for factor in dataset.overviews(number):
                    dataset.read(number, out_shape=(-(-grid.shape[0] // factor), -(-grid.shape[1] // factor)))
    except (RasterioError, CPLE_BaseError) as error:
        not_as_written(name, reason(error, path))
