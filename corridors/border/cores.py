"""Core areas across borders: area per country, contact with the border, narrowest neck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rasterio.features import rasterize
from scipy import ndimage

from corridors.border.crossings import countries_text
from corridors.border.lines import border_inside, border_lines
from corridors.border.neck import narrowest_neck
from corridors.border.outlines import by_id, country_outlines, require_crs
from corridors.border.shares import country_shares
from corridors.errors import InputError
from corridors.grid import Grid
from corridors.schema import TABLES

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray

SMALLEST_WIDTH_CELLS = 4


def cores_by_country(cores: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the area of each core area in each country.

    Parameters
    ----------
    cores : GeoDataFrame
        Core areas with `core_id` as index or column.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.

    Returns
    -------
    DataFrame
        Columns of the table "core_countries", largest share first; shares sum to 100 per core.

    Raises
    ------
    InputError
        As `country_shares`.
    """
    return country_shares(by_id(cores, "core_id"), countries)[list(TABLES["core_countries"].columns)]


def core_borders(cores: gpd.GeoDataFrame, labels: xr.DataArray, countries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return, for each core area and each border it straddles, the contact and the narrowest neck.

    The neck is the width of the narrowest place on the widest way between the core's hearts on the two
    sides (`corridors.border.neck`). A heart is the deepest point on its side, counted from the core's edge.

    Parameters
    ----------
    cores : GeoDataFrame
        Core areas with `core_id` as index or column.
    labels : DataArray
        Which core area a cell belongs to, 0 none.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.

    Returns
    -------
    DataFrame
        Columns of the table "core_borders": `core_id`, `border`, `border_contact_km` (geodesic length of
        the border inside the core), `narrowest_neck_km`, `neck_note` ("under 2 km, not resolved" where
        narrower than 4 cells; else why there is no number; else empty).

    Raises
    ------
    InputError
        I202 CRS differ, I265 a core that is not in the labels; and as `country_outlines`.
    """
    grid, cores = Grid.of(labels), by_id(cores, "core_id")
    require_crs(cores, grid.crs, "cores")
    outlines = country_outlines(countries, crs=grid.crs)
    contacts = border_inside(cores, border_lines(countries), id_name="core_id")
    values = labels.to_numpy().astype(np.int32)
    codes = {str(country): number for number, country in enumerate(outlines.index, start=1)}
    country_of = _country_raster(outlines, grid)
    places = ndimage.find_objects(values)
    rows = []
    columns = (contacts[name] for name in ("core_id", "border", "country_a", "country_b", "length_km"))
    for core_id, border, country_a, country_b, contact_km in zip(*columns, strict=True):
        place = places[core_id - 1] if 0 < core_id <= len(places) else None
        if place is None:
            raise InputError("is not in the raster of cores", code="I265", where=f"core {core_id}")
        core, lies_in = values[place] == core_id, country_of[place]
        side_a, side_b = (core & (lies_in == codes[c]) for c in (country_a, country_b))
        neck_cells = narrowest_neck(core, side_a, side_b)
        note = _neck_note(neck_cells, bool(side_a.any() and side_b.any()), grid.cell_size_m)
        neck_km = neck_cells * grid.cell_size_m / 1000
        rows.append((core_id, border, contact_km, neck_km, note))
    return pd.DataFrame(rows, columns=list(TABLES["core_borders"].columns))


def core_border_columns(
    cores: gpd.GeoDataFrame, borders: pd.DataFrame, countries: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return the columns about countries and borders that each core area carries.

    Parameters
    ----------
    cores : GeoDataFrame
        Core areas with `core_id` as index or column.
    borders : DataFrame
        From `core_borders`.
    countries : GeoDataFrame
        Column `country` (ISO alpha-2) and polygons, in the same CRS.

    Returns
    -------
    DataFrame
        Indexed by `core_id`: `countries` (largest share first), `border_contact_km` (sum over borders),
        `narrowest_neck_km` (the widest over borders, NaN without any), `neck_note` (that border's note).
    """
    indexed = by_id(cores, "core_id")
    # The widest neck first and none last, so that the first row of a core is the one to show.
    widest_first = borders.sort_values("narrowest_neck_km", ascending=False, kind="stable")
    shown = widest_first.drop_duplicates("core_id").set_index("core_id").reindex(indexed.index)
    contact = borders.groupby("core_id")["border_contact_km"].sum()
    return pd.DataFrame(
        {
            "countries": countries_text(indexed, countries, "core_id"),
            "border_contact_km": contact.reindex(indexed.index).astype(float).fillna(0.0),
            "narrowest_neck_km": shown["narrowest_neck_km"].astype(float),
            "neck_note": shown["neck_note"].astype(object).fillna(""),
        },
        index=indexed.index,
    )


def _country_raster(outlines: gpd.GeoSeries, grid: Grid) -> NDArray[np.int16]:
    """Return the number of the country that holds the centre of each cell, 0 none."""
    shapes = [(outline, number) for number, outline in enumerate(outlines, start=1)]
    # A later shape overwrites an earlier one: reversed, the first in alphabetical order stays.
    raster: NDArray[np.int16] = rasterize(
        shapes[::-1], out_shape=grid.shape, transform=grid.transform, fill=0, dtype="int16"
    )
    return raster


def _neck_note(neck_cells: float, both_sides: bool, cell_size_m: float) -> str:
    if math.isnan(neck_cells) and both_sides:
        return "no way between its two sides through these two countries alone"
    if math.isnan(neck_cells) or neck_cells < SMALLEST_WIDTH_CELLS:
        return f"under {SMALLEST_WIDTH_CELLS * cell_size_m / 1000:g} km, not resolved"
    return ""
