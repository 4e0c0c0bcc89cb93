"""Moving windows the obvious way: one window after another, dense matrices, no frames, no whole numbers."""

from __future__ import annotations

from statistics import median

import numpy as np


def window_currents(
    conductance,
    strength,
    *,
    radius,
    block=1,
    buffer=0,
    neighbours=8,
    average="resistance",
    conditions=(),
    published=False,
    correction=None,
):
    """Return current and flow potential; conditions are (present, future, comparison, lower, upper)."""
    rows, columns = conductance.shape
    reach, half = radius + buffer, (block - 1) // 2
    sums = np.zeros((2, rows, columns))
    for row in range(half, rows - half, block):
        for column in range(half, columns - half, block):
            amperes = strength[row - half : row + half + 1, column - half : column + half + 1].sum()
            if amperes <= 0:
                continue
            top, left = max(row - reach, 0), max(column - reach, 0)
            part = np.s_[top : row + reach + 1, left : column + reach + 1]
            y, x = np.mgrid[: conductance[part].shape[0], : conductance[part].shape[1]]
            away = np.hypot(y + top - row, x + left - column)
            inflow = np.where(away <= radius, strength[part], 0.0)
            # Omniscape looks for the block where it would be in a window that nothing cuts.
            middle = (reach, reach) if published else (row - top, column - left)
            blocked = (abs(y - middle[0]) <= half) & (abs(x - middle[1]) <= half)
            inflow[blocked] = 0
            inflow *= amperes / inflow.sum() if inflow.sum() > 0 else 0
            here = np.s_[row - half : row + half + 1, column - half : column + half + 1]
            for present, future, comparison, lower, upper in conditions:
                wanted = commonest(future[here]) if comparison == "equal" else middle_of(future[here])
                low, high = (0, 0) if comparison == "equal" else (lower, upper)
                inflow[(present[part] - wanted > high) | (present[part] - wanted < low)] = 0
            given = np.where(away <= reach, np.nan_to_num(conductance[part]), 0.0)
            even = np.ones_like(given) if published else (given > 0).astype(float)
            factor = 1.0
            if correction is not None:
                # A window cut on the left is the right part of the whole one; cut on both sides, the first.
                first = [
                    0 if place + reach + 1 > length else max(reach - place, 0)
                    for place, length in ((row, rows), (column, columns))
                ]
                if not published:
                    first = [max(reach - row, 0), max(reach - column, 0)]
                height, width = given.shape
                factor = correction[first[0] : first[0] + height, first[1] : first[1] + width]
            for total, cells in zip(sums, (given, even), strict=True):
                current = current_of(cells, inflow, (row - top, column - left), neighbours, average)
                total[part] += current * factor
    return sums


def middle_of(values):
    known = values[~np.isnan(values)].tolist()
    return median(known) if known else np.nan


def commonest(values):
    """Return the commonest value, that which gets there first down the columns."""
    known = values.T[~np.isnan(values.T)].tolist()
    most = max((known.count(value) for value in known), default=0)
    for end in range(len(known) + 1):
        for value in known[:end]:
            if known[:end].count(value) == most:
                return value
    return np.nan


def current_of(cells, inflow, target, neighbours, average):
    """Return the larger of inflow and outflow of every cell, the target being ground."""
    rows, columns = cells.shape
    size = rows * columns
    weights = np.zeros((size, size))
    steps = [(0, 1), (1, 0)] + [(1, 1), (1, -1)] * (neighbours == 8)
    for y in range(rows):
        for x in range(columns):
            for down, right in steps:
                other = y + down, x + right
                if not (other[0] < rows and 0 <= other[1] < columns):
                    continue
                a, b = cells[y, x], cells[other]
                if a > 0 and b > 0:
                    mean = 2 * a * b / (a + b) if average == "resistance" else (a + b) / 2
                    mine, its = y * columns + x, other[0] * columns + other[1]
                    weights[mine, its] = weights[its, mine] = mean / np.hypot(down, right)
    ground = target[0] * columns + target[1]
    joined = reached_from(ground, weights) if cells[target] > 0 else []
    inside = [node for node in joined if node != ground]
    voltage = np.zeros(size)
    if inside:
        matrix = np.diag(weights.sum(axis=0)) - weights
        voltage[inside] = np.linalg.solve(matrix[np.ix_(inside, inside)], inflow.ravel()[inside])
    flow = weights * (voltage[:, None] - voltage[None, :])
    return np.maximum(np.where(flow > 0, flow, 0).sum(1), np.where(flow < 0, -flow, 0).sum(1)).reshape(
        rows, columns
    )


def reached_from(start, weights):
    """Return the nodes joined to one."""
    found, waiting = {start}, [start]
    while waiting:
        for other in np.flatnonzero(weights[waiting.pop()]).tolist():
            if other not in found:
                found.add(other)
                waiting.append(other)
    return sorted(found)


def block_correction(radius, buffer, block, neighbours=8):
    """Return single cells as targets over the block as one, on one even circle."""
    reach, half = radius + buffer, (block - 1) // 2
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    circle, sources = (np.hypot(y, x) <= reach).astype(float), (np.hypot(y, x) <= radius).astype(float)
    middle, found = (reach, reach), []
    for away, amperes in ((0, 1.0), (half, float(block**2))):
        inflow = np.where((abs(y) <= away) & (abs(x) <= away), 0.0, sources)
        inflow *= amperes / inflow.sum()
        found.append(current_of(circle, inflow, middle, neighbours, "resistance"))
    each, together = found
    separate = np.zeros_like(each)
    for row, column in np.ndindex(each.shape):
        near = np.s_[max(row - half, 0) : row + half + 1, max(column - half, 0) : column + half + 1]
        separate[row, column] = each[near].sum()
    nothing = together < 1e-12 * block**2
    return np.where(nothing, 1.0, separate / np.where(nothing, 1.0, together))
