"""The overview of a case: what it shows, what it says, and that it holds where things are missing."""

from __future__ import annotations

import io
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pytest
import shapely
import xarray as xr
from affine import Affine
from geopandas.testing import assert_geodataframe_equal
from matplotlib.figure import Figure
from matplotlib.image import imread
from PIL import Image
from pyproj import CRS

from corridors import schema
from corridors.errors import InputError
from corridors.grid import Grid
from corridors.report import A4_INCHES, PRINTED_DPI, figure_png, overview_figure

GRID = Grid(CRS.from_epsg(32652), Affine(500, 0, 600_000, 0, -500, 4_800_000), (60, 80))
LEFT, BOTTOM, RIGHT, TOP = GRID.bounds
TITLE = "Тигр 虎, year-round, baseline\nTwo valleys"


def layer(geometries: list[Any], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=GRID.crs)


def rasters() -> xr.Dataset:
    rows, columns = np.mgrid[0:60, 0:80]
    fields = {
        "suitability": np.where(columns > 75, np.nan, columns / 80),
        "corridor": np.abs(rows - 30) * 2_000.0,
        "elevation": 100.0 * np.hypot(rows - 30, columns - 40),
    }
    return xr.Dataset({name: GRID.like(values, name=name) for name, values in fields.items()})


def vectors() -> dict[str, gpd.GeoDataFrame]:
    cores = layer(
        [
            shapely.box(LEFT + 2000, BOTTOM + 5000, LEFT + 12000, TOP - 5000),
            shapely.box(RIGHT - 9000, BOTTOM, RIGHT, TOP),
        ],
        name=["Северный лес", None],
    )
    cores.index = [4, 7]
    path = shapely.LineString([(LEFT + 12000, TOP - 15000), (RIGHT - 9000, TOP - 15000)])
    crossing = layer([path.interpolate(0.5, normalized=True)], border=["AA-BB"])
    return {"cores": cores, "links": layer([path], cost_distance_m=[50_000.0]), "crossings": crossing}


def context() -> dict[str, gpd.GeoDataFrame]:
    middle = (LEFT + RIGHT) / 2
    towns = [shapely.Point(LEFT + 15000, BOTTOM + 4000), shapely.Point(LEFT + 22000, TOP - 4000)]
    parks = [
        shapely.box(LEFT, BOTTOM, LEFT + 8000, BOTTOM + 9000),
        shapely.box(middle, BOTTOM, middle + 7000, TOP),
    ]
    halves = [shapely.box(LEFT, BOTTOM, middle, TOP), shapely.box(middle, BOTTOM, RIGHT, TOP)]
    return {
        "countries": layer(halves, country=["AA", "BB"], name=["Westland", "东国"]),
        "borders": layer([shapely.LineString([(middle, BOTTOM), (middle, TOP)])], border=["AA-BB"]),
        "settlements": layer(towns, name=["Ключи", "Hill"], population=[5000, 0]),
        "protected_areas": layer(parks, name=["Old park", "Drawn park"], origin=["source", "stylised"]),
        "reporting_area": layer([shapely.box(LEFT, BOTTOM, RIGHT, TOP)], name=["area"]),
    }


def overview(**changes: Any) -> Figure:
    parts = {
        "rasters": rasters(),
        "vectors": vectors(),
        "context": context(),
        "notes": ("Prey: not surveyed.",),
    }
    return overview_figure(**{**parts, **changes}, grid=GRID, title=TITLE)


def texts(figure: Figure) -> str:
    found = [text.get_text() for text in figure.findobj(mpl.text.Text)]
    return "\n".join(found)


def test_overview__says_what_a_reader_must_know() -> None:
    said = " ".join(texts(overview()).split())
    for words in (
        "Тигр 虎, year-round, baseline", "Two valleys", "Prey: not surveyed.", "cells of 500 m",
        "4 cells (2 km)", "Boundaries are not a legal statement", "does not compare links",
        "4 Северный лес", "Ключи", "WESTLAND", "dashed outline are stylised", "core area (2)",
        "link crosses a border (1)", "30-100 km", "north is up",
    ):  # fmt: skip
        assert words in said, words


