"""Reading: from the workflow's sources to layers on one grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely
import xarray as xr

from corridors.border import border_lines
from corridors.grid import Bounds, Grid, default_margin_km, inside, outline, with_margin
from corridors.io import resolve_folder
from corridors.layers import data_extent, read_context, read_layers
from corridors.pipeline.former import edits_in

if TYPE_CHECKING:
    from corridors.config import Workflow


@dataclass(frozen=True)
class Inputs:
    """Layers of a workflow on its grid.

    `layers` covers the analysis area (NaN outside), `context` holds vectors in the grid's CRS, `bounds` the
    analysis area in degrees, and `shortfall_km` what the data lack of the margin, per side.
    """

    grid: Grid
    layers: xr.Dataset
    context: Mapping[str, gpd.GeoDataFrame]
    folder: str
    bounds: Bounds
    margin_km: float
    shortfall_km: Mapping[str, float]


def read_inputs(workflow: Workflow, *, data: str | None = None, ids_from: str | None = None) -> Inputs:
    """Read every layer of a workflow onto the grid of its analysis area.

    Parameters
    ----------
    workflow : Workflow
        From `load_workflow`.
    data : str, optional
        Folder of the layers, instead of the one the workflow names.
    ids_from : str, optional
        Folder of an earlier run whose numbers of core areas and links are to be kept.

    Raises
    ------
    CorridorsError
        A layer that is missing, has no CRS, lies elsewhere, …
    """
    return with_edits(read_unedited(workflow, data=data), workflow, ids_from=ids_from)


def with_edits(inputs: Inputs, workflow: Workflow, *, ids_from: str | None) -> Inputs:
    """Return layers with what was edited by hand, and with the earlier run whose numbers are to be kept."""
    edits = edits_in(workflow, inputs.grid, bounds=inputs.bounds, ids_from=ids_from)
    return replace(inputs, context={**inputs.context, **edits})


def read_unedited(workflow: Workflow, *, data: str | None = None) -> Inputs:
    """Return the layers of a workflow as the data folder has them."""
    folder = data if data is not None else resolve_folder(workflow.data.folder, workflow.folder)
    area = workflow.area
    margin = area_margin_km(workflow)
    extent = data_extent(workflow.layers, folder=folder, bounds=area.bounds)
    bounds, shortfall = with_margin(area.bounds, margin, extent)
    grid = Grid.for_area(bounds, crs=area.crs, cell_size_m=area.cell_size_m)
    layers = read_layers(workflow.layers, grid, folder=folder, inside=inside(grid, bounds))
    context = read_context(workflow.layers, grid, folder=folder, workflow_folder=workflow.folder)
    layers.attrs["analysis_bounds"] = bounds
    if "countries" in context:
        context["borders"] = border_lines(context["countries"])
    context = context | {
        "reporting_area": box_layer(area.bounds, grid, workflow.title),
        "analysis_area": box_layer(bounds, grid, workflow.title),
    }
    return Inputs(grid, layers, context, folder, bounds, margin, shortfall)


def area_margin_km(workflow: Workflow) -> float:
    """Return the margin the workflow names, else the default for its widest-ranging species."""
    if workflow.area.margin_km is not None:
        return workflow.area.margin_km
    radius_km = max(species.cores.window_radius_km for species in workflow.species)
    return default_margin_km(workflow.area.bounds, radius_km)


def box_layer(bounds: Bounds, grid: Grid, name: str) -> gpd.GeoDataFrame:
    """Return a longitude-latitude box as one polygon in the CRS of the grid."""
    polygon = shapely.Polygon(outline(bounds, grid.crs))
    return gpd.GeoDataFrame({"name": [name]}, geometry=[polygon], crs=grid.crs)
