"""Lines as segments: cut to pieces the crossing test takes, and joined to what a walker meets as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corridors.barriers.crossings import LONGEST_CELLS, to_units
from corridors.errors import InputError, raise_all

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from corridors.grid import Grid

    Integers = NDArray[np.int64]


class Segments(NamedTuple):
    """Straight pieces of lines.

    starts, ends
        In units, shape (n, 2); every stretch once, however often it was drawn.
    cost_m
        Of crossing it.
    chain
        Number of the chain it belongs to, from 0.
    parts, part_chain
        The lines the segments come from, in metres, and the chain of each.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    cost_m: NDArray[np.float64]
    chain: NDArray[np.int64]
    parts: NDArray[Any]
    part_chain: NDArray[np.int64]


def segments_of(geometries: NDArray[Any], cost_m: NDArray[np.float64], grid: Grid) -> Segments:
    """Return the segments of lines, and the chains they form.

    A chain is what is one line on the ground, in however many pieces it was drawn: pieces are joined where
    exactly two ends meet. At a junction of three or more, chains end.
    """
    parts, line = shapely.get_parts(geometries, return_index=True)
    xy, part = shapely.get_coordinates(
        shapely.segmentize(parts, LONGEST_CELLS * grid.cell_size_m), return_index=True
    )
    units = to_units(xy, grid)
    first = np.flatnonzero(np.diff(part, prepend=-1))
    last = np.flatnonzero(np.diff(part, append=len(parts)))
    part_chain = _chains(units[first], units[last])
    joined = np.flatnonzero((part[1:] == part[:-1]) & (units[1:] != units[:-1]).any(axis=1))
    own = part[joined]
    stretches = np.column_stack([units[joined], units[joined + 1]])
    stretches, kept = _each_once(stretches, cost_m[line[own]])
    own = own[kept]
    return Segments(stretches[:, :2], stretches[:, 2:], cost_m[line[own]], part_chain[own], parts, part_chain)


def _each_once(stretches: Integers, cost_m: NDArray[np.float64]) -> tuple[Integers, Integers]:
    """Return stretches without repetitions, and which they were: of several, the one dearest to cross."""
    turned = (stretches[:, 0] > stretches[:, 2]) | (
        (stretches[:, 0] == stretches[:, 2]) & (stretches[:, 1] > stretches[:, 3])
    )
    stretches = np.where(turned[:, None], stretches[:, [2, 3, 0, 1]], stretches)
    order = np.lexsort((-cost_m, *stretches.T))
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(stretches[order], axis=0) != 0).any(axis=1)
    kept: Integers = order[fresh]
    return stretches[kept], kept


def _chains(first: Integers, last: Integers) -> Integers:
    """Return the chain of every part from its two ends."""
    count = len(first)
    if not count:
        return np.empty(0, dtype=np.int64)
    _, node = np.unique(np.concatenate([first, last]), axis=0, return_inverse=True)
    order = np.argsort(node.ravel(), kind="stable")
    meets = np.bincount(node.ravel())
    place = (np.cumsum(meets) - meets)[meets == 2]
    a, b = order[place] % count, order[place + 1] % count
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(count, count))
    chains: Integers = connected_components(graph, directed=False)[1].astype(np.int64)
    return chains


def checked_lines(lines: gpd.GeoDataFrame, grid: Grid) -> gpd.GeoDataFrame:
    """Return the lines that are not empty, after checking them."""
    check_geometries(lines, grid, where="lines", allowed=("LineString", "MultiLineString"))
    return lines[~(lines.geometry.isna() | lines.geometry.is_empty)]


def check_geometries(frame: gpd.GeoDataFrame, grid: Grid, *, where: str, allowed: tuple[str, ...]) -> None:
    """Check kind, coordinates and CRS; missing and empty geometries pass.

    Raises
    ------
    InputError
        I202 another CRS; I225 coordinates that are no numbers; I267 other kinds of geometry.
    """
    problems = []
    if frame.crs != grid.crs:
        given = "none" if frame.crs is None else frame.crs.name
        what = f"{where} are not in the CRS of the grid"
        problems.append(InputError(what, code="I202", where=where, given=given, allowed=grid.crs.name))
    kinds = set(frame.geometry.geom_type.dropna()) - set(allowed)
    if kinds:
        what, given, fits = "geometries of another kind", ", ".join(sorted(kinds)), ", ".join(allowed)
        remedy = "What covers an area belongs in the resistance." if where == "lines" else ""
        problems.append(InputError(what, code="I267", where=where, given=given, allowed=fits, remedy=remedy))
    if not np.isfinite(shapely.get_coordinates(frame.geometry)).all():
        problems.append(InputError("coordinates that are no numbers", code="I225", where=where))
    raise_all(problems)
