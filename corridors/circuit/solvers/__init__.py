"""Solvers of circuits, and which of them a circuit gets.

The choice depends on the number of nodes alone: SuperLU up to 200 000, above that multigrid on the raster
(pyamg for networks). What converges slowly is handed on, to pyamg and at last to SuperLU. The residual that
is reported is computed from the voltages by the same loop for all of them.
"""

from corridors.circuit.solvers.choice import SolverPlan, check_memory, solver_for, solver_plan
from corridors.circuit.solvers.prepared import TOLERANCE, Prepared, Solved

__all__ = ["TOLERANCE", "Prepared", "Solved", "SolverPlan", "check_memory", "solver_for", "solver_plan"]