def test_overview__colours_are_the_schema_s() -> None:
    figure = overview()
    (lines,) = [
        drawn for drawn in figure.axes[0].collections
        if type(drawn).__name__ == "LineCollection" and mpl.colors.to_hex(drawn.get_colors()[0]) == "#d9a400"
    ]  # fmt: skip
    # 1.0 mm for 30-100 km of ideal habitat; a point is 1/72 inch.
    assert lines.get_linewidths()[0] == pytest.approx(1.0 / 25.4 * 72)
    corridor = figure.axes[0].images[1].get_array()
    past_the_cut = rasters()["corridor"].to_numpy() > schema.CORRIDOR.transparent_above
    np.testing.assert_array_equal(corridor[..., 3] == 0, past_the_cut)
    assert mpl.colors.to_hex(corridor[30, 0]) == schema.CORRIDOR.stops[0][1]


def test_overview__no_data_stays_transparent_and_flat_land_keeps_its_colour() -> None:
    flat = rasters().assign(elevation=GRID.like(np.full(GRID.shape, 300.0), name="elevation"))
    with_relief = overview(rasters=flat).axes[0].images[0].get_array()
    without = overview(rasters=flat.drop_vars("elevation")).axes[0].images[0].get_array()
    np.testing.assert_allclose(with_relief, without)
    assert (without[:, 76:, 3] == 0).all()
    assert (without[:, :76, 3] == 1).all()


def test_overview__names_do_not_overlap() -> None:
    figure = overview()
    names = [text for text in figure.axes[0].texts if text.get_text() != "N"]
    boxes = [text.get_window_extent() for text in names]
    assert len(boxes) >= 6
    for number, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[number + 1 :])


def test_overview__same_input_same_bytes_and_no_pyplot() -> None:
    before = dict(mpl.rcParams)
    first, second = figure_png(overview(), dpi=60), figure_png(overview(), dpi=60)
    assert first == second
    assert dict(mpl.rcParams) == before
    assert type(overview().canvas).__name__ == "FigureCanvasAgg"
    assert "Matplotlib" not in first.decode("latin1")
    pixels = imread(io.BytesIO(first))[..., :3]
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 200


def test_figure_png__fills_a_sheet_of_a4_at_the_dpi_of_print() -> None:
    for size in ((12.0, 9.0), (4.0, 11.0), (20.0, 5.0)):
        figure = Figure(figsize=size)
        with Image.open(io.BytesIO(figure_png(figure, dpi=PRINTED_DPI, sheet_inches=A4_INCHES))) as picture:
            # PNG keeps pixels per metre in whole numbers.
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)
            inches = sorted((side / 300 for side in picture.size), reverse=True)
            shape = picture.width / picture.height
        assert shape == pytest.approx(size[0] / size[1], rel=0.005)
        assert all(side <= sheet + 0.01 for side, sheet in zip(inches, A4_INCHES, strict=True))
        assert any(abs(side - sheet) < 0.01 for side, sheet in zip(inches, A4_INCHES, strict=True))


def test_overview__inputs_are_not_changed() -> None:
    given = rasters(), vectors(), context()
    overview_figure(*given, grid=GRID, title=TITLE)
    xr.testing.assert_identical(given[0], rasters())
    for before, after in ((vectors(), given[1]), (context(), given[2])):
        for name in before:
            assert_geodataframe_equal(before[name], after[name])


@pytest.mark.parametrize(
    "changes",
    [
        {"vectors": {}},
        {"vectors": {name: features.iloc[:0] for name, features in vectors().items()}},
        {"context": {}},
        {"context": {name: features.iloc[:0] for name, features in context().items()}},
        {"rasters": xr.Dataset()},
        {"rasters": rasters()[["suitability"]]},
        {"rasters": rasters() * np.nan},
        {"context": {key: value for key, value in context().items() if key != "borders"}},
        {"notes": ()},
    ],
)
def test_overview__is_drawn_where_something_is_missing(changes: dict[str, Any]) -> None:
    assert figure_png(overview(**changes), dpi=40).startswith(b"\x89PNG")


def test_overview__letters_no_font_holds_become_boxes_without_a_warning() -> None:
    assert "\u25a1" in texts(overview(notes=["Old Persian \U000103a0"]))


def test_overview__refuses_rasters_on_another_grid() -> None:
    smaller = rasters().isel(x=slice(0, 40))
    with pytest.raises(InputError, match="I201"):
        overview(rasters=smaller)
