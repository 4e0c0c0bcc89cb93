"""Formats by first bytes; hostile and broken headers, each refused before GDAL sees the file."""

from __future__ import annotations

import os
import sqlite3
import struct
from contextlib import suppress
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from io_helpers import write_tiff

from corridors.errors import InputError, SecurityError
from corridors.io import detect_driver, plain_file, write_vectors
from corridors.io.tiff_header import check_tiff

ASC = "ncols 3\nnrows 2\nxllcorner 0\nyllcorner 0\ncellsize 500\nNODATA_value -9999\n1 2 3\n4 5 -9999\n"


def tiff_of(entries: dict[int, tuple[int, int, int]], path: Path, *, next_directory: int = 0) -> Path:
    """Write a bare TIFF header: tag -> (type, count, value)."""
    body = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries))
    for tag, (kind, count, value) in sorted(entries.items()):
        body += struct.pack("<HHII", tag, kind, count, value)
    path.write_bytes(body + struct.pack("<I", next_directory) + b"\0" * 64)
    return path


@pytest.mark.parametrize(
    ("driver", "ending"),
    [("GPKG", "gpkg"), ("GeoJSON", "geojson"), ("ESRI Shapefile", "shp"), ("FlatGeobuf", "fgb")],
)
def test_detect_driver__vectors(tmp_path: Path, towns: gpd.GeoDataFrame, driver: str, ending: str) -> None:
    path = tmp_path / f"towns.{ending}"
    pyogrio.write_dataframe(towns, path, driver=driver)
    assert detect_driver(path) == driver


def test_detect_driver__rasters_and_tables(tmp_path: Path) -> None:
    (tmp_path / "a.asc").write_text(ASC)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    for big in ("NO", "YES"):
        for order in ("LITTLE", "BIG"):
            path = write_tiff(tmp_path / "a.tif", np.ones((4, 5), "float32"), bigtiff=big, endianness=order)
            assert detect_driver(path) == "GTiff"
    assert detect_driver(tmp_path / "a.asc") == "AAIGrid"
    assert detect_driver(tmp_path / "t.csv") == "CSV"


def test_detect_driver__name_says_nothing(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "really_a_tiff.gpkg", np.ones((4, 5), "uint8"))
    assert detect_driver(path) == "GTiff"


@pytest.mark.parametrize(
    "text", ["<VRTDataset/>", "\ufeff \n<OGRVRTDataSource/>", "<GDAL_WMS/>", "<?xml version='1.0'?>"]
)
def test_detect_driver__vrt_in_disguise(tmp_path: Path, text: str) -> None:
    path = tmp_path / "forest_cover.tif"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SecurityError, match=r"X702.*forest_cover.tif: it is XML"):
        detect_driver(path)


@pytest.mark.parametrize("head", [b"\x89PNG\r\n", b"", b"PK\x03\x04", b"\x80\x04\x95pickle", b"%PDF-1.7"])
def test_detect_driver__unknown(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "roads.tif"
    path.write_bytes(head)
    with pytest.raises(InputError, match=r"I253.*this format is not read.*Allowed: GTiff"):
        detect_driver(path)


@pytest.mark.parametrize(
    "address",
    ["/vsicurl/http://example.org/a.tif", "http://example.org/a.tif", "zip+https://example.org/a.zip!a.tif",
     "PG:dbname=x", "MEM:::DATAPOINTER=1", "file:///etc/passwd", "/VSIzip/a.zip", "GTIFF_DIR:1:a.tif",
     "a\0b"],
)  # fmt: skip
def test_plain_file__addresses(address: str) -> None:
    with pytest.raises(SecurityError, match=r"X703.*only plain files"):
        plain_file(address)


def test_plain_file__inside_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "data", tmp_path / "other"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.tif").touch()
    (inside / "link.tif").symlink_to(outside / "secret.tif")
    for path in (inside / ".." / "other" / "secret.tif", inside / "link.tif"):
        with pytest.raises(SecurityError, match=r"X706.*outside the data folder") as caught:
            plain_file(path, folder=inside)
        assert str(tmp_path) not in str(caught.value)
    assert plain_file(inside / "link.tif") == outside / "secret.tif"


def test_plain_file__missing_or_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"I251.*gone.tif: there is no such file"):
        plain_file(tmp_path / "gone.tif")
    with pytest.raises(InputError, match=r"I251.*not a plain file"):
        plain_file(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_plain_file__pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tif")
    with pytest.raises(InputError, match="not a plain file"):
        plain_file(tmp_path / "pipe.tif")


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({256: (4, 1, 2_000_000), 257: (4, 1, 2_000_000), 258: (3, 1, 64)}, "2000000 x 2000000 cells"),
        ({256: (4, 1, 10), 257: (4, 1, 10), 258: (3, 1, 8), 277: (3, 1, 65_000)}, "65000 bands"),
        ({256: (4, 1, 60_000), 257: (4, 1, 60_000), 258: (3, 1, 64)}, "28800000000 bytes from a file"),
        (
            {256: (4, 1, 10), 257: (4, 1, 10), 258: (3, 1, 8), 322: (4, 1, 1 << 20), 323: (4, 1, 1 << 20)},
            "a block of",
        ),
        ({256: (4, 1, 10), 257: (4, 1, 10), 324: (4, 1 << 30, 8)}, "a header entry of"),
    ],
)
def test_tiff__bombs(tmp_path: Path, entries: dict[int, tuple[int, int, int]], said: str) -> None:
    with pytest.raises(InputError, match=rf"I233.*absurd size.*{said}"):
        detect_driver(tiff_of(entries, tmp_path / "bomb.tif"))


