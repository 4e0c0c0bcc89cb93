"""Slow, obvious circuits: the Laplacian built edge by edge, solved by the dense pseudo-inverse."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np

STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))


def graph_of(conductance, neighbours=8, average="resistance", merged=()):
    """Return a networkx graph of cells (row, column); parallel edges add up; `merged` are lists of cells."""
    rows, columns = conductance.shape
    name = {}
    for cells in merged:
        for cell in cells:
            name[cell] = cells[0]
    graph = nx.Graph()
    for row in range(rows):
        for column in range(columns):
            if conductance[row, column] > 0:
                graph.add_node(name.get((row, column), (row, column)))
            for down, right in STEPS[: neighbours // 2]:
                there = row + down, column + right
                if not (0 <= there[0] < rows and 0 <= there[1] < columns):
                    continue
                a, b = conductance[row, column], conductance[there]
                weight = 0.0
                if a > 0 and b > 0:
                    weight = 2 / (1 / a + 1 / b) if average == "resistance" else (a + b) / 2
                if down and right:
                    weight /= math.sqrt(2)
                ends = name.get((row, column), (row, column)), name.get(there, there)
                if weight and ends[0] != ends[1]:
                    known = graph.get_edge_data(*ends, {"weight": 0.0})["weight"]
                    graph.add_edge(*ends, weight=known + weight)
    return graph


def voltages(graph, injected):
    """Return voltages of the nodes (mean 0 per component) for currents into nodes that sum to 0."""
    order = list(graph)
    laplacian = nx.laplacian_matrix(graph, nodelist=order).toarray().astype(float)
    currents = np.array([injected.get(node, 0.0) for node in order])
    return dict(zip(order, np.linalg.pinv(laplacian) @ currents, strict=True))


def resistance(graph, first, second):
    """Return the effective resistance of two nodes."""
    found = voltages(graph, {second: 1.0, first: -1.0})
    return found[second] - found[first]


def node_current(graph, found, node):
    """Return the larger of what flows into and out of a node."""
    flows = [edge["weight"] * (found[node] - found[other]) for other, edge in graph[node].items()]
    return max(sum(flow for flow in flows if flow > 0), -sum(flow for flow in flows if flow < 0))
