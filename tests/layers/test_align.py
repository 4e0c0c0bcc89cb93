from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from affine import Affine
from pyproj import CRS, Transformer

from corridors.errors import InputError
from corridors.grid import Grid
from corridors.io import find_source
from corridors.layers import align
from corridors.layers.raster_sources import raster_source, read_raster
from corridors.layers.resolve import Layer
from corridors.layers.spec import LayerSpec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def read(tmp_path: Path, grid: Grid) -> Callable[..., tuple[np.ndarray, str]]:
    """Read a file as a layer of some kind."""

    def run(
        name: str, kind: Any = "continuous", target: Grid = grid, **options: Any
    ) -> tuple[np.ndarray, str]:
        return read_raster(layer_of(tmp_path, name, kind, **options), target)

    return run


def layer_of(folder: Path, name: str, kind: Any, **options: Any) -> Layer:
    spec = LayerSpec(kind=kind, sources=[name], **options)
    return Layer("some", spec, name, find_source(folder, name))


def test_smaller_cells_are_averaged(tiff: Callable, read: Callable) -> None:
    values = np.arange(16 * 20, dtype=np.float32).reshape(16, 20)
    found, words = read(tiff("a.tif", values, cell=250))
    np.testing.assert_allclose(found, values.reshape(8, 2, 10, 2).mean(axis=(1, 3)), rtol=1e-6)
    assert words == "average of 250 m cells"


def test_smaller_cells_of_classes_give_the_commonest(tiff: Callable, read: Callable) -> None:
    values = np.zeros((16, 20), np.uint8)
    values[0:2, 0:2] = [[5, 5], [5, 4]]
    found, words = read(tiff("a.tif", values, cell=250), "categories")
    assert found[0, 0] == 5
    assert found[0, 1] == 0
    assert words == "commonest class of 250 m cells"


def test_larger_cells_are_interpolated_and_classes_are_not(tiff: Callable, read: Callable) -> None:
    ramp = np.tile(np.arange(5, dtype=np.float32) * 1000, (4, 1))
    found, words = read(tiff("a.tif", ramp, cell=1000))
    np.testing.assert_allclose(found[3, 1:9], np.arange(250, 4000, 500))
    assert words == "bilinear between 1000 m cells"
    classes, words = read(tiff("b.tif", ramp.astype(np.int16), cell=1000), "categories")
    np.testing.assert_array_equal(classes[3], np.repeat(np.arange(5) * 1000, 2))
    assert words == "nearest of 1000 m cells"


def test_cells_on_the_grid_stay_as_they_are(tiff: Callable, read: Callable) -> None:
    values = np.random.default_rng(0).random((8, 10)).astype(np.float32)
    found, words = read(tiff("a.tif", values))
    np.testing.assert_array_equal(found, values)
    assert words == "500 m cells, already on the grid"


def test_no_data_is_left_out_of_means_and_beyond_the_file_is_no_data(tiff: Callable, read: Callable) -> None:
    values = np.full((8, 20), 4, np.int16)
    values[0, 0], values[1, 1], values[2:4, 0:2] = -32768, 8, -32768
    found, _ = read(tiff("a.tif", values, cell=250, nodata=-32768))
    assert found[0, 0] == pytest.approx((4 + 4 + 8) / 3)
    assert np.isnan(found[1, 0])
    assert np.isnan(found[4:]).all()
    assert not np.isnan(found[:4, 1:]).any()


def test_class_zero_is_a_class(tiff: Callable, read: Callable) -> None:
    found, _ = read(tiff("a.tif", np.zeros((8, 10), np.uint8)), "categories")
    assert (found == 0).all()


@pytest.mark.parametrize("value", [-9999, -32768])
def test_undeclared_no_data_stops(tiff: Callable, read: Callable, value: int) -> None:
    values = np.ones((8, 10), np.int16)
    values[0, :3] = value
    name = tiff("a.tif", values)
    with pytest.raises(InputError, match=rf"\[I213\].*a.tif: 3 cells are exactly {value}.*nodata = {value}"):
        read(name)
    found, _ = read(name, nodata=value)
    assert np.isnan(found[0, :3]).all()
    assert (found[1:] == 1).all()


def test_nan_counts_as_no_data_only_where_declared(tiff: Callable, read: Callable) -> None:
    values = np.ones((8, 10), np.float32)
    values[2, 2] = np.nan
    name = tiff("a.tif", values)
    with pytest.raises(InputError, match=r"I213.*1 cells are exactly nan"):
        read(name)
    assert np.isnan(read(name, nodata=float("nan"))[0]).sum() == 1


def test_infinity_stops(tiff: Callable, read: Callable) -> None:
    values = np.ones((8, 10), np.float32)
    values[2, 2] = np.inf
    with pytest.raises(InputError, match="I212"):
        read(tiff("a.tif", values))


def test_scale_is_applied_to_amounts_and_refused_for_classes(tiff: Callable, read: Callable) -> None:
    name = tiff("a.tif", np.full((8, 10), 50, np.uint8), scales=[0.01])
    np.testing.assert_allclose(read(name)[0], 0.5)
    with pytest.raises(InputError, match="I215"):
        read(name, "categories")


