"""What a case writes: maps and lists under the names, and in the form, that Circuitscape gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridors.circuit.circuitscape.options import Options
from corridors.io import PlainGrid, file_name, write_ascii_grid, write_lines, write_plain_tiff

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.circuit.circuitscape.habitat import Floats

NO_PATH, FAILED = -1.0, -777.0
"""Resistance in files: no way between two nodes; the solver found none."""
ROUNDING = 1e-10
"""Below this part of the largest, what is left of a current of 0 after rounding, whose log means nothing."""


@dataclass(frozen=True)
class Outputs:
    """Where outputs go: the first part of all their names, and what has been written and solved so far."""

    prefix: str
    options: Options
    written: list[str] = field(default_factory=list)
    residuals: list[float] = field(default_factory=list)

    def path(self, ending: str) -> str:
        """Return the path of an output, and note that it is written."""
        path = f"{self.prefix}_{ending}"
        self.written.append(file_name(path))
        return path

    def grid(self, name: str, values: Floats, like: PlainGrid) -> None:
        """Write a map; NaN is no data."""
        if self.options.write_as_tif:
            write_plain_tiff(self.path(f"{name}.tif"), values, like=like)
        else:
            ending = ".asc.gz" if self.options.compress_grids else ".asc"
            write_ascii_grid(self.path(name + ending), values, like=like)

    def lines(self, name: str, rows: Iterable[Iterable[float]], *, separator: str = "\t") -> None:
        """Write rows of numbers."""
        write_lines(self.path(name), rows, separator=separator)


def write_pair_resistances(
    outputs: Outputs, resistances: Mapping[tuple[int, int], float], ids: list[int]
) -> None:
    """Write the resistance of every pair as a matrix and in three columns; no way is -1.

    Parameters
    ----------
    outputs : Outputs
    resistances : mapping
        Of pairs, the id that comes first in `ids` first.
    ids : list of int
        All focal nodes.
    """

    def between(first: int, second: int) -> float:
        pair = (first, second) if (first, second) in resistances else (second, first)
        return 0.0 if first == second else resistances.get(pair, NO_PATH)

    rows: list[list[float]] = [[0, *ids], *([a, *(between(a, b) for b in ids)] for a in ids)]
    outputs.lines("resistances.out", rows, separator=" ")
    pairs = ((a, b, between(a, b)) for place, a in enumerate(ids) for b in ids[place + 1 :])
    outputs.lines("resistances_3columns.out", pairs, separator=" ")


def shown_current(
    current: Floats, options: Options, conductance: Floats, *, focal: NDArray[np.bool_] | None = None
) -> Floats:
    """Return a current map as it is written and summed; NaN is no data.

    Parameters
    ----------
    current : ndarray of shape (rows, columns)
        Amperes.
    options : Options
    conductance : ndarray of shape (rows, columns)
        0 where a cell is null.
    focal : ndarray of shape (rows, columns), optional
        Cells of the active focal nodes.
    """
    shown = current.copy()
    if options.set_focal_node_currents_to_zero and focal is not None:
        shown[focal] = 0
    if options.log_transform_maps:
        flowing = shown > ROUNDING * np.max(shown, initial=0.0)
        shown = np.where(flowing, np.log10(shown, where=flowing, out=np.zeros_like(shown)), np.nan)
    if options.set_null_currents_to_nodata:
        shown[conductance == 0] = np.nan
    return shown


def shown_voltage(voltage: Floats, options: Options, conductance: Floats) -> Floats:
    """Return a voltage map as it is written; NaN is no data."""
    null = (conductance == 0) & options.set_null_voltages_to_nodata
    return np.where(null, np.nan, voltage)


class MapSums:
    """The sum and the largest of current maps, kept while they come one by one.

    No data in one map is no data in the sum, as in Circuitscape, which adds -9999 there and then cuts
    everything below -9999; the largest passes over it.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self.total = np.zeros(shape)
        self.largest = np.full(shape, np.nan)

    def add(self, shown: Floats) -> None:
        """Take in the map of one pair or focal node."""
        self.total += shown
        self.largest = np.fmax(self.largest, shown)


def write_sums(outputs: Outputs, total: Floats, largest: Floats, like: PlainGrid) -> None:
    """Write the sum of all current maps and, if asked for, their maximum."""
    outputs.grid("cum_curmap", total, like)
    if outputs.options.write_max_cur_maps:
        outputs.grid("max_curmap", largest, like)
        if outputs.options.version.startswith("3."):
            outputs.grid("curmap_max", largest, like)  # its name before version 4
