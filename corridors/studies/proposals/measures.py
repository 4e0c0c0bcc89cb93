"""What a landscape is worth to a species, per country and jointly: the ecological columns of the comparison.

The same function measures the landscape as it is and as every proposal would make it. What rests on objects
that a proposal left alone is taken over from the measures before, to the bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from corridors.border import border_crossings, border_inside, border_lines, country_connectivity
from corridors.circuit import effective_resistances
from corridors.errors import SolveError
from corridors.layers.countries import country_labels
from corridors.layers.rasterise import burn_polygons
from corridors.network import core_capacity, protected_connected
from corridors.studies.proposals.ways import Ways, ways_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.studies.proposals.change import Landscape

JOINT = "joint"
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


def measured(landscape: Landscape, *, baseline: Measured | None = None) -> Measured:
    """Return the ecological columns of a landscape.

    Parameters
    ----------
    landscape : Landscape
        As it is, or as proposals would make it.
    baseline : Measured, optional
        Of the landscape as it is, without which no two measures compare: what the proposals leave alone is
        taken from it, as are its key link and what a cost stands for.

    Returns
    -------
    Measured
        The table indexed by `country`, its columns `ECOLOGY`; NaN where a layer or an option is missing.
    """
    same_ground = baseline is not None and landscape.ground is baseline.landscape.ground
    same_status = baseline is not None and landscape.protected is baseline.landscape.protected
    if same_ground and baseline is not None:
        ways, moves = baseline.ways, baseline.moves
    else:
        ways = ways_of(landscape, None if baseline is None else baseline.ways)
        moves = movement_columns(landscape, ways)
    connected = baseline.status if same_status and baseline is not None else connected_land(landscape)
    table = moves.join(connected).join(protected_columns(landscape, ways))
    return Measured(landscape, ways, moves, connected, table[list(ECOLOGY)])


def country_codes(landscape: Landscape) -> list[str]:
    """Return the countries that have a part of the analysis area, in alphabetical order."""
    if "countries" not in landscape.context:
        return []
    cells, codes = country_cells(landscape)
    return [code for label, code in codes.items() if (cells == label).any()]


def country_cells(landscape: Landscape) -> tuple[NDArray[np.generic], dict[int, str]]:
    """Return the country of every analysed cell as a label, 0 none or outside, and the codes."""
    if "countries" not in landscape.context:
        return np.zeros(landscape.grid.shape, np.uint16), {}
    labels, codes = country_labels(landscape.context["countries"], landscape.grid)
    return np.where(landscape.ground.area, labels.values, 0), codes


def by_country(landscape: Landscape, mask: NDArray[np.bool_]) -> dict[str, float]:
    """Return the area of a mask in each country and jointly, in square kilometres."""
    cells, codes = country_cells(landscape)
    counts = np.bincount(cells[mask & landscape.ground.area].astype(np.int64), minlength=len(codes) + 1)
    size = landscape.grid.cell_area_km2
    found = {code: float(counts[label]) * size for label, code in codes.items()}
    return found | {JOINT: float(counts.sum()) * size}


def movement_columns(landscape: Landscape, ways: Ways) -> pd.DataFrame:
    """Return what follows from habitat and movement, per country and jointly."""
    codes = country_codes(landscape)
    columns = {
        **capacity(landscape, ways, codes),
        "eca_km2": connected_area(landscape, ways, codes),
        "corridor_km": lengths(ways, codes),
        "narrowest_km": narrowest(ways, codes),
        **border_columns(landscape, ways, codes),
        "key_link_resistance": key_resistance(landscape, ways, codes),
    }
    return pd.DataFrame(columns, index=pd.Index([*codes, JOINT], name="country"), dtype="float64")


def capacity(landscape: Landscape, ways: Ways, codes: list[str]) -> dict[str, dict[str, float]]:
    """Return how many breeding females cores and restored land could hold: an interval, not abundance."""
    options = landscape.species.network
    names = ("capacity_females_low", "capacity_females_high")
    if options.adults_per_100_km2 is None or options.breeding_females_per_100_km2 is None:
        return {name: {} for name in names}
    gained = {} if landscape.restored is None else by_country(landscape, landscape.restored)
    cores = core_capacity(
        landscape.ground.cores,
        adults_per_100_km2=options.adults_per_100_km2,
        breeding_females_per_100_km2=options.breeding_females_per_100_km2,
    )
    held = ways.core_shares.groupby("country")["area_km2"].sum()
    areas = {code: float(held.get(code, 0.0)) for code in codes} | {JOINT: float(cores["area_km2"].sum())}
    areas = {code: area + gained.get(code, 0.0) for code, area in areas.items()}
    densities = dict(zip(names, options.breeding_females_per_100_km2, strict=True))
    return {n: {code: area * d / 100 for code, area in areas.items()} for n, d in densities.items()}


def connected_area(landscape: Landscape, ways: Ways, codes: list[str]) -> dict[str, float]:
    """Return the equivalent connected area jointly, and what each country alone would keep of it."""
    options = landscape.species.network
    if options.node_weight == "capacity":
        return {}
    return country_connectivity(
        landscape.ground.cores,
        ways.links,
        ways.core_shares,
        ways.link_shares,
        countries=codes,
        dispersal_km=options.dispersal_km[0],
        per_km=ways.cost_per_km,
        node_weight=options.node_weight,
    )


def lengths(ways: Ways, codes: list[str]) -> dict[str, float]:
    """Return the length of all links in each country and jointly."""
    return lengths_in(ways.link_shares, codes, float(ways.links["path_length_km"].sum()))


def lengths_in(shares: pd.DataFrame, codes: list[str], joint: float) -> dict[str, float]:
    """Return lengths per country from shares, with those jointly."""
    sums = shares.groupby("country")["length_km"].sum()
    return {code: float(sums.get(code, 0.0)) for code in codes} | {JOINT: joint}


def narrowest(ways: Ways, codes: list[str]) -> dict[str, float]:
    """Return the narrowest width of the corridors that have a part in each country, NaN without any."""
    widths = ways.corridors["narrowest_width_km"]
    found = {JOINT: float(widths.min())}
    for code in codes:
        links = ways.link_shares.loc[ways.link_shares["country"] == code, "link_id"]
        found[code] = float(widths[widths.index.isin(links)].min())
    return found


def border_columns(landscape: Landscape, ways: Ways, codes: list[str]) -> dict[str, dict[str, float]]:
    """Return the contact of core areas with borders, and how often links cross one."""
    if not codes:
        return {"border_contact_km": {}, "crossings_n": {}}
    countries = landscape.context["countries"]
    contact = border_inside(landscape.ground.cores, border_lines(countries), id_name="core_id")
    crossings = border_crossings(ways.links, ways.corridors, countries, position_error_km=0.0)
    return {
        "border_contact_km": met_by(contact, contact["length_km"], codes),
        "crossings_n": met_by(crossings, pd.Series(1.0, index=crossings.index), codes),
    }


def met_by(borders: pd.DataFrame, amounts: pd.Series[float], codes: list[str]) -> dict[str, float]:
    """Return the amounts at the borders of each country, and all together."""
    ours = {code: (borders["country_a"] == code) | (borders["country_b"] == code) for code in codes}
    return {code: float(amounts[rows].sum()) for code, rows in ours.items()} | {JOINT: float(amounts.sum())}


def key_resistance(landscape: Landscape, ways: Ways, codes: list[str]) -> dict[str, float]:
    """Return the effective resistance between the cores of the key link, for the countries it lies in."""
    pair, cores = ways.key_link, landscape.ground.cores.index
    if pair is None or not set(pair) <= set(cores):
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
    return dict.fromkeys((*(c for c in codes if (ends["country"] == c).any()), JOINT), value)


def connected_land(landscape: Landscape) -> pd.DataFrame:
    """Return ProtConn and the part of it that rests on stepping stones beyond the border."""
    names = ["protconn_percent", "protconn_trans_percent"]
    rows = pd.Index([*country_codes(landscape), JOINT], name="country")
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
    codes = country_codes(landscape)
    rows = pd.Index([*codes, JOINT], name="country")
    if landscape.protected is None:
        nothing = {"suitable_protected_km2": math.nan, "corridor_protected_percent": math.nan}
        return pd.DataFrame(nothing, index=rows)
    good = landscape.ground.habitat.suitability.values >= landscape.species.cores.threshold
    inside = burn_polygons(landscape.protected.geometry.to_list(), landscape.grid)
    suitable = by_country(landscape, good & inside)
    columns: Mapping[str, Any] = {
        "suitable_protected_km2": {code: suitable[code] for code in rows},
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
    if codes:
        countries = landscape.context["countries"].set_index("country").geometry
        for code in codes:
            own = shapely.intersection(ways.links.geometry.to_numpy(), countries[code])
            length = float(shapely.length(own).sum())
            inside = float(shapely.length(shapely.intersection(own, cover)).sum())
            found[code] = 100 * inside / length if length > 0 else math.nan
    return found
