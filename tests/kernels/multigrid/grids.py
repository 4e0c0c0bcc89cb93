"""Conductances to solve on, and a direct solver for them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

KINDS = ("even", "contrast", "salt", "walls", "empty")
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))  # east, south, south-east, south-west


def conductance_of_kind(kind, shape, rng):
    """Return conductances of cells: even, 1 to 1e6, 40 % no data, parted by walls, or nothing at all."""
    values = 1 + rng.random(shape)
    if kind == "contrast":
        values = 1e6 ** rng.random(shape)
    if kind == "salt":
        values[rng.random(shape) < 0.4] = 0
    if kind == "walls":
        values[:, 3::7] = 0
    if kind == "empty":
        values[:] = 0
    return values


def ends_of(shape, down, right):
    """Return the indices of all cells that have a neighbour in this direction, and of these neighbours."""
    rows, columns = shape
    row, column = np.mgrid[: rows - down, max(0, -right) : columns - max(0, right)]
    return (row, column), (row + down, column + right)


def edges_of(cells, neighbours=8):
    """Return conductances of edges: the harmonic mean of their cells', by the root of 2 if diagonal."""
    weights = np.zeros((4, *cells.shape))
    resistance = 1 / np.where(cells > 0, cells, np.nan)
    for kind, step in enumerate(STEPS[: neighbours // 2]):
        start, end = ends_of(cells.shape, *step)
        weights[kind][start] = np.nan_to_num(2 / (resistance[start] + resistance[end]) / np.hypot(*step))
    return weights


def matrix_of(weights, leak=None):
    """Return the Laplacian plus leaks, as a sparse matrix."""
    shape = weights.shape[1:]
    numbers = np.arange(np.prod(shape)).reshape(shape)
    parts = [
        (numbers[a].ravel(), numbers[b].ravel(), w[a].ravel())
        for w, (a, b) in zip(weights, [ends_of(shape, *step) for step in STEPS], strict=True)
    ]
    starts, ends, values = (np.concatenate(part) for part in zip(*parts, strict=True))
    graph = sparse.coo_array((values.astype(float), (starts, ends)), shape=(numbers.size,) * 2).tocsr()
    graph = graph + graph.T
    ground = np.zeros(numbers.size) if leak is None else leak.ravel()
    return (sparse.diags_array(graph.sum(axis=1) + ground) - graph).tocsr()


def parts_of(weights):
    """Return the number of the connected part every cell is in."""
    _, labels = connected_components(matrix_of(weights), directed=False)
    return labels.reshape(weights.shape[1:])


def balanced(currents, parts):
    """Return currents that sum to zero over every part."""
    means = np.bincount(parts.ravel(), currents.ravel()) / np.bincount(parts.ravel())
    return currents - means[parts]


def centred(voltage, parts):
    """Return voltages whose mean is zero over every part."""
    return balanced(voltage, parts)


def direct(weights, currents, leak=None):
    """Return voltages by elimination, one cell of every part without leak held at 0, as ground is."""
    parts, matrix = parts_of(weights).ravel(), matrix_of(weights, leak)
    ground = np.zeros(parts.shape) if leak is None else leak.ravel()
    floating = np.bincount(parts, ground) == 0
    _, first = np.unique(parts, return_index=True)
    held = np.isinf(ground)
    held[first[floating]] = True
    voltage = np.zeros(parts.shape)
    free = np.flatnonzero(~held)
    if free.size:
        voltage[free] = spsolve(matrix[free][:, free].tocsc(), currents.ravel()[free])
    return voltage.reshape(currents.shape)


@st.composite
def problems(draw, kinds=KINDS):
    """Draw conductances of edges, and currents that have a solution."""
    shape = draw(st.sampled_from((1, 2, 3, 8, 17, 30, 33))), draw(st.sampled_from((1, 2, 5, 16, 31, 40)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cells = conductance_of_kind(draw(st.sampled_from(kinds)), shape, rng)
    weights = edges_of(cells, draw(st.sampled_from((4, 8))))
    weights = weights.astype(draw(st.sampled_from((np.float32, np.float64))))
    return weights, balanced(rng.standard_normal(shape), parts_of(weights))
