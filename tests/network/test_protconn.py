"""ProtConn from areas and distances: the worked case, a published row, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.network import ProtectedLand, protconn
from corridors.network.sums import decay_of

NAMES = ("prot", "within", "contig", "unprot", "trans")
NO_PAIRS = np.empty((0, 2), dtype=np.int64)


def land(areas, distances, *, inside=None, single=None, by_land=()):
    """Protected land of nodes of one piece each; `single` are areas per node, as they are by default."""
    count = len(areas)
    single = [[area] for area in areas] if single is None else single
    pairs = np.array(list(distances), dtype=np.int64).reshape(-1, 2)
    return ProtectedLand(
        np.array(areas, dtype=float),
        np.ones(count, dtype=bool) if inside is None else np.array(inside),
        np.arange(count),
        np.array([area for some in single for area in some], dtype=float),
        np.array([node for node, some in enumerate(single) for _ in some], dtype=np.int64),
        pairs,
        np.array(list(distances.values()), dtype=float),
        np.array(list(by_land), dtype=np.int64).reshape(-1, 2),
        np.zeros(len(by_land)),
    )


def of(some, region_km2, km=10.0):
    found = protconn(some, region_km2=region_km2, decay=decay_of(np.array([km]), 0.5))
    return {name: float(values[0]) for name, values in found.items()}


WORKED = land(
    [100, 60, 30, 0],
    {(0, 1): 20, (1, 2): 40, (0, 2): 60, (0, 3): 5, (2, 3): 8, (1, 3): 30},
    inside=[True, True, True, False],
    single=[[100], [40, 20], [30], []],
)


def test_protconn__worked_by_hand() -> None:
    found = of(WORKED, 1000)
    assert found["prot_percent"] == 19
    assert found["equivalent_connected_area_km2"] == pytest.approx(142.486037, abs=1e-6)
    assert found["protconn_percent"] == pytest.approx(14.248604, abs=5e-7)
    assert found["protunconn_percent"] == pytest.approx(4.751396, abs=5e-7)
    assert found["relconn_percent"] == pytest.approx(74.992651, abs=5e-7)
    fractions = [found[f"protconn_{name}_percent"] for name in NAMES]
    assert fractions == pytest.approx([84.510699, 79.711787, 4.798912, 9.173492, 6.315809], abs=1e-6)


def test_protconn__without_the_neighbour() -> None:
    alone = land([100, 60, 30], {(0, 1): 20, (1, 2): 40, (0, 2): 60}, single=[[100], [40, 20], [30]])
    found = of(alone, 1000)
    assert found["equivalent_connected_area_km2"] == pytest.approx(133.486891, abs=1e-6)
    assert found["protconn_percent"] == pytest.approx(13.348689, abs=5e-7)
    assert found["protconn_trans_percent"] == 0


def test_protconn__a_published_row() -> None:
    """A region whose ECA and area are printed beside its indices (Makurhini, 10 km), built to have that ECA.

    One large area of two that touch, linked to one of twenty small ones, far from each other.
    """
    region, equivalent = 3_708_497.35, 130_282.77  # ha
    protected, of_nodes, of_single = 0.075228 * region, 0.974444 * equivalent, 0.949554 * equivalent
    # large + 20 small = protected; large² + 20 small² = of_nodes²
    large = np.roots([1 + 1 / 20, -protected / 10, protected**2 / 20 - of_nodes**2]).max()
    small = (protected - large) / 20
    probability = (equivalent**2 - of_nodes**2) / (2 * large * small)
    # a part x of the large one: 2 x (large - x) = of_nodes² - of_single²
    part = np.roots([-2, 2 * large, of_single**2 - of_nodes**2]).min()
    areas, single = [large] + 20 * [small], [[part, large - part]] + 20 * [[small]]
    found = of(land(areas, {(0, 1): -10 * np.log2(probability)}, single=single), region)
    assert found["protconn_percent"] == pytest.approx(3.5131, abs=5e-5)
    assert found["protunconn_percent"] == pytest.approx(4.0097, abs=5e-5)
    assert found["relconn_percent"] == pytest.approx(46.6991, abs=1e-3)  # Prot has four decimals
    fractions = [found[f"protconn_{name}_percent"] for name in NAMES]
    assert fractions == pytest.approx([97.4444, 94.9554, 97.4444 - 94.9554, 2.5556, 0], abs=5e-5)


def test_protconn__bound_counts_what_no_placing_can_mend() -> None:
    """Three areas of 10 km², two on one land and one on an island 10 km off."""
    apart = {(0, 1): 30, (0, 2): 10, (1, 2): 20}
    found = of(land([10, 10, 10], apart, by_land=[(0, 1)]), 300)
    best = np.sqrt(500 + 4 * 100 * 0.5)  # the two joined, the island at 0.5 from either
    assert found["protconn_bound_percent"] == pytest.approx(
        10 - 100 * (best - found["equivalent_connected_area_km2"]) / 300
    )
    assert found["protconn_percent"] < found["protconn_bound_percent"] < found["prot_percent"]


def test_protconn__nothing_protected() -> None:
    found = of(land([], {}), 1000)
    assert found["prot_percent"] == found["protconn_percent"] == 0
    assert np.isnan([found["relconn_percent"], found["protconn_prot_percent"]]).all()


def test_protconn__overlap_counts_once_and_contig_is_never_negative() -> None:
    """Three names for one area of 10 km², and another of 1 km² far away."""
    found = of(land([10, 1], {}, single=[[10, 10, 10], [1]]), 100)
    assert found["protconn_contig_percent"] == pytest.approx(0)
    assert found["protconn_within_percent"] == pytest.approx(found["protconn_prot_percent"])


@st.composite
def lands(draw):
    count = draw(st.integers(1, 6))
    inside = [True, *(draw(st.booleans()) for _ in range(count - 1))]
    areas = [draw(st.floats(1, 100)) if own else 0.0 for own in inside]
    pairs = [(a, b) for b in range(count) for a in range(b)]
    single = [
        [area * share for share in (0.3, 0.7)] if own else [] for area, own in zip(areas, inside, strict=True)
    ]
    return land(areas, {pair: draw(st.floats(0, 60)) for pair in pairs}, inside=inside, single=single)


@given(lands(), st.floats(1, 50))
def test_protconn__fractions_sum_to_a_hundred(some: ProtectedLand, km: float) -> None:
    found = of(some, 1000, km)
    fraction = {name: found[f"protconn_{name}_percent"] for name in NAMES}
    assert fraction["prot"] + fraction["unprot"] + fraction["trans"] == pytest.approx(100)
    assert fraction["within"] + fraction["contig"] == pytest.approx(fraction["prot"])
    assert all(-1e-9 <= share <= 100 + 1e-9 for share in fraction.values())
    assert found["protconn_percent"] <= found["prot_percent"] * (1 + 1e-12)
    assert found["protconn_percent"] + found["protunconn_percent"] == pytest.approx(found["prot_percent"])


@given(lands(), st.floats(1, 50), st.floats(0.001, 1000), st.floats(0.001, 1000))
def test_protconn__units_do_not_matter(some: ProtectedLand, km: float, area: float, length: float) -> None:
    scaled = some._replace(
        areas_km2=some.areas_km2 * area,
        single_km2=some.single_km2 * area,
        distances_km=some.distances_km * length,
    )
    before, after = of(some, 1000, km), of(scaled, 1000 * area, km * length)
    for name in before:
        factor = area if name.endswith("km2") else 1
        assert after[name] == pytest.approx(before[name] * factor, rel=1e-9, abs=1e-9)
