"""Numbers of core areas that stay what they were: a core keeps the number of the land it lies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rasterio.features import rasterize

from corridors.cost.sources import label_array, label_dtype
from corridors.errors import InputError
from corridors.grid import same_grid
from corridors.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.grid import Grid

    Counts = dict[int, dict[int, int]]


def follow_ids(
    cores: gpd.GeoDataFrame,
    labels: xr.DataArray,
    former: gpd.GeoDataFrame,
    *,
    fixed: Collection[int] = (),
    highest: int = 0,
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return core areas with the numbers they had before.

    A core that lies at least partly on a former one of the same name takes its number. Every other former
    number goes to the core that holds most of its land; a core that several would go to takes that of the
    greatest overlap. What is left is numbered on from the highest number ever given, so the number of a core
    that is gone never stands for other land.

    Parameters
    ----------
    cores
        Core areas, indexed by `core_id`, with names.
    labels
        `core_id` of every cell, 0 none.
    former
        Core areas of an earlier run, indexed by `core_id`, with names, in the CRS of the raster.
    fixed
        Numbers somebody gave by hand: they stay.
    highest
        Highest number given so far, if above those of `former`.

    Returns
    -------
    cores, labels
        The same land under its numbers, in their order.

    Raises
    ------
    InputError
        I201, I202 grids differ; I202 former cores in another CRS.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from affine import Affine
    >>> from shapely import box
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 5))
    >>> suit = grid.like(np.array([[0.9, 0.9, 0.1, 0.1, 0.8]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> land = [box(504_000, 4_799_000, 505_000, 4_800_000)]
    >>> former = gpd.GeoDataFrame({"name": [""]}, index=[7], geometry=land, crs=grid.crs)
    >>> follow_ids(cores, labels, former)[1].values.tolist()
    [[8, 8, 0, 0, 7]]
    """
    counts = overlaps(labels, former)
    taken = {int(number): int(number) for number in cores.index if number in set(fixed)}
    best = heirs(counts)
    by_overlap = sorted(best, key=lambda old: (-counts[best[old]][old], old))
    wishes = [*by_name(cores, former, counts).items(), *((best[old], old) for old in by_overlap)]
    for core, old in wishes:
        if core not in taken and old not in taken.values():
            taken[core] = old
    start = max([highest, *map(int, former.index), *taken.values()], default=0) + 1
    rest = [int(core) for core in cores.index if core not in taken]
    return renumbered(cores, labels, taken | dict(zip(rest, range(start, start + len(rest)), strict=True)))


