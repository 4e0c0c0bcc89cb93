"""`analyse` in memory: pure, with few layers or many, with and without countries, with one core or none."""

from __future__ import annotations

import builtins
import io
import os
from pathlib import Path
from typing import Any

import invented as land
import numpy as np
import pyogrio
import pytest
import rasterio
import xarray as xr
from geopandas.testing import assert_geodataframe_equal
from result_laws import analysed, codes, only_case, text_of

from corridors.errors import InputError
from corridors.pipeline import analyse

# ---------------------------------------------------------------- pure


def test_inputs_are_not_changed() -> None:
    layers, context = land.three_blocks(), {
        "countries": land.countries("AD", "LI"),
        "protected_areas": land.polygons(Wolf=land.WEST),
    }  # fmt: skip
    before = layers.copy(deep=True), {name: layer.copy() for name, layer in context.items()}
    for layer in layers.data_vars.values():
        layer.values.setflags(write=False)
    workflow = land.workflow_of()
    written = workflow.model_dump_json()
    analysed(layers, workflow, context)
    xr.testing.assert_identical(layers, before[0])
    assert set(context) == set(before[1])
    for name, layer in context.items():
        assert_geodataframe_equal(layer, before[1][name])
    assert workflow.model_dump_json() == written


def test_no_file_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    layers, context = land.three_blocks(), {"countries": land.countries("AD", "LI")}
    expected = analyse(layers, land.workflow_of(), context=context)  # imports and compiles what it needs

    opened = io.open

    def forbidden(*arguments: Any, **options: Any) -> Any:
        if str(arguments[0]).startswith("/proc/"):  # how much memory is free
            return opened(*arguments, **options)
        what = f"a file is opened: {arguments[0]}"
        raise AssertionError(what)

    for module, name in ((builtins, "open"), (io, "open"), (os, "open"), (Path, "open")):
        monkeypatch.setattr(module, name, forbidden)
    for module, name in ((rasterio, "open"), (pyogrio, "read_dataframe"), (pyogrio, "write_dataframe")):
        monkeypatch.setattr(module, name, forbidden)
    found = analyse(layers, land.workflow_of(), context=context)
    monkeypatch.undo()
    xr.testing.assert_identical(only_case(found).rasters, only_case(expected).rasters)


def test_progress_rises_to_the_end_of_the_case() -> None:
    told: list[tuple[str, float]] = []
    analyse(
        land.three_blocks(),
        land.workflow_of(),
        context={},
        progress=lambda step, done: told.append((step, done)),
    )
    fractions = [done for _, done in told]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert {step.split(":")[0] for step, _ in told} == {"forest_cat"}


# ---------------------------------------------------------------- the method, on blocks known by hand


def test_three_blocks__two_links_and_slack_between() -> None:
    case = only_case(analysed(land.three_blocks(), land.workflow_of()))
    assert len(case.vectors["cores"]) == 3
    links = case.vectors["links"]
    # The blocks lie 6 and 7 columns apart, so the centres of their nearest cells 7 and 8.
    assert links["euclidean_km"].round(1).tolist() == [7.0, 8.0]
    assert links["path_to_euclid"].tolist() == pytest.approx([1, 1])
    # Half a cell of forest at either end, crop between: suitability 0.9 and 0.2.
    forest, crop = resistance_by_hand(0.9), resistance_by_hand(0.2)
    by_hand = [1000 * (forest + crop * gap) for gap in (6, 7)]
    assert links["cost_distance_m"].tolist() == pytest.approx(by_hand, rel=1e-6)
    assert not case.vectors["cores"]["disconnected"].any()


def resistance_by_hand(suitability: float, *, maximum: float = 100, shape: float = 8) -> float:
    """Return the transform as the published formula has it."""
    return maximum - (maximum - 1) * (1 - np.exp(-shape * suitability)) / (1 - np.exp(-shape))


def test_without_countries__the_border_part_is_skipped_and_said() -> None:
    result = analysed(land.three_blocks(), land.workflow_of())
    assert [note.code for note in result.notes] == ["no_countries"]
    assert not len(only_case(result).vectors["crossings"])


