"""Where a barrier can be passed: gates, tunnels, bridges, wildlife crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from corridors.barriers.crossings import UNITS, Crossings, to_metres
from corridors.barriers.lines import Segments, check_geometries, checked_lines, segments_of
from corridors.errors import InputError, raise_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridors.grid import Grid

    Integers = NDArray[np.int64]

KINDS = ("Point", "LineString", "MultiPoint", "MultiLineString")
SEARCHED_CELLS = 2  # how far from an opening the step it opens may cross
ROUNDED_CELLS = 4 / UNITS  # by how much a crossing may lie beside its line


class Openings(NamedTuple):
    """Points and stretches of line; radius and cost of each; the row of the table it comes from."""

    places: NDArray[Any]
    radius_m: NDArray[np.float64]
    cost_m: NDArray[np.float64]
    row: NDArray[np.int64]


def openings_of(
    lines: gpd.GeoDataFrame,
    *,
    column: str = "brunnel",
    values: Sequence[str] = ("tunnel", "bridge"),
    min_length_m: float = 0.0,
) -> gpd.GeoDataFrame:
    """Return the stretches of lines that lead under the ground or over it, as openings for `edge_costs`.

    Parameters
    ----------
    lines
        Lines with a column that says so, such as OpenStreetMap's "brunnel".
    values
        What it says there.
    min_length_m
        Shorter stretches are left out: a culvert is a bridge, but no way through.

    Raises
    ------
    InputError
        I262 the column is missing.

    Examples
    --------
    >>> road = gpd.GeoDataFrame(
    ...     {"brunnel": ["tunnel", None]},
    ...     geometry=shapely.from_wkt(["LINESTRING (0 0, 900 0)", "LINESTRING (900 0, 5000 0)"]),
    ... )
    >>> openings_of(road).length.tolist()
    [900.0]
    """
    if column not in lines:
        allowed = ", ".join(str(name) for name in lines.columns)
        what = f"there is no column {column}"
        raise InputError(what, code="I262", where="lines", allowed=allowed)
    stretches = lines.geometry[lines[column].isin(list(values))].explode(ignore_index=True)
    long_enough = stretches[stretches.length >= min_length_m]
    return long_enough.reset_index(drop=True).to_frame("geometry")


def idle_openings(lines: gpd.GeoDataFrame, grid: Grid, *, openings: gpd.GeoDataFrame) -> list[Any]:
    """Return the index of the openings that lie at none of the lines, and so open nothing.

    Parameters
    ----------
    lines
        Those that are barriers, without the other classes.
    grid, openings
        As for `edge_costs`.
    """
    found = checked_openings(openings, grid)
    geometries = checked_lines(lines, grid).geometry.to_numpy()
    segments = segments_of(geometries, np.ones(len(geometries)), grid)
    used = np.unique(found.row[_chains_opened(found, segments, grid, 0.0)[0]])
    return [name for row, name in enumerate(openings.index) if row not in used]


def checked_openings(openings: gpd.GeoDataFrame, grid: Grid) -> Openings:
    """Return openings part by part, after checking them.

    Raises
    ------
    InputError
        I202, I225, I267 as lines; I273 a radius or a cost that is negative or missing.
    """
    check_geometries(openings, grid, where="openings", allowed=KINDS)
    numbers = {}
    problems = []
    for column in ("radius_m", "crossing_cost_m"):
        given = openings[column] if column in openings else np.zeros(len(openings))
        numbers[column] = np.asarray(given, dtype=np.float64)
        wrong = ~(numbers[column] >= 0)
        if wrong.any():
            what = f"{int(wrong.sum())} values are negative or missing"
            problems.append(InputError(what, code="I273", where=f"openings, {column}", allowed=">= 0"))
    raise_all(problems)
    places, row = shapely.get_parts(openings.geometry.to_numpy(), return_index=True)
    return Openings(places, numbers["radius_m"][row], numbers["crossing_cost_m"][row], row)


def crossings_opened(
    crossings: Crossings, segments: Segments, openings: Openings, grid: Grid, *, together_m: float
) -> tuple[Integers, Integers]:
    """Return pairs of an opening and a crossing it opens: those within its radius, and its nearest step.

    Each opening opens the same whatever others there are.

    Parameters
    ----------
    together_m
        Lines that near count as one, so an opening in one is an opening in the other.
    """
    chain, step = segments.chain[crossings.segment], _numbered_steps(crossings)
    opening, crossing, distance_m = _in_reach(crossings, openings, grid)
    ours = pairs_in(*_chains_opened(openings, segments, grid, together_m), opening, chain[crossing])
    opening, crossing, distance_m = opening[ours], crossing[ours], distance_m[ours]
    within = distance_m <= openings.radius_m[opening] + ROUNDED_CELLS * grid.cell_size_m
    at_step = _nearest_step(opening, crossing, distance_m, step, chain)
    lifted = within | at_step
    return opening[lifted], crossing[lifted]


def _chains_opened(
    openings: Openings, segments: Segments, grid: Grid, together_m: float
) -> tuple[Integers, Integers]:
    """Return pairs of an opening and a chain: those within its radius, or else the nearest within a cell.

    For a stretch its middle counts, so that a bridge does not open the road below it.
    """
    if not len(segments.parts):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    tree, middle = shapely.STRtree(segments.parts), _middles(openings.places)
    nearby = np.maximum(openings.radius_m, max(together_m, ROUNDED_CELLS * grid.cell_size_m))
    opening, part = tree.query(middle, predicate="dwithin", distance=nearby)
    alone = np.setdiff1d(np.arange(len(middle)), opening)
    farther, beside = tree.query_nearest(middle[alone], max_distance=grid.cell_size_m)
    opening = np.concatenate([opening, alone[farther]])
    return opening, segments.part_chain[np.concatenate([part, beside])]


def _middles(places: NDArray[Any]) -> NDArray[Any]:
    middle = places.copy()
    stretch = shapely.get_type_id(middle) == shapely.GeometryType.LINESTRING
    middle[stretch] = shapely.line_interpolate_point(middle[stretch], 0.5, normalized=True)
    return middle


def _in_reach(
    crossings: Crossings, openings: Openings, grid: Grid
) -> tuple[Integers, Integers, NDArray[np.float64]]:
    """Return pairs of an opening and a crossing it might open, and the distance between them."""
    points: NDArray[Any] = np.asarray(shapely.points(to_metres(crossings.place, grid)))
    reach = openings.radius_m + SEARCHED_CELLS * grid.cell_size_m
    opening, crossing = shapely.STRtree(points).query(openings.places, predicate="dwithin", distance=reach)
    distance_m: NDArray[np.float64] = shapely.distance(openings.places[opening], points[crossing])
    return opening, crossing, distance_m


def _nearest_step(
    opening: Integers, crossing: Integers, distance_m: NDArray[np.float64], step: Integers, chain: Integers
) -> NDArray[np.bool_]:
    """Return which pairs lie at the step nearest to their opening, of those that lead across the line.

    A step that crosses a line twice leads back to the side it came from: opening it would open nothing.
    """
    _, line, times = np.unique(
        np.column_stack([step, chain]), axis=0, return_inverse=True, return_counts=True
    )
    across = np.flatnonzero((times % 2 == 1)[line.ravel()[crossing]])
    order = across[np.lexsort((step[crossing[across]], distance_m[across], opening[across]))]
    nearest = order[np.flatnonzero(np.diff(opening[order], prepend=-1))]
    return pairs_in(opening[nearest], step[crossing[nearest]], opening, step[crossing])


def _numbered_steps(crossings: Crossings) -> Integers:
    """Return one number per step, in the order of ties: straight, diagonal; upper row; left column."""
    steps = np.column_stack([crossings.direction, crossings.rows, crossings.columns])
    numbers: Integers = np.unique(steps, axis=0, return_inverse=True)[1].ravel()
    return numbers


def pairs_in(known_a: Integers, known_b: Integers, a: Integers, b: Integers) -> NDArray[np.bool_]:
    """Return which pairs (a, b) are among the known ones."""
    width = int(max(known_b.max(initial=0), b.max(initial=0))) + 1
    return np.isin(a * width + b, known_a * width + known_b)
