"""All predictor rasters of a workflow on one grid: `read_layers`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.grid import Grid
from corridors.io import raster_info
from corridors.layers.distance import distance_to_cells_km, distance_to_points_km, population_weights
from corridors.layers.marks import Marks, read_marks, read_points
from corridors.layers.raster_sources import is_raster, read_raster
from corridors.layers.rasterise import cropped, padded
from corridors.layers.resolve import Layer, file_text, resolve, source_text
from corridors.layers.spec import DistanceTo
from corridors.schema import raster as schema_raster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridors.layers.resolve import Folder
    from corridors.layers.spec import LayerSpec

CONTEXT_ONLY = ("countries", "protected_areas")
LINE_REACH_KM = 50.0
POINT_REACH_KM = 200.0


def read_layers(
    specs: Mapping[str, LayerSpec],
    grid: Grid,
    *,
    folder: Folder = ".",
    inside: NDArray[np.bool_] | None = None,
) -> xr.Dataset:
    """Return every raster layer of a workflow on one grid.

    Countries and protected areas are not among them: `read_context` gives them as outlines.

    Parameters
    ----------
    specs
        Layer name to specification, as in the workflow file.
    grid
        The target.
    folder
        Where the sources are looked for.
    inside
        Cells of the analysis area, (rows, columns); the others become no data in every layer.

    Returns
    -------
    xr.Dataset
        One float32 variable per layer, NaN = no data, categories and classes under their own numbers,
        with `units`, `long_name`, `source_used`, `source_file`, `method` and, where its maker left one in
        the file, `notice` as attributes. `attrs["absent"]` lists
        optional layers without a source.

    Raises
    ------
    InputError, Problems
        Everything that is wrong, at once: no source present (I260), no such band, column or class
        (I261 to I263), no CRS (I203), undeclared no data (I213), a raster of lines off the grid
        (I264), a layer without data in the area (I217).

    Examples
    --------
    >>> specs = {"slope": LayerSpec(sources=[{"slope_of": "elevation.tif"}])}  # doctest: +SKIP
    >>> read_layers(specs, grid, folder="data/my_landscape")["slope"].attrs["method"]  # doctest: +SKIP
    "slope (Horn 1981) at the elevation model's own scale, average of 30 m cells"
    """
    if inside is not None and inside.shape != grid.shape:
        given, allowed = f"{inside.shape}", f"{grid.shape}"
        raise InputError("`inside` does not fit the grid", code="I201", given=given, allowed=allowed)
    choice = resolve(specs, folder)
    problems, rasters = list(choice.problems), {}
    for name, layer in choice.layers.items():
        if name in CONTEXT_ONLY:
            continue
        try:
            rasters[name] = read_layer(layer, grid, choice.layers, inside=inside)
        except CorridorsError as problem:
            problems.append(problem)
    raise_all({str(problem): problem for problem in problems}.values())
    return xr.Dataset(rasters, attrs={"absent": ", ".join(choice.absent)})


def read_layer(
    layer: Layer, grid: Grid, layers: Mapping[str, Layer], *, inside: NDArray[np.bool_] | None = None
) -> xr.DataArray:
    """Return one layer on the grid; `layers` are the ones a distance or a share may refer to."""
    if isinstance(layer.source, DistanceTo):
        marks = distance(layer.source, layers[layer.source.distance_to], grid)
        used = source_text(layers[layer.source.distance_to].source)
        source_used = f"distance to {layer.source.distance_to} ({used})"
    elif layer.spec.kind in ("continuous", "categories"):
        marks = Marks(*read_raster(layer, grid, left_out=impassable_classes(layer, layers)))
        source_used = source_text(layer.source)
    else:
        marks, source_used = read_marks(layer, grid), source_text(layer.source)
    values = marks.values.astype(np.float32)
    if inside is not None:
        values[~inside] = np.nan
    check_some_data(values, layer)
    entry = schema_raster(layer.name)
    attrs = {"long_name": entry.title, "source_used": source_used, "method": marks.method}
    attrs |= file_attrs(layers[layer.source.distance_to] if isinstance(layer.source, DistanceTo) else layer)
    attrs |= marks.notes
    return grid.like(values, name=layer.name, units=entry.unit, attrs=attrs)


def file_attrs(layer: Layer) -> dict[str, str]:
    """Return the file a layer is read from, and the notice its maker left in the file, if any."""
    if layer.file is None:
        return {}
    attrs = {"source_file": file_text(layer.source).partition("|")[0]}
    notice = raster_info(layer.file.path).tags.get("notice", "") if is_raster(layer) else ""
    return attrs | ({"notice": notice} if notice else {})


def impassable_classes(layer: Layer, layers: Mapping[str, Layer]) -> tuple[int, ...]:
    """Return the classes declared impassable in the raster that a share of classes is computed from."""
    file = file_text(layer.source)
    same = [other.spec for other in layers.values() if other.spec.impassable and other.source == file]
    return tuple(sorted({number for spec in same for number in spec.impassable}))


def check_some_data(values: NDArray[np.float32], layer: Layer) -> None:
    """Stop where a layer has no data at all in the area.

    Raises
    ------
    InputError
        I217.
    """
    if bool(np.isnan(values).all()):
        what = "it has no data in the area: it lies elsewhere, or is empty there"
        remedy = "Compare its extent and coordinate system with the area of the workflow."
        raise InputError(what, code="I217", where=layer.where, remedy=remedy)


def distance(source: DistanceTo, target: Layer, grid: Grid) -> Marks:
    """Return the distance to a layer's features in km, those beyond the grid included.

    Lines and polygons are seen 50 km beyond the grid, points 200 km. Where there is none in reach,
    the reach itself stands for the distance, and `method` says so.
    """
    points = target.spec.kind == "points"
    reach_km = POINT_REACH_KM if points else LINE_REACH_KM
    cells = math.ceil(reach_km * 1000 / grid.cell_size_m)
    seen = f"{target.spec.kind} up to {reach_km:g} km beyond the grid seen"
    if points:
        values, words = _to_points(source, target, grid, padded(grid, cells))
    else:
        marked = read_marks(target, padded(grid, cells)).values > 0
        values = cropped(distance_to_cells_km(marked, cell_size_m=grid.cell_size_m), cells)
        words = "straight distance between cell centres"
    if np.isinf(values).any():
        return Marks(
            np.full(grid.shape, reach_km), f"no {target.name} in reach, {reach_km:g} km everywhere; {seen}"
        )
    return Marks(values, f"{words}; {seen}")


def _to_points(source: DistanceTo, target: Layer, grid: Grid, wider: Grid) -> tuple[NDArray[np.float64], str]:
    points = read_points(target, wider)
    x, y = points.geometry.x.to_numpy(), points.geometry.y.to_numpy()
    exponent = source.population_exponent
    if not exponent:
        return distance_to_points_km(x, y, grid), "straight distance to the point"
    if target.spec.population_column is None and not is_raster(target):
        what, remedy = (
            "population_exponent needs the population",
            f"Set population_column in [layers.{target.name}].",
        )
        raise InputError(what, code="I262", where=target.where, remedy=remedy)
    weights = population_weights(points["population_used"].to_numpy(float), exponent)
    words = f"smallest distance / (population / 1000)^{exponent:g}"
    return distance_to_points_km(x, y, grid, weights=weights), words


def impassable_mask(layers: xr.Dataset, specs: Mapping[str, LayerSpec]) -> xr.DataArray:
    """Return where nothing walks: cells of a class that a categorical layer declares impassable (the sea).

    Parameters
    ----------
    layers
        From `read_layers`; the impassable classes are still in it.
    specs
        The same specifications.

    Returns
    -------
    xr.DataArray
        bool, named "impassable"; False everywhere where no class is declared impassable.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.layers import LayerSpec
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 0, 0, -500, 0), (1, 3))
    >>> cover = grid.like(np.array([[4.0, 11.0, np.nan]]), name="landcover")
    >>> sea = LayerSpec(kind="categories", sources=["landcover.tif"], impassable=[11])
    >>> impassable_mask(xr.Dataset({"landcover": cover}), {"landcover": sea}).values
    array([[False,  True, False]])
    """
    grid = Grid.of(layers)
    mask = np.zeros(grid.shape, bool)
    for name, spec in specs.items():
        if spec.impassable and name in layers:
            mask |= np.isin(layers[name].values, spec.impassable)
    return grid.like(mask, name="impassable", units="yes or no")
