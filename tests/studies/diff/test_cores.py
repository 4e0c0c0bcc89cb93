"""Cores and links of two runs matched by land: every way a core can change."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from corridors.studies.diff.cores import matched_cores, matched_links, same_cores

CRS = "EPSG:32652"
ORIGIN_M = (500_000, 4_800_000)


def cores(boxes: dict[int, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    """Return core areas from boxes in kilometres."""
    shapes = [
        shapely.box(*(ORIGIN_M[place % 2] + 1000 * side for place, side in enumerate(box)))
        for box in boxes.values()
    ]
    columns = {"core_id": pd.Series(list(boxes), dtype="int64"), "name": [f"core {n}" for n in boxes]}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=CRS, dtype="geometry"))


def links(*ends: tuple[int, int, int, float]) -> gpd.GeoDataFrame:
    rows = [
        {"link_id": i, "core_a": a, "core_b": b, "cost_distance_m": cost, "path_length_km": 5.0}
        for i, a, b, cost in ends
    ]
    names = ["link_id", "core_a", "core_b", "cost_distance_m", "path_length_km"]
    shapes = [shapely.LineString([(0, 0), (1, 1)])] * len(rows)
    return gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=names), geometry=gpd.GeoSeries(shapes, crs=CRS, dtype="geometry")
    )


def changes(a: dict[int, Any], b: dict[int, Any]) -> list[tuple[str, int | None, int | None]]:
    found = matched_cores(cores(a), cores(b))
    pairs = found[["id_a", "id_b"]].to_numpy()
    ids = [tuple(None if pd.isna(one) else int(one) for one in pair) for pair in pairs]
    return [(change, *pair) for change, pair in zip(found["change"], ids, strict=True)]


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({1: (0, 0, 10, 10)}, {1: (0, 0, 10, 10)}, [("kept", 1, 1)]),
        ({1: (0, 0, 10, 10)}, {7: (0, 0, 10, 9)}, [("kept", 1, 7)]),
        ({1: (0, 0, 10, 10)}, {1: (0, 0, 10, 3)}, [("shrunk", 1, 1)]),
        ({1: (0, 0, 10, 3)}, {1: (0, 0, 10, 10)}, [("grown", 1, 1)]),
        ({1: (0, 0, 10, 10)}, {1: (6, 0, 16, 10)}, [("moved", 1, 1)]),
        ({1: (0, 0, 10, 10)}, {1: (20, 0, 30, 10)}, [("lost", 1, None), ("gained", None, 1)]),
        ({}, {3: (0, 0, 1, 1)}, [("gained", None, 3)]),
        ({3: (0, 0, 1, 1)}, {}, [("lost", 3, None)]),
        ({1: (0, 0, 10, 10)}, {1: (0, 0, 6, 10), 2: (7, 0, 10, 10)}, [("kept", 1, 1), ("split", 1, 2)]),
        ({1: (0, 0, 6, 10), 2: (7, 0, 10, 10)}, {1: (0, 0, 10, 10)}, [("kept", 1, 1), ("merged", 2, 1)]),
        # Ids changed hands: land decides, not numbers.
        (
            {1: (0, 0, 5, 5), 2: (9, 9, 14, 14)},
            {1: (9, 9, 14, 14), 2: (0, 0, 5, 5)},
            [("kept", 1, 2), ("kept", 2, 1)],
        ),
        # A sliver of overlap makes no piece.
        (
            {1: (0, 0, 10, 10)},
            {1: (0, 0, 10, 10), 2: (9.9, 0, 20, 10)},
            [("kept", 1, 1), ("gained", None, 2)],
        ),
    ],
)
def test_what_became_of_cores(a: dict[int, Any], b: dict[int, Any], expected: list[Any]) -> None:
    assert changes(a, b) == expected


boxes = st.dictionaries(
    st.integers(1, 9),
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 9), st.integers(1, 9)).map(
        lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
    ),
    max_size=5,
)


@given(boxes, boxes)
def test_every_core_is_told_once_and_areas_add_up(a: dict[int, Any], b: dict[int, Any]) -> None:
    found = matched_cores(cores(a), cores(b))
    own_a = found[~found["change"].isin(["split", "gained"])]["id_a"]
    own_b = found[~found["change"].isin(["merged", "lost"])]["id_b"]
    assert sorted(own_a.astype(int)) == sorted(a)
    assert sorted(own_b.astype(int)) == sorted(b)
    areas = [found[f"area_{run}_km2"].astype(float).sum() for run in "ab"]
    assert found["area_change_km2"].astype(float).sum() == pytest.approx(areas[1] - areas[0], abs=1e-9)
    assert len(same_cores(found)) == len(set(same_cores(found).values()))


@given(boxes)
def test_a_run_against_itself_keeps_every_core(a: dict[int, Any]) -> None:
    # Cores of one run share no land.
    apart = {
        number: box
        for place, (number, box) in enumerate(a.items())
        for box in [tuple(s + 50 * place for s in box)]
    }
    found = matched_cores(cores(apart), cores(apart))
    assert (found["change"] == "kept").all()
    assert (found["area_change_km2"] == 0).all()
    assert same_cores(found) == {number: number for number in apart}


def test_links_are_those_between_the_same_cores_whatever_their_numbers() -> None:
    a = links((1, 1, 2, 100.0), (2, 2, 3, 50.0), (3, 1, 3, 80.0))
    b = links((9, 4, 5, 150.0), (8, 5, 6, 50.0), (7, 6, 7, 10.0))
    found = matched_links(a, b, {1: 5, 2: 4, 3: 6})  # the ends of the first stand the other way round in B
    rows = found[["change", "cost_change_m", "cost_change_percent"]].to_numpy().tolist()
    assert rows[0] == ["kept", 50.0, 50.0]
    assert [row[0] for row in rows] == ["kept", "lost", "kept", "gained"]
    assert found["link_b"].tolist()[0] == 9
    assert rows[2] == ["kept", -30.0, -37.5]


def test_links_of_cores_that_are_gone_are_lost() -> None:
    found = matched_links(links((1, 1, 2, 9.0)), links((1, 1, 2, 9.0)), {1: 1})
    assert found["change"].tolist() == ["lost", "gained"]
