"""What opening each segment of a barrier changes: which steps, and what they then cost.

An opening is what `edge_costs` says it is, so it is asked, once for many segments: those so far apart that
no step can belong to two of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

from corridors.barriers import combined, edge_costs
from corridors.barriers.edges import DIRECTIONS, edge_keys
from corridors.restoration.relief import Relief, far_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid

    Integers = NDArray[np.int64]

# An opening changes steps that cross within two cells of it, and a step is as long as a cell's diagonal; so
# segments more than twice that apart change no step together.
REACH_CELLS = 4


class BarrierLines(NamedTuple):
    """The lines of a layer and what crossing them costs, as `edge_costs` takes them."""

    lines: gpd.GeoDataFrame
    crossing_cost_m: float | Mapping[Any, float]
    class_column: str = "class"
    merge_within_m: float = 0.0
    openings: gpd.GeoDataFrame | None = None


def costs_of_lines(
    layers: Mapping[str, BarrierLines], grid: Grid, opened: Mapping[str, gpd.GeoDataFrame] | None = None
) -> EdgeCosts:
    """Return what crossing the lines of all layers costs, with more openings in some of them."""
    costs = []
    for name, layer in layers.items():
        openings = layer.openings
        if opened is not None and name in opened:
            openings = _both(openings, opened[name])
        costs.append(
            edge_costs(
                layer.lines,
                grid,
                crossing_cost_m=layer.crossing_cost_m,
                class_column=layer.class_column,
                merge_within_m=layer.merge_within_m,
                openings=openings,
            )
        )
    return combined(*costs)


def opening_reliefs(
    segments: gpd.GeoDataFrame,
    layers: Mapping[str, BarrierLines],
    grid: Grid,
    *,
    barriers: EdgeCosts,
    together_m: float,
) -> Iterator[tuple[int, Relief]]:
    """Yield the id of every segment and what opening it, and nothing else, changes.

    Parameters
    ----------
    segments
        Of the lines; `layer` says of which.
    layers
        All there are.
    barriers
        Their costs together, as they are.
    together_m
        Lines of all layers that near are opened with a segment.
    """
    width_m = max([together_m, *(layer.merge_within_m for layer in layers.values())])
    for batch in _batches(segments, 2 * (REACH_CELLS * grid.cell_size_m + width_m)):
        part = segments.loc[batch]
        opened = {}
        for name, layer in layers.items():
            meant = part if together_m > 0 else part[part["layer"] == name]
            radius_m = max(together_m, layer.merge_within_m)
            opened[name] = meant[["geometry"]].assign(radius_m=radius_m, crossing_cost_m=0.0)
        keys, cost_m = _lowered(barriers, costs_of_lines(layers, grid, opened))
        owner = part.index.to_numpy()[_nearest(part, keys, grid)]
        for segment_id in batch:
            mine = owner == segment_id
            if mine.any():
                yield segment_id, _relief(keys[mine], cost_m[mine], grid)


def _batches(segments: gpd.GeoDataFrame, apart_m: float) -> list[list[int]]:
    """Return segments in groups whose members are farther apart than that."""
    geometries, ids = segments.geometry.to_numpy(), segments.index.tolist()
    near = shapely.STRtree(geometries).query(geometries, predicate="dwithin", distance=apart_m)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(ids)
    graph.add_edges_from((ids[a], ids[b]) for a, b in near.T if a < b)
    colours = nx.greedy_color(graph, strategy=lambda graph, _: sorted(graph))
    batches: dict[int, list[int]] = {}
    for segment_id in ids:
        batches.setdefault(colours[segment_id], []).append(segment_id)
    return list(batches.values())


def _both(known: gpd.GeoDataFrame | None, new: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return openings there are and new ones in one table."""
    if known is None or not len(known):
        return new
    columns = {
        name: np.concatenate([np.asarray(known.get(name, np.zeros(len(known)))), new[name]])
        for name in ("radius_m", "crossing_cost_m")
    }
    geometry = np.concatenate([known.geometry.to_numpy(), new.geometry.to_numpy()])
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=known.crs)


def _lowered(before: EdgeCosts, after: EdgeCosts) -> tuple[Integers, NDArray[np.float64]]:
    """Return the steps that cost less after than before, rising, and their cost after."""
    known, opened = (edge_keys(e.grid, e.rows, e.columns, e.direction) for e in (before, after))
    place = np.searchsorted(opened, known)
    found = place < len(opened)
    found[found] = opened[place[found]] == known[found]
    cost_m = np.zeros(len(known))
    cost_m[found] = after.cost_m[place[found]]
    lower = cost_m < before.cost_m
    return known[lower], cost_m[lower]


def _steps_of(keys: Integers, grid: Grid) -> tuple[Integers, Integers, Integers, Integers]:
    """Return rows and columns of the two cells of steps."""
    cells, direction = np.divmod(keys, DIRECTIONS)
    rows, columns = np.divmod(cells, grid.shape[1])
    return rows, columns, *far_ends(rows, columns, direction.astype(np.uint8))


def _nearest(segments: gpd.GeoDataFrame, keys: Integers, grid: Grid) -> Integers:
    """Return the place of the segment that every step lies nearest to."""
    rows, columns, end_rows, end_columns = _steps_of(keys, grid)
    left, _, _, top = grid.bounds
    x = left + ((columns + end_columns) / 2 + 0.5) * grid.cell_size_m
    y = top - ((rows + end_rows) / 2 + 0.5) * grid.cell_size_m
    nearest = shapely.STRtree(segments.geometry.to_numpy()).nearest(shapely.points(x, y))
    return np.asarray(nearest, dtype=np.int64)


def _relief(keys: Integers, cost_m: NDArray[np.float64], grid: Grid) -> Relief:
    rows, columns, end_rows, end_columns = _steps_of(keys, grid)
    window = (
        slice(int(rows.min()), int(end_rows.max()) + 1),
        slice(int(np.minimum(columns, end_columns).min()), int(np.maximum(columns, end_columns).max()) + 1),
    )
    none = np.empty(0, dtype=np.int64)
    return Relief(none, none, np.empty(0), keys, cost_m, window)