@pytest.mark.parametrize(
    ("codes_of_countries", "crossed"),
    [(("AD", "LI"), set()), (("AD", "LI", "SM"), {"AD-LI", "LI-SM"})],
)
def test_countries__links_cross_where_the_border_runs(
    codes_of_countries: tuple[str, ...], crossed: set[str]
) -> None:
    """Two countries part in the middle block, three between the blocks."""
    context = {"countries": land.countries(*codes_of_countries)}
    result = analysed(land.three_blocks(), land.workflow_of(), context)
    case = only_case(result)
    assert set(case.vectors["crossings"]["border"]) == crossed
    assert set(case.vectors["links"]["borders"]) - {""} == crossed
    straddling = case.vectors["cores"][case.vectors["cores"]["border_contact_km"] > 0]
    if not crossed:
        (contact_km,) = straddling["border_contact_km"]
        assert contact_km == pytest.approx(10, abs=0.1)  # the block is ten rows tall
        assert straddling["countries"].tolist() == ["AD, LI"]
    else:
        assert straddling.empty
    assert [note.code for note in result.notes] == ["boundary"]


def test_protected_areas__name_the_core_they_overlap_most() -> None:
    context = {"protected_areas": land.polygons(Wolf=land.WEST, Lynx=np.s_[15:25, 33:45])}
    cores = only_case(analysed(land.three_blocks(), land.workflow_of(), context)).vectors["cores"]
    west_to_east = cores.assign(x=cores.centroid.x).sort_values("x")["name"].tolist()
    assert west_to_east == ["Wolf", "", "Lynx"]


def test_one_core__links_are_empty_and_contact_counts() -> None:
    layers = land.dataset(landcover=land.landcover(land.MIDDLE))
    case = only_case(analysed(layers, land.workflow_of(), {"countries": land.countries("AD", "LI")}))
    assert {name: len(layer) for name, layer in case.vectors.items()} == {
        "cores": 1, "links": 0, "corridors": 0, "crossings": 0, "barriers": 0, "openings": 0,
        "barrier_openings": 0, "pinch_points": 0, "restoration_places": 0, "border_segments": 0,
        "gates": len(case.vectors["gates"]),
    }  # fmt: skip
    assert case.vectors["gates"]["opened"].any()  # the border parts the core, so a gate in a fence helps
    core = case.vectors["cores"].iloc[0]
    assert core["border_contact_km"] == pytest.approx(10, abs=0.1)
    assert core["narrowest_neck_km"] > 0
    assert "single_core" in codes(case)
    assert "disconnected" not in codes(case)
    assert case.rasters["corridor"].isnull().all()
    # One core alone is connected with itself: EC is its quality area, whatever the distance.
    assert case.tables["connectivity"]["equivalent_connected_area_km2"].tolist() == pytest.approx(
        [core["quality_area_km2"]] * 4
    )


def test_one_core_beside_the_border__has_no_contact() -> None:
    layers = land.dataset(landcover=land.landcover(land.WEST))
    case = only_case(analysed(layers, land.workflow_of(), {"countries": land.countries("AD", "LI")}))
    core = case.vectors["cores"].iloc[0]
    assert (core["border_contact_km"], core["countries"]) == (0, "AD")
    assert np.isnan(core["narrowest_neck_km"])


def test_core_out_of_reach__is_listed_as_disconnected() -> None:
    """The western blocks lie 7 km apart, the eastern one 8 km from them."""
    case = only_case(analysed(land.three_blocks(), land.workflow_of(links={"max_link_km": 7.5})))
    cores = case.vectors["cores"]
    assert len(case.vectors["links"]) == 1
    (alone,) = cores.index[cores["disconnected"]]
    assert cores.centroid.x.idxmax() == alone
    assert text_of(case, "disconnected") == f"Core areas without a link in reach {alone}."


def test_sea_between__no_way_through() -> None:
    cover = land.landcover(land.WEST, land.EAST)
    cover[:, 24:27] = land.SEA
    case = only_case(analysed(land.dataset(landcover=cover), land.workflow_of()))
    assert not len(case.vectors["links"])
    assert case.vectors["cores"]["disconnected"].all()
    assert np.isnan(case.rasters["suitability"].values[cover == land.SEA]).all()
    assert np.isnan(case.rasters["resistance"].values[cover == land.SEA]).all()
    assert (np.isnan(case.rasters["resistance"].values) == (cover == land.SEA)).all()


