"""The inputs of a raster case, everything wrong with them told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corridors.circuit.circuitscape.attempts import attempt
from corridors.circuit.circuitscape.habitat import Cells, Floats, PathOf, conductance_of, polygons_on
from corridors.circuit.circuitscape.options import Options
from corridors.circuit.circuitscape.pairs import PairRule, pair_rule
from corridors.circuit.circuitscape.points import focal_nodes, grounds_on, sources_on, strengths_of
from corridors.errors import CorridorsError, Problems, raise_all
from corridors.io import PlainGrid, plain_file, read_plain_grid

OTHER_FILES = (
    "polygon_file",
    "mask_file",
    "reclass_file",
    "point_file",
    "included_pairs_file",
    "variable_source_file",
    "source_file",
    "ground_file",
)


@dataclass(frozen=True)
class RasterCase:
    """What a raster case computes with; arrays are (rows, columns), focal nodes flat cell indices by id."""

    grid: PlainGrid
    conductance: Floats
    polygons: Cells | None = None
    focal: Mapping[int, Cells] = field(default_factory=dict)
    rule: PairRule | None = None
    strengths: Mapping[int, float] = field(default_factory=dict)
    sources: Floats | None = None
    grounds: Floats | None = None


def read_raster_case(options: Options, path_of: PathOf) -> RasterCase:
    """Return the inputs of a raster case.

    Parameters
    ----------
    options : Options
    path_of : callable
        Turns the name of a file, as the ini gives it, into its path.

    Raises
    ------
    CorridorsError
        Every problem of every file at once: I201 grids that differ, I211 resistance of 0 or less, I216 an id
        that is no whole number, I217 nothing left, I221 a focal node outside the map, I223 fewer than two of
        them, I226 ids that stand twice, and as the readers.
    """
    problems: list[CorridorsError] = []
    grid = attempt(problems, None, read_plain_grid, path_of(options.habitat_file))
    if grid is None:  # Without the map nothing else can be placed: only say what is missing as well.
        for name in filter(None, (getattr(options, other) for other in OTHER_FILES)):
            attempt(problems, None, plain_file, path_of(name))
        raise Problems(problems)
    given = grid, options, path_of
    conductance = attempt(problems, grid.values, conductance_of, *given)
    polygons = attempt(problems, None, polygons_on, *given)
    rule = attempt(problems, None, pair_rule, options, path_of)
    focal = attempt(problems, {}, focal_nodes, *given, rule)
    strengths = attempt(problems, {}, strengths_of, options, path_of)
    sources = attempt(problems, None, sources_on, *given)
    grounds = attempt(problems, None, grounds_on, *given)
    raise_all(problems)
    return RasterCase(grid, conductance, polygons, focal, rule, strengths, sources, grounds)
