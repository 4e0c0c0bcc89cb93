"""Dispersal distances: the rate they stand for, and what they are as cost."""

from __future__ import annotations

import math

import networkx as nx
import pytest

from corridors.errors import InputError
from corridors.network import decay_rate, dispersal_as_cost_m


def network(*pairs: tuple[float, float]) -> nx.Graph[int]:
    graph: nx.Graph[int] = nx.Graph()
    for i, (length, cost) in enumerate(pairs):
        graph.add_edge(i, i + 1, path_length_km=length, cost_distance_m=cost)
    return graph


def test_decay_rate__half_at_five_km() -> None:
    assert decay_rate(5) == pytest.approx(0.138629436, abs=5e-10)


def test_decay_rate__other_probabilities() -> None:
    assert math.exp(-decay_rate(30.0, probability=0.05) * 30.0) == pytest.approx(0.05)


@pytest.mark.parametrize("dispersal", [0.0, -5.0, math.nan, math.inf])
def test_decay_rate__refuses_a_distance_that_is_not_positive(dispersal: float) -> None:
    with pytest.raises(InputError, match=r"\[I256\] dispersal_km: a dispersal distance must be a positive"):
        decay_rate(dispersal)


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, 1.5, math.nan])
def test_decay_rate__refuses_a_probability_out_of_range(probability: float) -> None:
    with pytest.raises(InputError, match=r"\[I257\] the probability .* out of range"):
        decay_rate(5.0, probability=probability)


def test_dispersal_as_cost__finds_the_power_law_the_links_follow() -> None:
    # cost = 1500 m x length^1.2, exactly.
    graph = network(*((length, 1500 * length**1.2) for length in (5, 10, 20, 80)))
    cost_m, note = dispersal_as_cost_m(graph, 40)
    assert cost_m == pytest.approx(1500 * 40**1.2, rel=1e-12)
    assert note == ""


def test_dispersal_as_cost__least_squares_by_hand() -> None:
    # log2 of length 0, 1, 2 and of cost 10, 13, 13: slope 3/2, mean 12 at 1; at length 4 it is 13.5.
    graph = network((1, 2**10), (2, 2**13), (4, 2**13))
    assert dispersal_as_cost_m(graph, 4)[0] == pytest.approx(2**13.5, rel=1e-12)


def test_dispersal_as_cost__says_when_it_reaches_beyond_the_links() -> None:
    graph = network(*((length, 1500.0 * length) for length in (5, 10, 20)))
    cost_m, note = dispersal_as_cost_m(graph, 250)
    assert cost_m == pytest.approx(375_000)
    assert note == "250 km as cost is read beyond the links of 5 to 20 km it is fitted on"


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ((), "0 links of distinct length"),
        (((5, 9e3), (8, 2e4)), "2 links of distinct length"),
        (((5, 9e3), (8, 2e4), (8, 3e4), (5, 1e4)), "2 links of distinct length"),
        (((0, 0), (5, 9e3), (8, 2e4)), "2 links of distinct length"),
        (((1, 9e3), (2, 8e3), (3, 7e3)), "cost does not rise with length"),
    ],
)
def test_dispersal_as_cost__no_fit_is_no_number(pairs: tuple[tuple[float, float], ...], reason: str) -> None:
    cost_m, note = dispersal_as_cost_m(network(*pairs), 10)
    assert math.isnan(cost_m)
    assert reason in note
