"""Settlements: a population of 0 means unknown, and counts with a stated number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.errors import InputError
from corridors.layers.countries import alpha_2_codes, first_filled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.grid import Grid
    from corridors.layers.spec import LayerSpec


def settlements_from(frame: gpd.GeoDataFrame, spec: LayerSpec, *, where: str) -> gpd.GeoDataFrame:
    """Return settlements as name, country, population (0 = unknown), population_used, geometry.

    `attrs["unknown_share"]` holds, per country, the share of settlements of unknown population.

    Parameters
    ----------
    frame
        Points with the columns the specification names.
    spec
        Gives the columns and `population_unknown`.
    where
        Layer, for messages.

    Raises
    ------
    InputError
        I265 unknown country code, I268 population negative or not a number.
    """
    single = frame.explode(index_parts=False, ignore_index=True)
    countries = pd.Series("", index=single.index)
    if spec.country_column:
        codes = alpha_2_codes(single[spec.country_column], where=where, empty_allowed=True)
        countries = pd.Series(codes, index=single.index, dtype=object)
    population = population_of(single, spec, where=where)
    return _settlements(
        single.geometry.values,
        name=first_filled(single, spec.name_columns_in_order).to_numpy(),
        country=countries.to_numpy(),
        population=population,
        population_used=np.where(population > 0, population, spec.population_unknown),
        crs=frame.crs,
    )


def settlements_from_raster(persons: NDArray[np.float32], grid: Grid, *, where: str) -> gpd.GeoDataFrame:
    """Return one settlement per cell with persons, at the centre of the cell, without name and country."""
    if bool((persons < 0).any()):
        raise InputError("cells have fewer than 0 persons", code="I268", where=where, allowed="0 or more")
    rows, columns = np.nonzero(np.nan_to_num(persons) > 0)
    left, _, _, top = grid.bounds
    x = left + (columns + 0.5) * grid.cell_size_m
    y = top - (rows + 0.5) * grid.cell_size_m
    population = persons[rows, columns].astype(float)
    empty = np.full(len(x), "", dtype=object)
    return _settlements(
        gpd.points_from_xy(x, y),
        name=empty,
        country=empty,
        population=population,
        population_used=population,
        crs=grid.crs,
    )


def _settlements(
    geometry: Any,
    *,
    name: NDArray[Any],
    country: NDArray[Any],
    population: NDArray[np.float64],
    population_used: NDArray[np.float64],
    crs: Any,
) -> gpd.GeoDataFrame:
    columns = {
        "name": name,
        "country": country,
        "population": np.rint(population).astype(np.int64),
        "population_used": np.rint(population_used).astype(np.int64),
    }
    result = gpd.GeoDataFrame(columns, geometry=geometry, crs=crs)
    result.attrs["unknown_share"] = unknown_share(result)
    return result


def population_of(frame: gpd.GeoDataFrame, spec: LayerSpec, *, where: str) -> NDArray[np.float64]:
    """Return the population of each row, 0 where the file has none.

    Raises
    ------
    InputError
        I268 negative or not a number.
    """
    if spec.population_column is None:
        return np.zeros(len(frame))
    given = frame[spec.population_column]
    population = pd.to_numeric(given, errors="coerce")
    wrong = given[given.notna() & (population.isna() | (population < 0) | np.isinf(population))]
    if len(wrong):
        what = f"{len(wrong)} populations are negative or not a number"
        raise InputError(
            what, code="I268", where=where, given=str(wrong.iloc[0]), allowed="0 (unknown) or more"
        )
    return np.asarray(population.fillna(0), float)


def unknown_share(settlements: gpd.GeoDataFrame) -> dict[str, float]:
    """Return, per country, the share of its settlements whose population is unknown (0)."""
    unknown = settlements["population"] == 0
    return {
        str(code): round(float(share), 4)
        for code, share in unknown.groupby(settlements["country"]).mean().items()
    }
