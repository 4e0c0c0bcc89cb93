"""From the lines of a Circuitscape ini file to its options; everything wrong with them at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from corridors.circuit.circuitscape.options import (
    CHOICES,
    HONOURED,
    IGNORED,
    RASTER_ONLY,
    SWITCHED_FILES,
    Options,
)
from corridors.errors import ConfigError, CorridorsError, raise_all

YES, NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")
UNSET = ("", "none", "not entered")
DEFAULTS = Options()


def parse_options(given: Mapping[str, str], *, where: str) -> tuple[Options, list[str]]:
    """Return the options of an ini file, and what is worth saying about them.

    Parameters
    ----------
    given : mapping of str to str
        Names in lower case and values, as `corridors.io.read_ini` returns them.
    where : str
        Name of the file, for complaints.

    Returns
    -------
    Options
    list of str
        One sentence on the options that are ignored, one on those that are unknown, one for each that
        Circuitscape 5 would not honour.

    Raises
    ------
    ConfigError
        Every problem at once: C101 an unknown name close to a known one, C102 a value not allowed, C104 an
        option that is needed and not given.

    Examples
    --------
    >>> options, said = parse_options(
    ...     {
    ...         "scenario": "pairwise",
    ...         "habitat_file": "r.asc",
    ...         "point_file": "p.txt",
    ...         "output_file": "a.out",
    ...         "solver": "cholmod",
    ...     },
    ...     where="case.ini",
    ... )
    >>> options.connect_using_avg_resistances, said
    (False, ['ignored, they mean nothing here: solver'])
    """
    problems: list[CorridorsError] = misspelt(given, where)
    values: dict[str, Any] = {}
    for name in HONOURED:
        text = given.get(name, "").strip()
        default = getattr(DEFAULTS, name)
        if name.endswith("_file") or name == "version":
            values[name] = "" if is_placeholder(text) else text
            continue
        value = default if text.lower() in UNSET else meant(name, text)
        if value is None:
            allowed = ", ".join(CHOICES.get(name, ("True", "False")))
            what = "not a value this option takes"
            problems.append(
                ConfigError(what, code="C102", where=f"{where}, {name}", given=text, allowed=allowed)
            )
            value = default
        values[name] = value
    options = Options(**values)
    problems += missing(options, given, where)
    raise_all(problems)
    return with_used_files(options), said_of(options, given)


def meant(name: str, text: str) -> str | bool | None:
    """Return the value a text stands for, None where it stands for none."""
    plain = text.lower().replace("_", "-")
    if name in CHOICES:
        return plain if plain in CHOICES[name] else None
    return {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}.get(plain)


def is_placeholder(text: str) -> bool:
    """Return whether a text stands where a path has not been entered yet."""
    return text.lower() in UNSET or (text.startswith("(") and text.endswith(")"))


def misspelt(given: Mapping[str, str], where: str) -> list[CorridorsError]:
    """Return a complaint for every unknown name that looks like a known one."""
    found: list[CorridorsError] = []
    for name in unknown(given):
        close = difflib.get_close_matches(name, (*HONOURED, *IGNORED), n=1, cutoff=0.85)
        if close:
            remedy = f"Did you mean {close[0]}?"
            found.append(ConfigError("no such option", code="C101", where=where, given=name, remedy=remedy))
    return found


def unknown(given: Iterable[str]) -> list[str]:
    """Return the names that no version of Circuitscape reads."""
    return [name for name in given if name not in HONOURED and name not in IGNORED]


def needed_files(options: Options) -> list[str]:
    """Return the names of the options whose files this case reads or writes."""
    advanced = options.scenario == "advanced"
    names = [
        "habitat_file",
        "output_file",
        *(("source_file", "ground_file") if advanced else ("point_file",)),
    ]
    for name, switch in SWITCHED_FILES.items():
        unused = switch in RASTER_ONLY and options.network
        unused |= name == "included_pairs_file" and advanced
        unused |= name == "variable_source_file" and options.scenario not in ("one-to-all", "all-to-one")
        if getattr(options, switch) and not unused:
            names.append(name)
    return names


def missing(options: Options, given: Mapping[str, str], where: str) -> list[CorridorsError]:
    """Return a complaint for every option that this case needs and the file leaves open."""
    found: list[CorridorsError] = []
    if given.get("scenario", "").lower() in UNSET:
        allowed = ", ".join(CHOICES["scenario"])
        what = "scenario is not given"
        found.append(ConfigError(what, code="C104", where=where, allowed=allowed))
    elif options.network and options.scenario not in ("pairwise", "advanced"):
        what, allowed = "a network has no such scenario", "pairwise, advanced"
        place = f"{where}, scenario"
        found.append(ConfigError(what, code="C102", where=place, given=options.scenario, allowed=allowed))
    for name in needed_files(options):
        if not getattr(options, name):
            what, text = f"{name} is needed and not given", given.get(name, "")
            remedy = "Write the name of the file; it is taken relative to the folder of the ini file."
            found.append(ConfigError(what, code="C104", where=where, given=text, remedy=remedy))
    return found


def with_used_files(options: Options) -> Options:
    """Return the options without the files that this case does not read."""
    used = needed_files(options)
    kept = {name: getattr(options, name) for name in HONOURED if not name.endswith("_file") or name in used}
    return Options(**kept)


def said_of(options: Options, given: Mapping[str, str]) -> list[str]:
    """Return what a user should know about the options of a case."""
    without_effect = [name for name in given if name in IGNORED]
    if options.network:
        without_effect += [name for name in RASTER_ONLY if getattr(options, name)]
    used = needed_files(options)
    for name, switch in SWITCHED_FILES.items():
        if getattr(options, switch) and name not in used and switch not in without_effect:
            without_effect.append(switch)
    said = []
    if without_effect:
        said.append(f"ignored, they mean nothing here: {', '.join(without_effect)}")
    if unknown(given):
        said.append(f"ignored, no version of Circuitscape has them: {', '.join(unknown(given))}")
    if options.use_reclass_table:
        said.append("use_reclass_table is honoured; Circuitscape 5 dropped it")
    if options.set_focal_node_currents_to_zero and not options.network:
        said.append("set_focal_node_currents_to_zero is honoured; Circuitscape 5.17 does not")
    return said