def test_south_up_equals_north_up(tiff: Callable, read: Callable, grid: Grid) -> None:
    values = np.random.default_rng(0).random((16, 20)).astype(np.float32)
    north, _ = read(tiff("n.tif", values, cell=250))
    turned = Affine(250, 0, grid.transform.c, 0, 250, grid.bounds[1])
    south, _ = read(tiff("s.tif", values[::-1], transform=turned))
    np.testing.assert_array_equal(north, south)


def test_strips_give_the_same_as_the_whole(
    tiff: Callable, read: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(0).random((64, 80)).astype(np.float32)
    name = tiff("a.tif", values, cell=62.5)
    whole, _ = read(name)
    monkeypatch.setattr(align, "CELLS_AT_ONCE", 700)
    strips, _ = read(name)
    np.testing.assert_array_equal(whole, strips)


def test_degrees_come_to_the_right_place(tiff: Callable, read: Callable, grid: Grid) -> None:
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    west, _, east, north = to_degrees.transform_bounds(*grid.bounds)
    step = (east - west) / 250
    columns = np.arange(420)
    values = np.tile((west + (columns + 0.5) * step).astype(np.float32), (300, 1))
    transform = Affine(step, 0, west, 0, -step, north)
    found, words = read(tiff("a.tif", values, crs="EPSG:4326", transform=transform))
    longitude, _ = to_degrees.transform(*grid.xy(3, 4))
    assert found[3, 4] == pytest.approx(longitude, abs=step / 2)
    assert words.startswith("average of 20 x 27 m")


def test_ballpark_datum_stops(tiff: Callable, read: Callable) -> None:
    transform = Affine(0.01, 0, 128.9, 0, -0.01, 43.5)
    name = tiff("a.tif", np.ones((50, 50), np.float32), crs="EPSG:4214", transform=transform)
    with pytest.raises(InputError, match=r"\[I219\].*a.tif.*Beijing"):
        read(name)


def test_missing_crs_stops_until_assumed(tiff: Callable, read: Callable) -> None:
    name = tiff("a.tif", np.ones((8, 10), np.float32), crs=None)
    with pytest.raises(InputError, match="I203"):
        read(name)
    assert (read(name, assume_crs="EPSG:32652")[0] == 1).all()


def test_bands_by_number_and_description(tiff: Callable, read: Callable) -> None:
    values = np.stack([np.full((8, 10), number, np.float32) for number in (1, 2)])
    name = tiff("a.tif", values, descriptions=("deer", "boar (per km²)"))
    assert (read(name, band=2)[0] == 2).all()
    assert (read(name, band="deer")[0] == 1).all()
    assert (read(name, band="boar")[0] == 2).all()
    with pytest.raises(InputError, match=r"I261.*which band.*deer, boar"):
        read(name)
    with pytest.raises(InputError, match=r"I261.*dear \(nearest: deer\)"):
        read(name, band="dear")


def test_lattice_accepts_another_window_and_refuses_a_shift(
    tiff: Callable, tmp_path: Path, grid: Grid
) -> None:
    values = np.arange(12 * 12, dtype=np.int16).reshape(12, 12)
    left, _, _, top = grid.bounds
    shifted = Affine(500, 0, left - 1000, 0, -500, top + 500)
    with raster_source(layer_of(tmp_path, tiff("a.tif", values, transform=shifted), "lines")) as source:
        np.testing.assert_array_equal(align.on_lattice(source, grid), values[1:9, 2:12])
    for transform in (
        Affine(500, 0, left - 250, 0, -500, top),
        Affine(250, 0, left, 0, -250, top),
        Affine(500, 0, left, 0, -500, top + 0.01),
    ):
        with raster_source(layer_of(tmp_path, tiff("b.tif", values, transform=transform), "lines")) as source:
            assert align.on_lattice(source, grid) is None


def test_lattice_partly_outside_is_no_data_there(tiff: Callable, tmp_path: Path, grid: Grid) -> None:
    with raster_source(layer_of(tmp_path, tiff("a.tif", np.ones((4, 4), np.int16)), "lines")) as source:
        found = align.on_lattice(source, grid)
    assert found is not None
    assert (found[:4, :4] == 1).all()
    assert np.isnan(found).sum() == 80 - 16


def test_cell_sizes_are_compared_in_metres_of_the_grid(tiff: Callable, tmp_path: Path, grid: Grid) -> None:
    to_degrees = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(*grid.xy(4, 5))
    transform = Affine(1 / 240, 0, lon - 0.1, 0, -1 / 240, lat + 0.1)
    name = tiff("a.tif", np.ones((48, 48), np.float32), crs=CRS("EPSG:4326").to_wkt(), transform=transform)
    with raster_source(layer_of(tmp_path, name, "continuous")) as source:
        width, height = align.cell_in_grid_m(source, grid)
    # 15 seconds at 43.3 N: 463 m along the meridian, cos(latitude) of 464 m along the parallel
    assert height == pytest.approx(463, abs=1)
    assert width == pytest.approx(463.8 * np.cos(np.radians(lat)), rel=0.005)
