"""Protected connected land (ProtConn) per country and jointly, from outlines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.grid import geodesic_area_km2
from corridors.network.adjacency import part_of
from corridors.network.checks import dispersal_problems
from corridors.network.gaps import gaps_between
from corridors.network.protconn import protconn
from corridors.network.protected_land import OUTSIDE, cut_along_borders, joined, land_of
from corridors.network.sums import decay_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from corridors.network.adjacency import Progress
    from corridors.network.protected_land import Geometries, Pieces

ALL = "all"
UNCONNECTED = 1e-6
"""Probability below which two areas count as not connected: twenty times the distance at which it is 0.5.
All of them together change the square of ECA by less than this part of the square of what is protected."""
SLIVER_M2 = 1.0
"""Pieces and overlaps smaller than this are left by rounding where outlines meet."""


def protected_connected(
    protected_areas: gpd.GeoDataFrame,
    countries: gpd.GeoDataFrame,
    *,
    dispersal_km: Sequence[float],
    probability: float = 0.5,
    incomplete: Collection[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return how much land is protected and connected (ProtConn), per country and jointly.

    Parameters
    ----------
    protected_areas : GeoDataFrame
        Polygons, those beyond the countries too: they serve as stepping stones. A column `name` names them in
        notes. Overlapping areas are counted once, and a note says by how much they overlap.
    countries : GeoDataFrame
        Column `country` and polygons that do not overlap, in the same CRS; together they are the region.
    dispersal_km : sequence of float
        Straight distances, edge to edge, at which the probability of dispersal is `probability`, > 0.
    probability : float
        Between 0 and 1, both excluded.
    incomplete : collection of str
        Countries whose protected areas are known not to be complete.
    threads : int, optional
        As many as there are processors by default; the numbers do not depend on it.
    progress : callable, optional
        Told the fraction done, 0 to 1.

    Returns
    -------
    DataFrame
        A row per dispersal distance and country, and "all" for the region: `dispersal_km`, `country`,
        `region_km2`, `protected_km2`, `nodes` (pieces of protected land that hang together), the columns of
        `protconn`, and `incomplete`, the incomplete countries the row rests on: its own, or one near enough
        to lend it stepping stones. `attrs["notes"]` says what to know.

    Raises
    ------
    InputError
        I202 another CRS, I203 none, I204 one in degrees, I225 an outline that crosses itself, I256, I257
        dispersal distances or a probability that cannot be, I260 no column `country`, I297 a geometry that is
        no polygon with an area.

    Notes
    -----
    Areas are geodesic, distances those of the CRS. Pairs with a probability below 1e-6 are not connected
    directly. A protected area in several pieces counts as several.

    References
    ----------
    Saura et al. (2017), Ecol. Indic. 76, 144-158; Saura et al. (2018), Biol. Conserv. 219, 53-67.
    """
    raise_all([*dispersal_problems(dispersal_km, probability), *_vector_problems(protected_areas, countries)])
    metre = protected_areas.crs.axis_info[0].unit_conversion_factor
    outlines = countries.geometry.groupby(countries["country"].to_numpy()).agg(joined).sort_index()
    single = shapely.get_parts(protected_areas.geometry.to_numpy())
    protected = joined(single)
    pieces = cut_along_borders(protected, outlines, protected_areas.crs, SLIVER_M2 / metre**2)
    decay = decay_of(np.array(dispersal_km, dtype=float), probability)
    reach_km = -math.log(UNCONNECTED) / float(decay.rates.min())
    reach = 1000 * reach_km / metre
    pairs, gaps = gaps_between(pieces.outlines, reach, threads=threads, progress=part_of(progress, 0, 2))
    region_km2 = {name: geodesic_area_km2(outline, countries.crs) for name, outline in outlines.items()}
    scopes = {name: np.array([number]) for number, name in enumerate(outlines.index)}
    scopes[ALL] = np.arange(len(outlines))
    tables = []
    for name, members in scopes.items():
        scope, inside = joined(outlines.iloc[members]), np.isin(pieces.country, members)
        land = land_of(pieces, protected, inside, scope, single, pairs, gaps * metre / 1000, countries.crs)
        size = sum(region_km2[country] for country in outlines.index[members])
        found = {
            "dispersal_km": np.array(dispersal_km, dtype=float),
            "country": name,
            "region_km2": size,
            "protected_km2": float(land.areas_km2.sum()),
            "nodes": len(np.unique(land.node[land.inside])),
            **protconn(land, region_km2=size, decay=decay, threads=threads),
            "incomplete": _rests_on(incomplete, scope, outlines, reach),
        }
        tables.append(pd.DataFrame(found))
        if progress is not None:
            progress((1 + len(tables) / len(scopes)) / 2)
    table = pd.concat(tables, ignore_index=True).sort_values("dispersal_km", kind="stable", ignore_index=True)
    table.attrs["notes"] = tuple(
        _notes(protected_areas, outlines, single, pieces, reach_km, SLIVER_M2 / metre**2)
    )
    return table


