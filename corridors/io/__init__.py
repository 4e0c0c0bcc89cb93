"""Every open and every write of a file; GDAL's doors are closed before anything else is imported."""

from corridors.io import safe_gdal  # isort: skip - sets the environment, so it comes first

from corridors.io.areas import read_area
from corridors.io.ascii_grids import PlainGrid, read_ascii_grid, write_ascii_grid
from corridors.io.checkpoint import Checkpoint, fingerprint_of
from corridors.io.datum import check_datum, transform_accuracy
from corridors.io.formats import RASTER_DRIVERS, VECTOR_DRIVERS, detect_driver
from corridors.io.fresh_folder import fresh_folder
from corridors.io.ini_files import file_name, output_place, read_ini, resolve_beside
from corridors.io.lazy_rasters import raster_on_disk
from corridors.io.paths import plain_file, relative_path, resolve_folder
from corridors.io.plain_grids import is_grid, plain_grid_differences, read_plain_grid, write_plain_tiff
from corridors.io.privacy import publishable
from corridors.io.provenance import hash_file, versions, write_run_json
from corridors.io.raster_pieces import write_pieces
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
from corridors.io.run_reader import RunFolder, read_run
from corridors.io.scratch import Scratch
from corridors.io.sources import Source, find_source, layer_names, parse_source
from corridors.io.tables import read_table, write_table
from corridors.io.text_lists import as_numbers, read_numbers, read_words, write_lines
from corridors.io.vector_writer import write_vectors
from corridors.io.vectors import VectorInfo, invalid_geometries, read_vectors, vector_info
from corridors.io.workbooks import write_workbook
from corridors.io.workflows import read_toml, write_toml
from corridors.io.writer import safe_write, write_bytes, write_text, write_zip

__all__ = [
    "RASTER_DRIVERS",
    "VECTOR_DRIVERS",
    "Checkpoint",
    "PlainGrid",
    "RasterInfo",
    "RunFolder",
    "Scratch",
    "Source",
    "VectorInfo",
    "as_numbers",
    "band_number",
    "check_datum",
    "check_run_folder",
    "claim_run_folder",
    "crs_of",
    "declared_values",
    "detect_driver",
    "file_name",
    "find_source",
    "fingerprint_of",
    "fresh_folder",
    "hash_file",
    "invalid_geometries",
    "is_grid",
    "layer_names",
    "open_raster",
    "output_place",
    "parse_source",
    "plain_file",
    "plain_grid_differences",
    "publishable",
    "raster_info",
    "raster_on_disk",
    "read_area",
    "read_ascii_grid",
    "read_band",
    "read_ini",
    "read_numbers",
    "read_plain_grid",
    "read_run",
    "read_table",
    "read_toml",
    "read_vectors",
    "read_words",
    "relative_path",
    "resolve_beside",
    "resolve_folder",
    "safe_gdal",
    "safe_write",
    "transform_accuracy",
    "undeclared_sentinels",
    "vector_info",
    "versions",
    "write_ascii_grid",
    "write_bands",
    "write_bytes",
    "write_lines",
    "write_pieces",
    "write_plain_tiff",
    "write_raster",
    "write_run_json",
    "write_table",
    "write_text",
    "write_toml",
    "write_vectors",
    "write_workbook",
    "write_zip",
]
