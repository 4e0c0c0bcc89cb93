"""The area somebody means: numbers or a file in any coordinate system, also over the antimeridian."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from shapely.geometry import Point, Polygon, box

from corridors.errors import ConfigError, CorridorsError, InputError
from corridors.grid import project_bounds
from corridors.io import read_area


def write(path: Path, *shapes: object, crs: object = 4326, layer: str = "area") -> str:
    frame = gpd.GeoDataFrame(geometry=list(shapes), crs=crs)
    with_type = {"geometry_type": "Polygon"} if not shapes else {}
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", **with_type)
    return str(path)


@pytest.mark.parametrize(
    ("text", "box_meant"),
    [
        ("130,43,132,45", (130, 43, 132, 45)),
        ("-72.5, -51, -70.5, -49", (-72.5, -51, -70.5, -49)),
        ("175,62,-170,66", (175, 62, 190, 66)),
        ("175,62,190,66", (175, 62, 190, 66)),
        ("-180,60,-170,66", (-180, 60, -170, 66)),
    ],
)
def test_four_numbers(text: str, box_meant: tuple[float, ...]) -> None:
    assert read_area(text) == box_meant


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("3,2,1,4", "C103", "west, south, east, north"),
        ("130,45,132,43", "C103", "South and north are swapped: 130,43,132,45"),
        ("130,43,132,95", "C103", "no box"),
        ("130,43,130,45", "C103", "no box"),
        ("1,2,3", "C102", "west,south,east,north"),
        ("nowhere.gpkg", "I251", "no such file"),
    ],
)
def test_what_is_no_area(text: str, code: str, part: str) -> None:
    with pytest.raises(CorridorsError, match=f"{code}.*{part}"):
        read_area(text)


def test_a_file_in_any_crs_gives_the_box_around_it(tmp_path: Path) -> None:
    metres = box(500_000, 4_700_000, 600_000, 4_800_000)
    found = read_area(write(tmp_path / "a.gpkg", metres, crs="EPSG:32652"))
    back = project_bounds(found, gpd.GeoSeries([metres], crs="EPSG:32652").crs)
    # Meridians and parallels bend: the box in degrees holds the area, and little more.
    assert back[0] <= 500_000.2
    assert back[1] <= 4_700_000.2
    assert back[2] >= 599_999.8
    assert back[3] >= 4_799_999.8
    assert back[3] - back[1] < 102_000


def test_one_of_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "areas.gpkg"
    write(path, box(10, 20, 12, 22), layer="old")
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(geometry=[box(10, 50, 12, 52)], crs=4326), path, layer="new", driver="GPKG"
    )
    assert read_area(f"{path}|new") == (10, 50, 12, 52)
    with pytest.raises(InputError, match=r"I252.*several layers"):
        read_area(str(path))


def test_both_sides_of_the_antimeridian(tmp_path: Path) -> None:
    east, west = box(177, 64, 180, 66), box(-180, 64, -174, 66)
    assert read_area(write(tmp_path / "a.gpkg", east, west)) == (177, 64, 186, 66)


@pytest.mark.parametrize(
    ("shapes", "code", "part"),
    [
        ((), "C161", "holds no feature"),
        ((Polygon(),), "C161", "holds no feature"),
        ((Point(130, 43),), "C161", "no width or no height"),
    ],
)
def test_a_file_without_an_area(tmp_path: Path, shapes: tuple[object, ...], code: str, part: str) -> None:
    with pytest.raises(InputError, match=f"{code}.*{part}"):
        read_area(write(tmp_path / "a.gpkg", *shapes))


def test_a_file_without_crs_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text("not json", "utf-8")
    shape = gpd.GeoDataFrame({"n": [1]}, geometry=[box(130, 43, 132, 45)])
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.write_dataframe(shape, tmp_path / "a.shp")
    with pytest.raises(InputError, match="I203"):
        read_area(str(tmp_path / "a.shp"))
    with pytest.raises(CorridorsError, match="I253"):
        read_area(str(tmp_path / "a.geojson"))


def test_a_box_that_is_no_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="C103"):
        read_area(write(tmp_path / "a.gpkg", box(13_000, 4_300, 13_200, 4_500)))
