"""Values and remarks as they stand in a workflow file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from corridors.errors import printable

WIDTH = 110


def toml_value(value: Any) -> str:
    """Return a plain value as TOML writes it on one line.

    Examples
    --------
    >>> toml_value({"primary": 1}), toml_value(["name:en", "name"]), toml_value(True)
    ('{ primary = 1 }', '["name:en", "name"]', 'true')
    """
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml_key(str(k))} = {toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return quoted(value) if isinstance(value, str) else f"{value:g}"


def toml_key(key: str) -> str:
    """Return a key, in quotation marks where it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key)


def quoted(text: str) -> str:
    """Return a text in quotation marks, as JSON and TOML both read it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def remarks(texts: Iterable[str], *, lead: str = "") -> list[str]:
    r"""Return texts as comment lines; what a file says cannot leave its comment.

    Examples
    --------
    >>> remarks(["two\nlines"], lead="QUESTION: ")
    ['# QUESTION: two lines']
    """
    return [line for text in texts for line in folded(f"{lead}{text}")]


def folded(text: str) -> list[str]:
    """Return a text as comment lines of a readable width."""
    words = printable(" ".join(text.split())).split(" ")
    lines, line = [], "#"
    for word in words:
        if len(line) + 1 + len(word) > WIDTH and line != "#":
            lines.append(line)
            line = "#  "
        line = f"{line} {word}"
    return [*lines, line]
