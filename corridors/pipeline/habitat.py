"""The first half of a case: suitability, core areas and resistance of one species from its layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from corridors.cores import core_areas, cores_from_polygons, named_after
from corridors.errors import InputError
from corridors.grid import Grid, inside
from corridors.layers import impassable_mask
from corridors.pipeline.barriers import burnt_barriers
from corridors.pipeline.cutting import cut_along
from corridors.pipeline.edits import OVERRIDES, edits_key
from corridors.pipeline.former import numbered_as_before
from corridors.pipeline.overrides import overridden, overrides_for
from corridors.resistance import (
    burn_resistance,
    check_resistance,
    resistance_from_classes,
    resistance_from_suitability,
)
from corridors.suitability import drop_missing, weighted_overlay

if TYPE_CHECKING:
    from corridors.barriers import EdgeCosts
    from corridors.config import Species
    from corridors.layers import LayerSpec
    from corridors.pipeline.barriers import CaseBarriers
    from corridors.suitability import Response

NATURAL_ROLES = ("cover", "terrain")


@dataclass(frozen=True)
class Habitat:
    """Suitability of a species, the part of it that is cover and terrain, and the predictors left out."""

    suitability: xr.DataArray
    natural: xr.DataArray | None
    dropped: tuple[str, ...]


def habitat_of(layers: xr.Dataset, species: Species, *, specs: Mapping[str, LayerSpec]) -> Habitat:
    """Return how good every cell is to live in; predictors without a layer are dropped, weights rescaled."""
    impassable = impassable_mask(layers, specs)
    responses, weights, dropped = drop_missing(
        species.habitat.responses, species.habitat.weights, present(layers)
    )
    suitability = weighted_overlay(
        layers, responses=responses, weights=weights, method=species.habitat.method, impassable=impassable
    )
    natural = {n: r for n, r in responses.items() if species.habitat.predictors[n].role in NATURAL_ROLES}
    return Habitat(suitability, natural_part(layers, natural, weights, species, impassable), dropped)


def natural_part(
    layers: xr.Dataset,
    responses: Mapping[str, Response],
    weights: Mapping[str, float] | None,
    species: Species,
    impassable: xr.DataArray,
) -> xr.DataArray | None:
    """Return the suitability of cover and terrain alone, on which the floor of core areas acts."""
    if not responses:
        return None
    return weighted_overlay(
        layers,
        responses=responses,
        weights=share(weights, responses),
        method=species.habitat.method,
        impassable=impassable,
    )


def named_cores(
    habitat: Habitat,
    barriers: CaseBarriers,
    *,
    species: Species,
    context: Mapping[str, gpd.GeoDataFrame],
    area: NDArray[np.bool_],
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return the core areas of a species with names, and the numbers of an earlier run if given."""
    cores, labels = cores_of(habitat, species, context=context, area=area, edges=barriers.edges)
    if "protected_areas" in context:
        cores["name"] = named_after(cores, context["protected_areas"])
    return numbered_as_before(cores, labels, species, context)


