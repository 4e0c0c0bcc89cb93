"""Protected connected land under a fence: distances between protected areas that feel the fence.

ProtConn measures straight distances, edge to edge, and a fence lengthens none of them. What a fence adds
is the cost of the least-cost way between two protected areas with it, less the cost without it; at what a
kilometre of ground costs without the fence that is so many kilometres more. So without a fence the numbers
are those of `protected_connected`, and behind a sealed fence nothing is connected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import shapely
from rasterio.features import rasterize

from corridors.border.fences.land import Parts, connected_regions, parts_of_labels
from corridors.border.outlines import country_outlines, require_crs
from corridors.grid import geodesic_area_km2
from corridors.network import protconn
from corridors.network.gaps import gaps_between
from corridors.network.protected import ALL, SLIVER_M2
from corridors.network.protected_land import OUTSIDE, Pieces, cut_along_borders, joined, land_of
from corridors.network.sums import decay_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from corridors.barriers import EdgeCosts
    from corridors.border.fences.land import Land

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


LEFT_OUT = 0.01
"""The smallest pieces of protected land, together no more than this part of it, are not looked at [P]: maps
hold scores of them, each takes as long as the largest, and ECA changes by less than that."""


class Reserves(NamedTuple):
    """Protected land, cut along borders, that holds at least one cell of the raster.

    `group` is the number of the region each piece belongs to: pieces of one country whose cells touch, or
    are one piece; ways between those feel no fence along the border. `left_out_km2` is what is too small
    (`LEFT_OUT`), or lies outside the raster.
    """

    pieces: Pieces
    protected: BaseGeometry
    single: NDArray[np.object_]
    outlines: gpd.GeoSeries
    regions: Parts
    group: Integers
    pairs: Integers
    gaps_km: Floats
    left_out_km2: float


def reserves_of(land: Land, protected_areas: gpd.GeoDataFrame, countries: gpd.GeoDataFrame) -> Reserves:
    """Return protected land as a fence would part it.

    Raises
    ------
    InputError
        I202 another CRS, and as `country_outlines`.
    """
    require_crs(protected_areas, land.grid.crs, "protected areas")
    outlines = country_outlines(countries, crs=land.grid.crs)
    single = shapely.get_parts(protected_areas.geometry.to_numpy())
    whole = joined(single)
    pieces = cut_along_borders(whole, outlines, land.grid.crs, SLIVER_M2)
    shapes = [(outline, number) for number, outline in enumerate(pieces.outlines, start=1)]
    burnt = np.zeros(land.grid.shape, dtype=np.int32)
    if shapes:
        rasterize(shapes, out=burnt, transform=land.grid.transform)
    burnt = np.where(np.isnan(land.res.to_numpy()), 0, burnt)
    held = np.intersect1d(np.unique(burnt[burnt > 0]) - 1, _large(pieces.areas_km2))
    burnt = np.where(np.isin(burnt, held + 1), burnt, 0)
    kept = Pieces(pieces.outlines[held], pieces.areas_km2[held], pieces.country[held])
    number = np.zeros(len(pieces.outlines) + 1, dtype=np.int64)
    number[held + 1] = np.arange(1, len(held) + 1)
    group, regions = _regions(number[burnt], kept.country)
    pairs, gaps_m = gaps_between(kept.outlines, np.inf)
    left = float(pieces.areas_km2.sum() - kept.areas_km2.sum())
    return Reserves(kept, whole, single, outlines, regions, group, pairs, gaps_m / 1000, left)


def _large(areas_km2: Floats) -> Integers:
    """Return the pieces without the smallest ones."""
    order = np.argsort(areas_km2, kind="stable")
    small = np.cumsum(areas_km2[order]) <= LEFT_OUT * areas_km2.sum()
    kept: Integers = np.sort(order[~small]).astype(np.int64)
    return kept


def _regions(cells: Integers, country: Integers) -> tuple[Integers, Parts]:
    """Return the region of every piece, from 0, and the regions: pieces of one country that touch."""
    code = np.where(cells > 0, country[cells - 1] - OUTSIDE + 1, 0) if len(country) else cells
    touching = connected_regions(code)
    # A piece in several patches of cells is one: patches that share a piece are one region.
    root = np.arange(int(touching.max(initial=0)) + 1)
    group = np.zeros(len(country), dtype=np.int64)
    for piece in range(1, len(country) + 1):
        patches = np.unique(touching[cells == piece])
        least = root[patches].min()
        root[np.isin(root, root[patches])] = least
    for piece in range(1, len(country) + 1):
        group[piece - 1] = root[touching[cells == piece][0]]
    names, group = np.unique(group, return_inverse=True)
    labels = np.where(touching > 0, np.searchsorted(names, root[touching]) + 1, 0)
    return group.astype(np.int64), parts_of_labels(labels, np.arange(1, len(names) + 1))


def costs_between(land: Land, reserves: Reserves, edges: EdgeCosts | None) -> Floats:
    """Return the cost between every two regions of protected land."""
    found = land.surfaces(reserves.regions.labels, edges)
    count = len(reserves.regions.core)
    return np.array([reserves.regions.least(found[i + 1]) for i in range(count)]).reshape(-1, count)


def protected_under(
    reserves: Reserves, before: Floats, after: Floats, *, dispersal_km: float, cost_per_km: float
) -> pd.DataFrame:
    """Return ProtConn per country and jointly, where ways between regions cost `after` instead of `before`.

    Columns `country`, `protconn_percent`, `protconn_trans_percent`.
    """
    a, b = (reserves.group[reserves.pairs[:, end]] for end in (0, 1))
    known = np.isfinite(before[a, b])
    # Where nothing passes without a fence either (the sea), ProtConn counts the straight way, and still does.
    added_km = np.zeros(len(a))
    added_km[known] = np.maximum(after[a, b][known] - before[a, b][known], 0.0) / cost_per_km
    decay = decay_of(np.array([dispersal_km]), 0.5)
    crs = reserves.outlines.crs
    scopes = {str(name): np.array([n]) for n, name in enumerate(reserves.outlines.index)}
    scopes[ALL] = np.arange(len(reserves.outlines))
    rows = []
    for name, members in scopes.items():
        scope = joined(reserves.outlines.iloc[members])
        inside = np.isin(reserves.pieces.country, members)
        land = land_of(
            reserves.pieces, reserves.protected, inside, scope, reserves.single, reserves.pairs,
            reserves.gaps_km, crs,
        )  # fmt: skip
        open_ = np.isfinite(added_km)
        land = land._replace(pairs=land.pairs[open_], distances_km=(land.distances_km + added_km)[open_])
        region_km2 = sum(geodesic_area_km2(o, crs) for o in reserves.outlines.iloc[members])
        found = protconn(land, region_km2=region_km2, decay=decay)
        rows.append((name, *(float(found[n][0]) for n in ("protconn_percent", "protconn_trans_percent"))))
    return pd.DataFrame(rows, columns=["country", "protconn_percent", "protconn_trans_percent"])
