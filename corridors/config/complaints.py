"""What pydantic found, in the one form a complaint takes here."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corridors.errors import ConfigError, CorridorsError, flatten

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Place = tuple[int | str, ...]

WANTED_TYPES = {
    "string_type": "text in quotes",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "tuple_type": "a list",
    "list_type": "a list",
    "finite_number": "a finite number",
}
LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def complaints(
    found: ValidationError, *, mapping: Mapping[str, Any], schema: Any, said: Callable[[Place], str]
) -> list[CorridorsError]:
    """Return one problem per mistake pydantic found.

    Parameters
    ----------
    found : pydantic.ValidationError
        What it found.
    mapping : mapping
        The workflow as read, presets merged in.
    schema : dict
        JSON Schema of the workflow, from which the allowed keys are read.
    said : callable
        Turns a place in `mapping` into the file and the place in it, in words.
    """
    problems: list[CorridorsError] = []
    for error in found.errors():
        if error["type"] == "too_short" and error["input"]:
            continue  # Entries that were wrong are counted as absent; they have been told.
        own = error.get("ctx", {}).get("error")
        place = real_place(error["loc"], mapping, keep_last=error["type"] in ("missing", "extra_forbidden"))
        where = said(place)
        if isinstance(own, CorridorsError):
            problems += [relocated(single, where) for single in flatten([own])]
        else:
            problems.append(translated(error, place, where=where, keys=allowed_keys(schema, place, mapping)))
    return without_repeats(problems)


def translated(error: ErrorDetails, place: Place, *, where: str, keys: Sequence[str]) -> ConfigError:
    """Return a mistake of pydantic's as one of ours."""
    kind, given = error["type"], shown(error["input"])
    last = str(place[-1]) if place else ""
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(last, keys, n=1, cutoff=0.5)
        remedy = f"Did you mean {near[0]}?" if near else "Remove it."
        return ConfigError(
            f"unknown key {last}", code="C101", where=where, allowed=", ".join(keys), remedy=remedy
        )
    if kind == "missing":
        return ConfigError(f"{last} is missing", code="C104", where=where, remedy=f"Add {last} = ...")
    if kind in WANTED_TYPES or kind.endswith(("_type", "_parsing")):
        wanted = WANTED_TYPES.get(kind, "another type")
        return ConfigError("wrong type", code="C102", where=where, given=given, allowed=wanted)
    what, allowed = out_of_range(error)
    tag = str(error.get("ctx", {}).get("tag", ""))
    near = difflib.get_close_matches(tag, allowed.split(", "), n=1) if tag else []
    remedy = f"Did you mean {near[0]}?" if near else ""
    return ConfigError(what, code="C103", where=where, given=tag or given, allowed=allowed, remedy=remedy)


