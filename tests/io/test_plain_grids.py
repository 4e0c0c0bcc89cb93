"""Rasters of other programs: GeoTIFF without a CRS, gzipped, upside down; differences in words."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from affine import Affine
from io_helpers import write_tiff

from corridors.errors import InputError, SecurityError
from corridors.io import PlainGrid, is_grid, plain_grid_differences, read_plain_grid, write_plain_tiff

VALUES = np.array([[1.0, -9999.0, 3.0], [4.0, 5.0, 6.0]])


def test_a_geotiff_needs_no_crs(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "a.tif", VALUES, crs=None, transform=Affine(2, 0, 10, 0, -2, 24))
    grid = read_plain_grid(path)
    np.testing.assert_array_equal(grid.values, [[1, np.nan, 3], [4, 5, 6]])
    assert (grid.left, grid.bottom, grid.cell_width, grid.crs_wkt) == (10, 20, 2, "")


def test_gzipped_and_with_whole_numbers(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "a.tif", np.array([[7, 255]], dtype=np.uint8), nodata=255)
    zipped = tmp_path / "a.tif.gz"
    zipped.write_bytes(gzip.compress(path.read_bytes()))
    grid = read_plain_grid(zipped)
    np.testing.assert_array_equal(grid.values, [[7, np.nan]])
    assert (grid.name, is_grid(zipped)) == ("a.tif.gz", True)


def test_rows_run_from_north_to_south(tmp_path: Path) -> None:
    path = write_tiff(tmp_path / "up.tif", VALUES, transform=Affine(2, 0, 10, 0, 2, 20))
    grid = read_plain_grid(path)
    np.testing.assert_array_equal(grid.values[0], [4, 5, 6])
    assert (grid.left, grid.bottom) == (10, 20)


def test_no_place_at_all_is_allowed(tmp_path: Path) -> None:
    write_plain_tiff(tmp_path / "a.tif", np.ones((2, 2)), like=PlainGrid(np.ones((2, 2)), 0, -2, 1, 1))
    np.testing.assert_array_equal(read_plain_grid(tmp_path / "a.tif").values, np.ones((2, 2)))


def test_several_bands_and_rotation_are_refused(tmp_path: Path) -> None:
    bands = write_tiff(tmp_path / "two.tif", np.ones((2, 2, 2)))
    with pytest.raises(InputError, match=r"I252.*2 bands"):
        read_plain_grid(bands)
    turned = write_tiff(tmp_path / "turned.tif", VALUES, transform=Affine(2, 1, 10, 0, -2, 20))
    with pytest.raises(InputError, match="I206"):
        read_plain_grid(turned)


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("1 2 3\n")
    with pytest.raises(InputError, match=r"I253.*not a raster"):
        read_plain_grid(tmp_path / "list.csv")
    (tmp_path / "trap.asc").write_text("<VRTDataset/>")
    with pytest.raises(SecurityError, match="X702"):
        read_plain_grid(tmp_path / "trap.asc")


def test_a_tiff_reads_back_as_written(tmp_path: Path) -> None:
    like = PlainGrid(VALUES, 100, 50, 25, 25)
    values = np.where(VALUES < 0, np.nan, VALUES / 7)
    write_plain_tiff(tmp_path / "a.tif", values, like=like)
    back = read_plain_grid(tmp_path / "a.tif")
    np.testing.assert_array_equal(back.values, values)
    assert plain_grid_differences(like, back) == []


def test_every_difference_is_told() -> None:
    one = PlainGrid(np.ones((2, 3)), 0, 0, 10, 10)
    assert plain_grid_differences(one, PlainGrid(np.ones((2, 3)), 1e-7, 0, 10, 10)) == []
    assert plain_grid_differences(one, PlainGrid(np.ones((3, 4)), 5, -20, 20, 20)) == [
        "3 rows, not 2",
        "4 columns, not 3",
        "cells of 20 x 20, not 10 x 10",
        "left edge at 5, not 0 (0.5 cells)",
        "lower edge at -20, not 0 (-2 cells)",
    ]