def _rests_on(incomplete: Collection[str], scope: BaseGeometry, outlines: gpd.GeoSeries, reach: float) -> str:
    """Return the incomplete countries that lie in the region or within reach of it."""
    known = [name for name in outlines.index if name in set(incomplete)]
    near = [name for name in known if shapely.dwithin(scope, outlines[name], reach)]
    return ", ".join(near)


def _notes(
    protected_areas: gpd.GeoDataFrame,
    outlines: gpd.GeoSeries,
    single: Geometries,
    pieces: Pieces,
    reach_km: float,
    sliver: float,
) -> Iterator[str]:
    """Yield what to know: overlaps, areas wholly outside, no protected area, and how far is far."""
    if not (pieces.country != OUTSIDE).any():
        yield "no protected area lies in the region: nothing is connected"
    overlap = sum(part.area for part in single) - sum(piece.area for piece in pieces.outlines)
    if overlap > sliver * len(single):
        covered = sum(piece.area for piece in pieces.outlines)
        yield f"protected areas overlap on {100 * overlap / covered:.3g} % of their land: it is counted once"
    region = joined(outlines)
    outside = ~shapely.intersects(protected_areas.geometry.to_numpy(), region)
    if outside.any():
        names = protected_areas.get("name", protected_areas.index.to_series())
        named = ", ".join(str(name) for name in names[outside][:5])
        more = ", ..." if outside.sum() > 5 else ""
        areas = f"{outside.sum()} protected areas lie wholly outside the region ({named}{more})"
        yield f"{areas}: they serve as stepping stones only"
    yield f"protected areas more than {reach_km:.4g} km apart are not connected directly"


def _vector_problems(
    protected_areas: gpd.GeoDataFrame, countries: gpd.GeoDataFrame
) -> Iterator[CorridorsError]:
    if "country" not in countries:
        given = ", ".join(map(str, countries.columns))
        yield InputError("has no column country", code="I260", where="countries", given=given)
    elif not len(countries):
        yield InputError("holds no country", code="I260", where="countries")
    for where, frame in (("protected areas", protected_areas), ("countries", countries)):
        yield from _geometry_problems(where, frame)
    if protected_areas.crs is not None and countries.crs is not None and protected_areas.crs != countries.crs:
        given, allowed = protected_areas.crs.name, countries.crs.name
        yield InputError(
            "lie in another CRS", code="I202", where="protected areas", given=given, allowed=allowed
        )


def _geometry_problems(where: str, frame: gpd.GeoDataFrame) -> Iterator[CorridorsError]:
    if frame.crs is None:
        yield InputError("has no CRS", code="I203", where=where, remedy="Set assume_crs.")
    elif not frame.crs.is_projected:
        what, remedy = "lies in degrees, which are no distances", "Project it."
        yield InputError(what, code="I204", where=where, given=frame.crs.name, remedy=remedy)
    for row, outline in zip(frame.index, frame.geometry, strict=True):
        place = f"{where}, row {row}"
        if outline is None or outline.geom_type not in ("Polygon", "MultiPolygon") or not outline.area > 0:
            given = "nothing" if outline is None else outline.geom_type
            yield InputError("must be a polygon with an area", code="I297", where=place, given=given)
        elif not outline.is_valid:
            remedy = "Mend the polygon, for instance with Fix geometries in QGIS."
            yield InputError("the outline crosses itself", code="I225", where=place, remedy=remedy)
