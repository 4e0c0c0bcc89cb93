"""What a landscape is worth to a species, per country and jointly: the ecological columns of the comparison.

The same function measures the landscape as it is and as every proposal would make it. What rests on objects
that a proposal left alone is taken over from the measures before, to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.border.outlines import OTHER
from corridors.circuit import effective_resistances
from corridors.errors import SolveError
from corridors.layers.rasterise import burn_polygons
from corridors.network import connectivity_indices, protected_connected
from corridors.studies.proposals.change import differs
from corridors.studies.proposals.ways import Ways, network, ways_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.pipeline.findings import Findings
    from corridors.studies.proposals.change import Landscape

JOINT = "joint"
BETWEEN = "-"
"""Between the two countries in the name of a border."""
STATUS_COLUMNS = ("suitable_protected_km2", "protconn_percent", "protconn_trans_percent")
MOVEMENT_COLUMNS = (
    "capacity_females_low",
    "capacity_females_high",
    "eca_km2",
    "corridor_km",
    "narrowest_km",
    "border_contact_km",
    "crossings_n",
    "key_link_resistance",
)
ECOLOGY = (
    "suitable_protected_km2",
    "capacity_females_low",
    "capacity_females_high",
    "eca_km2",
    "protconn_percent",
    "protconn_trans_percent",
    "corridor_km",
    "corridor_protected_percent",
    "narrowest_km",
    "border_contact_km",
    "crossings_n",
    "key_link_resistance",
)


@dataclass(frozen=True, eq=False)
class Measured:
    """A landscape and what was measured of it: `table` has a row per country, and "joint"."""

    landscape: Landscape
    ways: Ways
    moves: pd.DataFrame
    status: pd.DataFrame
    table: pd.DataFrame

    def joint(self, name: str) -> float:
        """Return one number of all countries together."""
        return float(self.table[name].to_dict()[JOINT])


def measured(
    landscape: Landscape,
    *,
    baseline: Measured | None = None,
    found: Findings | None = None,
    ranked: bool = False,
    key_link: tuple[int, int] | None = None,
    known: Sequence[Measured] = (),
) -> Measured:
    """Return the ecological columns of a landscape.

    Parameters
    ----------
    landscape : Landscape
        As it is, or as proposals would make it.
    baseline : Measured, optional
        Of the landscape as it is, without which no two measures compare: what the proposals leave alone is
        taken from it, as are its key link and what a cost stands for.
    found : Findings, optional
        What a run found in this landscape, so that nothing is computed twice.
    ranked : bool
        Fill the columns of cores and links on what each of them matters, too.
    key_link : tuple of int, optional
        The cores of the link whose resistance is told; that which matters most where absent.
    known : sequence of Measured
        Measures of other sets of proposals: what this one leaves as one of them does is taken from there.

    Returns
    -------
    Measured
        The table indexed by `country`, its columns `ECOLOGY`; NaN where a layer or an option is missing.
    """
    others = known if baseline is None else (baseline, *known)
    same = next((one for one in others if not differs(landscape.ground, one.landscape.ground)), None)
    if same is not None:
        ways, moves = same.ways, same.moves
    else:
        before = None if baseline is None else baseline.ways
        ways = ways_of(landscape, before, found=found, ranked=ranked)
        ways = ways if key_link is None else replace(ways, key_link=key_link)
        moves = movement_columns(landscape, ways)
    status = next((one.status for one in others if one.landscape.protected is landscape.protected), None)
    connected = connected_land(landscape, ways) if status is None else status
    table = moves.join(connected).join(protected_columns(landscape, ways))
    return Measured(landscape, ways, moves, connected, table[list(ECOLOGY)])


def by_country(landscape: Landscape, mask: NDArray[np.bool_]) -> dict[str, float]:
    """Return the area of a mask in each country and jointly, in square kilometres of the reporting area."""
    cells, codes = landscape.country_cells, landscape.countries
    labels = cells[mask & landscape.reported].astype(np.int64)
    counts, size = np.bincount(labels, minlength=len(codes) + 1), landscape.grid.cell_area_km2
    found = {code: float(counts[label]) * size for label, code in codes.items()}
    return found | {OTHER: float(counts[0]) * size, JOINT: float(counts.sum()) * size}


def movement_columns(landscape: Landscape, ways: Ways) -> pd.DataFrame:
    """Return what follows from habitat and movement, per country and jointly."""
    columns = {
        **capacity(landscape, ways),
        "eca_km2": connected_area(landscape, ways, list(ways.codes)),
        "corridor_km": lengths(ways),
        "narrowest_km": narrowest(ways),
        **border_columns(landscape, ways),
        "key_link_resistance": key_resistance(landscape, ways),
    }
    return pd.DataFrame(columns, index=pd.Index([*ways.codes, JOINT], name="country"), dtype="float64")


def capacity(landscape: Landscape, ways: Ways) -> dict[str, dict[str, float]]:
    """Return how many breeding females cores and restored land could hold: an interval, not abundance."""
    names = ("capacity_females_low", "capacity_females_high")
    densities = landscape.species.network.breeding_females_per_100_km2
    if densities is None:
        return {name: {} for name in names}
    held = ways.core_shares.groupby("country")["area_km2"].sum()
    gained = {} if landscape.restored is None else by_country(landscape, landscape.restored)
    joint = float(held.sum()) if len(held) else float(ways.cores["area_km2"].sum())
    areas = {code: float(held.get(code, 0.0)) for code in ways.codes} | {JOINT: joint}
    areas = {code: area + gained.get(code, 0.0) for code, area in areas.items()}
    return {
        name: {code: area * density / 100 for code, area in areas.items()}
        for name, density in zip(names, densities, strict=True)
    }


def connected_area(landscape: Landscape, ways: Ways, codes: list[str]) -> dict[str, float]:
    """Return the equivalent connected area jointly, and what each country alone would keep of it.

    Alone, a country has its parts of the core areas, and the links that never leave it.
    """
    cores, weight = ways.cores, landscape.species.network.node_weight
    if weight == "capacity":
        return {}
    found = {JOINT: equivalent_area(cores, ways.links, landscape, ways.cost_per_km)}
    for code in codes:
        own = ways.core_shares[ways.core_shares["country"] == code].set_index("core_id")["area_km2"]
        part = cores.loc[cores.index.isin(own.index)]
        share = own.reindex(part.index) / part["area_km2"]
        columns = {name: part[name] * share for name in ("area_km2", "quality_area_km2")}
        alone = ways.link_shares.groupby("link_id")["country"].agg(set)
        inside = [link for link, found_in in alone.items() if found_in == {code}]
        links = ways.links.loc[ways.links.index.isin(inside)]
        ends = links["core_a"].isin(part.index) & links["core_b"].isin(part.index)
        found[code] = equivalent_area(part.assign(**columns), links[ends], landscape, ways.cost_per_km)
    return found


def equivalent_area(
    cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame, landscape: Landscape, per_km: float
) -> float:
    """Return ECA at the first dispersal distance, by cost."""
    options = landscape.species.network
    counted = cores[cores["quality_area_km2"] > 0]
    kept = links[links["core_a"].isin(counted.index) & links["core_b"].isin(counted.index)]
    if not len(counted):
        return 0.0
    graph = network(counted, kept, options.node_weight, per_km)
    table = connectivity_indices(graph, dispersal_km=options.dispersal_km[:1])
    return float(table["equivalent_connected_area_km2"].iloc[0])


def lengths(ways: Ways) -> dict[str, float]:
    """Return the length of all links in each country and jointly."""
    sums = ways.link_shares.groupby("country")["length_km"].sum()
    inside = {code: float(sums.get(code, 0.0)) for code in ways.codes}
    return inside | {JOINT: float(ways.links["path_length_km"].sum())}


def narrowest(ways: Ways) -> dict[str, float]:
    """Return the narrowest width of the corridors that have a part in each country, NaN without any."""
    widths = ways.corridors["narrowest_width_km"]
    found = {JOINT: float(widths.min())}
    for code in ways.codes:
        links = ways.link_shares.loc[ways.link_shares["country"] == code, "link_id"]
        found[code] = float(widths[widths.index.isin(links)].min())
    return found


def border_columns(landscape: Landscape, ways: Ways) -> dict[str, dict[str, float]]:
    """Return the contact of core areas with borders, and how often links cross one."""
    if "countries" not in landscape.context:
        return {"border_contact_km": {}, "crossings_n": {}}
    borders, crossings = ways.core_borders, ways.layers["crossings"]
    contact = borders["border_contact_km"].astype("float64")
    return {
        "border_contact_km": met_by(borders["border"], contact, ways.codes),
        "crossings_n": met_by(crossings["border"], pd.Series(1.0, index=crossings.index), ways.codes),
    }


def met_by(borders: pd.Series[str], amounts: pd.Series[float], codes: tuple[str, ...]) -> dict[str, float]:
    """Return the amounts at the borders of each country, and all together."""
    ends = borders.astype(str).str.split(BETWEEN)
    ours = {code: np.array([code in pair for pair in ends], dtype=bool) for code in codes}
    return {code: float(amounts[rows].sum()) for code, rows in ours.items()} | {JOINT: float(amounts.sum())}


def key_resistance(landscape: Landscape, ways: Ways) -> dict[str, float]:
    """Return the effective resistance between the cores of the key link, for the countries it lies in."""
    pair = ways.key_link
    if pair is None or not set(pair) <= set(landscape.ground.cores.index):
        return {}
    labels = landscape.ground.labels
    two = labels.copy(data=np.where(np.isin(labels.values, pair), labels.values, 0).astype(labels.dtype))
    try:
        found = effective_resistances(
            landscape.ground.resistance, two, barriers=landscape.ground.edges, pairs=[pair]
        )
    except SolveError:
        return {}
    value = float(found["resistance"].iloc[0])
    ends = ways.core_shares[ways.core_shares["core_id"].isin(pair)]
    return dict.fromkeys((*(c for c in ways.codes if (ends["country"] == c).any()), JOINT), value)


def connected_land(landscape: Landscape, ways: Ways) -> pd.DataFrame:
    """Return ProtConn and the part of it that rests on stepping stones beyond the border."""
    names = ["protconn_percent", "protconn_trans_percent"]
    rows = pd.Index([*ways.codes, JOINT], name="country")
    empty = pd.DataFrame(math.nan, index=rows, columns=names)
    if landscape.protected is None or "countries" not in landscape.context:
        return empty
    table = protected_connected(
        landscape.protected,
        landscape.context["countries"],
        dispersal_km=landscape.species.network.dispersal_km[:1],
    )
    table = table.replace({"country": {"all": JOINT}}).set_index("country")
    return empty.assign(**{name: table[name].reindex(rows) for name in names})


def protected_columns(landscape: Landscape, ways: Ways) -> pd.DataFrame:
    """Return how much of the suitable habitat, and of the links, is protected."""
    codes = list(ways.codes)
    rows = pd.Index([*codes, JOINT], name="country")
    if landscape.protected is None:
        nothing = {"suitable_protected_km2": math.nan, "corridor_protected_percent": math.nan}
        return pd.DataFrame(nothing, index=rows)
    good = landscape.ground.habitat.suitability.values >= landscape.species.cores.threshold
    inside = burn_polygons(landscape.protected.geometry.to_list(), landscape.grid)
    suitable = by_country(landscape, good & inside)
    columns: Mapping[str, Any] = {
        "suitable_protected_km2": {code: suitable.get(code, 0.0) for code in rows},
        "corridor_protected_percent": protected_share(landscape, ways, codes),
    }
    return pd.DataFrame(columns, index=rows, dtype="float64")


def protected_share(landscape: Landscape, ways: Ways, codes: list[str]) -> dict[str, float]:
    """Return the percentage of the links' length that is protected; NaN where there is no link."""
    if landscape.protected is None or not len(ways.links):
        return {}
    cover = shapely.union_all(landscape.protected.geometry.to_numpy())
    ratio = shapely.length(shapely.intersection(ways.links.geometry.to_numpy(), cover))
    share = pd.Series(ratio / ways.links.length.to_numpy(), index=ways.links.index)
    weights = ways.links["path_length_km"]
    found = {JOINT: float(100 * (share * weights).sum() / weights.sum())}
    if "countries" in landscape.context:
        outlines = landscape.context["countries"].set_index("country").geometry
        for code in (code for code in codes if code in outlines.index):
            own = shapely.intersection(ways.links.geometry.to_numpy(), outlines[code])
            length = float(shapely.length(own).sum())
            inside = float(shapely.length(shapely.intersection(own, cover)).sum())
            found[code] = 100 * inside / length if length > 0 else math.nan
    return found
