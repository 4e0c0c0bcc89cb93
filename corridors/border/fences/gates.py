"""Where to open gates first: the stretches of a fence ranked by what a gate there brings.

A gate is one step across the fence, for a real gate is narrower than a cell. A way through it runs from a
core area to one end of that step, and from the other end on, so what it brings is known from the costs to
the two ends: nothing is solved again for the hundreds of places a gate could be. That is exact, for no
cheapest way takes one step twice. Gates are chosen one after the other, each given those before:

1. the gate that adds most to the equivalent connected area, as long as one adds a thousandth of it;
2. then the gate that brings most habitat within reach of a gate: core habitat, counted in full at the gate
   and less the further it is, down to nothing at the first dispersal distance, or where crossing the fence
   is no dearer than going to the gate. Within a core area movement is free in the network, so one gate
   anywhere in it joins its parts; an animal still has to get there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.barriers import FORWARD, costs_along
from corridors.barriers.edges import edge_keys
from corridors.border.fences.network import closed, connected_km2
from corridors.grid import geodesic_length_km
from corridors.kernels.cost_distance import EAST, SOUTH
from corridors.restoration.segments import line_segments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.border.fences.land import Land
    from corridors.border.fences.network import Joined
    from corridors.network.sums import Decay

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

WORTH_OPENING = 1e-3
"""A gate that adds less than this part of what is connected already is not chosen for that."""
AS_GOOD = 1e-4
"""Gates within this part of the best count as equally good: the digits below are those of the raster."""


class Steps(NamedTuple):
    """Straight steps across a fence.

    The cells at both ends, as numbers, what the step costs without the fence, its key, the segment of the
    fence it crosses, and how far from the middle of that it does.
    """

    near: Integers
    far: Integers
    cost_m: Floats
    key: Integers
    segment: Integers
    off_middle_m: Floats


class Ways(NamedTuple):
    """Costs from the parts touched and those beside: to all parts, and to both ends of every step.

    `parts` are their numbers, those touched first.
    """

    parts: Integers

    between: Floats
    near: Floats
    far: Floats


class Near(NamedTuple):
    """Cells from where a gate is in reach, and how much of them counts: 1 at the gate, 0 at the end."""

    cells: Integers
    share: Floats


@dataclass(frozen=True, eq=False)
class Search:
    """What a search for gates goes by.

    `joined` and `weights` are the network, `decay` how the probability of dispersal falls with cost, at the
    first dispersal distance; `reach_m` what that distance costs within core areas; `habitat_km2` what every
    cell of the cores concerned is worth.
    """

    land: Land
    joined: Joined
    weights: Floats
    decay: Decay
    reach_m: float
    habitat_km2: Floats

    def connected(self, between: Floats) -> float:
        """Return the equivalent connected area."""
        costs = self.joined.costs_m(between, self.land.touched)
        return float(connected_km2(self.weights, self.joined.pairs, costs, self.decay)[0])


def fence_segments(land: Land, segment_km: float) -> gpd.GeoDataFrame:
    """Return the fence in stretches of a length at most."""
    return line_segments(land.lines, segment_km=segment_km, class_column="")


def steps_across(land: Land, segments: gpd.GeoDataFrame) -> Steps:
    """Return the straight steps across a fence that a gate would make passable."""
    fence, shape = land.fence, land.grid.shape
    straight = np.isin(fence.direction, (EAST, SOUTH))
    rows, columns, direction = fence.rows[straight], fence.columns[straight], fence.direction[straight]
    down = np.where(direction == SOUTH, FORWARD[SOUTH][0], FORWARD[EAST][0])
    right = np.where(direction == SOUTH, FORWARD[SOUTH][1], FORWARD[EAST][1])
    resistance = land.res.to_numpy().astype(float)
    size = land.grid.cell_size_m
    cost_m = size * (resistance[rows, columns] + resistance[rows + down, columns + right]) / 2
    if land.base is not None:
        ends = zip(rows, columns, rows + down, columns + right, strict=True)
        cost_m = cost_m + [costs_along(land.base, [r, s], [c, d])[0] for r, c, s, d in ends]
    left, _, _, top = land.grid.bounds
    x, y = left + (columns + (right + 1) / 2) * size, top - (rows + (down + 1) / 2) * size
    middle = shapely.points(x, y)
    lines = segments.geometry.to_numpy()
    segment = np.asarray(shapely.STRtree(lines).nearest(middle), dtype=np.int64)
    centres = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    off_m = shapely.distance(middle, centres[segment])
    passable = np.isfinite(cost_m)
    near, far = rows * shape[1] + columns, (rows + down) * shape[1] + columns + right
    key = edge_keys(land.grid, rows, columns, direction)
    parts = (near, far, cost_m, key, segment, off_m)
    return Steps(*(part[passable] for part in parts))


def ways_of(land: Land, edges: EdgeCosts, steps: Steps) -> Ways:
    """Return the costs to gates and parts under some barriers."""
    parts = np.concatenate([land.touched, land.beside])
    found = land.surfaces(land.labels_of(parts), edges)
    surfaces = [found[int(part)].ravel() for part in parts]
    none = np.empty((0, len(steps.near)))
    return Ways(
        parts,
        np.array([land.parts.least(s) for s in surfaces]).reshape(-1, len(land.parts.core)),
        np.array([s[steps.near] for s in surfaces]) if surfaces else none,
        np.array([s[steps.far] for s in surfaces]) if surfaces else none,
    )


def best_gates(
    search: Search,
    segments: gpd.GeoDataFrame,
    steps: Steps,
    ways: Ways,
    *,
    crossing_cost_m: float,
    number: int,
) -> tuple[gpd.GeoDataFrame, Integers, Floats]:
    """Return the segments a gate in which brings anything, the keys of the steps to open, and costs then.

    Of the segments: `rank`, those opened first; `opened`; `eca_gain_km2` and `eca_gain_percent`, what a gate
    there alone adds to the equivalent connected area; `habitat_in_reach_km2`, what it alone brings within
    reach; `length_km`. Costs are those from the parts touched to all parts with all gates open.
    """
    now = search.connected(ways.between)
    steps_tried = _best_in_each(search, steps, ways)
    gains = np.array([search.connected(_through(ways, steps, s)) - now for s in steps_tried])
    useful = gains > AS_GOOD * now
    winners, gains = steps_tried[useful], gains[useful]
    reach = _in_reach(search, steps, winners, min(search.reach_m, crossing_cost_m))
    km2 = np.array([near.share @ search.habitat_km2[near.cells] for near in reach])
    chosen, after = _sequence(
        search, steps, ways, winners, reach, number=number, crossing_cost_m=crossing_cost_m
    )
    order = [*chosen, *(n for n in np.lexsort((-km2, -gains.round(3))).tolist() if n not in chosen)]
    lines = segments.geometry.to_numpy()[steps.segment[winners[order]]]
    table = {
        "rank": np.arange(1, len(order) + 1),
        "opened": np.arange(len(order)) < len(chosen),
        "length_km": [geodesic_length_km(line, segments.crs) for line in lines],
        "eca_gain_km2": gains[order],
        "eca_gain_percent": 100 * gains[order] / now,
        "habitat_in_reach_km2": km2[order],
    }
    found = gpd.GeoDataFrame(table, geometry=lines, crs=segments.crs)
    return found, steps.key[winners[chosen]], after.between[: len(search.land.touched)]


def _best_in_each(search: Search, steps: Steps, ways: Ways) -> Integers:
    """Return the best step of every segment; of those as good, the nearest to its middle.

    Judged with every way open to every gate, which the network's links may not be: what the best step brings
    is worked out afterwards as the network has it.
    """
    land, joined = search.land, search.joined
    costs = joined.costs_m(ways.between, land.touched)
    least = closed(len(land.parts.core), joined.pairs, costs)
    to_known, rate = least[:, ways.parts - 1], float(search.decay.rates[0])
    worth = np.empty(len(steps.near))
    for step in range(len(worth)):
        near = (to_known + ways.near[:, step]).min(axis=1, initial=np.inf)
        far = (to_known + ways.far[:, step]).min(axis=1, initial=np.inf)
        through = np.add.outer(near, far) + steps.cost_m[step]
        best = np.minimum(least, np.minimum(through, through.T))
        worth[step] = search.weights @ np.exp(-rate * best) @ search.weights
    as_good = np.floor(np.log(np.maximum(worth, 1e-300)) / AS_GOOD)
    table = pd.DataFrame({"segment": steps.segment, "worth": -as_good, "off": steps.off_middle_m})
    first = table.sort_values(["segment", "worth", "off"], kind="stable").drop_duplicates("segment")
    return first.index.to_numpy(dtype=np.int64)


def _through(ways: Ways, steps: Steps, step: int) -> Floats:
    """Return the costs between parts with a gate at a step; to parts farther off they stay as they are."""
    near, far = ways.near[:, step], ways.far[:, step]
    to_near, to_far = (np.full(ways.between.shape[1], np.inf) for _ in range(2))
    to_near[ways.parts - 1], to_far[ways.parts - 1] = near, far
    return _opened(ways.between, near, far, to_near, to_far, float(steps.cost_m[step]))


def _opened(
    known: Floats, near: Floats, far: Floats, to_near: Floats, to_far: Floats, cost_m: float
) -> Floats:
    """Return costs with a gate open: as known, or through it one way or the other.

    `near` and `far` are costs from sources to its ends, `to_near` and `to_far` from its ends to the targets.
    """
    there = near[:, None] + (cost_m + to_far)[None, :]
    back = far[:, None] + (cost_m + to_near)[None, :]
    return np.minimum(known, np.minimum(there, back))


def _in_reach(search: Search, steps: Steps, tried: Integers, reach_m: float) -> list[Near]:
    """Return the cells of the cores concerned from where each gate is in reach."""
    land = search.land
    found: dict[int, Near] = {}
    for batch in _apart(tried, steps):
        labels = np.zeros(land.grid.shape, dtype=np.int64)
        for label, number in enumerate(batch, start=1):
            labels.ravel()[[steps.near[tried[number]], steps.far[tried[number]]]] = label
        for label, cells, cost_m in land.cells_within(labels, land.fenced(np.inf), reach_m):
            kept = search.habitat_km2[cells] > 0
            found[batch[label - 1]] = Near(cells[kept], 1 - cost_m[kept] / reach_m)
    return [found[number] for number in range(len(tried))]


def _apart(tried: Integers, steps: Steps) -> Iterator[list[int]]:
    """Yield gates in groups no two of which share a cell, so that each group is one raster of labels."""
    left = list(range(len(tried)))
    while left:
        taken: set[int] = set()
        batch: list[int] = []
        later: list[int] = []
        for number in left:
            cells = {int(steps.near[tried[number]]), int(steps.far[tried[number]])}
            (later if cells & taken else batch).append(number)
            taken |= cells if batch and batch[-1] == number else set()
        yield batch
        left = later


def _sequence(
    search: Search,
    steps: Steps,
    ways: Ways,
    tried: Integers,
    reach: list[Near],
    *,
    number: int,
    crossing_cost_m: float,
) -> tuple[list[int], Ways]:
    """Return which gates to open, in order, each given those before, and the costs with all of them."""
    chosen: list[int] = []
    covered = np.zeros(search.habitat_km2.size)
    habitat = float(search.habitat_km2.sum())
    while len(chosen) < min(number, len(tried)):
        now = search.connected(ways.between)
        gains = np.array([search.connected(_through(ways, steps, s)) - now for s in tried])
        more = (np.maximum(near.share - covered[near.cells], 0.0) for near in reach)
        new = np.array([m @ search.habitat_km2[near.cells] for m, near in zip(more, reach, strict=True)])
        gains[chosen], new[chosen] = -np.inf, -np.inf
        best = gains.max()
        if best > WORTH_OPENING * now:
            good = gains >= best - AS_GOOD * now
        elif new.max() > WORTH_OPENING * habitat:
            good = np.ones(len(tried), dtype=bool)
        else:
            break
        pick = int(np.argmax(np.where(good, new, -np.inf)))
        chosen.append(pick)
        best_known = covered[reach[pick].cells]
        covered[reach[pick].cells] = np.maximum(best_known, reach[pick].share)
        barriers = search.land.fenced(crossing_cost_m, open_at=steps.key[tried[chosen[:-1]]])
        ways = _with_gate(search.land, ways, steps, int(tried[pick]), barriers)
    return chosen, ways


def _with_gate(land: Land, ways: Ways, steps: Steps, step: int, edges: EdgeCosts) -> Ways:
    """Return the costs once a gate is open, from those under the barriers before."""
    labels = np.zeros(land.grid.shape, dtype=np.int64)
    labels.ravel()[steps.near[step]], labels.ravel()[steps.far[step]] = 1, 2
    ends = land.surfaces(labels, edges)
    near, far, cost_m = ways.near[:, step], ways.far[:, step], float(steps.cost_m[step])

    def through(known: Floats, to_near: Floats, to_far: Floats) -> Floats:
        return _opened(known, near, far, to_near, to_far, cost_m)

    from_near, from_far = (ends[end] for end in (1, 2))
    return Ways(
        ways.parts,
        through(ways.between, land.parts.least(from_near), land.parts.least(from_far)),
        through(ways.near, from_near.ravel()[steps.near], from_far.ravel()[steps.near]),
        through(ways.far, from_near.ravel()[steps.far], from_far.ravel()[steps.far]),
    )
