"""Capacity: area times density, per country and jointly, and what it does not claim."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from corridors.errors import InputError, Problems
from corridors.network import (
    capacity_by_country,
    connectivity_indices,
    core_capacity,
    density_check,
    node_importance,
    to_graph,
)

CORES = pd.DataFrame({"area_km2": [35_500.0, 1_000.0]}, index=pd.Index([1, 2], name="core_id"))
TIGER = {"adults_per_100_km2": (0.2, 0.65), "breeding_females_per_100_km2": (0.2, 0.4)}
SHARES = pd.DataFrame(
    {"core_id": [1, 1, 2], "country": ["CN", "RU", "RU"], "area_km2": [25_800.0, 9_700.0, 1_000.0]}
)


def test_core_capacity__is_area_times_density() -> None:
    table = core_capacity(CORES, **TIGER)
    assert table.loc[1, ["adults_low", "adults_high"]].tolist() == pytest.approx([71.0, 230.75])
    assert table.loc[2, ["breeding_females_low", "breeding_females_high"]].tolist() == pytest.approx([2, 4])
    assert table.attrs["title"] == "potential, not abundance"
    assert table.attrs["notes"] == ()
    assert list(CORES) == ["area_km2"]


def test_core_capacity__says_where_published_ranges_disagree() -> None:
    table = core_capacity(CORES, adults_per_100_km2=(0.2, 0.65), breeding_females_per_100_km2=(0.22, 0.4))
    (note,) = table.attrs["notes"]
    assert note.startswith(
        "at the lower bound there are more breeding females (0.22 per 100 km²) than adults"
    )


def test_capacity_by_country__countries_sum_to_all() -> None:
    table = capacity_by_country(core_capacity(CORES, **TIGER), SHARES).set_index("country")
    assert list(table.index) == ["CN", "RU", "all"]
    assert table.loc["CN", "adults_low"] == pytest.approx(51.6)
    assert table.loc["RU", "adults_high"] == pytest.approx(107 * 0.65)
    pd.testing.assert_series_equal(table.loc["CN"] + table.loc["RU"], table.loc["all"], check_names=False)


@pytest.mark.parametrize(
    ("area", "animals", "published", "within"),
    [
        (14_100, 70, (0.2, 0.65), True),  # tigers of the national park, as counted for 2024
        (14_100, 80, (0.6, 1.0), False),  # leopards there
        (10_000, 25, (0.2, 0.65), True),
        (1_000, 45, (0.2, 0.65), False),
    ],
)
def test_density_check__flags_what_nobody_has_published(
    area: float, animals: float, published: tuple[float, float], within: bool
) -> None:
    density, note = density_check(area, animals, published_per_100_km2=published)
    assert density == pytest.approx(100 * animals / area)
    assert (note == "") == within


def test_capacity_as_weight__gives_adults_as_an_interval() -> None:
    links = pd.DataFrame({"core_a": [1], "core_b": [2], "path_length_km": [70.0], "cost_distance_m": [9e4]})
    by_adults = to_graph(core_capacity(CORES, **TIGER), links, node_weight="capacity")
    by_area = to_graph(CORES, links, node_weight="area")
    assert by_adults.nodes[2]["weight"] == pytest.approx((2 + 6.5) / 2)
    table = connectivity_indices(by_adults, dispersal_km=[70], landscape_km2=1e5).loc[0]
    area = connectivity_indices(by_area, dispersal_km=[70]).loc[0, "equivalent_connected_area_km2"]
    assert table["equivalent_connected_adults_low"] == pytest.approx(0.002 * area)
    assert table["equivalent_connected_adults_high"] == pytest.approx(0.0065 * area)
    assert math.isnan(table["equivalent_connected_area_km2"])
    assert math.isnan(table["probability_of_connectivity"])
    # One density for all cores: shares are those of areas.
    one, other = (node_importance(g, dispersal_km=[70])["dpc_percent"] for g in (by_adults, by_area))
    assert one.tolist() == pytest.approx(other.tolist())


def test_capacity__refuses_what_it_cannot_use() -> None:
    with pytest.raises(
        Problems, match=r"(?s)\[I292\] adults_per_100_km2: .*0.5 to 0.2.*\[I252\] core 2: .*-1"
    ):
        core_capacity(
            CORES.assign(area_km2=[1.0, -1.0]),
            adults_per_100_km2=(0.5, 0.2),
            breeding_females_per_100_km2=(0.1, 0.2),
        )
    with pytest.raises(InputError, match=r"\[I251\] cores: has no column area_km2"):
        core_capacity(CORES[[]], **TIGER)
    with pytest.raises(InputError, match=r"\[I252\] core all"):
        density_check(0, 3, published_per_100_km2=(0.2, 0.65))
