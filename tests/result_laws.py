"""What holds for every result, whatever the landscape: called by the tests with results of all kinds."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr

from corridors import schema
from corridors.config import Workflow
from corridors.grid import Grid, inside, outline
from corridors.pipeline import analyse
from corridors.result import CaseResult, Result

# Columns that only a layer of countries can fill.
OF_BORDERS = {"countries", "borders", "border_contact_km", "narrowest_neck_km", "neck_note"}
OF_BORDERS |= {"border_in_corridor_km"}
OF_EDITS = {"edit", "reason", "author"}
OF_CAPACITY = {f"equivalent_connected_adults_{end}" for end in ("low", "high")}
OF_DENSITIES = {f"{who}_{end}" for who in ("adults", "breeding_females") for end in ("low", "high")}


def check(result: Result, workflow: Workflow) -> None:
    """Check all of them."""
    area = shapely.Polygon(outline(workflow.area.bounds, result.grid.crs))
    within = inside(result.grid, workflow.area.bounds)
    assert list(result.cases) == list(workflow.cases)
    check_rasters(dict(result.layers.data_vars), result.grid, within)
    for key, case in result.cases.items():
        check_rasters(dict(case.rasters.data_vars), result.grid, within)
        windows = workflow.cases[key].current.window_radius_km is not None
        groups = {"predictors"} if windows else {"predictors", "current"}
        assert set(case.rasters) == {n for n, r in schema.RASTERS.items() if r.group not in groups}
        check_names(case, with_countries="countries" in result.context)
        check_vectors(case, area)
        check_corridor(case, within)
        check_tables(case)


def check_rasters(rasters: dict[Any, Any], grid: Grid, within: np.ndarray) -> None:
    """Nothing outside the reporting area, and no value the schema does not allow."""
    for name, raster in rasters.items():
        assert Grid.of(raster) == grid, name
        assert raster.name == name
        assert raster.attrs["units"], name
        outside = raster.values[~within]
        assert (outside == 0).all() if raster.dtype.kind in "iu" else np.isnan(outside).all(), name
        low, high = schema.raster(name).limits
        known = raster.values[within & ~np.isnan(raster.values.astype(float))]
        assert ((known >= low) & (known <= high)).all(), name


def check_names(case: CaseResult, *, with_countries: bool) -> None:
    """Every vector, table and column is in the schema, in its order; without countries, theirs lack."""
    assert set(case.vectors) | set(schema.EDITED) == set(schema.VECTORS)
    for name, layer in case.vectors.items():
        columns = [layer.index.name, *layer.columns.drop(layer.geometry.name)]
        assert columns == expected(schema.VECTORS[name].columns, name, with_countries, case), name
    for name, table in case.tables.items():
        columns = expected(schema.TABLES[name].columns, name, with_countries, case)
        if schema.TABLES[name].one_column_per:
            columns += [str(core_id) for core_id in case.vectors["cores"].index]
        assert list(table.columns) == columns, name
        assert (table.index == pd.RangeIndex(len(table))).all(), name
    of_borders = {"core_countries", "core_borders", "link_countries"}
    assert of_borders & set(case.tables) == (of_borders if with_countries else set())


def expected(columns: tuple[str, ...], name: str, with_countries: bool, case: CaseResult) -> list[str]:
    """Return the columns a layer must have: without densities there are no animals."""
    left_out = set() if "adults_low" in case.vectors["cores"] else OF_DENSITIES
    if "equivalent_connected_adults_low" not in case.tables["connectivity"]:
        left_out = left_out | OF_CAPACITY
    edited = {"cores": "edited_cores" in case.vectors, "links": "edit" in case.vectors["links"]}
    if not edited.get(name, name not in edited):
        left_out = left_out | OF_EDITS
    if not with_countries and name != "crossings":
        left_out = left_out | OF_BORDERS
    return [column for column in columns if column not in left_out]


def check_vectors(case: CaseResult, area: Any) -> None:
    """Ids, ends and places fit together; what is reported touches the reporting area."""
    cores, links, corridors, crossings = (
        case.vectors[n] for n in ("cores", "links", "corridors", "crossings")
    )
    ends = {*links["core_a"], *links["core_b"]}
    for core_id, core in cores.geometry.items():
        assert core.intersects(area) or core_id in ends
        assert core.is_valid
    assert ends <= set(cores.index)
    assert (links["core_a"] < links["core_b"]).all()
    assert links.intersects(area).all()
    assert set(corridors.index) <= set(links.index)
    assert set(crossings["link_id"]) <= set(links.index)
    at_links = ("restoration_places", "barrier_openings", "pinch_points")
    assert all(set(case.vectors[name]["link_id"]) <= set(links.index) for name in at_links)
    for name in ("barriers", "openings", *at_links):
        assert case.vectors[name].intersects(area).all()
    assert (case.vectors["barriers"]["crossing_cost_m"] >= 0).all()
    slightly_more = area.buffer(1e-3)
    for layer in (corridors, crossings):
        assert layer.is_valid.all()
        assert layer.within(slightly_more).all()
    for name in ("cores", "links"):
        assert case.vectors[name].index.is_unique
    assert (cores["mean_suitability"].between(0, 1)).all()
    assert np.allclose(cores["quality_area_km2"], cores["area_km2"] * cores["mean_suitability"])


def check_corridor(case: CaseResult, within: np.ndarray) -> None:
    """On every cell of a link's path the slack is 0, and nowhere is it less."""
    corridor = case.rasters["corridor"]
    grid = Grid.of(corridor)
    assert not (corridor.values < 0).any()
    on_a_path = 0
    for path in case.vectors["links"].geometry:
        for x, y in path.coords:
            cell = grid.cell_at(x, y)
            if cell is not None and within[cell]:
                assert corridor.values[cell] == 0
                on_a_path += 1
    assert on_a_path or not len(case.vectors["links"])


