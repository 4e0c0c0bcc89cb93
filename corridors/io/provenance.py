"""Where a result comes from: hashes of what went in and out, versions, and the record `run.json`."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import rasterio
import shapely
from pyproj.database import get_database_metadata

from corridors.errors import SecurityError
from corridors.io.writer import write_text

RUN_JSON = "run.json"
MADE_BY = "corridors"
LIBRARIES = (
    "corridors", "numpy", "scipy", "pandas", "xarray", "numba", "networkx",
    "rasterio", "pyogrio", "geopandas", "shapely", "pyproj",
)  # fmt: skip
FULL_PATH = re.compile(r"(^|[\s\"'=(])(/[^/\s]+/|~/|[A-Za-z]:[\\/]|\\\\)|file://")


def hash_file(path: str | Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions a result depends on: Python, libraries, each library's own GDAL, PROJ and GEOS."""
    found = {"python": platform.python_version(), "system": platform.system()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    found["gdal of rasterio"] = str(rasterio.__gdal_version__)
    found["gdal of pyogrio"] = ".".join(str(part) for part in pyogrio.__gdal_version__)
    found["proj of pyproj"] = str(pyproj.proj_version_str)
    found["proj database"] = str(get_database_metadata("EPSG.VERSION"))
    found["geos of shapely"] = str(shapely.geos_version_string)
    return found


def write_run_json(record: Mapping[str, Any], folder: str | Path, *, name: str = RUN_JSON) -> None:
    """Write `run.json`, the last file of a run and the mark that it is whole.

    Parameters
    ----------
    record : mapping
        Text, numbers, lists and mappings. `outputs` (path, bytes and SHA-256 of every other file of the
        folder) and `made_by` are added.
    folder : str or Path
        The run folder.
    name : str
        Of the record, where the folder is no run.

    Raises
    ------
    SecurityError
        X707 a full path, which would give away names of users and machines.
    """
    base = Path(folder)
    files = sorted(path for path in base.rglob("*") if path.is_file() and path != base / name)
    outputs = [
        {"path": path.relative_to(base).as_posix(), "bytes": path.stat().st_size, "sha256": hash_file(path)}
        for path in files
    ]
    whole = {"made_by": MADE_BY, **plain(record), "outputs": outputs}
    refuse_full_paths(whole, key=name)
    write_text(base / name, json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def is_run_record(record: object) -> bool:
    """Return whether the content of a run.json is one of ours."""
    return (
        isinstance(record, dict)
        and record.get("made_by") == MADE_BY
        and isinstance(record.get("outputs"), list)
    )


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: numpy numbers plain, tuples lists, NaN and infinity null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, (np.generic, np.ndarray)):
        return plain(value.tolist())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def refuse_full_paths(value: Any, *, key: str) -> None:
    """Refuse a record that names folders of this machine."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            refuse_full_paths(item, key=f"{key}: {name}")
    elif isinstance(value, list):
        for item in value:
            refuse_full_paths(item, key=key)
    elif isinstance(value, str) and FULL_PATH.search(value):
        what = "a full path was about to be written; it names users or machines"
        remedy = "Please report this: outputs name files relative to the data folder."
        raise SecurityError(what, code="X707", where=key, remedy=remedy)


@cache
def program_digest(without: tuple[str, ...] = ()) -> str:
    """Return a hash of the program's own source text and of the versions of its libraries.

    Parameters
    ----------
    without : tuple of str
        Parts of the package that do not count.
    """
    package = Path(__file__).parent.parent
    hashed = hashlib.blake2b(json.dumps(versions(), sort_keys=True).encode(), digest_size=16)
    for path in sorted(package.rglob("*.py")):
        place = path.relative_to(package)
        if place.parts[0] not in without:
            hashed.update(place.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return hashed.hexdigest()
