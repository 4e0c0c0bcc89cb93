"""The best places to restore, as points with numbers: what the score predicts, and what is truly gained."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from corridors.cost import checked_resistance
from corridors.errors import ConfigError
from corridors.restoration.apart import highest_apart
from corridors.restoration.checked import (
    METRICATION,
    check_radii,
    costs_of_cores,
    position_error_km,
    screening,
)
from corridors.restoration.gains import check_restored, gains_at
from corridors.restoration.relief import scene_of
from corridors.restoration.scores import RADII_KM, scores_of_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from corridors.barriers import EdgeCosts
    from corridors.grid import Grid
    from corridors.restoration.checked import Surfaces
    from corridors.restoration.gains import Restored

# Under it, not even a circle crossed for nothing would lower the cost of the link.
HOPELESS = -1.0
COLUMNS = {
    "link_id": "int64",
    "radius_km": "float64",
    "improvement_score": "float64",
    "predicted_gain_m": "float64",
    "exact_gain_m": "float64",
    "exact_gain_percent": "float64",
    "gain_m_per_km": "float64",
    "position_error_km": "float64",
}


def best_places(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    radii_km: Sequence[float] = RADII_KM,
    places_per_link: int = 3,
    exact: bool = True,
    restored: Restored = "disc",
    barriers: EdgeCosts | None = None,
    surfaces: Surfaces | None = None,
    source_error_km: float = 0.0,
) -> gpd.GeoDataFrame:
    """Return the places where restoring a circle of land would lower the cost of a link most.

    For every link, the cell and radius of the highest improvement score are taken, then the highest of those
    whose circle overlaps none taken before, and so on. With `exact`, the link is solved again with each of
    these circles restored, one at a time, and places that bring nothing are left out; scores down to -1 are
    tried, as the score charges a narrow barrier for the whole circle. So the list is the best of those
    tried, and its gains are true; a place the score does not see can be asked for with `exact_gains`.

    Parameters
    ----------
    links, labels, res, radii_km, surfaces, source_error_km
        As for `improvement_scores`.
    places_per_link
        How many places each link gets at most [P].
    exact
        Solve again; otherwise only scores, and only those above 0.
    restored
        What becomes ideal habitat (resistance 1; less stays as it is, and no data stays closed), and free of
        barriers between its cells: the "disc", every cell whose centre is at most the radius away, or what
        lies "inside" its ring, the cells nearer than that.
    barriers
        Costs of crossing lines, from `edge_costs`; those links and `surfaces` were made with.

    Returns
    -------
    GeoDataFrame
        Points indexed by `place_id`, the best gain per kilometre first: `link_id`, `radius_km`,
        `improvement_score`, `predicted_gain_m` (score times diameter), `exact_gain_m` and
        `exact_gain_percent` of the link's cost (NaN without `exact`), `gain_m_per_km` of diameter restored
        (predicted without `exact`), `position_error_km`. `.attrs` state the scale.

    Raises
    ------
    ConfigError, InputError, SolveError
        As `improvement_scores`; C103 fewer than one place per link, an unknown `restored`.

    Notes
    -----
    Candidates by the score of McRae, Hall, Beier and Theobald (2012); gains by solving again, see
    `corridors.restoration.relief`.

    Examples
    --------
    >>> import numpy as np
    >>> from affine import Affine
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> from corridors.links import find_links
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 7))
    >>> suit = grid.like(np.array([[0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.array([[1.0, 1.0, 1.0, 9.0, 1.0, 1.0, 1.0]]), name="resistance")
    >>> links = find_links(cores, labels, res)
    >>> places = best_places(links, labels, res, radii_km=[1.0])
    >>> places[["improvement_score", "exact_gain_m", "gain_m_per_km"]].values.tolist()
    [[4.0, 8000.0, 4000.0]]
    """
    check_restored(restored)
    if places_per_link < 1:
        given, allowed = str(places_per_link), "1 or more"
        raise ConfigError("out of range", code="C103", where="places_per_link", given=given, allowed=allowed)
    grid, resistance = checked_resistance(res)
    check_radii(radii_km, grid)
    error_km = position_error_km(grid, source_error_km)
    costs = costs_of_cores(links, labels, res, barriers=barriers, surfaces=surfaces)
    above = HOPELESS if exact else 0.0
    rows = [
        {
            "link_id": link_id,
            "radius_km": place.radius_km,
            "improvement_score": place.score,
            "predicted_gain_m": place.score * 2000 * place.radius_km,
            "geometry": shapely.Point(grid.xy(place.row, place.column)),
        }
        for link_id in links.index
        for place in highest_apart(
            list(scores_of_links(links.loc[[link_id]], costs, grid, radii_km, above=above)),
            places_per_link,
            above=above,
            cell_size_m=grid.cell_size_m,
        )
    ]
    places = _table(rows, grid).assign(position_error_km=error_km)
    if exact:
        gains = gains_at(places, links, costs, scene_of(grid, resistance, barriers), restored)
        places = places.assign(**gains)[gains["exact_gain_m"].to_numpy() > 0]
    gain_m = places["exact_gain_m"] if exact else places["predicted_gain_m"]
    places["gain_m_per_km"] = gain_m / (2 * places["radius_km"])
    places = places.sort_values("gain_m_per_km", ascending=False, kind="stable")
    places.index = pd.RangeIndex(1, len(places) + 1, name="place_id")
    places.attrs = {"screening": screening(grid, error_km), "metrication": METRICATION}
    return places


def _table(rows: list[dict[str, Any]], grid: Grid) -> gpd.GeoDataFrame:
    columns = {
        name: pd.Series([row.get(name, math.nan) for row in rows], dtype=kind)
        for name, kind in COLUMNS.items()
    }
    points = gpd.GeoSeries([row["geometry"] for row in rows], crs=grid.crs)
    return gpd.GeoDataFrame(columns, geometry=points)
