"""The K-cycle: on every coarse grid but the last, up to two steps of conjugate gradients, each with a cycle.

One visit per coarse grid, the V-cycle, leaves an error that grows with the number of grids. Two visits joined
by the best coefficients, those of conjugate gradients, stop that (Notay and Vassilevski 2008). The second is
left out where the first has done enough.
"""

from __future__ import annotations

from typing import Any

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.coarsest import solve_coarsest
from corridors.kernels.multigrid.finest import clear_around
from corridors.kernels.multigrid.lanes import LANES, as_precise, load, multiply_add, spread, store, total
from corridors.kernels.multigrid.layout import Floats, Level, Levels, level_of, rows_place
from corridors.kernels.multigrid.prolongation import prolong_and_smooth
from corridors.kernels.multigrid.room import Hierarchy, Scratch
from corridors.kernels.multigrid.smoothing import smooth_and_restrict

VISITS, ENERGY, GAIN = range(3)
ENOUGH = 0.25**2  # of the squared norm: one coarse step that leaves a quarter needs no second


@jit
def clear_levels(hierarchy: Hierarchy, scratch: Scratch) -> None:
    """Clear what earlier solutions left around the grids."""
    for number in range(hierarchy.levels[-1, 0]):
        level = level_of(hierarchy.levels, number)
        for start in (level.voltage, level.current, level.correction):
            if number or start != level.correction:
                clear_around(scratch.numbers, level, start)


@jit
def cycle(hierarchy: Hierarchy, scratch: Scratch) -> None:
    """Turn the currents of the finest grid into voltages, roughly."""
    number = 0
    while number >= 0:
        _descend(hierarchy, scratch, number)
        number = _ascend(hierarchy, scratch)


@jit
def _descend(hierarchy: Hierarchy, scratch: Scratch, number: int) -> None:
    """Smooth from a level down to the coarsest, and solve that."""
    levels, last = hierarchy.levels, hierarchy.levels[-1, 0] - 1
    for fine in range(number, last):
        level, coarse = level_of(levels, fine), level_of(levels, fine + 1)
        voltage = _answer(levels, scratch, fine)
        smooth_and_restrict(hierarchy.numbers, level, coarse, scratch.numbers, voltage, rows_place(levels))
        scratch.steps[fine + 1, VISITS] = 0
    level = level_of(levels, last)
    solve_coarsest(hierarchy.factor, level, scratch.numbers, scratch.direct)


@jit
def _ascend(hierarchy: Hierarchy, scratch: Scratch) -> int:
    """Correct from the coarsest level up to the next that wants a second visit; -1 after the finest."""
    levels, last = hierarchy.levels, hierarchy.levels[-1, 0] - 1
    for fine in range(last - 1, -1, -1):
        level, coarse = level_of(levels, fine), level_of(levels, fine + 1)
        if fine + 1 < last:
            step = scratch.steps[fine + 1]
            if step[VISITS] == 0:
                step[VISITS] = 1
                if not first_step(hierarchy.numbers, coarse, scratch.numbers, step):
                    return fine + 1
            else:
                second_step(hierarchy.numbers, coarse, scratch.numbers, step)
        voltage = _answer(levels, scratch, fine)
        prolong_and_smooth(hierarchy.numbers, level, coarse, scratch.numbers, voltage, rows_place(levels))
    return -1


@jit
def _answer(levels: Levels, scratch: Scratch, number: int) -> int:
    """Return where the voltages of a level go: those of a first visit to the correction."""
    level = level_of(levels, number)
    return level.correction if number > 0 and scratch.steps[number, VISITS] == 0 else level.voltage


