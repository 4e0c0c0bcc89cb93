"""Core areas of a case cut along its barriers: two halves nothing passes between are not one core.

By default only sealed barriers cut. A barrier that costs something is crossed all the same, and its cost
lies in the links. Cutting at a cost is an option (`core_cut_cost_m`), because it decides what a core is.
Measured in the Land of Big Cats: at a limit of 25 000 m of ideal habitat, roads that cost a leopard 30 000
would cut its core on the border from 37 000 to 12 000 km²; the tiger's roads cost exactly 25 000 and would
cut nothing, and at a limit of 24 999 take its largest core from 30 000 to 12 000 km². A rule that turns on
the last metre of a proposed number is no rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.cores import cut_cores, renumbered
from corridors.cores.outlines import core_table, parts_of
from corridors.grid import Grid

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.config import Species


def cut_along(
    edges: EdgeCosts,
    cores: gpd.GeoDataFrame,
    labels: xr.DataArray,
    suitability: xr.DataArray,
    species: Species,
    *,
    area: NDArray[np.bool_],
) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return core areas cut along the barriers dear enough; a part keeps the core's name.

    They are numbered anew, but for those edited by hand: there the largest part keeps the number, and the
    others are numbered on.
    """
    options = species.cores
    smallest = options.smallest_km2 if options.source == "suitability" else 0.0
    parts = cut_cores(labels, edges, core_cut_cost_m=options.cut_above_m, smallest_km2=smallest)
    core_of = parts_of(parts.values, labels.values)
    least_km2 = options.smallest_km2 if options.source == "polygons" else options.min_area_km2
    table, numbered = core_table(
        parts.values,
        suitability.values.astype(np.float64),
        Grid.of(labels),
        inside=area,
        min_area_km2=least_km2,
        names={part: str(cores["name"].loc[core]) for part, core in core_of.items()},
    )
    if options.file is not None:
        part_of = parts_of(numbered.values, parts.values)
        for column in (name for name in ("reason", "author", "drawn") if name in cores):
            table[column] = [cores[column].loc[core_of[part_of[number]]] for number in table.index]
        table, numbered = renumbered(table, numbered, part_of)
    counts = pd.Series(core_of).value_counts()
    cut, lost = counts[counts > 1], int(((labels.values > 0) & (parts.values == 0)).sum())
    table.attrs["notes"] = list(cores.attrs.get("notes", []))
    if len(cut) or lost:
        lost_km2 = lost * Grid.of(labels).cell_area_km2
        rest = f"; parts too small were dropped, {lost_km2:.3g} km²" if lost else ""
        text = f"Cut along barriers: {len(cut)} core areas, into {cut.sum()}{rest}."
        table.attrs["notes"].append(("cut", text))
    return table, numbered
