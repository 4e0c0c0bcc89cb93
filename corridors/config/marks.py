"""Where every number of a workflow comes from: the preset's source, or the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from pydantic import BaseModel

from corridors import presets
from corridors.config.sections import Section
from corridors.config.species import Species
from corridors.config.workflow import Workflow
from corridors.presets import Parameter
from corridors.schema import TABLES

USER_SOURCE = "workflow file"
TABLES_OF_METRES = ("crossing_cost_m", "structure_length_m")
NAMES = ("name", "landscape", "season", "movement_type", "scenario")
EDITS = ("include", "exclude", "force", "reason", "author")
"""Said in the table `edits`, in words."""
EQUAL_WEIGHT = Parameter(1.0, "1", "0-1", "Equal weights: none are published.", "default")
BUILT_IN = Parameter(None, "", "", "What the program uses where a workflow says nothing.", "default")


def parameter_table(workflow: Workflow, *, case: str) -> pd.DataFrame:
    """Return every value a case uses, with unit, range, mark and source.

    Parameters
    ----------
    workflow : Workflow
        From `load_workflow`.
    case : str
        Key of the case.

    Returns
    -------
    DataFrame
        The schema's table `parameters`: key, value, unit, range, mark, source. A value equal to its preset's
        keeps the preset's mark (default or literature), one the program uses anyway is default; any other is
        marked user.
    """
    species = workflow.cases[case]
    rows = [row(key, value, known_for(species, key), given) for key, value, given in flat(species)]
    rows += [row(f"area.{key}", value, None, given) for key, value, given in flat(workflow.area)]
    return pd.DataFrame(rows, columns=list(TABLES["parameters"].columns))


def row(key: str, value: Any, known: Parameter | None, given: bool) -> dict[str, str]:
    """Return one row of the table: the preset's mark where the value is the preset's."""
    built_in = not given and known is None
    from_preset = known is not None and same(value, known.value)
    parameter = known or BUILT_IN
    mark = parameter.mark if from_preset or built_in else "user"
    return {
        "key": key,
        "value": as_text(value),
        "unit": parameter.unit or unit_of(key),
        "range": parameter.range,
        "mark": mark,
        "source": parameter.source if mark != "user" else USER_SOURCE,
    }


def known_for(species: Species, key: str) -> Parameter | None:
    """Return what the preset says of a key."""
    pair = (species.name, species.landscape)
    if pair not in presets.names():
        return None
    known = presets.preset_parameters(species.name, str(species.landscape))
    if key in known:
        return known[key]
    if key.endswith((".role", ".kind")):
        return Parameter(preset_value(species, key), "", "", "Preset of the species.", "default")
    return EQUAL_WEIGHT if key.endswith(".weight") else None


def preset_value(species: Species, key: str) -> Any:
    """Return the value at a dotted key of the preset's section, None where there is none."""
    value: Any = presets.species_section(species.name, str(species.landscape))
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def flat(section: Section) -> Iterator[tuple[str, Any, bool]]:
    """Yield dotted key, value, and whether it was given, for everything set in a section."""
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if name in NAMES or value is None:
            continue
        yield from flattened(field.alias or name, value, chosen(section, name))


def flattened(key: str, value: Any, given: bool) -> Iterator[tuple[str, Any, bool]]:
    """Yield the plain values below one key."""
    if hasattr(value, "model_fields_set"):
        for name, field in type(value).model_fields.items():
            inner = getattr(value, name)
            if inner is not None and name not in EDITS:
                yield from flattened(f"{key}.{field.alias or name}", inner, chosen(value, name))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from flattened(f"{key}.{name}", inner, given)
    else:
        yield key, value, given


def chosen(section: BaseModel, name: str) -> bool:
    """Return whether the workflow says a value, and not the one the program uses anyway."""
    default = type(section).model_fields[name].default
    return name in section.model_fields_set and not same(getattr(section, name), default)


def same(value: Any, other: Any) -> bool:
    """Return whether two values are equal, lists and tuples alike."""
    if isinstance(value, (list, tuple)) and isinstance(other, (list, tuple)):
        return list(value) == list(other)
    return bool(value == other)


def as_text(value: Any) -> str:
    """Return a value as it would stand in the file."""
    if isinstance(value, (list, tuple)):
        return ", ".join(f"[{as_text(v)}]" if isinstance(v, (list, tuple)) else as_text(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def unit_of(key: str) -> str:
    """Return the unit a key names.

    Examples
    --------
    >>> unit_of("cores.min_area_km2"), unit_of("network.node_weight")
    ('km²', '')
    >>> unit_of("movement.barriers.roads.crossing_cost_m.motorway")
    'm'
    """
    *tables, last = key.split(".")
    if tables and tables[-1] in TABLES_OF_METRES:
        return "m"
    units = {"_per_100_km2": "per 100 km²", "_km2": "km²", "_km": "km", "_m": "m", "_deg": "degrees"}
    units |= {"_percent": "%"}
    return next((unit for ending, unit in units.items() if last.endswith(ending)), "")
