"""Points of a raster case: focal nodes, sources and grounds, as a raster or as a list with coordinates."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridors.circuit.circuitscape.habitat import Cells, Floats, PathOf, read_on, whole_labels
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.circuitscape.pairs import PairRule, repeated_ids
from corridors.errors import InputError
from corridors.io import PlainGrid, file_name, is_grid, read_numbers

POINT_LINE = "a value and its x and y"


class Points(NamedTuple):
    """Values of single cells, by row and column, which lie off the map below 0 or past its end."""

    values: Floats
    rows: Cells
    columns: Cells
    name: str


def focal_nodes(
    grid: PlainGrid, options: Options, path_of: PathOf, rule: PairRule | None
) -> dict[int, Cells]:
    """Return the cells of every focal node that takes part, ids ascending; ids of 0 or less are none."""
    if not options.point_file:
        return {}
    points = read_points(path_of(options.point_file), grid)
    labels = whole_labels(points.values, points.name)
    lost = (labels > 0) & ~inside(points, grid)
    if lost.any():
        what = f"focal nodes lie outside the map: {', '.join(map(str, np.unique(labels[lost])))}"
        remedy = "Check their coordinates; the order in a line is id, x, y."
        raise InputError(what, code="I221", where=points.name, remedy=remedy)
    cells = points.rows * grid.shape[1] + points.columns
    found = {
        int(labels[part[0]]): unique_in_order(cells[part])
        for part in groups(labels)
        if labels[part[0]] > 0 and (rule is None or rule.takes_part(int(labels[part[0]])))
    }
    if len(found) < 2:
        what, given = "fewer than two focal nodes take part", ", ".join(map(str, found)) or "none"
        raise InputError(what, code="I223", where=points.name, given=given)
    return found


def groups(labels: Cells) -> list[Cells]:
    """Return the places of every label, labels rising, places in their order."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(labels) else []


def sources_on(grid: PlainGrid, options: Options, path_of: PathOf) -> Floats | None:
    """Return the amperes put into every cell."""
    return summed(read_points(path_of(options.source_file), grid), grid) if options.source_file else None


def grounds_on(grid: PlainGrid, options: Options, path_of: PathOf) -> Floats | None:
    """Return the conductance to ground of every cell, infinite where it is tied directly."""
    if not options.ground_file:
        return None
    points = read_points(path_of(options.ground_file), grid)
    ties = ground_conductance(points.values, options, points.name)
    return summed(points._replace(values=ties), grid)


def read_points(path: str, habitat: PlainGrid) -> Points:
    """Return the values of a raster or of a text list of value, x and y, on the grid of the habitat map."""
    if is_grid(path):
        grid = read_on(habitat, path)
        rows, columns = np.nonzero(~np.isnan(grid.values))
        values, name = grid.values[rows, columns], grid.name
    else:
        name = file_name(path)
        table = read_numbers(path, columns=3, what=POINT_LINE)
        values = table[:, 0]
        rows, columns = cells_of(table[:, 1], table[:, 2], habitat)
    return Points(values, rows, columns, name)


def cells_of(x: Floats, y: Floats, grid: PlainGrid) -> tuple[Cells, Cells]:
    """Return rows and columns of points; one on an edge belongs to the cell above or left of it."""
    rows = np.ceil(grid.shape[0] - (y - grid.bottom) / grid.cell_height) - 1
    columns = np.ceil((x - grid.left) / grid.cell_width) - 1
    rows[(rows == -1) & (y == grid.bottom + grid.shape[0] * grid.cell_height)] = 0
    columns[(columns == -1) & (x == grid.left)] = 0
    return rows.astype(np.int64), columns.astype(np.int64)


def inside(points: Points, grid: PlainGrid) -> NDArray[np.bool_]:
    """Return which points lie on the map."""
    rows, columns = grid.shape
    return (points.rows >= 0) & (points.rows < rows) & (points.columns >= 0) & (points.columns < columns)


def unique_in_order(cells: Cells) -> Cells:
    """Return cells once each, in the order they come."""
    _, first = np.unique(cells, return_index=True)
    return cells[np.sort(first)]


def summed(points: Points, grid: PlainGrid) -> Floats:
    """Return values as a raster; those on one cell add up.

    Raises
    ------
    InputError
        I221 some lie outside the map.
    """
    lost = ~inside(points, grid)
    if lost.any():
        lines = ", ".join(f"{line + 1}" for line in np.flatnonzero(lost)[:10])
        what = f"{int(lost.sum())} points lie outside the map (number {lines})"
        remedy = "Check their coordinates; the order in a line is value, x, y."
        raise InputError(what, code="I221", where=points.name, remedy=remedy)
    found = np.zeros(grid.shape)
    np.add.at(found, (points.rows, points.columns), points.values)
    return found


def ground_conductance(values: Floats, options: Options, name: str) -> Floats:
    """Return the conductances of ties to ground; a resistance of 0 is a direct tie."""
    if (values < 0).any():
        given = f"{values[values < 0][0]:g}"
        raise InputError("a tie to ground is negative", code="I211", where=name, given=given)
    if not options.ground_file_is_resistances:
        return values
    with np.errstate(divide="ignore"):
        return 1 / values


def strengths_of(options: Options, path_of: PathOf) -> dict[int, float]:
    """Return the amperes of the focal nodes that have their own."""
    if not options.variable_source_file:
        return {}
    path = path_of(options.variable_source_file)
    table = read_numbers(path, columns=2, what="a focal node and its amperes")
    name = file_name(path)
    whole_labels(table[:, 0], name)
    ids = [int(node) for node in table[:, 0]]
    if len(set(ids)) < len(ids):
        raise InputError("ids stand twice", code="I226", where=name, given=repeated_ids(ids))
    return dict(zip(ids, table[:, 1].tolist(), strict=True))
