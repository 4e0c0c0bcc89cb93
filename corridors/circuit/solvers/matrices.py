"""Solvers that take a matrix: triangular factors (SuperLU, CHOLMOD) and algebraic multigrid (pyamg).

Each function returns a function that turns what is injected into the live nodes, one column per right-hand
side, into their voltages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix
from scipy.sparse.linalg import splu

from corridors.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.circuit.solvers.problem import Problem

Floats: TypeAlias = "NDArray[np.float64]"
Solve: TypeAlias = "Callable[[Floats], Floats]"
MOST_ITERATIONS = 500


def factorised(problem: Problem, tolerance: float) -> Solve:  # noqa: ARG001 - it is exact
    """Return a solver by SuperLU: one factorisation, then two triangular solutions per right-hand side.

    X. S. Li (2005), ACM TOMS 31. Minimum degree on A + A', pivots on the diagonal, as for a symmetric matrix.
    """
    factors = splu(
        csc_matrix(problem.matrix),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return lambda injected: by_column(factors.solve, injected)  # several at once take SuperLU twice as long


def cholesky(problem: Problem, tolerance: float) -> Solve:  # noqa: ARG001
    """Return a solver by CHOLMOD (Chen et al. 2008, ACM TOMS 35), if scikit-sparse is installed.

    Raises
    ------
    ConfigError
        C103 it is not.
    """
    try:
        from sksparse import cholmod  # noqa: PLC0415 - nobody needs it who does not name it
    except ImportError as error:
        what, remedy = "CHOLMOD is not installed", 'Install scikit-sparse, or take solver = "direct".'
        raise ConfigError(what, code="C103", where="solver", given="cholmod", remedy=remedy) from error
    factor: Any = cholmod.cholesky(csc_matrix(problem.matrix))
    return lambda injected: np.asarray(factor(injected), dtype=np.float64)


def algebraic(problem: Problem, tolerance: float) -> Solve:
    """Return a solver by conjugate gradients and smoothed aggregation (Bell et al. 2022, JOSS 7)."""
    import pyamg  # noqa: PLC0415 - takes long to load, and few circuits need it

    with _fixed_random_numbers():
        levels = pyamg.smoothed_aggregation_solver(csr_matrix(problem.matrix))

    def solve_one(injected: Floats) -> Floats:
        found: Floats = levels.solve(injected, tol=tolerance, accel="cg", maxiter=MOST_ITERATIONS)
        return found

    return lambda injected: by_column(solve_one, injected)


def by_column(solve_one: Solve, injected: Floats) -> Floats:
    """Return the solutions of one column after the other; nothing in, nothing out."""
    found = np.zeros(injected.shape, order="F")
    for column in range(injected.shape[1]):
        if injected[:, column].any():
            found[:, column] = solve_one(np.ascontiguousarray(injected[:, column]))
    return found


@contextmanager
def _fixed_random_numbers() -> Iterator[None]:
    """Let numpy's own random numbers start alike, so that pyamg's set-up gives the same bytes every time."""
    before = np.random.get_state()  # noqa: NPY002 - what pyamg draws from
    np.random.seed(0)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
