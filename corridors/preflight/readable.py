"""Reading all that can be read, so that one broken layer does not hide what is wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from corridors.errors import CorridorsError, flatten
from corridors.grid import Grid, inside
from corridors.io import resolve_folder
from corridors.layers import read_context, read_layers
from corridors.layers.spec import DistanceTo, LayerSpec
from corridors.pipeline.former import edits_in
from corridors.pipeline.inputs import Inputs, box_layer, read_inputs

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.config import Workflow
    from corridors.pipeline import Kept

Specs = Mapping[str, LayerSpec]
Value = TypeVar("Value")


def read_readable(
    workflow: Workflow, *, data: str | None, ids_from: str | None = None, kept: Kept | None = None
) -> tuple[Inputs | None, list[CorridorsError], list[str]]:
    """Return the layers that can be read, the problems of the others, and the names of those."""
    if workflow.species:
        try:
            if kept is not None:
                return kept.inputs(workflow, data=data), [], []
            return read_inputs(workflow, data=data, ids_from=ids_from), [], []
        except CorridorsError as error:
            problems = flatten([error])
    else:
        problems = []
    folder = data if data is not None else resolve_folder(workflow.data.folder, workflow.folder)
    try:
        grid = Grid.for_area(
            workflow.area.bounds, crs=workflow.area.crs, cell_size_m=workflow.area.cell_size_m
        )
    except CorridorsError as error:
        return None, once([*problems, error]), list(workflow.layers)
    edits, wrong = attempt(lambda: edits_in(workflow, grid, bounds=workflow.area.bounds, ids_from=ids_from))
    problems += wrong
    part = partial(read_part, workflow=workflow, grid=grid, folder=folder, edits=edits or {})
    problems += part(workflow.layers)[1]
    broken = [name for name in workflow.layers if part(needed_for(workflow.layers, name))[1]]
    sound = {name: spec for name, spec in workflow.layers.items() if name not in broken}
    inputs, hindrance = part(sound) if sound else (None, [])
    return None if hindrance else inputs, once(problems), broken


def read_part(
    specs: Specs, *, workflow: Workflow, grid: Grid, folder: str, edits: Mapping[str, gpd.GeoDataFrame]
) -> tuple[Inputs | None, list[CorridorsError]]:
    """Return some layers on the reporting area, without margin, and everything wrong with them."""
    bounds = workflow.area.bounds
    layers, wrong_layers = attempt(
        lambda: read_layers(specs, grid, folder=folder, inside=inside(grid, bounds))
    )
    context, wrong_context = attempt(
        lambda: read_context(specs, grid, folder=folder, workflow_folder=workflow.folder)
    )
    if layers is None or context is None:
        return None, [*wrong_layers, *wrong_context]
    boxes = {name: box_layer(bounds, grid, workflow.title) for name in ("reporting_area", "analysis_area")}
    return Inputs(grid, layers, {**context, **boxes, **edits}, folder, bounds, 0.0, {}), []


def attempt(call: Callable[[], Value]) -> tuple[Value | None, list[CorridorsError]]:
    """Return what a call returns, or its problems."""
    try:
        return call(), []
    except CorridorsError as error:
        return None, flatten([error])


def needed_for(specs: Specs, name: str) -> dict[str, LayerSpec]:
    """Return a layer and those it is computed from."""
    others = [s.distance_to for s in specs[name].sources if isinstance(s, DistanceTo)]
    return {each: specs[each] for each in (*others, name) if each in specs}


def once(problems: Iterable[CorridorsError]) -> list[CorridorsError]:
    """Return each problem once."""
    return list({problem.message(): problem for problem in problems}.values())
