"""Raster files opened for a layer: their coordinate system, their bands, and what is computed from them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.errors import InputError, raise_all
from corridors.io import RASTER_DRIVERS, check_datum, crs_of, detect_driver, open_raster
from corridors.io.rasters import source_of
from corridors.layers import terrain
from corridors.layers.align import RasterSource, onto_grid, scaling
from corridors.layers.fraction import is_one_of, window_mean
from corridors.layers.rasterise import cropped, padded
from corridors.layers.resolve import nearest
from corridors.layers.spec import FractionOf, RuggednessOf, SlopeOf, SouthnessOf, WeightedBandsOf
from corridors.layers.vectors import lonlat_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from corridors.grid import Grid
    from corridors.layers.align import Cells
    from corridors.layers.resolve import Layer

    Values = tuple[NDArray[Any], str]


def is_raster(layer: Layer) -> bool:
    """Return whether the layer's source is a raster file."""
    return layer.file is not None and detect_driver(layer.file.path) in RASTER_DRIVERS


@contextmanager
def raster_source(layer: Layer, *, bands: Sequence[str] = ()) -> Iterator[RasterSource]:
    """Open the raster of a layer, with its CRS (or the assumed one) and the bands asked for.

    Raises
    ------
    InputError
        I203 no CRS, I261 no such band.
    """
    if layer.file is None:
        raise InputError("no file to read", code="I260", where=layer.where)
    spec = layer.spec
    with open_raster(layer.file.path, assume_crs=spec.assume_crs, nodata=spec.nodata) as dataset:
        wanted: list[str | int | None] = [*bands] or [layer.file.part or spec.band]
        numbers = band_numbers(source_of(dataset).descriptions, wanted, layer.where)
        yield RasterSource(dataset, crs_of(dataset), numbers, layer.where)


def band_numbers(
    descriptions: Iterable[str | None], wanted: Iterable[str | int | None], where: str
) -> tuple[int, ...]:
    """Return the numbers of bands named by number or description; None means the only one.

    Raises
    ------
    InputError
        I261, for every band that is not there.
    """
    names = [name or f"band {number}" for number, name in enumerate(descriptions, start=1)]
    numbers, problems = [], []
    for band in wanted:
        number = band_number(band, names)
        numbers.append(number or 0)
        if number is None:
            given = "none named" if band is None else f"{band}{nearest(str(band), names)}"
            what = "which band?" if band is None else "no such band"
            allowed = ", ".join(names)
            problems.append(InputError(what, code="I261", where=where, given=given, allowed=allowed))
    raise_all(problems)
    return tuple(numbers)


def band_number(band: str | int | None, names: Sequence[str]) -> int | None:
    """Return the number of a band, None where there is none; a description counts without its unit.

    Examples
    --------
    >>> band_number("red deer", ["wild boar (per km²)", "red deer (per km²)"])
    2
    """
    if band is None:
        return 1 if len(names) == 1 else None
    if isinstance(band, int):
        return band if band <= len(names) else None
    for spelling in (names, [name.partition(" (")[0] for name in names]):
        if spelling.count(band) == 1:
            return spelling.index(band) + 1
    return None


def read_raster(layer: Layer, grid: Grid, *, left_out: Sequence[int] = ()) -> Values:
    """Return a raster layer, or what its source derives from a raster, on the grid, and the method in words.

    Parameters
    ----------
    left_out
        Classes that count as no data in a share of classes (the sea).
    """
    source = layer.source
    if isinstance(source, FractionOf):
        return _fraction(layer, source, grid, left_out)
    if isinstance(source, WeightedBandsOf):
        weights = np.array(list(source.weights.values()), dtype=np.float32)
        with raster_source(layer, bands=list(source.weights)) as opened:
            values, words = _checked(opened, grid, derive=lambda c: np.tensordot(weights, c.values, 1))
        return values, f"weighted sum of bands, {words}"
    for kind, (function, title) in TERRAIN.items():
        if isinstance(source, kind):
            with raster_source(layer) as opened:
                values, words = _checked(opened, grid, derive=function)
            return values, f"{title} at the elevation model's own scale, {words}"
    with raster_source(layer) as opened:
        return _checked(
            opened, grid, mixing="categories" if layer.spec.kind == "categories" else "continuous"
        )


def _checked(source: RasterSource, grid: Grid, **options: Any) -> Values:
    check_datum(source.crs, grid.crs, where=source.where, bounds=lonlat_bounds(grid))
    if options.get("mixing") == "categories":
        check_categories(source)
    options.setdefault("mixing", "continuous")
    return onto_grid(source, grid, **options)


def check_categories(source: RasterSource) -> None:
    """Stop where classes are stored with a scale or an offset: they would not be classes any more."""
    if any(scaling(source, band) != (1.0, 0.0) for band in source.bands):
        remedy = 'Remove them, or set kind = "continuous".'
        raise InputError("classes with a scale or offset", code="I215", where=source.where, remedy=remedy)


def _fraction(layer: Layer, source: FractionOf, grid: Grid, left_out: Sequence[int]) -> Values:
    radius_km = source.window_radius_km or 0.0
    cells = int(radius_km * 1000 / grid.cell_size_m)
    with raster_source(layer) as opened:
        check_categories(opened)
        values, words = _checked(
            opened,
            padded(grid, cells),
            derive=lambda c: is_one_of(c.first, source.classes, left_out=left_out),
        )
    if not radius_km:
        return values, f"share of the cell, {words}"
    mean = window_mean(values, radius_km * 1000 / grid.cell_size_m)
    return cropped(mean, cells), f"share of a circle of {radius_km:g} km, {words}"


def _slope(cells: Cells) -> NDArray[np.float64]:
    width_m, height_m = terrain.cell_sizes_m(cells.transform, cells.first.shape, cells.crs)
    return terrain.slope_deg(cells.first.astype(float), width_m, height_m)


def _southness(cells: Cells) -> NDArray[np.float64]:
    width_m, height_m = terrain.cell_sizes_m(cells.transform, cells.first.shape, cells.crs)
    return terrain.southness(cells.first.astype(float), width_m, height_m)


def _ruggedness(cells: Cells) -> NDArray[np.float64]:
    return terrain.ruggedness(cells.first.astype(float))


TERRAIN: dict[type, tuple[Callable[[Cells], NDArray[np.float64]], str]] = {
    SlopeOf: (_slope, "slope (Horn 1981)"),
    RuggednessOf: (_ruggedness, "ruggedness (Riley et al. 1999)"),
    SouthnessOf: (_southness, "southness, -cos(aspect) sin(slope),"),
}
