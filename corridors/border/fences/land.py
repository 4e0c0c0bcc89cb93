"""The land a fence would stand in: core areas in the parts it cuts them into, and what ways between cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from skimage import measure

from corridors.barriers import combined, costs_along, edge_costs
from corridors.barriers.edges import edge_keys
from corridors.border.shares import path_cells
from corridors.cores.cutting import cut_cores
from corridors.cost import checked_resistance, cost_surfaces, label_array, part_of
from corridors.cost.sources import label_dtype
from corridors.grid import same_grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.cost import Workers
    from corridors.grid import Grid

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class Parts(NamedTuple):
    """Regions of a raster, numbered from 1: the parts of core areas, or protected areas.

    `order` and `starts` are their cells, part after part, as `np.minimum.reduceat` wants them; `core` is the
    core area each belongs to.
    """

    labels: Integers
    core: Integers
    order: Integers
    starts: Integers

    def cells(self, part: int) -> Integers:
        """Return the numbers of the cells of a part."""
        ends = np.append(self.starts, len(self.order))
        return self.order[ends[part - 1] : ends[part]]

    def least(self, values: Floats) -> Floats:
        """Return the least value in each part."""
        if not len(self.starts):
            return np.empty(0)
        return np.asarray(np.minimum.reduceat(values.ravel()[self.order], self.starts), dtype=float)


@dataclass(frozen=True, eq=False)
class Land:
    """Resistance, the other barriers, and a fence.

    `fence` holds the steps that cross it, all sealed; `parts` what it would cut core areas into; `touched`
    the parts that it can matter to: those of core areas it cuts, and of the ends of links it crosses;
    `beside` the parts of the neighbours of those it cuts, which a gate may bring nearer; `crossed` the links
    whose path it crosses; `cut` the core areas it cuts.
    """

    grid: Grid
    res: xr.DataArray
    labels: xr.DataArray
    base: EdgeCosts | None
    lines: gpd.GeoDataFrame
    fence: EdgeCosts
    parts: Parts
    touched: Integers
    beside: Integers
    crossed: tuple[int, ...]
    cut: tuple[int, ...]
    workers: int | Workers = 1

    def fenced(
        self,
        crossing_cost_m: float,
        *,
        gates: gpd.GeoDataFrame | None = None,
        open_at: Integers | None = None,
    ) -> EdgeCosts:
        """Return all barriers with the fence at a cost per crossing, open at gates or at keys of steps."""
        fence = edge_costs(self.lines, self.grid, crossing_cost_m=crossing_cost_m, openings=gates)
        if open_at is not None:
            fence = opened(fence, open_at)
        return fence if self.base is None else combined(self.base, fence)

    def cells_within(
        self, labels: Integers, edges: EdgeCosts, cost_m: float
    ) -> Iterator[tuple[int, Integers, Floats]]:
        """Yield every label with the numbers of the cells it reaches at no more than a cost, and that."""
        raster = self.grid.like(labels.astype(label_dtype(int(labels.max(initial=0)))), name="cores")
        found = cost_surfaces(
            self.res, raster, barriers=edges, max_cost_distance_m=cost_m, workers=self.workers
        )
        for label, surface in found:
            part = part_of(surface, self.grid)
            rows, columns = np.nonzero(np.isfinite(part.cost_m))
            cells = (rows + part.window[0].start) * self.grid.shape[1] + columns + part.window[1].start
            yield label, cells, part.cost_m[rows, columns]

    def surfaces(self, labels: Integers, edges: EdgeCosts | None) -> dict[int, Floats]:
        """Return the accumulated cost from every label."""
        raster = self.grid.like(labels.astype(label_dtype(int(labels.max(initial=0)))), name="cores")
        if not labels.any():
            return {}
        found = cost_surfaces(self.res, raster, barriers=edges, workers=self.workers)
        return {label: surface.to_numpy() for label, surface in found}

    def between(self, edges: EdgeCosts | None) -> Floats:
        """Return the costs from the parts the fence matters to, to all parts (touched, parts)."""
        found = self.surfaces(self.labels_of(self.touched), edges)
        costs = [self.parts.least(found[int(part)]) for part in self.touched]
        return np.array(costs, dtype=np.float64).reshape(-1, len(self.parts.core))

    def labels_of(self, parts: Integers) -> Integers:
        """Return some of the parts as labels."""
        return np.where(np.isin(self.parts.labels, parts), self.parts.labels, 0)


def land_of(
    lines: gpd.GeoDataFrame,
    labels: xr.DataArray,
    links: gpd.GeoDataFrame,
    res: xr.DataArray,
    barriers: EdgeCosts | None,
    workers: int | Workers = 1,
) -> Land:
    """Return the land with a fence, after checking that rasters lie on one grid."""
    same_grid(res, labels)
    grid, resistance = checked_resistance(res)
    values = np.where(np.isnan(resistance), 0, label_array(labels)).astype(np.int64)
    fence = edge_costs(lines, grid, crossing_cost_m=np.inf)
    parts, cut = core_parts(values, grid, fence)
    crossed = []
    for link_id, path in links.geometry.items():
        if costs_along(fence, *path_cells(path, grid, f"link {link_id}")).any():
            crossed.append(int(link_id))
    ends = links.loc[crossed, ["core_a", "core_b"]].to_numpy().ravel()
    touched = np.flatnonzero(np.isin(parts.core, [*cut, *ends])) + 1
    of_cut = links["core_a"].isin(cut) | links["core_b"].isin(cut)
    neighbours = links.loc[of_cut, ["core_a", "core_b"]].to_numpy().ravel()
    beside = np.setdiff1d(np.flatnonzero(np.isin(parts.core, neighbours)) + 1, touched)
    return Land(
        grid, res, labels, barriers, lines, fence, parts, touched, beside, tuple(crossed), cut, workers
    )


def core_parts(values: Integers, grid: Grid, fence: EdgeCosts) -> tuple[Parts, tuple[int, ...]]:
    """Return core areas in the parts a sealed fence leaves of them, and which of them it cuts."""
    whole = connected_regions(values)
    raster = grid.like(whole.astype(label_dtype(int(whole.max(initial=0)))), name="cores")
    pieces = cut_cores(raster, fence, core_cut_cost_m=0.0).to_numpy().astype(np.int64)
    found, first, count = np.unique(pieces, return_index=True, return_counts=True)
    kept = found > 0
    found, core, count = found[kept], values.ravel()[first[kept]], count[kept]
    # By core, then the largest first.
    order = np.lexsort((found, -count, core))
    numbers = np.zeros(int(pieces.max(initial=0)) + 1, dtype=np.int64)
    numbers[found[order]] = np.arange(1, len(found) + 1)
    parts = parts_of_labels(numbers[pieces], core[order])
    before = np.bincount(values.ravel()[np.unique(whole, return_index=True)[1]])
    after = np.bincount(core, minlength=len(before))
    cut = np.flatnonzero(after[1:] > before[1:]) + 1
    return parts, tuple(cut.tolist())


def connected_regions(values: Integers) -> Integers:
    """Return the regions of equal value that hang together over edges and corners, 0 staying 0."""
    regions: Integers = np.asarray(measure.label(values, connectivity=2), dtype=np.int64)  # type: ignore[no-untyped-call]
    return regions


def parts_of_labels(labels: Integers, core: Integers) -> Parts:
    """Return labels 1, 2, … as parts."""
    order = np.argsort(labels, axis=None, kind="stable")
    order = order[np.searchsorted(labels.ravel()[order], 1) :]
    starts = np.searchsorted(labels.ravel()[order], np.arange(1, len(core) + 1))
    return Parts(labels, core.astype(np.int64), order, starts.astype(np.int64))


def opened(fence: EdgeCosts, keys: Integers) -> EdgeCosts:
    """Return a fence without some of its steps, given by `edge_keys`."""
    kept = ~np.isin(edge_keys(fence.grid, fence.rows, fence.columns, fence.direction), keys)
    return replace(
        fence,
        rows=fence.rows[kept],
        columns=fence.columns[kept],
        direction=fence.direction[kept],
        cost_m=fence.cost_m[kept],
    )
