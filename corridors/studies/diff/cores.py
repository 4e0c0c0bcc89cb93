"""Core areas and links of two runs, matched by the land they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.grid import geodesic_area_km2
from corridors.schema.differences import CORE_CHANGES, LINK_CHANGES

if TYPE_CHECKING:
    from pyproj import CRS

KEPT, GAINED, LOST = "kept", "gained", "lost"
SHRUNK, GROWN, MOVED, SPLIT, MERGED = "shrunk", "grown", "moved", "split", "merged"
HALF = 0.5
"""A core is the same as its match where they share half of the land of both; one that lies by half in a core
of the other run is a piece of it, not a new core [P]."""


def matched_cores(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what became of every core area of run A, and which of run B are new.

    Two cores are one where each is the other's greatest overlap. It is *kept* where they share at least half
    of the land of both; else *shrunk* or *grown* where the smaller lies by half in the larger, and *moved*
    where it does not. Of the rest, one that lies by half in a core of the other run was *split* off it, or
    *merged* into it; else it is *gained* or *lost*.

    Parameters
    ----------
    a, b : GeoDataFrame
        Columns core_id, name and geometry, in one projected CRS.

    Returns
    -------
    GeoDataFrame
        `change`, ids and areas (km², geodesic) in both runs, `shared_percent` of the land of both together,
        `same_id`; geometry of run B, of run A where it is gone.
    """
    shared = overlaps(a, b)
    best_b = {i: max(row, key=lambda j: (row[j], -j)) for i, row in shared.items() if row}
    best_a: dict[int, int] = {}
    for i, row in shared.items():
        for j, area in row.items():
            if j not in best_a or area > shared[best_a[j]][j]:
                best_a[j] = i
    rows = []
    for i in range(len(a)):
        of = best_b.get(i, -1)
        if of >= 0 and best_a[of] == i:
            rows.append(core_row(a.iloc[i], b.iloc[of], shared[i][of], a.crs))
        else:
            part = 0.0 if of < 0 else shared[i][of] / a.geometry.iloc[i].area
            into = b.iloc[of] if of >= 0 and part >= HALF else None
            rows.append(single_row(a.iloc[i], into, a.crs, gone=True))
    for j in range(len(b)):
        of = best_a.get(j, -1)
        if of < 0 or best_b[of] != j:
            part = 0.0 if of < 0 else shared[of][j] / b.geometry.iloc[j].area
            out_of = a.iloc[of] if of >= 0 and part >= HALF else None
            rows.append(single_row(b.iloc[j], out_of, a.crs, gone=False))
    shapes = [row.pop("geometry") for row in rows]
    table = pd.DataFrame(rows, columns=list(CORE_CHANGES))
    table = table.astype({"id_a": "Int64", "id_b": "Int64"})
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=a.crs, dtype="geometry"))


def overlaps(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame) -> dict[int, dict[int, float]]:
    """Return the land (square metres of the map) every pair of cores shares, by row numbers."""
    shared: dict[int, dict[int, float]] = {i: {} for i in range(len(a))}
    rows, others = shapely.STRtree(b.geometry.to_numpy()).query(a.geometry.to_numpy(), "intersects")
    for i, j in zip(rows.tolist(), others.tolist(), strict=True):
        area = shapely.intersection(a.geometry.iloc[i], b.geometry.iloc[j]).area
        if area > 0:
            shared[i][j] = area
    return shared


def core_row(a: Any, b: Any, shared: float, crs: CRS) -> dict[str, Any]:
    """Return the row of a core that both runs have."""
    together = a.geometry.area + b.geometry.area - shared
    share = shared / together
    nested = shared >= HALF * min(a.geometry.area, b.geometry.area)
    resized = SHRUNK if b.geometry.area < a.geometry.area else GROWN
    area_a, area_b = (geodesic_area_km2(each.geometry, crs) for each in (a, b))
    return {
        "change": KEPT if share >= HALF else resized if nested else MOVED,
        "id_a": a["core_id"], "id_b": b["core_id"],
        "name": b.get("name"), "area_a_km2": area_a, "area_b_km2": area_b,
        "area_change_km2": area_b - area_a, "shared_percent": 100 * share,
        "same_id": a["core_id"] == b["core_id"], "geometry": b.geometry,
    }  # fmt: skip


def single_row(core: Any, other: Any, crs: CRS, *, gone: bool) -> dict[str, Any]:
    """Return the row of a core that one run has; `other` is the core it is a piece of, where there is one."""
    area = geodesic_area_km2(core.geometry, crs)
    row: dict[str, Any] = dict.fromkeys(CORE_CHANGES) | {"name": core.get("name"), "geometry": core.geometry}
    own, foreign = ("id_a", "id_b") if gone else ("id_b", "id_a")
    row[own], row[f"area_{own[-1]}_km2"] = core["core_id"], area
    row["area_change_km2"] = -area if gone else area
    row["change"] = LOST if gone else GAINED
    if other is not None:
        row[foreign], row["change"] = other["core_id"], MERGED if gone else SPLIT
    row["same_id"] = False
    return row


def same_cores(cores: pd.DataFrame) -> dict[int, int]:
    """Return the core of run B for every core of run A that both have."""
    both = cores[cores["change"].isin([KEPT, SHRUNK, GROWN, MOVED])]
    return dict(zip(both["id_a"].astype(int), both["id_b"].astype(int), strict=True))


def matched_links(a: gpd.GeoDataFrame, b: gpd.GeoDataFrame, cores: Mapping[int, int]) -> gpd.GeoDataFrame:
    """Return which links both runs have, between the same two cores, and what they cost in each.

    Parameters
    ----------
    a, b : GeoDataFrame
        Columns link_id, core_a, core_b, cost_distance_m, path_length_km and geometry.
    cores : mapping of int to int
        From `same_cores`.

    Returns
    -------
    GeoDataFrame
        `change` (kept, gained, lost), ids, cost and length in both; `core_a` and `core_b` are ids of run B,
        of run A where the link is lost; geometry likewise.
    """
    ends_b = {frozenset((link.core_a, link.core_b)): link for link in b.itertuples()}
    rows, found = [], set()
    for link in a.itertuples():
        ends = frozenset(cores.get(int(core), -1) for core in (link.core_a, link.core_b))
        other = ends_b.get(ends)
        found |= {ends} if other is not None else set()
        rows.append(link_row(link, other))
    rows += [link_row(None, link) for ends, link in ends_b.items() if ends not in found]
    shapes = [row.pop("geometry") for row in rows]
    table = pd.DataFrame(rows, columns=list(LINK_CHANGES)).astype({"link_a": "Int64", "link_b": "Int64"})
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=a.crs, dtype="geometry"))


def link_row(a: Any, b: Any) -> dict[str, Any]:
    """Return the row of a link; one of the two may be None."""
    shown = a if b is None else b
    cost_a, cost_b = (np.nan if link is None else float(link.cost_distance_m) for link in (a, b))
    length_a, length_b = (np.nan if link is None else float(link.path_length_km) for link in (a, b))
    return {
        "change": LOST if b is None else GAINED if a is None else KEPT,
        "link_a": None if a is None else a.link_id, "link_b": None if b is None else b.link_id,
        "core_a": shown.core_a, "core_b": shown.core_b, "cost_a_m": cost_a, "cost_b_m": cost_b,
        "cost_change_m": cost_b - cost_a,
        "cost_change_percent": 100 * (cost_b / cost_a - 1) if cost_a else np.nan,
        "length_a_km": length_a, "length_b_km": length_b, "geometry": shown.geometry,
    }  # fmt: skip
