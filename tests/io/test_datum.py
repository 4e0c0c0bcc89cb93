"""Datums: known shifts pass with their accuracy, guesses stop with an explanation."""

from __future__ import annotations

import math

import pytest

from corridors.errors import InputError
from corridors.io import check_datum, transform_accuracy

KNOWN_PARAMETERS = "+proj=tmerc +lon_0=129 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3 +units=m"


@pytest.mark.parametrize(
    ("crs", "accuracy_m"),
    [("EPSG:4326", 0), ("EPSG:32652", 0), ("EPSG:28405", 3), ("EPSG:7683", 1), ("EPSG:4490", 1)],
)
def test_transform_accuracy__known(crs: str, accuracy_m: float) -> None:
    assert transform_accuracy(crs, "EPSG:32652") == accuracy_m
    check_datum(crs, "EPSG:32652", where="roads.gpkg")


def test_transform_accuracy__users_parameters() -> None:
    assert math.isnan(transform_accuracy(KNOWN_PARAMETERS, "EPSG:32652") or 0)
    check_datum(KNOWN_PARAMETERS, "EPSG:32652", where="roads.gpkg")


@pytest.mark.parametrize(("crs", "name"), [("EPSG:4214", "Beijing 1954"), ("EPSG:4610", "Xian 1980")])
def test_check_datum__guess(crs: str, name: str) -> None:
    assert transform_accuracy(crs, "EPSG:32652") is None
    with pytest.raises(
        InputError, match=rf"I219.*roads.gpkg: no parameters are known.*{name}.*tens of metres.*towgs84"
    ):
        check_datum(crs, "EPSG:32652", where="roads.gpkg", bounds=(129, 42, 133, 45))


def test_check_datum__parameters_of_another_region() -> None:
    """Beijing 1954 has parameters for the Ordos and the Yellow Sea, none for Primorye."""
    assert transform_accuracy("EPSG:2436", "EPSG:32652", bounds=(131, 44, 133, 45)) is None
