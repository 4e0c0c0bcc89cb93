from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from landscapes import E3, A, B, C, labels_of, raster_of

from corridors.corridor import corridor_polygons, least_cost_corridors
from corridors.errors import ConfigError
from corridors.links import find_links
from corridors.schema import CORRIDOR_COLUMNS

CELL_M = 1000.0


def linked(values, *cells, labels=None):
    labels = labels_of(np.shape(values), *cells, cell_size_m=CELL_M) if labels is None else labels
    res = raster_of(values, cell_size_m=CELL_M)
    ids = pd.RangeIndex(1, int(labels.values.max()) + 1, name="core_id")
    cores = gpd.GeoDataFrame(index=ids, geometry=[None] * len(ids), crs="EPSG:32652")
    return find_links(cores, labels, res), labels, res


@pytest.mark.parametrize(("slack_cells", "cells"), [(0.5, 11), (1, 17), (2, 23), (3, 25)])
def test_worked_example_cells_less_the_cores(slack_cells, cells):
    polygons = corridor_polygons(*linked(E3, A, B), value=slack_cells * CELL_M + 0.1)
    assert polygons.geometry[1].area == (cells - 2) * CELL_M**2
    np.testing.assert_allclose(polygons["area_km2"], (cells - 2) / 0.9996**2, rtol=1e-4)


def test_columns_name_the_rule():
    links, labels, res = linked(E3, A, B)
    polygons = corridor_polygons(links, labels, res, value=2000)
    assert polygons.index.name == "link_id"
    assert set(polygons.columns) - {"geometry"} == set(CORRIDOR_COLUMNS) - {
        "link_id",
        "border_in_corridor_km",
        "narrowest_width_km",
        "narrow_percent",
        "width_note",
    }
    row = polygons.loc[1]
    assert row["rule"] == "at most 2000 m of slack"
    assert row["slack_m"] == 2000
    assert row["cwd_to_euclid"] == links.loc[1, "cwd_to_euclid"]
    assert row["mean_resistance"] == links.loc[1, "mean_resistance"]
    assert polygons.is_valid.all()
    assert polygons.attrs["notes"] == []


def test_percent_is_slack_in_parts_of_the_least_cost():
    links, labels, res = linked(E3, A, B)
    by_percent = corridor_polygons(links, labels, res, rule="percent", value=20)
    slack_m = 0.2 * links.loc[1, "cost_distance_m"]
    by_slack = corridor_polygons(links, labels, res, value=slack_m)
    assert by_percent.loc[1, "slack_m"] == pytest.approx(slack_m)
    assert by_percent.geometry[1].equals(by_slack.geometry[1])
    assert by_percent.loc[1, "rule"] == "at most 20 % over the least cost"


def test_polygons_lie_on_the_mosaic_and_off_the_cores():
    links, labels, res = linked(E3, A, B, C)
    polygons = corridor_polygons(links, labels, res, value=1500)
    mosaic = least_cost_corridors(links, labels, res).values
    together = polygons.geometry.union_all()
    assert together.area == ((mosaic <= 1500) & (labels.values == 0)).sum() * CELL_M**2


def valley(width, height=21, length=40):
    """Return a valley of resistance 1 between slopes of 4, closed by a core at each end."""
    values = np.full((height, length), 4.0)
    top = (height - width) // 2
    values[top : top + width] = 1.0
    labels = raster_of(np.zeros(values.shape, dtype=np.uint16), "cores", cell_size_m=CELL_M)
    labels.values[:, :3], labels.values[:, -3:] = 1, 2
    return values, labels


def narrowest(polygon):
    """Fewest cells of 1 km across the polygon, over the columns between the cores."""
    left, top = 500_000, 4_900_000
    widths = []
    for column in range(3, 37):
        x = left + (column + 0.5) * CELL_M
        crossed = polygon.intersection(
            gpd.GeoSeries.from_wkt([f"LINESTRING ({x} {top}, {x} {top - 21_000})"])[0]
        )
        widths.append(crossed.length / CELL_M)
    return min(widths)


@pytest.mark.parametrize("width_km", [3, 5, 9])
def test_the_width_asked_for_is_reached_and_no_more(width_km):
    values, labels = valley(5)
    links, labels, res = linked(values, labels=labels)
    wide = corridor_polygons(links, labels, res, rule="width_km", value=width_km).loc[1]
    assert wide["rule"] == f"{width_km} km wide"
    assert narrowest(wide.geometry) >= width_km
    if wide["slack_m"] > 0:
        less = corridor_polygons(links, labels, res, value=0.97 * wide["slack_m"])
        assert narrowest(less.geometry[1]) < width_km


def test_wider_costs_more_slack():
    values, labels = valley(5)
    found = [
        corridor_polygons(*linked(values, labels=labels), rule="width_km", value=width).loc[1, "slack_m"]
        for width in (1, 3, 5, 7, 9, 11)
    ]
    assert found == sorted(found)
    assert found[2] < found[3]


def test_a_pass_between_walls_is_never_wider_than_it_is():
    values, labels = valley(5)
    values[values == 4] = np.nan
    links, labels, res = linked(values, labels=labels)
    assert len(corridor_polygons(links, labels, res, rule="width_km", value=5)) == 1
    none = corridor_polygons(links, labels, res, rule="width_km", value=6)
    assert none.empty
    assert none.attrs["notes"] == [("L111", "Link 1 is nowhere 6 km wide; it has no corridor polygon.")]


def test_cores_that_touch_and_fill_everything_have_no_polygon():
    polygons = corridor_polygons(*linked(np.ones((1, 2)), (0, 0), (0, 1)))
    assert polygons.empty
    assert [code for code, _ in polygons.attrs["notes"]] == ["L112"]


def test_no_links_no_polygons():
    empty, full = corridor_polygons(*linked(E3, A)), corridor_polygons(*linked(E3, A, B))
    assert empty.empty
    assert empty.dtypes.tolist() == full.dtypes.tolist()
    assert empty.crs == full.crs


def test_options_out_of_range():
    with pytest.raises(ConfigError, match=r"C103.*rule.*quantile.*slack_m, percent, width_km"):
        corridor_polygons(*linked(E3, A, B), rule="quantile")
    with pytest.raises(ConfigError, match=r"C103.*value.*Given: 0"):
        corridor_polygons(*linked(E3, A, B), value=0)
