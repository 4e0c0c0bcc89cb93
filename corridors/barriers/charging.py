"""Lines into edge costs: which steps they cross, and what each crossing costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.barriers.crossings import Crossings, step_crossings, to_metres
from corridors.barriers.edges import EdgeCosts, edge_keys, summed, totals
from corridors.barriers.lines import Segments, checked_lines, segments_of
from corridors.barriers.openings import checked_openings, crossings_opened, pairs_in
from corridors.errors import ConfigError, InputError, raise_all

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from corridors.grid import Grid

    Integers = NDArray[np.int64]


def edge_costs(
    lines: gpd.GeoDataFrame,
    grid: Grid,
    *,
    crossing_cost_m: float | Mapping[Any, float],
    class_column: str = "class",
    merge_within_m: float = 0.0,
    openings: gpd.GeoDataFrame | None = None,
) -> EdgeCosts:
    """Return what it costs to cross lines, on the steps between cell centres that cross them.

    A step pays once for a line it crosses, however often the line winds under it, and for every line it
    crosses. One line is what continues in one piece up to a junction, however it was cut into features; where
    its classes differ, the dearest one crossed counts. What is drawn twice counts once. So a crossing costs
    the same at any cell size. Lines exactly through cell centres pass just east (or south) of them.

    Parameters
    ----------
    lines
        Lines in the grid's CRS.
    crossing_cost_m
        Metres of ideal habitat per crossing, >= 0; `inf` = sealed. One number, or one for every class; other
        classes are left out.
    class_column
        Where the classes stand; not needed for one number.
    merge_within_m
        Lines that a step crosses at most this far apart count as one, at the dearest: the two carriageways of
        a motorway, or a road drawn twice.
    openings
        Where the lines can be passed: points (gates, crossing structures) and stretches (tunnels, bridges:
        `openings_of`), in the grid's CRS. Columns `radius_m`, half the width, and `crossing_cost_m`, what
        passing costs there, are 0 where absent. An opening belongs to the lines within its radius (and within
        `merge_within_m`), or to the nearest one within a cell. It opens their crossings within its radius,
        and at least those of the nearest step that leads across: a gate narrower than a cell stays a gate.
        One that lies at no line opens nothing: see `idle_openings`.

    Returns
    -------
    EdgeCosts
        For `accumulated_cost` and the like.

    Raises
    ------
    ConfigError
        C103 a cost or distance that is negative or NaN.
    InputError
        I202 another CRS; I225 coordinates that are no numbers; I262 no column of classes; I267 geometries of
        other kinds; I273 a radius or cost of an opening that is negative or missing.

    Notes
    -----
    Takes time and memory in proportion to the segments and crossings, not to the raster.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (1, 4))
    >>> fence = gpd.GeoSeries.from_wkt(["LINESTRING (501000 4799000, 501000 4801000)"], crs=grid.crs)
    >>> crossed = edge_costs(fence.to_frame("geometry"), grid, crossing_cost_m=10_000)
    >>> crossed.columns.tolist(), crossed.cost_m.tolist()
    ([1], [10000.0])
    """
    crossed = crossed_lines(
        lines,
        grid,
        crossing_cost_m=crossing_cost_m,
        class_column=class_column,
        merge_within_m=merge_within_m,
        openings=openings,
    )
    return summed(grid, *steps_paid(crossed))


class CrossedLines(NamedTuple):
    """Lines on a grid, and every crossing of a step: the step by `edge_keys`, and what it costs by itself."""

    grid: Grid
    segments: Segments
    crossings: Crossings
    keys: NDArray[np.int64]
    cost_m: NDArray[np.float64]
    merge_within_m: float


def crossed_lines(
    lines: gpd.GeoDataFrame,
    grid: Grid,
    *,
    crossing_cost_m: float | Mapping[Any, float],
    class_column: str = "class",
    merge_within_m: float = 0.0,
    openings: gpd.GeoDataFrame | None = None,
) -> CrossedLines:
    """Return what lines cross, for `edge_costs`, whose arguments these are, and `opened_alone`."""
    lines = checked_lines(lines, grid)
    opened = None if openings is None else checked_openings(openings, grid)
    line_cost_m = _costs(lines, crossing_cost_m, class_column)
    _check_range({"merge_within_m": merge_within_m})
    counted = ~np.isnan(line_cost_m)
    segments = segments_of(lines.geometry.to_numpy()[counted], line_cost_m[counted], grid)
    crossings = step_crossings(segments.starts, segments.ends, grid.shape)
    cost_m = segments.cost_m[crossings.segment]
    if opened is not None:
        opening, crossing = crossings_opened(crossings, segments, opened, grid, together_m=merge_within_m)
        np.minimum.at(cost_m, crossing, opened.cost_m[opening])
    keys = edge_keys(grid, crossings.rows, crossings.columns, crossings.direction)
    return CrossedLines(grid, segments, crossings, keys, cost_m, merge_within_m)


def steps_paid(crossed: CrossedLines) -> tuple[Integers, NDArray[np.float64]]:
    """Return every step that crosses a line, by `edge_keys`, rising, and what it pays."""
    every = np.arange(len(crossed.keys))
    return totals(*_paid(crossed, crossed.keys, every, crossed.cost_m))


def opened_alone(
    crossed: CrossedLines, openings: gpd.GeoDataFrame
) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Return what each opening, made alone, changes: its row, the step by `edge_keys`, the step's new cost.

    Row after row, each step once; what a step costs is what `edge_costs` with that one opening more says.
    """
    opened = checked_openings(openings, crossed.grid)
    opening, crossing = crossings_opened(
        crossed.crossings, crossed.segments, opened, crossed.grid, together_m=crossed.merge_within_m
    )
    row, lifted_m = opened.row[opening], opened.cost_m[opening]
    pair, met = _crossings_of_steps(crossed.keys, row, crossed.keys[crossing])
    cost_m = crossed.cost_m[met]
    ours = pairs_in(row, crossing, pair[:, 0], met)
    cost_m[ours] = np.minimum(cost_m[ours], _least_of(row, crossing, lifted_m, pair[ours, 0], met[ours]))
    _, step = np.unique(pair, axis=0, return_inverse=True)
    number, paid_m = totals(*_paid(crossed, step.ravel(), met, cost_m))
    first = np.unique(step.ravel(), return_index=True)[1][number]
    return pair[first, 0], pair[first, 1], paid_m


