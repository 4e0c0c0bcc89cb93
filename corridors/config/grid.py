"""A grid of parameters: every combination of some values makes a case of its own.

`[grid]` names keys of a species by their dotted path, each with the values to try; what comes out are
entries of species as one could have written them by hand.
"""

from __future__ import annotations

import copy
import difflib
import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corridors.errors import ConfigError, CorridorsError

GRID = "grid"
MOST_CASES = 64
FIXED = ("name", "landscape", "season", "scenario")
BASELINE = "baseline"
UNITS = ("_per_100_km2", "_km2", "_km", "_m", "_deg", "_percent")

Place = tuple[int | str, ...]
Axes = dict[str, list[Any]]


@dataclass(frozen=True)
class Expanded:
    """Species entries after the grid, the number each had in the file, and the keys varied in each."""

    entries: list[Any]
    numbers: tuple[int, ...]
    keys: tuple[tuple[str, ...], ...]

    def in_file(self, place: Place) -> Place:
        """Return a place in the expanded workflow as one of the file: in the grid, or in the entry."""
        if len(place) < 2 or place[0] != "species" or not isinstance(place[1], int):
            return place
        inner = ".".join(map(str, place[2:]))
        varied = self.keys[place[1]]
        key = next((key for key in varied if f"{inner}.".startswith(f"{key}.")), None)
        number = self.numbers[place[1]]
        return ("species", number, *place[2:]) if key is None else (GRID, key)


def expanded_species(
    mapping: Mapping[str, Any], *, where: str, problems: list[CorridorsError]
) -> Expanded | None:
    """Return the entries of species with every combination of the grid; None where there is no list of them.

    Parameters
    ----------
    mapping : mapping
        The workflow, presets filled in.
    where : str
        File of the grid, for messages.
    problems : list
        Gets C102 no list, C103 an empty or repeated value, C142 a key or species the grid cannot vary,
        C143 too many cases.
    """
    entries = mapping.get("species")
    if not isinstance(entries, list):
        return None
    untouched = Expanded(list(entries), tuple(range(len(entries))), ((),) * len(entries))
    if GRID not in mapping:
        return untouched
    found: list[CorridorsError] = []
    axes, names = axes_of(mapping[GRID], entries, where, found)
    chosen = [isinstance(entry, Mapping) and entry.get("name") in names for entry in entries]
    if not found:
        found += too_many(axes, chosen, where)
    problems += found
    if found:
        return untouched
    made = [
        (variant, number, tuple(axes) if varied else ())
        for number, (entry, varied) in enumerate(zip(entries, chosen, strict=True))
        for variant in (variants(entry, axes) if varied else [entry])
    ]
    variant_entries, numbers, keys = zip(*made, strict=True)
    return Expanded(list(variant_entries), numbers, keys)


def too_many(axes: Axes, chosen: list[bool], where: str) -> list[CorridorsError]:
    """Return the problem of a grid with more cases than anybody can look at."""
    combinations = math.prod(len(values) for values in axes.values())
    cases = sum(combinations if one else 1 for one in chosen)
    if cases <= MOST_CASES:
        return []
    sizes = " x ".join(str(len(values)) for values in axes.values())
    what, given = f"the grid makes {cases} cases", f"{sizes} values for {sum(chosen)} species"
    remedy = "Give fewer values or species, or split it into workflows that extend one."
    allowed = f"at most {MOST_CASES}"
    return [ConfigError(what, code="C143", where=where, given=given, allowed=allowed, remedy=remedy)]


