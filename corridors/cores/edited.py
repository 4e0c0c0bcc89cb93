"""Core areas somebody edited by hand: what is wrong told at once, what is mended said."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.errors import CorridorsError, InputError, flatten, raise_all
from corridors.io import check_datum, invalid_geometries
from corridors.layers.countries import first_filled
from corridors.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.grid import Bounds, Grid

WANTED = ("core_id", "name", "reason", "author", "case")
LARGEST_ID = np.iinfo(np.int32).max
LISTED = 10


def edited_from(
    features: gpd.GeoDataFrame,
    grid: Grid,
    *,
    where: str,
    case: str | None = None,
    reason: str = "",
    author: str = "",
    bounds: Bounds | None = None,
) -> gpd.GeoDataFrame:
    """Return core areas as somebody drew them, made sound, in the CRS of the grid.

    Parameters
    ----------
    features : GeoDataFrame
        A copy of the layer `cores` of a run, edited, or polygons of one's own. Columns, in any case of
        letters: `core_id` (empty for what was drawn anew), `name`, `reason`, `author`, and `case`, of which
        the rows of other cases are passed over.
    grid : Grid
        Gives the CRS and the size below which a polygon is a sliver.
    where : str
        What to call the layer in messages.
    case : str, optional
        Key of the case.
    reason, author : str
        What holds for rows that do not say so themselves.
    bounds : tuple of float, optional
        Analysis area in degrees, in which a change of datum must be known.

    Returns
    -------
    GeoDataFrame
        `core_id` (Int64, empty where not given), `name`, `reason`, `author`, `drawn` (the number of the
        row) and valid polygons; `attrs["notes"]` tells what was reprojected, repaired, numbered or left out.

    Raises
    ------
    InputError, Problems
        All at once: I219 a datum of unknown shift, I228 no polygons, I234 a column that looks renamed, I235
        a number that is none, I236 no core area at all or none of this case, I238 no reason or no author,
        I240 wholly outside the area.

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.grid import Grid
    >>> grid = Grid("EPSG:32652", Affine(500, 0, 500_000, 0, -500, 4_800_000), (20, 20))
    >>> halves = [shapely.box(501_000, 4_791_000, x, 4_799_000) for x in (505_000, 508_000)]
    >>> table = {"core_id": [4, 4], "reason": "a new mine", "author": "N. N."}
    >>> edited = edited_from(gpd.GeoDataFrame(table, geometry=halves, crs=grid.crs), grid, where="e.gpkg")
    >>> edited["core_id"].isna().tolist()
    [True, False]
    """
    notes: list[tuple[str, str]] = []
    frame = lower_case(features)
    problems = renamed_problems(frame, where, WANTED)
    frame = of_case(frame, case, where, notes)
    names = first_filled(frame, ("name",))
    numbers, wrong = core_numbers(frame, where)
    problems += wrong
    titles = [title(number, name, row) for row, (number, name) in enumerate(zip(numbers, names, strict=True))]
    said = {"reason": reason, "author": author}
    texts = {key: first_filled(frame, (key,)).replace("", given) for key, given in said.items()}
    problems += [nobody(where, key, titles, texts[key]) for key in said if (texts[key] == "").any()]
    other = ~frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"]) & ~is_void(frame)
    if other.any():
        given = ", ".join(sorted(set(frame.geometry.geom_type[other])))
        what = f"{int(other.sum())} of {len(frame)} features are not polygons"
        problems.append(InputError(what, code="I228", where=where, given=given))
    try:
        check_datum(frame.crs, grid.crs, where=where, bounds=bounds)
    except CorridorsError as problem:
        problems += flatten([problem])
    raise_all(problems)
    columns: dict[str, Any] = {"core_id": numbers, "name": names, **texts, "title": titles}
    drawn = gpd.GeoDataFrame(columns, geometry=mended(frame, titles, notes), crs=frame.crs)
    drawn = on_grid(drawn, grid, where, notes)
    drawn["core_id"] = once_each(drawn, notes)
    drawn = drawn.drop(columns="title").reset_index(drop=True)
    drawn["drawn"] = drawn.index.to_numpy()
    drawn.attrs["notes"] = [(code, f"{where}: {text}") for code, text in notes]
    return drawn


def lower_case(features: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return features whose columns have small letters, numbered from 0."""
    shape = features.geometry.name
    frame = features.rename(columns={n: str(n).lower() for n in features.columns if n != shape})
    return frame.reset_index(drop=True)


def renamed_problems(frame: gpd.GeoDataFrame, where: str, wanted: Sequence[str]) -> list[CorridorsError]:
    """Return a problem for every column that is not there while one very like it is."""
    unknown = [str(c) for c in frame.columns if c not in COLUMNS and c != frame.geometry.name]
    problems: list[CorridorsError] = []
    for column in (name for name in wanted if name not in frame):
        near = get_close_matches(column, unknown, n=1, cutoff=0.6)
        if near:
            what, remedy = f"there is no column {column}", f"Did you mean {near[0]}? Rename it to {column}."
            problems.append(InputError(what, code="I234", where=where, given=near[0], remedy=remedy))
    return problems


