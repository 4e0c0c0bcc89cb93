from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from landscapes import labels_of, raster_of
from shapely.geometry import Point

from corridors.cost.sources import labelled_sources
from corridors.errors import InputError, Problems

RES = raster_of([[1.0, 1.0, np.nan], [1.0, 1.0, 1.0]])


def points(**places):
    """Points in cells (row, column), by name."""
    at = [Point(500_000.5 + column, 4_899_999.5 - row) for row, column in places.values()]
    return gpd.GeoDataFrame(geometry=at, index=list(places), crs="EPSG:32652")


def test_points_of_one_cell_are_one_place():
    labels, of = labelled_sources(points(fox=(1, 2), hare=(0, 0), vixen=(1, 2)), RES)
    assert of == {"fox": 1, "hare": 2, "vixen": 1}
    assert labels.values.tolist() == [[2, 0, 0], [0, 0, 1]]


def test_an_array_is_numbered_from_nought():
    labels, of = labelled_sources(np.array([[500_001.5, 4_899_998.5], [500_000.5, 4_899_998.5]]), RES)
    assert of == {0: 1, 1: 2}
    assert labels.values.tolist() == [[0, 0, 0], [2, 1, 0]]


def test_labels_stay_as_they_are():
    given = labels_of((2, 3), (0, 0), (1, 1))
    labels, of = labelled_sources(given, RES)
    assert labels is given
    assert of == {1: 1, 2: 2}


def test_points_outside_and_on_no_data_are_told_at_once_without_their_place():
    with pytest.raises(Problems) as caught:
        labelled_sources(points(lost=(9, 9), drowned=(0, 2), fine=(0, 0)), RES)
    text = str(caught.value)
    assert "I221" in text
    assert "I222" in text
    assert "lost" in text
    assert "drowned" in text
    assert "fine" not in text
    assert "500002" not in text
    with pytest.raises(InputError, match="I223"):
        labelled_sources(labels_of((2, 3)), RES)