def _crossings_of_steps(keys: Integers, row: Integers, key: Integers) -> tuple[Integers, Integers]:
    """Return every pair (row, step), once for each crossing of the step, and that crossing."""
    pairs = np.unique(np.column_stack([row, key]), axis=0)
    order = np.argsort(keys, kind="stable")
    start, end = (np.searchsorted(keys[order], pairs[:, 1], side=side) for side in ("left", "right"))
    count = end - start
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(pairs, count, axis=0), order[np.repeat(start, count) + within]


def _least_of(
    row: Integers, crossing: Integers, cost_m: NDArray[np.float64], wanted: Integers, met: Integers
) -> NDArray[np.float64]:
    """Return, for wanted pairs of a row and a crossing, the least cost among those given of the same pair."""
    order = np.lexsort((cost_m, crossing, row))
    width = int(crossing.max(initial=0)) + 1
    known = row[order] * width + crossing[order]
    least: NDArray[np.float64] = cost_m[order][np.searchsorted(known, wanted * width + met)]
    return least


def _paid(
    crossed: CrossedLines, step: Integers, crossing: Integers, cost_m: NDArray[np.float64]
) -> tuple[Integers, NDArray[np.float64]]:
    """Return steps and what they pay, once per line crossed; a step stands there as often as it pays."""
    kept = _dearest(step, crossed.segments.chain[crossed.crossings.segment[crossing]], cost_m)
    step, crossing, cost_m = step[kept], crossing[kept], cost_m[kept]
    if crossed.merge_within_m > 0:
        place_m = to_metres(crossed.crossings.place[crossing], crossed.grid)
        kept = _dearest(step, _side_by_side(step, place_m, crossed.merge_within_m), cost_m)
        step, cost_m = step[kept], cost_m[kept]
    return step, cost_m


def _costs(
    lines: gpd.GeoDataFrame, crossing_cost_m: float | Mapping[Any, float], class_column: str
) -> NDArray[np.float64]:
    """Return the cost of every line; NaN for those of a class that is no barrier."""
    if not isinstance(crossing_cost_m, Mapping):
        _check_range({"crossing_cost_m": crossing_cost_m})
        return np.full(len(lines), crossing_cost_m, dtype=np.float64)
    _check_range({f"crossing_cost_m.{name}": cost for name, cost in crossing_cost_m.items()})
    if class_column not in lines:
        what = f"there is no column {class_column}"
        allowed = ", ".join(str(name) for name in lines.columns)
        raise InputError(what, code="I262", where="lines", allowed=allowed)
    return np.array([crossing_cost_m.get(name, np.nan) for name in lines[class_column]], dtype=np.float64)


def _check_range(values: Mapping[str, float]) -> None:
    raise_all(
        ConfigError("out of range", code="C103", where=name, given=f"{value:g}", allowed=">= 0")
        for name, value in values.items()
        if not value >= 0
    )


def _dearest(keys: Integers, group: Integers, cost_m: NDArray[np.float64]) -> Integers:
    """Return which crossings count: of those of one step with one group of lines, the dearest."""
    order = np.lexsort((-cost_m, group, keys))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(keys[order]) != 0) | (np.diff(group[order]) != 0)
    counted: Integers = order[first]
    return counted


def _side_by_side(keys: Integers, xy: NDArray[np.float64], merge_within_m: float) -> Integers:
    """Return groups of crossings of the same step that follow each other within a distance."""
    order = np.lexsort((xy[:, 0], xy[:, 1], keys))
    gap_m = np.hypot(*np.diff(xy[order], axis=0).T)
    apart = (np.diff(keys[order]) != 0) | (gap_m > merge_within_m)
    group = np.empty(len(keys), dtype=np.int64)
    group[order] = np.cumsum(np.concatenate([[True], apart])[: len(keys)])
    return group
