"""Rasters: what is written comes back; what is read is what the file declares and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import xarray as xr
from affine import Affine
from io_helpers import TRANSFORM, write_tiff
from rasterio.vrt import WarpedVRT

from corridors.errors import InputError, OutputError, Problems
from corridors.grid import Grid
from corridors.io import (
    band_number,
    declared_values,
    open_raster,
    raster_info,
    raster_writer,
    read_band,
    undeclared_sentinels,
    write_bands,
    write_raster,
)

ASC = "ncols 3\nnrows 2\nxllcorner 500000\nyllcorner 0\ncellsize 500\nNODATA_value -9999\n1 2 3\n4 5 -9999\n"
PLACES = ["плотность.tif", "东北虎 栖息地.tif", "a b'c%20#?&!.tif", "-x.tif", "x" * 200 + ".tif"]


def test_write_raster__round_trip(tmp_path: Path, suitability: xr.DataArray) -> None:
    path = tmp_path / "suitability.tif"
    write_raster(suitability, path, tags={"run": "r1", "version": "0.1.0"})
    info = raster_info(path)
    assert info.bands == ("Habitat suitability (0-1)",)
    assert (info.tags["run"], info.tags["version"], info.units) == ("r1", "0.1.0", ("0-1",))
    assert (info.crs.to_epsg(), info.cell_size, info.shape, info.dtypes) == (
        32652,
        (500, 500),
        (6, 8),
        ("float32",),
    )
    assert info.lonlat_bounds == pytest.approx((129, 45.127, 129.051, 45.154), abs=2e-3)
    with open_raster(path) as dataset:
        np.testing.assert_array_equal(read_band(dataset), suitability.values)
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert dataset.compression.name == "deflate"


@pytest.mark.parametrize("name", PLACES)
def test_write_raster__names(tmp_path: Path, suitability: xr.DataArray, name: str) -> None:
    folder = tmp_path / "Приморье 老虎"
    folder.mkdir()
    write_raster(suitability, folder / name)
    with open_raster(folder / name) as dataset:
        np.testing.assert_array_equal(read_band(dataset), suitability.values)
    assert [path.name for path in folder.iterdir()] == [name]


def test_write_raster__same_bytes(tmp_path: Path, grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    large = Grid(grid.crs, grid.transform, (700, 600))
    raster = large.like(np.random.default_rng(0).random(large.shape, dtype="f4"), name="suitability")
    write_raster(raster, tmp_path / "a.tif", tags={"run": "r"})
    monkeypatch.setenv("GDAL_NUM_THREADS", "2")
    write_raster(raster, tmp_path / "b.tif", tags={"run": "r"})
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    with rasterio.open(tmp_path / "a.tif") as dataset:
        assert dataset.overviews(1) == [2]


def test_write_raster__labels(tmp_path: Path, grid: Grid) -> None:
    labels = np.zeros(grid.shape, "int64")
    labels[2:4, 2:4] = 7
    write_raster(grid.like(labels, name="cores"), tmp_path / "few.tif")
    labels[0, 0] = 70_000
    write_raster(grid.like(labels, name="cores"), tmp_path / "many.tif")
    for name, dtype in (("few", "uint16"), ("many", "int32")):
        info = raster_info(tmp_path / f"{name}.tif")
        assert (info.dtypes, info.nodata) == ((dtype,), (0,))
    with rasterio.open(tmp_path / "many.tif") as dataset:
        np.testing.assert_array_equal(dataset.read(1), labels)


def test_write_raster__out_of_reach_is_no_data(tmp_path: Path, grid: Grid) -> None:
    cost = np.full(grid.shape, np.inf)
    cost[0, 0] = 1250.0
    write_raster(grid.like(cost, name="cost_distance", units="m"), tmp_path / "cost.tif")
    with open_raster(tmp_path / "cost.tif") as dataset:
        read = read_band(dataset)
    assert read[0, 0] == 1250.0
    assert np.isnan(read).sum() == read.size - 1


@pytest.mark.parametrize(
    ("values", "dtype", "said"),
    [
        ([300.0, 1.0], "uint8", r"O405.*do not fit into uint8. Given: 1 to 300. Allowed: 0 to 255"),
        ([-5.0, 1.0], "uint8", r"O405.*do not fit"),
        ([255.0, 1.0], "uint8", r"O405.*255 means no data"),
        ([1.5, 1.0], "int32", r"O405.*decimals"),
        ([-np.inf, 1.0], "float32", r"O405.*do not fit into float32"),
        ([1e300, 1.0], "float32", r"O405.*do not fit into float32"),
        ([1.0, 1.0], "int64", r"O405.*this type is not written. Given: int64"),
        ([1.0, 1.0], "int8", r"O405.*this type is not written"),
    ],
)
def test_write_bands__checked_cast(tmp_path: Path, values: list[float], dtype: str, said: str) -> None:
    raster = Grid("EPSG:32652", TRANSFORM, (1, 2)).like(np.array([values]), name="x")
    with pytest.raises(OutputError, match=said):
        write_bands({"x": raster}, tmp_path / "x.tif", dtype=dtype)
    assert not list(tmp_path.iterdir())


def test_write_raster__limits(tmp_path: Path, grid: Grid) -> None:
    with pytest.raises(OutputError, match=r"O406.*suitability: values outside their limits. Given: 2 to 2"):
        write_raster(grid.like(np.full(grid.shape, 2.0), name="suitability"), tmp_path / "x.tif")


def test_write_bands__several(tmp_path: Path, grid: Grid) -> None:
    bands = {
        name: grid.like(np.full(grid.shape, value), name=name)
        for name, value in (("boar", 1.0), ("deer", 2.0))
    }
    write_bands(bands, tmp_path / "prey.tif", units="animals per km²")
    with open_raster(tmp_path / "prey.tif") as dataset:
        assert (read_band(dataset, band_number(dataset, "deer", where="prey.tif")) == 2).all()
        with pytest.raises(InputError, match=r"I252.*no such band. Given: elk. Allowed: boar, deer"):
            band_number(dataset, "elk", where="prey.tif")
        with pytest.raises(InputError, match=r"I252.*several bands and none is named"):
            band_number(dataset, None, where="prey.tif")


def test_write_bands__bigtiff_decided_by_raw_size(
    tmp_path: Path, suitability: xr.DataArray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster_writer, "BIGTIFF_FROM_BYTES", 10)
    write_raster(suitability, tmp_path / "big.tif")
    assert (tmp_path / "big.tif").read_bytes()[:4] == b"II+\0"


def test_write_bands__nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"I252.*no band"):
        write_bands({}, tmp_path / "x.tif")


def test_read_band__only_declared_no_data(tmp_path: Path) -> None:
    """-9999 stays a value, and an undeclared NaN is not masked."""
    values = np.array([[1, -9999, np.nan], [4, 5, 77]], "float32")
    with open_raster(write_tiff(tmp_path / "a.tif", values)) as dataset:
        np.testing.assert_array_equal(read_band(dataset), values)
        assert undeclared_sentinels(declared_values(dataset)).keys() >= {-9999.0}
        assert len(undeclared_sentinels(declared_values(dataset))) == 2
    with open_raster(write_tiff(tmp_path / "b.tif", values, nodata=77)) as dataset:
        assert np.isnan(read_band(dataset)[1, 2])
        assert read_band(dataset)[0, 1] == -9999
    with open_raster(tmp_path / "a.tif", nodata=-9999) as dataset:
        assert dataset.nodata == -9999
        assert np.isnan(read_band(dataset)[0, 1])
        assert read_band(dataset)[1, 2] == 77


def test_undeclared_sentinels__counts() -> None:
    smallest = float(np.finfo("float32").min)
    values = np.array([[1, smallest, np.inf], [-9999, -9999, 1e20]])
    assert undeclared_sentinels(values) == {smallest: 1, np.inf: 1, -9999.0: 2, 1e20: 1}
    assert undeclared_sentinels(np.array([[-32768, 3]], "int16")) == {-32768.0: 1}
    assert undeclared_sentinels(np.ma.masked_equal([-9999, 3], -9999)) == {}
    assert undeclared_sentinels(np.array([[255, 0, 127]], "uint8")) == {}


def test_read_band__scale_and_offset(tmp_path: Path) -> None:
    """Stored 10 with scale 0.1 and offset -5 is -4; through a warped view too."""
    values = np.array([[10, 20, -32768], [30, 40, 50]], "int16")
    path = write_tiff(tmp_path / "a.tif", values, nodata=-32768, scales=(0.1,), offsets=(-5.0,))
    expected = np.array([[-4, -3, np.nan], [-2, -1, 0]], "float32")
    with open_raster(path) as dataset:
        np.testing.assert_allclose(read_band(dataset), expected, atol=1e-7)
        with WarpedVRT(dataset, crs=dataset.crs) as view:
            np.testing.assert_allclose(read_band(view), expected, atol=1e-7)


def test_read_band__south_up_equals_north_up(tmp_path: Path) -> None:
    values = np.arange(12, dtype="float32").reshape(3, 4)
    north = write_tiff(tmp_path / "n.tif", values)
    south = write_tiff(
        tmp_path / "s.tif", values[::-1], transform=Affine(500, 0, 500_000, 0, 500, 5_000_000 - 1500)
    )
    with open_raster(north) as a, open_raster(south) as b:
        assert a.bounds == b.bounds
        np.testing.assert_array_equal(read_band(a), read_band(b))


def test_open_raster__side_files_are_ignored(tmp_path: Path) -> None:
    """A .aux.xml beside a GeoTIFF may not change its CRS or no data, nor a world file its place."""
    path = write_tiff(tmp_path / "a.tif", np.full((4, 5), 77, "float32"))
    path.with_name("a.tif.aux.xml").write_text(
        "<PAMDataset><SRS>EPSG:4326</SRS>"
        "<PAMRasterBand band='1'><NoDataValue>77</NoDataValue></PAMRasterBand></PAMDataset>"
    )
    path.with_name("a.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    info = raster_info(path)
    assert (info.crs.to_epsg(), info.nodata, info.bounds[0]) == (32652, (None,), 500_000)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"crs": None}, r"I203.*a.tif: it has no coordinate system.*assume_crs"),
        ({"transform": Affine.rotation(10) @ Affine(500, 0, 0, 0, -500, 0)}, r"I206.*rotated.*gdalwarp"),
    ],
)
def test_open_raster__place(tmp_path: Path, options: dict[str, Any], said: str) -> None:
    path = write_tiff(tmp_path / "a.tif", np.ones((4, 5), "float32"), **options)
    with pytest.raises(InputError, match=said), open_raster(path):
        pass


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_open_raster__all_problems_at_once(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "a.tif", np.ones((4, 5), "float32"), crs=None, transform=Affine.identity())
    with pytest.raises(Problems, match=r"(?s)I203.*I208.*no position"), open_raster(path):
        pass


def test_open_raster__assume_crs(tmp_path: Path) -> None:
    values = np.arange(20, dtype="float32").reshape(4, 5)
    path = write_tiff(tmp_path / "a.tif", values, crs=None)
    with open_raster(path, assume_crs="EPSG:32653") as dataset:
        assert dataset.crs.to_epsg() == 32653
        assert dataset.transform == TRANSFORM
        np.testing.assert_array_equal(read_band(dataset), values)
        with WarpedVRT(dataset, crs="EPSG:4326") as view:
            assert view.bounds.left > 132
    with pytest.raises(InputError, match=r"I203.*unknown coordinate system in assume_crs. Given: nonsense"):
        raster_info(path, assume_crs="nonsense")
    path = write_tiff(tmp_path / "b.tif", values)
    assert raster_info(path, assume_crs="EPSG:32652").crs.to_epsg() == 32652
    with pytest.raises(InputError, match=r"I202.*assume_crs contradicts the file"):
        raster_info(path, assume_crs="EPSG:32653")


def test_open_raster__ascii_grid(tmp_path: Path) -> None:
    path = tmp_path / "a.asc"
    path.write_text(ASC)
    with pytest.raises(InputError, match=r"I203.*a.asc: it has no coordinate system.*assume_crs"):
        raster_info(path)
    with open_raster(path, assume_crs="EPSG:32652") as dataset:
        np.testing.assert_array_equal(read_band(dataset), [[1, 2, 3], [4, 5, np.nan]])
        assert dataset.bounds == (500_000, 0, 501_500, 1000)


def test_open_raster__damaged_block(tmp_path: Path) -> None:
    """Bytes inside a compressed block are wrong: the message says damaged, and names the cause."""
    values = np.random.default_rng(0).random((64, 64), dtype="f4")
    path = write_tiff(tmp_path / "a.tif", values, compress="deflate")
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"I231.*cannot be read to its end"), open_raster(path) as dataset:
        read_band(dataset)


def test_open_raster__no_raster(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(
        InputError, match=r"I253.*another kind of data.*Given: GeoJSON. Allowed: GTiff, AAIGrid"
    ):
        raster_info(tmp_path / "a.geojson")


def test_open_raster__huge_int64_no_data(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "a.tif", np.ones((4, 5), "int64"), nodata=2**53)
    with pytest.raises(InputError, match=r"I214.*too large to compare"):
        raster_info(path)


@pytest.mark.real
def test_real_layers(geodata: Path) -> None:
    for path in sorted(geodata.glob("*/*.tif")):
        if path.parent.name != "large":
            info = raster_info(path)
            west, south, east, north = info.lonlat_bounds
            assert -180 <= west < east <= 180, path
            assert 0 < south < north < 90, path
