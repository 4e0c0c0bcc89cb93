"""Layers as people give them: what becomes which cells, what is said, what is refused."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine

from corridors.errors import ConfigError, InputError, Problems
from corridors.grid import Grid
from corridors.io import write_raster
from corridors.pipeline.single import read_barriers, read_places, read_resistance, regions_of

GRID = Grid("EPSG:32652", Affine(1000, 0, 500_000, 0, -1000, 4_800_000), (6, 10))


def resistance(*no_data: tuple[int, int]):
    values = np.ones(GRID.shape)
    for cell in no_data:
        values[cell] = np.nan
    return GRID.like(values, name="resistance")


def layer(*shapes: shapely.Geometry, **columns: list) -> gpd.GeoDataFrame:
    names = columns.pop("name", [""] * len(shapes))
    return gpd.GeoDataFrame({"name": names, **columns}, geometry=list(shapes), crs=GRID.crs)


def point(row: int, column: int) -> shapely.Point:
    return shapely.Point(*GRID.xy(row, column))


def cells(regions, number: int) -> list[tuple[int, int]]:
    return [tuple(cell) for cell in np.argwhere(regions.labels.values == number).tolist()]


def test_points_lines_and_polygons_mark_cells_each_in_their_way() -> None:
    left, _, _, top = GRID.bounds
    square = shapely.box(left + 4_400, top - 2_600, left + 6_600, top - 400)  # the centres of 3 x 3 cells
    line = shapely.LineString([GRID.xy(5, 0), GRID.xy(5, 2)])
    found = regions_of(layer(point(0, 0), line, square, name=["a", "b", "c"]), resistance(), where="places")
    assert cells(found, 1) == [(0, 0)]
    assert cells(found, 2) == [(5, 0), (5, 1), (5, 2)]
    assert cells(found, 3) == [(row, column) for row in (0, 1, 2) for column in (4, 5, 6)]
    assert found.places["name"].tolist() == ["a", "b", "c"]
    assert found.places.area.tolist() == [1e6, 3e6, 9e6]
    assert found.notes == ()


def test_what_is_wrong_with_places_is_told_at_once() -> None:
    far = shapely.Point(0, 0)
    places = layer(point(0, 0), far, point(2, 2), point(0, 0), name=["first", "far", "in the sea", "again"])
    with pytest.raises(Problems) as caught:
        regions_of(places, resistance((2, 2)), where="places")
    assert [problem.code for problem in caught.value.problems] == ["I221", "I222", "I226"]
    assert caught.value.problems[0].what == "1 of 4 lie outside the raster"
    assert [problem.given for problem in caught.value.problems] == [
        "far (feature 2)", "in the sea (feature 3)", "again (feature 4)",
    ]  # fmt: skip


def test_cells_on_no_data_and_shared_cells_are_noted() -> None:
    first = shapely.LineString([GRID.xy(1, 0), GRID.xy(1, 4)])
    second = shapely.LineString([GRID.xy(0, 4), GRID.xy(3, 4)])
    found = regions_of(layer(first, second, name=["a", "b"]), resistance((1, 0)), where="places")
    assert cells(found, 1) == [(1, 1), (1, 2), (1, 3), (1, 4)]
    assert (1, 4) not in cells(found, 2)
    assert [code for code, _ in found.notes] == ["no_data", "shared_cells"]
    assert "a (feature 1): 1 of 5" in found.notes[0][1]


def test_together_leaves_out_what_lies_off_the_raster_and_says_so() -> None:
    places = layer(point(0, 0), shapely.Point(0, 0), point(2, 2), point(5, 9))
    found = regions_of(places, resistance((2, 2)), where="sources", together=True, first=7)
    assert cells(found, 7) == [(0, 0), (5, 9)]
    ((code, text),) = found.notes
    assert code == "left_out"
    assert text.startswith("sources: 2 of 4 features")
    with pytest.raises(InputError, match="I223"):
        regions_of(layer(shapely.Point(0, 0)), resistance(), where="sources", together=True)


def test_places_are_brought_to_the_crs_of_the_raster(tmp_path: Path) -> None:
    layer(point(3, 4), name=["Лог 虎谷"]).rename(columns={"name": "NAME"}).to_crs(4326).to_file(
        tmp_path / "p.gpkg"
    )
    places = read_places(str(tmp_path / "p.gpkg"), GRID, where="places")
    assert places["name"].tolist() == ["Лог 虎谷"]
    assert cells(regions_of(places, resistance(), where="places"), 1) == [(3, 4)]


def test_bad_places(tmp_path: Path) -> None:
    bow_tie = shapely.Polygon([GRID.xy(0, 0), GRID.xy(2, 2), GRID.xy(0, 2), GRID.xy(2, 0)])
    layer(bow_tie).to_file(tmp_path / "bow.gpkg")
    with pytest.raises(InputError, match=r"I225.*1 of 1 geometries"):
        read_places(str(tmp_path / "bow.gpkg"), GRID, where="places")
    layer(point(0, 0)).iloc[:0].to_file(tmp_path / "empty.gpkg")
    with pytest.raises(InputError, match="I223"):
        read_places(str(tmp_path / "empty.gpkg"), GRID, where="places")


def test_resistance_is_read_as_it_is_and_undeclared_no_data_refused(tmp_path: Path) -> None:
    written = resistance((1, 1)) * 3
    write_raster(written.rename("resistance"), tmp_path / "r.tif")
    np.testing.assert_array_equal(read_resistance(str(tmp_path / "r.tif")).values, written.values)
    bad = written.where(written.notnull(), 1e20).rename("accumulated_cost")
    write_raster(bad, tmp_path / "bad.tif")
    with pytest.raises(InputError, match="I213"):
        read_resistance(str(tmp_path / "bad.tif"))


def test_barriers_cost_what_is_said_or_what_their_column_says(tmp_path: Path) -> None:
    left, bottom, _, top = GRID.bounds
    lines = [shapely.LineString([(left + x, bottom), (left + x, top)]) for x in (2_000, 5_000, 8_000)]
    layer(*lines, crossing_cost_m=[10_000.0, np.nan, 7_000.0]).to_file(tmp_path / "fences.gpkg")
    file = str(tmp_path / "fences.gpkg")
    by_column = read_barriers(file, GRID)
    straight = {
        (int(column), float(cost))
        for row, column, cost in zip(by_column.rows, by_column.columns, by_column.cost_m, strict=True)
        if row == GRID.shape[0] - 1
    }
    assert straight == {(1, 10_000.0), (7, 7_000.0)}
    assert set(read_barriers(file, GRID, crossing_cost_m=np.inf).cost_m.tolist()) == {np.inf}
    assert read_barriers(None, GRID) is None
    with pytest.raises(ConfigError, match="C103"):
        read_barriers(None, GRID, crossing_cost_m=5.0)
    layer(*lines).to_file(tmp_path / "plain.gpkg")
    with pytest.raises(InputError, match="I262"):
        read_barriers(str(tmp_path / "plain.gpkg"), GRID)
