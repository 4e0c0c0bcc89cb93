"""A number of a preset: its value, unit, sensible range, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mark = Literal["default", "literature"]


@dataclass(frozen=True)
class Parameter:
    """One value of a preset.

    `mark` is "literature" where the value was published for the species, and "default" where it is a proposal
    of this project that nobody has measured. `source` says which publication, or why this value.
    """

    value: Any
    unit: str
    range: str
    source: str
    mark: Mark = "default"


def default(value: Any, unit: str, sensible: str, why: str) -> Parameter:
    """Return a proposal of this project."""
    return Parameter(value, unit, sensible, why, "default")


def literature(value: Any, unit: str, sensible: str, source: str) -> Parameter:
    """Return a published value."""
    return Parameter(value, unit, sensible, source, "literature")


def per_class(
    path: str, values: Mapping[int, float], unit: str, sensible: str, why: str
) -> dict[str, Parameter]:
    """Return a parameter for every class of a table, proposals all of them.

    Examples
    --------
    >>> sorted(per_class("scores", {4: 0.8, 5: 0.9}, "0-1", "0-1", "default"))
    ['scores.4', 'scores.5']
    """
    return {f"{path}.{number}": default(value, unit, sensible, why) for number, value in values.items()}


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return values keyed by dotted paths as tables within tables, lists copied.

    Examples
    --------
    >>> nested({"cores.floor": 0.2, "cores.threshold": 0.7, "name": "x"})
    {'cores': {'floor': 0.2, 'threshold': 0.7}, 'name': 'x'}
    """
    result: dict[str, Any] = {}
    for path, value in flat.items():
        *tables, key = path.split(".")
        table = result
        for name in tables:
            table = table.setdefault(name, {})
        table[key] = list(value) if isinstance(value, (list, tuple)) else value
    return result
