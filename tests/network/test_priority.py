"""Priorities: factors by hand, blends by hand, ranks under other weights."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import InputError, Problems
from corridors.grid import Grid
from corridors.network import (
    area_to_perimeter_km,
    blended_priority,
    core_priority,
    link_priority,
    rank_stability,
)

CORES = pd.DataFrame(
    {
        "mean_resistance": [2.0, 4.0, 8.0],
        "mean_suitability": [0.8, 0.6, 0.4],
        "area_km2": [100.0, 400.0, 200.0],
        "area_to_perimeter_km": [2.0, 4.0, 1.0],
        "current_flow": [3.0, 5.0, 2.0],
        "expert_value": [0.0, 1.0, 0.0],
    },
    index=pd.Index([1, 2, 3], name="core_id"),
)
LINKS = pd.DataFrame(
    {
        "core_a": [1, 1, 2],
        "core_b": [2, 3, 3],
        "path_length_km": [10.0, 20.0, 40.0],
        "cost_distance_m": [10_000.0, 80_000.0, 80_000.0],
    },
    index=pd.Index([1, 2, 3], name="link_id"),
)


def test_core_priority__factors_by_hand() -> None:
    weights = dict.fromkeys(("resistance", "suitability", "size", "shape", "centrality", "expert"), 1.0)
    table = core_priority(CORES, weights=weights)
    assert table["score_resistance"].tolist() == [1.0, 0.75, 0.25]  # (8 + 2 - x) / 8
    assert table["score_suitability"].tolist() == pytest.approx([1.0, 0.75, 0.5])
    assert table["score_size"].tolist() == [0.25, 1.0, 0.5]
    assert table["score_shape"].tolist() == [0.5, 1.0, 0.25]
    assert table["score_centrality"].tolist() == [0.6, 1.0, 0.4]
    assert table["score_expert"].tolist() == [0, 1, 0]
    sums = np.array([3.35, 5.5, 1.9])
    assert table["core_value"].tolist() == pytest.approx((sums - 1.9) / 3.6)
    assert table["rank"].tolist() == [2, 1, 3]


def test_link_priority__factors_by_hand() -> None:
    value = pd.Series({1: 0.5, 2: 1.0, 3: 0.0})
    weights = {"closeness": 0.4, "permeability": 0.4, "core_value": 0.2}
    table = link_priority(LINKS, value, weights=weights)
    assert table["score_closeness"].tolist() == pytest.approx([1.0, 2 / 3, 0.0])
    assert table["score_permeability"].tolist() == pytest.approx([1.0, 0.0, 1 / 3])  # of 1, 1/4, 1/2
    assert table["score_core_value"].tolist() == pytest.approx([1.0, 0.0, 0.5])  # of 0.75, 0.25, 0.5
    assert table["priority"].tolist() == pytest.approx([1.0, 0.8 / 3, 0.4 / 3 + 0.1])
    assert table["rank"].tolist() == [1, 2, 3]


def test_priority__only_proportions_of_weights_count() -> None:
    one, ten = (core_priority(CORES, weights={"size": w, "expert": 3 * w}) for w in (1, 10))
    pd.testing.assert_frame_equal(one, ten)
    assert list(one) == [
        "score_size",
        "score_expert",
        "core_value",
        "rank",
        "rank_best",
        "rank_worst",
        "top_percent",
    ]


def test_priority__of_equals_is_equal() -> None:
    same = LINKS.assign(path_length_km=5.0, cost_distance_m=0.0)
    table = link_priority(
        same, pd.Series({1: 1.0, 2: 1.0, 3: 1.0}), weights={"closeness": 1, "permeability": 1}
    )
    assert (table["priority"] == 1).all()
    assert (table["rank"] == 1).all()
    nothing = core_priority(CORES.assign(expert_value=0.0), weights={"expert": 1})
    assert (nothing["core_value"] == 1).all()


def test_blended_priority__by_hand() -> None:
    grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 4))
    slacks = [(1, np.array([[0.0, 50.0, 200.0, np.inf]])), (2, np.array([[np.inf, 100.0, 25.0, np.inf]]))]
    priority = pd.Series({1: 1.0, 2: 0.2})
    found = blended_priority(slacks, priority, grid, slack_m=100, corridor_weight=3, link_weight=1)
    first, second = 0.75 * 0.5 + 0.25, 0.75 * 0.75 + 0.25 * 0.2
    np.testing.assert_allclose(found.values, [[1.0, first, second, np.nan]])


def test_area_to_perimeter__by_hand() -> None:
    square = shapely.box(0, 0, 20_000, 20_000)
    holed = square.difference(shapely.box(5000, 5000, 15_000, 15_000))
    cores = gpd.GeoDataFrame(index=[1, 2], geometry=[square, holed], crs="+proj=laea +lat_0=50 +lon_0=100")
    assert area_to_perimeter_km(cores).tolist() == pytest.approx([400 / 80, 300 / 120], rel=1e-4)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({}, "no weight is above 0"),
        ({"size": 0.0}, "no weight is above 0"),
        ({"colour": 1.0}, "colour is no factor. Allowed: resistance, suitability"),
        ({"size": -1.0}, "the weight of size must be 0 or more. Given: -1"),
    ],
)
def test_priority__refuses_weights(weights: dict[str, float], message: str) -> None:
    with pytest.raises((InputError, Problems), match=rf"\[I293\] weights of cores: .*{message}"):
        core_priority(CORES, weights=weights)


def test_priority__refuses_what_is_missing() -> None:
    with pytest.raises(InputError, match=r"\[I251\] cores: has no column current_flow"):
        core_priority(CORES.drop(columns="current_flow"), weights={"centrality": 1})
    core_priority(CORES.drop(columns="current_flow"), weights={"centrality": 0, "size": 1})
    with pytest.raises(InputError, match=r"\[I294\] links: core_value is missing in 2 rows, the first 2, 3"):
        link_priority(LINKS, pd.Series({1: 1.0, 2: 0.0}), weights={"core_value": 1})
    grid = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (1, 1))
    with pytest.raises(InputError, match=r"\[I201\] link 4: its slack .*Given: \(1, 2\) cells"):
        blended_priority([(4, np.zeros((1, 2)))], pd.Series({4: 1.0}), grid, slack_m=5)
    with pytest.raises(InputError, match=r"\[I293\] slack_m: a corridor has no width. Given: 0"):
        blended_priority([], pd.Series(dtype=float), grid, slack_m=0)


# ---------------------------------------------------------------- how ranks move


def test_rank_stability__by_hand() -> None:
    """A wins while size counts more, B while the expert does; C is second where either counts for little."""
    scores = pd.DataFrame({"size": [1.0, 0.0, 0.4], "expert": [0.0, 1.0, 0.3]}, index=["a", "b", "c"])
    table = rank_stability(scores, np.array([0.5, 0.5]))
    assert table["rank_best"].tolist() == [1, 1, 2]
    assert table["rank_worst"].tolist() == [3, 3, 3]
    assert table.loc["a", "top_percent"] == pytest.approx(100 * 6 / 9)  # 3 alike, 3 with more size
    assert table.attrs["rank_correlation"] == pytest.approx(0)  # a, b, c as 1.5, 1.5, 3 against 1, 3, 2


def test_rank_stability__nothing_moves_without_spread_or_with_one_factor() -> None:
    scores = pd.DataFrame({"size": [1.0, 0.2, 0.5], "expert": [0.0, 0.9, 0.3]})
    for some, spread in ((scores, 0.0), (scores[["size"]], 0.9)):
        table = rank_stability(some, np.ones(some.shape[1]), spread=spread)
        assert (table["rank_best"] == table["rank_worst"]).all()
        assert table.attrs["rank_correlation"] == pytest.approx(1.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_rank_stability__ranks_lie_between_their_ends(rows: list[tuple[float, float, float]]) -> None:
    scores = pd.DataFrame(rows, columns=["a", "b", "c"])
    table = rank_stability(scores, np.array([1.0, 2.0, 0.5]))
    value = (scores * np.array([1.0, 2.0, 0.5])).sum(axis=1)
    rank = (value / 3.5).round(12).rank(ascending=False, method="min")
    assert ((table["rank_best"] <= rank) & (rank <= table["rank_worst"])).all()
    assert table["top_percent"].between(0, 100).all()
    # A place at least as good by every factor as all others stays first whatever the weights.
    best = (scores >= scores.max()).all(axis=1)
    assert (table.loc[best, "rank_worst"] == 1).all()


def test_rank_stability__refuses_a_spread() -> None:
    with pytest.raises(InputError, match=r"\[I293\] spread: .*Given: 1\. Allowed: >= 0 and < 1"):
        rank_stability(pd.DataFrame({"a": [1.0]}), np.array([1.0]), spread=1)
