"""Core areas across borders: shares, contact, neck and its note."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
from affine import Affine
from pyproj import CRS
from rasterio.features import rasterize
from shapely import Polygon, box

from corridors.border import core_border_columns, core_borders, cores_by_country
from corridors.errors import InputError
from corridors.grid import Grid
from corridors.schema import TABLES

# Cells of 1 km over the countries of conftest, x 0-130 and y 0-100 km.
GRID = Grid(CRS.from_epsg(32652), Affine(1000, 0, 5e5, 0, -1000, 4.9e6), (100, 130))


def labelled(cores: gpd.GeoDataFrame):
    burnt = rasterize(
        zip(cores.geometry, cores.index, strict=True), out_shape=GRID.shape, transform=GRID.transform
    )
    return GRID.like(burnt.astype(np.uint16), name="cores")


@pytest.fixture
def hourglass(polygons):
    """Two blocks of 20 x 20 km in AA and CC, joined by a waist 6 km wide and 10 km long."""
    waist = box(20, 10, 40, 30).union(box(40, 17, 60, 23)).union(box(60, 10, 80, 30))
    return polygons("core_id", waist)


def test_cores_by_country__sums_to_100(three, polygons) -> None:
    table = cores_by_country(polygons("core_id", box(40, 30, 60, 70), box(90, 80, 110, 90)), three)
    assert tuple(table.columns) == TABLES["core_countries"].columns
    assert table.groupby("core_id")["share_percent"].sum().tolist() == pytest.approx([100, 100])
    assert table["country"].tolist()[:3] == ["AA", "BB", "CC"]


def test_core_borders__core_in_three_countries(three, polygons) -> None:
    cores = polygons("core_id", box(40, 30, 60, 70))
    table = core_borders(cores, labelled(cores), three)
    assert tuple(table.columns) == TABLES["core_borders"].columns
    assert table["border"].tolist() == ["AA-BB", "AA-CC", "BB-CC"]
    assert table["border_contact_km"].tolist() == pytest.approx([20, 20, 10], rel=1e-3)
    # AA's hearts lie half a km from the border at x = 49.5, 9.5 km from the western... and eastern edges.
    assert table["narrowest_neck_km"].tolist() == pytest.approx([19, 19, 19])
    assert table["neck_note"].tolist() == ["", "", ""]


def test_core_borders__hourglass(three, hourglass) -> None:
    table = core_borders(hourglass, labelled(hourglass), three)
    assert table["border"].tolist() == ["AA-CC"]
    assert table["border_contact_km"].tolist() == pytest.approx([6], rel=1e-3)
    assert table["narrowest_neck_km"].tolist() == [6.0]
    assert table["neck_note"].tolist() == [""]


@pytest.mark.parametrize(("waist_km", "note"), [(3, "under 4 km, not resolved"), (4, "")])
def test_core_borders__neck_under_four_cells_is_not_resolved(
    three, polygons, waist_km: int, note: str
) -> None:
    shape = box(20, 10, 40, 30).union(box(40, 17, 60, 17 + waist_km)).union(box(60, 10, 80, 30))
    cores = polygons("core_id", shape)
    table = core_borders(cores, labelled(cores), three)
    assert table["narrowest_neck_km"].tolist() == [waist_km]
    assert table["neck_note"].tolist() == [note]


def test_core_borders__only_those_that_straddle(three, polygons) -> None:
    cores = polygons("core_id", box(10, 10, 20, 20), box(45, 60, 55, 70), box(50, 80, 60, 90))
    table = core_borders(cores, labelled(cores), three)
    assert table["core_id"].tolist() == [2]
    assert table["border_contact_km"].tolist() == pytest.approx([10], rel=1e-3)


def test_core_borders__a_side_smaller_than_a_cell(three, polygons) -> None:
    cores = polygons("core_id", box(40, 60, 50.3, 70))
    table = core_borders(cores, labelled(cores), three)
    assert table["border_contact_km"].tolist() == pytest.approx([10], rel=1e-3)
    assert math.isnan(table["narrowest_neck_km"][0])
    assert table["neck_note"].tolist() == ["under 4 km, not resolved"]


def test_core_borders__two_sides_joined_only_through_a_third_country(named, polygons) -> None:
    """AA and BB touch in the core's north, but AA's heart can be reached through CC only."""
    countries = named(
        AA=box(0, 0, 40, 100).union(box(48, 90, 50, 100)), BB=box(50, 0, 100, 100), CC=box(40, 0, 50, 90)
    )
    cores = polygons("core_id", box(20, 40, 70, 92).difference(box(20, 90, 45, 92)))
    table = core_borders(cores, labelled(cores), countries).set_index("border")
    assert table.index.tolist() == ["AA-BB", "AA-CC", "BB-CC"]
    assert math.isnan(table.loc["AA-BB", "narrowest_neck_km"])
    assert table.loc["AA-BB", "neck_note"] == "no way between its two sides through these two countries alone"


def test_core_borders__refuses(three, hourglass) -> None:
    labels = labelled(hourglass)
    with pytest.raises(InputError, match=r"\[I265\] core 7: is not in the raster of cores"):
        core_borders(hourglass.rename(index={1: 7}), labels, three)
    with pytest.raises(InputError, match=r"\[I202\] cores: lies in another CRS"):
        core_borders(hourglass.to_crs(4326), labels, three)


def test_core_border_columns__sum_and_widest(three, polygons) -> None:
    inverted = Polygon([(40, 30), (60, 30), (60, 52), (52, 52), (52, 70), (40, 70)])
    cores = polygons("core_id", inverted, box(10, 10, 20, 20), box(110, 10, 120, 20))
    table = core_borders(cores, labelled(cores), three)
    found = core_border_columns(cores, table, three)
    assert found.index.tolist() == [1, 2, 3]
    assert found["countries"].tolist() == ["AA, CC, BB", "AA", "other"]
    assert found["border_contact_km"].tolist() == pytest.approx([50, 0, 0], rel=1e-3)
    assert found.loc[1, "narrowest_neck_km"] == table["narrowest_neck_km"].max()
    assert found["narrowest_neck_km"].isna().tolist() == [False, True, True]
    assert found["neck_note"].tolist() == ["", "", ""]


def test_core_border_columns__without_borders(three, polygons) -> None:
    cores = polygons("core_id", box(10, 10, 20, 20))
    found = core_border_columns(cores, core_borders(cores, labelled(cores), three), three)
    assert found.loc[1].drop("narrowest_neck_km").to_dict() == {
        "countries": "AA", "border_contact_km": 0.0, "neck_note": "",
    }  # fmt: skip
    assert math.isnan(found.loc[1, "narrowest_neck_km"])