def check_links_tables(case: CaseResult) -> None:
    """Check that the matrix holds every link and is a distance, exposures and quality their ranges."""
    matrix = case.tables["cost_distance_matrix"].set_index("core_id").rename(columns=int)
    np.testing.assert_array_equal(matrix, matrix.T)
    assert (np.diag(matrix) == 0).all()
    links = case.vectors["links"]
    for link in links.itertuples():
        assert matrix.loc[link.core_a, link.core_b] == link.cost_distance_m
    exposure = case.tables["link_exposure"].set_index("link_id")
    assert exposure.index.equals(links.index)
    assert exposure["protected_percent"].dropna().between(0, 100).all()
    quality, slack = case.rasters["corridor_quality"].values, case.rasters["corridor"].values
    np.testing.assert_array_equal(np.isnan(quality), np.isnan(slack))
    assert not (quality < 1 - 1e-9).any()


def check_tables(case: CaseResult) -> None:
    """Tables say what their vectors say, and shares sum to 100."""
    if "capacity" in case.tables:
        held = case.tables["core_countries"].groupby("country")["area_km2"].sum()
        could = case.tables["capacity"].set_index("country")["area_km2"]
        assert np.allclose(could.drop("all"), held.reindex(could.drop("all").index))
        assert np.isclose(could["all"], held.sum())
        assert could.drop("all").index.tolist() == sorted(held.index)
    for name in ("cores", "links", "crossings"):
        vector = pd.DataFrame(case.vectors[name].drop(columns="geometry")).reset_index()
        pd.testing.assert_frame_equal(case.tables[name], vector)
    for name, of in (("core_countries", "cores"), ("link_countries", "links")):
        if name not in case.tables:
            continue
        shares = case.tables[name].groupby(case.vectors[of].index.name)["share_percent"].sum()
        assert set(shares.index) == set(case.vectors[of].index)
        assert np.allclose(shares, 100)
    check_links_tables(case)
    connectivity = case.tables["connectivity"]
    assert set(connectivity["distance"]) == {"length", "cost"}


def analysed(
    layers: xr.Dataset, workflow: Workflow, context: dict[str, gpd.GeoDataFrame] | None = None
) -> Result:
    """Analyse, and check what holds for every result."""
    result = analyse(layers, workflow, context=context or {})
    check(result, workflow)
    return result


def only_case(result: Result) -> CaseResult:
    """Return the case of a result that has one."""
    (case,) = result.cases.values()
    return case


def codes(case: CaseResult) -> set[str]:
    """Return the codes of the notes of a case."""
    return {note.code for note in case.notes}


def text_of(case: CaseResult, code: str) -> str:
    """Return the text of the one note of a code."""
    (text,) = (note.text for note in case.notes if note.code == code)
    return text
