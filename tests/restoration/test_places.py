"""Which places are chosen, and what stands in their table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from landscapes import labels_of, raster_of
from linked import linked

from corridors.errors import ConfigError
from corridors.restoration import best_places, improvement_scores

COLUMNS = [
    "link_id",
    "radius_km",
    "improvement_score",
    "predicted_gain_m",
    "exact_gain_m",
    "exact_gain_percent",
    "gain_m_per_km",
    "position_error_km",
    "geometry",
]


def two_walls(seed=0):
    """Return a plain of 500 m cells between two cores, cut by two walls; the western one is worse."""
    values = np.random.default_rng(seed).uniform(1, 3, (24, 40))
    values[:, 10:12] = 60
    values[:, 25] = 30
    res = raster_of(values, cell_size_m=500.0)
    labels = labels_of(values.shape, (5, 2), (12, 37), cell_size_m=500.0)
    return linked(res, labels), labels, res


def test_the_first_place_is_the_highest_score_of_all():
    links, labels, res = two_walls()
    highest = float(
        improvement_scores(links, labels, res, radii_km=[0.5, 1.0, 2.0])["improvement_score"].max()
    )
    places = best_places(links, labels, res, radii_km=[0.5, 1.0, 2.0], places_per_link=1, exact=False)
    assert places["improvement_score"].tolist() == [highest]
    assert places["predicted_gain_m"].iloc[0] == highest * 2000 * places["radius_km"].iloc[0]
    assert places["gain_m_per_km"].iloc[0] == pytest.approx(1000 * highest)
    assert places[["exact_gain_m", "exact_gain_percent"]].isna().all(axis=None)
    column = int((places.geometry.iloc[0].x - 500_000) // 500)
    assert 8 <= column <= 13


@given(st.integers(0, 20))
def test_circles_of_a_link_do_not_overlap_and_the_best_come_first(seed):
    links, labels, res = two_walls(seed)
    places = best_places(links, labels, res, radii_km=[0.5, 1.5], places_per_link=5)
    assert 2 <= len(places) <= 5
    assert list(places.columns) == COLUMNS
    assert places.index.tolist() == list(range(1, len(places) + 1))
    assert places["gain_m_per_km"].is_monotonic_decreasing
    assert (places["exact_gain_m"] > 0).all()
    assert np.allclose(places["gain_m_per_km"], places["exact_gain_m"] / (2 * places["radius_km"]))
    for i, first in places.iterrows():
        for j, second in places.iterrows():
            if i != j:
                apart_m = first.geometry.distance(second.geometry)
                assert apart_m >= 1000 * (first["radius_km"] + second["radius_km"]) - 1e-6


def test_both_walls_are_found():
    places = best_places(*two_walls(), radii_km=[1.0], places_per_link=12)
    columns = (places.geometry.x - 500_000) // 500
    assert any(8 <= column <= 13 for column in columns)
    assert any(23 <= column <= 27 for column in columns)


def test_on_ideal_land_nothing_is_gained():
    res = raster_of(np.ones((20, 20)), cell_size_m=500.0)
    labels = labels_of((20, 20), (2, 2), (9, 17), cell_size_m=500.0)
    links = linked(res, labels)
    # The score takes the detour of eight directions for a barrier, by up to 0.0824; solving again does not.
    scores = improvement_scores(links, labels, res, radii_km=[2.7])["improvement_score"]
    assert 0.05 < float(scores.max()) < 0.0824
    assert best_places(links, labels, res, radii_km=[2.7]).empty


def test_no_links_give_an_empty_table_with_all_columns():
    links, labels, res = two_walls()
    places = best_places(links.iloc[:0], labels, res, radii_km=[1.0])
    assert places.empty
    assert list(places.columns) == COLUMNS
    assert places.index.name == "place_id"
    assert places.crs == links.crs


def test_position_error_is_the_largest_of_three_and_the_scale_is_stated():
    links, labels, res = two_walls()
    for source_error_km, expected in ((0.0, 1.0), (2.5, 2.5)):
        places = best_places(links, labels, res, radii_km=[1.0], source_error_km=source_error_km)
        assert set(places["position_error_km"]) == {expected}
        assert f"within {expected:g} km" in places.attrs["screening"]


def test_fewer_than_one_place_is_refused():
    with pytest.raises(ConfigError, match=r"C103.*places_per_link.*0.*1 or more"):
        best_places(*two_walls(), radii_km=[1.0], places_per_link=0)
