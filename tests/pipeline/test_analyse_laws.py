"""`analyse` on untame landscapes: what holds whatever the land is like, in whatever order it is given."""

from __future__ import annotations

from typing import Any

import invented as land
import numpy as np
import pytest
import xarray as xr
from geopandas.testing import assert_geodataframe_equal
from result_laws import analysed, only_case, text_of

from corridors.config import Workflow


def untame(seed: int) -> xr.Dataset:
    """Patches of forest, sea and no data strewn by chance, and a road."""
    chance = np.random.default_rng(seed)
    shape = land.grid_of().shape
    coarse = chance.random((shape[0] // 6 + 1, shape[1] // 6 + 1))
    cover = np.where(coarse < 0.35, land.FOREST, land.CROP).astype(float)
    cover = np.kron(cover, np.ones((6, 6)))[: shape[0], : shape[1]]
    cover[chance.random(shape) < 0.01] = land.SEA
    cover[chance.random(shape) < 0.01] = np.nan
    road = np.zeros(shape)
    road[:, int(chance.integers(shape[1]))] = 1
    return land.dataset(landcover=cover, roads=road, distance_to_roads=chance.random(shape) * 5)


def untame_workflow(**options: Any) -> Workflow:
    sections = land.near_roads()
    sections["layers"]["roads"] = {"kind": "lines", "sources": ["r.gpkg"]}
    sections["movement"] = {"barriers": {"roads": {"crossing_cost_m": 25_000.0}}}
    sections["cores"] = {"threshold": 0.5, "stepping_stone_km2": 8.0}
    return land.workflow_of(**sections | options)


@pytest.mark.parametrize("seed", range(6))
def test_clipped_to_the_reporting_area(seed: int) -> None:
    """The laws hold where cores, links and corridors go on beyond the reporting area."""
    west, south, east, north = land.BOUNDS
    area = (west + 0.1, south + 0.06, east - 0.14, north - 0.05)
    layers, context = untame(seed), {"countries": land.countries("AD", "LI", "SM")}
    found = analysed(layers, untame_workflow(area=area), context)
    whole = analysed(layers, untame_workflow(), context)
    assert found.grid.shape < whole.grid.shape
    for name in ("cores", "links"):
        reported, computed = only_case(found).vectors[name], only_case(whole).vectors[name]
        # Kept whole: an area or a cost is never that of a fragment.
        assert_geodataframe_equal(reported, computed.loc[reported.index])
    assert len(only_case(whole).vectors["links"])


@pytest.mark.parametrize("seed", range(3))
def test_order_of_layers_and_predictors__changes_nothing(seed: int) -> None:
    layers, context = untame(seed), {"countries": land.countries("AD", "LI")}
    workflow = untame_workflow()
    (species,) = workflow.species
    backwards = dict(reversed(species.habitat.predictors.items()))
    turned = workflow.model_copy(
        update={
            "layers": dict(reversed(workflow.layers.items())),
            "species": (
                species.model_copy(
                    update={"habitat": species.habitat.model_copy(update={"predictors": backwards})}
                ),
            ),
        }
    )
    one = only_case(analysed(layers, workflow, context))
    other = only_case(analysed(layers[list(layers)[::-1]], turned, context))
    for name in one.rasters:
        np.testing.assert_array_equal(one.rasters[name], other.rasters[name], err_msg=str(name))
    for name, layer in one.vectors.items():
        assert_geodataframe_equal(layer, other.vectors[name])


def test_two_cases__each_has_its_own_and_shares_the_layers() -> None:
    workflow = land.workflow_of()
    (first,) = workflow.species
    fussy = first.cores.model_copy(update={"min_area_km2": 78.0})
    second = first.model_copy(update={"season": "winter", "cores": fussy})
    both = analysed(land.three_blocks(), workflow.model_copy(update={"species": (first, second)}))
    assert list(both.cases) == ["forest_cat-year-round-baseline", "forest_cat-winter-baseline"]
    one, other = both.cases.values()
    assert (len(one.vectors["cores"]), len(other.vectors["cores"])) == (3, 0)
    alone = only_case(analysed(land.three_blocks(), workflow))
    xr.testing.assert_identical(one.rasters, alone.rasters)
    assert "Holds for dispersal, winter, scenario baseline." in [note.text for note in other.notes]


def test_notes__say_scale_movement_and_slack_once_each() -> None:
    case = only_case(analysed(land.three_blocks(), land.workflow_of()))
    assert text_of(case, "scale") == "Screening scale 1000 m: widths under 4 km are not resolved."
    assert "dispersal" in text_of(case, "movement")
    assert "does not compare links" in text_of(case, "slack")
    for note in case.notes:
        assert note.text.endswith(".")
