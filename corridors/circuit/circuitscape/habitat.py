"""The map of a raster case: conductance of every cell and short-circuit regions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corridors.circuit.circuitscape.options import Options
from corridors.errors import InputError
from corridors.io import PlainGrid, file_name, plain_grid_differences, read_numbers, read_plain_grid

Floats: TypeAlias = "NDArray[np.float64]"
Cells: TypeAlias = "NDArray[np.int64]"
PathOf: TypeAlias = Callable[[str], str]
LARGEST_EXACT = 2**53


def conductance_of(habitat: PlainGrid, options: Options, path_of: PathOf) -> Floats:
    """Return the conductance of every cell, 0 where there is none."""
    values = habitat.values
    if options.reclass_file:
        values = reclassified(values, read_reclass_table(path_of(options.reclass_file)))
    least_bad = values <= 0 if options.habitat_map_is_resistances else values < 0
    if least_bad.any():
        row, column = (int(place[0]) for place in np.nonzero(least_bad))
        kind = "resistances of 0 or less" if options.habitat_map_is_resistances else "conductances below 0"
        what = f"{int(least_bad.sum())} cells hold {kind}, the first in row {row + 1}, column {column + 1}"
        remedy = "Barriers are no data; for no resistance at all use a short-circuit region (polygon_file)."
        raise InputError(
            what, code="I211", where=habitat.name, given=f"{values[row, column]:g}", remedy=remedy
        )
    found = 1 / values if options.habitat_map_is_resistances else values.copy()
    found[np.isnan(found)] = 0
    if options.mask_file:
        found[~(read_on(habitat, path_of(options.mask_file)).values > 0)] = 0
    if not found.any():
        what = "the mask leaves no cell" if options.mask_file else "it has no cell with a value"
        raise InputError(what, code="I217", where=habitat.name)
    return found


def reclassified(values: Floats, table: Floats) -> Floats:
    """Return a raster with values replaced, all in one pass; others, and no data, stay."""
    order = np.argsort(table[:, 0])
    place = np.clip(np.searchsorted(table[order, 0], values), 0, len(table) - 1)
    hit = table[order[place], 0] == values
    return np.where(hit, table[order[place], 1], values)


def read_reclass_table(path: str) -> Floats:
    """Return the old and new values of a table for reclassifying."""
    table = read_numbers(path, columns=2, what="an old and a new value")
    if len(np.unique(table[:, 0])) < len(table):
        what, name = "a value is reclassified twice", file_name(path)
        raise InputError(what, code="I226", where=name)
    return table


def polygons_on(habitat: PlainGrid, options: Options, path_of: PathOf) -> Cells | None:
    """Return the labels of the short-circuit regions, if there are any."""
    if not options.polygon_file:
        return None
    grid = read_on(habitat, path_of(options.polygon_file))
    return whole_labels(grid.values, grid.name)


def read_on(habitat: PlainGrid, path: str) -> PlainGrid:
    """Return a raster that must lie on the grid of the habitat map."""
    grid = read_plain_grid(path)
    same_plain_grid(habitat, grid)
    return grid


def same_plain_grid(habitat: PlainGrid, other: PlainGrid) -> None:
    """Complain about everything in which a raster lies otherwise than the habitat map."""
    differences = plain_grid_differences(habitat, other)
    if differences:
        what = f"its grid is not that of {habitat.name}: {'; '.join(differences)}"
        remedy = "Resample it to the grid of the habitat map first."
        raise InputError(what, code="I201", where=other.name, remedy=remedy)


def whole_labels(values: Floats, name: str) -> Cells:
    """Return labels as whole numbers, 0 where there is none.

    Raises
    ------
    InputError
        I216 one that is no whole number, or too large to be exact.
    """
    known = ~np.isnan(values)
    wrong = values[known & ((values % 1 != 0) | (abs(values) >= LARGEST_EXACT))]
    if wrong.size:
        what, allowed = "an id is no whole number", "whole numbers below 2^53"
        raise InputError(what, code="I216", where=name, given=f"{wrong[0]:.17g}", allowed=allowed)
    return np.where(known & (values > 0), values, 0).astype(np.int64)
