"""One driver for each file, chosen from its first bytes and never from its name; then its header is checked.

A VRT renamed to .tif would otherwise read any file and call any server, so a format is what the bytes say,
and everything not in the list is refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

from corridors.errors import InputError, SecurityError
from corridors.io.ascii_header import check_ascii_grid
from corridors.io.gpkg_header import check_geopackage
from corridors.io.paths import plain_file
from corridors.io.tiff_header import check_tiff

Driver = Literal["GTiff", "AAIGrid", "GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf", "CSV"]
RASTER_DRIVERS: tuple[Driver, ...] = ("GTiff", "AAIGrid")
VECTOR_DRIVERS: tuple[Driver, ...] = ("GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf")

FIRST_BYTES: tuple[tuple[bytes, Driver], ...] = (
    (b"II*\0", "GTiff"),
    (b"MM\0*", "GTiff"),
    (b"II+\0", "GTiff"),
    (b"MM\0+", "GTiff"),
    (b"SQLite format 3\0", "GPKG"),
    (b"\0\0\x27\x0a", "ESRI Shapefile"),
    (b"fgb\x03fgb", "FlatGeobuf"),
)
ASCII_GRID = re.compile(rb"(ncols|nrows|xll|yll|cellsize|dx|dy)\w*\s", re.IGNORECASE)
CHECKS = {"GTiff": check_tiff, "AAIGrid": check_ascii_grid, "GPKG": check_geopackage}


def detect_driver(path: str | Path, *, folder: str | Path | None = None) -> Driver:
    """Return the one driver that may open a file, its header checked.

    Parameters
    ----------
    path : str or Path
        A plain file.
    folder : str or Path, optional
        The file must lie in it.

    Raises
    ------
    SecurityError
        X702 XML under another name, X703 an address, X704 a link to another file in the header, X705 code in
        a GeoPackage, X706 outside the folder.
    InputError
        I218 broken ASCII header, I231 cut short, I233 absurd size, I251 missing, I253 a format that is not
        read, I254 unsaved changes beside it.
    """
    full = plain_file(path, folder=folder)
    with full.open("rb") as file:
        driver = driver_of(file.read(4096), full)
    if driver in CHECKS:
        CHECKS[driver](full)
    return driver


def driver_of(head: bytes, path: Path) -> Driver:
    """Return the driver for the first bytes of a file."""
    for magic, driver in FIRST_BYTES:
        if head.startswith(magic):
            return driver
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        what = "it is XML (a VRT or a web service), which can read other files and call servers"
        remedy = "Convert it to a GeoTIFF or a GeoPackage (gdal_translate, ogr2ogr)."
        raise SecurityError(what, code="X702", where=path.name, remedy=remedy)
    if text.startswith(b"{"):
        return "GeoJSON"
    if ASCII_GRID.match(text):
        return "AAIGrid"
    if path.suffix.lower() == ".csv" and b"\0" not in head:
        return "CSV"
    given = f"first bytes {head[:8]!r}" if head else "an empty file"
    allowed = ", ".join(get_args(Driver))
    raise InputError("this format is not read", code="I253", where=path.name, given=given, allowed=allowed)


def wrong_kind(path: Path, driver: Driver, allowed: tuple[Driver, ...]) -> InputError:
    """Return the complaint about a vector where a raster is needed, or the other way round."""
    what = "the file holds another kind of data than the layer needs"
    return InputError(what, code="I253", where=path.name, given=driver, allowed=", ".join(allowed))
