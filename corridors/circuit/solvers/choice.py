"""Which solver, by the size of the problem alone, and what it will take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import psutil

from corridors.errors import ConfigError, ResourceError

Solver: TypeAlias = Literal["direct", "multigrid", "pyamg", "cholmod"]
SOLVERS: tuple[Solver, ...] = ("direct", "multigrid", "pyamg", "cholmod")
MOST_NODES_DIRECT = 200_000

# Bytes per node: the circuit and its map; each solver's own on noisy rasters of eight neighbours, measured.
OF_CIRCUIT = 60
OF_SOLVER: dict[Solver, int] = {"direct": 1900, "multigrid": 140, "pyamg": 800, "cholmod": 1400}
OF_COLUMN = 8


@dataclass(frozen=True)
class SolverPlan:
    """What a solution takes, known before it begins.

    Parameters
    ----------
    solver
        "direct", "multigrid", "pyamg" or "cholmod".
    nodes
        Of the circuit.
    right_hand_sides
        How many systems are solved.
    memory_bytes
        About what is needed at most.
    """

    solver: Solver
    nodes: int
    right_hand_sides: int
    memory_bytes: int


def solver_for(nodes: int, *, raster: bool = True, solver: str | None = None) -> Solver:
    """Return the named solver, or that for a circuit of so many nodes.

    Raises
    ------
    ConfigError
        C103 no such solver, or multigrid asked for on a network.
    """
    if solver is None:
        large: Solver = "multigrid" if raster else "pyamg"
        return "direct" if nodes <= MOST_NODES_DIRECT else large
    for known in SOLVERS:
        if solver == known and (raster or known != "multigrid"):
            return known
    allowed = ", ".join(known for known in SOLVERS if raster or known != "multigrid")
    what = "no such solver" + ("" if raster else " for a network")
    raise ConfigError(what, code="C103", where="solver", given=solver, allowed=allowed)


def solver_plan(
    nodes: int,
    right_hand_sides: int,
    *,
    kept: int | None = None,
    raster: bool = True,
    solver: str | None = None,
) -> SolverPlan:
    """Return what a solution will take.

    Parameters
    ----------
    kept
        How many solutions are in memory at once; all unless given.

    Examples
    --------
    >>> solver_plan(1_000_000, 1).solver
    'multigrid'
    """
    chosen = solver_for(nodes, raster=raster, solver=solver)
    columns = right_hand_sides if kept is None else kept
    per_node = OF_CIRCUIT + OF_SOLVER[chosen] + 3 * OF_COLUMN * columns
    return SolverPlan(chosen, nodes, right_hand_sides, nodes * per_node)


def check_memory(plan: SolverPlan) -> None:
    """Raise R301 where the plan takes more memory than is free."""
    free = psutil.virtual_memory().available
    if plan.memory_bytes > free:
        what = f"{plan.nodes} nodes and {plan.right_hand_sides} right-hand sides do not fit in memory"
        given, allowed = f"{plan.memory_bytes / 1e9:.2f} GB needed", f"{free / 1e9:.2f} GB free"
        remedy = "Take larger cells, fewer focal nodes, or a pair list."
        raise ResourceError(what, code="R301", where="circuit", given=given, allowed=allowed, remedy=remedy)
