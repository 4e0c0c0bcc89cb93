"""Moving windows: current from everywhere to everywhere nearby (omnidirectional connectivity).

Every cell, or block of cells, is a target once: all sources within a radius send current to it, and the
currents of all targets add up. Where the sum exceeds what an even landscape would carry (the flow potential),
flow is channelled; where it falls short, it is impeded (McRae et al. 2016; Landau et al. 2021).
"""

from corridors.circuit.windows.conditions import Condition
from corridors.circuit.windows.currents import (
    WindowCurrents,
    WindowPlan,
    plan_of,
    problem_fingerprint,
    window_currents,
    window_problem,
)
from corridors.circuit.windows.omnidirectional import OmnidirectionalCurrent, omnidirectional_current

__all__ = [
    "Condition",
    "OmnidirectionalCurrent",
    "WindowCurrents",
    "WindowPlan",
    "omnidirectional_current",
    "plan_of",
    "problem_fingerprint",
    "window_currents",
    "window_problem",
]