def cores_of(
    habitat: Habitat,
    species: Species,
    *,
    context: Mapping[str, gpd.GeoDataFrame],
    area: NDArray[np.bool_],
    edges: EdgeCosts | None = None,
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return the core areas of a species and their labels, delineated, given or drawn, cut along barriers."""
    if species.cores.file is not None:
        cores, labels = cores_as_drawn(habitat, species, context[edits_key("edited_cores", species)], area)
    elif species.cores.source == "polygons":
        polygons = polygons_named(str(species.cores.layer), context)
        smallest = species.cores.smallest_km2
        cores, labels = cores_from_polygons(polygons, habitat.suitability, min_area_km2=smallest, inside=area)
    else:
        cores, labels = core_areas(habitat.suitability, inside=area, **core_options(species, habitat))
    if edges is None or not (edges.cost_m > species.cores.cut_above_m).any():
        return cores, labels
    return cut_along(edges, cores, labels, habitat.suitability, species, area=area)


def cores_as_drawn(
    habitat: Habitat, species: Species, drawn: gpd.GeoDataFrame, area: NDArray[np.bool_]
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return the core areas somebody drew, with their numbers, and who drew them and why."""
    return cores_from_polygons(
        drawn,
        habitat.suitability,
        id_column="core_id",
        further_columns=("reason", "author", "drawn"),
        min_area_km2=species.cores.min_area_km2,
        inside=area,
    )


def polygons_named(layer: str, context: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Return the polygons that are to be core areas.

    Raises
    ------
    InputError
        I260 there are none of that name.
    """
    if layer not in context:
        what, allowed = f"there are no polygons {layer} for core areas", ", ".join(sorted(context))
        remedy = 'Name a layer of kind = "polygons" that is in the data folder.'
        raise InputError(what, code="I260", where="cores.layer", allowed=allowed, remedy=remedy)
    return context[layer]


def core_options(species: Species, habitat: Habitat) -> dict[str, Any]:
    """Return the options of `core_areas` for a species."""
    cores = species.cores
    return {
        "threshold": cores.threshold,
        "window_radius_km": cores.window_radius_km,
        "min_area_km2": cores.min_area_km2,
        "min_neck_km": cores.min_neck_km,
        "fill_holes_km2": cores.fill_holes_km2,
        "floor": cores.floor,
        "floor_on": habitat.natural,
        "stepping_stone_km2": cores.stepping_stone_km2,
    }


def resistance_of(
    layers: xr.Dataset,
    species: Species,
    *,
    specs: Mapping[str, LayerSpec],
    context: Mapping[str, gpd.GeoDataFrame],
) -> xr.DataArray:
    """Return how hard every cell is to cross: as made, then as overridden by hand.

    Barriers of which the context holds lines cost on edges (`barriers_of`); those there is only a raster of
    are burnt at the highest resistance. The sea stays closed.
    """
    resistance = made_resistance(layers, species, specs=specs)
    resistance, _ = overridden(resistance, overrides_for(context.get(OVERRIDES), species.name))
    for name in burnt_barriers(species, layers, context):
        line = Grid.of(layers).like(layers[name].values > 0, name=name)
        resistance = burn_resistance(resistance, line, value=species.movement.maximum)
    return resistance.where(~impassable_mask(layers, specs)).assign_attrs(resistance.attrs)


def made_resistance(layers: xr.Dataset, species: Species, *, specs: Mapping[str, LayerSpec]) -> xr.DataArray:
    """Return resistance from movement's own curves, classes or a raster; the sea is closed."""
    impassable = impassable_mask(layers, specs)
    movement = species.movement
    if movement.source == "raster":
        resistance = layer_named(str(movement.layer), layers).rename("resistance")
        check_resistance(resistance)
    elif movement.source == "classes":
        resistance = resistance_from_classes(
            layer_named(str(movement.layer), layers),
            resistances=movement.resistances or {},
            impassable=impassable,
        )
    else:
        responses, weights, _ = drop_missing(
            species.movement_responses, species.movement_weights, present(layers)
        )
        ease = weighted_overlay(
            layers, responses=responses, weights=weights, method=species.habitat.method, impassable=impassable
        )
        resistance = resistance_from_suitability(
            ease, transform=movement.transform, shape=movement.shape, maximum=movement.maximum
        )
    return resistance.where(~impassable).assign_attrs(resistance.attrs)


def layer_named(name: str, layers: xr.Dataset) -> xr.DataArray:
    """Return the layer resistance comes from.

    Raises
    ------
    InputError
        I260 it is not there: an optional layer the data lack.
    """
    if name not in layers:
        what, allowed = f"there is no layer {name} to take resistance from", ", ".join(present(layers))
        remedy = 'Add it to the data folder, or set from = "suitability".'
        raise InputError(what, code="I260", where="movement.layer", allowed=allowed, remedy=remedy)
    return layers[name]


def analysed_cells(layers: xr.Dataset) -> NDArray[np.bool_]:
    """Return which cells (rows, columns) belong to the analysis area; all where no area is recorded."""
    grid = Grid.of(layers)
    bounds = layers.attrs.get("analysis_bounds")
    return np.ones(grid.shape, dtype=bool) if bounds is None else inside(grid, tuple(bounds))


def present(layers: xr.Dataset) -> tuple[str, ...]:
    """Return the names of the layers there are."""
    return tuple(map(str, layers.data_vars))


def share(weights: Mapping[str, float] | None, names: Mapping[str, object]) -> dict[str, float] | None:
    """Return the weights of some predictors, brought to a sum of 1."""
    if weights is None:
        return None
    total = sum(weights[name] for name in names)
    return {name: weights[name] / total for name in names}