def id_table(labels: xr.DataArray, former: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return where the number of every core comes from, and which numbers are gone.

    Parameters
    ----------
    labels
        As `follow_ids` returns them.
    former
        Core areas of the earlier run.

    Returns
    -------
    DataFrame
        Columns of the table "core_ids". A core is "merged" where it holds most of the land of several
        former ones, "split" where it shares a former one with others, else "kept" or "new".
        `overlap_percent` is the share of its land that was of the number it bears, or else of the former
        core it has most of; for one that is gone, the share of its land that is core area still.
    """
    counts = overlaps(labels, former)
    cells = np.bincount(label_array(labels).ravel())
    best = heirs(counts)
    main = {core: parents(before)[0] for core, before in counts.items() if before}
    rows: list[tuple[int, str, float, str]] = []
    for core in sorted(counts):
        before = parents(counts[core])
        own = core if core in before else main.get(core)
        shared = any(old == own for other, old in main.items() if other != core)
        if not before:
            relation = "new"
        elif list(best.values()).count(core) > 1:
            relation = "merged"
        else:
            relation = "split" if core not in before or shared else "kept"
        share = 0.0 if own is None else 100 * counts[core][own] / int(cells[core])
        rows.append((core, ", ".join(map(str, before)), share, relation))
    land = np.bincount(burnt(former, same_grid(labels)).ravel())
    for old in sorted({int(number) for number in former.index} - set(counts)):
        whole = int(land[old]) if old < len(land) else 0
        left = sum(before.get(old, 0) for before in counts.values())
        rows.append((old, str(old), 100 * left / whole if whole else 0.0, "gone"))
    return pd.DataFrame(rows, columns=list(TABLES["core_ids"].columns))


def renumbered(
    cores: gpd.GeoDataFrame, labels: xr.DataArray, numbers: Mapping[int, int]
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return core areas and labels under other numbers, in the order of these.

    Raises
    ------
    InputError
        I216 two cores under one number.
    """
    new = [int(numbers[core]) for core in cores.index]
    if len(set(new)) < len(new):
        what = "two core areas cannot bear one number"
        raise InputError(what, code="I216", where="cores", given=", ".join(map(str, sorted(new))))
    lookup = np.zeros(int(max(cores.index, default=0)) + 1, dtype=label_dtype(max(new, default=0)))
    lookup[cores.index.to_numpy(dtype=np.int64)] = new
    values = lookup[label_array(labels)]
    table = cores.set_axis(pd.Index(new, name="core_id", dtype="int64"), axis=0).sort_index()
    table.attrs.update(cores.attrs)
    grid = same_grid(labels)
    return table, grid.like(values, name=str(labels.name), units=labels.attrs.get("units", "core_id"))


def overlaps(labels: xr.DataArray, former: gpd.GeoDataFrame) -> Counts:
    """Return the cells every core shares with former ones, as {core: {former core: cells}}."""
    grid = same_grid(labels)
    if former.crs != grid.crs:
        given = "none" if former.crs is None else former.crs.name
        what = "former core areas are in another CRS"
        raise InputError(what, code="I202", where="former cores", given=given, allowed=grid.crs.name)
    now, before = label_array(labels).ravel(), burnt(former, grid).ravel()
    shared = (now > 0) & (before > 0)
    pairs, cells = np.unique(np.column_stack([now[shared], before[shared]]), axis=0, return_counts=True)
    counts: Counts = {int(core): {} for core in np.unique(now[now > 0])}
    for (core, old), number in zip(pairs.tolist(), cells.tolist(), strict=True):
        counts[core][old] = number
    return counts


def burnt(former: gpd.GeoDataFrame, grid: Grid) -> NDArray[np.int64]:
    """Return the former core of every cell; outlines follow edges of cells, so nothing is rounded."""
    shapes = [(shape, int(number)) for number, shape in former.geometry.items() if not shape.is_empty]
    values = np.zeros(grid.shape, dtype=np.int32)
    if shapes:
        rasterize(shapes, out=values, transform=grid.transform)
    return values.astype(np.int64)


def by_name(cores: gpd.GeoDataFrame, former: gpd.GeoDataFrame, counts: Counts) -> dict[int, int]:
    """Return former numbers by core, of those that share a name nobody else has, and land."""
    now, before = (unique_names(table) for table in (cores, former))
    shared = {now[name]: before[name] for name in now if name in before}
    return {core: old for core, old in shared.items() if old in counts[core]}


def unique_names(table: gpd.GeoDataFrame) -> dict[str, int]:
    """Return the number of every name that stands once."""
    names = table["name"].fillna("").astype(str)
    alone = (names != "") & ~names.duplicated(keep=False)
    return {name: int(number) for number, name in zip(table.index[alone], names[alone], strict=True)}


def heirs(counts: Counts) -> dict[int, int]:
    """Return the core that holds most of the land of every former one; of equals the smaller number."""
    held = {old for before in counts.values() for old in before}
    return {old: max(sorted(counts), key=lambda core: counts[core].get(old, 0)) for old in sorted(held)}


def parents(before: Mapping[int, int]) -> list[int]:
    """Return the former cores a core has land of, the most first; of equals the smaller number."""
    return sorted(before, key=lambda old: (-before[old], old))
