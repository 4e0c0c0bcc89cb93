"""Cases of Omniscape (McRae et al. 2016; Landau et al. 2021): its ini files in, its maps out.

The options and what becomes of them stand in `options.py`; the method in `corridors.circuit.windows`, here
with average conductance, square flow potential and blocks at the sides of the map as published.
"""

from corridors.circuit.omniscape.case import OmniscapeRun, run_omniscape
from corridors.circuit.omniscape.options import Options
from corridors.circuit.omniscape.parsing import parse_options

__all__ = ["OmniscapeRun", "Options", "parse_options", "run_omniscape"]