@jit
def first_step(numbers: Floats, level: Level, values: Floats, step: Floats) -> bool:
    """Take as much of the correction as is best off the currents; return whether that is enough.

    If it is, the voltage is complete.
    """
    energy, gain, before, after = 0.0, 0.0, 0.0, 0.0
    size = 2 * level.rows * level.width
    none = load(values, level.current) - load(values, level.current)
    for start in range(0, size, level.width):
        to_side = level.width if start % (2 * level.width) == 0 else 1 - level.width
        drained, sent, norm = none, none, none
        for own in range(start, start + level.width, LANES):
            flow = outflow(numbers, level, values, level.correction, own, own + to_side)
            value, current = load(values, level.correction + own), load(values, level.current + own)
            store(values, level.voltage + own, flow)
            drained, sent = multiply_add(value, flow, drained), multiply_add(value, current, sent)
            norm = multiply_add(current, current, norm)
        energy += total(drained)
        gain += total(sent)
        before += total(norm)
    step[ENERGY], step[GAIN] = energy, gain
    length = gain / energy if energy > 0 else 0.0
    back = as_precise(spread(-length), none)
    for start in range(0, size, level.width):
        norm = none
        for own in range(start, start + level.width, LANES):
            left = multiply_add(back, load(values, level.voltage + own), load(values, level.current + own))
            store(values, level.current + own, left)
            norm = multiply_add(left, left, norm)
        after += total(norm)
    enough = not energy > 0 or after <= ENOUGH * before
    if enough:
        combine(level, values, length, 0.0)
    return enough


@jit
def second_step(numbers: Floats, level: Level, values: Floats, step: Floats) -> None:
    """Join the correction and a second one, which lies in the voltage, by the best coefficients."""
    energy, gain = step[ENERGY], step[GAIN]
    mixed, own_energy, own_gain = 0.0, 0.0, 0.0
    none = load(values, level.current) - load(values, level.current)
    for start in range(0, 2 * level.rows * level.width, level.width):
        to_side = level.width if start % (2 * level.width) == 0 else 1 - level.width
        drained, crossed, sent = none, none, none
        for own in range(start, start + level.width, LANES):
            flow = outflow(numbers, level, values, level.voltage, own, own + to_side)
            value = load(values, level.voltage + own)
            drained = multiply_add(value, flow, drained)
            crossed = multiply_add(load(values, level.correction + own), flow, crossed)
            sent = multiply_add(value, load(values, level.current + own), sent)
        own_energy += total(drained)
        mixed += total(crossed)
        own_gain += total(sent)
    rest = own_energy - mixed * mixed / energy
    if rest > 0:
        length = own_gain / rest
        combine(level, values, gain / energy - mixed / energy * length, length)
    else:
        combine(level, values, gain / energy, 0.0)


@jit
def combine(level: Level, values: Floats, first: float, second: float) -> None:
    """Set the voltage to so much of the correction and so much of itself."""
    like = load(values, level.voltage)
    one, other = as_precise(spread(first), like), as_precise(spread(second), like)
    for own in range(0, 2 * level.rows * level.width, LANES):
        value = one * load(values, level.correction + own)
        if second != 0:
            value = multiply_add(other, load(values, level.voltage + own), value)
        store(values, level.voltage + own, value)


@jit
def outflow(numbers: Floats, level: Level, values: Floats, start: int, own: int, side: int) -> Any:
    """Return what leaves eight cells, in the precision of the voltages.

    By differences, so that a constant drives nothing.
    """
    row, west = 2 * level.width, side - 1
    value = load(values, start + own)
    flow = conducted(numbers, level.east + own, value, load(values, start + side))
    flow += conducted(numbers, level.east + west, value, load(values, start + west))
    flow += conducted(numbers, level.south + own, value, load(values, start + own + row))
    flow += conducted(numbers, level.south + own - row, value, load(values, start + own - row))
    other = conducted(numbers, level.south_east + own, value, load(values, start + side + row))
    other += conducted(numbers, level.south_east + west - row, value, load(values, start + west - row))
    other += conducted(numbers, level.north_east + west + row, value, load(values, start + west + row))
    other += conducted(numbers, level.north_east + own, value, load(values, start + side - row))
    flow = multiply_add(as_precise(load(numbers, level.leak + level.leaky * own), value), value, flow)
    return flow + other


@jit
def conducted(numbers: Floats, edge: int, value: Any, other: Any) -> Any:
    """Return the current through eight edges."""
    return as_precise(load(numbers, edge), value) * (value - other)
