"""One case from layers to corridors: the method of the toolkit, read from top to bottom.

suitability → core areas → resistance → accumulated cost → links → corridors → border → network → current →
restoration
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.cores import habitat_mean, threshold_check
from corridors.pipeline.across import across_borders, no_crossings
from corridors.pipeline.beyond import border_findings
from corridors.pipeline.currents import current_findings
from corridors.pipeline.findings import Findings, columns_in_order, in_order, without_geometry
from corridors.pipeline.ground import ground_of
from corridors.pipeline.habitat import core_options
from corridors.pipeline.least_cost import least_cost, surfaces_of
from corridors.pipeline.network import network_findings
from corridors.pipeline.progress import Progress, part_of, silent
from corridors.pipeline.restoring import restoration_findings
from corridors.result import CaseResult
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from corridors.config import Species
    from corridors.cost import Workers
    from corridors.layers import LayerSpec
    from corridors.pipeline.ground import Ground

Context = Mapping[str, gpd.GeoDataFrame]


def analyse_case(
    layers: xr.Dataset,
    species: Species,
    *,
    title: str,
    specs: Mapping[str, LayerSpec],
    context: Context,
    incomplete: tuple[str, ...] = (),
    progress: Progress = silent,
    workers: int | Workers = 1,
) -> CaseResult:
    """Return what one species finds: habitat, cores, links, corridors, crossings, indices, current."""
    progress("suitability and core areas", 0.0)
    ground = ground_of(layers, species, specs=specs, context=context)
    found = connected(
        ground,
        species,
        layers=layers,
        context=context,
        incomplete=incomplete,
        progress=part_of(progress, 0.1, 1.0),
        workers=workers,
    )
    return CaseResult(title, xr.Dataset(found.rasters), found.vectors, found.tables)


def connected(
    ground: Ground,
    species: Species,
    *,
    layers: xr.Dataset,
    context: Context,
    incomplete: tuple[str, ...] = (),
    progress: Progress = silent,
    workers: int | Workers = 1,
) -> Findings:
    """Return everything that follows from core areas, resistance and barriers."""
    found = grounds(ground, species)
    surfaces = surfaces_of(ground, progress=part_of(progress, 0.0, 0.3), workers=workers)
    progress("links and corridors", 0.3)
    found |= least_cost(ground, species, surfaces, layers=layers, context=context)
    progress("borders", 0.45)
    found |= Findings(vectors={"crossings": no_crossings(ground.cores)})
    if "countries" in context:
        parks = context.get("protected_areas")
        found |= across_borders(found, ground, context["countries"], protected_areas=parks)
    progress("network", 0.5)
    found |= network_findings(found, ground, species, surfaces, context=context, incomplete=incomplete)
    progress("current", 0.6)
    found |= current_findings(found, ground, species, progress=part_of(progress, 0.6, 0.8), workers=workers)
    progress("across borders", 0.8)
    found |= border_findings(found, ground, species, surfaces, context=context, workers=workers)
    progress("restoration", 0.85)
    found |= restoration_findings(found, ground, species, surfaces)
    vectors = {name: in_order(VECTORS[name].columns, layer) for name, layer in found.vectors.items()}
    tables = found.tables | {n: without_geometry(vectors[n]) for n in ("cores", "links", "crossings")}
    tables = {name: columns_in_order(name, table) for name, table in tables.items()}
    return Findings(found.rasters, vectors, tables)


def grounds(ground: Ground, species: Species) -> Findings:
    """Return what the case stands on, as it is written."""
    suitability = ground.habitat.suitability
    rasters = {
        "suitability": suitability,
        "habitat_mean": habitat_mean(suitability, species.cores.window_radius_km),
        "resistance": ground.resistance,
        "cores": ground.labels,
    }
    vectors = {"barriers": ground.barriers.lines, "openings": ground.barriers.openings}
    tables = {}
    if species.cores.source == "suitability":
        options = core_options(species, ground.habitat)
        tables["threshold_check"] = thresholds(suitability, options, ground.area)
    return Findings(rasters, vectors, tables)


def thresholds(suitability: xr.DataArray, options: dict[str, Any], area: np.ndarray) -> pd.DataFrame:
    """Return what core areas would be at the threshold and 0.1 either side."""
    options = {key: value for key, value in options.items() if key != "stepping_stone_km2"}
    return threshold_check(suitability, inside=area, **options)
