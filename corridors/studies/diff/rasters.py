"""Rasters of two runs, cell by cell: B minus A on the land both cover."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.grid import Grid
from corridors.schema import Classes, Labels, Ramp, raster

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.schema import Raster

WHOLE_CELL = 1e-6
DIVERGING = ("#542788", "#998ec3", "#d8daeb", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
"""Purple, white, orange: less in B, the same, more (ColorBrewer PuOr; holds for the colour-blind)."""
STEPS = (-1.0, -0.3, -0.1, 0.0, 0.1, 0.3, 1.0)
LARGEST = {
    "suitability": 0.5, "habitat_mean": 0.5, "resistance": 100.0, "cost_distance": 100_000.0,
    "corridor": 20_000.0, "corridor_quality": 10.0, "priority": 1.0, "corridor_current": 0.5,
    "current": 30.0, "flow_potential": 30.0, "normalised_current": 1.0, "improvement_score": 1.0,
    "improvement_percent": 10.0, "corridor_agreement": 100.0,
}  # fmt: skip
"""Difference drawn in the strongest colour, the same in every comparison [P]."""
BOTH, ONLY_B, ONLY_A, OTHER = 1, 2, 3, 4
CHANGES = Classes(
    (
        (BOTH, "#bdbdbd", "in both"),
        (ONLY_B, "#e66101", "gained: only in B"),
        (ONLY_A, "#5e3c99", "lost: only in A"),
    )
)
OTHER_CLASS = Classes(((OTHER, "#e66101", "another class in B"),))


@dataclass(frozen=True, eq=False)
class Difference:
    """B minus A of one raster: values on the land both cover, its look, and what is to be said of it.

    `values` is None where the two cannot be compared; `row` then says why.
    """

    entry: Raster
    values: xr.DataArray | None
    row: dict[str, Any]

    @property
    def differs(self) -> bool:
        """Whether any cell is not the same in both."""
        return any(self.row[name] for name in ("differing_n", "only_a_n", "only_b_n"))


def raster_difference(a: xr.DataArray, b: xr.DataArray) -> Difference:
    """Return B minus A of one raster of the schema.

    Numbers are subtracted; no data where either lacks them. Labels and classes give where something is in
    both, in one of them, or of another class.

    Parameters
    ----------
    a, b : DataArray
        The raster in both runs, each on its own grid.

    Examples
    --------
    >>> grid = Grid.for_area((129.0, 44.0, 129.05, 44.05), crs="EPSG:32652", cell_size_m=1000)
    >>> a = grid.like(np.full(grid.shape, 0.25), name="suitability")
    >>> found = raster_difference(a, a + 0.5)
    >>> float(found.values.max()), found.row["differing_n"] == a.size
    (0.5, True)
    """
    entry = raster(str(a.name))
    windows, reason = common_windows(Grid.of(a), Grid.of(b))
    if windows is None:
        return Difference(entry, None, row_of(entry, reason=reason))
    cut_a, cut_b = a[windows[0]], b[windows[1]]
    one, other = cut_a.to_numpy().astype(float), cut_b.to_numpy().astype(float)
    if isinstance(entry.style, Labels):
        values = presence(np.nan_to_num(one) > 0, np.nan_to_num(other) > 0)
        look: Ramp | Classes = CHANGES
        row = row_of(entry, differing=np.isin(values, (ONLY_A, ONLY_B)))
    else:
        both = np.isfinite(one) & np.isfinite(other)
        changed = np.where(both, other - one, np.nan)
        only_a, only_b = np.isfinite(one) & ~both, np.isfinite(other) & ~both
        row = row_of(entry, changed[both], changed[both] != 0, only_a, only_b)
        look, values = ramp_of(entry), capped(entry, one, other)
        if isinstance(entry.style, Classes):
            look, values = OTHER_CLASS, np.where(both, np.where(changed != 0, OTHER, 0), np.nan)
            row |= dict.fromkeys(("least", "greatest", "mean"))
    if reason:
        row["note"] = reason
    title = f"B - A: {entry.title[:1].lower()}{entry.title[1:]}"
    cut = cut_of(entry)
    title += "" if cut is None else f", past {cut:,.6g} as {cut:,.6g}".replace(",000", " 000")
    drawn = replace(entry, title=title, style=look, dtype=dtype_of(look))
    return Difference(drawn, Grid.of(cut_a).like(values, name=entry.name), row)


def cut_of(entry: Raster) -> float | None:
    """Return the value past which a raster says nothing more: beyond it lies no corridor."""
    return entry.style.transparent_above if isinstance(entry.style, Ramp) else None


def capped(entry: Raster, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return B minus A, both cut where the raster says nothing more; else all land would seem to differ."""
    cut = cut_of(entry)
    changed: NDArray[np.float64] = b - a if cut is None else np.minimum(b, cut) - np.minimum(a, cut)
    return np.where(np.isfinite(a) & np.isfinite(b), changed, np.nan)


