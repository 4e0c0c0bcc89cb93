"""From the lines of an Omniscape ini file to its options; everything wrong with them at once."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corridors.circuit.omniscape.options import (
    CHOICES,
    FORMER_NAMES,
    HONOURED,
    IGNORED,
    PATHS,
    SOLVERS,
    Options,
    needed_paths,
)
from corridors.errors import ConfigError, CorridorsError, raise_all

SWITCH = {"true": True, "false": False}
SMALLEST = {"radius": 1, "block_size": 1, "buffer": 0}
DEFAULTS = Options()


def parse_options(given: Mapping[str, str], *, where: str) -> tuple[Options, list[str]]:
    """Return the options of an ini file, and what is worth saying about them.

    Parameters
    ----------
    given
        Names in lower case and values, as `corridors.io.read_ini` returns them.
    where
        Name of the file, for complaints.

    Raises
    ------
    ConfigError
        Every problem at once: C102 a value not allowed, C104 an option that is needed and not given.

    Examples
    --------
    >>> case = {"resistance_file": "r.asc", "source_file": "s.asc", "radius": "5", "project_name": "out"}
    >>> options, said = parse_options({**case, "block_size": "2", "solver": "fast"}, where="case.ini")
    >>> options.block_size, said[0]
    (3, 'block_size is even; 3 is taken')
    """
    named = {FORMER_NAMES[name]: text for name, text in given.items() if name in FORMER_NAMES}
    named |= {name: text for name, text in given.items() if name not in FORMER_NAMES}
    problems: list[CorridorsError] = []
    values: dict[str, Any] = {}
    for name in HONOURED:
        text = named.get(name, "")
        if name in PATHS:
            values[name] = "" if is_placeholder(text) else text
        elif text and not (is_placeholder(text) and name == "radius"):
            value = meant(name, text)
            if value is None:
                problems.append(not_allowed(name, text, where))
            else:
                values[name] = value
    options = Options(**values)
    problems += missing(options, named, where)
    raise_all(problems)
    used = needed_paths(options)
    unused: dict[str, Any] = {name: "" for name in PATHS if name not in used}
    options = replace(options, **unused)
    said = said_of(options, named)
    return replace(options, block_size=options.block_size + (options.block_size + 1) % 2), said


def meant(name: str, text: str) -> Any:
    """Return the value a text stands for, None where it stands for none."""
    default, plain = getattr(DEFAULTS, name), text.lower()
    if name == "solver":
        return plain if plain in SOLVERS else SOLVERS[0]
    if name in CHOICES:
        plain = "equal" if plain == "equals" else plain
        return plain if plain in CHOICES[name] else None
    if isinstance(default, bool):
        return SWITCH.get(plain)
    try:
        number = float(text)
    except ValueError:
        return None
    if isinstance(default, int):
        return round(number) if math.isfinite(number) and round(number) >= SMALLEST[name] else None
    return None if math.isnan(number) or (name == "r_cutoff" and number < 0) else number


def not_allowed(name: str, text: str, where: str) -> ConfigError:
    """Return the complaint about a value that an option does not take."""
    allowed = "a number"
    if name in CHOICES:
        allowed = ", ".join(CHOICES[name])
    elif isinstance(getattr(DEFAULTS, name), bool):
        allowed = "true, false"
    elif name in SMALLEST:
        allowed = f"a whole number, {SMALLEST[name]} or more"
    what = "not a value this option takes"
    return ConfigError(what, code="C102", where=f"{where}, {name}", given=text, allowed=allowed)


def is_placeholder(text: str) -> bool:
    """Return whether a text stands where a path has not been entered yet."""
    return text.lower() in ("", "none") or (text.startswith("(") and text.endswith(")"))


def missing(options: Options, given: Mapping[str, str], where: str) -> list[CorridorsError]:
    """Return a complaint for every option that this case needs and the file leaves open."""
    names = [name for name in needed_paths(options) if not getattr(options, name)]
    if is_placeholder(given.get("radius", "")):
        names.append("radius")
    return [
        ConfigError(
            f"{name} is needed and not given",
            code="C104",
            where=where,
            given=given.get(name, ""),
            remedy="Write the radius in cells."
            if name == "radius"
            else "Write its name; it is taken relative to the folder of the ini file.",
        )
        for name in names
    ]


def said_of(options: Options, given: Mapping[str, str]) -> list[str]:
    """Return what a user should know about the options of a case."""
    said = []
    if options.block_size % 2 == 0:
        said.append(f"block_size is even; {options.block_size + 1} is taken")
    if given.get("solver", SOLVERS[0]).lower() not in SOLVERS:
        said.append(f"no such solver: {given['solver']}; {SOLVERS[0]} is taken")
    elif "solver" in given:
        said.append("solver: windows are solved by the method that suits the radius, whatever it says")
    if not options.write_raw_currmap:
        said.append("write_raw_currmap = false: the current is written all the same")
    ignored = [name for name in given if name in IGNORED]
    if ignored:
        said.append(f"ignored, they mean nothing here: {', '.join(ignored)}")
    unknown = [hinted(name) for name in given if name not in HONOURED and name not in IGNORED]
    if unknown:
        said.append(f"ignored, Omniscape has no such options: {', '.join(unknown)}")
    return said


def hinted(name: str) -> str:
    """Return an unknown name, and the known one it looks like."""
    close = difflib.get_close_matches(name, HONOURED, n=1, cutoff=0.85)
    return f"{name} (did you mean {close[0]}?)" if close else name
