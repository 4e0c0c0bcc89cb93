"""Ini files of other programs: their options, the files they name, and where their outputs go."""

from __future__ import annotations

import os
from pathlib import Path

from corridors.errors import ConfigError, OutputError, raise_all
from corridors.io.packed import whole_content
from corridors.io.paths import plain_file

MOST_INI_BYTES = 1_000_000


def read_ini(path: str | Path) -> dict[str, str]:
    """Return the options of an ini file; sections, comments and empty lines mean nothing.

    Raises
    ------
    ConfigError
        C102 a line without "=", C103 an option twice with different values; all, with the number of the line.
    """
    full = plain_file(path)
    content = whole_content(full, most_bytes=MOST_INI_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # as older programs on Windows wrote it
    options: dict[str, str] = {}
    problems: list[ConfigError] = []
    for number, line in enumerate(text.splitlines(), start=1):
        plain = line.strip()
        if not plain or plain.startswith(("[", "#", ";")):
            continue
        where = f"{full.name}, line {number}"
        name, sign, value = (part.strip() for part in plain.partition("="))
        if not sign or not name:
            what, allowed = "not an option", "name = value"
            problems.append(ConfigError(what, code="C102", where=where, given=plain[:60], allowed=allowed))
        elif options.setdefault(name.lower(), value) != value:
            given = f"{name} = {options[name.lower()]} and {value}"
            problems.append(ConfigError("an option stands twice", code="C103", where=where, given=given))
    raise_all(problems)
    return options


def resolve_beside(ini: str | Path, name: str) -> str:
    r"""Return the path of a file that an ini file names, relative to its own folder.

    Examples
    --------
    >>> resolve_beside("/cases/case.ini", r"maps\habitat.asc")
    '/cases/maps/habitat.asc'
    """
    base = Path(ini).parent
    # On Windows a backslash parts folders already; elsewhere the file was written there.
    usual = name if os.name == "nt" or (base / name).exists() else name.replace("\\", "/")
    return str(base / usual.strip('"'))


def file_name(path: str) -> str:
    """Return the last part of a path."""
    return Path(path).name


def output_place(path: str | Path, *, out: str | Path | None) -> str:
    """Return where outputs named like `path` go: beside it, or in the folder `out`, made where it is missing.

    Raises
    ------
    OutputError
        O403 no such folder, or not one to write in.
    """
    target = Path(path) if out is None else Path(out) / Path(path).name
    try:
        if out is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
        usable = target.parent.is_dir() and os.access(target.parent, os.W_OK)
    except OSError:
        usable = False
    if not usable:
        what, remedy = "its folder does not exist or cannot be written to", "Name another with --out."
        raise OutputError(what, code="O403", where=target.parent.name or "output folder", remedy=remedy)
    return str(target)