def of_case(
    frame: gpd.GeoDataFrame, case: str | None, where: str, notes: list[tuple[str, str]]
) -> gpd.GeoDataFrame:
    """Return the rows of a case, and those that name none."""
    if not len(frame):
        what, remedy = "the layer is empty", "Draw at least one core area, or copy the layer cores of a run."
        raise InputError(what, code="I236", where=where, remedy=remedy)
    if case is None or "case" not in frame:
        return frame
    cases = first_filled(frame, ("case",))
    kept = frame[(cases == case) | (cases == "")]
    if not len(kept):
        found = sorted(set(cases))
        near = get_close_matches(case, found, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "Empty the column case: rows then hold for all."
        what = f"no core area is of case {case}"
        raise InputError(what, code="I236", where=where, given=", ".join(found), remedy=remedy)
    anybody = int((cases == "").sum())
    if anybody:
        notes.append(("edited", f"{anybody} features name no case and count for every case read from here."))
    return kept.reset_index(drop=True)


def core_numbers(frame: gpd.GeoDataFrame, where: str) -> tuple[pd.Series[Any], list[CorridorsError]]:
    """Return the column `core_id` as whole numbers above 0, empty where nothing stands, and what is none."""
    if "core_id" not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="Int64"), []
    given = frame["core_id"].replace("", np.nan)
    values = pd.to_numeric(given, errors="coerce").astype("float64")
    sound = (values >= 1) & (values <= LARGEST_ID) & (values == values.round())
    wrong = given.notna() & ~sound
    problems: list[CorridorsError] = []
    if wrong.any():
        what = f"{int(wrong.sum())} core_id are no whole numbers from 1 on"
        listed, remedy = given[wrong].astype(str), "Leave it empty for a core area that was drawn anew."
        problems.append(InputError(what, code="I235", where=where, given=shortened(listed), remedy=remedy))
    return values.where(sound).astype("Int64"), problems


def title(number: Any, name: str, row: int) -> str:
    """Return what to call a feature in messages."""
    if pd.isna(number):
        return name or f"feature {row + 1}"
    return f"{number} {name}".strip()


def nobody(where: str, key: str, titles: Sequence[str], texts: pd.Series[str]) -> InputError:
    """Return the problem of edits that do not say why, or who."""
    listed = [name for name, text in zip(titles, texts, strict=True) if text == ""]
    word = "why it was edited" if key == "reason" else "who edited it"
    remedy = f'Fill the column {key}, or set {key} = "..." beside the name of the file, for all of them.'
    what = f"{len(listed)} of {len(titles)} features do not say {word}"
    return InputError(what, code="I238", where=where, given=shortened(listed), remedy=remedy)


def is_void(frame: gpd.GeoDataFrame) -> pd.Series[bool]:
    """Return which features have no geometry."""
    void: pd.Series[bool] = frame.geometry.isna() | frame.geometry.is_empty
    return void


def mended(
    frame: gpd.GeoDataFrame, titles: Sequence[str], notes: list[tuple[str, str]]
) -> list[shapely.Geometry]:
    """Return polygons, those that cross themselves mended and what is no area left off; each is noted."""
    shapes = list(frame.geometry)
    problems = invalid_geometries(frame)["problem"]
    for row in problems.index[~problems.isin(["missing", "empty"])]:
        pieces = shapely.get_parts(shapely.make_valid(shapes[row]))
        shapes[row] = shapely.union_all([p for p in pieces if p.geom_type in ("Polygon", "MultiPolygon")])
        notes.append(("edited_repaired", f"{titles[row]} was repaired ({problems[row].lower()})."))
    return shapes


def on_grid(
    drawn: gpd.GeoDataFrame, grid: Grid, where: str, notes: list[tuple[str, str]]
) -> gpd.GeoDataFrame:
    """Return polygons in the CRS of the grid, without those that are no more than slivers."""
    if drawn.crs != grid.crs:
        notes.append(("edited_reprojected", f"reprojected from {drawn.crs.name} to {grid.crs.name}."))
        drawn = drawn.to_crs(grid.crs)
    small = is_void(drawn) | (drawn.area < grid.cell_size_m**2)
    if small.any():
        text = f"without an area, or smaller than a cell, and left out: {shortened(drawn['title'][small])}."
        notes.append(("edited_slivers", text))
    drawn = drawn[~small]
    if not drawn.intersects(shapely.box(*grid.bounds)).any():
        what = "all core areas lie outside the analysis area" if len(drawn) else "none is as large as a cell"
        remedy = "Check the coordinates and the coordinate system of the layer."
        raise InputError(what, code="I240", where=where, remedy=remedy)
    return drawn


def once_each(drawn: gpd.GeoDataFrame, notes: list[tuple[str, str]]) -> pd.Series[Any]:
    """Return numbers that stand once: of the parts of a core that was split, the largest keeps it."""
    if not drawn["core_id"].notna().any():
        text = "no feature has a core_id: core areas are numbered anew, not as in the run they come from."
        notes.append(("edited_ids", text))
        return pd.Series(drawn["core_id"])
    by_size = drawn.assign(size=-drawn.area).sort_values(["core_id", "size"], kind="stable")
    again = by_size["core_id"].notna() & by_size.duplicated("core_id")
    for number, parts in by_size[again].groupby("core_id"):
        text = f"core_id {number} stands {len(parts) + 1} times: the largest keeps it"
        notes.append(("edited_ids", f"{text}, the others are numbered on."))
    return pd.Series(by_size["core_id"].mask(again).reindex(drawn.index))


def shortened(items: Any) -> str:
    """Return a list in words, cut where it is long."""
    listed = [str(item) for item in items]
    return ", ".join(listed[:LISTED]) + (" ..." if len(listed) > LISTED else "")