def out_of_range(error: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong with a value of the right type, and what would do."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in LIMITS:
        name, words = LIMITS[kind]
        return "out of range", f"{words} {context[name]:g}"
    if kind in ("literal_error", "enum"):
        return "not one of the choices", choices(context)
    if kind.startswith("union_tag"):
        return "unknown kind", str(context.get("expected_tags", "")).replace("'", "")
    if kind == "string_pattern_mismatch":
        return "not a name", pattern_words(context)
    return plain(error["msg"]), ""


def choices(context: Mapping[str, Any]) -> str:
    """Return the allowed values of a choice."""
    return str(context["expected"]).replace("'", '"').replace(" or ", ", ")


def pattern_words(context: Mapping[str, Any]) -> str:
    """Return in words what a name may look like."""
    if "A-Z" in str(context["pattern"]):
        return 'two capital letters, such as "CN"'
    return "small letters, digits and underscores, beginning with a letter or digit"


def plain(message: str) -> str:
    """Return pydantic's sentence without its own words in front."""
    return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")


def shown(value: Any) -> str:
    """Return a value as it stands in the file, cut where it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a table with " + (", ".join(map(str, value)) or "nothing")
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def relocated(problem: CorridorsError, where: str) -> CorridorsError:
    """Return the problem with its place in the workflow file put first."""
    inner = problem.where
    place = where if not inner or inner in where else f"{where}, {inner}"
    return type(problem)(
        problem.what,
        code=problem.code,
        where=place,
        given=problem.given,
        allowed=problem.allowed,
        remedy=problem.remedy,
    )


def real_place(location: Iterable[int | str], mapping: Any, *, keep_last: bool) -> Place:
    """Return the keys that are in the file, without the names of models pydantic puts between them."""
    parts = list(location)
    place: list[int | str] = []
    here = mapping
    for position, part in enumerate(parts):
        if isinstance(here, Mapping) and part == "[key]":
            continue
        if isinstance(here, Mapping) and str(part) in here:
            part = str(part)  # noqa: PLW2901 - class numbers are text in TOML
            here = here[part]
        elif (
            isinstance(here, Sequence)
            and not isinstance(here, str)
            and isinstance(part, int)
            and part < len(here)
        ):
            here = here[part]
        elif not (keep_last and position == len(parts) - 1):
            continue
        place.append(part)
    return tuple(place)


def spoken(place: Place, mapping: Mapping[str, Any]) -> str:
    """Return a place as a person finds it: species by number and name, then the keys."""
    if len(place) > 1 and place[0] == "species" and isinstance(place[1], int):
        entry = mapping["species"][place[1]]
        name = entry.get("name") if isinstance(entry, Mapping) else None
        head = f"species {place[1] + 1}" + (f" ({name})" if isinstance(name, str) else "")
        return ", ".join(part for part in (head, dotted(place[2:])) if part)
    return dotted(place)


def dotted(place: Place) -> str:
    """Return keys joined by dots; list entries counted from 1 in brackets."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def allowed_keys(schema: Any, place: Place, mapping: Mapping[str, Any]) -> list[str]:
    """Return the keys allowed beside the last one of `place`, read from the JSON Schema."""
    branches, here = expanded([schema], schema), mapping
    for part in place[:-1]:
        branches = [b for b in branches if fits(b, here)]
        branches = expanded([b for branch in branches for b in below(branch, part)], schema)
        here = here[part] if not isinstance(part, str) or part in here else {}  # type: ignore[index]
    kept = [branch for branch in branches if fits(branch, here)]
    return list(dict.fromkeys(key for branch in kept for key in branch.get("properties", {})))


def expanded(branches: Iterable[Any], schema: Any) -> list[Any]:
    """Return the branches with references followed and unions taken apart."""
    found: list[Any] = []
    for branch in branches:
        if "$ref" in branch:
            found += expanded([schema["$defs"][branch["$ref"].rsplit("/", 1)[1]]], schema)
        elif "anyOf" in branch or "oneOf" in branch:
            found += expanded(branch.get("anyOf") or branch["oneOf"], schema)
        else:
            found.append(branch)
    return found


def below(branch: Any, part: int | str) -> list[Any]:
    """Return what the schema says one key or entry further in."""
    if isinstance(part, int):
        items = branch.get("items")
        return [items] if isinstance(items, dict) else list(branch.get("prefixItems", []))
    inner = branch.get("properties", {}).get(part) or branch.get("additionalProperties")
    patterns = list(branch.get("patternProperties", {}).values())
    return [inner] if isinstance(inner, dict) else patterns


def fits(branch: Any, value: Any) -> bool:
    """Return whether a branch of a union may be the one meant: its `kind` is the value's."""
    kind = branch.get("properties", {}).get("kind", {})
    if not isinstance(value, Mapping) or "kind" not in value or "const" not in kind:
        return True
    return bool(value["kind"] == kind["const"])


def without_repeats(problems: Iterable[CorridorsError]) -> list[CorridorsError]:
    """Return each problem once: a union complains for every branch, the first says enough."""
    kept: dict[str, CorridorsError] = {}
    for problem in problems:
        kept.setdefault(problem.where, problem)
    return list(kept.values())
