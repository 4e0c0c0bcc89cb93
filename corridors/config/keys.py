"""Every key of a workflow file as a table, read from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corridors.config.complaints import expanded
from corridors.config.load import json_schema

DEEPEST = 8


def key_table() -> list[tuple[str, str, str, str]]:
    """Return key, type, default and meaning of everything a workflow file may hold.

    Examples
    --------
    >>> [row[1] for row in key_table() if row[0] == "area.cell_size_m"]
    ['number > 0']
    """
    schema = json_schema()
    return list(dict.fromkeys(rows_below("", schema, schema, DEEPEST)))


def rows_below(prefix: str, branch: Any, schema: Any, depth: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows of the keys of one table and of the tables in it."""
    required = branch.get("required", [])
    for key, value in branch.get("properties", {}).items():
        branches = expanded([value], schema)
        place = f"{prefix}{key}"
        default = "(required)" if key in required else in_words(value.get("default"))
        kinds = ", ".join(dict.fromkeys(filter(None, map(kind_of, branches))))
        yield place, kinds, default, meaning_of(value, branches)
        if depth:
            for inner in branches:
                yield from rows_inside(place, inner, schema, depth - 1)


def rows_inside(place: str, branch: Any, schema: Any, depth: int) -> Iterator[tuple[str, str, str, str]]:
    """Yield the rows below a key that holds a table, a table of tables, or a list of tables."""
    if "properties" in branch:
        yield from rows_below(f"{place}.", branch, schema, depth)
    for more, ending in (
        ("additionalProperties", ".<name>."),
        ("items", "[]."),
        ("patternProperties", ".<name>."),
    ):
        inner = branch.get(more)
        if more == "patternProperties" and isinstance(inner, dict):
            inner = next(iter(inner.values()))
        if isinstance(inner, dict):
            for one in expanded([inner], schema):
                yield from rows_below(f"{place}{ending}", one, schema, depth)


def kind_of(branch: Any) -> str:
    """Return the type and the limits of a value in words."""
    if "const" in branch:
        return f'"{branch["const"]}"'
    if "enum" in branch:
        return ", ".join(f'"{choice}"' for choice in branch["enum"])
    words = {
        "object": "table",
        "array": "list",
        "string": "text",
        "integer": "whole number",
        "boolean": "true, false",
    }
    kind = branch.get("type", "")
    if kind == "null":
        return ""
    limits = {"exclusiveMinimum": ">", "minimum": ">=", "exclusiveMaximum": "<", "maximum": "<="}
    parts = [f"{sign} {branch[name]:g}" for name, sign in limits.items() if name in branch]
    return " ".join([words.get(kind, kind), *parts])


def meaning_of(value: Any, branches: list[Any]) -> str:
    """Return the first line of the description of a key, or of the table it holds."""
    texts = [value.get("description", ""), *(branch.get("description", "") for branch in branches)]
    return next((text.split("\n\n")[0].replace("\n", " ") for text in texts if text), "")


def in_words(default: Any) -> str:
    """Return a default as it would stand in the file; nothing for an empty one."""
    return "" if default in (None, [], {}) or isinstance(default, dict) else str(default)