def test_tiff__loop_of_directories(tmp_path: Path) -> None:
    path = tiff_of({256: (4, 1, 10), 257: (4, 1, 10)}, tmp_path / "loop.tif", next_directory=8)
    with pytest.raises(InputError, match=r"I233.*2 images in one file, or a loop"):
        detect_driver(path)


@pytest.mark.parametrize("name", ["OVERVIEW_FILE", "Overview_File", "OVERVIEW&#95;FILE"])
def test_tiff__overview_file(tmp_path: Path, name: str) -> None:
    item = f'<GDALMetadata><Item name="{name}" domain="OVERVIEWS">/vsicurl/http://example.org/x.tif</Item></GDALMetadata>'
    text = item.encode() + b"\0"
    body = b"II*\0" + struct.pack("<IH", 8, 3)
    body += struct.pack("<HHII", 256, 4, 1, 10) + struct.pack("<HHII", 257, 4, 1, 10)
    body += struct.pack("<HHII", 42112, 2, len(text), 8 + 2 + 36 + 4) + struct.pack("<I", 0)
    path = tmp_path / "linked.tif"
    path.write_bytes(body + text)
    with pytest.raises(SecurityError, match=r"X704.*OVERVIEW_FILE"):
        detect_driver(path)


def test_tiff__cut_anywhere(tmp_path: Path) -> None:
    """A GeoTIFF cut at any of 40 places is refused, never taken for whole."""
    values = np.random.default_rng(1).integers(0, 255, (200, 200)).astype("uint8")
    whole = write_tiff(tmp_path / "whole.tif", values, tiled=True, blockxsize=64, blockysize=64).read_bytes()
    cut = tmp_path / "cut.tif"
    for size in np.linspace(0, len(whole) - 1, 40).astype(int):
        cut.write_bytes(whole[:size])
        with pytest.raises(InputError, match=r"I231|I253"):
            detect_driver(cut)


@settings(max_examples=300)
@given(places=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6))
def test_tiff__fuzz(tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]]) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = bytearray(
        write_tiff(folder / "small.tif", np.ones((4, 5), "uint8"), tags={"run": "x"}).read_bytes()
    )
    for place, value in places:
        content[place % len(content)] = value
    path = folder / "fuzzed.tif"
    path.write_bytes(content)
    with suppress(InputError, SecurityError):
        check_tiff(path)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (ASC.replace("cellsize 500\n", ""), r"I218.*lacks cellsize"),
        (ASC.replace("500", "500,5"), r"I218.*line 5: not a number. Given: 500,5"),
        ("\ufeff" + ASC, r"I218.*byte-order mark"),
        (ASC.replace("ncols 3", "ncols 300"), r"I231.*cut short"),
        (ASC.replace("ncols 3", "ncols 9e9"), r"I233.*absurd size"),
    ],
)
def test_ascii_grid__broken(tmp_path: Path, header: str, said: str) -> None:
    path = tmp_path / "a.asc"
    path.write_text(header, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        detect_driver(path)


@pytest.fixture
def package(tmp_path: Path, towns: gpd.GeoDataFrame) -> Path:
    path = tmp_path / "towns.gpkg"
    write_vectors({"towns": towns}, path)
    return path


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE VIEW gpkg_all AS SELECT * FROM towns", "view gpkg_all"),
        ("CREATE TRIGGER bad AFTER INSERT ON towns BEGIN DELETE FROM towns; END", "trigger bad"),
        ("CREATE TRIGGER rtree_x AFTER INSERT ON towns BEGIN DELETE FROM towns; END", "trigger rtree_x"),
        ("CREATE VIRTUAL TABLE words USING fts5(text)", "table words"),
    ],
)
def test_geopackage__code(package: Path, sql: str, said: str) -> None:
    database = sqlite3.connect(package)
    database.execute(sql)
    database.commit()
    database.close()
    with pytest.raises(SecurityError, match=rf"X705.*{said}"):
        detect_driver(package)


@pytest.mark.parametrize("name", ["protected areas", "охрана природы", 'o"brien', "it's", "a.b-c", "begin"])
def test_geopackage__layers_may_be_called_anything(
    tmp_path: Path, towns: gpd.GeoDataFrame, name: str
) -> None:
    """With the spatial index and the triggers GDAL gives every layer."""
    path = tmp_path / "towns.gpkg"
    pyogrio.write_dataframe(towns, path, layer=name, driver="GPKG")
    assert detect_driver(path) == "GPKG"


def test_geopackage__any_database(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "a.gpkg")
    database.execute("CREATE TABLE a (b)")
    database.close()
    with pytest.raises(InputError, match=r"I253.*not a GeoPackage"):
        detect_driver(tmp_path / "a.gpkg")


def test_geopackage__damaged(package: Path) -> None:
    content = bytearray(package.read_bytes())
    content[100:4000] = b"\xff" * 3900
    package.write_bytes(content)
    with pytest.raises(InputError, match=r"I231.*damaged"):
        detect_driver(package)


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_geopackage__unsaved_changes(package: Path, ending: str) -> None:
    beside = package.with_name(package.name + ending)
    beside.write_bytes(b"")
    assert detect_driver(package) == "GPKG"
    beside.write_bytes(b"x")
    with pytest.raises(InputError, match=r"I254.*not saved.*QGIS"):
        detect_driver(package)
