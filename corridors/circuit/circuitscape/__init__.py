"""Cases of Circuitscape (McRae et al. 2008; Anantharaman et al. 2020): its ini files in, its outputs out.

The options and what becomes of them stand in `options.py`; what its modes compute in `corridors.circuit`.
"""

from corridors.circuit.circuitscape.case import CircuitscapeRun, run_circuitscape
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.circuitscape.parsing import parse_options

__all__ = ["CircuitscapeRun", "Options", "parse_options", "run_circuitscape"]
