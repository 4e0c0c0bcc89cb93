"""The maps and tables of an Omniscape case, everything wrong with them told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridors.circuit.circuitscape.attempts import attempt
from corridors.circuit.omniscape.options import PATHS, Options, conditions_of
from corridors.circuit.windows import Condition
from corridors.errors import CorridorsError, InputError, Problems, raise_all
from corridors.io import (
    PlainGrid,
    file_name,
    plain_file,
    plain_grid_differences,
    read_plain_grid,
    read_words,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.circuit.windows.conditions import Comparison

    Floats = NDArray[np.float64]

PathOf = Callable[[str], str]
"""From the name of a file in the ini file to its path."""


@dataclass(frozen=True)
class Inputs:
    """What a case computes with, (rows, columns).

    Attributes
    ----------
    grid
        The resistance map as read, with its place.
    resistance
        The same, reclassified where asked for: resistances or conductances, as the file holds them.
    conductance
        NaN = no node.
    strength
        Source strength, 0 where there is none.
    conditions
        What sources must share with their target.
    said
        What a user should know about the maps.
    """

    grid: PlainGrid
    resistance: Floats
    conductance: Floats
    strength: Floats
    conditions: tuple[Condition, ...]
    said: tuple[str, ...]


def read_inputs(options: Options, path_of: PathOf) -> Inputs:
    """Return the inputs of a case.

    Raises
    ------
    CorridorsError
        Every problem of every file at once: I201 maps of another size, I211 resistance of 0 or less, I242 a
        table that is none, and as `read_plain_grid`.
    """
    problems: list[CorridorsError] = []
    grid = attempt(problems, None, read_plain_grid, path_of(options.resistance_file))
    if grid is None:  # without the map nothing else can be placed: only say what is missing as well
        for name in (getattr(options, other) for other in PATHS[1:] if other != "project_name"):
            if name:
                attempt(problems, None, plain_file, path_of(name))
        raise Problems(problems)
    said: list[str] = []
    given = grid, path_of, options.allow_different_projections, said
    resistance = attempt(problems, grid.values, resistance_of, grid, options, path_of)
    source = attempt(problems, None, read_on, options.source_file, *given) if options.source_file else None
    conditions = tuple(
        attempt(problems, Condition(grid.values), read_condition, number, options, *given)
        for number in conditions_of(options)
    )
    raise_all(problems)
    conductance = resistance if options.resistance_is_conductance else 1 / resistance
    strength = strength_of(conductance, source, options)
    return Inputs(grid, resistance, conductance, strength, conditions, tuple(said))


def read_on(name: str, grid: PlainGrid, path_of: PathOf, silent: bool, said: list[str]) -> Floats:
    """Return a map of the size of the resistance; one that lies elsewhere is taken all the same, and said."""
    other = read_plain_grid(path_of(name))
    differences = plain_grid_differences(grid, other)
    if other.shape != grid.shape:
        what = f"the map differs from {grid.name}: {'; '.join(differences)}"
        raise InputError(what, code="I201", where=other.name, remedy="Cut both to the same cells.")
    if differences and not silent:
        said.append(
            f"{other.name} is taken cell by cell, though not where {grid.name} is: {'; '.join(differences)}"
        )
    return other.values


def read_condition(
    number: str, options: Options, grid: PlainGrid, path_of: PathOf, silent: bool, said: list[str]
) -> Condition:
    """Return a condition that sources must share with their target."""
    given = grid, path_of, silent, said
    future = getattr(options, f"condition{number}_future_file")
    comparison: Comparison = "within" if getattr(options, f"comparison{number}") == "within" else "equal"
    return Condition(
        read_on(getattr(options, f"condition{number}_file"), *given),
        read_on(future, *given) if future else None,
        comparison,
        getattr(options, f"condition{number}_lower"),
        getattr(options, f"condition{number}_upper"),
    )


def resistance_of(grid: PlainGrid, options: Options, path_of: PathOf) -> Floats:
    """Return the resistances, or conductances, of a case: positive, and reclassified where asked for."""
    check_positive(grid.values, grid.name)
    if not options.reclass_table:
        return grid.values
    found = reclassified(grid.values, read_reclass_table(path_of(options.reclass_table)))
    check_positive(found, f"{grid.name}, reclassified")
    return found


def check_positive(values: Floats, name: str) -> None:
    """Refuse resistances or conductances of 0 or less."""
    wrong = values <= 0
    if wrong.any():
        row, column = np.argwhere(wrong)[0] + 1
        what = f"{int(wrong.sum())} cells are 0 or less, the first in row {row}, column {column}"
        remedy = "What lets nothing through is no data."
        given = f"{values[wrong][0]:g}"
        raise InputError(what, code="I211", where=name, given=given, allowed="above 0", remedy=remedy)
    if np.isnan(values).all():
        raise InputError("every cell is no data", code="I217", where=name)


def read_reclass_table(path: str) -> list[tuple[float, float]]:
    """Return old and new values; "missing" is no data."""
    rows = []
    for number, words in read_words(path):
        try:
            old, new = (np.nan if word.strip('"').lower() == "missing" else float(word) for word in words)
        except ValueError as error:
            where, given = f"{file_name(path)}, line {number}", " ".join(words)[:60]
            allowed = 'an old and a new value, or "missing"'
            raise InputError(
                "a line of another kind", code="I242", where=where, given=given, allowed=allowed
            ) from error
        rows.append((old, new))
    return rows


def reclassified(values: Floats, table: list[tuple[float, float]]) -> Floats:
    """Return a map with old values replaced by new ones, all at once; others stay."""
    found = values.copy()
    for old, new in table:
        found[values == old] = new
    return found


def strength_of(conductance: Floats, source: Floats | None, options: Options) -> Floats:
    """Return source strengths: those of a map above the threshold, or conductance down to the cutoff."""
    if source is not None:
        return np.where(source >= options.source_threshold, np.maximum(source, 0.0), 0.0)
    least = np.inf if options.r_cutoff == 0 else 1 / options.r_cutoff
    return np.where(conductance >= least, conductance, 0.0)
