"""Outlines and lines for maps and for sums per country: `read_context`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.io import find_source
from corridors.layers.countries import countries_from, country_of_points, first_filled
from corridors.layers.marks import read_lines, read_points
from corridors.layers.protected_areas import STYLISED, protected_areas_from
from corridors.layers.raster_sources import is_raster
from corridors.layers.resolve import file_text, resolve, source_text
from corridors.layers.settlements import unknown_share
from corridors.layers.vectors import lonlat_bounds, read_features, read_file
from corridors.schema import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.grid import Bounds, Grid
    from corridors.io import Source
    from corridors.layers.resolve import Folder, Layer
    from corridors.layers.spec import LayerSpec

LINE_LAYERS = ("roads", "railways", "rivers")
KNOWN = ("countries", "settlements", "protected_areas", *LINE_LAYERS)


def read_context(
    specs: Mapping[str, LayerSpec],
    grid: Grid,
    *,
    folder: Folder = ".",
    bounds: Bounds | None = None,
    workflow_folder: Folder | None = None,
) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers drawn and counted as outlines, lines and points, in the grid's CRS.

    Among countries, protected_areas, settlements, roads, railways and rivers, those the workflow has
    and the data folder holds as vectors; columns as in `corridors.schema.CONTEXT`. Layers of polygons,
    points and lines that the workflow invents come with their names, lines also with `class` and
    `structure` (tunnel, bridge). Features are cut to `bounds`, countries to the whole grid.

    Parameters
    ----------
    specs
        Layer name to specification, as in the workflow file.
    grid
        Gives the CRS.
    folder
        Where the sources are looked for.
    bounds
        West, south, east, north in degrees; the grid's where absent.
    workflow_folder
        Where supplements are looked for; `folder` where absent.

    Returns
    -------
    dict of str to GeoDataFrame
        Each with `attrs["source_used"]`; settlements also with `attrs["unknown_share"]` per country.

    Raises
    ------
    InputError, Problems
        As `read_layers`, and I225 overlapping countries, I265 unknown country codes, I268 populations.
    """
    choice = resolve(specs, folder)
    problems, found = list(choice.problems), dict[str, gpd.GeoDataFrame]()
    area = lonlat_bounds(grid) if bounds is None else bounds
    for name in (*KNOWN, *own_vectors(specs)):
        if name not in choice.layers:
            continue
        layer = choice.layers[name]
        try:
            frame = _read(layer, grid, area, found.get("countries"), workflow_folder or folder)
        except CorridorsError as problem:
            problems.append(problem)
            continue
        if frame is not None:
            frame.attrs["source_used"] = source_text(layer.source)
            frame.attrs["source_file"] = file_text(layer.source).partition("|")[0]
            found[name] = frame
    raise_all(problems)
    return found


def _read(
    layer: Layer, grid: Grid, bounds: Bounds, countries: gpd.GeoDataFrame | None, supplement_folder: Folder
) -> gpd.GeoDataFrame | None:
    if layer.name == "countries":
        features = read_features(layer, grid.crs, lonlat_bounds(grid))
        return countries_from(features, layer.spec, where=layer.where)
    if layer.name == "settlements":
        return _settlements(layer, grid, bounds, countries)
    if layer.name == "protected_areas":
        return _protected_areas(layer, grid, bounds, countries, supplement_folder)
    if is_raster(layer):
        return None
    return _lines(layer, grid, bounds) if layer.spec.kind == "lines" else _named(layer, grid, bounds)


def own_vectors(specs: Mapping[str, LayerSpec]) -> list[str]:
    """Return the layers of features a workflow invents: units that are to be core areas, fences, gates."""
    kinds = ("polygons", "lines", "points")
    return [name for name, spec in specs.items() if spec.kind in kinds and name not in KNOWN]


def _named(layer: Layer, grid: Grid, bounds: Bounds) -> gpd.GeoDataFrame:
    features = read_features(layer, grid.crs, bounds)
    names = {"name": first_filled(features, layer.spec.name_columns_in_order)}
    return gpd.GeoDataFrame(names, geometry=features.geometry.values, crs=grid.crs)


def _settlements(
    layer: Layer, grid: Grid, bounds: Bounds, countries: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame:
    points = read_points(layer, grid, bounds=bounds)
    if countries is not None:
        inside = country_of_points(points, countries)
        points["country"] = points["country"].where(points["country"] != "", inside)
        points.attrs["unknown_share"] = unknown_share(points)
    return points


def _lines(layer: Layer, grid: Grid, bounds: Bounds) -> gpd.GeoDataFrame:
    features, _ = read_lines(layer, grid, bounds=bounds)
    spec = layer.spec
    sources = {
        "name": spec.name_columns_in_order,
        "class": (spec.class_column or "class",),
        "structure": (spec.structure_column,) if spec.structure_column else (),
    }
    known = CONTEXT[layer.name].columns if layer.name in CONTEXT else tuple(sources)
    columns = {name: first_filled(features, sources[name]) for name in known}
    return gpd.GeoDataFrame(columns, geometry=features.geometry.values, crs=grid.crs)


def _protected_areas(
    layer: Layer, grid: Grid, bounds: Bounds, countries: gpd.GeoDataFrame | None, folder: Folder
) -> gpd.GeoDataFrame:
    features = read_features(layer, grid.crs, bounds)
    supplement = _supplement(layer, folder)
    if supplement is None:
        return protected_areas_from(features, layer.spec, countries=countries)
    if supplement == layer.file:  # the stylised outlines are themselves the source
        stylised = features.assign(origin=STYLISED)
        return protected_areas_from(stylised, layer.spec, countries=countries)
    outlines = read_file(supplement, layer, grid.crs, bounds)
    return protected_areas_from(features, layer.spec, countries=countries, supplement=outlines)


def _supplement(layer: Layer, folder: Folder) -> Source | None:
    if layer.spec.supplement is None:
        return None
    file = find_source(folder, layer.spec.supplement, confined=False)
    if file is None:
        what, remedy = "the supplement is not there", "Its path is relative to the workflow file."
        raise InputError(what, code="I260", where=layer.where, given=layer.spec.supplement, remedy=remedy)
    return file
