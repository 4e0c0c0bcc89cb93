from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest

from corridors.errors import InputError
from corridors.grid import Grid
from corridors.layers.settlements import settlements_from, settlements_from_raster
from corridors.layers.spec import LayerSpec

SPEC = LayerSpec(
    kind="points",
    sources=["a"],
    name_column="city",
    country_column="code",
    population_column="people",
    population_unknown=1500,
)


def test_zero_is_unknown_and_counts_with_the_stated_number(towns: gpd.GeoDataFrame) -> None:
    found = settlements_from(towns, SPEC, where="towns")
    assert found["population"].tolist() == [16_000, 0, 0]
    assert found["population_used"].tolist() == [16_000, 1500, 1500]
    assert found["country"].tolist() == ["CH", "AT", "AT"]
    assert found["name"].tolist() == ["Westow", "Eastow", "Farrow"]
    assert found.attrs["unknown_share"] == {"AT": 1.0, "CH": 0.0}


def test_an_empty_population_is_unknown(towns: gpd.GeoDataFrame) -> None:
    found = settlements_from(towns.assign(people=[None, 5, np.nan]), SPEC, where="towns")
    assert found["population_used"].tolist() == [1500, 5, 1500]


@pytest.mark.parametrize("wrong", [-1, "many", np.inf])
def test_populations_that_cannot_be_stop(towns: gpd.GeoDataFrame, wrong: object) -> None:
    with pytest.raises(InputError, match="I268"):
        settlements_from(towns.assign(people=[wrong, 1, 2]), SPEC, where="towns")


def test_persons_per_cell_become_settlements_at_cell_centres(grid: Grid) -> None:
    persons = np.zeros(grid.shape, np.float32)
    persons[2, 3], persons[4, 4] = 700, np.nan
    found = settlements_from_raster(persons, grid, where="towns.tif")
    assert found["population_used"].tolist() == [700]
    assert (found.geometry.x[0], found.geometry.y[0]) == grid.xy(2, 3)
    with pytest.raises(InputError, match="I268"):
        settlements_from_raster(-persons, grid, where="towns.tif")
