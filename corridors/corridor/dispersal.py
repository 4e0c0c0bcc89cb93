"""Resistant kernels: how many dispersers reach every cell, from all sources together.

A kernel falls from its source with cost distance and ends at the largest cost an animal can bear. Where
corridors ask which way leads from one core to another, kernels ask where animals get to that have no goal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from corridors.cost import cost_surfaces, part_of
from corridors.cost.sources import Sources, labelled_sources, listed
from corridors.errors import ConfigError, InputError
from corridors.grid import same_grid

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts

Shape = Literal["linear", "gaussian", "exponential"]
Scale = Literal["peak", "unit_volume"]
# Curves that never reach 0 are cut where they have fallen to this part of their peak [P].
AT_THE_END = 0.01


def resistant_kernels(
    res: xr.DataArray,
    sources: Sources,
    *,
    max_cost_distance_m: float,
    shape: Shape = "linear",
    scale: Scale = "peak",
    barriers: EdgeCosts | None = None,
    weights: Mapping[Any, float] | None = None,
) -> xr.DataArray:
    """Return the sum over sources of a kernel that falls with cost distance.

    Parameters
    ----------
    res
        Resistance, > 0; NaN lets nothing through.
    sources
        Label raster (every label one source, its cells all at distance 0), points in the CRS of `res`, or an
        array of their coordinates with shape (n, 2).
    max_cost_distance_m
        Where kernels end, metres of ideal habitat, > 0.
    shape
        With d the cost distance over the largest one: "linear" 1 - d; "gaussian" 0.01^(d²); "exponential"
        0.01^d. The last two are cut at d = 1, where they have fallen to 1 % of the peak [P].
    scale
        "peak": every kernel is 1 at its source. "unit_volume": every kernel sums to 1 over the cells, one
        disperser that stops somewhere.
    barriers
        Costs of crossing lines, from `edge_costs`.
    weights
        Weight of every source by its label, index, or place in the array; 1 where absent. >= 0.

    Returns
    -------
    DataArray
        Sum of weighted kernels, 0 where nothing reaches; NaN where resistance is.

    Raises
    ------
    ConfigError
        C103 an unknown shape or scale, a distance that is not positive, a negative weight.
    InputError
        I230 weights and sources differ; I211 to I223 as `accumulated_cost`.

    Notes
    -----
    Compton, McGarigal, Cushman and Gamble (2007). UNICOR 3.0 sets the source's own cell to 0 in the linear
    shape; here it is the peak.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 5))
    >>> res = grid.like(np.array([[1.0, 1.0, 1.0, 3.0, 1.0]]), name="resistance")
    >>> den = grid.like(np.array([[0, 1, 0, 0, 0]]), name="sources")
    >>> resistant_kernels(res, den, max_cost_distance_m=4000).values.tolist()
    [[0.75, 1.0, 0.75, 0.25, 0.0]]
    """
    _check_options(shape, scale, max_cost_distance_m)
    labels, label_of = labelled_sources(sources, res)
    weight_of = _weight_of_labels(label_of, weights)
    grid = same_grid(res, labels)
    total = np.zeros(grid.shape)
    for label, surface in cost_surfaces(
        res, labels, barriers=barriers, max_cost_distance_m=max_cost_distance_m
    ):
        kernel = _kernel(surface.values / max_cost_distance_m, shape)
        if scale == "unit_volume":
            kernel /= math.fsum(kernel[kernel > 0])
        total[part_of(surface, grid).window] += weight_of[label] * kernel
    total[np.isnan(res.values)] = np.nan
    units = "1" if scale == "peak" else "dispersers per cell"
    return grid.like(total, name="resistant_kernels", units=units)


def _kernel(part: NDArray[np.float64], shape: Shape) -> NDArray[np.float64]:
    """Return the kernel at cost distances given as parts of the largest one; 0 beyond it."""
    inside = part <= 1
    d = np.where(inside, part, 1.0)
    values = {"linear": 1 - d, "gaussian": AT_THE_END ** (d * d), "exponential": AT_THE_END**d}[shape]
    return np.where(inside, values, 0.0)


def _weight_of_labels(
    label_of: Mapping[Hashable, int], weights: Mapping[Any, float] | None
) -> dict[int, float]:
    """Return the weight of every label: the sum over its sources, which are several points of one cell."""
    given = dict.fromkeys(label_of, 1.0) if weights is None else dict(weights)
    odd = sorted(map(str, set(given) ^ set(label_of)))
    if odd:
        what = "weights and sources name different ones"
        raise InputError(what, code="I230", where="weights", given=listed(odd))
    wrong = [i for i, weight in given.items() if not (math.isfinite(weight) and weight >= 0)]
    if wrong:
        what, allowed = "a weight must be a number", "0 or more"
        raise ConfigError(what, code="C103", where="weights", given=listed(wrong), allowed=allowed)
    total = dict.fromkeys(label_of.values(), 0.0)
    for source, label in label_of.items():
        total[label] += float(given[source])
    return total


def _check_options(shape: str, scale: str, max_cost_distance_m: float) -> None:
    for name, given, known in (("shape", shape, get_args(Shape)), ("scale", scale, get_args(Scale))):
        if given not in known:
            allowed = ", ".join(known)
            raise ConfigError("unknown", code="C103", where=name, given=str(given), allowed=allowed)
    if not (math.isfinite(max_cost_distance_m) and max_cost_distance_m > 0):
        given = f"{max_cost_distance_m:g}"
        raise ConfigError(
            "out of range", code="C103", where="max_cost_distance_m", given=given, allowed="> 0"
        )
