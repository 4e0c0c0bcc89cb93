"""Flexible conjugate gradients in float64, with a cycle in float32 to go by.

The cycle chooses its own coefficients, so it is not one fixed linear map, and the usual coefficient of the
new direction would not do: here it is the one that makes the direction conjugate to the one before, whatever
the cycle returned (Notay 2000). The cycle works on currents divided by their norm at the start, so float32
neither overflows nor loses them.
"""

from __future__ import annotations

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.cycle import cycle, outflow
from corridors.kernels.multigrid.finest import clear_rows
from corridors.kernels.multigrid.lanes import LANES, as_precise, load, multiply_add, spread, store, total
from corridors.kernels.multigrid.layout import Floats, Level, grid_size, level_of
from corridors.kernels.multigrid.room import WATCHED, Hierarchy, Scratch

NOTHING_NEW = 1e-10  # of the energy: what the cycle found is the last direction again, the rest is rounding
CONVERGED, SLOW, LIMIT = range(3)
SLOWEST = 0.85 ** (2 * WATCHED)  # of the gain, whose root falls as the error does: 85 iterations to 1e-6


@jit
def places_of(level: Level) -> tuple[int, int, int, int]:
    """Return where voltage, unbalanced currents, direction and flow begin in the vectors of a scratch."""
    size, first = grid_size(level.rows, level.columns), 2 * level.width
    return first, first + size, first + 2 * size, first + 3 * size


@jit
def conjugate_gradients(
    hierarchy: Hierarchy, scratch: Scratch, norm: float, target: float, limit: int
) -> tuple[int, float, int]:
    """Lower the unbalanced currents from a norm to a target; return iterations, norm and status.

    The voltage begins at 0.
    """
    level = level_of(hierarchy.levels, 0)
    voltage, unbalanced, direction, flow = places_of(level)
    numbers, values, vectors, gains = hierarchy.numbers, scratch.numbers, scratch.vectors, scratch.gains
    for start in (voltage, direction, flow):
        clear_rows(vectors, level, start, -1, level.rows + 3)
    first, energy = norm, 1.0
    round_off(level, vectors, unbalanced, values, 1 / first)
    for iteration in range(limit):
        cycle(hierarchy, scratch)
        gain, mixed = compare(level, values, vectors, unbalanced, flow)
        share, before = -mixed / energy, energy
        energy = turn(numbers, level, values, vectors, direction, flow, share)
        if energy <= NOTHING_NEW * share * share * before:
            energy = turn(numbers, level, values, vectors, direction, flow, 0.0)
        if not energy > 0:
            return iteration + 1, norm, SLOW
        norm = step(level, values, vectors, gain / energy, 1 / first)
        if norm <= target:
            return iteration + 1, norm, CONVERGED
        if iteration >= WATCHED and not gain <= gains[iteration % WATCHED] * SLOWEST:
            return iteration + 1, norm, SLOW
        gains[iteration % WATCHED] = gain
    return limit, norm, LIMIT


@jit
def round_off(level: Level, vectors: Floats, unbalanced: int, values: Floats, factor: float) -> None:
    """Give the cycle its currents, in float32."""
    scale, like = spread(factor), load(values, level.current)
    for own in range(0, 2 * level.rows * level.width, LANES):
        store(values, level.current + own, as_precise(scale * load(vectors, unbalanced + own), like))


@jit
def compare(level: Level, values: Floats, vectors: Floats, unbalanced: int, flow: int) -> tuple[float, float]:
    """Return what the cycle found times what is unbalanced, and times the flow of the last direction."""
    gain, mixed = 0.0, 0.0
    like = load(vectors, flow)
    none = like - like
    for start in range(0, 2 * level.rows * level.width, level.width):
        gains, mixeds = none, none
        for own in range(start, start + level.width, LANES):
            found = as_precise(load(values, level.voltage + own), like)
            gains = multiply_add(found, load(vectors, unbalanced + own), gains)
            mixeds = multiply_add(found, load(vectors, flow + own), mixeds)
        gain += total(gains)
        mixed += total(mixeds)
    return gain, mixed


@jit
def turn(
    numbers: Floats, level: Level, values: Floats, vectors: Floats, direction: int, flow: int, share: float
) -> float:
    """Set the direction to what the cycle found plus a share of itself; return the energy of its flow."""
    energy = 0.0
    kept = spread(share)
    row_size = 2 * level.width
    for row in range(level.rows + 1):
        for own in range(row * row_size, (row + 1) * row_size if row < level.rows else 0, LANES):
            found = as_precise(load(values, level.voltage + own), kept)
            store(vectors, direction + own, multiply_add(kept, load(vectors, direction + own), found))
        if row > 0:
            energy += drive(numbers, level, vectors, direction, flow, (row - 1) * row_size, level.width)
            energy += drive(
                numbers, level, vectors, direction, flow, (row - 1) * row_size + level.width, 1 - level.width
            )
    return energy


@jit
def drive(
    numbers: Floats, level: Level, vectors: Floats, direction: int, flow: int, start: int, to_side: int
) -> float:
    """Store the flow of the direction in a half row; return its energy."""
    energy = load(vectors, direction) - load(vectors, direction)
    for own in range(start, start + level.width, LANES):
        leaving = outflow(numbers, level, vectors, direction, own, own + to_side)
        store(vectors, flow + own, leaving)
        energy = multiply_add(leaving, load(vectors, direction + own), energy)
    return float(total(energy))


@jit
def step(level: Level, values: Floats, vectors: Floats, length: float, factor: float) -> float:
    """Go so far in the direction; return the norm of what is unbalanced, and give it to the cycle."""
    voltage, unbalanced, direction, flow = places_of(level)
    squares = 0.0
    along, back, scale = spread(length), spread(-length), spread(factor)
    like = load(values, level.current)
    for start in range(0, 2 * level.rows * level.width, level.width):
        square = along - along
        for own in range(start, start + level.width, LANES):
            further = multiply_add(along, load(vectors, direction + own), load(vectors, voltage + own))
            store(vectors, voltage + own, further)
            left = multiply_add(back, load(vectors, flow + own), load(vectors, unbalanced + own))
            store(vectors, unbalanced + own, left)
            store(values, level.current + own, as_precise(scale * left, like))
            square = multiply_add(left, left, square)
        squares += total(square)
    return float(squares**0.5)
