"""An earlier run whose numbers of core areas and links are to be kept (`--ids-from RUN`)."""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from corridors.cores import follow_ids
from corridors.errors import CorridorsError, InputError, flatten, raise_all
from corridors.io import raster_info, read_vectors
from corridors.io.run_folder import read_record
from corridors.links import follow_link_ids
from corridors.pipeline.edits import Context, edits_key, read_edits

if TYPE_CHECKING:
    import xarray as xr

    from corridors.config import Species, Workflow
    from corridors.grid import Bounds, Grid

GEOPACKAGE = "corridors.gpkg"
NOT_WHOLE_CELLS = 1e-3


def edits_in(
    workflow: Workflow, grid: Grid, *, bounds: Bounds, ids_from: str | None
) -> dict[str, gpd.GeoDataFrame]:
    """Return hand edits and the earlier run, as they enter the context; everything wrong is told at once."""
    found: dict[str, gpd.GeoDataFrame] = {}
    problems: list[CorridorsError] = []
    readers = [partial(read_edits, workflow, grid, bounds=bounds)]
    if ids_from is not None:
        readers.append(partial(read_former, ids_from, workflow, grid))
    for read in readers:
        try:
            found |= read()
        except CorridorsError as error:
            problems += flatten([error])
    raise_all(problems)
    return found


def read_former(run: str, workflow: Workflow, grid: Grid) -> dict[str, gpd.GeoDataFrame]:
    """Return core areas and links of an earlier run, by case.

    Parameters
    ----------
    run : str
        Its run folder.
    workflow : Workflow
        What is to be run; cases the earlier run lacks are numbered as usual.
    grid : Grid
        Of the new run: coordinate system and cells must be those of the earlier one, the extent need not.

    Returns
    -------
    dict of str to GeoDataFrame
        `attrs["highest"]` is the highest number given so far.

    Raises
    ------
    InputError, Problems
        I275 no run folder, or a run without core areas, I276 none of the cases, I277 another coordinate
        system or other cells.
    """
    folder = Path(run)
    record = record_of(folder)
    held = [str(case) for case in record.get("cases", {})]
    shared = {case: species for case, species in workflow.cases.items() if case in held}
    if not shared:
        near = [get_close_matches(case, held, n=1) for case in workflow.cases]
        remedy = next(
            (f"Did you mean {found[0]}?" for found in near if found), "Name a run of these species."
        )
        what, given = "the earlier run holds none of the cases", ", ".join(workflow.cases)
        allowed = ", ".join(held)
        raise InputError(what, code="I276", where=folder.name, given=given, allowed=allowed, remedy=remedy)
    problems = [problem for case in shared for problem in grid_problems(folder, case, grid)]
    raise_all(list({problem.message(): problem for problem in problems}.values()))
    found: dict[str, gpd.GeoDataFrame] = {}
    highest: Any = record.get("highest_ids", {})
    for layer, identifier in (("cores", "core_id"), ("links", "link_id")):
        features = read_vectors(folder / GEOPACKAGE, layer=layer)
        for case, species in shared.items():
            own = features[features["case"] == case].set_index(identifier)
            own.attrs["highest"] = max(
                [int(highest.get(case, {}).get(identifier, 0)), *map(int, own.index)], default=0
            )
            own.attrs["read_from"] = str(folder / GEOPACKAGE)
            own.attrs["run"] = folder.resolve().name
            found[edits_key(f"former_{layer}", species)] = own
    return found


def record_of(folder: Path) -> dict[str, Any]:
    """Return what the `run.json` of a run folder says."""
    record = read_record(folder)
    if record is None or not (folder / GEOPACKAGE).is_file():
        what, remedy = "this is no run folder", "Name the folder an earlier run was written to."
        raise InputError(what, code="I275", where=folder.name, remedy=remedy)
    return record


def grid_problems(folder: Path, case: str, grid: Grid) -> list[CorridorsError]:
    """Return a problem where the cells of an earlier run are not those of the grid."""
    try:
        info = raster_info(folder / "cases" / case / "rasters" / "cores.tif")
    except CorridorsError as error:
        return flatten([error])
    differ = []
    if info.crs != grid.crs:
        differ.append(f"coordinate system {info.crs.name}, now {grid.crs.name}")
    if info.cell_size[0] != grid.cell_size_m:
        differ.append(f"cells of {info.cell_size[0]:g} m, now {grid.cell_size_m:g} m")
    left, bottom, _, _ = grid.bounds
    shifts = [(info.bounds[0] - left) / grid.cell_size_m, (info.bounds[1] - bottom) / grid.cell_size_m]
    if not differ and any(abs(shift - round(shift)) > NOT_WHOLE_CELLS for shift in shifts):
        differ.append("cells that do not fall on those of now")
    if not differ:
        return []
    what, remedy = (
        "the earlier run is on another grid",
        "Set area.crs and area.cell_size_m as they were then.",
    )
    return [InputError(what, code="I277", where=folder.name, given="; ".join(differ), remedy=remedy)]


def numbered_as_before(
    cores: gpd.GeoDataFrame, labels: xr.DataArray, species: Species, context: Context
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return core areas with the numbers of the earlier run, where one is given; those set by hand stay."""
    former = context.get(edits_key("former_cores", species))
    if former is None:
        return cores, labels
    edited = context.get(edits_key("edited_cores", species))
    fixed = [] if edited is None else [int(number) for number in edited["core_id"].dropna()]
    return follow_ids(cores, labels, former, fixed=fixed, highest=former.attrs["highest"])


def links_as_before(links: gpd.GeoDataFrame, species: Species, context: Context) -> gpd.GeoDataFrame:
    """Return links with the numbers of the earlier run, where one is given."""
    former = context.get(edits_key("former_links", species))
    return links if former is None else follow_link_ids(links, former, highest=former.attrs["highest"])


def highest_ids(
    case: str, workflow: Workflow, vectors: dict[str, gpd.GeoDataFrame], context: Context
) -> dict[str, int]:
    """Return the highest number ever given to a core area and to a link of a case, for runs to come."""
    species = workflow.cases[case]
    found = {}
    for layer, identifier in (("cores", "core_id"), ("links", "link_id")):
        former = context.get(edits_key(f"former_{layer}", species))
        before = 0 if former is None else former.attrs["highest"]
        given = vectors[layer].index if layer in vectors else []  # a run may end before
        found[identifier] = max([before, *map(int, given)], default=0)
    return found


def former_run(context: Context) -> str:
    """Return the name of the earlier run, empty without one."""
    return next((str(layer.attrs["run"]) for layer in context.values() if "run" in layer.attrs), "")
