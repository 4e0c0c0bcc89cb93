"""Circuit theory: a landscape as resistors, movement as current (McRae et al. 2008, Ecology 89).

A raster becomes a circuit (`steps`, `nodes`), a question about it nodes held at a voltage and currents put in
(`focal`, `pairwise`, `one_and_all`, `sources_and_grounds`); `solvers` give voltages, `flows` currents. All
this takes plain arrays, needs no coordinate system and works for any resistance > 0. `landscape` and
`pinch_points` take and return rasters on a grid.
"""

from corridors.circuit.all_pairs import AllPairs, all_pairs_current, pair_resistances
from corridors.circuit.flows import (
    CIRCUITSCAPE_CUT,
    Flow,
    branch_currents,
    current_map,
    node_currents,
    voltage_map,
)
from corridors.circuit.focal import check_focal, focal_from_labels, focal_from_points
from corridors.circuit.landscape import (
    AdvancedMaps,
    CurrentMaps,
    advanced_current,
    effective_resistances,
    pairwise_current,
)
from corridors.circuit.nodes import Branches, Circuit, grid_circuit, network_circuit, with_merged
from corridors.circuit.one_and_all import all_to_one, one_to_all
from corridors.circuit.pairwise import PairResult, pairwise, pairwise_plan
from corridors.circuit.pinch_points import CorridorCurrents, corridor_currents
from corridors.circuit.solvers import SolverPlan
from corridors.circuit.sources_and_grounds import advanced
from corridors.circuit.steps import barrier_resistance, step_conductances
from corridors.circuit.windows import Condition, OmnidirectionalCurrent, omnidirectional_current

__all__ = [
    "CIRCUITSCAPE_CUT",
    "AdvancedMaps",
    "AllPairs",
    "Branches",
    "Circuit",
    "Condition",
    "CorridorCurrents",
    "CurrentMaps",
    "Flow",
    "OmnidirectionalCurrent",
    "PairResult",
    "SolverPlan",
    "advanced",
    "advanced_current",
    "all_pairs_current",
    "all_to_one",
    "barrier_resistance",
    "branch_currents",
    "check_focal",
    "corridor_currents",
    "current_map",
    "effective_resistances",
    "focal_from_labels",
    "focal_from_points",
    "grid_circuit",
    "network_circuit",
    "node_currents",
    "omnidirectional_current",
    "one_to_all",
    "pair_resistances",
    "pairwise",
    "pairwise_current",
    "pairwise_plan",
    "step_conductances",
    "voltage_map",
    "with_merged",
]
