"""How well each step between neighbouring cells conducts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from corridors.barriers import FORWARD
from corridors.errors import ConfigError, InputError
from corridors.kernels.currents import COLUMN_STEPS, ROW_STEPS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from corridors.barriers import EdgeCosts

Floats: TypeAlias = "NDArray[np.float64]"
Average: TypeAlias = Literal["resistance", "conductance"]
WAYS = tuple(zip(ROW_STEPS, COLUMN_STEPS, strict=True))


def step_conductances(
    conductance: ArrayLike,
    *,
    neighbours: int = 8,
    average: Average = "resistance",
    series_resistance: Floats | None = None,
    over_no_data: bool = False,
) -> Floats:
    """Return the conductance of the steps east, south, south-east and south-west of every cell.

    Parameters
    ----------
    conductance
        Of every cell, shape (rows, columns); 0 or NaN where there is no node.
    neighbours
        4 or 8. Diagonal steps are longer by the square root of 2 and conduct less by it.
    average
        Of what a step takes the mean of its two cells: "resistance", 2 / (1/a + 1/b), or "conductance",
        (a + b) / 2.
    series_resistance
        What barriers add to the resistance of each step, in the same shape as the result; inf = no step.
    over_no_data
        Keep the steps between a cell and no data that the mean of conductances gives, b / 2: a short-circuit
        polygon that covers no data conducts along them.

    Returns
    -------
    ndarray
        Shape (4, rows, columns); 0 where there is no step.

    Raises
    ------
    ConfigError
        C103 neither 4 nor 8 neighbours, another average.
    InputError
        I211 negative or infinite conductance.

    Notes
    -----
    Formulas of Circuitscape (McRae et al. 2008, Ecology 89).

    Examples
    --------
    >>> steps = step_conductances([[1.0, 0.5]])
    >>> round(float(steps[0, 0, 0]), 6)
    0.666667
    """
    if neighbours not in (4, 8):
        given = f"{neighbours}"
        raise ConfigError("out of range", code="C103", where="neighbours", given=given, allowed="4 or 8")
    if average not in ("resistance", "conductance"):
        allowed = "resistance or conductance"
        raise ConfigError("no such average", code="C103", where="average", given=average, allowed=allowed)
    cells = _checked(conductance)
    steps = np.zeros((4, *cells.shape))
    for way in range(4 if neighbours == 8 else 2):
        here, there = between(cells.shape, way)
        a, b = cells[here], cells[there]
        if average == "resistance":
            with np.errstate(invalid="ignore", divide="ignore"):
                found = 2 / (1 / a + 1 / b)
        else:
            found = (a + b) / 2
            if not over_no_data:
                found[(a == 0) | (b == 0)] = 0
        steps[way][here] = found / math.sqrt(2) if way >= 2 else found
    return steps if series_resistance is None else in_series(steps, series_resistance)


def _checked(conductance: ArrayLike) -> Floats:
    cells = np.nan_to_num(np.asarray(conductance, dtype=np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
    wrong = (cells < 0) | np.isinf(cells)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        what = f"{int(wrong.sum())} conductances are negative or infinite"
        given = f"{cells[row, column]:g} at row {row}, column {column}"
        allowed = "> 0; no data or 0 where nothing conducts"
        raise InputError(what, code="I211", where="conductance", given=given, allowed=allowed)
    return cells


def in_series(steps: Floats, resistance: Floats) -> Floats:
    """Return conductances of steps after adding a resistance to each; inf removes the step.

    Examples
    --------
    >>> float(in_series(np.full((4, 1, 1), 0.5), np.full((4, 1, 1), 3.0))[0, 0, 0])
    0.2
    """
    with np.errstate(divide="ignore"):
        added: Floats = 1 / (1 / steps + resistance)
    return added


def barrier_resistance(barriers: EdgeCosts) -> Floats:
    """Return what barriers add to the resistance of every step: `crossing_cost_m / cell_size_m`.

    Parameters
    ----------
    barriers
        From `edge_costs`, metres of ideal habitat.

    Returns
    -------
    ndarray
        Shape (4, rows, columns), for `step_conductances`, in units of one cell of resistance 1; inf = sealed.
    """
    added = np.zeros((4, *barriers.grid.shape))
    for direction, step in FORWARD.items():
        on = barriers.direction == direction
        cost = barriers.cost_m[on] / barriers.grid.cell_size_m
        rows, columns = barriers.rows[on], barriers.columns[on]
        added[WAYS.index(step), rows, columns] = cost
    return added


def between(shape: tuple[int, int], way: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return where the cells lie that a step starts from, and those it leads to."""
    down, right = WAYS[way]
    rows, columns = shape
    here = slice(0, rows - down), slice(max(-right, 0), columns - max(right, 0))
    there = slice(down, rows), slice(max(right, 0), columns - max(-right, 0))
    return here, there
