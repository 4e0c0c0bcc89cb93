"""Small lands with a fence: core areas as cells of an array, and everything `fence_scenarios` takes."""

from __future__ import annotations

import numpy as np
from landscapes import grid_of

from corridors.border.fences import fence_scenarios
from corridors.cores.outlines import core_table
from corridors.links import find_links


def land(resistance, labels, *, cell_size_m=500.0, **options):
    """Cores, labels, links and resistance, in the order the function takes them; one core per label."""
    grid = grid_of(resistance.shape, cell_size_m=cell_size_m)
    inside = np.ones(resistance.shape, dtype=bool)
    cores, raster = core_table(
        labels.astype(np.int64), np.ones(resistance.shape), grid, inside=inside, min_area_km2=1e-9
    )
    res = grid.like(resistance, name="resistance")
    links = find_links(cores, raster, res, **options)
    return cores, raster, links, res


def under(fence, place, **options):
    """Return the scenarios of a fence, by the options most tests share."""
    usual = {"crossing_cost_m": 5000.0, "dispersal_km": [5.0, 20.0], "gates_n": 0, "segment_km": 1.0}
    return fence_scenarios(fence, *place, **(usual | options))


def link_costs(found):
    """Cost of every link by scenario, in the order of links."""
    links = found.links[found.links["kind"] == "link"]
    names = dict.fromkeys(found.scenarios["scenario"])
    return {name: links.loc[links["scenario"] == name, "cost_distance_m"].tolist() for name in names}


def areas(found):
    """Equivalent connected area by scenario, in the order of dispersal distances."""
    name = "equivalent_connected_area_km2"
    return {s: rows[name].tolist() for s, rows in found.scenarios.groupby("scenario", sort=False)}
