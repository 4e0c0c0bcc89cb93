"""Which segment of a road, a railway or a fence to open: what each brings to the links."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import ndimage

from corridors.barriers.lines import checked_lines
from corridors.cost import checked_resistance
from corridors.cost.sources import listed
from corridors.errors import ConfigError, InputError
from corridors.grid import geodesic_length_km
from corridors.restoration.checked import costs_of_cores, link_ends, position_error_km, screening
from corridors.restoration.relief import relieved_cost_m, scene_of
from corridors.restoration.reliefs import REACH_CELLS, BarrierLines, costs_of_lines, opening_reliefs
from corridors.restoration.segments import line_segments

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.grid import Grid
    from corridors.restoration.checked import Costs, Surfaces

SEGMENT_KM = 1.0  # [P]
NEAR_CELLS = REACH_CELLS + 1  # both ends of every step an opening changes lie that near to it
COLUMNS = {
    "rank": "int64",
    "layer": "object",
    "class": "object",
    "length_km": "float64",
    "link_id": "int64",
    "gain_m": "float64",
    "gain_percent": "float64",
    "links_n": "int64",
    "weighted_gain_m": "float64",
    "position_error_km": "float64",
}


def opening_gains(
    layers: Mapping[str, BarrierLines],
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    segment_km: float = SEGMENT_KM,
    together_m: float = 0.0,
    weights: Mapping[int, float] | None = None,
    surfaces: Surfaces | None = None,
    source_error_km: float = 0.0,
) -> gpd.GeoDataFrame:
    """Return the segments of barriers by what opening each of them, alone, takes off the cost of links.

    Lines are joined to what is one line on the ground, cut into segments, and every segment is opened in
    turn: crossing it costs nothing, as at a gate of its whole length. The links near it are solved again,
    exactly, so that a path may cross an opened segment more than once. A barrier beside it stays as it is:
    where a railway runs along a road, opening the road alone brings little; see `together_m`. Cores that no
    path joins have no link, so an opening that would join them is not counted here.

    Parameters
    ----------
    layers
        The lines of every layer and what crossing them costs; all that links and `surfaces` were made with.
    links, labels, res, source_error_km
        As for `improvement_scores`.
    segment_km
        Greatest length of a segment [P]; no shorter than a cell.
    together_m
        Lines of all layers within this distance of a segment are opened with it, as by one bridge over road
        and railway. 0 opens what lies within the layer's own `merge_within_m`, such as the other
        carriageway.
    weights
        What links count in the sum, by `link_id`; 1 where absent. >= 0.
    surfaces
        Cost surface of every core, as `cost_surfaces` yields them, if at hand.

    Returns
    -------
    GeoDataFrame
        Lines indexed by `segment_id`, the highest sum first; segments that bring nothing, or lie outside the
        raster, are left out.
        `rank`; `layer`, `class`; `length_km`, geodesic; `link_id`, the link that gains most; `gain_m` and
        `gain_percent`, what it gains, metres of ideal habitat and percent of its cost; `links_n`, how many
        gain; `weighted_gain_m`, the sum over links of weight times gain; `position_error_km`. `.attrs` state
        the scale.

    Raises
    ------
    ConfigError
        C103 a length, distance or weight out of its range, no layer.
    InputError, SolveError
        As `edge_costs` and `improvement_scores`; I230 a weight of a link that is not there.

    Examples
    --------
    >>> import numpy as np
    >>> from affine import Affine
    >>> from corridors.barriers import edge_costs
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> from corridors.links import find_links
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 5))
    >>> suit = grid.like(np.array([[0.9, 0.1, 0.1, 0.1, 0.9]]), name="suitability")
    >>> cores, labels = core_areas(suit, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.ones((1, 5)), name="resistance")
    >>> road = gpd.GeoSeries.from_wkt(["LINESTRING (502000 4799000, 502000 4800000)"], crs=grid.crs)
    >>> road = road.to_frame("geometry")
    >>> barriers = edge_costs(road, grid, crossing_cost_m=25_000)
    >>> links = find_links(cores, labels, res, barriers=barriers)
    >>> opened = opening_gains({"roads": BarrierLines(road, 25_000)}, links, labels, res)
    >>> opened[["rank", "link_id", "gain_m"]].values.tolist()
    [[1.0, 1.0, 25000.0]]
    """
    grid, resistance = checked_resistance(res)
    weight_of = _checked_options(layers, segment_km, together_m, weights, links, grid)
    error_km = position_error_km(grid, source_error_km)
    barriers = costs_of_lines(layers, grid)
    costs = costs_of_cores(links, labels, res, barriers=barriers, surfaces=surfaces)
    segments = _segments(layers, segment_km, grid)
    width_m = max([together_m, *(layer.merge_within_m for layer in layers.values())])
    near = NEAR_CELLS + math.ceil(width_m / grid.cell_size_m)
    segments = segments[_near(segments, links, costs, grid, near)]
    reliefs = dict(opening_reliefs(segments, layers, grid, together_m=together_m))
    scene = scene_of(grid, resistance, barriers)
    gains: list[tuple[int, int, float, float]] = []
    for link in link_ends(links, costs, grid):
        for segment_id, relief in reliefs.items():
            gain_m = link.cost_m - relieved_cost_m(scene, relief, link)
            if gain_m > 0:
                gains.append((segment_id, link.link_id, gain_m, 100 * gain_m / link.cost_m))
    table = _ranked(gains, segments, weight_of).assign(position_error_km=error_km)
    table = table[[*COLUMNS, "geometry"]].astype(COLUMNS)
    table.attrs = {"screening": screening(grid, error_km)}
    return table


def _segments(layers: Mapping[str, BarrierLines], segment_km: float, grid: Grid) -> gpd.GeoDataFrame:
    """Return the segments of all layers, numbered from 1."""
    parts = []
    for name, layer in layers.items():
        lines = checked_lines(layer.lines, grid)
        if isinstance(layer.crossing_cost_m, Mapping):
            lines = lines[lines[layer.class_column].isin(list(layer.crossing_cost_m))]
        parts.append(line_segments(lines, segment_km=segment_km, class_column=layer.class_column))
        parts[-1]["layer"] = name
    segments = pd.concat(parts, ignore_index=True)
    index = pd.RangeIndex(1, len(segments) + 1, name="segment_id")
    return gpd.GeoDataFrame(segments, geometry="geometry", crs=grid.crs).set_index(index)


def _checked_options(
    layers: Mapping[str, BarrierLines],
    segment_km: float,
    together_m: float,
    weights: Mapping[int, float] | None,
    links: gpd.GeoDataFrame,
    grid: Grid,
) -> dict[int, float]:
    """Return the weight of every link, after checking the options."""
    if not layers:
        raise ConfigError("there is no barrier", code="C103", where="layers", allowed="one or more")
    if not (math.isfinite(together_m) and together_m >= 0):
        given = f"{together_m:g} m"
        raise ConfigError("out of range", code="C103", where="together_m", given=given, allowed=">= 0")
    cell_km = grid.cell_size_m / 1000
    if not (math.isfinite(segment_km) and segment_km >= cell_km * (1 - 1e-9)):
        given, allowed = f"{segment_km:g} km", f"a cell at least, {cell_km:g} km"
        raise ConfigError("out of range", code="C103", where="segment_km", given=given, allowed=allowed)
    weight_of = dict.fromkeys(links.index.tolist(), 1.0) | dict(weights or {})
    strange = sorted(set(weight_of) - set(links.index))
    if strange:
        what = f"there is no link {listed(strange)}"
        raise InputError(what, code="I230", where="weights")
    wrong = [i for i, weight in weight_of.items() if not (math.isfinite(weight) and weight >= 0)]
    if wrong:
        what, given = "a weight must be a number", f"links {listed(wrong)}"
        raise ConfigError(what, code="C103", where="weights", given=given, allowed="0 or more")
    return weight_of


def _near(
    segments: gpd.GeoDataFrame, links: gpd.GeoDataFrame, costs: Costs, grid: Grid, cells: int
) -> NDArray[np.bool_]:
    """Return which segments lie where a way, free of cost there, could cost less than a link does."""
    hopeful = np.zeros(grid.shape, dtype=bool)
    for link in link_ends(links, costs, grid):
        ends = (
            ndimage.minimum_filter(cost, 2 * cells + 1, mode="nearest") for cost in (link.from_a, link.from_b)
        )
        hopeful |= sum(ends) < link.cost_m
    points = shapely.segmentize(segments.geometry.to_numpy(), grid.cell_size_m / 2)
    xy, segment = shapely.get_coordinates(points, return_index=True)
    left, _, _, top = grid.bounds
    columns = np.floor((xy[:, 0] - left) / grid.cell_size_m).astype(np.int64)
    rows = np.floor((top - xy[:, 1]) / grid.cell_size_m).astype(np.int64)
    within = (rows >= 0) & (columns >= 0) & (rows < grid.shape[0]) & (columns < grid.shape[1])
    within[within] = hopeful[rows[within], columns[within]]
    near = np.zeros(len(segments), dtype=bool)
    near[segment[within]] = True
    return near


def _ranked(
    gains: list[tuple[int, int, float, float]], segments: gpd.GeoDataFrame, weight_of: Mapping[int, float]
) -> gpd.GeoDataFrame:
    """Return a row per segment that brings anything, the highest sum first."""
    found = pd.DataFrame(gains, columns=["segment_id", "link_id", "gain_m", "gain_percent"])
    found["weighted_gain_m"] = found["gain_m"] * found["link_id"].map(weight_of)
    by_segment = found.groupby("segment_id")
    best = found.sort_values(["gain_m", "link_id"], ascending=[False, True]).drop_duplicates("segment_id")
    table = best.set_index("segment_id").drop(columns="weighted_gain_m")
    table["links_n"] = by_segment.size()
    table["weighted_gain_m"] = by_segment["weighted_gain_m"].sum()
    table = table.sort_index().sort_values("weighted_gain_m", ascending=False, kind="stable")
    table["rank"] = np.arange(1, len(table) + 1)
    lines = segments.loc[table.index]
    table[["layer", "class"]] = lines[["layer", "class"]]
    table["length_km"] = [geodesic_length_km(line, segments.crs) for line in lines.geometry]
    return gpd.GeoDataFrame(table, geometry=lines.geometry, crs=segments.crs)
