"""Hand edits as they are read: they lie outside the run folder and are never written to.

What is read stands in the context, under names no layer of a workflow can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.cores import edited_from
from corridors.errors import CorridorsError, InputError, flatten, raise_all
from corridors.io import parse_source, read_vectors
from corridors.pipeline.overrides import overrides_from

if TYPE_CHECKING:
    from corridors.config import Override, Species, Workflow
    from corridors.grid import Bounds, Grid

Context = Mapping[str, gpd.GeoDataFrame]
OVERRIDES = "overrides: all"


def edits_key(kind: str, species: Species) -> str:
    """Return where the context holds something that is of one case only."""
    return f"{kind}: {species.name}, {species.season}, {species.scenario}"


def read_edits(workflow: Workflow, grid: Grid, *, bounds: Bounds) -> dict[str, gpd.GeoDataFrame]:
    """Return everything edited by hand: core areas by case, and overrides of resistance.

    Parameters
    ----------
    workflow : Workflow
        From `load_workflow`; files are relative to its folder.
    grid : Grid
        Gives the CRS.
    bounds : tuple of float
        Analysis area in degrees.

    Raises
    ------
    InputError, Problems
        Everything that is wrong with them, at once, as `edited_from` and `overrides_from`, and what reading
        a file can raise.
    """
    found: dict[str, gpd.GeoDataFrame] = {}
    problems: list[CorridorsError] = []
    for case, species in workflow.cases.items():
        if species.cores.file is not None:
            key = edits_key("edited_cores", species)
            problems += tried(found, key, partial(edited_cores, workflow, case, species, grid, bounds))
    layers: dict[str, gpd.GeoDataFrame] = {}
    for number, override in enumerate(workflow.override, start=1):
        where = f"override {number}, {override.source}"
        problems += tried(layers, where, partial(overrides_of, workflow, override, grid, where, bounds))
    raise_all(problems)
    if layers:
        found[OVERRIDES] = joined(layers)
    return found


def tried(
    found: dict[str, gpd.GeoDataFrame], key: str, read: Callable[[], gpd.GeoDataFrame]
) -> list[CorridorsError]:
    """Put what is read under a key; return what is wrong with it."""
    try:
        found[key] = read()
    except CorridorsError as error:
        return flatten([error])
    return []


def edited_cores(
    workflow: Workflow, case: str, species: Species, grid: Grid, bounds: Bounds
) -> gpd.GeoDataFrame:
    """Return the core areas of a case as somebody drew them."""
    text = str(species.cores.file)
    where = f"cores of {case}, {text}"
    features = read_edit(workflow, text, where)
    said = {key: getattr(species.cores, key) or "" for key in ("reason", "author")}
    edited = edited_from(features, grid, where=where, case=case, bounds=bounds, **said)
    edited.attrs["read_from"] = features.attrs["read_from"]
    return edited


def overrides_of(
    workflow: Workflow, override: Override, grid: Grid, where: str, bounds: Bounds
) -> gpd.GeoDataFrame:
    """Return the features of one override."""
    features = read_edit(workflow, override.source, where)
    return overrides_from(features, override, grid, where=where, bounds=bounds)


def read_edit(workflow: Workflow, text: str, where: str) -> gpd.GeoDataFrame:
    """Return the features of a file that stands beside the workflow; `attrs["read_from"]` is its path."""
    source = parse_source(text)
    path = Path(workflow.folder) / source.path
    try:
        features = read_vectors(path, layer=source.part)
    except InputError as error:
        raise beside_the_workflow(error, where) from error
    features.attrs["read_from"] = str(path)
    return features


def beside_the_workflow(error: InputError, where: str) -> InputError:
    """Return a problem of reading with a remedy that fits a file edited by hand."""
    remedy = error.remedy
    if error.code == "I251":
        remedy = "Its path is relative to the workflow file."
    elif error.code == "I203":
        remedy = "Set its coordinate system in QGIS (Layer properties, Source) and save it again."
    elif "locked" in error.what:
        remedy = "Another program is writing to it: save the edits there, close it, then run again."
    parts: dict[str, Any] = error.as_dict()
    return InputError(parts.pop("what"), **(parts | {"where": where, "remedy": remedy}))


def joined(layers: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the features of all overrides in the order they are applied, numbered from 1."""
    whole = gpd.GeoDataFrame(pd.concat(layers.values(), ignore_index=True), geometry="geometry")
    whole.index = pd.RangeIndex(1, len(whole) + 1, name="override_id")
    whole.attrs["notes"] = [
        (code, text, layer["species"].iloc[0])
        for layer in layers.values()
        for code, text in layer.attrs["notes"]
    ]
    whole.attrs["read_from"] = [layer.attrs["read_from"] for layer in layers.values()]
    return whole


def override_notes(context: Context, species: Species) -> list[tuple[str, str]]:
    """Return what was mended in the overrides that hold for a species."""
    notes = context[OVERRIDES].attrs["notes"] if OVERRIDES in context else []
    return [(code, text) for code, text, names in notes if not names or species.name in names.split("\n")]


def edit_files(context: Context) -> set[Path]:
    """Return the files the context holds edits and earlier runs from."""
    found: set[Path] = set()
    for layer in context.values():
        given = layer.attrs.get("read_from", [])
        found |= {Path(path) for path in ([given] if isinstance(given, str) else given)}
    return found
