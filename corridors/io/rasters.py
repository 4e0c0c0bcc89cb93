"""Read rasters: one explicit driver, nothing but what is declared is no data, scale and offset applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from affine import Affine
from pyproj import CRS
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.io.datum import known_crs
from corridors.io.formats import RASTER_DRIVERS, detect_driver, wrong_kind
from corridors.io.paths import plain_file, reason
from corridors.io.safe_gdal import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from corridors.grid import Bounds

LARGEST_EXACT = 2**53
SENTINELS = (-9999.0, -99999.0, -32768.0, -2147483648.0, 1e20, -1e20)
SMALLEST_FLOAT32 = float(np.finfo(np.float32).min)


@dataclass(frozen=True)
class RasterInfo:
    """What a raster file says about itself; one entry per band in `bands`, `units`, `nodata` and the like."""

    driver: str
    crs: CRS
    bounds: Bounds
    lonlat_bounds: Bounds
    shape: tuple[int, int]
    cell_size: tuple[float, float]
    bands: tuple[str, ...]
    units: tuple[str, ...]
    dtypes: tuple[str, ...]
    nodata: tuple[float | None, ...]
    scales: tuple[float, ...]
    offsets: tuple[float, ...]
    tags: Mapping[str, str]


@contextmanager
def open_raster(
    path: str | Path, *, folder: str | Path | None = None, assume_crs: Any = None, nodata: float | None = None
) -> Iterator[Any]:
    """Open a raster with the one driver its first bytes ask for.

    Parameters
    ----------
    path : str or Path
        GeoTIFF or ESRI ASCII grid.
    folder : str or Path, optional
        The file must lie in it.
    assume_crs : anything pyproj reads, optional
        For a file without a CRS.
    nodata : float, optional
        Value that means no data, where the file declares none.

    Yields
    ------
    rasterio dataset
        North-up; its `crs` and `nodata` are the ones to use, whether declared by the file or here.

    Raises
    ------
    InputError
        I202 `assume_crs` contradicts the file, I203 no CRS, I206 rotated, I208 no position, I214 no-data
        value too large to compare, I231 damaged, I253 no raster.
    SecurityError
        As `detect_driver`.
    """
    full = plain_file(path, folder=folder)
    driver = detect_driver(full)
    if driver not in RASTER_DRIVERS:
        raise wrong_kind(full, driver, RASTER_DRIVERS)
    try:
        with rasterio.Env(**OPTIONS), rasterio.open(full, driver=driver) as dataset:
            raise_all(problems_of(dataset, full.name, assume_crs))
            if assume_crs is None and nodata is None and is_north_up(dataset.transform):
                yield dataset
            else:
                with declared(dataset, full.name, assume_crs, nodata) as view:
                    yield view
    except (RasterioError, CPLE_BaseError) as error:
        what, remedy = (
            f"it cannot be read to its end ({reason(error, full)})",
            "Copy or download it again.",
        )
        raise InputError(what, code="I231", where=full.name, remedy=remedy) from error


def problems_of(dataset: Any, name: str, assume_crs: Any) -> list[CorridorsError]:
    """Return what is wrong with the place of a raster."""
    found: list[CorridorsError] = []
    if dataset.crs is None and assume_crs is None:
        remedy = 'Say which it is: assume_crs = "EPSG:..." in the layer\'s section.'
        found.append(InputError("it has no coordinate system", code="I203", where=name, remedy=remedy))
    if (
        dataset.crs is not None
        and assume_crs is not None
        and crs_of(dataset) != known_crs(assume_crs, where=name)
    ):
        what, remedy = "assume_crs contradicts the file", "Remove assume_crs; it is for files without a CRS."
        given, allowed = str(assume_crs), crs_of(dataset).name
        found.append(InputError(what, code="I202", where=name, given=given, allowed=allowed, remedy=remedy))
    transform = dataset.transform
    if transform.b or transform.d:
        remedy = "Warp it to a north-up grid first: gdalwarp -tap -tr <cell> <cell>."
        found.append(InputError("it is rotated or sheared", code="I206", where=name, remedy=remedy))
    if transform.is_identity:
        what, remedy = (
            "it has no position (no geotransform)",
            "Georeference it first (gdal_translate -a_ullr).",
        )
        found.append(InputError(what, code="I208", where=name, remedy=remedy))
    for value, dtype in zip(dataset.nodatavals, dataset.dtypes, strict=True):
        if value is not None and dtype in {"int64", "uint64"} and abs(value) >= LARGEST_EXACT:
            what, remedy = "its no-data value is too large to compare exactly", "Save it as int32 or float64."
            found.append(InputError(what, code="I214", where=name, given=f"{value:g}", remedy=remedy))
    return found


def declared(dataset: Any, name: str, assume_crs: Any, nodata: float | None) -> Any:
    """Return a north-up view of a dataset, cell for cell, with the CRS and the no-data value to use."""
    crs = (
        dataset.crs
        if assume_crs is None
        else rasterio.crs.CRS.from_wkt(known_crs(assume_crs, where=name).to_wkt())
    )
    value = dataset.nodata if dataset.nodata is not None else nodata
    place = {"transform": north_up(dataset), "width": dataset.width, "height": dataset.height}
    return WarpedVRT(dataset, src_crs=crs, crs=crs, src_nodata=value, nodata=value, **place)


def is_north_up(transform: Affine) -> bool:
    """Return whether rows run from north to south and columns from west to east."""
    return bool(transform.a > 0 > transform.e)


def north_up(dataset: Any) -> Affine:
    """Return the transform of the same cells, rows from north to south and columns from west to east."""
    t = dataset.transform
    left, top = min(t.c, t.c + t.a * dataset.width), max(t.f, t.f + t.e * dataset.height)
    return Affine(abs(t.a), 0, left, 0, -abs(t.e), top)


def raster_info(
    path: str | Path, *, folder: str | Path | None = None, assume_crs: Any = None, nodata: float | None = None
) -> RasterInfo:
    """Return what a raster file says about itself, without reading its cells.

    Raises
    ------
    InputError, SecurityError
        As `open_raster`.
    """
    with open_raster(path, folder=folder, assume_crs=assume_crs, nodata=nodata) as dataset:
        original = source_of(dataset)
        return RasterInfo(
            driver=original.driver,
            crs=crs_of(dataset),
            bounds=tuple(dataset.bounds),
            lonlat_bounds=transform_bounds(dataset.crs, "EPSG:4326", *dataset.bounds, densify_pts=21),
            shape=dataset.shape,
            cell_size=(abs(dataset.transform.a), abs(dataset.transform.e)),
            bands=tuple(description or "" for description in original.descriptions),
            units=tuple(unit or "" for unit in original.units),
            dtypes=tuple(original.dtypes),
            nodata=tuple(dataset.nodatavals),
            scales=tuple(original.scales),
            offsets=tuple(original.offsets),
            tags=dict(original.tags()),
        )


def crs_of(dataset: Any) -> CRS:
    """Return the CRS of an open dataset as pyproj has it."""
    return CRS.from_wkt(dataset.crs.to_wkt())


def band_number(dataset: Any, part: str | None, *, where: str) -> int:
    """Return the number of the band of that description; the only band where none is named.

    Raises
    ------
    InputError
        I252 no such band, or several and none named.
    """
    names = [description or "" for description in source_of(dataset).descriptions]
    if part is None and len(names) == 1:
        return 1
    if part in names:
        return names.index(part) + 1
    what = "it has several bands and none is named" if part is None else "there is no such band"
    remedy = 'Name one, as in "file.tif|band description".'
    raise InputError(
        what, code="I252", where=where, given=part or "", allowed=", ".join(names), remedy=remedy
    )


def read_band(dataset: Any, band: int = 1, *, window: Any = None) -> NDArray[np.floating[Any]]:
    """Return a band as numbers: declared no data NaN, scale and offset applied.

    Parameters
    ----------
    dataset : rasterio dataset or WarpedVRT over one
        From `open_raster`.
    band : int
        From 1.
    window : rasterio.windows.Window, optional
        Part to read.

    Returns
    -------
    ndarray of shape (rows, columns)
        float32 where that holds every value, else float64.
    """
    values = declared_values(dataset, band, window=window)
    original = source_of(dataset)
    scale, offset = original.scales[band - 1], original.offsets[band - 1]
    small = values.dtype.itemsize <= 2 or values.dtype == np.float32
    if (scale, offset) != (1.0, 0.0):
        values = values.astype(np.float64) * scale + offset
    numbers: NDArray[np.floating[Any]] = np.ma.filled(
        values.astype(np.float32 if small else np.float64), np.nan
    )
    return numbers


def declared_values(dataset: Any, band: int = 1, *, window: Any = None) -> np.ma.MaskedArray[Any, Any]:
    """Return a band as stored, masked where the file or the workflow declares no data and nowhere else."""
    values = dataset.read(band, window=window)
    return np.ma.MaskedArray(values, mask=dataset.read_masks(band, window=window) == 0)


def source_of(dataset: Any) -> Any:
    """Return the file behind views of it; views forget scale, offset and descriptions."""
    while isinstance(dataset, WarpedVRT):
        dataset = dataset.src_dataset
    return dataset


def undeclared_sentinels(values: NDArray[Any] | np.ma.MaskedArray[Any, Any]) -> dict[float, int]:
    """Return values that usually mean no data, and how many cells hold them; masked cells do not count.

    Looks for -9999, -99999, the smallest int16, int32 and float32, 1e20, NaN and infinity. 255, 127, 65535
    and 0 are left alone: they are as often true values.

    Examples
    --------
    >>> undeclared_sentinels(np.array([[1.0, -9999.0], [-9999.0, 4.0]]))
    {-9999.0: 2}
    """
    plain = np.ma.compressed(values) if isinstance(values, np.ma.MaskedArray) else np.asarray(values).ravel()
    found = {sentinel: int(np.count_nonzero(plain == sentinel)) for sentinel in SENTINELS}
    if np.issubdtype(plain.dtype, np.floating):
        plain = plain.astype(np.float64)
        lowest = np.isfinite(plain) & (np.abs(plain) >= 0.9999 * abs(SMALLEST_FLOAT32))
        found[SMALLEST_FLOAT32] = int(np.count_nonzero(lowest))
        found[float("nan")] = int(np.count_nonzero(np.isnan(plain)))
        found[float("inf")] = int(np.count_nonzero(np.isinf(plain)))
    return {value: count for value, count in found.items() if count}
