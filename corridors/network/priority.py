"""Which cores and links to act on first: Linkage Mapper's factors, weighed by whoever decides.

Every factor is brought to 0..1, 1 the best, and the factors are averaged with the weights given. The result
orders places by what somebody said matters; it is no measurement, so `stability` shows how far the order
hangs on the weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.grid import geodesic_area_km2, geodesic_length_km
from corridors.network.checks import missing_columns
from corridors.network.stability import rank_stability, ranked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import geopandas as gpd
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.grid import Grid


class Factor(NamedTuple):
    """The column a factor is read from, which end of it is good, and how it is brought to 0..1."""

    column: str
    good: Literal["high", "low"]
    scale: Literal["by maximum", "by range"]


CORE_FACTORS = {
    "resistance": Factor("mean_resistance", "low", "by maximum"),
    "suitability": Factor("mean_suitability", "high", "by maximum"),
    "size": Factor("area_km2", "high", "by maximum"),
    "shape": Factor("area_to_perimeter_km", "high", "by maximum"),
    "centrality": Factor("current_flow", "high", "by maximum"),
    "expert": Factor("expert_value", "high", "by maximum"),
}
LINK_FACTORS = {
    "closeness": Factor("path_length_km", "low", "by range"),
    "permeability": Factor("path_to_cwd", "high", "by range"),
    "core_value": Factor("core_value", "high", "by range"),
    "expert": Factor("expert_value", "high", "by range"),
}


def core_priority(cores: pd.DataFrame, *, weights: Mapping[str, float], spread: float = 0.5) -> pd.DataFrame:
    """Return the value of every core by the factors that have a weight, and its rank.

    Parameters
    ----------
    cores : DataFrame indexed by core_id
        With the columns of the factors weighed: resistance `mean_resistance` (low is good), suitability
        `mean_suitability`, size `area_km2`, shape `area_to_perimeter_km`, centrality `current_flow` (of
        `centrality`), expert `expert_value`.
    weights : mapping
        Weight of each factor, >= 0, at least one of them > 0; they are divided by their sum.
    spread : float
        How far weights may be off, for the stability of ranks: 0.5 is half as much to half as much again.

    Returns
    -------
    DataFrame indexed by core_id
        A column `score_<factor>` (0..1) per factor weighed, `core_value` (0..1: their mean, then by range),
        `rank`, 1 the highest, and the columns of `rank_stability`.

    Raises
    ------
    InputError
        I293 unknown factors or weights that cannot be, I251 a missing column, I294 a value that is missing.

    References
    ----------
    The core area value of Linkage Priority (Gallo and Greene 2018): x / max, or (max + min - x) / max where
    low is good; the sum brought to its own range.
    """
    scores, shares = _scores(cores, weights, CORE_FACTORS, "cores")
    value = _by_range((scores * shares).sum(axis=1), "high")
    return pd.concat(
        [scores, value.rename("core_value"), ranked(value), rank_stability(scores, shares, spread=spread)],
        axis=1,
    )


def link_priority(
    links: pd.DataFrame, core_value: pd.Series, *, weights: Mapping[str, float], spread: float = 0.5
) -> pd.DataFrame:
    """Return the priority of every link by the factors that have a weight, and its rank.

    Parameters
    ----------
    links : DataFrame indexed by link_id
        With `core_a`, `core_b`, `path_length_km`, `cost_distance_m`; for expert `expert_value`.
    core_value : Series
        `core_value` of `core_priority`.
    weights : mapping
        Weight of each factor, >= 0, at least one of them > 0; they are divided by their sum: closeness (a
        short path), permeability (path length over cost distance), core_value (mean of the two cores),
        expert.
    spread : float
        As for `core_priority`.

    Returns
    -------
    DataFrame indexed by link_id
        A column `score_<factor>` (0..1) per factor weighed, `priority` (0..1), `rank`, 1 the highest, and the
        columns of `rank_stability`.

    Raises
    ------
    InputError
        I293 unknown factors or weights that cannot be, I251 a missing column, I294 a value that is missing.

    References
    ----------
    The corridor specific priority of Linkage Priority (Gallo and Greene 2018): (x - min) / (max - min), or
    (max - x) / (max - min) where low is good. Where all are equal all count 1.

    Examples
    --------
    >>> links = pd.DataFrame({"core_a": [1, 1], "core_b": [2, 3]}, index=pd.Index([1, 2], name="link_id"))
    >>> links = links.assign(path_length_km=[5.0, 9.0], cost_distance_m=[9000.0, 9000.0])
    >>> value = pd.Series({1: 1.0, 2: 0.2, 3: 0.6})
    >>> link_priority(links, value, weights={"closeness": 2, "permeability": 1})["priority"].round(3).tolist()
    [0.667, 0.333]
    """
    raise_all(missing_columns(links, ("core_a", "core_b", "path_length_km", "cost_distance_m"), "links"))
    cost_km = links["cost_distance_m"] / 1000
    known = links.assign(
        path_to_cwd=np.where(cost_km > 0, links["path_length_km"] / cost_km.where(cost_km > 0, 1.0), 1.0),
        core_value=(core_value.reindex(links["core_a"]).array + core_value.reindex(links["core_b"]).array)
        / 2,
    )
    scores, shares = _scores(known, weights, LINK_FACTORS, "links")
    value = (scores * shares).sum(axis=1).rename("priority")
    return pd.concat([scores, value, ranked(value), rank_stability(scores, shares, spread=spread)], axis=1)


def blended_priority(
    slacks: Iterable[tuple[int, NDArray[np.float64]]],
    priority: pd.Series,
    grid: Grid,
    *,
    slack_m: float,
    corridor_weight: float = 0.5,
    link_weight: float = 0.5,
) -> xr.DataArray:
    """Return priority as a map: of all corridors through a cell the one that scores highest there.

    Parameters
    ----------
    slacks : iterable of (link_id, array)
        Slack of every cell for each link in metres of ideal habitat, as `corridors.corridor.slack_of_links`
        yields it; inf where the link cannot pass.
    priority : Series indexed by link_id
        `priority` of `link_priority`, 0..1.
    grid : Grid
        The grid of the arrays.
    slack_m : float
        Where a corridor ends, > 0.
    corridor_weight, link_weight : float
        Weights of the place within the corridor, 1 on the least-cost path and 0 where the corridor ends, and
        of the link's priority; >= 0, not both 0. They are divided by their sum.

    Returns
    -------
    DataArray
        0..1, NaN outside all corridors.

    Raises
    ------
    InputError
        I201 an array of another shape, I293 weights or a slack that cannot be.

    References
    ----------
    Blended priority of Linkage Priority (Gallo and Greene 2018); here the inverse is taken on 0 to `slack_m`,
    not on the smallest and largest slack a raster happens to hold.
    """
    weights = {"corridor_weight": corridor_weight, "link_weight": link_weight}
    raise_all([*_weight_problems(weights, weights, "blend"), *_slack_problems(slack_m)])
    total = corridor_weight + link_weight
    best = np.full(grid.shape, np.nan)
    for link_id, slack in slacks:
        if slack.shape != grid.shape:
            what, given = "its slack does not lie on the grid", f"{slack.shape} cells"
            allowed = f"{grid.shape}"
            raise InputError(what, code="I201", where=f"link {link_id}", given=given, allowed=allowed)
        within = slack <= slack_m
        share = (corridor_weight * (1 - slack[within] / slack_m) + link_weight * priority[link_id]) / total
        best[within] = np.fmax(best[within], share)
    return grid.like(best, name="blended_priority", units="1")


def area_to_perimeter_km(cores: gpd.GeoDataFrame) -> pd.Series:
    """Return the shape of every core: its area over the length of its edge, in km; larger is rounder.

    Holes have edges too. A larger core of the same form has a larger value.
    """
    areas = [geodesic_area_km2(outline, cores.crs) for outline in cores.geometry]
    edges = [geodesic_length_km(outline.boundary, cores.crs) for outline in cores.geometry]
    return pd.Series(np.divide(areas, edges), index=cores.index, name="area_to_perimeter_km")


def _scores(
    table: pd.DataFrame, weights: Mapping[str, float], factors: Mapping[str, Factor], where: str
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """Return the scores of the factors that have a weight, 0..1, and their weights, which sum to 1."""
    raise_all(_weight_problems(weights, factors, where))
    weighed = [name for name in factors if weights.get(name, 0) > 0]
    raise_all(missing_columns(table, tuple(factors[name].column for name in weighed), where))
    raise_all(_value_problems(table[[factors[name].column for name in weighed]], where))
    scores = pd.DataFrame(index=table.index)
    for name in weighed:
        column, good, scale = factors[name]
        scaled = _by_range if scale == "by range" else _by_maximum
        scores[f"score_{name}"] = scaled(table[column].astype(float), good)
    shares = np.array([weights[name] for name in weighed], dtype=float)
    return scores, shares / shares.sum()


def _by_range(values: pd.Series, good: str) -> pd.Series:
    """Return values between the smallest and the largest, 1 the good end; all 1 where they are equal."""
    width = values.max() - values.min()
    if not width > 0:
        return pd.Series(1.0, index=values.index)
    above: pd.Series[float] = (values - values.min()) / width
    return above if good == "high" else 1 - above


def _by_maximum(values: pd.Series, good: str) -> pd.Series:
    """Return values over the largest, turned round where low is good; all 0 where none is above 0."""
    largest = values.max()
    if not largest > 0:
        return pd.Series(0.0, index=values.index)
    share: pd.Series[float] = values / largest
    return share if good == "high" else 1 + share.min() - share


def _weight_problems(
    weights: Mapping[str, float], factors: Iterable[str], where: str
) -> Iterator[CorridorsError]:
    allowed = ", ".join(factors)
    for name, weight in weights.items():
        if name not in set(factors):
            yield InputError(
                f"{name} is no factor", code="I293", where=f"weights of {where}", allowed=allowed
            )
        if not (np.isfinite(weight) and weight >= 0):
            what, given = f"the weight of {name} must be 0 or more", f"{weight:g}"
            yield InputError(what, code="I293", where=f"weights of {where}", given=given)
    if not any(weight > 0 for weight in weights.values()):
        yield InputError("no weight is above 0", code="I293", where=f"weights of {where}")


def _slack_problems(slack_m: float) -> Iterator[CorridorsError]:
    if not (np.isfinite(slack_m) and slack_m > 0):
        yield InputError("a corridor has no width", code="I293", where="slack_m", given=f"{slack_m:g}")


def _value_problems(table: pd.DataFrame, where: str) -> Iterator[CorridorsError]:
    for column in table:
        known = np.isfinite(table[column].to_numpy(dtype=float))
        if not known.all():
            rows = ", ".join(map(str, table.index[~known][:5]))
            what = f"{column} is missing in {int((~known).sum())} rows, the first {rows}"
            yield InputError(
                what, code="I294", where=where, remedy="Fill it in, or give the factor no weight."
            )
