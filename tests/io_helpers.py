"""Files as other programs write them, for the tests of reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rasterio
from affine import Affine

import corridors.io  # noqa: F401 - closes the doors of GDAL

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

TRANSFORM = Affine(500, 0, 500_000, 0, -500, 5_000_000)


def write_tiff(path: Path, values: np.ndarray, **options: Any) -> Path:
    """Write a plain GeoTIFF as another program might."""
    bands = values if values.ndim == 3 else values[None]
    profile = {"crs": "EPSG:32652", "transform": TRANSFORM, "dtype": values.dtype} | options
    tags = profile.pop("tags", {})
    scales, offsets = profile.pop("scales", None), profile.pop("offsets", None)
    count, height, width = bands.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=count, height=height, width=width, **profile
    ) as dataset:
        dataset.write(bands)
        dataset.update_tags(**tags)
        if scales:
            dataset.scales, dataset.offsets = scales, offsets
    return path
