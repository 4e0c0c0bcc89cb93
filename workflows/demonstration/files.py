"""Writing of the demonstration files: small, tagged, and the same each time."""

from __future__ import annotations

import os

import pyogrio
import rasterio

FIXED_DATE = "2024-01-01T00:00:00Z"
LICENCE = "CC0-1.0"
COMMON_TAGS = {
    "licence": LICENCE,
    "stylised": "yes",
    "notice": "Stylised demonstration data drawn from geographic facts; not a survey, not a legal boundary",
    "made_by": "workflows/make_demonstration_data.py",
}


def write_raster(path, place, bands, *, title, units, nodata=None, tags=None):
    """Write named bands on the landscape's grid as a small tiled GeoTIFF."""
    first = next(iter(bands.values()))
    floating = first.dtype.kind == "f"
    rows, columns = place.grid.shape
    profile = {
        "driver": "GTiff", "width": columns, "height": rows, "count": len(bands), "dtype": first.dtype,
        "crs": place.grid.crs.to_wkt(), "transform": place.grid.transform, "nodata": nodata,
        "compress": "deflate", "zlevel": 9, "predictor": 1 if floating or first.dtype.itemsize == 1 else 2,
        "tiled": True, "blockxsize": 256, "blockysize": 256, "interleave": "band",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        title = f"{title}, {place.facts['title']} (stylised)"
        target.update_tags(title=title, units=units, **COMMON_TAGS, **(tags or {}))
        for number, (name, values) in enumerate(bands.items(), start=1):
            target.write(values, number)
            target.set_band_description(number, name)
            target.set_band_unit(number, units)


def write_layers(path, layers):
    """Write vector layers (name -> table, sentence) as one GeoPackage with fixed dates."""
    path.unlink(missing_ok=True)
    os.environ["OGR_CURRENT_DATE"] = FIXED_DATE
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_DATE})
    for name, (table, sentence) in layers.items():
        pyogrio.write_dataframe(
            table,
            path,
            layer=name,
            driver="GPKG",
            append=path.exists(),
            layer_options={"SPATIAL_INDEX": "NO", "DESCRIPTION": sentence, "IDENTIFIER": name},
        )