def dtype_of(look: Ramp | Classes) -> str:
    """Return the type of file a difference is written as."""
    return "float32" if isinstance(look, Ramp) else "uint8"


def presence(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return where something is in both runs, only in B, only in A, or in neither (0)."""
    values: NDArray[np.float64] = np.select([a & b, b & ~a, a & ~b], [BOTH, ONLY_B, ONLY_A], 0).astype(float)
    return values


def ramp_of(entry: Raster) -> Ramp:
    """Return the diverging colours of a raster's differences: centred on 0, the same in every comparison."""
    largest = LARGEST.get(entry.name.partition("_of_")[0], 0.0)
    if not largest and isinstance(entry.style, Ramp):
        largest = max(abs(value) for value, _, _ in entry.style.stops)
    texts = [f"{step * largest:+,.6g}".replace(",", " ") for step in STEPS]
    texts[0], texts[3], texts[-1] = f"{texts[0]} and less", "0 the same", f"{texts[-1]} and more"
    stops = zip(STEPS, DIVERGING, texts, strict=True)
    return Ramp(tuple((step * (largest or 1.0), colour, text) for step, colour, text in stops))


def common_windows(a: Grid, b: Grid) -> tuple[tuple[Any, Any] | None, str]:
    """Return the rows and columns both grids have, in each; else None and the reason, or what is left out."""
    if a.crs != b.crs:
        return None, f"another coordinate system: {a.crs.name} in A, {b.crs.name} in B"
    if a.cell_size_m != b.cell_size_m:
        return None, f"cells of another size: {a.cell_size_m:g} m in A, {b.cell_size_m:g} m in B"
    across = (b.bounds[0] - a.bounds[0]) / a.cell_size_m
    down = (a.bounds[3] - b.bounds[3]) / a.cell_size_m
    if max(abs(across - round(across)), abs(down - round(down))) > WHOLE_CELL:
        return None, "the cells lie elsewhere: the grids are shifted by a part of a cell"
    rows = overlap_of(a.shape[0], b.shape[0], round(down))
    columns = overlap_of(a.shape[1], b.shape[1], round(across))
    if rows is None or columns is None:
        return None, "the two cover no common land"
    if (rows[0].stop - rows[0].start) * (columns[0].stop - columns[0].start) == 1:
        return None, "the two have a single cell in common"
    whole = a.shape == b.shape and (round(across), round(down)) == (0, 0)
    return ((rows[0], columns[0]), (rows[1], columns[1])), "" if whole else "only the land both runs cover"


def overlap_of(length_a: int, length_b: int, shift: int) -> tuple[slice, slice] | None:
    """Return the common part of two rows of cells, B beginning `shift` cells after A.

    Examples
    --------
    >>> overlap_of(10, 10, 3)
    (slice(3, 10, None), slice(0, 7, None))
    """
    start, end = max(0, shift), min(length_a, shift + length_b)
    return None if start >= end else (slice(start, end), slice(start - shift, end - shift))


def row_of(
    entry: Raster,
    changes: NDArray[np.float64] | None = None,
    differing: NDArray[np.bool_] | None = None,
    only_a: NDArray[np.bool_] | None = None,
    only_b: NDArray[np.bool_] | None = None,
    *,
    reason: str = "",
) -> dict[str, Any]:
    """Return what is said of a raster; numbers are None where the two were not compared."""
    held = changes is not None and changes.size > 0
    return {
        "raster": entry.name, "unit": entry.unit, "compared": not reason,
        "differing_n": None if differing is None else int(differing.sum()),
        "only_a_n": None if reason else 0 if only_a is None else int(only_a.sum()),
        "only_b_n": None if reason else 0 if only_b is None else int(only_b.sum()),
        "least": float(changes.min()) if held and changes is not None else None,
        "greatest": float(changes.max()) if held and changes is not None else None,
        "mean": float(changes.mean()) if held and changes is not None else None,
        "note": reason,
    }  # fmt: skip