def axes_of(grid: Any, entries: list[Any], where: str, found: list[CorridorsError]) -> tuple[Axes, list[str]]:
    """Return the values of every dotted key of a grid, and the names of the species it varies."""
    if not isinstance(grid, Mapping):
        found.append(ConfigError("wrong type", code="C102", where=where, given=str(grid), allowed="a table"))
        return {}, []
    known = [str(entry.get("name")) for entry in entries if isinstance(entry, Mapping)]
    names = grid.get("species", list(dict.fromkeys(known)))
    if not isinstance(names, list) or not names:
        allowed, place = "a list of names of species", f"{where}.species"
        found.append(ConfigError("wrong type", code="C102", where=place, given=str(names), allowed=allowed))
        names = []
    for name in (name for name in names if name not in known):
        near = difflib.get_close_matches(str(name), known, n=1)
        remedy = f"Did you mean {near[0]}?" if near else ""
        what, allowed = "there is no such species", ", ".join(dict.fromkeys(known))
        place = f"{where}.species"
        found.append(
            ConfigError(what, code="C142", where=place, given=str(name), allowed=allowed, remedy=remedy)
        )
    axes = dict(flat({key: value for key, value in grid.items() if key != "species"}))
    for key, values in axes.items():
        found += axis_problems(key, values, f"{where}, {key}")
    if not axes and not found:
        remedy = 'Add one, such as "movement.shape" = [2, 8, 16].'
        found.append(ConfigError("the grid varies no key", code="C142", where=where, remedy=remedy))
    return axes, names


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield dotted keys and their values: `movement.shape = …` without quotes is a table to TOML."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def axis_problems(key: str, values: Any, where: str) -> list[CorridorsError]:
    """Return what is wrong with one key of a grid."""
    if key.partition(".")[0] in FIXED:
        remedy = "Write another [[species]] entry, or a workflow that extends this one."
        return [ConfigError(f"{key} cannot be varied", code="C142", where=where, remedy=remedy)]
    if not isinstance(values, list):
        allowed = "a list of values"
        return [ConfigError("wrong type", code="C102", where=where, given=str(values), allowed=allowed)]
    repeated = [value for number, value in enumerate(values) if value in values[:number]]
    if not values or repeated:
        what = "a value comes twice" if repeated else "the list is empty"
        given, allowed = ", ".join(map(words, repeated)), "one value or more, each once"
        return [ConfigError(what, code="C103", where=where, given=given, allowed=allowed)]
    return []


def variants(entry: Mapping[str, Any], axes: Axes) -> Iterator[dict[str, Any]]:
    """Yield an entry once for every combination, the last key changing fastest; its scenario says which."""
    said = labels(axes)
    scenario = entry.get("scenario", BASELINE)
    for numbers in itertools.product(*(range(len(values)) for values in axes.values())):
        variant = copy.deepcopy(dict(entry))
        parts = [] if scenario == BASELINE else [str(scenario)]
        for key, number in zip(axes, numbers, strict=True):
            put(variant, key, axes[key][number])
            parts.append(said[key][number])
        yield variant | {"scenario": ", ".join(parts)}


def put(entry: dict[str, Any], key: str, value: Any) -> None:
    """Set the value at a dotted key; a table is laid over the one that is there."""
    *tables, last = key.split(".")
    for name in tables:
        inner = entry.get(name)
        if not isinstance(inner, dict):
            inner = entry[name] = {}
        entry = inner
    before, kept = entry.get(last), copy.deepcopy(value)
    if isinstance(before, dict) and isinstance(value, dict):
        same_kind = value.get("kind", before.get("kind")) == before.get("kind")
        kept = before | kept if same_kind else kept
    entry[last] = kept


def labels(axes: Axes) -> dict[str, list[str]]:
    """Return every value of a grid in plain words, as long as it takes to tell the keys apart.

    Examples
    --------
    >>> labels({"movement.shape": [2, 8.0], "cores.min_area_km2": [250]})
    {'movement.shape': ['shape 2', 'shape 8'], 'cores.min_area_km2': ['min area 250 km2']}
    """
    short = {key: last_parts(key, 1) for key in axes}
    texts = list(short.values())
    short = {key: text if texts.count(text) == 1 else last_parts(key, 2) for key, text in short.items()}
    found = {}
    for key, values in axes.items():
        unit = next((unit for unit in UNITS if key.endswith(unit)), "")
        name = short[key].removesuffix(unit).replace("_", " ")
        ending = unit.replace("_percent", " %").replace("_", " ")
        numbered = any(isinstance(value, Mapping) for value in values)
        said = [str(n) for n in range(1, len(values) + 1)] if numbered else list(map(words, values))
        found[key] = [f"{name} {text}{ending}" for text in said]
    return found


def last_parts(key: str, count: int) -> str:
    """Return the last parts of a dotted key."""
    return " ".join(key.split(".")[-count:])


def words(value: Any) -> str:
    """Return a value in plain words.

    Examples
    --------
    >>> words(0.6), words([35, 70]), words("linear"), words(True)
    ('0.6', '35 and 70', 'linear', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return " and ".join(map(words, value))
    return f"{value:g}" if isinstance(value, (int, float)) else str(value).replace("_", " ")
