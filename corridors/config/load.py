"""From the text of a workflow file to a checked `Workflow`."""

from __future__ import annotations

import copy
import datetime
import json
import posixpath
from collections.abc import Mapping
from os import PathLike, fspath
from typing import Any, TypeVar

import tomlkit
from pydantic import BaseModel, ValidationError

from corridors import presets
from corridors.config.complaints import Place, complaints, real_place, relocated, spoken
from corridors.config.edits import Override
from corridors.config.extends import EXTENDS, files_at, read_workflow
from corridors.config.grid import GRID, expanded_species
from corridors.config.species import Species
from corridors.config.workflow import Area, Data, Workflow, WorkflowFile
from corridors.errors import ConfigError, CorridorsError, flatten, raise_all
from corridors.layers.spec import LayerSpec

Part = TypeVar("Part", bound=BaseModel)


def load_workflow(path: str | PathLike[str]) -> Workflow:
    """Return the workflow a TOML file describes, presets filled in.

    Parameters
    ----------
    path : str or path
        The file. Paths in it are relative to its folder; `extends` names a file it is laid over, `[grid]`
        keys of which every combination makes a case.

    Returns
    -------
    Workflow

    Raises
    ------
    ConfigError
        C101 unknown key, C102 wrong type, C103 out of range, C104 missing, C108 unknown layer, C109 no such
        preset, C113 the same case twice, C120 weights, C121 AHP matrix, C122 response,
        C125 barrier or opening of another kind, C126 class of a barrier, C130 a link of one core, C131 a
        pair twice, C132 excluded and wanted at once, C133 an override that sets and multiplies, C134 one of
        an unknown species; C140 and C141 as `read_workflow`, C142 a key the grid cannot vary, C143 too many
        cases.
    Problems
        Several of them: all that are in the file.
    """
    text = fspath(path)
    mapping, origins = read_workflow(text)
    workflow = parse_workflow(mapping, where=file_name(text), origins=origins)
    return workflow.in_folder(folder_of(text))


def file_name(path: str) -> str:
    """Return the last part of a path."""
    return posixpath.basename(str(path).replace("\\", "/"))


def folder_of(path: str) -> str:
    """Return the folder of a file, "." where it has none."""
    return posixpath.dirname(str(path).replace("\\", "/")) or "."


def parse_workflow(mapping: Mapping[str, Any], *, where: str = "workflow", origins: Any = None) -> Workflow:
    """Return the workflow a mapping describes, presets filled in and the grid expanded.

    Parameters
    ----------
    mapping : mapping
        As read from TOML.
    where : str
        What to call the file in messages.
    origins : tree, optional
        From `read_workflow`: which file each value stands in.

    Raises
    ------
    ConfigError, Problems
        As `load_workflow`.
    """
    if EXTENDS in mapping:
        what, remedy = "a mapping extends no file", "Read the file with load_workflow."
        raise ConfigError(what, code="C140", where=where, remedy=remedy)
    problems: list[CorridorsError] = []
    filled = with_presets(mapping, where=where, problems=problems, origins=origins)
    grid_place = f"{files_at(origins, (GRID,), where)}, {GRID}"
    species = expanded_species(filled, where=grid_place, problems=problems)

    def said(place: Place) -> str:
        known = place if species is None else species.in_file(place)
        return ", ".join(part for part in (files_at(origins, known, where), spoken(known, filled)) if part)

    whole = {key: value for key, value in filled.items() if key != GRID}
    whole |= {} if species is None else {"species": species.entries}
    try:
        # In JSON mode lists become tuples and table keys numbers, and nothing else is converted.
        workflow = Workflow.model_validate_json(json.dumps(whole, default=as_text), strict=True)
    except ValidationError as found:
        raise_all([*problems, *complaints(found, mapping=whole, schema=json_schema(), said=said)])
    except CorridorsError as found:
        raise_all([*problems, *(relocated(problem, where) for problem in flatten([found]))])
    else:
        raise_all(problems)
        return workflow
    what = "the workflow cannot be read"
    raise ConfigError(what, where=where)


def sound_parts(mapping: Mapping[str, Any]) -> Workflow | None:
    """Return what is sound in a mapping that is not, so that its layers can be checked all the same.

    Unknown keys are passed over, wrong layers and species left out. None where not even the area holds.
    """
    filled = with_presets(mapping, where="", problems=[])
    area, data = sound(Area, filled.get("area")), sound(Data, filled.get("data"))
    layers, entries = filled.get("layers"), filled.get("species")
    if area is None or data is None or not isinstance(layers, dict):
        return None
    specs = {name: spec for name, value in layers.items() if (spec := sound(LayerSpec, value)) is not None}
    species = [sound(Species, entry) for entry in entries] if isinstance(entries, list) else []
    kept = tuple(one for one in species if one is not None)
    given = filled.get("override")
    overrides = [sound(Override, entry) for entry in given] if isinstance(given, list) else []
    if area.margin_km is None and not kept:
        area = area.model_copy(update={"margin_km": 0.0})
    title = str(filled.get("title", "workflow"))
    return Workflow.model_construct(
        name="workflow",
        title=title,
        data=data,
        area=area,
        layers=specs,
        species=kept,
        override=tuple(one for one in overrides if one is not None),
    )


