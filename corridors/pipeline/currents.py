"""Current: effective resistance and pinch points of links, and moving windows over the whole landscape."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from corridors.circuit import corridor_currents, omnidirectional_current
from corridors.grid import Grid
from corridors.pipeline.findings import Findings
from corridors.restoration import pinch_points

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr

    from corridors.barriers import EdgeCosts
    from corridors.config import Species
    from corridors.cost import Workers
    from corridors.pipeline.ground import Ground


LEAST_POTENTIAL = 0.01
"""Flow potential, of its highest, below which next to nothing flows and the edges of windows show [P]."""


def current_within(corridors: gpd.GeoDataFrame, ground: Ground) -> Findings:
    """Return current inside corridors, its pinch points, and the effective resistance of links."""
    within = corridor_currents(corridors, ground.labels, ground.resistance, barriers=ground.edges)
    columns = within.links[["resistance", "largest_current"]]
    return Findings(
        {"corridor_current": within.current},
        {"pinch_points": pinch_points(within.current, corridors)},
        columns={"links": columns.rename(columns={"resistance": "effective_resistance"})},
    )


def moving_windows(
    suitability: xr.DataArray,
    resistance: xr.DataArray,
    edges: EdgeCosts | None,
    *,
    species: Species,
    workers: int | Workers = 1,
) -> Findings:
    """Return current from everywhere to everywhere within a radius; nothing where none is given."""
    options = species.current
    if options.window_radius_km is None:
        return Findings()
    cells = options.block_km * 1000 / Grid.of(resistance).cell_size_m
    found = omnidirectional_current(
        resistance,
        radius_km=options.window_radius_km,
        block=max(1, 2 * int(cells / 2) + 1),
        barriers=edges,
        source_strength=suitability,
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
