"""Every open and every write of a file; GDAL's doors are closed before anything else is imported."""

from corridors.io import safe_gdal  # isort: skip - sets the environment, so it comes first

from corridors.io.datum import check_datum, transform_accuracy
from corridors.io.formats import RASTER_DRIVERS, VECTOR_DRIVERS, detect_driver
from corridors.io.lazy_rasters import raster_on_disk
from corridors.io.paths import plain_file, relative_path, resolve_folder
from corridors.io.privacy import publishable
from corridors.io.provenance import hash_file, versions, write_run_json
from corridors.io.raster_writer import write_bands, write_raster
from corridors.io.rasters import (
    RasterInfo,
    band_number,
    crs_of,
    declared_values,
    open_raster,
    raster_info,
    read_band,
    undeclared_sentinels,
)
from corridors.io.run_folder import check_run_folder, claim_run_folder
from corridors.io.scratch import Scratch
from corridors.io.sources import Source, find_source, layer_names, parse_source
from corridors.io.tables import read_table, write_table
from corridors.io.vector_writer import write_vectors
from corridors.io.vectors import VectorInfo, invalid_geometries, read_vectors, vector_info
from corridors.io.workflows import read_toml, write_toml
from corridors.io.writer import safe_write, write_bytes, write_text, write_zip

__all__ = [
    "RASTER_DRIVERS",
    "VECTOR_DRIVERS",
    "RasterInfo",
    "Scratch",
    "Source",
    "VectorInfo",
    "band_number",
    "check_datum",
    "check_run_folder",
    "claim_run_folder",
    "crs_of",
    "declared_values",
    "detect_driver",
    "find_source",
    "hash_file",
    "invalid_geometries",
    "layer_names",
    "open_raster",
    "parse_source",
    "plain_file",
    "publishable",
    "raster_info",
    "raster_on_disk",
    "read_band",
    "read_table",
    "read_toml",
    "read_vectors",
    "relative_path",
    "resolve_folder",
    "safe_gdal",
    "safe_write",
    "transform_accuracy",
    "undeclared_sentinels",
    "vector_info",
    "versions",
    "write_bands",
    "write_bytes",
    "write_raster",
    "write_run_json",
    "write_table",
    "write_text",
    "write_toml",
    "write_vectors",
    "write_zip",
]
