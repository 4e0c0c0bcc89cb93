"""A source of a layer: a file, and the layer or band in it, as in "osm.gpkg|roads"."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyogrio
import rasterio
from pyogrio.errors import DataSourceError
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError

from corridors.errors import ConfigError, InputError
from corridors.io.formats import RASTER_DRIVERS, VECTOR_DRIVERS, detect_driver
from corridors.io.paths import plain_file, reason
from corridors.io.safe_gdal import OPTIONS


@dataclass(frozen=True)
class Source:
    """A file, and the name of a layer or band in it where one is meant."""

    path: Path
    part: str | None = None

    def __str__(self) -> str:
        """Return the source as a workflow writes it, without its folder."""
        return self.path.name if self.part is None else f"{self.path.name}|{self.part}"


def parse_source(text: str) -> Source:
    """Return the source a workflow names.

    Raises
    ------
    ConfigError
        C102 a file name or a part is missing.

    Examples
    --------
    >>> parse_source("osm.gpkg|roads").part
    'roads'
    """
    name, bar, part = text.partition("|")
    if not name.strip() or (bar and not part.strip()):
        allowed = '"file" or "file|layer"'
        raise ConfigError("not a source", code="C102", given=repr(text), allowed=allowed)
    return Source(Path(name.strip()), part.strip() or None)


def find_source(folder: str | Path, text: str, *, confined: bool = True) -> Source | None:
    """Return a source of the data folder, or None where the file, or the layer or band in it, is absent.

    Parameters
    ----------
    folder : str or Path
        The data folder.
    text : str
        As a workflow writes it, relative to the folder.
    confined : bool
        Whether the file must lie inside the folder.

    Raises
    ------
    SecurityError
        X706 outside the folder, and what `detect_driver` refuses.
    """
    wanted = parse_source(text)
    base = Path(folder)
    path = wanted.path if str(wanted.path).lower().startswith(("http:", "https:")) else base / wanted.path
    try:
        full = plain_file(path, folder=base if confined else None)
    except InputError as error:
        if error.code == "I251":
            return None
        raise
    if wanted.part is not None and wanted.part not in layer_names(full):
        return None
    return Source(full, wanted.part)


def layer_names(path: str | Path) -> tuple[str, ...]:
    """Return the names of the layers of a vector file, or the band descriptions of a raster.

    Raises
    ------
    InputError, SecurityError
        As `detect_driver`; I231 where the file cannot be read.
    """
    full = plain_file(path)
    driver = detect_driver(full)
    try:
        if driver in VECTOR_DRIVERS:
            return tuple(str(name) for name, _ in pyogrio.list_layers(full))
        if driver in RASTER_DRIVERS:
            with rasterio.Env(**OPTIONS), rasterio.open(full, driver=driver) as dataset:
                return tuple(description or "" for description in dataset.descriptions)
    except (DataSourceError, RasterioError, CPLE_BaseError) as error:
        what, remedy = f"it cannot be read ({reason(error, full)})", "Copy or download it again."
        raise InputError(what, code="I231", where=full.name, remedy=remedy) from error
    return ()
