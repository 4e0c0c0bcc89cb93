"""What every node and every link carries between others: the loss if it were removed.

Take the tree of shortest paths from a source. Without node k, only the nodes behind k in the tree are
further away, or cut off. So these are taken off the tree and put back with what is left of the network:
each first by its best neighbour that is not behind, then by each other, nearest first. Nothing else is
looked at again. The work is that of the subtrees: their sizes sum to the nodes times their mean number of
steps to the source.

Without the link that leads to k, k itself is found again through its other neighbours, those behind it as
they are without k. Every node behind k is then as far as without k, or as before plus k's detour, whichever
is less. So links come with the nodes; one outside the tree is not missed.

Nodes are renumbered along the tree (a parent before its children, a subtree without gaps), so "behind k" is
a range of numbers. A distance found again is never shorter than before, to the last bit: the smallest
rounded sum over fewer paths. So no loss is below 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corridors.kernels._jit import jit
from corridors.kernels.network.heap import ABSENT, Floats, Integers, lower, pop
from corridors.kernels.network.paths import Network, Tree, new_tree, shortest, worth


class Branches(NamedTuple):
    """The nodes a source reaches, numbered along its tree, and room to find their distances again."""

    starts: Integers
    neighbours: Integers
    lengths: Floats
    distances: Floats
    node: Integers  # what the node is called in the network
    place: Integers  # and the other way round
    ends: Integers  # the first number after those behind a node
    before: Integers
    again: Floats
    heap: Integers
    places: Integers


@jit
def losses(network: Network, rates: Floats, reach: float, first: int, last: int) -> tuple[Floats, Floats]:
    """Return what nodes (rates, nodes) and links (rates, links) carry from sources `first` up to `last`.

    That is the sum, over pairs of a source and another node, neither of them the one removed, of the product
    of their weights times what their distance is worth less what the distance without it is worth.
    """
    nodes, slots = len(network.weights), len(network.lengths)
    tree, branches = new_tree(nodes), _new_branches(nodes, slots)
    node_losses, link_losses = np.zeros((len(rates), nodes)), np.zeros((len(rates), slots // 2))
    for source in range(first, last):
        reached = shortest(network, tree, source, reach)
        _number_along_tree(network, tree, reached, branches)
        weight = network.weights[source]
        for top in range(1, reached):
            node = branches.node[top]
            _put_back_without(branches, top, reach)
            _add_loss(network, branches, top + 1, branches.ends[top], rates, weight, node_losses[:, node])
            _put_back_by_detour(branches, top, reach)
            loss = link_losses[:, tree.links[node]]
            _add_loss(network, branches, top, branches.ends[top], rates, weight, loss)
    return node_losses, link_losses


@jit
def _new_branches(nodes: int, slots: int) -> Branches:
    return Branches(
        np.empty(nodes + 1, np.int32),
        np.empty(slots, np.int32),
        np.empty(slots, np.float64),
        np.empty(nodes, np.float64),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.float64),
        np.empty(nodes, np.int32),
        np.full(nodes, ABSENT, np.int32),
    )


@jit
def _number_along_tree(network: Network, tree: Tree, reached: int, branches: Branches) -> None:
    """Fill in the branches of a tree; a node was settled after its parent, and before those behind it."""
    place, ends, node_at, before = branches.place, branches.ends, branches.node, branches.before
    place[:] = ABSENT
    behind = branches.heap  # empty between two searches: as good a place as any to count in
    for count in range(reached):
        behind[tree.settled[count]] = 1
    for count in range(reached - 1, 0, -1):
        node = tree.settled[count]
        behind[tree.before[node]] += behind[node]
    for count in range(reached):
        node = tree.settled[count]
        parent = tree.before[node]
        number = 0
        if parent != ABSENT:  # the next free number among those behind its parent
            number = behind[parent]
            behind[parent] += behind[node]
            before[number] = place[parent]
        place[node] = number
        node_at[number] = node
        ends[number] = number + behind[node]
        behind[node] = number + 1
        branches.distances[number] = tree.distances[node]
    slots = 0
    for number in range(reached):
        node = node_at[number]
        branches.starts[number] = slots
        for slot in range(network.starts[node], network.starts[node + 1]):
            other = place[network.neighbours[slot]]
            if other != ABSENT:
                branches.neighbours[slots] = other
                branches.lengths[slots] = network.lengths[slot]
                slots += 1
    branches.starts[reached] = slots


@jit
def _put_back_without(branches: Branches, top: int, reach: float) -> None:
    """Find the distances of the nodes behind `top` again, without it."""
    starts, neighbours, lengths = branches.starts, branches.neighbours, branches.lengths
    distances, again, heap, places = branches.distances, branches.again, branches.heap, branches.places
    first, end, size = top + 1, branches.ends[top], 0
    for node in range(first, end):
        best = np.inf
        for slot in range(starts[node], starts[node + 1]):
            other = neighbours[slot]
            if other < top or other >= end:
                best = min(best, distances[other] + lengths[slot])
        again[node] = np.inf
        if best <= reach:
            again[node] = best
            size = lower(heap, places, again, size, node)
    while size > 0:
        node = pop(heap, places, again, size)
        size -= 1
        for slot in range(starts[node], starts[node + 1]):
            other = neighbours[slot]
            if first <= other < end:
                through = again[node] + lengths[slot]
                if through < again[other] and through <= reach:
                    again[other] = through
                    size = lower(heap, places, again, size, other)


@jit
def _put_back_by_detour(branches: Branches, top: int, reach: float) -> None:
    """Find the distances of `top` and the nodes behind it without the link to it, from those without it."""
    distances, again = branches.distances, branches.again
    best = np.inf
    for slot in range(branches.starts[top], branches.starts[top + 1]):
        other = branches.neighbours[slot]
        if other != branches.before[top]:
            behind = top < other < branches.ends[top]
            best = min(best, (again[other] if behind else distances[other]) + branches.lengths[slot])
    again[top] = best if best <= reach else np.inf
    detour = again[top] - distances[top]
    for node in range(top + 1, branches.ends[top]):
        through = distances[node] + detour
        if through < again[node] and through <= reach:
            again[node] = through


@jit
def _add_loss(
    network: Network, branches: Branches, first: int, end: int, rates: Floats, weight: float, loss: Floats
) -> None:
    """Add what the source loses with nodes `first` up to `end` to the losses (rates,)."""
    for number in range(first, end):
        before, again = branches.distances[number], branches.again[number]
        if again > before:
            product = weight * network.weights[branches.node[number]]
            for index in range(len(rates)):
                loss[index] += product * (worth(before, rates[index]) - worth(again, rates[index]))
