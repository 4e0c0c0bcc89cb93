"""Protected areas: one row per name, its country, and where its outline comes from."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.layers.countries import first_filled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.layers.spec import LayerSpec

FROM_SOURCE = "source"
STYLISED = "stylised"
COUNTED = {
    "Ll",
    "Lu",
    "Lt",
    "Lo",
    "Nd",
    "Nl",
    "No",
}  # letters and numbers; not marks, nor ʹ of transliterations
COLUMNS = ["name", "class", "country", "origin", "geometry"]


def protected_areas_from(
    frame: gpd.GeoDataFrame,
    spec: LayerSpec,
    *,
    countries: gpd.GeoDataFrame | None = None,
    supplement: gpd.GeoDataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Return protected areas as name, class, country, origin, geometry.

    Pieces of one name become one area; areas without a name stay apart, with an empty name. Areas of
    the supplement are added where the source has none of that name, whether or not outlines overlap:
    a stylised outline must never hide a mapped one, nor count twice for being drawn a little off.

    Parameters
    ----------
    frame
        Polygons in a projected CRS, with the columns the specification names.
    spec
        Gives `name_columns`: the first one filled is the name.
    countries
        Columns country and geometry; an area's country is the one it overlaps most.
    supplement
        Stylised outlines, columns as in `frame`; those without a name are not used.
    """
    areas = dissolved(_plain(frame, spec, FROM_SOURCE))
    if supplement is not None:
        stylised = dissolved(_plain(supplement, spec, STYLISED))
        known = {comparable(name) for name in areas["name"]} | {""}
        new = stylised[[comparable(name) not in known for name in stylised["name"]]]
        areas = pd.concat([areas, new], ignore_index=True) if len(new) else areas
    areas["country"] = "" if countries is None else country_of(areas, countries)
    return gpd.GeoDataFrame(areas[COLUMNS], geometry="geometry", crs=frame.crs)


def _plain(frame: gpd.GeoDataFrame, spec: LayerSpec, origin: str) -> gpd.GeoDataFrame:
    stated = first_filled(frame, ("origin",))
    columns = {
        "name": first_filled(frame, spec.name_columns_in_order),
        "class": first_filled(frame, ("class",)),
        "origin": stated.where(stated != "", origin) if origin == FROM_SOURCE else origin,
    }
    return gpd.GeoDataFrame(columns, geometry=frame.geometry.values, crs=frame.crs, index=frame.index)


def dissolved(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row per name, compared as in `comparable`; the largest piece gives spelling and class."""
    keys = [comparable(name) or f"\0{row}" for row, name in enumerate(areas["name"])]
    largest_first = areas.assign(key=keys, size=areas.geometry.area, order=np.arange(len(areas)))
    largest_first = largest_first.sort_values(["size", "order"], ascending=[False, True])
    rows, geometries = [], []
    for _, pieces in largest_first.groupby("key", sort=False):
        first = pieces.iloc[0]
        rows.append(
            {
                "order": pieces["order"].min(),
                **{column: first[column] for column in ("name", "class", "origin")},
            }
        )
        geometries.append(shapely.union_all(pieces.geometry.values))
    whole = pd.DataFrame(rows, columns=["order", "name", "class", "origin"])
    result = gpd.GeoDataFrame(whole, geometry=geometries, crs=areas.crs).sort_values("order")
    return result.drop(columns="order").reset_index(drop=True)


def comparable(name: str) -> str:
    """Return a name for comparison: letters and digits alone, case and accents aside.

    Examples
    --------
    >>> comparable("Kámeň-Hora  (Park)") == comparable("kamen hora park")
    True
    >>> comparable("Tihaja rekaʹ") == comparable("Tihaja Reka"), comparable("Reka") == comparable("Reky")
    (True, False)
    """
    bare = unicodedata.normalize("NFKD", str(name)).casefold()
    return "".join(c for c in bare if unicodedata.category(c) in COUNTED)


def country_of(areas: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the country each area overlaps most; '' where it overlaps none."""
    result = np.full(len(areas), "", dtype=object)
    best = np.zeros(len(areas))
    for code, outline in zip(countries["country"], countries.geometry, strict=True):
        shapely.prepare(outline)
        shared = shapely.area(shapely.intersection(areas.geometry.values, outline))
        result[shared > best] = code
        best = np.maximum(best, shared)
    return result