def sound(model: type[Part], value: Any) -> Part | None:
    """Return a part of the workflow, unknown keys passed over; None where it is wrong otherwise."""
    try:
        return model.model_validate_json(json.dumps(value, default=as_text), strict=True)
    except ValidationError as error:
        found = error.errors()
    except CorridorsError:
        return None
    if any(mistake["type"] != "extra_forbidden" for mistake in found):
        return None
    cleaned = copy.deepcopy(value)
    for mistake in found:
        *tables, key = real_place(mistake["loc"], value, keep_last=True)
        holder = cleaned
        for name in tables:
            holder = holder[name]
        holder.pop(key, None)
    return sound(model, cleaned) if cleaned != value else None


def with_presets(
    mapping: Mapping[str, Any], *, where: str, problems: list[CorridorsError], origins: Any = None
) -> dict[str, Any]:
    """Return the mapping with each species filled up from its preset; the file's own values win."""
    filled = copy.deepcopy(dict(mapping))
    entries = filled.get("species")
    if not isinstance(entries, list):
        return filled
    known = presets.names()
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        pair = (entry.get("name"), entry.get("landscape"))
        if pair in known:
            layers = filled.get("layers")
            preset = without_absent(
                presets.species_section(*pair), layers if isinstance(layers, dict) else {}
            )
            entries[number] = merged(preset, entry)
        elif pair[1] is not None:
            allowed = "; ".join(f"{name} in {landscape}" for name, landscape in known)
            what = "no preset for this species and landscape"
            place = f"{files_at(origins, ('species', number, 'landscape'), where)}, species {number + 1}"
            remedy = "Without landscape the entry stands alone; give all its sections then."
            given = f"{pair[0]} in {pair[1]}"
            problems.append(
                ConfigError(what, code="C109", where=place, given=given, allowed=allowed, remedy=remedy)
            )
    return filled


def without_absent(preset: dict[str, Any], layers: Mapping[str, Any]) -> dict[str, Any]:
    """Return a preset without optional predictors and barriers on layers the workflow does not have.

    There is often no prey survey and no railway; cover and distances a species cannot do without stay.
    """
    predictors, barriers = preset["habitat"]["predictors"], preset["movement"]["barriers"]
    optional = presets.optional_predictors(preset["name"])
    for section, names in ((predictors, optional), (barriers, tuple(barriers))):
        for name in names:
            if name not in layers:
                del section[name]
    return preset


def merged(preset: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return `own` laid over `preset`, table by table.

    A table whose `kind` differs replaces the preset's, so that a sigmoid keeps no corner of a trapezoid.

    Examples
    --------
    >>> merged({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}})
    {'a': {'b': 1, 'c': 3}}
    """
    result = copy.deepcopy(dict(preset))
    for key, value in own.items():
        base = result.get(key)
        if isinstance(base, Mapping) and isinstance(value, Mapping) and same_kind(base, value):
            result[key] = merged(base, value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def same_kind(base: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    """Return whether two tables are of one kind."""
    return "kind" not in value or value["kind"] == base.get("kind")


def as_text(value: Any) -> str:
    """Return a TOML date as text, which no field takes for a number."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    what = f"{type(value).__name__} has no place in a workflow"
    raise ConfigError(what, code="C102", given=str(value))


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of the workflow file, for editors and `corridors schema`."""
    return WorkflowFile.model_json_schema(by_alias=True)


def workflow_toml(workflow: Workflow) -> str:
    """Return a workflow as TOML with every value that was used, those of presets and defaults included.

    Loading the text again gives the same workflow.
    """
    whole = workflow.model_dump(by_alias=True, exclude_none=True)
    # A layer refuses keys of other kinds, so of layers only what was given is said.
    whole["layers"] = {name: spec.model_dump(exclude_unset=True) for name, spec in workflow.layers.items()}
    for holder in (whole, *(species["links"] for species in whole["species"])):
        for name in ("override", "include", "exclude", "force"):
            if not holder.get(name, True):
                del holder[name]  # nothing edited by hand: nothing said
    return tomlkit.dumps(plain(whole))


def plain(value: Any) -> Any:
    """Return a value as TOML can hold it: lists for tuples, text for the keys of tables."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value
