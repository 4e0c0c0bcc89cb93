"""Corridors as polygons, cut by one named rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.cores.outlines import area_km2, label_polygons
from corridors.corridor.mosaic import slack_of_links
from corridors.corridor.width import slack_for_width
from corridors.cost import label_array
from corridors.cost.windows import placed
from corridors.errors import ConfigError
from corridors.grid import Grid, same_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from corridors.barriers import EdgeCosts

    Surfaces = Mapping[int, xr.DataArray]

Rule = Literal["slack_m", "percent", "width_km"]
RULE_TEXTS = {
    "slack_m": "at most {:g} m of slack",
    "percent": "at most {:g} % over the least cost",
    "width_km": "{:g} km wide",
}
COLUMNS = {
    "core_a": "int64",
    "core_b": "int64",
    "rule": "object",
    "slack_m": "float64",
    "area_km2": "float64",
    "cwd_to_euclid": "float64",
    "mean_resistance": "float64",
}


def corridor_polygons(
    links: gpd.GeoDataFrame,
    labels: xr.DataArray,
    res: xr.DataArray,
    *,
    rule: Rule = "slack_m",
    value: float = 10_000,
    barriers: EdgeCosts | None = None,
    surfaces: Surfaces | None = None,
) -> gpd.GeoDataFrame:
    """Return the corridor of every link as a polygon, cut by one rule; the cells of cores are left out.

    Parameters
    ----------
    links, labels, res, barriers, surfaces
        As in `least_cost_corridors`.
    rule
        "slack_m": every cell with at most `value` metres of slack. "percent": slack of at most `value`
        percent of the link's least cost. "width_km": the smallest slack (to 1 %) at which a disc `value`
        kilometres wide can move from core to core within the corridor.
    value
        Of the rule, > 0.

    Returns
    -------
    GeoDataFrame
        Indexed by `link_id`. A link without a polygon (two cores that touch and fill the corridor, or one
        that is nowhere as wide as asked) has no row, but an entry in `.attrs["notes"]`: a code and a text.

    Raises
    ------
    ConfigError
        C103 an unknown rule or a value that is not positive.
    InputError, SolveError
        As `least_cost_corridors`.
    """
    if rule not in get_args(Rule):
        allowed = ", ".join(get_args(Rule))
        raise ConfigError("unknown rule", code="C103", where="rule", given=str(rule), allowed=allowed)
    if not value > 0:
        raise ConfigError("out of range", code="C103", where="value", given=f"{value:g}", allowed="> 0")
    grid, cores = same_grid(labels, res), label_array(labels)
    rows: dict[int, dict[str, Any]] = {}
    notes = []
    for link_id, window, part in slack_of_links(links, labels, res, barriers=barriers, surfaces=surfaces):
        link, slack = links.loc[link_id], placed(part, window, grid.shape)
        slack_m = _slack_of_rule(rule, value, slack, cores, link, grid)
        if slack_m is None:
            notes.append(
                ("L111", f"Link {link_id} is nowhere {value:g} km wide; it has no corridor polygon.")
            )
            continue
        polygon = label_polygons((slack <= slack_m) & (cores == 0), grid).get(1)
        if polygon is None:
            notes.append(
                ("L112", f"The corridor of link {link_id} lies inside core areas; it has no polygon.")
            )
            continue
        rows[link_id] = {"rule": RULE_TEXTS[rule].format(value), **_columns(link, slack_m, polygon, grid)}
    table = _table(rows, grid)
    table.attrs["notes"] = notes
    return table


def _slack_of_rule(
    rule: Rule,
    value: float,
    slack: NDArray[np.float64],
    cores: NDArray[np.int64],
    link: pd.Series[Any],
    grid: Grid,
) -> float | None:
    """Return the slack at which the corridor of a link is cut; None where no slack fulfils the rule."""
    if rule == "slack_m":
        return float(value)
    if rule == "percent":
        return float(value) / 100 * float(link["cost_distance_m"])
    ends = cores == int(link["core_a"]), cores == int(link["core_b"])
    return slack_for_width(slack, ends, value * 1000 / grid.cell_size_m, first_guess=grid.cell_size_m)


def _columns(link: pd.Series[Any], slack_m: float, polygon: BaseGeometry, grid: Grid) -> dict[str, Any]:
    return {
        "core_a": int(link["core_a"]),
        "core_b": int(link["core_b"]),
        "slack_m": slack_m,
        "area_km2": area_km2(polygon, grid),
        "cwd_to_euclid": float(link["cwd_to_euclid"]),
        "mean_resistance": float(link["mean_resistance"]),
        "geometry": polygon,
    }


def _table(rows: dict[int, dict[str, Any]], grid: Grid) -> gpd.GeoDataFrame:
    index = pd.Index(list(rows), dtype="int64", name="link_id")
    columns = {
        name: pd.Series([row[name] for row in rows.values()], index=index, dtype=kind)
        for name, kind in COLUMNS.items()
    }
    polygons = gpd.GeoSeries([row["geometry"] for row in rows.values()], index=index, crs=grid.crs)
    return gpd.GeoDataFrame(columns, index=index, geometry=polygons)
