"""ESRI ASCII grids: every dialect, exact numbers, written whole."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from corridors.errors import InputError
from corridors.io import PlainGrid, ascii_grids, read_ascii_grid, write_ascii_grid

HEADER = "ncols 3\nnrows 2\nxllcorner 10\nyllcorner 20\ncellsize 0.5\nNODATA_value -1\n"


def text(tmp_path: Path, content: str, name: str = "grid.asc") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "1 -1 2.002\n4 5 6\n",
        "NCOLS 3\r\nNROWS\t2\r\nXLLCENTER 10.25\r\nyllcenter 20.25\r\nCellSize 0.5\r\nnodata_value -1\r\n"
        "1\t-1\t2.002\t\r\n4\t5\t6\t\r\n",
        HEADER.replace("cellsize 0.5", "dx 0.5\ndy 0.5") + "1 -1\n2.002 4 5\n6",
        HEADER + "1 nan 2.002 4 5 6",
        HEADER + "1 -9999 2.002\n4 5 6\n\n",
    ],
    ids=["plain", "capitals, centres, tabs, carriage returns", "dx and dy", "nan", "-9999 besides"],
)
def test_dialects_read_the_same(tmp_path: Path, content: str) -> None:
    grid = read_ascii_grid(text(tmp_path, content))
    np.testing.assert_array_equal(grid.values, [[1, np.nan, 2.002], [4, 5, 6]])
    assert (grid.left, grid.bottom, grid.cell_width, grid.cell_height) == (10, 20, 0.5, 0.5)


def test_without_a_no_data_line_minus_9999_is_no_data(tmp_path: Path) -> None:
    grid = read_ascii_grid(text(tmp_path, HEADER.replace("NODATA_value -1\n", "") + "1 -9999 -1 4 5 6"))
    np.testing.assert_array_equal(grid.values, [[1, np.nan, -1], [4, 5, 6]])


def test_numbers_are_exact(tmp_path: Path) -> None:
    grid = read_ascii_grid(text(tmp_path, HEADER + "16777217 9007199254740991 0.1 1e300 5 6"))
    assert grid.values[0].tolist() == [16777217, 9007199254740991, 0.1]


def test_gzipped_reads_the_same(tmp_path: Path) -> None:
    content = HEADER + "1 2 3\n4 5 6\n"
    zipped = tmp_path / "grid.asc.gz"
    zipped.write_bytes(gzip.compress(content.encode()))
    plain = read_ascii_grid(text(tmp_path, content))
    np.testing.assert_array_equal(read_ascii_grid(zipped).values, plain.values)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (HEADER + "1 2 3 4 5", r"I231.*cut short.*5 values.*2 x 3 cells"),
        (HEADER + "1 2 3 4 5 6 7", r"I218.*more values than cells"),
        (HEADER + "1 2 3 4 5,5 6", r"I218.*not a number.*5,5"),
        (HEADER + "1 2 3 4 five 6", r"I218.*five"),
        (HEADER.replace("0.5", "0,5") + "1 2 3 4 5 6", r"I218.*line 5.*decimal point"),
        (HEADER.replace("nrows 2\n", "") + "1 2 3", r"I218.*lacks nrows"),
        (HEADER.replace("nrows 2", "nrows 2000000000") + "1", r"I233"),
        (HEADER.replace("nrows 2", "nrows -2") + "1", r"I233"),
        ("\ufeff" + HEADER + "1 2 3 4 5 6", r"I218.*byte-order mark"),
    ],
)
def test_broken_grids_say_where(tmp_path: Path, content: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read_ascii_grid(text(tmp_path, content))


def test_a_bomb_behind_a_small_header_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.asc.gz"
    bomb.write_bytes(gzip.compress(HEADER.encode() + b"1 " * 5_000_000))
    with pytest.raises(InputError, match="I233"):
        read_ascii_grid(bomb)


def test_the_form_is_that_of_circuitscape(tmp_path: Path) -> None:
    like = PlainGrid(np.zeros((2, 2)), 100.0, 1.0, 10.0, 10.0)
    write_ascii_grid(tmp_path / "a_curmap.asc", np.array([[1 / 3, np.nan], [0.0, 1.0]]), like=like)
    assert (tmp_path / "a_curmap.asc").read_text() == (
        "ncols         2\nnrows         2\nxllcorner     100.0\nyllcorner     1.0\ncellsize      10.0\n"
        "NODATA_value  -9999\n0.3333333333 -9999\n0 1\n"
    )


@given(
    arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=5), elements=st.floats(-1e6, 1e6)),
    st.booleans(),
)
def test_what_is_written_reads_back_to_ten_digits(
    tmp_path_factory: pytest.TempPathFactory, values: np.ndarray, zipped: bool
) -> None:
    folder = tmp_path_factory.mktemp("ascii")
    path = folder / ("a.asc.gz" if zipped else "a.asc")
    like = PlainGrid(values, -3.25, 1e-5, 0.1, 0.2)
    write_ascii_grid(path, values, like=like)
    back = read_ascii_grid(path)
    np.testing.assert_allclose(back.values, np.where(values == -9999, np.nan, values), rtol=1e-9)
    assert (back.left, back.bottom, back.cell_width, back.cell_height) == (-3.25, 1e-5, 0.1, 0.2)
    assert [file.name for file in folder.iterdir()] == [path.name]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, like = tmp_path / "a.asc", PlainGrid(np.ones((2, 2)))
    write_ascii_grid(path, np.ones((2, 2)), like=like)
    before = path.read_bytes()

    def cut(values: np.ndarray, like: PlainGrid) -> Iterator[bytes]:
        yield b"ncols         2\nnrows         2\n"
        raise KeyboardInterrupt

    monkeypatch.setattr(ascii_grids, "grid_lines", cut)
    with pytest.raises(KeyboardInterrupt):
        write_ascii_grid(path, np.zeros((2, 2)), like=like)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["a.asc"]
