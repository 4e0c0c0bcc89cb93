"""Reading several files although one of them is wrong, so that all problems are told at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from corridors.errors import CorridorsError

Given = ParamSpec("Given")
Found = TypeVar("Found")
Otherwise = TypeVar("Otherwise")


def attempt(
    problems: list[CorridorsError],
    otherwise: Otherwise,
    read: Callable[Given, Found],
    *given: Given.args,
    **named: Given.kwargs,
) -> Found | Otherwise:
    """Return what `read` returns; a problem is put aside, and `otherwise` returned."""
    try:
        return read(*given, **named)
    except CorridorsError as error:
        problems.append(error)
        return otherwise
