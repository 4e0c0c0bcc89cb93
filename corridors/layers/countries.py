"""Countries: ISO alpha-2 codes everywhere inside, one polygon per country, and a raster of them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.features import rasterize

from corridors.errors import InputError, raise_all
from corridors.layers.iso3166 import ALPHA_2, ALPHA_2_OF_ALPHA_3

if TYPE_CHECKING:
    from collections.abc import Iterable

    import xarray as xr
    from numpy.typing import NDArray

    from corridors.grid import Grid
    from corridors.layers.spec import LayerSpec

LARGEST_OVERLAP_KM2 = 1.0


def alpha_2(code: Any) -> str | None:
    """Return the ISO alpha-2 code of an alpha-2 or alpha-3 code; None for an unknown one.

    Examples
    --------
    >>> alpha_2("MNG"), alpha_2("cn"), alpha_2("-99")
    ('MN', 'CN', None)
    """
    text = str(code).strip().upper()
    return text if text in ALPHA_2 else ALPHA_2_OF_ALPHA_3.get(text)


def alpha_2_codes(codes: Iterable[Any], *, where: str, empty_allowed: bool = False) -> list[str]:
    """Return alpha-2 codes, one for one; an empty code stays empty where that is allowed.

    Raises
    ------
    InputError
        I265, naming every unknown code.
    """
    texts = ["" if pd.isna(code) else str(code).strip() for code in codes]
    found = ["" if empty_allowed and not text else alpha_2(text) for text in texts]
    unknown = sorted({text or "(empty)" for text, code in zip(texts, found, strict=True) if code is None})
    if unknown:
        what, allowed = "unknown country codes", "ISO 3166 alpha-2 or alpha-3, such as MN or MNG"
        remedy = "Correct the column, or name another one as country_column."
        given = ", ".join(unknown[:10])
        raise InputError(what, code="I265", where=where, given=given, allowed=allowed, remedy=remedy)
    return [str(code) for code in found]


def countries_from(frame: gpd.GeoDataFrame, spec: LayerSpec, *, where: str) -> gpd.GeoDataFrame:
    """Return one row per country, sorted by code: country (alpha-2), name, geometry.

    Parameters
    ----------
    frame
        Polygons with the columns the specification names, in a projected CRS.
    spec
        Gives `country_column`, and `name_column` or `name_columns`.
    where
        Layer, for messages.

    Raises
    ------
    InputError
        I225 countries overlap, I262 no country column, I265 unknown code.
    """
    if spec.country_column is None:
        what, remedy = "country_column is not given", 'Set country_column = "iso_a3" or what it is called.'
        raise InputError(what, code="I262", where=where, remedy=remedy)
    codes = alpha_2_codes(frame[spec.country_column], where=where)
    plain = gpd.GeoDataFrame(
        {"country": codes, "name": first_filled(frame, spec.name_columns_in_order)},
        geometry=frame.geometry.values,
        crs=frame.crs,
    )
    plain["name"] = plain["name"].where(plain["name"] != "", plain["country"])
    countries = plain.dissolve("country", as_index=False, aggfunc="first")[["country", "name", "geometry"]]
    check_overlaps(countries, where=where)
    return countries


def check_overlaps(countries: gpd.GeoDataFrame, *, where: str) -> None:
    """Stop where two countries overlap by more than a square kilometre; every pair is named."""
    rows = list(zip(countries["country"], countries.geometry, strict=True))
    overlaps = [
        (a, b, shapely.intersection(one, other).area / 1e6)
        for (a, one), (b, other) in combinations(rows, 2)
        if one.intersects(other)
    ]
    remedy = "Repair the outlines: every place lies in one country at most."
    raise_all(
        InputError(f"{a} and {b} overlap by {area:.0f} km²", code="I225", where=where, remedy=remedy)
        for a, b, area in overlaps
        if area > LARGEST_OVERLAP_KM2
    )


def country_labels(countries: gpd.GeoDataFrame, grid: Grid) -> tuple[xr.DataArray, dict[int, str]]:
    """Return the country of each cell as a label raster (0 = none), and the code of each label.

    A cell belongs to the country its centre lies in.

    Parameters
    ----------
    countries
        Columns country and geometry, in the grid's CRS.
    grid
        The target.

    Returns
    -------
    labels
        uint16, numbered from 1 in the order of the codes.
    codes
        Label to ISO alpha-2.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 0, 0, -500, 500), (1, 3))
    >>> outlines = [shapely.box(500, 0, 1500, 500), shapely.box(0, 0, 500, 500)]
    >>> countries = gpd.GeoDataFrame({"country": ["RU", "CN"]}, geometry=outlines, crs=grid.crs)
    >>> labels, codes = country_labels(countries, grid)
    >>> labels.values, codes
    (array([[1, 2, 2]], dtype=uint16), {1: 'CN', 2: 'RU'})
    """
    codes = dict(enumerate(sorted(countries["country"]), start=1))
    label_of = {code: label for label, code in codes.items()}
    shapes = [
        (geometry, label_of[code])
        for code, geometry in zip(countries["country"], countries.geometry, strict=True)
        if not geometry.is_empty
    ]
    values = np.zeros(grid.shape, np.uint16)
    if shapes:
        rasterize(shapes, out=values, transform=grid.transform)
    return grid.like(values, name="country", units="label"), codes


def country_of_points(points: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the country each point lies in; '' where it lies in none."""
    result = np.full(len(points), "", dtype=object)
    for code, outline in zip(countries["country"], countries.geometry, strict=True):
        shapely.prepare(outline)
        result[shapely.intersects(outline, points.geometry.values)] = code
    return result


def first_filled(frame: gpd.GeoDataFrame, columns: Iterable[str]) -> pd.Series[str]:
    """Return, per row, the first text that is not empty in the columns that exist; '' where none is."""
    result = pd.Series("", index=frame.index, dtype=object)
    for column in columns:
        if column in frame:
            text = frame[column].fillna("").astype(str).str.strip()
            result = result.where(result != "", text)
    return result
