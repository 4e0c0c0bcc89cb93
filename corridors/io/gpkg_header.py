"""Look into a GeoPackage with SQLite alone: is it one, and does it carry code.

Triggers and views are SQL that runs when somebody reads or writes; those that every GeoPackage has (spatial
index, feature counts, checks of the standard) are let through by what they do, not by their name alone.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from corridors.errors import InputError, SecurityError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_IDS = (b"GPKG", b"GP10", b"GP11")
KNOWN_TRIGGERS = re.compile(r"(rtree_|gpkg_|trigger_(insert|delete)_feature_count_)", re.IGNORECASE)
WRITES_TO = re.compile(
    r"(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|delete\s+from|update)\s+[\"'\[`]?(\w+)", re.IGNORECASE
)
RAISE = re.compile(r"\braise\s*\([^)]*\)", re.IGNORECASE)  # its message may say "update on table"
# A name in quotes may hold blanks: layers are often called "Protected areas".
NAME = r"""(?:"(?:[^"]|"")*"|'(?:[^']|'')*'|`[^`]*`|\[[^\]]*\]|\w+)"""
SPATIAL_INDEX = re.compile(rf"create\s+virtual\s+table\s+{NAME}\s+using\s+rtree\b", re.IGNORECASE)


def check_geopackage(path: Path) -> None:
    """Refuse a database that is no GeoPackage, has unsaved changes beside it, or carries code.

    Raises
    ------
    InputError
        I231 damaged, I253 not a GeoPackage, I254 unsaved changes.
    SecurityError
        X705 triggers, views or virtual tables that a GeoPackage does not need.
    """
    with path.open("rb") as file:
        application_id = file.read(72)[68:]
    if application_id not in APPLICATION_IDS:
        what, remedy = (
            "it is a SQLite database but not a GeoPackage",
            "Save its layers as a GeoPackage (ogr2ogr).",
        )
        raise InputError(what, code="I253", where=path.name, remedy=remedy)
    for ending in ("-journal", "-wal"):
        beside = path.with_name(path.name + ending)
        if beside.is_file() and beside.stat().st_size:
            what = f"{beside.name} beside it holds changes that are not saved"
            remedy = "Close the programs that have it open (QGIS), then run again."
            raise InputError(what, code="I254", where=path.name, remedy=remedy)
    code = code_in(path)
    if code:
        remedy = "Save its layers to a new GeoPackage (ogr2ogr, or QGIS: Save features as)."
        given = ", ".join(code[:5])
        raise SecurityError("it carries code", code="X705", where=path.name, given=given, remedy=remedy)


def code_in(path: Path) -> list[str]:
    """Return what would run in a GeoPackage beyond the standard's own triggers."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            rows = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        what, remedy = f"the database is damaged ({error})", "Copy or download it again."
        raise InputError(what, code="I231", where=path.name, remedy=remedy) from error
    return [
        f"{kind} {name}" for kind, name, sql in rows if not harmless(str(kind), str(name), str(sql or ""))
    ]


def harmless(kind: str, name: str, sql: str) -> bool:
    """Return whether an entry of the database's schema cannot do more than keep an index or a count."""
    if kind == "trigger":
        body = re.split(r"\bbegin\b", sql, maxsplit=1, flags=re.IGNORECASE)[-1]
        touched = WRITES_TO.findall(RAISE.sub("", body))
        return bool(KNOWN_TRIGGERS.match(name)) and all(
            table.lower().startswith(("rtree_", "gpkg_")) for table in touched
        )
    if kind == "table" and re.match(r"\s*create\s+virtual", sql, re.IGNORECASE):
        return bool(SPATIAL_INDEX.match(sql.strip()))
    return kind != "view"
