"""Resistance set or multiplied by hand on lines and polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.cores.edited import is_void, lower_case, nobody, renamed_problems, shortened
from corridors.cores.outlines import label_polygons
from corridors.errors import CorridorsError, InputError, flatten, raise_all
from corridors.grid import Grid
from corridors.io import check_datum, invalid_geometries
from corridors.layers.countries import first_filled
from corridors.layers.rasterise import burn_lines, burn_polygons
from corridors.schema import VECTORS

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.config import Override
    from corridors.grid import Bounds

VALUES = {"resistance": 1.0, "multiply": 0.0}
"""Columns of an override, and the least value (of `multiply`, not that itself)."""
KINDS = ("LineString", "MultiLineString", "Polygon", "MultiPolygon")


def overrides_from(
    features: gpd.GeoDataFrame, override: Override, grid: Grid, *, where: str, bounds: Bounds | None = None
) -> gpd.GeoDataFrame:
    """Return the features of an override, each with what it does and who says why, in the CRS of the grid.

    Parameters
    ----------
    features : GeoDataFrame
        Lines or polygons; columns `resistance`, `multiply`, `reason`, `author` where the workflow does not
        say them for all.
    override : Override
        The entry of the workflow.
    grid : Grid
        Gives the CRS.
    where : str
        What to call it in messages.
    bounds : tuple of float, optional
        Analysis area in degrees, in which a change of datum must be known.

    Returns
    -------
    GeoDataFrame
        `where`, `species` (names, one per line; empty for all), `resistance` or `multiply` (the other NaN),
        `reason`, `author`; `attrs["notes"]` tells what was reprojected, repaired or left out.

    Raises
    ------
    InputError, Problems
        All at once: I219 a datum of unknown shift, I228 neither lines nor polygons, I234 a column that looks
        renamed, I236 an empty layer, I238 no reason or no author, I239 a value that is none, I240 wholly
        outside the area.
    """
    notes: list[tuple[str, str]] = []
    frame = lower_case(features)
    if not len(frame):
        raise InputError("the layer is empty", code="I236", where=where, remedy="Draw a line or a polygon.")
    wanted = [key for key in (*VALUES, "reason", "author") if getattr(override, key) is None]
    given = [key for key in VALUES if key in frame or key not in wanted]
    problems = renamed_problems(frame, where, [key for key in wanted if key not in VALUES or not given])
    values, wrong = values_of(frame, override, where)
    titles = [f"feature {row + 1}" for row in range(len(frame))]
    texts = {
        key: first_filled(frame, (key,)).replace("", getattr(override, key) or "")
        for key in ("reason", "author")
    }
    problems += wrong + [
        nobody(where, key, titles, text) for key, text in texts.items() if (text == "").any()
    ]
    other = ~frame.geometry.geom_type.isin(KINDS) & ~is_void(frame)
    if other.any():
        what = f"{int(other.sum())} of {len(frame)} features are neither lines nor polygons"
        kinds = ", ".join(sorted(set(frame.geometry.geom_type[other])))
        problems.append(InputError(what, code="I228", where=where, given=kinds))
    try:
        check_datum(frame.crs, grid.crs, where=where, bounds=bounds)
    except CorridorsError as problem:
        problems += flatten([problem])
    raise_all(problems)
    species = "\n".join(override.species_named)
    columns: dict[str, Any] = {
        "where": [f"{override.source}, {name}" for name in titles],
        "species": species,
        **values,
        **texts,
    }
    drawn = gpd.GeoDataFrame(columns, geometry=mended(frame, titles, notes), crs=frame.crs)
    drawn = on_grid(drawn, grid, where, notes)
    drawn.attrs["notes"] = [(code, f"{where}: {text}") for code, text in notes]
    drawn.attrs["read_from"] = features.attrs.get("read_from", [])
    return drawn


def values_of(
    frame: gpd.GeoDataFrame, override: Override, where: str
) -> tuple[dict[str, pd.Series[float]], list[CorridorsError]]:
    """Return what every feature sets or multiplies resistance by, and what is wrong with that."""
    values, problems = {}, list[CorridorsError]()
    for key, least in VALUES.items():
        in_file = frame[key].replace("", np.nan) if key in frame else pd.Series(np.nan, frame.index)
        own = getattr(override, key)
        other = getattr(override, next(name for name in VALUES if name != key))
        in_file = in_file if other is None else pd.Series(np.nan, frame.index)
        numbers = pd.to_numeric(in_file, errors="coerce").astype("float64")
        fits = np.isfinite(numbers) & ((numbers >= 1) if key == "resistance" else (numbers > least))
        wrong = in_file.notna() & ~fits
        if wrong.any():
            what = f"{key} of {int(wrong.sum())} features is no such number"
            allowed = "1 or more" if key == "resistance" else "more than 0"
            listed = shortened(in_file[wrong])
            problems.append(InputError(what, code="I239", where=where, given=listed, allowed=allowed))
        values[key] = numbers.fillna(np.nan if own is None else own)
    both = values["resistance"].notna() & values["multiply"].notna()
    neither = values["resistance"].isna() & values["multiply"].isna()
    for rows, what in ((both, "both set and multiply"), (neither, "neither set nor multiply resistance")):
        if rows.any() and not problems:
            listed = shortened(f"feature {row + 1}" for row in np.flatnonzero(rows))
            remedy = "Give resistance = or multiply = in the workflow, or fill one of these columns."
            said = f"{int(rows.sum())} of {len(frame)} features {what}"
            problems.append(InputError(said, code="I239", where=where, given=listed, remedy=remedy))
    return values, problems


def mended(
    frame: gpd.GeoDataFrame, titles: list[str], notes: list[tuple[str, str]]
) -> list[shapely.Geometry]:
    """Return lines and polygons, those that cross themselves mended; each is noted."""
    shapes = list(frame.geometry)
    problems = invalid_geometries(frame)["problem"]
    for row in problems.index[~problems.isin(["missing", "empty"])]:
        size = shapely.get_dimensions(shapes[row])
        pieces = shapely.get_parts(shapely.make_valid(shapes[row]))
        shapes[row] = shapely.union_all(pieces[shapely.get_dimensions(pieces) == size])
        notes.append(("override_repaired", f"{titles[row]} was repaired ({problems[row].lower()})."))
    return shapes


def on_grid(
    drawn: gpd.GeoDataFrame, grid: Grid, where: str, notes: list[tuple[str, str]]
) -> gpd.GeoDataFrame:
    """Return features in the CRS of the grid, without those that have no geometry."""
    if drawn.crs != grid.crs:
        notes.append(("override_reprojected", f"reprojected from {drawn.crs.name} to {grid.crs.name}."))
        drawn = drawn.to_crs(grid.crs)
    void = is_void(drawn)
    if void.any():
        text = f"without a geometry and left out: {shortened(drawn['where'][void])}."
        notes.append(("override_void", text))
    drawn = drawn[~void].reset_index(drop=True)
    if not drawn.intersects(shapely.box(*grid.bounds)).any():
        what, remedy = "it lies wholly outside the analysis area", "Check its coordinates and its CRS."
        raise InputError(what, code="I240", where=where, remedy=remedy)
    return drawn


def overridden(
    resistance: xr.DataArray, overrides: gpd.GeoDataFrame | None
) -> tuple[xr.DataArray, gpd.GeoDataFrame]:
    """Return resistance with the overrides applied, one feature after the other, and what each did.

    A line counts in every cell it touches, joined side to side; a polygon in the cells whose centres lie in
    it, one smaller than a cell in all it touches. Resistance never falls below 1, and what is closed (sea,
    no data) stays closed.

    Parameters
    ----------
    resistance : DataArray
        At least 1; NaN lets nothing through.
    overrides : GeoDataFrame or None
        From `overrides_from`, for this species, indexed by `override_id`.

    Returns
    -------
    resistance : DataArray
    effects : GeoDataFrame
        The layer "overrides" of the schema: the cells each changed, as polygons; `closed_n` cells stay
        closed and `raised_n` were raised to 1. A feature that touches no open cell has no geometry.
    """
    grid = Grid.of(resistance)
    entry = VECTORS["overrides"]
    if overrides is None or not len(overrides):
        empty = gpd.GeoDataFrame({name: [] for name in entry.columns}, geometry=[], crs=grid.crs)
        return resistance, empty.set_index("override_id")
    values = resistance.values.astype(np.float64)
    rows = []
    for row in overrides.itertuples():
        cells = burnt(row.geometry, grid)
        known = cells & ~np.isnan(values)
        before = values[known]
        wanted = before * row.multiply if np.isnan(row.resistance) else np.full(before.size, row.resistance)
        values[known] = np.maximum(wanted, 1.0)
        outlines = label_polygons(known.astype(np.int32), grid)
        rows.append(
            {
                "override_id": row.Index,
                "where": row.where,
                "resistance_set": row.resistance,
                "multiplied_by": row.multiply,
                "cells_n": int(known.sum()),
                "closed_n": int(cells.sum() - known.sum()),
                "raised_n": int((wanted < 1).sum()),
                "resistance_before": float(np.median(before)) if before.size else np.nan,
                "resistance_after": float(np.median(values[known])) if before.size else np.nan,
                "reason": row.reason,
                "author": row.author,
                "geometry": outlines.get(1, shapely.Polygon()),
            }
        )
    effects = gpd.GeoDataFrame(rows, geometry="geometry", crs=grid.crs).set_index("override_id")
    changed = grid.like(
        values.astype(resistance.dtype), name="resistance", units=str(resistance.attrs.get("units", "1"))
    )
    return changed.assign_attrs(resistance.attrs), effects


def burnt(shape: Any, grid: Grid) -> NDArray[np.bool_]:
    """Return the cells of a line or a polygon."""
    if shapely.get_dimensions(shape) == 1:
        return burn_lines([shape], [1], grid) > 0
    return burn_polygons([shape], grid)


def overrides_for(overrides: gpd.GeoDataFrame | None, species: str) -> gpd.GeoDataFrame | None:
    """Return the overrides that hold for a species."""
    if overrides is None:
        return None
    holds = [not names or species in names.split("\n") for names in overrides["species"]]
    return overrides[holds]


def effect_words(row: Any) -> str:
    """Return what an override does, in words."""
    if not row.cells_n:
        return f"nothing: all {row.closed_n} cells are sea or no data" if row.closed_n else "nothing"
    text = f"{row.cells_n} cells, median resistance {row.resistance_before:.3g} to {row.resistance_after:.3g}"
    if row.closed_n:
        text += f"; {row.closed_n} cells of sea or no data stay closed"
    if row.raised_n:
        text += f"; {row.raised_n} cells would fall below 1 and are 1"
    return text
