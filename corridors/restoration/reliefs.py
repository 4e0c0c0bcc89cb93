"""What opening each segment of a barrier changes: which steps, and what they then cost.

An opening is what `edge_costs` says it is: its crossings are found once, and asked about every segment.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corridors.barriers import combined, edge_costs
from corridors.barriers.charging import crossed_lines, opened_alone, steps_paid
from corridors.barriers.edges import DIRECTIONS
from corridors.restoration.relief import Relief, far_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid

    Integers = NDArray[np.int64]
    Metres = NDArray[np.float64]

# An opening changes steps that cross within two cells of it, and a step is as long as a cell's diagonal.
REACH_CELLS = 4


class BarrierLines(NamedTuple):
    """The lines of a layer and what crossing them costs, as `edge_costs` takes them."""

    lines: gpd.GeoDataFrame
    crossing_cost_m: float | Mapping[Any, float]
    class_column: str = "class"
    merge_within_m: float = 0.0
    openings: gpd.GeoDataFrame | None = None


def costs_of_lines(layers: Mapping[str, BarrierLines], grid: Grid) -> EdgeCosts:
    """Return what crossing the lines of all layers costs."""
    return combined(*(edge_costs(grid=grid, **layer._asdict()) for layer in layers.values()))


def opening_reliefs(
    segments: gpd.GeoDataFrame, layers: Mapping[str, BarrierLines], grid: Grid, *, together_m: float
) -> Iterator[tuple[int, Relief]]:
    """Yield the id of every segment and what opening it, and nothing else, changes.

    Parameters
    ----------
    segments
        Of the lines; `layer` says of which.
    layers
        All there are.
    together_m
        Lines of all layers that near are opened with a segment.
    """
    before, opened = [], []
    for name, layer in layers.items():
        crossed = crossed_lines(grid=grid, **layer._asdict())
        before.append(steps_paid(crossed))
        meant = segments if together_m > 0 else segments[segments["layer"] == name]
        radius_m = max(together_m, layer.merge_within_m)
        row, keys, cost_m = opened_alone(
            crossed, meant[["geometry"]].assign(radius_m=radius_m, crossing_cost_m=0.0)
        )
        opened.append((meant.index.to_numpy()[row], keys, cost_m))
    owner, keys, cost_m, lowered = _together(before, opened)
    owner, keys, cost_m = owner[lowered], keys[lowered], cost_m[lowered]
    bounds = np.append(np.flatnonzero(np.diff(owner, prepend=-1)), len(owner))
    for start, end in pairwise(bounds):
        yield int(owner[start]), _relief(keys[start:end], cost_m[start:end], grid)


def _together(
    before: Sequence[tuple[Integers, Metres]], opened: Sequence[tuple[Integers, Integers, Metres]]
) -> tuple[Integers, Integers, Metres, NDArray[np.bool_]]:
    """Return segments, the steps they change, what these cost over all layers, and whether that is less."""
    pairs = np.unique(np.concatenate([np.column_stack(part[:2]) for part in opened]), axis=0)
    owner, keys = pairs.T
    was_m, is_m = np.zeros(len(keys)), np.zeros(len(keys))
    width = int(keys.max(initial=0)) + 1
    for (known, known_m), (row, key, cost_m) in zip(before, opened, strict=True):
        own_m = _looked_up(known, known_m, keys, otherwise=np.zeros(len(keys)))
        was_m += own_m
        is_m += _looked_up(row * width + key, cost_m, owner * width + keys, otherwise=own_m)
    return owner, keys, is_m, is_m < was_m


def _looked_up(known: Integers, values: Metres, wanted: Integers, *, otherwise: Metres) -> Metres:
    """Return the value of every wanted key; what is said otherwise where it is not known. `known` rises."""
    if not len(known):
        return otherwise
    place = np.searchsorted(known, wanted).clip(max=len(known) - 1)
    return np.where(known[place] == wanted, values[place], otherwise)


def _steps_of(keys: Integers, grid: Grid) -> tuple[Integers, Integers, Integers, Integers]:
    """Return rows and columns of the two cells of steps."""
    cells, direction = np.divmod(keys, DIRECTIONS)
    rows, columns = np.divmod(cells, grid.shape[1])
    return rows, columns, *far_ends(rows, columns, direction.astype(np.uint8))


def _relief(keys: Integers, cost_m: NDArray[np.float64], grid: Grid) -> Relief:
    rows, columns, end_rows, end_columns = _steps_of(keys, grid)
    window = (
        slice(int(rows.min()), int(end_rows.max()) + 1),
        slice(int(np.minimum(columns, end_columns).min()), int(np.maximum(columns, end_columns).max()) + 1),
    )
    none = np.empty(0, dtype=np.int64)
    return Relief(none, none, np.empty(0), keys, cost_m, window)
