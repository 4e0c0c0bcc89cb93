"""Read and write workflow files (TOML)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from corridors.errors import ConfigError, OutputError
from corridors.io.writer import write_text

LARGEST_BYTES = 1_000_000


def read_toml(path: str | Path) -> dict[str, Any]:
    """Return what a TOML file says.

    Raises
    ------
    ConfigError
        C110 no such file, C111 not TOML (with the line), C112 not UTF-8 text or over 1 MB.
    """
    file = Path(path)
    if not file.is_file():
        remedy = "Check the name, or make one with `corridors init`."
        raise ConfigError("there is no such workflow file", code="C110", where=file.name, remedy=remedy)
    if file.stat().st_size > LARGEST_BYTES:
        raise ConfigError("too large for a workflow", code="C112", where=file.name, allowed="1 MB")
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        remedy = "Save it as UTF-8."
        raise ConfigError("it is not UTF-8 text", code="C112", where=file.name, remedy=remedy) from error
    except tomllib.TOMLDecodeError as error:
        what = f"not valid TOML: {error}"
        raise ConfigError(what, code="C111", where=file.name) from error


def write_toml(path: str | Path, content: Mapping[str, Any]) -> None:
    """Write a mapping, or a tomlkit document with its comments, as TOML."""
    try:
        text = tomlkit.dumps(content)
    except (TOMLKitError, TypeError, ValueError) as error:
        what = f"cannot be said in TOML: {error}"
        raise OutputError(what, code="O405", where=Path(path).name) from error
    write_text(path, text)
