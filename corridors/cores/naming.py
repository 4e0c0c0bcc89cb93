"""What core areas are called, and which stand alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

if TYPE_CHECKING:
    import pandas as pd


def named_after(cores: gpd.GeoDataFrame, protected_areas: gpd.GeoDataFrame) -> pd.Series[str]:
    """Return the name of the protected area each core overlaps most; empty where there is none.

    Each name is given once, to the core that overlaps that area most; the others take their next, if any.
    Protected areas without a name are passed over. A core that has a name keeps it.

    Parameters
    ----------
    cores
        Core areas, indexed by `core_id`.
    protected_areas
        Polygons with a column `name`, in the same CRS.

    Returns
    -------
    Series
        Names by `core_id`.
    """
    names: pd.Series[str] = cores["name"].astype(object).copy()
    known = protected_areas[protected_areas["name"].fillna("") != ""].dissolve("name", as_index=False)
    overlaps = [
        (-float(outline.intersection(area).area), name, core_id)
        for core_id, outline in cores.geometry[names == ""].items()
        for name, area in zip(known["name"], known.geometry, strict=True)
        if outline.intersects(area)
    ]
    taken = set(names)
    for minus_area, name, core_id in sorted(overlaps):
        if minus_area < 0 and name not in taken and names.loc[core_id] == "":
            names.loc[core_id] = name
            taken.add(name)
    return names


def disconnected(cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame) -> list[int]:
    """Return the ids of core areas without a link.

    Parameters
    ----------
    cores
        Core areas, indexed by `core_id`.
    links
        Links with `core_a` and `core_b`.
    """
    linked = {*links["core_a"], *links["core_b"]}
    return [int(core_id) for core_id in cores.index if core_id not in linked]
