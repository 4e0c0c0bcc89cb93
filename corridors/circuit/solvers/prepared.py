"""Solving: set up once, then as many right-hand sides as wanted, each with its true residual."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from corridors.circuit.flows import net_flows
from corridors.circuit.solvers.choice import solver_for
from corridors.circuit.solvers.matrices import algebraic, cholesky, factorised
from corridors.circuit.solvers.problem import Problem
from corridors.circuit.solvers.rasters import on_raster

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csc_array

    from corridors.circuit.nodes import Circuit
    from corridors.circuit.solvers.choice import Solver

    Solve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

Floats: TypeAlias = "NDArray[np.float64]"
TOLERANCE = 1e-6
ASKED = 0.9  # of the tolerance, so that what a solver holds for reached still is, summed another way
COLUMNS_AT_A_TIME = 8
# Where a solver is slow or misses the tolerance, the next one is tried.
NEXT: dict[Solver, Solver] = {"multigrid": "pyamg", "pyamg": "direct"}
REFINED_ABOVE = 1e-10


class Solved(NamedTuple):
    """Voltages and what is left over, shape (nodes, columns); residual and solver of each column.

    What is left over is what was injected less what flows away; at held nodes, what ground takes.
    """

    voltage: Floats
    left: Floats
    residual: Floats
    solver: list[str]


class Prepared:
    """A problem with its solvers, each set up when it is first needed.

    Parameters
    ----------
    circuit
        What to solve.
    held
        Nodes held at a voltage.
    leak
        Conductance of every node to ground, finite.
    solver
        "direct", "multigrid", "pyamg", "cholmod"; None takes the one for the size.
    tolerance
        Largest |b - L x| / |b|.
    """

    def __init__(
        self,
        circuit: Circuit,
        held: ArrayLike,
        *,
        leak: Floats | None = None,
        solver: str | None = None,
        tolerance: float = TOLERANCE,
    ) -> None:
        self.problem = Problem(circuit, np.unique(np.asarray(held, dtype=np.int64)), leak)
        self.first_choice = solver_for(circuit.count, raster=circuit.nodes is not None, solver=solver)
        self.tolerance = tolerance
        self._ready: dict[str, Solve] = {}

    def solve(self, injected: csc_array) -> Solved:
        """Return the voltages that currents lead to, held nodes at 0 V.

        Parameters
        ----------
        injected
            Current into every node, shape (nodes, columns); where nothing is tied down it is lost.
        """
        columns = injected.shape[1]
        if columns <= COLUMNS_AT_A_TIME:
            return self._solved(injected.toarray())
        found = Solved(np.empty(injected.shape), np.empty(injected.shape), np.empty(columns), [])
        for start in range(0, columns, COLUMNS_AT_A_TIME):
            some = slice(start, start + COLUMNS_AT_A_TIME)
            part = self._solved(injected[:, some].toarray())
            found.voltage[:, some], found.left[:, some] = part.voltage, part.left
            found.residual[some] = part.residual
            found.solver.extend(part.solver)
        return found

    def at(self, node: int) -> Solved:
        """Return the voltages with one held node at 1 V and the others at 0 V, nothing injected."""
        held = np.zeros((self.problem.circuit.count, 1))
        held[node] = 1.0
        return self._solved(np.zeros(held.shape), held)

    def _solved(self, injected: Floats, held: Floats | None = None) -> Solved:
        """Return the solution by the first solver that reaches the tolerance, else the best of them.

        `held` are voltages of held nodes, 0 at all others. What is injected is written to, to save room.
        """
        live, ends = self.problem.live, self.problem.held
        into_held = injected[ends]
        injected[~live] = 0.0
        left = injected if held is None else self._left_over(injected, held)
        wanted = left if held is None else np.where(live[:, None], left, 0.0)
        scale = self._size(wanted)
        voltage = np.zeros(injected.shape) if held is None else held
        residual, solvers = np.where(scale > 0, np.inf, 0.0), [""] * injected.shape[1]
        choice: Solver | None = self.first_choice
        while choice is not None and (open_ := np.flatnonzero(residual > self.tolerance)).size:
            part = slice(None) if len(open_) == len(residual) else open_
            tried, over = self._tried(
                choice, injected[:, part], wanted[:, part], None if held is None else held[:, part]
            )
            found = self._size(over) / scale[open_]
            better = found < residual[open_]
            if better.all() and len(open_) == len(residual):
                voltage, left = tried, over
            else:
                left = left.copy() if left is injected else left
                voltage[:, open_[better]], left[:, open_[better]] = tried[:, better], over[:, better]
            residual[open_[better]] = found[better]
            for column in open_[better]:
                solvers[column] = choice
            choice = NEXT.get(choice)
        left[ends] += into_held
        return Solved(voltage, left, residual, solvers)

    def _tried(
        self, choice: Solver, injected: Floats, wanted: Floats, held: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return voltages by one solver, and what they leave over."""
        nodes, solver = self.problem.held, self._solver(choice)
        tried = solver(wanted)
        if held is not None:
            tried[nodes] = held[nodes]
        left = self._left_over(injected, tried)
        if choice in ("direct", "cholmod"):
            over = np.where(self.problem.live[:, None], left, 0.0)
            if (self._size(over) > REFINED_ABOVE * self._size(wanted)).any():
                tried += solver(over)
                left = self._left_over(injected, tried)
        return tried, left

    def _size(self, currents: Floats) -> Floats:
        """Return the 2-norm over the nodes whose voltage is to be found, of every column."""
        squares: Floats = np.einsum("ij,ij,i->j", currents, currents, self.problem.live.astype(np.float64))
        return np.sqrt(squares)

    def _left_over(self, injected: Floats, voltage: Floats) -> Floats:
        left: Floats = injected - net_flows(self.problem.circuit, voltage, leak=self.problem.leak)
        return left

    def _solver(self, choice: Solver) -> Solve:
        if choice not in self._ready:
            tolerance = ASKED * self.tolerance
            if choice == "multigrid":
                self._ready[choice] = on_raster(self.problem, tolerance)
            else:
                make = {"direct": factorised, "pyamg": algebraic, "cholmod": cholesky}[choice]
                self._ready[choice] = _on_all_nodes(self.problem, make(self.problem, tolerance))
        return self._ready[choice]


def _on_all_nodes(problem: Problem, solve: Solve) -> Solve:
    def solve_all(injected: Floats) -> Floats:
        found = np.zeros(injected.shape)
        found[problem.live] = solve(injected[problem.live])
        return found

    return solve_all
