"""Barriers in the pipeline: what a crossing costs, where it is open, what is cut, and what is said of it."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import invented as land
import numpy as np
import pytest
from affine import Affine
from result_laws import analysed, codes, only_case, text_of
from shapely import LineString, Point, box

from corridors.barriers import costs_along
from corridors.grid import Grid
from corridors.pipeline.barriers import barriers_of

GRID = land.grid_of()
LEFT, BOTTOM, RIGHT, TOP = GRID.bounds
LINES = {"kind": "lines", "sources": ["r.gpkg"]}
CLASSES = {"class_column": "class", "classes": {"primary": 1, "trunk": 2, "motorway": 3}}
ROAD_X = LEFT + 13_200.0  # between the western and the middle block, near no centre of a cell
ROW_Y = TOP - 15_500.0  # through the middle of the blocks


def up_and_down(x: float, *, bottom: float = BOTTOM, top: float = TOP) -> LineString:
    return LineString([(x, bottom), (x, top)])


def lines(*geometries: LineString, classes: Any = "", structures: Any = "") -> gpd.GeoDataFrame:
    columns = {"class": classes, "structure": structures}
    return gpd.GeoDataFrame(columns, index=range(len(geometries)), geometry=list(geometries), crs=GRID.crs)


def points(*places: tuple[float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": ""}, index=range(len(places)), geometry=[Point(p) for p in places], crs=GRID.crs
    )


def workflow(layers: dict[str, Any] | None = None, cores: dict[str, Any] | None = None, **roads: Any) -> Any:
    barriers = {"roads": {"crossing_cost_m": 25_000.0} | roads}
    specs = {"roads": LINES | CLASSES} | (layers or {})
    return land.workflow_of(layers=specs, movement={"barriers": barriers}, cores=cores or {})


def link_costs(
    roads: gpd.GeoDataFrame | None, context: dict[str, Any] | None = None, **options: Any
) -> np.ndarray:
    """Return the costs of the two links, west to middle and middle to east."""
    given = {} if roads is None else {"roads": roads}
    layers = {name: {"kind": "points", "sources": ["o.gpkg"]} for name in context or {}}
    case = only_case(analysed(land.three_blocks(), workflow(layers, **options), given | (context or {})))
    return case.vectors["links"].sort_values("core_a")["cost_distance_m"].to_numpy()


FREE = link_costs(None)


# ---------------------------------------------------------------- what a crossing costs


def test_a_line_costs_what_it_says__and_is_not_burnt() -> None:
    roads = lines(up_and_down(ROAD_X))
    assert link_costs(roads) - FREE == pytest.approx([25_000, 0], abs=1e-6)
    layers = land.three_blocks().assign(land.dataset(roads=np.eye(*GRID.shape)).data_vars)
    case = only_case(analysed(layers, workflow(), {"roads": roads}))
    assert case.vectors["links"]["cost_distance_m"].to_numpy() - FREE == pytest.approx([25_000, 0], abs=1e-6)
    assert len(np.unique(case.rasters["resistance"])) == 2  # forest and crop, and nothing burnt in
    assert text_of(case, "barriers") == "Roads: 25 km of ideal habitat per crossing; no openings."


def test_one_cost_per_class__others_are_no_barrier() -> None:
    roads = lines(
        up_and_down(ROAD_X), up_and_down(ROAD_X + 2_000), up_and_down(LEFT + 27_300),
        classes=["primary", "trunk", "motorway"],
    )  # fmt: skip
    costs = {"primary": 4_000.0, "motorway": 9_000.0}
    assert link_costs(roads, crossing_cost_m=costs) - FREE == pytest.approx([4_000, 9_000], abs=1e-6)
    case = only_case(analysed(land.three_blocks(), workflow(crossing_cost_m=costs), {"roads": roads}))
    assert case.vectors["barriers"]["class"].tolist() == ["primary", "motorway"]
    assert case.vectors["barriers"]["crossing_cost_m"].tolist() == [4_000, 9_000]
    assert "primary 4 km of ideal habitat, motorway 9 km" in text_of(case, "barriers")


@pytest.mark.parametrize(("merge_within_m", "times"), [(100.0, 1), (0.0, 2)])
def test_two_carriageways__count_once_where_merged(merge_within_m: float, times: int) -> None:
    roads = lines(up_and_down(ROAD_X), up_and_down(ROAD_X + 60))
    extra = link_costs(roads, merge_within_m=merge_within_m) - FREE
    assert extra == pytest.approx([25_000 * times, 0], abs=1e-6)


@pytest.mark.parametrize("cell_size_m", [250, 500, 1000])
def test_the_same_workflow_on_finer_cells__a_crossing_costs_the_same(cell_size_m: int) -> None:
    """On all sizes of cells, with a road that winds."""
    factor = 1000 // cell_size_m
    rows, columns = GRID.shape
    fine = Grid(
        GRID.crs, Affine(cell_size_m, 0, LEFT, 0, -cell_size_m, TOP), (rows * factor, columns * factor)
    )
    cover = np.kron(land.three_blocks()["landcover"].values, np.ones((factor, factor)))
    y = np.linspace(BOTTOM, TOP, 400)
    winding = LineString(np.column_stack([ROAD_X + 900 * np.sin(y / 700), y]))
    costs = []
    for context in ({}, {"roads": lines(winding)}):
        case = only_case(analysed(land.dataset(fine, landcover=cover), workflow(), context))
        costs.append(case.vectors["links"]["cost_distance_m"].to_numpy())
    assert costs[1] - costs[0] == pytest.approx([25_000, 0], rel=0.02, abs=1e-6)


# ---------------------------------------------------------------- where it is open


@pytest.mark.parametrize(("least_m", "extra"), [(1_500.0, 0), (2_500.0, 25_000)])
def test_tunnel__opens_where_long_enough(least_m: float, extra: float) -> None:
    roads = lines(
        up_and_down(ROAD_X, top=ROW_Y - 1_000),
        up_and_down(ROAD_X, bottom=ROW_Y - 1_000, top=ROW_Y + 1_000),
        up_and_down(ROAD_X, bottom=ROW_Y + 1_000),
        structures=["", "tunnel", ""],
    )
    options = {"structure_length_m": {"tunnel": least_m}}
    assert link_costs(roads, **options) - FREE == pytest.approx([extra, 0], abs=1e-6)
    case = only_case(analysed(land.three_blocks(), workflow(**options), {"roads": roads}))
    assert case.vectors["barriers"]["crossing_cost_m"].tolist() == [
        25_000,
        0 if not extra else 25_000,
        25_000,
    ]
    assert len(case.vectors["openings"]) == (0 if extra else 1)
    assert case.vectors["barriers"]["length_km"].sum() == pytest.approx((TOP - BOTTOM) / 1000, rel=1e-3)


def test_no_structure_counts_where_none_is_named() -> None:
    roads = lines(up_and_down(ROAD_X), structures="tunnel")
    assert link_costs(roads, structure_length_m={}) - FREE == pytest.approx([25_000, 0], abs=1e-6)


GATE = points((ROAD_X + 50, ROW_Y))
STRETCH = lines(LineString([(ROAD_X, ROW_Y - 1_000), (ROAD_X, ROW_Y + 1_000)]))
FIELD = gpd.GeoDataFrame(
    {"name": [""]}, geometry=[box(ROAD_X - 90, ROW_Y - 1_000, ROAD_X + 90, ROW_Y + 1_000)], crs=GRID.crs
)
BESIDE = FIELD.set_geometry(FIELD.translate(xoff=150))


@pytest.mark.parametrize(
    "opening", [GATE, STRETCH, FIELD, BESIDE], ids=["point", "line", "polygon", "beside"]
)
def test_layer_of_openings__opens_what_lies_at_it(opening: gpd.GeoDataFrame) -> None:
    extra = (
        link_costs(lines(up_and_down(ROAD_X)), {"crossings_built": opening}, openings="crossings_built")
        - FREE
    )
    assert extra == pytest.approx([0, 0], abs=1e-6)


def test_opening_far_from_the_line__opens_nothing_and_is_said() -> None:
    layers = {"gates": {"kind": "points", "sources": ["g.gpkg"]}}
    context = {"roads": lines(up_and_down(ROAD_X)), "gates": points((ROAD_X + 3_000, ROW_Y), (ROAD_X, ROW_Y))}
    case = only_case(analysed(land.three_blocks(), workflow(layers, openings="gates"), context))
    assert case.vectors["openings"]["idle"].tolist() == [True, False]
    assert text_of(case, "idle_openings") == "Roads: 1 of 2 openings lie at no such line and open nothing."
    assert text_of(case, "barriers").endswith("open at: gates 2.")


def test_openings_the_data_lack__leave_the_barrier_closed() -> None:
    layers = {"gates": {"kind": "points", "sources": ["g.gpkg"], "optional": True}}
    case = only_case(
        analysed(
            land.three_blocks(), workflow(layers, openings="gates"), {"roads": lines(up_and_down(ROAD_X))}
        )
    )
    assert case.vectors["links"]["cost_distance_m"].to_numpy() - FREE == pytest.approx([25_000, 0], abs=1e-6)


def test_sealed__no_way_but_through_the_gate() -> None:
    roads = lines(up_and_down(ROAD_X))
    case = only_case(analysed(land.three_blocks(), workflow(crossing_cost_m=float("inf")), {"roads": roads}))
    assert len(case.vectors["links"]) == 1
    assert text_of(case, "sealed") == "Roads: sealed, passed at its openings only."
    matrix = case.tables["cost_distance_matrix"].set_index("core_id")
    assert np.isnan(matrix.to_numpy()).sum() + np.isinf(matrix.to_numpy()).sum() == 4
    through = link_costs(roads, {"gates": GATE}, openings="gates", crossing_cost_m=float("inf"))
    assert through - FREE == pytest.approx([0, 0], abs=1e-6)


# ---------------------------------------------------------------- cores are cut


def cut_case(x: float, cores: dict[str, Any] | None = None, **roads: Any) -> Any:
    layers = land.dataset(landcover=land.landcover(np.s_[5:25, 5:35]))
    return only_case(analysed(layers, workflow(cores=cores, **roads), {"roads": lines(up_and_down(x))}))


def test_sealed_line__cuts_a_core_in_two_that_are_not_connected() -> None:
    case = cut_case(LEFT + 25_200, crossing_cost_m=float("inf"))
    cores = case.vectors["cores"]
    # 20 rows of 20 and of 10 columns, less the rim whose window holds too much crop.
    assert len(cores) == 2
    assert cores["area_km2"].iloc[0] > 1.8 * cores["area_km2"].iloc[1]
    assert text_of(case, "cut") == "Cut along barriers: 1 core areas, into 2."
    assert cores["disconnected"].all()
    connected = case.tables["connectivity"]["equivalent_connected_area_km2"]
    by_hand = np.hypot(*cores["quality_area_km2"])
    assert connected.to_numpy() == pytest.approx(by_hand, rel=1e-9)


def test_part_too_small__is_dropped_and_said() -> None:
    case = cut_case(LEFT + 34_200, {"min_area_km2": 20.0}, crossing_cost_m=float("inf"))
    assert len(case.vectors["cores"]) == 1
    assert text_of(case, "cut").startswith(
        "Cut along barriers: 0 core areas, into 0; parts too small were dropped"
    )


@pytest.mark.parametrize(
    ("limit", "cost", "parts"),
    [
        ("sealed", 1e12, 1),
        (24_999.0, 25_000.0, 2),
        (25_000.0, 25_000.0, 1),
        (float("inf"), float("inf"), 1),
        ("sealed", float("inf"), 2),
    ],
)
def test_limit_of_cutting__is_strict(limit: Any, cost: float, parts: int) -> None:
    case = cut_case(LEFT + 20_200, {"core_cut_cost_m": limit}, crossing_cost_m=cost)
    assert len(case.vectors["cores"]) == parts
    assert ("cut" in codes(case)) == (parts > 1)


def test_cores_from_polygons__parts_keep_the_name() -> None:
    cores = {"from": "polygons", "layer": "protected_areas"}
    reserve = np.s_[10:20, 10:30]
    layers = land.dataset(landcover=land.landcover(reserve))
    context = {"protected_areas": land.polygons(Wolf=reserve), "roads": lines(up_and_down(LEFT + 15_200))}
    case = only_case(analysed(layers, workflow(cores=cores, crossing_cost_m=float("inf")), context))
    assert case.vectors["cores"]["name"].tolist() == ["Wolf", "Wolf"]


# ---------------------------------------------------------------- countries


def test_costs_per_country__sum_to_the_link() -> None:
    context = {"countries": land.countries("AD", "LI", "SM"), "roads": lines(up_and_down(ROAD_X))}
    case = only_case(analysed(land.three_blocks(), workflow(), context))
    shared = case.tables["link_countries"].groupby("link_id")["cost_m"].sum()
    assert shared.to_numpy() == pytest.approx(case.vectors["links"]["cost_distance_m"].to_numpy(), rel=1e-12)
    # The road lies in the westernmost country, just west of its border.
    free = only_case(analysed(land.three_blocks(), workflow(), {"countries": context["countries"]}))
    extra = (
        case.tables["link_countries"].set_index(["link_id", "country"])["cost_m"]
        - free.tables["link_countries"].set_index(["link_id", "country"])["cost_m"]
    )
    assert extra.loc[1, "AD"] == pytest.approx(25_000, abs=1e-6)
    assert extra.drop((1, "AD")).to_numpy() == pytest.approx(0, abs=1e-6)


def test_two_layers__a_step_pays_for_each() -> None:
    specs = {"railways": LINES}
    barriers = {"roads": {"crossing_cost_m": 25_000.0}, "railways": {"crossing_cost_m": 7_000.0}}
    both = land.workflow_of(layers={"roads": LINES} | specs, movement={"barriers": barriers})
    context = {"roads": lines(up_and_down(ROAD_X)), "railways": lines(up_and_down(ROAD_X + 10))}
    edges = barriers_of(land.three_blocks(), both.species[0], context=context).edges
    assert edges is not None
    assert costs_along(edges, [15, 15], [12, 13]).tolist() == [32_000]
