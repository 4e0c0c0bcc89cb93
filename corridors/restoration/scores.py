"""Barrier improvement scores: where restoring a piece of land would lower the cost of a link.

A circle about a cell, restored to ideal habitat, is crossed at the price of its diameter D. The best way
through it then costs about what it costs to reach its ring from either core, and D. With A and B the least
costs on the ring from `core_a` and from `core_b`:

    score = (cost of the link - A - B - D) / D

metres of ideal habitat saved per metre restored (McRae, Hall, Beier and Theobald 2012).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import numpy as np
import xarray as xr

from corridors.cost import checked_resistance
from corridors.errors import ConfigError
from corridors.kernels.annulus import ring, ring_minimum
from corridors.restoration.checked import (
    METRICATION,
    ROUNDING,
    check_radii,
    costs_of_cores,
    link_ends,
    position_error_km,
    screening,
)
from corridors.restoration.relief import grown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid
    from corridors.restoration.checked import Costs, Surfaces

    Array = NDArray[np.float64]
    Window = tuple[slice, slice]

Combine = Literal["maximum", "sum"]
RADII_KM = (1.0, 2.0, 4.0)  # [P]


class LinkScores(NamedTuple):
    """Scores of one link at one radius, in the window beyond which none is high enough."""

    link_id: int
    cost_m: float
    radius_km: float
    window: Window
    scores: Array


def improvement_scores(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    radii_km: Sequence[float] = RADII_KM,
    barriers: EdgeCosts | None = None,
    surfaces: Surfaces | None = None,
    combine: Combine = "maximum",
    negative: bool = False,
    source_error_km: float = 0.0,
) -> xr.Dataset:
    """Return for every cell what restoring a circle about it would bring, by Linkage Mapper's score.

    The score is a fast estimate. It charges a full diameter at the price of ideal habitat, so it misses a
    narrow barrier in a wide circle: it can be 0 where a smaller work lowers the cost; and it takes it
    that the circle can be crossed straight, whatever water lies in it. `best_places` solves again.

    Parameters
    ----------
    links
        Links, as `find_links` returns them.
    labels
        `core_id` of every cell, 0 none.
    res
        Resistance the links were found on.
    radii_km
        Of the circles; a cell at least. The best one counts in every cell [P].
    barriers
        Costs of crossing lines, from `edge_costs`; those links and `surfaces` were made with. A circle is
        taken to be free of them.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand.
    combine
        Across links: the "maximum", or the "sum" of those above 0, which favours places that serve several.
    negative
        Keep scores below 0 too, as Linkage Mapper writes them, wherever surfaces reach. Takes longer; else
        they are 0.
    source_error_km
        Position error of the sources.

    Returns
    -------
    Dataset
        `improvement_score`: metres of ideal habitat saved per metre restored. `improvement_percent`: percent
        of the link's cost saved per kilometre restored. NaN where resistance is.

    Raises
    ------
    ConfigError
        C103 a radius under a cell or wider than the map, an unknown way to combine.
    InputError
        I201, I202 grids differ; I217 a link without a path; I230 a surface is missing; I264 a position error
        below 0.
    SolveError
        S505 links that do not fit the resistance.

    Notes
    -----
    Definition of Barrier Mapper (McRae, Hall, Beier and Theobald 2012). There the ring is one map unit thick;
    here it is one cell thick, so that it is closed.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> from corridors.links import find_links
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 7))
    >>> suit = grid.like(np.array([[0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.array([[1.0, 1.0, 1.0, 9.0, 1.0, 1.0, 1.0]]), name="resistance")
    >>> links = find_links(cores, labels, res)
    >>> improvement_scores(links, labels, res, radii_km=[1.0])["improvement_score"].values.tolist()
    [[0.0, 0.0, 2.0, 4.0, 2.0, 0.0, 0.0]]
    """
    if combine not in get_args(Combine):
        allowed = ", ".join(get_args(Combine))
        raise ConfigError("unknown way", code="C103", where="combine", given=str(combine), allowed=allowed)
    grid, resistance = checked_resistance(res)
    check_radii(radii_km, grid)
    error_km = position_error_km(grid, source_error_km)
    costs = costs_of_cores(links, labels, res, barriers=barriers, surfaces=surfaces, everywhere=negative)
    lowest = -math.inf if negative else 0.0
    best = {kind: np.full(grid.shape, lowest) for kind in ("score", "percent")}
    for radius_km in radii_km:
        found = scores_of_links(links, costs, grid, [radius_km], above=lowest)
        for kind, scores in _over_links(found, grid, combine, lowest).items():
            np.maximum(best[kind], scores, out=best[kind])
    for values in best.values():
        values[np.isnan(resistance) | np.isneginf(values)] = np.nan
    said = {"screening": screening(grid, error_km), "metrication": METRICATION}
    units = {"score": "m saved per m restored", "percent": "% of the link's cost per km restored"}
    return xr.Dataset(
        {
            f"improvement_{kind}": grid.like(
                best[kind], name=f"improvement_{kind}", units=units[kind], attrs=said
            )
            for kind in best
        }
    )


def _over_links(found: Iterator[LinkScores], grid: Grid, combine: Combine, lowest: float) -> dict[str, Array]:
    """Return scores and percentages of one radius, laid over each other."""
    over = {kind: np.full(grid.shape, 0.0 if combine == "sum" else lowest) for kind in ("score", "percent")}
    for link in found:
        of_link = {"score": link.scores, "percent": link.scores * (100_000 / link.cost_m)}
        for kind, scores in of_link.items():
            part = over[kind][link.window]
            if combine == "sum":
                part += np.maximum(scores, 0.0)
            else:
                np.maximum(part, scores, out=part)
    return over


def scores_of_links(
    links: gpd.GeoDataFrame, costs: Costs, grid: Grid, radii_km: Sequence[float], *, above: float
) -> Iterator[LinkScores]:
    """Yield the scores of every link at every radius, all of those above a value among them.

    Such a score needs rings that cost less than the link, less `D * (1 + above)`, from either core; only
    the window that holds such cells, and a ring around them, is looked at.
    """
    for link in link_ends(links, costs, grid):
        for radius_km in radii_km:
            diameter_m = 2000 * radius_km
            radius = radius_km * 1000 / grid.cell_size_m
            limit_m = math.inf if math.isinf(above) else link.cost_m - diameter_m * (1 + above)
            ends = link.from_a, link.from_b
            window = _common(*(_around(cost, limit_m, math.ceil(radius)) for cost in ends))
            if window is None:
                continue
            cells = ring(radius)
            near_a, near_b = (ring_minimum(cost, window, cells) for cost in ends)
            saved_m = link.cost_m - near_a - near_b - diameter_m
            saved_m[abs(saved_m) < ROUNDING * link.cost_m] = 0.0
            yield LinkScores(link.link_id, link.cost_m, float(radius_km), window, saved_m / diameter_m)


def _around(cost: Array, limit_m: float, reach: int) -> Window | None:
    """Return the window of cells that cost less than a limit, and some more cells on every side."""
    cheap = cost < limit_m
    rows, columns = (np.flatnonzero(cheap.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    window = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return grown(window, reach, (cost.shape[0], cost.shape[1]))


def _common(first: Window | None, second: Window | None) -> Window | None:
    """Return what two windows share."""
    if first is None or second is None:
        return None
    rows, columns = (
        slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(first, second, strict=True)
    )
    return (rows, columns) if rows.start < rows.stop and columns.start < columns.stop else None
