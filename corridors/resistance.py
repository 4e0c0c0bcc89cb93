"""Resistance to movement: how many metres of ideal habitat one metre is worth.

Resistance is 1 in ideal habitat and never below, so accumulated cost reads as metres of ideal habitat. NaN
lets nothing through: no data, and what the workflow declares impassable.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, get_args

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from corridors.errors import ConfigError, CorridorsError, InputError, raise_all
from corridors.grid import Grid, raster_name, same_grid

Transform = Literal["negative_exponential", "linear", "power"]
Values = NDArray[np.float64]


def resistance_from_suitability(
    suitability: xr.DataArray,
    *,
    transform: Transform = "negative_exponential",
    shape: float = 8.0,
    maximum: float = 100.0,
) -> xr.DataArray:
    """Return resistance that falls from `maximum` at suitability 0 to 1 at suitability 1.

    Dispersing animals cross poor habitat more readily than they settle in it; a negative exponential keeps
    resistance low until suitability is poor (Trainor et al. 2013; Keeley, Beier and Gagnon 2016).

    - negative_exponential: R = Rmax - (Rmax - 1) (1 - exp(-c h)) / (1 - exp(-c)), c = `shape`
    - linear: R = 1 + (Rmax - 1) (1 - h)
    - power: R = 1 + (Rmax - 1) (1 - h) ^ `shape`

    Parameters
    ----------
    suitability : DataArray
        0 to 1; NaN stays NaN.
    transform : str
        "negative_exponential", "linear" or "power".
    shape : float
        Curvature, > 0; without effect on "linear".
    maximum : float
        Resistance of the worst habitat, > 1.

    Returns
    -------
    DataArray
        "resistance", float32, at least 1.

    Raises
    ------
    ConfigError
        C124 unknown transform, shape or maximum out of range.
    InputError
        I219 suitability outside 0 to 1.

    Examples
    --------
    >>> grid = Grid.for_area((131.0, 43.0, 131.01, 43.01), crs="EPSG:32652", cell_size_m=1000)
    >>> suitability = grid.like(np.full(grid.shape, 0.5), name="suitability")
    >>> f"{resistance_from_suitability(suitability).values[0, 0]:.4f}"
    '2.7806'
    """
    grid = same_grid(suitability)
    raise_all(_option_problems(transform, shape, maximum))
    values = suitability.values.astype(np.float64)
    outside = int(((values < 0) | (values > 1)).sum())
    if outside:
        given = f"{np.nanmin(values):g} to {np.nanmax(values):g}"
        what, where = f"{outside} cells are no suitability", raster_name(suitability)
        raise InputError(what, code="I219", where=where, given=given, allowed="0 to 1")
    resistance = 1 + (maximum - 1) * _remaining(values, transform, shape)
    attrs = {"method": f"{transform}, shape {shape:g}, maximum {maximum:g}"}
    return _resistance(grid, resistance, attrs)


def _remaining(suitability: Values, transform: Transform, shape: float) -> Values:
    """Return the share of the added resistance that remains: 1 at suitability 0, 0 at 1."""
    if transform == "linear":
        return 1 - suitability
    if transform == "power":
        powered: Values = (1 - suitability) ** shape
        return powered
    end = math.exp(-shape)
    # The textbook form, rearranged so that suitability 1 gives exactly 0.
    return (np.exp(-shape * suitability) - end) / -math.expm1(-shape)


def _option_problems(transform: Transform, shape: float, maximum: float) -> list[CorridorsError]:
    problems: list[CorridorsError] = []
    if transform not in get_args(Transform):
        what, allowed = "unknown transform of suitability", ", ".join(get_args(Transform))
        problems.append(ConfigError(what, code="C124", given=str(transform), allowed=allowed))
    if not 0 < shape < math.inf:
        problems.append(
            ConfigError("the shape must be positive", code="C124", given=f"{shape:g}", allowed="> 0")
        )
    if not 1 < maximum < math.inf:
        what, given = "the maximum resistance must exceed 1, that of ideal habitat", f"{maximum:g}"
        problems.append(ConfigError(what, code="C124", given=given, allowed="> 1, usually 10 to 1000"))
    return problems


def resistance_from_classes(
    classes: xr.DataArray, *, resistances: Mapping[int, float], impassable: xr.DataArray | None = None
) -> xr.DataArray:
    """Return the resistance of every class of a map.

    Parameters
    ----------
    classes : DataArray
        Class numbers; NaN stays NaN.
    resistances : mapping of int to float
        At least 1 each; every class that occurs needs one.
    impassable : DataArray of bool, optional
        Cells nothing crosses, as the sea: NaN, and in no need of a resistance.

    Returns
    -------
    DataArray
        "resistance", float32.

    Raises
    ------
    InputError
        I211 a resistance below 1 or infinite; I245 a class without one.

    Examples
    --------
    >>> grid = Grid.for_area((131.0, 43.0, 131.01, 43.01), crs="EPSG:32652", cell_size_m=1000)
    >>> forest = grid.like(np.full(grid.shape, 5.0), name="landcover")
    >>> float(resistance_from_classes(forest, resistances={5: 1, 1: 50}).max())
    1.0
    """
    grid = same_grid(classes, *([] if impassable is None else [impassable]))
    wrong = {number: value for number, value in resistances.items() if not 1 <= value < math.inf}
    if wrong:
        given = ", ".join(f"class {number}: {value:g}" for number, value in wrong.items())
        what, remedy = (
            "resistances must be at least 1 and finite",
            "Declare a class nothing crosses impassable.",
        )
        raise InputError(what, code="I211", where=raster_name(classes), given=given, remedy=remedy)
    values = classes.values.astype(np.float64)
    if impassable is not None:
        values = np.where(impassable.values.astype(bool), np.nan, values)
    known = ~np.isnan(values)
    found, where, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    lacking = [f"{c:g} ({100 * n / known.sum():.2g} % of the cells)"
               for c, n in zip(found, counts, strict=True) if c not in resistances]  # fmt: skip
    if lacking:
        what, remedy = (
            f"no resistance for class {', '.join(lacking)}",
            "Add one, or declare the class impassable.",
        )
        raise InputError(what, code="I245", where=raster_name(classes), remedy=remedy)
    resistance = np.full(values.shape, np.nan)
    if found.size:
        resistance[known] = np.array([resistances[int(c)] for c in found])[where]
    return _resistance(grid, resistance, {"method": f"classes of {raster_name(classes)}"})


def burn_resistance(resistance: xr.DataArray, mask: xr.DataArray, *, value: float) -> xr.DataArray:
    """Return resistance raised to `value` where the mask is true.

    A road never makes a cell easier: a higher resistance and NaN stay as they are. For a line to hold, its
    cells must join side to side; across a diagonal step an animal slips through at no cost.

    Parameters
    ----------
    resistance : DataArray
        At least 1; NaN stays NaN.
    mask : DataArray
        True (or not 0) where the line runs; NaN is false.
    value : float
        Resistance of the line, at least 1.

    Returns
    -------
    DataArray
        "resistance", a new raster.

    Raises
    ------
    InputError
        I201, I202 grids differ; I211 a value below 1 or infinite.
    """
    grid = same_grid(resistance, mask)
    if not 1 <= value < math.inf:
        what, where = "a burnt resistance must be at least 1 and finite", raster_name(mask)
        raise InputError(what, code="I211", where=where, given=f"{value:g}", allowed=">= 1")
    burnt = np.nan_to_num(mask.values.astype(np.float64)) != 0
    values = resistance.values.astype(np.float64)
    return _resistance(grid, np.where(burnt, np.maximum(values, value), values), dict(resistance.attrs))


def check_resistance(raster: xr.DataArray) -> None:
    """Say everything that is wrong with a resistance raster made elsewhere.

    Parameters
    ----------
    raster : DataArray
        At least 1 and finite where not NaN.

    Raises
    ------
    InputError
        I211 zero, negative or below 1; I212 infinite; I217 no data at all. All problems at once.
    """
    same_grid(raster)
    values = raster.values.astype(np.float64)
    scale = "Cost is in metres of ideal habitat: multiply so that the best cell is 1."
    nodata = "Declare such a value as nodata if it means no data; no data lets nothing through."
    cases = (
        (values == 0, "I211", "zero", scale + " " + nodata),
        ((values < 0) & np.isfinite(values), "I211", "negative", nodata),
        ((values > 0) & (values < 1), "I211", "between 0 and 1", scale),
        (np.isinf(values), "I212", "infinite", nodata),
    )
    problems: list[CorridorsError] = [
        InputError(
            _count(wrong, word), code=code, where=raster_name(raster), allowed=">= 1, finite", remedy=remedy
        )
        for wrong, code, word, remedy in cases
        if wrong.any()
    ]
    if np.isnan(values).all():
        what, remedy = "no cell has a resistance", "Check the area and the declared nodata."
        problems.append(InputError(what, code="I217", where=raster_name(raster), remedy=remedy))
    raise_all(problems)


def _count(wrong: NDArray[np.bool_], word: str) -> str:
    row, column = (int(index[0]) for index in np.nonzero(wrong))
    number = int(wrong.sum())
    return f"{number} cell{'s are' if number > 1 else ' is'} {word}, first in row {row}, column {column}"


def _resistance(grid: Grid, values: Values, attrs: dict[str, str]) -> xr.DataArray:
    kept = {key: value for key, value in attrs.items() if key != "units"}
    return grid.like(values.astype(np.float32), name="resistance", units="1 = ideal habitat", attrs=kept)
