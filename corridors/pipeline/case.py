"""One case from layers to corridors: the method of the toolkit, read from top to bottom.

suitability → core areas → resistance → accumulated cost → links → corridors → border → network → current →
restoration

What each step reads, and which others it follows, stands in `STEPS` (`steps.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import xarray as xr

from corridors.cores import habitat_mean, threshold_check
from corridors.pipeline.across import across_borders
from corridors.pipeline.beyond import border_findings
from corridors.pipeline.currents import current_within, moving_windows
from corridors.pipeline.edited import hand_edits
from corridors.pipeline.findings import Findings, columns_in_order, in_order, without_geometry
from corridors.pipeline.ground import take_ground
from corridors.pipeline.habitat import Habitat, analysed_cells, core_options
from corridors.pipeline.least_cost import corridors_of, links_between, surfaces_of
from corridors.pipeline.network import network_findings
from corridors.pipeline.progress import Progress, silent
from corridors.pipeline.restoring import barriers_to_open, land_to_restore
from corridors.pipeline.stepping import Stepper
from corridors.result import CaseResult
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from corridors.config import Species
    from corridors.cost import Workers
    from corridors.layers import LayerSpec
    from corridors.pipeline.stepping import Keeper

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
    key: str = "",
    keeper: Keeper | None = None,
    until: str | None = None,
) -> CaseResult:
    """Return what one species finds: habitat, cores, links, corridors, crossings, indices, current.

    `keeper` gives results of steps that are kept from an earlier run; after the stage `until` the case ends.
    """
    area = analysed_cells(layers)
    step = Stepper(
        species,
        context,
        key=key,
        shared=(layers, area),
        keeper=keeper,
        until=until,
        progress=progress,
    )
    found = edits = Findings()
    with step.as_far_as_asked():
        ground = take_ground(step, layers, area, specs=specs)
        step("thresholds", other_thresholds, ground.habitat, area=area)
        surfaces = step.later("accumulated_cost", surfaces_of, ground, workers=workers)
        found |= step("links", links_between, ground, surfaces, layers=layers)
        edits = step("edits", hand_edits, found, ground, layers=layers, specs=specs)
        links = found.vectors["links"]
        found |= step("corridors", corridors_of, links, ground, surfaces)
        corridors = found.vectors["corridors"]
        found |= step("borders", across_borders, found, ground)
        found |= step("network", network_findings, found, ground, surfaces, incomplete=incomplete)
        current = step("current", current_within, corridors, ground)
        beyond = step("beyond", border_findings, found, current, ground, surfaces, workers=workers)
        found = found | current | beyond
        found |= step(
            "windows",
            moving_windows,
            ground.habitat.suitability,
            ground.resistance,
            ground.edges,
            workers=workers,
        )
        found |= step("restoration", land_to_restore, links, ground, surfaces)
        found |= step("openings", barriers_to_open, links, ground, surfaces)
    whole = written_ground(step.results) | found | edits
    return CaseResult(title, xr.Dataset(whole.rasters), ordered_layers(whole), ordered_tables(whole))


def written_ground(results: Mapping[str, Any]) -> Findings:
    """Return what the case stands on, as it is written: as much as there is of it."""
    found = Findings()
    if "suitability" in results:
        found |= Findings({"suitability": results["suitability"].suitability})
    if "barriers" in results:
        barriers = results["barriers"]
        found |= Findings(vectors={"barriers": barriers.lines, "openings": barriers.openings})
    if "resistance" in results:
        found |= Findings({"resistance": results["resistance"]})
    if "cores" in results:
        cores, labels = results["cores"]
        found |= Findings({"cores": labels}, {"cores": cores})
    thresholds: Findings = results.get("thresholds", Findings())
    return found | thresholds


def other_thresholds(habitat: Habitat, *, species: Species, area: np.ndarray) -> Findings:
    """Return the mean core areas are cut from, and what they would be 0.1 above and below the threshold."""
    suitability = habitat.suitability
    found = Findings({"habitat_mean": habitat_mean(suitability, species.cores.window_radius_km)})
    if species.cores.source == "suitability":
        options = core_options(species, habitat)
        del options["stepping_stone_km2"]
        found |= Findings(tables={"threshold_check": threshold_check(suitability, inside=area, **options)})
    return found


def ordered_layers(found: Findings) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of features with their columns as the schema has them."""
    return {name: in_order(VECTORS[name].columns, layer) for name, layer in found.vectors.items()}


def ordered_tables(found: Findings) -> dict[str, Any]:
    """Return the tables with their columns as the schema has them, those of layers among them."""
    vectors = ordered_layers(found)
    also = {
        name: without_geometry(vectors[name]) for name in ("cores", "links", "crossings") if name in vectors
    }
    return {name: columns_in_order(name, table) for name, table in (found.tables | also).items()}
