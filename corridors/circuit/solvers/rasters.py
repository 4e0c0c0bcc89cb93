"""Multigrid on a raster: cells in, nodes out, and merged nodes in between.

Held nodes become ground. Where a component has a single held cell and no leak, the circuit is left floating
instead, which converges better, and that cell is set to 0 afterwards.

Nodes of several cells whose voltage is to be found are no raster any more. With S the map that copies a
node's voltage to its cells, the system is S'LS; it is solved by conjugate gradients, preconditioned by a
multigrid cycle on the raster with very good conductors laid through each node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from corridors.circuit.solvers.matrices import by_column
from corridors.circuit.steps import between
from corridors.kernels import multigrid

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from corridors.circuit.solvers.problem import Problem

    Solve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

Floats: TypeAlias = "NDArray[np.float64]"
GOOD_CONDUCTOR = 1e4  # times the best step of the raster
MOST_ITERATIONS = 200
# Slow: over so many iterations the residual did not fall to this part.
WATCHED, LEAST_FALL = 20, 1e-2


def on_raster(problem: Problem, tolerance: float) -> Solve:
    """Return a solver for the nodes of a raster, shape (nodes, columns) in and out."""
    weights, floating = _steps(problem), _floats(problem)
    leak = None if floating else _leak(problem)
    if _several_cells(problem).any():
        return _on_merged(problem, weights, leak, tolerance)
    hierarchy = multigrid.set_up(weights, leak)
    scratch = multigrid.scratch_for(hierarchy)
    shape, first_cell = _nodes(problem).shape, problem.circuit.first_cell

    def solve_one(injected: Floats) -> Floats:
        current = np.zeros(shape)
        current.ravel()[first_cell] = _balanced(problem, injected) if floating else injected
        # What leaves at the node held counts in their residual, and not in ours.
        goal = tolerance * float(np.linalg.norm(injected) / np.linalg.norm(current))
        given = multigrid.solve(hierarchy, weights, current, leak=leak, tolerance=goal, scratch=scratch)
        voltage: Floats = given.voltage.ravel()[first_cell]
        del current, given  # large
        return _tied(problem, voltage) if floating else voltage

    return lambda injected: by_column(solve_one, injected)


def _nodes(problem: Problem) -> NDArray[np.int32]:
    nodes = problem.circuit.nodes
    assert nodes is not None  # the choice of solver sees to it
    return nodes


def _steps(problem: Problem) -> Floats:
    steps = problem.circuit.steps_between_nodes
    assert steps is not None
    return steps


def _several_cells(problem: Problem) -> NDArray[np.bool_]:
    """Return which nodes hold several cells and have a voltage to be found."""
    found: NDArray[np.bool_] = (problem.circuit.cells > 1) & problem.live
    return found


def _floats(problem: Problem) -> bool:
    """Return whether no component has more to tie it down than one held cell."""
    component = problem.circuit.component[problem.held]
    single = bool((problem.circuit.cells[problem.held] == 1).all())
    return problem.leak is None and single and len(np.unique(component)) == len(component)


def _leak(problem: Problem) -> Floats:
    """Return what ties cells to ground: held cells fully, nodes with a leak by their first cell."""
    nodes, circuit = _nodes(problem), problem.circuit
    leak = np.zeros(nodes.shape)
    if problem.leak is not None:
        leak.ravel()[problem.circuit.first_cell] = problem.leak
    held = np.zeros(circuit.count + 1, dtype=bool)
    held[problem.held] = True
    leak[held[nodes]] = np.inf  # -1 takes the last, which is never held
    return leak


def _balanced(problem: Problem, injected: Floats) -> Floats:
    """Return injections with what must leave at the held node of each component taken out there."""
    component, place = problem.circuit.component, np.flatnonzero(injected)
    total = np.bincount(component[place], injected[place], component.max() + 1)
    balanced = injected.copy()
    balanced[problem.held] -= total[component[problem.held]]
    return balanced


def _tied(problem: Problem, voltage: Floats) -> Floats:
    """Shift voltages so that the held node of every component is at 0, and return them."""
    component = problem.circuit.component
    level = np.zeros(int(component.max()) + 1)
    level[component[problem.held]] = voltage[problem.held]
    voltage -= level[component]
    return voltage


def _on_merged(problem: Problem, weights: Floats, leak: Floats | None, tolerance: float) -> Solve:
    """Return a solver for circuits with merged nodes: conjugate gradients on S'LS."""
    nodes = _nodes(problem)
    valid = nodes >= 0
    flat, cells = nodes[valid], np.maximum(problem.circuit.cells, 1)
    hierarchy = multigrid.set_up(_with_conductors(problem, weights), leak)
    scratch = multigrid.scratch_for(hierarchy)

    def gathered(values: Floats) -> Floats:
        return np.bincount(flat, values[valid], problem.circuit.count).astype(np.float64, copy=False)

    def spread(values: Floats) -> Floats:
        raster = np.zeros(nodes.shape)
        raster[valid] = values[flat]
        return raster

    def operator(voltage: Floats) -> Floats:
        found = gathered(multigrid.apply(weights, spread(voltage), leak=leak))
        found[~live] = 0.0
        return found

    def cycle(left: Floats) -> Floats:
        better = multigrid.precondition(hierarchy, spread(left / cells), scratch=scratch)
        found = gathered(better) / cells
        found[~live] = 0.0
        return found

    live = problem.live.copy()
    floating = leak is None
    if floating:
        live[problem.held] = True

    def solve_one(injected: Floats) -> Floats:
        current = _balanced(problem, injected) if floating else injected
        goal = tolerance * float(np.linalg.norm(injected))
        voltage = conjugate_gradients(operator, cycle, current, goal)
        return _tied(problem, voltage) if floating else voltage

    return lambda injected: by_column(solve_one, injected)


def _with_conductors(problem: Problem, weights: Floats) -> Floats:
    """Return steps with very good conductors between neighbouring cells of one merged node."""
    nodes = _nodes(problem)
    several = np.append(_several_cells(problem), False)[nodes]
    better, best = weights.copy(), GOOD_CONDUCTOR * float(weights.max())
    for way in range(4):
        here, there = between(nodes.shape, way)
        better[way][here][several[here] & (nodes[here] == nodes[there])] = best
    return better


def conjugate_gradients(
    operator: Callable[[Floats], Floats],
    precondition: Callable[[Floats], Floats],
    wanted: Floats,
    goal: float,
) -> Floats:
    """Return the solution of a symmetric system, to a residual of the size `goal`.

    Flexible conjugate gradients (Notay 2000, SIAM J. Sci. Comput. 22): the preconditioner may change from
    step to step. Gives up, with what it has, when the residual falls too slowly; whoever asked looks at the
    true residual.
    """
    found, left = np.zeros_like(wanted), wanted.copy()
    sizes = [float(np.linalg.norm(left))]
    direction = np.zeros_like(wanted)
    applied, power = direction, 1.0
    while sizes[-1] > goal and len(sizes) <= MOST_ITERATIONS:
        if len(sizes) > WATCHED and sizes[-1] > LEAST_FALL * sizes[-1 - WATCHED]:
            break
        better = precondition(left)
        direction = better - float(better @ applied) / power * direction
        applied = operator(direction)
        power = float(direction @ applied)
        if power <= 0:
            break
        length = float(direction @ left) / power
        found += length * direction
        left -= length * applied
        sizes.append(float(np.linalg.norm(left)))
    return found
