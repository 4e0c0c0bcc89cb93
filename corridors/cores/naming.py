"""What core areas are called, and which stand alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

if TYPE_CHECKING:
    import pandas as pd


def named_after(cores: gpd.GeoDataFrame, protected_areas: gpd.GeoDataFrame) -> pd.Series[str]:
    """Return the name of the protected area each core overlaps most; empty where there is none.

    Protected areas without a name are passed over. Where two overlap a core equally, the first in the order
    of names gives it. A core that has a name keeps it.

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
    known = protected_areas[protected_areas["name"].fillna("") != ""].sort_values("name", kind="stable")
    for core_id, outline in cores.geometry[names == ""].items():
        overlap = known.geometry.iloc[known.sindex.query(outline, predicate="intersects", sort=True)]
        areas = overlap.intersection(outline).area
        if len(areas) and areas.max() > 0:
            names.loc[core_id] = known["name"].iloc[known.index.get_indexer([areas.idxmax()])[0]]
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
