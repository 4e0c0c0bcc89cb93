"""The coarsest grid, of a dozen cells, solved directly in float64.

Cells are eliminated one after another, star to mesh: the conductance between two neighbours of an eliminated
cell grows by the product of theirs over the sum of all that met in it, and so does what they leak. Nothing is
ever subtracted, so where conductances differ by a factor of a million no digits are lost, and the last cell
of a part without leak is left with exactly nothing: it is held at 0 V.
"""

from __future__ import annotations

from corridors.kernels._jit import jit
from corridors.kernels.multigrid.finest import cell_of, edge_between
from corridors.kernels.multigrid.layout import Floats, Level


@jit
def factor_coarsest(numbers: Floats, level: Level, factor: Floats) -> None:
    """Store each cell's share in those before it, and on the diagonal one over what met in the cell, or 0."""
    cells = level.rows * level.columns
    _assemble(numbers, level, factor)
    leak = factor[cells]
    for cell in range(cells):
        whole = leak[cell] + factor[cell + 1 : cells, cell].sum()
        inverse = 1 / whole if whole > 0 else 0.0
        for row in range(cell + 1, cells):
            share = factor[row, cell] * inverse
            leak[row] += share * leak[cell]
            for column in range(cell + 1, row):
                factor[row, column] += share * factor[column, cell]
        for row in range(cell + 1, cells):
            factor[row, cell] *= inverse
        factor[cell, cell] = inverse


@jit
def _assemble(numbers: Floats, level: Level, factor: Floats) -> None:
    """Write the conductances between cells, row by row, below the diagonal, and the leaks below all."""
    cells = level.rows * level.columns
    factor[:] = 0
    for cell in range(cells):
        row, column = divmod(cell, level.columns)
        if level.leaky:
            factor[cells, cell] = numbers[level.leak + cell_of(level, row, column)]
        for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
            if row + down < level.rows and 0 <= column + right < level.columns:
                edge = edge_between(level, row, column, down, right)
                factor[cell + down * level.columns + right, cell] = numbers[edge]


@jit
def solve_coarsest(factor: Floats, level: Level, values: Floats, answer: Floats) -> None:
    """Solve the coarsest grid; `answer` is room for its cells."""
    cells = level.rows * level.columns
    for cell in range(cells):
        row, column = divmod(cell, level.columns)
        answer[cell] = values[level.current + cell_of(level, row, column)]
        for other in range(cell):
            answer[cell] += factor[cell, other] * answer[other]
    for cell in range(cells - 1, -1, -1):
        answer[cell] *= factor[cell, cell]
        for other in range(cell + 1, cells):
            answer[cell] += factor[other, cell] * answer[other]
        row, column = divmod(cell, level.columns)
        values[level.voltage + cell_of(level, row, column)] = answer[cell]
