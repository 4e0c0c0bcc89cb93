"""Write a raster that never fits into memory: piece by piece, then as cloud-optimised GeoTIFF.

Pieces go into a plain GeoTIFF beside the target, which GDAL copies into its final form block by block. Every
piece leaves its hash; the finished file is read back piece by piece and compared with them before it gets its
name. So the disk holds the raster twice for a while, memory never more than a few pieces.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import rasterio.shutil
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.windows import Window

from corridors.errors import OutputError
from corridors.io.paths import reason
from corridors.io.raster_writer import check_limits, checked_cast, creation_profile
from corridors.io.safe_gdal import OPTIONS
from corridors.io.writer import not_as_written, require_space, safe_write
from corridors.schema import Labels
from corridors.schema import raster as raster_entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.grid import Grid
    from corridors.schema import Raster

    Piece = tuple[Any, ...]
    Hashes = dict[Window, bytes]

TILE_CELLS = 512
COPY = ("driver", "compress", "predictor", "overview_resampling", "bigtiff")


def write_pieces(
    pieces: Iterable[Piece],
    grid: Grid,
    path: str | Path,
    *,
    name: str,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Write a raster of the schema as one GeoTIFF, piece by piece.

    Parameters
    ----------
    pieces : iterable of tuple
        Rows and columns (slices) and values of each, together every cell once; what else a tuple holds is
        passed over. As from `cost_in_pieces`.
    grid : Grid
        Of the whole raster.
    path : str or Path
        Made or replaced, once all is written and read back.
    name : str
        Of the raster in the schema, which says its type and unit.
    tags : mapping of str to str
        Run, version, source, …

    Raises
    ------
    OutputError
        O401 disk full or not as written, O405 a value the file's type cannot hold, O406 a value outside the
        schema's limits, O409 pieces that do not make up the raster.
    ResourceError
        R302 the disk cannot hold the raster twice.

    Examples
    --------
    >>> import tempfile
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 3))
    >>> pieces = [(slice(0, 1), slice(0, 2), np.ones((1, 2))), (slice(0, 1), slice(2, 3), np.zeros((1, 1)))]
    >>> write_pieces(pieces, grid, Path(tempfile.mkdtemp()) / "cost.tif", name="cost_distance")
    """
    target, entry = Path(path), raster_entry(name)
    raw_bytes = math.prod(grid.shape) * np.dtype(entry.dtype).itemsize
    require_space(target.parent if target.parent.is_dir() else Path(), int(2.2 * raw_bytes))
    nodata = 0 if isinstance(entry.style, Labels) else np.nan
    profile = creation_profile(grid, 1, entry.dtype, nodata, raw_bytes)
    hashes: Hashes = {}

    def verify(temporary: Path) -> None:
        _compare(temporary, target.name, grid, hashes)

    with safe_write(target, verify=verify) as temporary:
        cells = temporary.with_name(f"{temporary.stem}-cells.tif")  # cleared away with it
        try:
            with rasterio.Env(**OPTIONS, GDAL_NUM_THREADS="1"):
                hashes |= _write_cells(pieces, cells, entry, profile, tags)
                _check_complete(hashes, grid, target.name)
                rasterio.shutil.copy(cells, temporary, **{key: profile[key] for key in COPY})
        except (RasterioError, CPLE_BaseError) as error:
            what = f"writing failed: {reason(error, temporary)}; what was there before is untouched"
            raise OutputError(what, code="O401", where=target.name) from error


def _write_cells(
    pieces: Iterable[Piece],
    path: Path,
    entry: Raster,
    profile: Mapping[str, Any],
    tags: Mapping[str, str] | None,
) -> Hashes:
    """Write pieces as they come into a plain GeoTIFF; return the hash of each."""
    hashes: Hashes = {}
    plain = {key: value for key, value in profile.items() if key not in COPY}
    plain |= {"driver": "GTiff", "tiled": True, "blockxsize": TILE_CELLS, "blockysize": TILE_CELLS}
    plain["bigtiff"] = "YES" if profile["bigtiff"] == "YES" else "IF_SAFER"
    with rasterio.open(path, "w", **plain) as dataset:
        dataset.set_band_description(1, f"{entry.title} ({entry.unit})")
        dataset.set_band_unit(1, entry.unit)
        dataset.update_tags(**(tags or {}))
        for rows, columns, values, *_ in pieces:
            check_limits(entry, values)
            cast = checked_cast(values, entry.dtype, profile["nodata"], where=entry.name)
            window = Window.from_slices(rows, columns)
            dataset.write(cast, 1, window=window)
            hashes[window] = _hash(cast)
    return hashes


def _check_complete(hashes: Hashes, grid: Grid, where: str) -> None:
    """Complain where pieces do not make up the raster."""
    given, whole = sum(window.width * window.height for window in hashes), math.prod(grid.shape)
    if given != whole:
        what = "the pieces do not make up the raster"
        raise OutputError(
            what, code="O409", where=where, given=f"{given} cells", allowed=f"{whole}, each once"
        )


def _compare(path: Path, name: str, grid: Grid, hashes: Hashes) -> None:
    """Read a finished GeoTIFF and compare every piece with what was written."""
    try:
        with rasterio.Env(**OPTIONS):
            with rasterio.open(path, driver="GTiff") as dataset:
                if (dataset.shape, dataset.transform) != (grid.shape, grid.transform) or dataset.crs is None:
                    not_as_written(name, "its place differs")
                for window, written in hashes.items():
                    if _hash(dataset.read(1, window=window)) != written:
                        not_as_written(name, f"row {window.row_off}, column {window.col_off}")
                levels = len(dataset.overviews(1))
            for level in range(levels):
                with rasterio.open(path, driver="GTiff", overview_level=level) as overview:
                    for _, window in overview.block_windows(1):
                        overview.read(1, window=window)
    except (RasterioError, CPLE_BaseError) as error:
        not_as_written(name, reason(error, path))


def _hash(values: NDArray[Any]) -> bytes:
    return hashlib.blake2b(np.ascontiguousarray(values).view(np.uint8).data).digest()