def test_no_core_at_all__everything_is_empty_and_said() -> None:
    case = only_case(analysed(land.dataset(landcover=land.landcover()), land.workflow_of()))
    assert all(len(layer) == 0 for layer in case.vectors.values())
    assert (case.rasters["cores"] == 0).all()
    assert case.tables["connectivity"]["equivalent_connected_area_km2"].tolist() == [0] * 4
    assert any(note.text.startswith("No core areas") for note in case.notes)


def test_core_at_the_edge__is_truncated_and_said() -> None:
    layers = land.dataset(landcover=land.landcover(np.s_[10:20, 0:8], land.EAST))
    case = only_case(analysed(layers, land.workflow_of()))
    cores = case.vectors["cores"]
    (cut,) = cores.index[cores["truncated"]]
    assert cores.centroid.x.idxmin() == cut
    assert text_of(case, "truncated").endswith(f"core areas {cut}.")


def test_core_at_the_edge_of_the_analysis_area__is_truncated() -> None:
    """The layers go on, the analysis area does not: its edge counts, not that of the layers."""
    layers = land.three_blocks()
    west, south, east, north = land.BOUNDS
    smaller = (west + 0.06, south, east, north)
    layers.attrs["analysis_bounds"] = smaller
    case = only_case(analysed(layers, land.workflow_of(area=smaller)))
    cores = case.vectors["cores"]
    assert cores["truncated"].sum() == 1
    assert cores.centroid.x.idxmin() == cores.index[cores["truncated"]][0]
    assert layers.attrs["analysis_bounds"] == smaller


# ---------------------------------------------------------------- other ways to the same end


def test_cores_from_polygons() -> None:
    context = {"protected_areas": land.polygons(Wolf=land.WEST, Lynx=land.EAST, Midge=np.s_[2:4, 2:4])}
    workflow = land.workflow_of(
        cores={"from": "polygons", "layer": "protected_areas", "threshold": 0.7, "window_radius_km": 1.0}
    )
    case = only_case(analysed(land.three_blocks(), workflow, context))
    assert set(case.vectors["cores"]["name"]) == {"Wolf", "Lynx", "Midge"}
    assert case.vectors["cores"].set_index("name").loc["Midge", "stepping_stone"]
    assert "threshold_check" not in case.tables


def test_cores_from_polygons__what_was_done_to_them_is_said() -> None:
    overlapping = land.polygons(Wolf=land.WEST, Lynx=np.s_[10:20, 6:14])
    workflow = land.workflow_of(cores={"from": "polygons", "layer": "protected_areas"})
    context = {"protected_areas": overlapping, "countries": land.countries("AD", "LI")}
    case = only_case(analysed(land.three_blocks(), workflow, context))
    assert "Wolf (40 cells)" in text_of(case, "K113")


def test_cores_from_polygons_that_are_not_there__are_refused() -> None:
    workflow = land.workflow_of(cores={"from": "polygons", "layer": "protected_areas"})
    with pytest.raises(
        InputError, match=r"I260.*no polygons protected_areas for core areas.*Allowed: countr"
    ):
        analyse(land.three_blocks(), workflow, context={"countries": land.countries("AD", "LI")})


def test_movement_from_classes() -> None:
    workflow = land.workflow_of(
        movement={
            "from": "classes",
            "layer": "landcover",
            "resistances": {str(land.FOREST): 1.0, str(land.CROP): 7.0},
        }
    )
    case = only_case(analysed(land.three_blocks(), workflow))
    assert set(np.unique(case.rasters["resistance"])) == {1, 7}
    assert case.vectors["links"]["cost_distance_m"].tolist() == pytest.approx([43_000, 50_000])


def test_movement_from_a_raster() -> None:
    cost = np.full(land.grid_of().shape, 3.0)
    layers = land.dataset(landcover=land.three_blocks()["landcover"].values, own_cost=cost)
    workflow = land.workflow_of(
        layers={"own_cost": {"sources": ["own_cost.tif"]}}, movement={"from": "raster", "layer": "own_cost"}
    )
    case = only_case(analysed(layers, workflow))
    assert case.vectors["links"]["mean_resistance"].tolist() == pytest.approx([3, 3])
    assert case.rasters["resistance"].name == "resistance"


