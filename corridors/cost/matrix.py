"""Cost distance between every two core areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.cost.sources import label_array
from corridors.cost.surfaces import cost_surfaces
from corridors.cost.windows import costs_at, part_of
from corridors.errors import InputError
from corridors.grid import same_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr

    from corridors.barriers import EdgeCosts


def cost_distance_matrix(
    res: xr.DataArray,
    labels: xr.DataArray,
    *,
    barriers: EdgeCosts | None = None,
    surfaces: Mapping[int, xr.DataArray] | None = None,
) -> pd.DataFrame:
    """Return the least accumulated cost between every two core areas, other cores on the way or not.

    Symmetric by construction: each pair is read once, on the surface of the smaller number. The other way
    round gives the same up to the rounding of the sum.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    labels
        `core_id` of every cell, 0 none.
    barriers
        Costs of crossing lines, from `edge_costs`; those any given `surfaces` were made with.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand. Where they are cropped, what
        lies outside is not reached.

    Returns
    -------
    DataFrame
        Metres of ideal habitat; rows and columns are `core_id` in rising order, 0 on the diagonal, NaN where
        no way leads.

    Raises
    ------
    InputError
        I201, I202 grids differ; I230 ids of labels and surfaces differ; I211 to I222 as `accumulated_cost`.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 4))
    >>> res = grid.like(np.array([[1.0, 1.0, 3.0, 1.0]]), name="resistance")
    >>> cores = grid.like(np.array([[1, 2, 0, 3]]), name="cores")
    >>> cost_distance_matrix(res, cores).values.tolist()
    [[0.0, 1000.0, 5000.0], [1000.0, 0.0, 4000.0], [5000.0, 4000.0, 0.0]]
    """
    grid = same_grid(res, labels)
    values = label_array(labels)
    ids = np.unique(values[values > 0])
    if surfaces is not None and set(surfaces) != set(ids.tolist()):
        given = f"labels {ids.tolist()}; surfaces {sorted(surfaces)}"
        what = "labels and cost surfaces do not belong together"
        raise InputError(what, code="I230", where="surfaces", given=given)
    found = cost_surfaces(res, labels, barriers=barriers) if surfaces is None else sorted(surfaces.items())
    costs = np.zeros((len(ids), len(ids)))
    cells = [np.nonzero(values == core) for core in ids]
    for i, (_, surface) in enumerate(found):
        part = part_of(surface, grid)
        for j in range(i + 1, len(ids)):
            costs[i, j] = costs[j, i] = costs_at(part, *cells[j]).min()
    costs[np.isinf(costs)] = np.nan
    index = pd.Index(ids, dtype="int64", name="core_id")
    return pd.DataFrame(costs, index=index, columns=index.rename(None))
