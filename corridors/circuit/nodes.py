"""A circuit: nodes, and the branches between them.

A raster becomes a circuit cell by cell; cells of a short-circuit polygon are one node. Nothing but the map
from cells to nodes changes when cells are merged: steps between cells of one node carry nothing, and several
steps between the same two nodes conduct together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from corridors.circuit.steps import between, step_conductances
from corridors.errors import InputError
from corridors.kernels.currents import join, list_branches, number_components

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import ArrayLike, NDArray

    from corridors.circuit.steps import Average

Floats: TypeAlias = "NDArray[np.float64]"
Integers: TypeAlias = "NDArray[np.int32]"
CELLS_AT_A_TIME = 100_000


class Branches(NamedTuple):
    """Branches: the nodes they join, and their conductance."""

    first: Integers
    second: Integers
    conductance: Floats


@dataclass(frozen=True, eq=False)
class Circuit:
    """Nodes and branches, of a raster or of a network.

    Parameters
    ----------
    count
        Number of nodes.
    nodes
        Node of every cell, shape (rows, columns), -1 none; None for a network.
    steps
        Conductance of the steps between cells, from `step_conductances`; None for a network.
    network
        Branches of a network, every pair of nodes once; None for a raster.

    Notes
    -----
    Made by `grid_circuit`, `with_merged` and `network_circuit`.
    """

    count: int
    nodes: Integers | None = None
    steps: Floats | None = None
    network: Branches | None = None

    def blocks(self) -> Iterator[Branches]:
        """Yield the branches, those of some rows at a time; parallel ones stay apart."""
        if self.network is not None:
            yield self.network
        if self.nodes is None or self.steps is None:
            return
        rows, columns = self.nodes.shape
        many = max(1, CELLS_AT_A_TIME // columns)
        for top in range(0, rows, many):
            bottom = min(top + many, rows)
            size = 4 * (bottom - top) * columns
            first, second, found = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size)
            count = list_branches(self.steps, self.nodes, (top, bottom), first, second, found)
            yield Branches(first[:count], second[:count], found[:count])

    @cached_property
    def branches(self) -> Branches:
        """All branches, every pair of nodes once, the lower node first."""
        if self.network is not None:
            return self.network
        parts = list(self.blocks())
        first, second, conductance = (np.concatenate(part) for part in zip(*parts, strict=True))
        return together(first, second, conductance) if self.merged else ordered(first, second, conductance)

    @cached_property
    def cells(self) -> NDArray[np.int64]:
        """How many cells each node holds; one in a network."""
        if self.nodes is None:
            return np.ones(self.count, dtype=np.int64)
        return np.bincount(self.nodes[self.nodes >= 0], minlength=self.count)

    @cached_property
    def first_cell(self) -> NDArray[np.int64]:
        """Flat number (row by row) of the first cell of every node of a raster."""
        first = np.zeros(self.count, dtype=np.int64)
        if self.nodes is not None:
            place = np.flatnonzero(self.nodes.ravel() >= 0)[::-1]
            first[self.nodes.ravel()[place]] = place  # the first is written last
        return first

    @cached_property
    def steps_between_nodes(self) -> Floats | None:
        """The steps, 0 where one end is no node, as beside a polygon over no data."""
        if self.nodes is None or self.steps is None:
            return None
        steps, valid = self.steps, self.nodes >= 0
        for way in range(4):
            here, there = between(valid.shape, way)
            loose = (steps[way][here] > 0) & ~(valid[here] & valid[there])
            if loose.any():
                steps = steps.copy() if steps is self.steps else steps
                steps[way][here][loose] = 0
        return steps

    @cached_property
    def merged(self) -> bool:
        """Whether any node holds several cells."""
        return self.count > 0 and bool(self.cells.max() > 1)

    @cached_property
    def component(self) -> Integers:
        """Component of every node, numbered from 0: nodes that branches connect."""
        parents = np.arange(self.count, dtype=np.int32)
        for first, second, _ in self.blocks():
            join(parents, first, second)
        number_components(parents)
        return parents


def grid_circuit(
    conductance: ArrayLike,
    *,
    neighbours: int = 8,
    average: Average = "resistance",
    polygons: ArrayLike | None = None,
    series_resistance: Floats | None = None,
) -> Circuit:
    """Return the circuit of a raster: a node per cell, a branch per step.

    Parameters
    ----------
    conductance, neighbours, average, series_resistance
        As for `step_conductances`.
    polygons
        Short-circuit polygons: a number > 0 per polygon, else 0 or NaN, shape (rows, columns). The cells of a
        number become one node, in one piece or not, no data included if the polygon holds any other cell.

    Raises
    ------
    ConfigError, InputError
        As `step_conductances`; I201 polygons of another shape; I217 nothing conducts.

    Examples
    --------
    >>> circuit = grid_circuit([[1.0, 1.0, 1.0]], polygons=[[5, 0, 5]])
    >>> circuit.count, circuit.nodes.tolist(), circuit.branches.conductance.tolist()
    (2, [[0, 1, 0]], [2.0])
    """
    cells = np.asarray(conductance, dtype=np.float64)
    steps = step_conductances(
        cells,
        neighbours=neighbours,
        average=average,
        series_resistance=series_resistance,
        over_no_data=True,
    )
    valid = cells > 0
    if not valid.any():
        raise InputError("nothing conducts: every cell is no data or 0", code="I217", where="conductance")
    nodes = np.full(cells.shape, -1, dtype=np.int32)
    nodes[valid] = np.arange(np.count_nonzero(valid), dtype=np.int32)
    circuit = Circuit(int(np.count_nonzero(valid)), nodes, steps)
    return circuit if polygons is None else with_merged(circuit, _cells_of(polygons, cells.shape))


def _cells_of(polygons: ArrayLike, shape: tuple[int, ...]) -> list[NDArray[np.int64]]:
    """Return the flat cell numbers of every polygon."""
    labels = np.nan_to_num(np.asarray(polygons), nan=0.0)
    if labels.shape != shape:
        what = "polygons and conductance differ in shape"
        given, allowed = f"{labels.shape}", f"{shape}"
        raise InputError(what, code="I201", where="polygons", given=given, allowed=allowed)
    found = np.flatnonzero(labels.ravel() > 0)
    order = np.argsort(labels.ravel()[found], kind="stable")
    cells = found[order]
    return np.split(cells, np.flatnonzero(np.diff(labels.ravel()[cells])) + 1)


def with_merged(circuit: Circuit, groups: Iterable[ArrayLike]) -> Circuit:
    """Return the circuit after making each group of cells one node.

    Parameters
    ----------
    circuit
        Of a raster.
    groups
        Flat cell numbers (row by row). A group takes in the whole of every node it touches, and its cells on
        no data if it holds any other; groups that touch the same node become one with it.
    """
    if circuit.nodes is None:
        raise InputError("only cells of a raster can be merged", code="I228", where="groups")
    nodes = circuit.nodes.ravel().copy()
    parents = np.arange(circuit.count, dtype=np.int32)
    for group in groups:
        cells = np.asarray(group, dtype=np.int64)
        touched = nodes[cells]
        known = np.unique(touched[touched >= 0])
        if len(known):
            join(parents, np.full(len(known), known[0], dtype=np.int32), known.astype(np.int32))
            nodes[cells[touched < 0]] = known[0]
    count = number_components(parents)
    on = nodes >= 0
    nodes[on] = parents[nodes[on]]
    return replace(circuit, count=int(count), nodes=nodes.reshape(circuit.nodes.shape))


def network_circuit(first: ArrayLike, second: ArrayLike, conductance: ArrayLike, count: int) -> Circuit:
    """Return the circuit of a network given by its branches.

    Parameters
    ----------
    first, second
        Nodes each branch joins, 0 to count - 1.
    conductance
        Of each branch, > 0; parallel branches add up, loops carry nothing.
    count
        Number of nodes.

    Raises
    ------
    InputError
        I211 a conductance that is not positive and finite; I221 a node that does not exist.

    Examples
    --------
    >>> network_circuit([0, 1, 1], [1, 0, 2], [1.0, 2.0, 4.0], 3).branches.conductance.tolist()
    [3.0, 4.0]
    """
    one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    weight = np.asarray(conductance, dtype=np.float64)
    if not (np.isfinite(weight) & (weight > 0)).all():
        raise InputError("conductances must be positive and finite", code="I211", where="branches")
    if len(one) and (min(one.min(), other.min()) < 0 or max(one.max(), other.max()) >= count):
        raise InputError("a branch joins a node that does not exist", code="I221", where="branches")
    kept = one != other
    branches = together(one[kept].astype(np.int32), other[kept].astype(np.int32), weight[kept])
    return Circuit(count, network=branches)


def ordered(first: Integers, second: Integers, conductance: Floats) -> Branches:
    """Return branches with the lower node first."""
    return Branches(np.minimum(first, second), np.maximum(first, second), conductance)


def together(first: Integers, second: Integers, conductance: Floats) -> Branches:
    """Return every pair of nodes once, the lower node first: parallel branches conduct together."""
    low, high = np.minimum(first, second).astype(np.int64), np.maximum(first, second)
    size = int(high.max(initial=0)) + 1
    pairs, place = np.unique(low * size + high, return_inverse=True)
    total = np.bincount(place, weights=conductance, minlength=len(pairs)).astype(np.float64)
    return Branches((pairs // size).astype(np.int32), (pairs % size).astype(np.int32), total)
