"""A raster that stays in its file: only windows of it are read, when their values are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from rasterio.windows import Window
from xarray.backends import BackendArray
from xarray.core.indexing import ExplicitIndexer, IndexingSupport, LazilyIndexedArray
from xarray.core.indexing import explicit_indexing_adapter as adapted

from corridors.grid import Grid
from corridors.io.rasters import band_number, crs_of, open_raster, read_band


def raster_on_disk(path: str | Path, *, name: str, units: str = "1", band: str | None = None) -> xr.DataArray:
    """Return a raster whose values are read window by window.

    Parameters
    ----------
    path
        GeoTIFF or ESRI ASCII grid, on a projected grid of square cells.
    name, units
        Of the raster.
    band
        Description of the band; needed where there are several.

    Returns
    -------
    xarray.DataArray
        Declared no data is NaN. `raster[rows, columns].values` reads these rows and columns;
        `raster.values` reads all.

    Raises
    ------
    InputError
        As `open_raster`; I204 to I207 the grid is not projected, metric or square; I252 no such band.

    Examples
    --------
    >>> resistance = raster_on_disk("resistance.tif", name="resistance")  # doctest: +SKIP
    >>> accumulated_cost_in_blocks(resistance, cores, memory_budget_bytes=2_000_000_000)  # doctest: +SKIP
    """
    full = Path(path).resolve()
    with open_raster(full) as dataset:
        grid = Grid(crs_of(dataset), dataset.transform, dataset.shape)
        number = band_number(dataset, band, where=full.name)
        dtype = read_band(dataset, number, window=Window(0, 0, 1, 1)).dtype
    values = LazilyIndexedArray(_Band(full, number, grid.shape, dtype))
    like = grid.like(np.broadcast_to(np.zeros((), dtype=dtype), grid.shape), name=name, units=units)
    return xr.DataArray(xr.Variable(like.dims, values, like.attrs), coords=like.coords, name=name)


@dataclass(frozen=True)
class _Band(BackendArray):
    """What xarray asks for values; opens the file for every window, so it can be sent to other processes."""

    path: Path
    number: int
    shape: tuple[int, int]
    dtype: np.dtype[Any]

    def __getitem__(self, key: ExplicitIndexer) -> Any:
        return adapted(key, self.shape, IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple[int | slice, ...]) -> NDArray[Any]:
        """Read the smallest window that holds what is asked for, and pick it out."""
        spans = [
            range(length)[part] if isinstance(part, slice) else range(part, part + 1)
            for part, length in zip(key, self.shape, strict=True)
        ]
        if not all(spans):
            return np.empty(self.shape, dtype=self.dtype)[key]
        (top, bottom), (left, right) = ((min(span), max(span) + 1) for span in spans)
        with open_raster(self.path) as dataset:
            found = read_band(
                dataset, self.number, window=Window(left, top, right - left, bottom - top)
            ).astype(self.dtype, copy=False)
        picks = tuple(slice(None, None, part.step) if isinstance(part, slice) else 0 for part in key)
        picked: NDArray[Any] = found[picks]
        return picked
