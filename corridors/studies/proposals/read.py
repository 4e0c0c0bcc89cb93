"""Proposals from a GeoPackage or GeoJSON: everything wrong told at once, everything mended said."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.grid import Grid, outline
from corridors.io import invalid_geometries, read_vectors
from corridors.layers.countries import first_filled
from corridors.studies.proposals.kinds import KINDS, LINES, POLYGONS

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from corridors.grid import Bounds

COLUMNS = ("proposal", "name", "kind", "status", "cost", "crossing_cost_m", "geometry")
LARGEST_OVERLAP_KM2 = 0.01


def read_proposals(
    path: str | Path, grid: Grid, *, layer: str | None = None, bounds: Bounds | None = None
) -> gpd.GeoDataFrame:
    """Return the proposals of a file, a row for each of their parts, in the CRS of the grid.

    Parameters
    ----------
    path : str or Path
        GeoPackage, GeoJSON or another file of vectors.
    grid : Grid
        Gives the CRS.
    layer : str, optional
        Needed where the file has several.
    bounds : tuple of float, optional
        Analysis area: west, south, east, north in degrees. The grid's where absent.

    Returns
    -------
    GeoDataFrame
        As `proposals_from`.

    Raises
    ------
    CorridorsError
        As `read_vectors` and `proposals_from`.
    """
    return proposals_from(read_vectors(path, layer=layer), grid, bounds=bounds)


def proposals_from(
    features: gpd.GeoDataFrame, grid: Grid, *, bounds: Bounds | None = None
) -> gpd.GeoDataFrame:
    """Return features as proposals: parts of one proposal share its name.

    Parameters
    ----------
    features : GeoDataFrame
        Columns of the world database of protected areas, old (NAME, ORIG_NAME, STATUS) or new (NAME_ENG,
        NAME, STATUS), and of one's own: `proposal`, which the feature belongs to, else its name; `kind`;
        `cost` and `crossing_cost_m` where they are known; a `notice` to be told with every result. Names of
        columns in any case.
    grid : Grid
        Gives the CRS.
    bounds : tuple of float, optional
        Analysis area in degrees; the grid's extent where absent.

    Returns
    -------
    GeoDataFrame
        Columns `proposal`, `name`, `kind`, `status`, `cost` (NaN unknown), `crossing_cost_m` (NaN not given)
        and geometry. `attrs["notes"]` tells what was reprojected, repaired, overlaps or reaches outside.

    Raises
    ------
    InputError, Problems
        I202 no CRS; I223 no proposal at all. All at once: I283 an unknown kind, I284 no name, or one twice,
        I285 a geometry that does not fit the kind or is missing, I286 wholly outside the area, I287 a cost
        that is none.
    """
    if not len(features):
        raise InputError("the file holds no proposal", code="I223", where="proposals")
    if features.crs is None:
        remedy = "Say in the file which coordinate system its coordinates are in."
        raise InputError("the file does not say its CRS", code="I202", where="proposals", remedy=remedy)
    notes: list[str] = []
    frame = features.rename(
        columns={n: str(n).lower() for n in features.columns if n != features.geometry.name}
    )
    if frame.crs != grid.crs:
        notes.append(f"reprojected from {frame.crs.name} to {grid.crs.name}")
        frame = frame.to_crs(grid.crs)
    named = first_filled(frame, ("name_eng", "name", "orig_name"))
    owner = first_filled(frame, ("proposal",))
    if "kind" not in frame:
        notes.append("there is no column kind: every feature is taken as kind protect")
    table = gpd.GeoDataFrame(
        {
            "proposal": owner.where(owner != "", named),
            "name": named.where(named != "", owner),
            "kind": first_filled(frame, ("kind",)).str.lower() if "kind" in frame else "protect",
            "status": first_filled(frame, ("status",)),
            "cost": numbers_of(frame, "cost"),
            "crossing_cost_m": numbers_of(frame, "crossing_cost_m"),
        },
        geometry=repaired(frame, named.where(named != "", owner), notes),
        crs=grid.crs,
    ).reset_index(drop=True)
    drawn = table[table.geometry.notna() & ~table.geometry.is_empty]
    raise_all(
        [
            *name_problems(table, owner.to_numpy()),
            *part_problems(table, frame),
            *outside_problems(drawn, area_polygon(grid, bounds), notes),
        ]
    )
    notes += [*overlap_notes(table), *notices(frame, table["proposal"])]
    table = table[list(COLUMNS)]
    table.attrs["notes"] = tuple(notes)
    return table


def notices(frame: gpd.GeoDataFrame, owners: pd.Series[str]) -> list[str]:
    """Return what the column `notice` says, such as that outlines are stylised, and of which proposals."""
    said = first_filled(frame, ("notice",))
    return [f"{', '.join(owners[said == text].unique())}: {text}" for text in dict.fromkeys(said[said != ""])]


def numbers_of(frame: gpd.GeoDataFrame, column: str) -> np.ndarray:
    """Return a column as numbers; NaN where it is empty or absent, -1 where it is no number."""
    if column not in frame:
        return np.full(len(frame), np.nan)
    given = frame[column].replace("", np.nan)
    numbers = pd.to_numeric(given, errors="coerce").astype("float64")
    return np.asarray(numbers.mask(numbers.isna() & given.notna(), -1.0), dtype=np.float64)


def repaired(frame: gpd.GeoDataFrame, names: pd.Series[str], notes: list[str]) -> gpd.GeoSeries:
    """Return geometries, those that cross themselves mended; each is named in the notes."""
    shapes = frame.geometry.copy()
    problems = invalid_geometries(frame)["problem"]
    for row in problems.index[~problems.isin(["missing", "empty"])]:
        kind = POLYGONS if shapes[row].geom_type in POLYGONS else LINES
        parts = [p for p in shapely.get_parts(shapely.make_valid(shapes[row])) if p.geom_type in kind]
        shapes[row] = shapely.union_all(parts)
        notes.append(f"{names[row] or 'a feature without a name'}: repaired ({problems[row].lower()})")
    return shapes.values


def name_problems(table: gpd.GeoDataFrame, owner: np.ndarray) -> list[CorridorsError]:
    """Return what is wrong with names: none, or one that two features without a `proposal` share."""
    problems: list[CorridorsError] = []
    for row in table.index[table["proposal"] == ""]:
        remedy = "Fill the column proposal, or a name."
        problems.append(InputError("has no name", code="I284", where=f"feature {row + 1}", remedy=remedy))
    alone = table[(owner == "") & (table["proposal"] != "")]
    for name in alone.loc[alone["proposal"].duplicated(), "proposal"].unique():
        what, remedy = "two features have this name", "Say in the column proposal that they are parts of one."
        problems.append(InputError(what, code="I284", where=f"proposal {name}", remedy=remedy))
    return problems


def part_problems(table: gpd.GeoDataFrame, frame: gpd.GeoDataFrame) -> list[CorridorsError]:
    """Return what is wrong with kinds, their geometries and costs."""
    problems: list[CorridorsError] = []
    for row in table.itertuples():
        where = f"proposal {row.proposal or f'feature {row.Index + 1}'}"
        kind = KINDS.get(str(row.kind))
        if kind is None:
            near = get_close_matches(str(row.kind), KINDS, 1)
            what, allowed = "unknown kind", ", ".join(KINDS)
            remedy = f"Did you mean {near[0]}?" if near else ""
            problems.append(
                InputError(
                    what, code="I283", where=where, given=str(row.kind), allowed=allowed, remedy=remedy
                )
            )
        problems += shape_problems(row.geometry, kind.geometry if kind else None, where, str(row.kind))
        for column in ("cost", "crossing_cost_m"):
            if getattr(row, column) < 0:
                what, given = f"{column} is no number of 0 or more", str(frame[column].iloc[row.Index])
                problems.append(InputError(what, code="I287", where=where, given=given))
    return problems


def shape_problems(
    shape: Any, allowed: tuple[str, ...] | None, where: str, kind: str
) -> list[CorridorsError]:
    """Return whether a geometry is missing, or of a type its kind does not have."""
    if shape is None or shape.is_empty:
        return [InputError("has no geometry", code="I285", where=where)]
    if allowed is None or shape.geom_type in allowed:
        return []
    what = f"{kind} cannot be a {shape.geom_type}"
    return [InputError(what, code="I285", where=where, allowed=", ".join(allowed))]


def area_polygon(grid: Grid, bounds: Bounds | None) -> BaseGeometry:
    """Return the area proposals must lie in, in the CRS of the grid."""
    whole = shapely.box(*grid.bounds)
    return whole if bounds is None else whole.intersection(shapely.Polygon(outline(bounds, grid.crs)))


def outside_problems(table: gpd.GeoDataFrame, area: BaseGeometry, notes: list[str]) -> list[CorridorsError]:
    """Return the proposals wholly outside the area; those partly outside are noted."""
    problems: list[CorridorsError] = []
    for name, shapes in table[table["proposal"] != ""].groupby("proposal", sort=False).geometry:
        within = shapes.intersects(area)
        if not within.any():
            what, remedy = "lies wholly outside the analysis area", "Check its coordinates and its CRS."
            problems.append(InputError(what, code="I286", where=f"proposal {name}", remedy=remedy))
        elif not shapes.within(area).all():
            notes.append(f"{name}: reaches beyond the analysis area; what lies outside counts for nothing")
    return problems


def overlap_notes(table: gpd.GeoDataFrame) -> list[str]:
    """Return which polygons overlap, within a proposal (counted once) and between two."""
    polygons = table[table.geometry.geom_type.isin(POLYGONS)]
    notes = []
    for a, b in combinations(polygons.index, 2):
        one, other = polygons.loc[a], polygons.loc[b]
        shared_km2 = shapely.intersection(one.geometry, other.geometry).area / 1e6
        if shared_km2 <= LARGEST_OVERLAP_KM2:
            continue
        if one["proposal"] == other["proposal"]:
            notes.append(f"{one['proposal']}: parts overlap by {shared_km2:.3g} km², which is counted once")
        else:
            pair = f"{one['proposal']} and {other['proposal']}"
            notes.append(f"{pair} overlap by {shared_km2:.3g} km²: together it is counted once")
    return notes


def parts_named(proposals: gpd.GeoDataFrame, names: Any) -> gpd.GeoDataFrame:
    """Return the parts of some proposals, in the order of the file."""
    return proposals[proposals["proposal"].isin(list(names))]
