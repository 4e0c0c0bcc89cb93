"""Fence scenarios: no fence, one that can be crossed at a cost, a sealed one, and either with gates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.border.fences.gates import Search, best_gates, fence_segments, steps_across, ways_of
from corridors.border.fences.land import land_of
from corridors.border.fences.links import core_rows, link_rows, prepared, stacked, with_resistances
from corridors.border.fences.network import (
    connected_km2,
    decay_in,
    habitat_km2,
    joined,
    reaches_m,
    weights_of,
    within_cores_m,
)
from corridors.border.fences.protected import costs_between, protected_under, reserves_of
from corridors.border.outlines import by_id, require_crs
from corridors.errors import ConfigError, raise_all
from corridors.grid import Grid
from corridors.restoration.checked import position_error_km
from corridors.schema import TABLES, VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.border.fences.land import Land
    from corridors.border.fences.network import Joined
    from corridors.cost import Workers
    from corridors.network.graph import NodeWeight
    from corridors.network.sums import Decay

    Floats = NDArray[np.float64]

NONE = "none"
SEGMENT_KM = 5.0  # [P]
GATES = 3  # [P]


@dataclass(frozen=True, eq=False)
class FenceScenarios:
    """What a fence does, scenario by scenario.

    Parameters
    ----------
    scenarios
        Columns of the table "fence_scenarios": a row per scenario and dispersal distance.
    links
        Columns of the table "fence_links": a row per scenario and link, and per core area the fence cuts.
    protected
        Columns of the table "fence_protected": a row per scenario and country; without rows where there are
        no protected areas or no countries.
    gates
        Lines, columns of the vector "gates": the stretches of the fence where a gate brings anything, those
        to open first in front. Without rows where gates were given.
    notes
        What to know.
    """

    scenarios: pd.DataFrame
    links: pd.DataFrame
    protected: pd.DataFrame
    gates: gpd.GeoDataFrame
    notes: tuple[str, ...]


class Scenario(NamedTuple):
    """A state of the fence: its name, what a crossing costs, how many gates are open, and all barriers.

    `between` is what the ways from the parts the fence matters to, to all parts, cost then.
    """

    name: str
    crossing_cost_m: float
    gates_n: int
    edges: EdgeCosts | None
    between: Floats


class Network(NamedTuple):
    """The network of core areas, and how the probability of dispersal falls with cost in it."""

    joined: Joined
    weights: Floats
    decay: Decay


def fence_scenarios(  # noqa: PLR0913 - a fence, a land, and how it is judged
    fence: gpd.GeoDataFrame,
    cores: gpd.GeoDataFrame,
    labels: xr.DataArray,
    links: gpd.GeoDataFrame,
    res: xr.DataArray,
    *,
    crossing_cost_m: float,
    dispersal_km: Sequence[float],
    name: str = "fence",
    barriers: EdgeCosts | None = None,
    gates: gpd.GeoDataFrame | None = None,
    gates_n: int = GATES,
    segment_km: float = SEGMENT_KM,
    slack_m: float | Mapping[int, float] = 0.0,
    node_weight: NodeWeight = "quality_area",
    suit: xr.DataArray | None = None,
    landscape_km2: float | None = None,
    protected_areas: gpd.GeoDataFrame | None = None,
    countries: gpd.GeoDataFrame | None = None,
    source_error_km: float = 0.0,
    workers: int | Workers = 1,
) -> FenceScenarios:
    """Return what a fence does to links, core areas and protected areas: none, permeable, sealed, with gates.

    Scenarios are "none", "permeable" and "sealed", and "permeable, gates" and "sealed, gates" where gates are
    given or found. All other barriers stay as they are. The neighbours of core areas are those of `links`;
    each link is solved anew where the fence crosses its path, and costs what it did where not. A core area
    the fence cuts is a connection itself: its parts are nodes of the network, and its row in the table of
    links tells the cost between the hearts of its two largest parts, their points deepest inside.

    Parameters
    ----------
    fence : GeoDataFrame
        Lines, such as a border of `border_lines`.
    cores, labels, links, res
        Core areas, their raster, the links between them without the fence (from `find_links`), resistance.
    crossing_cost_m : float
        Of the permeable fence, metres of ideal habitat, >= 0 and finite.
    dispersal_km : sequence of float
        As for `connectivity_indices`; gates and ProtConn go by the first.
    name : str
        Of the fence, as in "CN-RU".
    barriers : EdgeCosts, optional
        All others, those the links were found with.
    gates : GeoDataFrame, optional
        Points or stretches where the fence is open, as `openings` of `edge_costs`. Without them the best ones
        are looked for.
    gates_n : int
        How many gates to look for at most, >= 0.
    segment_km : float
        Greatest length of the stretches told apart [P].
    slack_m : float or mapping by link_id
        Slack at which corridors are cut. The effective resistance of a link is that of the land within its
        corridor under any of the scenarios: the same land in all, so that it never falls with a fence.
    node_weight
        As for `to_graph`; "capacity" counts as "area", which it is proportional to.
    suit : DataArray, optional
        Suitability, by which parts share the weight of their core; by area without it.
    landscape_km2 : float, optional
        Area PC refers to.
    protected_areas, countries : GeoDataFrame, optional
        For ProtConn, as for `protected_connected`. Pieces without the centre of a cell are left out.
    source_error_km : float
        As for `opening_gains`.
    workers : int or Workers
        As for `cost_surfaces`; the results are the same bytes.

    Returns
    -------
    FenceScenarios
        A link that no path joins any more has `cost_distance_m` and `effective_resistance` inf and is `cut`;
        effective resistance is empty, not assessed, where the fence does not cross the link's path, and for
        core areas.

    Raises
    ------
    ConfigError
        C103 an option out of its range.
    InputError, SolveError
        As `edge_costs`, `find_links` and `protected_connected`; I263 a path that is not one of this raster.

    References
    ----------
    ECA and PC: Saura et al. (2011). ProtConn: Saura et al. (2017). Effective resistance: McRae et al. (2008).

    Examples
    --------
    >>> from affine import Affine
    >>> from corridors.cores import core_areas
    >>> from corridors.grid import Grid
    >>> from corridors.links import find_links
    >>> grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 5))
    >>> habitat = grid.like(np.array([[0.9, 0.1, 0.1, 0.1, 0.9]]), name="suitability")
    >>> cores, labels = core_areas(habitat, threshold=0.7, window_radius_km=0.5, min_area_km2=0.5)
    >>> res = grid.like(np.ones((1, 5)), name="resistance")
    >>> links = find_links(cores, labels, res)
    >>> wire = gpd.GeoSeries.from_wkt(["LINESTRING (502000 4799000, 502000 4800000)"], crs=grid.crs)
    >>> found = fence_scenarios(
    ...     wire.to_frame("geometry"), cores, labels, links, res,
    ...     crossing_cost_m=5000, dispersal_km=[10], gates_n=0,
    ... )
    >>> found.links[["scenario", "cost_distance_m", "cut"]].values.tolist()
    [['none', 4000.0, False], ['permeable', 9000.0, False], ['sealed', inf, True]]
    """
    _check(crossing_cost_m, gates_n, segment_km, slack_m)
    require_crs(fence, Grid.of(res).crs, "fence")
    cores, links = by_id(cores, "core_id"), by_id(links, "link_id")
    land = land_of(fence, labels, links, res, barriers, workers)
    between = land.between(barriers)
    ways = joined(land, links, between)
    reaches, notes = reaches_m(land, cores, links, dispersal_km)
    weights = weights_of(land, cores, links, node_weight, suit)
    network = Network(ways, weights, decay_in(reaches))
    search = Search(
        land,
        ways,
        weights,
        decay_in(reaches[:1]),
        within_cores_m(land, dispersal_km[0]),
        habitat_km2(land, suit),
    )
    states, found_gates = _states(
        land, search, between, name=name, crossing_cost_m=crossing_cost_m, gates=gates, gates_n=gates_n,
        segment_km=segment_km, source_error_km=source_error_km,
    )  # fmt: skip
    kept = prepared(land, slack_m)
    rows, tables = [], []
    for state in states:
        tables.append(stacked([link_rows(land, links, kept, state), core_rows(land, kept, state)]))
        rows.append(_scenario_rows(land, network, state, dispersal_km))
    table = with_resistances(land, links, kept, states, stacked(tables))
    scenarios = _whole_table(pd.concat(rows, ignore_index=True), table, land, landscape_km2)
    protected, more = _protected(
        land, states, protected_areas, countries, float(dispersal_km[0]), float(reaches[0] / dispersal_km[0])
    )
    weight = "area" if node_weight == "area" else "quality_area"
    scenarios = scenarios.assign(fence=name, node_weight=weight)
    protected = protected.assign(fence=name, dispersal_km=float(dispersal_km[0]))
    return FenceScenarios(
        _columns(scenarios, "fence_scenarios"),
        _columns(table.assign(fence=name), "fence_links"),
        _columns(protected, "fence_protected"),
        found_gates,
        tuple(dict.fromkeys([*notes, *more])),
    )


def _check(
    crossing_cost_m: float, gates_n: int, segment_km: float, slack_m: float | Mapping[int, float]
) -> None:
    """Complain about options out of their range, all at once."""
    slacks = [slack_m] if isinstance(slack_m, int | float) else list(slack_m.values())
    wrong = {
        "crossing_cost_m": (crossing_cost_m, ">= 0 and finite; the sealed fence is a scenario anyway",
                            math.isfinite(crossing_cost_m) and crossing_cost_m >= 0),
        "gates_n": (gates_n, "0 or more", gates_n >= 0),
        "segment_km": (segment_km, "> 0", math.isfinite(segment_km) and segment_km > 0),
        "slack_m": (min(slacks, default=0.0), "0 or more", all(slack >= 0 for slack in slacks)),
    }  # fmt: skip
    raise_all(
        ConfigError("out of range", code="C103", where=name, given=f"{given:g}", allowed=allowed)
        for name, (given, allowed, fits) in wrong.items()
        if not fits
    )


def _states(
    land: Land,
    search: Search,
    between: Floats,
    *,
    name: str,
    crossing_cost_m: float,
    gates: gpd.GeoDataFrame | None,
    gates_n: int,
    segment_km: float,
    source_error_km: float,
) -> tuple[list[Scenario], gpd.GeoDataFrame]:
    """Return the states of the fence, without one first, and the gates found."""
    states, tables = [Scenario(NONE, 0.0, 0, land.base, between)], []
    error_km = position_error_km(land.grid, source_error_km)
    segments = fence_segments(land, segment_km)
    steps = steps_across(land, segments) if gates is None and len(land.touched) else None
    for word, cost_m in (("permeable", float(crossing_cost_m)), ("sealed", math.inf)):
        closed = land.fenced(cost_m)
        if steps is None or not gates_n or not cost_m > 0:
            states.append(Scenario(word, cost_m, 0, closed, land.between(closed)))
            if gates is not None:
                edges = land.fenced(cost_m, gates=gates)
                given = Scenario(f"{word}, gates", cost_m, len(gates), edges, land.between(edges))
                states.append(given)
            continue
        ways = ways_of(land, closed, steps)
        states.append(Scenario(word, cost_m, 0, closed, ways.between[: len(land.touched)]))
        found, keys, after = best_gates(search, segments, steps, ways, crossing_cost_m=cost_m, number=gates_n)
        tables.append(found.assign(fence=name, scenario=word, position_error_km=error_km))
        if len(keys):
            edges = land.fenced(cost_m, open_at=keys)
            states.append(Scenario(f"{word}, gates", cost_m, len(keys), edges, after))
    return states, _gates(tables, land)


def _gates(tables: list[gpd.GeoDataFrame], land: Land) -> gpd.GeoDataFrame:
    """Return the gates of all states as one layer."""
    columns = VECTORS["gates"].columns
    filled = [table for table in tables if len(table)]
    if filled:
        found = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=land.grid.crs)
    else:
        empty = {name: pd.Series(dtype=object) for name in columns}
        found = gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=land.grid.crs))
    found = found.assign(gate_id=np.arange(1, len(found) + 1))
    return found[[*columns, "geometry"]].set_index("gate_id")


def _scenario_rows(
    land: Land, network: Network, state: Scenario, dispersal_km: Sequence[float]
) -> pd.DataFrame:
    """Return what is connected under a state, at every dispersal distance."""
    costs = network.joined.cost_m
    if state.name != NONE:
        costs = network.joined.costs_m(state.between, land.touched)
    area = connected_km2(network.weights, network.joined.pairs, costs, network.decay)
    return pd.DataFrame(
        {
            "scenario": state.name,
            "crossing_cost_m": state.crossing_cost_m,
            "gates_n": state.gates_n,
            "dispersal_km": np.array(dispersal_km, dtype=float),
            "equivalent_connected_area_km2": area,
        }
    )


def _whole_table(
    rows: pd.DataFrame, links: pd.DataFrame, land: Land, landscape_km2: float | None
) -> pd.DataFrame:
    """Return the rows with PC, the change against no fence, and how many links and cores it concerns."""
    area = rows["equivalent_connected_area_km2"]
    before = rows[rows["scenario"] == NONE].set_index("dispersal_km")["equivalent_connected_area_km2"]
    before = rows["dispersal_km"].map(before)
    by_scenario = links[links["kind"] == "link"].groupby("scenario")
    dearer = by_scenario["change_m"].agg(lambda change: int((change > 0).sum()))
    return rows.assign(
        probability_of_connectivity=math.nan if landscape_km2 is None else area**2 / landscape_km2**2,
        eca_change_percent=100 * (area - before) / before.where(before > 0),
        links_dearer_n=rows["scenario"].map(dearer).fillna(0).astype("int64"),
        links_cut_n=rows["scenario"].map(by_scenario["cut"].sum()).fillna(0).astype("int64"),
        cores_cut_n=np.where(rows["scenario"] == NONE, 0, len(land.cut)),
    )


def _protected(
    land: Land,
    states: Sequence[Scenario],
    protected_areas: gpd.GeoDataFrame | None,
    countries: gpd.GeoDataFrame | None,
    dispersal_km: float,
    cost_per_km: float,
) -> tuple[pd.DataFrame, list[str]]:
    """Return ProtConn under every state, and what to know of it."""
    nothing = pd.DataFrame(columns=["scenario", "country", "protconn_percent", "protconn_trans_percent"])
    if protected_areas is None or countries is None or not len(protected_areas):
        why = "there are no protected areas or no countries"
        return nothing, [f"ProtConn under a fence is not assessed: {why}"]
    reserves = reserves_of(land, protected_areas, countries)
    before, tables = costs_between(land, reserves, land.base), []
    for state in states:
        after = before if state.name == NONE else costs_between(land, reserves, state.edges)
        found = protected_under(reserves, before, after, dispersal_km=dispersal_km, cost_per_km=cost_per_km)
        tables.append(found.assign(scenario=state.name))
    notes = []
    if reserves.left_out_km2 > 0:
        size = f"{reserves.left_out_km2:.3g} km²"
        notes.append(
            f"protected land in small pieces or off the raster, {size}, is left out of ProtConn under a fence"
        )
    return pd.concat(tables, ignore_index=True), notes


def _columns(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table with the columns of the schema, ids whole numbers or empty."""
    table = table.astype({"link_id": "Int64"}) if "link_id" in table else table
    return table[list(TABLES[name].columns)].reset_index(drop=True)
