"""What may leave a run folder: the one function the report, the QGIS project, logs and messages ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import pandas as pd
import xarray as xr

from corridors.errors import SecurityError
from corridors.schema import (
    COLUMNS,
    CONTEXT,
    DIFF_TABLES,
    DIFF_VECTORS,
    PROPOSED,
    RASTERS,
    RUN_RASTERS,
    TABLES,
    VECTORS,
)

Part = TypeVar("Part")


def publishable(part: Part, *, where: str = "", drop: bool = False) -> Part:
    """Return a part of a result that may leave the run folder.

    Parameters
    ----------
    part : str, list of str, DataArray, Dataset, DataFrame, or mapping of names to these
        Checked by name against the schema; tables column by column.
    where : str
        The product it is meant for, for the message.
    drop : bool
        Leave sensitive entries out instead of refusing.

    Raises
    ------
    SecurityError
        X701 an entry marked sensitive (without `drop`, or where the whole part is one).

    Examples
    --------
    >>> publishable(["suitability", "cores"])
    ['suitability', 'cores']
    """
    found = sensitive_names(part)
    if found and (not drop or isinstance(part, (str, xr.DataArray))):
        what, given = "these are marked sensitive and stay in the run folder", ", ".join(sorted(found))
        remedy = "Publish a generalised product instead."
        raise SecurityError(what, code="X701", where=where, given=given, remedy=remedy)
    return without(part, found) if found else part


def sensitive_names(part: Any) -> set[str]:
    """Return the names in a part of a result that the schema marks sensitive."""
    if isinstance(part, str):
        return {part} if is_sensitive(part) else set()
    if isinstance(part, xr.DataArray):
        return sensitive_names(str(part.name))
    if isinstance(part, xr.Dataset):
        return {name for name in map(str, part.data_vars) if is_sensitive(name)}
    if isinstance(part, pd.DataFrame):
        return {name for name in map(str, [*part.columns, *part.index.names]) if is_sensitive(name)}
    if isinstance(part, Mapping):
        inner = (sensitive_names(value) for value in part.values() if not isinstance(value, str))
        return {name for name in map(str, part) if is_sensitive(name)}.union(*inner)
    if isinstance(part, Iterable):
        return set().union(*(sensitive_names(value) for value in part))
    return set()


def is_sensitive(name: str) -> bool:
    """Return whether any schema entry of this name is marked sensitive."""
    registries = (
        RASTERS,
        RUN_RASTERS,
        VECTORS,
        CONTEXT,
        PROPOSED,
        TABLES,
        DIFF_VECTORS,
        DIFF_TABLES,
        COLUMNS,
    )
    entries = (registry.get(name) for registry in registries)
    return any(entry is not None and entry.sensitivity == "sensitive" for entry in entries)


def without(part: Any, names: set[str]) -> Any:
    """Return a part without the entries of these names."""
    if isinstance(part, xr.Dataset):
        return part.drop_vars(sorted(names & set(map(str, part.data_vars))))
    if isinstance(part, pd.DataFrame):
        kept = part.reset_index(drop=True) if names & set(map(str, part.index.names)) else part
        return kept.drop(columns=sorted(names & set(map(str, kept.columns))))
    if isinstance(part, Mapping):
        return {key: without(value, names) for key, value in part.items() if str(key) not in names}
    if isinstance(part, (list, tuple, set, frozenset)):
        return type(part)(value for value in part if value not in names)
    return part
