"""Weights from pairwise comparisons: the analytic hierarchy process (Saaty 1980)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from corridors.errors import ConfigError

LARGEST_CONSISTENCY_RATIO = 0.10
RECIPROCAL_TOLERANCE = 0.02
# Mean consistency index of random matrices of 1 to 10 rows (Saaty 1980).
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)


def ahp_weights(
    matrix: Sequence[Sequence[float | str]] | NDArray[np.float64], names: Sequence[str]
) -> tuple[dict[str, float], float]:
    """Return weights from a matrix of pairwise comparisons, and its consistency ratio.

    The weights are the principal eigenvector (Saaty 1980). The consistency ratio compares the matrix with
    random ones; above 0.10 the comparisons contradict each other and are refused.

    Parameters
    ----------
    matrix : sequence of sequences, shape (n, n)
        How many times the row matters as much as the column; the entry across the diagonal is its
        reciprocal. Numbers, or text such as "1/3".
    names : sequence of str
        Predictors, in the order of the rows.

    Returns
    -------
    weights : dict of str to float
        Summing to 1.
    consistency_ratio : float
        0 is perfectly consistent.

    Raises
    ------
    ConfigError
        C121 shape, entries, reciprocals or consistency.

    Examples
    --------
    >>> weights, ratio = ahp_weights([[1, 3], ["1/3", 1]], ["cover", "roads"])
    >>> weights, ratio
    ({'cover': 0.75, 'roads': 0.25}, 0.0)
    """
    comparisons = _numbers(matrix, names)
    _check_reciprocals(comparisons, names)
    values, vectors = np.linalg.eig(comparisons)
    largest = int(np.argmax(values.real))
    vector = np.abs(vectors[:, largest].real)
    ratio = _consistency_ratio(float(values[largest].real), len(names))
    if ratio > LARGEST_CONSISTENCY_RATIO:
        _refuse(comparisons, vector, ratio, names)
    shares = (vector / vector.sum()).round(15)
    return dict(zip(names, shares.tolist(), strict=True)), ratio


def _numbers(
    matrix: Sequence[Sequence[float | str]] | NDArray[np.float64], names: Sequence[str]
) -> NDArray[np.float64]:
    n = len(names)
    sizes = [len(row) for row in matrix]
    if sizes != [n] * n or not 1 <= n <= len(RANDOM_INDEX):
        what = "the matrix of comparisons must be square, with a row for every predictor"
        allowed = f"{n} rows of {n} for {', '.join(names)}; at most {len(RANDOM_INDEX)}"
        raise ConfigError(what, code="C121", given=f"rows of {', '.join(map(str, sizes))}", allowed=allowed)
    try:
        numbers = np.array([[float(Fraction(entry)) for entry in row] for row in matrix])
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        what, allowed = "a comparison is no number", 'numbers, or text such as "1/3"'
        raise ConfigError(what, code="C121", given=str(error), allowed=allowed) from error
    if not np.all(np.isfinite(numbers) & (numbers > 0)):
        row, column = (int(i[0]) for i in np.nonzero(~(np.isfinite(numbers) & (numbers > 0))))
        what, given = f"{names[row]} against {names[column]} is not positive", f"{numbers[row, column]:g}"
        raise ConfigError(what, code="C121", given=given, allowed="1/9 to 9 on Saaty's scale")
    return numbers


def _check_reciprocals(matrix: NDArray[np.float64], names: Sequence[str]) -> None:
    # Two in a hundred forgive reciprocals written with two or three digits, such as 0.17 for 1/6.
    wrong = np.argwhere(np.abs(matrix * matrix.T - 1) > RECIPROCAL_TOLERANCE)
    if not len(wrong):
        return
    row, column = (int(i) for i in wrong[0])
    if row == column:
        what, remedy = f"{names[row]} against itself must be 1", "Write 1 on the diagonal."
    else:
        what = f"{names[row]} against {names[column]} is not the reciprocal of the reverse"
        remedy = f"Write {matrix[row, column]:g} and 1/{matrix[row, column]:g}."
    given = f"{matrix[row, column]:g} and {matrix[column, row]:g}"
    raise ConfigError(what, code="C121", given=given, remedy=remedy)


def _consistency_ratio(largest_eigenvalue: float, n: int) -> float:
    if RANDOM_INDEX[n - 1] == 0:
        return 0.0
    # Rounding can bring the eigenvalue of a consistent matrix a hair below n.
    return max(0.0, (largest_eigenvalue - n) / (n - 1)) / RANDOM_INDEX[n - 1]


def _refuse(
    matrix: NDArray[np.float64], vector: NDArray[np.float64], ratio: float, names: Sequence[str]
) -> None:
    contradiction = np.abs(np.log(matrix * vector[None, :] / vector[:, None]))
    row, column = (int(i) for i in np.unravel_index(np.argmax(contradiction), matrix.shape))
    what = f"the comparisons contradict each other: consistency ratio {ratio:.3f}"
    remedy = (
        f"Look first at {names[row]} against {names[column]}: given {matrix[row, column]:.3g}, "
        f"while the others together imply {vector[row] / vector[column]:.3g}."
    )
    raise ConfigError(what, code="C121", allowed=f"at most {LARGEST_CONSISTENCY_RATIO:.2f}", remedy=remedy)
