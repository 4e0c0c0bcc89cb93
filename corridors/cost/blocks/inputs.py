"""Resistance and sources of a raster that may be larger than memory, read once, block by block."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from corridors.cost.blocks.cut import Cut, Window
from corridors.cost.sources import Sources, label_array, on_no_data, point_cells
from corridors.errors import InputError, raise_all
from corridors.grid import Grid, same_grid

Cells = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]
FAULTS = {
    "I211": ("not positive", "Use a small positive value."),
    "I212": ("infinite", "No data (NaN) is what lets nothing through."),
}


def checked_sources(res: xr.DataArray, sources: Sources, cut: Cut) -> tuple[Cells, float]:
    """Return rows, columns and labels of the source cells that are not no data, and the least resistance.

    Labels of points count from 1 in their order; points of one cell share one.

    Raises
    ------
    InputError
        As `accumulated_cost`, about resistance and sources.
    """
    labels = sources if isinstance(sources, xr.DataArray) else None
    if labels is not None:
        same_grid(res, labels)
    faults: dict[str, list[tuple[int, int, int]]] = {code: [] for code in FAULTS}  # row, column, how many
    found, lowest, any_source = [], np.inf, False
    for number in range(cut.count):
        window = cut.own(number)
        values = res[window].values
        lowest = float(np.fmin(lowest, _look_for_faults(values, window, faults)))
        if labels is not None:
            marked = labels[window].values > 0
            any_source |= bool(marked.any())
            found.append(_labelled(labels[window].values, marked & ~np.isnan(values), window))
    _refuse(faults, lowest < np.inf, str(res.name or "resistance"))
    if labels is None:
        return _cells_of_points(sources, res), lowest
    if not any_source:
        where = str(labels.name)
        raise InputError("there is no source", code="I223", where=where, allowed="at least one cell > 0")
    rows, columns, of_cells = (np.concatenate(parts) for parts in zip(*found, strict=True))
    if not rows.size:
        raise on_no_data(str(labels.name), "every source lies on no data")
    return (rows, columns, of_cells), lowest


def _look_for_faults(
    values: NDArray[Any], window: Window, faults: dict[str, list[tuple[int, int, int]]]
) -> float:
    """Note faults of a window; return its lowest value, NaN if none is known."""
    low, high = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    for code, at_fault in (("I211", low <= 0), ("I212", high == np.inf)):
        if at_fault:
            bad = values <= 0 if code == "I211" else np.isposinf(values)
            row, column = np.argwhere(bad)[0]
            place = int(row) + window[0].start, int(column) + window[1].start
            faults[code].append((*place, int(bad.sum())))
    return float(low)


def _refuse(faults: dict[str, list[tuple[int, int, int]]], any_known: bool, name: str) -> None:
    raise_all(
        InputError(
            f"{sum(count for _, _, count in found)} cells are {FAULTS[code][0]}",
            code=code,
            where=name,
            given="first at row {}, column {}".format(*min(found)),
            allowed="resistance > 0, or no data",
            remedy=FAULTS[code][1],
        )
        for code, found in faults.items()
        if found
    )
    if not any_known:
        raise InputError("every cell is no data", code="I217", where=name)


def _labelled(labels: NDArray[Any], wanted: NDArray[np.bool_], window: Window) -> Cells:
    rows, columns = np.nonzero(wanted)
    whole = label_array(xr.DataArray(labels[wanted], name="sources"))
    return rows + window[0].start, columns + window[1].start, whole.astype(np.int32)


def _cells_of_points(points: Sources, res: xr.DataArray) -> Cells:
    # Only single cells are looked up, so the raster itself will do for its values.
    cells = dict.fromkeys(point_cells(points, Grid.of(res), cast("NDArray[Any]", res)).values())
    rows, columns = np.array(list(cells), dtype=np.int64).T
    return rows, columns, np.arange(1, len(rows) + 1, dtype=np.int32)