def test_movement_from_a_layer_that_is_not_there__is_refused() -> None:
    workflow = land.workflow_of(
        layers={"own_cost": {"sources": ["own_cost.tif"], "optional": True}},
        movement={"from": "raster", "layer": "own_cost"},
    )
    with pytest.raises(InputError, match=r"I260.*no layer own_cost to take resistance from"):
        analyse(land.three_blocks(), workflow, context={})


def test_movement_raster_below_1__is_refused() -> None:
    layers = land.three_blocks().assign(own_cost=land.dataset(a=np.zeros(land.grid_of().shape))["a"])
    workflow = land.workflow_of(
        layers={"own_cost": {"sources": ["own_cost.tif"]}}, movement={"from": "raster", "layer": "own_cost"}
    )
    with pytest.raises(InputError, match="I211"):
        analyse(layers, workflow, context={})


def test_barrier_without_lines__is_burnt_at_the_highest_resistance_and_said() -> None:
    road = np.zeros(land.grid_of().shape)
    road[:, 13] = 1
    layers = land.dataset(landcover=land.three_blocks()["landcover"].values, roads=road)
    workflow = land.workflow_of(
        layers={"roads": {"kind": "lines", "sources": ["r.gpkg"]}},
        movement={"barriers": {"roads": {"crossing_cost_m": 25_000.0}}},
    )
    case = only_case(analysed(layers, workflow))
    assert (case.rasters["resistance"].values[:, 13] == 100).all()
    forest, crop = resistance_by_hand(0.9), resistance_by_hand(0.2)
    expected = 1000 * (forest + 5 * crop + 100)
    assert case.vectors["links"].loc[1, "cost_distance_m"] == pytest.approx(expected, rel=1e-6)
    assert text_of(case, "barriers").startswith("Roads: a raster without lines, so burnt as resistance 100")


def test_barrier_without_lines__sealed_but_crossed_is_said() -> None:
    fence = np.zeros(land.grid_of().shape)
    fence[:, 13] = 1
    layers = land.dataset(landcover=land.three_blocks()["landcover"].values, fence=fence)
    workflow = land.workflow_of(
        layers={"fence": {"kind": "lines", "sources": ["f.gpkg"]}},
        movement={"barriers": {"fence": {"crossing_cost_m": float("inf")}}},
    )
    said = text_of(only_case(analysed(layers, workflow)), "sealed")
    assert (
        said == "Fence: sealed in the workflow, yet crossed here at resistance 100: links across do not hold."
    )


# ---------------------------------------------------------------- layers that lack


@pytest.mark.parametrize(
    ("role", "why"), [("disturbance", "no such layer"), ("prey", "no survey in the data")]
)
def test_missing_layer__dropped_weights_rescaled_and_said(role: str, why: str) -> None:
    found = only_case(analysed(land.three_blocks(), land.workflow_of(**land.near_roads(role))))
    alone = only_case(analysed(land.three_blocks(), land.workflow_of()))
    xr.testing.assert_identical(found.rasters["suitability"], alone.rasters["suitability"])
    assert why in text_of(found, "dropped")
    assert "distance to roads left out" in text_of(found, "dropped")
    assert "dropped" not in codes(alone)


def test_present_layer__counts_and_is_not_said() -> None:
    layers = land.three_blocks()
    far = land.dataset(distance_to_roads=np.full(land.grid_of().shape, np.log(2)))
    case = only_case(analysed(layers.assign(far.data_vars), land.workflow_of(**land.near_roads())))
    forest = layers["landcover"].values == land.FOREST
    # The geometric mean of 0.9 and 1 - exp(-ln 2) = 0.5, for two predictors of equal weight.
    assert case.rasters["suitability"].values[forest] == pytest.approx(np.sqrt(0.9 * 0.5), rel=1e-6)
    assert "dropped" not in codes(case)


def test_layers_elsewhere__are_refused() -> None:
    with pytest.raises(InputError, match=r"I217.*no cell in the area"):
        analyse(land.three_blocks(), land.workflow_of(area=(10.0, 44.0, 10.5, 44.3)), context={})
