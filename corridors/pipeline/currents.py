"""Current: effective resistance and pinch points of links, and moving windows over the whole landscape."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from corridors.circuit import corridor_currents, omnidirectional_current
from corridors.grid import Grid
from corridors.pipeline.findings import Findings
from corridors.restoration import pinch_points

if TYPE_CHECKING:
    from corridors.config import Current, Species
    from corridors.cost import Workers
    from corridors.pipeline.ground import Ground
    from corridors.pipeline.progress import Progress


LEAST_POTENTIAL = 0.01
"""Flow potential, of its highest, below which next to nothing flows and the edges of windows show [P]."""


def current_findings(
    found: Findings, ground: Ground, species: Species, *, progress: Progress, workers: int | Workers = 1
) -> Findings:
    """Return current inside corridors and in moving windows, from the resistance and barriers of the case."""
    corridors, links = found.vectors["corridors"], found.vectors["links"]
    within = corridor_currents(corridors, ground.labels, ground.resistance, barriers=ground.edges)
    pinched = pinch_points(within.current, corridors)
    links = links.assign(
        effective_resistance=within.links["resistance"].reindex(links.index),
        largest_current=within.links["largest_current"].reindex(links.index),
    )
    progress("moving windows", 0.3)
    windows = moving_windows(ground, species.current, workers=workers)
    return windows | Findings({"corridor_current": within.current}, {"links": links, "pinch_points": pinched})


def moving_windows(ground: Ground, options: Current, *, workers: int | Workers = 1) -> Findings:
    """Return current from everywhere to everywhere within a radius; nothing where none is given."""
    if options.window_radius_km is None:
        return Findings()
    cells = options.block_km * 1000 / Grid.of(ground.resistance).cell_size_m
    found = omnidirectional_current(
        ground.resistance,
        radius_km=options.window_radius_km,
        block=max(1, 2 * int(cells / 2) + 1),
        barriers=ground.edges,
        source_strength=ground.habitat.suitability,
        threads=os.cpu_count() or 1,
        workers=None if isinstance(workers, int) else workers,
    )
    rasters = {"current": found.current}
    potential = found.flow_potential
    if potential is not None and found.normalised is not None:
        enough = potential >= LEAST_POTENTIAL * float(potential.max())
        rasters |= {
            "flow_potential": potential,
            "normalised_current": found.normalised.where(enough).assign_attrs(found.normalised.attrs),
        }
    return Findings(rasters)
