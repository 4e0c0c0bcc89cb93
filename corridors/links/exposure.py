"""What a link is exposed to: roads, settlements, unprotected land, mortality.

Mortality is not resistance: an animal may take a way that kills it. So exposure stands beside the cost of a
link and never enters it; sorted by both, the table shows the links that are cheap but deadly.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from corridors.errors import ConfigError, InputError
from corridors.grid import Grid

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry


def link_exposure(
    links: gpd.GeoDataFrame,
    *,
    roads: gpd.GeoDataFrame | None = None,
    settlements: gpd.GeoDataFrame | None = None,
    protected_areas: gpd.GeoDataFrame | None = None,
    mortality: xr.DataArray | None = None,
    settlement_distance_km: float = 5.0,
    same_crossing_km: float = 1.0,
) -> pd.DataFrame:
    """Return what the least-cost path of every link meets; columns of a layer not given are empty.

    Parameters
    ----------
    links
        Links, as `find_links` returns them.
    roads
        Lines with a column `class`.
    settlements
        Points with a column `population_used`.
    protected_areas
        Polygons; where they overlap, land counts once.
    mortality
        Risk of dying in every cell, any unit; NaN is unknown and left out of the mean.
    settlement_distance_km
        A settlement at most this far from the path counts, measured on the map.
    same_crossing_km
        Crossings of one class no farther than this from the one before, along the path, are the same:
        paths through centres of cells weave along a road, and a motorway is mapped as two lines.

    Returns
    -------
    DataFrame
        Indexed by `link_id`: `core_a`, `core_b`, `cost_distance_m`, `road_crossings`,
        `road_crossings_by_class` ("primary 2, trunk 1"), `settlements_near`, `population_near`,
        `protected_percent` of the length, `mean_mortality` by length.

    Raises
    ------
    ConfigError
        C103 a distance out of its range.
    InputError
        I202 a layer in another CRS; I221 a link outside the raster of mortality.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> way, road = LineString([(0, 0), (9000, 0)]), LineString([(4000, -500), (4000, 500)])
    >>> link = {"core_a": [1], "core_b": [2], "cost_distance_m": [9000.0]}
    >>> links = gpd.GeoDataFrame(link, geometry=[way], crs=32652).rename_axis("link_id")
    >>> roads = gpd.GeoDataFrame({"class": ["trunk"]}, geometry=[road], crs=32652)
    >>> link_exposure(links, roads=roads)["road_crossings_by_class"].tolist()
    ['trunk 1']
    """
    for name, value in (
        ("settlement_distance_km", settlement_distance_km),
        ("same_crossing_km", same_crossing_km),
    ):
        if not (math.isfinite(value) and value >= 0):
            what, given = "out of range", f"{value:g}"
            raise ConfigError(what, code="C103", where=name, given=given, allowed="0 or more")
    for name, layer in (("roads", roads), ("settlements", settlements), ("protected_areas", protected_areas)):
        if layer is not None and layer.crs != links.crs:
            given = "none" if layer.crs is None else layer.crs.name
            what = "links and layer differ in CRS"
            raise InputError(what, code="I202", where=name, given=given, allowed=links.crs.name)
    table = pd.DataFrame(links[["core_a", "core_b", "cost_distance_m"]])
    paths = links.geometry
    return table.assign(
        **_road_columns(paths, roads, same_crossing_km * 1000),
        **_settlement_columns(paths, settlements, settlement_distance_km * 1000),
        protected_percent=_protected_percent(paths, protected_areas),
        mean_mortality=_mean_mortality(paths, mortality),
    )


def _road_columns(
    paths: gpd.GeoSeries, roads: gpd.GeoDataFrame | None, same_crossing_m: float
) -> dict[str, Any]:
    totals, texts = [], []
    for path in paths:
        counts = {} if roads is None else road_crossings(path, roads, same_crossing_m=same_crossing_m)
        totals.append(pd.NA if roads is None else sum(counts.values()))
        # Most often crossed first, then by name.
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        texts.append(", ".join(f"{name} {count}" for name, count in ordered))
    return {
        "road_crossings": pd.array(totals, dtype="Int64"),
        "road_crossings_by_class": np.array(texts, dtype=object),
    }


def road_crossings(path: BaseGeometry, roads: gpd.GeoDataFrame, *, same_crossing_m: float) -> dict[str, int]:
    """Return how often a path crosses roads of each class; a stretch along a road is one crossing."""
    near = roads.iloc[np.sort(roads.sindex.query(path, predicate="intersects"))]
    counts = {}
    for name, lines in near.groupby("class"):
        met = shapely.intersection(path, lines.geometry.to_numpy())
        stretches = [_ends_along(path, part) for part in shapely.get_parts(met)]
        counts[str(name) or "unclassified"] = _groups(stretches, same_crossing_m)
    return counts


def _ends_along(path: BaseGeometry, part: BaseGeometry) -> tuple[float, float]:
    """Return where along the path a crossing begins and ends."""
    places = [float(path.project(shapely.Point(xy))) for xy in shapely.get_coordinates(part)]
    return min(places), max(places)


def _groups(stretches: list[tuple[float, float]], same_m: float) -> int:
    """Return how many groups stretches form, those no farther apart than `same_m` in one."""
    count, reached = 0, -math.inf
    for start, end in sorted(stretches):
        count += start > reached + same_m
        reached = max(reached, end)
    return count


def _settlement_columns(
    paths: gpd.GeoSeries, settlements: gpd.GeoDataFrame | None, distance_m: float
) -> dict[str, Any]:
    if settlements is None:
        empty = pd.array([pd.NA] * len(paths), dtype="Int64")
        return {"settlements_near": empty, "population_near": empty}
    near = [settlements.geometry.dwithin(path, distance_m).to_numpy(dtype=bool) for path in paths]
    people = settlements["population_used"].to_numpy()
    return {
        "settlements_near": pd.array([int(found.sum()) for found in near], dtype="Int64"),
        "population_near": pd.array([int(people[found].sum()) for found in near], dtype="Int64"),
    }


def _protected_percent(paths: gpd.GeoSeries, protected_areas: gpd.GeoDataFrame | None) -> NDArray[np.float64]:
    if protected_areas is None:
        return np.full(len(paths), np.nan)
    whole = shapely.union_all(protected_areas.geometry.to_numpy())
    inside = shapely.length(shapely.intersection(paths.to_numpy(), whole))
    share: NDArray[np.float64] = 100 * inside / shapely.length(paths.to_numpy())
    return np.clip(share, 0.0, 100.0)


def _mean_mortality(paths: gpd.GeoSeries, mortality: xr.DataArray | None) -> NDArray[np.float64]:
    if mortality is None:
        return np.full(len(paths), np.nan)
    grid = Grid.of(mortality)
    if grid.crs != paths.crs:
        what = "links and layer differ in CRS"
        raise InputError(what, code="I202", where="mortality", given=grid.crs.name, allowed=paths.crs.name)
    values = mortality.values.astype(np.float64)
    return np.array([_mean_along(path, values, grid, f"link {i}") for i, path in paths.items()])


def _mean_along(path: BaseGeometry, values: NDArray[np.float64], grid: Grid, where: str) -> float:
    """Return the mean over the cells of a path, weighted by the half steps that lie in each."""
    corners = shapely.get_coordinates(path)
    cells = [grid.cell_at(x, y) for x, y in corners]
    if None in cells:
        raise InputError("the path leaves the raster of mortality", code="I221", where=where)
    met = np.array([values[cell] for cell in cells if cell is not None])
    steps = np.hypot(*np.diff(corners, axis=0).T) / 2
    weights = np.concatenate([steps, [0.0]]) + np.concatenate([[0.0], steps])
    known = ~np.isnan(met)
    return float(np.average(met[known], weights=weights[known])) if known.any() else math.nan
