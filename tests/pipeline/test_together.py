"""Species on the same land and variants of one: sums, shares and agreement against plain counting."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from invented import countries, grid_of, landcover, workflow_of

from corridors.config import parse_workflow
from corridors.pipeline.overlap import (
    ALL,
    CORE,
    CORRIDOR,
    NONE,
    land_of,
    one_case_each,
    overlap_table,
    shared_land,
    species_overlap,
    states_in,
)
from corridors.pipeline.variants import agreement_raster, agreement_table
from corridors.result import CaseResult
from corridors.schema import RUN_RASTERS
from corridors.schema.combinations import mixed, with_combinations

GRID = grid_of()
ROWS, COLUMNS = GRID.shape
STATES = st.integers(0, 2**32 - 1)
NAMES = ["Lynx", "Bear", "Wolverine"]


def cell_box(rows: slice, columns: slice) -> Any:
    left, _, _, top = GRID.bounds
    size = GRID.cell_size_m
    return shapely.box(
        left + columns.start * size,
        top - rows.stop * size,
        left + columns.stop * size,
        top - rows.start * size,
    )


def case_of(cores: np.ndarray, corridors: list[Any], *, sea: np.ndarray | None = None) -> CaseResult:
    suitability = np.full(GRID.shape, 0.5)
    if sea is not None:
        suitability[sea] = np.nan
    rasters = xr.Dataset(
        {
            "cores": GRID.like(cores.astype(np.uint16), name="cores"),
            "suitability": GRID.like(suitability, name="suitability"),
        }
    )
    polygons = gpd.GeoDataFrame(geometry=gpd.GeoSeries(corridors, crs=GRID.crs))
    return CaseResult("case", rasters, {"corridors": polygons}, {})


def random_case(seed: int) -> CaseResult:
    """Return a case with some blocks of core areas and some corridors that may run over them."""
    generator = np.random.default_rng(seed)
    cores, corridors = np.zeros(GRID.shape, dtype=int), []
    for number in range(3):
        row, column = generator.integers(0, ROWS - 8), generator.integers(0, COLUMNS - 8)
        height, width = generator.integers(1, 8, size=2)
        block = slice(row, row + height), slice(column, column + width)
        if generator.random() < 0.6:
            cores[block] = number + 1
        else:
            corridors.append(cell_box(*block))
    return case_of(cores, corridors)


def land(parks: list[Any] | None = None, **options: Any) -> Any:
    context = {"countries": countries("AD", "LI")}
    if parks is not None:
        frame = {"name": "park", "country": "AD"}
        context["protected_areas"] = gpd.GeoDataFrame(
            frame, index=range(len(parks)), geometry=parks, crs=GRID.crs
        )
    return land_of(GRID, context, **options)


@given(st.lists(STATES, min_size=2, max_size=3))
def test_land_is_counted_once_and_sums_agree(seeds: list[int]) -> None:
    """Combinations exclude each other: they sum to the union, and those with a core to the core areas."""
    cases = {name: random_case(seed) for name, seed in zip(NAMES, seeds, strict=False)}
    ground = land([cell_box(slice(0, ROWS // 2), slice(0, COLUMNS))])
    overlap = species_overlap(cases, GRID)
    table, whole = overlap_table(overlap, ground), shared_land(overlap, list(cases), ground)
    joint = whole[whole["country"] == ALL].set_index("land")["area_km2"]
    cells = {name: case.rasters["cores"].to_numpy() > 0 for name, case in cases.items()}
    union = float(ground.area_km2[np.logical_or.reduce(list(cells.values()))].sum())
    assert joint["core areas, all species, shared land once"] == pytest.approx(union)
    assert union <= sum(joint[f"core areas, {name}"] for name in cases) + 1e-6
    of_all = table[table["country"] == ALL].set_index("combination")["area_km2"]
    for name, own in cells.items():
        with_core = of_all[[f"{name}: core area" in text.split("; ") for text in of_all.index]]
        assert with_core.sum() == pytest.approx(float(ground.area_km2[own].sum()))
        assert joint[f"core areas, {name}"] == pytest.approx(float(ground.area_km2[own].sum()))
    if len(cases) == 2:  # inclusion and exclusion
        both = joint["core areas, shared by all species"]
        assert union == pytest.approx(sum(joint[f"core areas, {name}"] for name in cases) - both)


@given(STATES, STATES)
def test_shares_of_countries_sum_to_the_whole(one: int, other: int) -> None:
    overlap = species_overlap({"Lynx": random_case(one), "Bear": random_case(other)}, GRID)
    table = overlap_table(overlap, land([cell_box(slice(3, 9), slice(2, 30))]))
    for _, rows in table.groupby("combination"):
        single, joint = rows[rows["country"] != ALL], rows[rows["country"] == ALL].iloc[0]
        assert single["area_km2"].sum() == pytest.approx(joint["area_km2"])
        assert single["protected_km2"].sum() == pytest.approx(joint["protected_km2"])
        assert joint["protected_km2"] <= joint["area_km2"] * (1 + 1e-12)
    for _, rows in table.groupby("country"):
        assert rows["share_percent"].sum() == pytest.approx(100)


@given(STATES, STATES)
def test_the_raster_says_of_each_cell_what_each_species_has(one: int, other: int) -> None:
    cases = {"Lynx": random_case(one), "Bear": random_case(other)}
    overlap = species_overlap(cases, GRID)
    said = dict(zip(overlap.attrs["flag_values"], overlap.attrs["flag_meanings"], strict=True))
    for row, column in itertools.product(range(0, ROWS, 5), range(0, COLUMNS, 5)):
        value = int(overlap.values[row, column])
        for state, (name, case) in zip(states_in(value, 2), cases.items(), strict=True):
            core = case.rasters["cores"].values[row, column] > 0
            center = shapely.Point(*GRID.xy(row, column))
            within = not core and any(
                polygon.covers(center) for polygon in case.vectors["corridors"].geometry
            )
            assert state == (CORE if core else CORRIDOR if within else 0)
            assert (f"{name}: " in said[value]) == (state > 0)


def test_a_species_on_its_own_land_shares_none() -> None:
    cores = np.zeros((2, *GRID.shape), dtype=int)
    cores[0, :5], cores[1, 10:] = 1, 1
    overlap = species_overlap({"Lynx": case_of(cores[0], []), "Bear": case_of(cores[1], [])}, GRID)
    whole = shared_land(overlap, ["Lynx", "Bear"], land()).set_index("land")
    assert whole.loc["core areas, shared by all species", "area_km2"] == 0
    assert overlap.attrs["flag_meanings"][0] == NONE


def test_what_is_protected_without_a_layer_of_parks_is_not_known() -> None:
    overlap = species_overlap({"Lynx": random_case(1), "Bear": random_case(2)}, GRID)
    table = overlap_table(overlap, land())
    assert table["protected_km2"].isna().all()
    assert table["prot_percent"].isna().all()
    assert (table["incomplete"] == "").all()


def test_a_country_without_parks_of_its_own_is_incomplete_where_it_has_land() -> None:
    everywhere = np.ones(GRID.shape, dtype=int)
    overlap = species_overlap({"Lynx": case_of(everywhere, []), "Bear": case_of(everywhere, [])}, GRID)
    table = overlap_table(overlap, land([cell_box(slice(0, 5), slice(0, 5))])).set_index("country")
    assert table.loc["LI", "incomplete"] == "LI"
    assert table.loc["AD", "incomplete"] == ""
    assert table.loc[ALL, "incomplete"] == "LI"


def test_sea_has_no_value() -> None:
    sea = np.zeros(GRID.shape, dtype=bool)
    sea[:, -3:] = True
    empty = np.zeros(GRID.shape, dtype=int)
    overlap = species_overlap(
        {"Lynx": case_of(empty, [], sea=sea), "Bear": case_of(empty, [], sea=sea)}, GRID
    )
    np.testing.assert_array_equal(np.isnan(overlap.values), sea)


def test_the_baseline_stands_for_a_species_whatever_its_place() -> None:
    assert one_case_each({"a": ("x", "s 1"), "b": ("x", "s 2")}) == {"x": "a"}
    assert one_case_each({"a": ("x", "s 1"), "b": ("x", "baseline")}) == {"x": "b"}


def test_colours_tell_all_combinations_of_two_and_three_species_apart() -> None:
    for count in (2, 3):
        values = range(1, 3**count)
        assert len({mixed(value) for value in values}) == len(values)
    entry = with_combinations(RUN_RASTERS["species_overlap"], [0, 2, 8], ["none of them", "a", "b"])
    assert [value for value, _, _ in entry.style.entries] == [8, 2]


masks = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).random((6, 7)) < 0.4)


@given(masks, masks)
def test_jaccard_is_shared_over_either(a: np.ndarray, b: np.ndarray) -> None:
    area = 1 + np.arange(42.0).reshape(6, 7)
    (row,) = agreement_table({"a": a, "b": b}, area).itertuples(index=False)
    shared = sum(area[cell] for cell in zip(*np.nonzero(a & b), strict=True))
    either = sum(area[cell] for cell in zip(*np.nonzero(a | b), strict=True))
    assert row.shared_km2 == pytest.approx(shared)
    assert np.isnan(row.jaccard) if either == 0 else row.jaccard == pytest.approx(shared / either)


def test_the_same_corridors_agree_wholly_and_none_with_none_is_not_known() -> None:
    some, none = np.ones((2, 2), dtype=bool), np.zeros((2, 2), dtype=bool)
    found = agreement_table({"a": some, "b": some, "c": none, "d": none}, np.ones((2, 2)))
    by_pair = found.set_index(["case_a", "case_b"])["jaccard"]
    assert by_pair["a", "b"] == 1
    assert by_pair["a", "c"] == 0
    assert np.isnan(by_pair["c", "d"])


def test_agreement_is_the_share_of_variants() -> None:
    cases = {name: random_case(number) for number, name in enumerate("abcd")}
    cells = {name: np.zeros(GRID.shape, dtype=bool) for name in cases}
    for number, name in enumerate(cells):
        cells[name][0, : number + 1] = True
    found = agreement_raster(cells, cases, GRID, "corridor_agreement_of_lynx")
    assert found.values[0, :5].tolist() == [100, 75, 50, 25, 0]


def two_species(**more: Any) -> Any:
    """Return a workflow of two species on the invented land, and what `analyse` makes of it."""
    from corridors.pipeline import analyse

    workflow = workflow_of(**more)
    entry = workflow.species[0]
    other = entry.model_copy(
        update={"name": "marten", "cores": entry.cores.model_copy(update={"threshold": 0.5})}
    )
    return analyse, workflow.model_copy(update={"species": (entry, other)})


@pytest.fixture(scope="module")
def both() -> Any:
    analyse, workflow = two_species()
    blocks = (np.s_[10:20, 2:10], np.s_[10:20, 31:39])
    layers = xr.Dataset({"landcover": GRID.like(landcover(*blocks), name="landcover")})
    return analyse(layers, workflow, context={"countries": countries("AD", "LI")})


def test_a_run_of_two_species_has_their_overlap(both: Any) -> None:
    assert set(both.tables) == {"overlap", "shared_land"}
    assert list(both.rasters.data_vars) == ["species_overlap"]
    note = next(note for note in both.notes if note.code == "overlap")
    assert "Forest cat, year-round, baseline; Marten" in note.text
    one = both.cases["forest_cat"].vectors["cores"]["area_km2"].astype(float).sum()
    said = both.tables["shared_land"].set_index(["land", "country"])["area_km2"]
    # Outlines and cells are two ways to measure the same land.
    assert said["core areas, Forest cat", ALL] == pytest.approx(one, rel=1e-3)


def test_a_run_of_one_case_has_none() -> None:
    from corridors.pipeline import analyse

    layers = xr.Dataset({"landcover": GRID.like(landcover(np.s_[10:20, 2:10]), name="landcover")})
    found = analyse(layers, workflow_of(), context={})
    assert found.tables == {}
    assert len(found.rasters) == 0


def test_variants_stand_side_by_side_with_what_was_varied() -> None:
    import tomllib

    from corridors.config import workflow_toml
    from corridors.pipeline import analyse

    mapping = tomllib.loads(workflow_toml(workflow_of())) | {
        "grid": {"movement.shape": [2, 8], "links.max_link_km": [60, 90]}
    }
    workflow = parse_workflow(mapping)
    layers = xr.Dataset(
        {"landcover": GRID.like(landcover(np.s_[10:20, 2:10], np.s_[10:20, 31:39]), name="landcover")}
    )
    found = analyse(layers, workflow, context={})
    table = found.tables["variants"].set_index("case")
    assert list(table.index) == list(workflow.cases)
    assert list(table.columns[-2:]) == ["links.max_link_km", "movement.shape"]
    for key, species in workflow.cases.items():
        links = found.cases[key].vectors["links"]
        assert table.loc[key, "movement.shape"] == f"{species.movement.shape:g}"
        assert table.loc[key, "links_n"] == len(links)
        assert table.loc[key, "mean_link_cost_m"] == pytest.approx(links["cost_distance_m"].mean())
    assert list(found.rasters.data_vars) == ["corridor_agreement_of_forest_cat"]
    pairs = found.tables["variant_agreement"]
    assert len(pairs) == 6
    # The longest link allowed changes nothing here: its pairs agree wholly.
    same = pairs[pairs["case_a"].str.replace("60", "90") == pairs["case_b"]]
    assert same["jaccard"].tolist() == [1, 1]


def test_more_species_than_fit_are_said_and_not_mapped(both: Any) -> None:
    from corridors.pipeline.together import with_cases_together

    entry = workflow_of().species[0]
    many = tuple(entry.model_copy(update={"name": f"s{number}"}) for number in range(11))
    workflow = workflow_of().model_copy(update={"species": many})
    cases = {one.name: both.cases["forest_cat"] for one in many}
    found = with_cases_together(replace(both, cases=cases, rasters=xr.Dataset(), tables={}), workflow)
    assert "overlap" not in found.tables
    assert "more than 10 species" in found.notes[-1].text
