"""Rasters written piece by piece: the same file as in one, or the one that was there before."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import rasterio
from landscapes import grid_of, labels_of, raster_of

from corridors.cost import accumulated_cost
from corridors.cost.blocks import cost_in_pieces
from corridors.errors import OutputError, ResourceError
from corridors.io import raster_pieces, write_pieces, write_raster


def pieces_of(values, size):
    """Return rows, columns and values of squares, rows of squares from the top."""
    for top in range(0, values.shape[0], size):
        for left in range(0, values.shape[1], size):
            rows, columns = (
                slice(start, min(start + size, length))
                for start, length in zip((top, left), values.shape, strict=True)
            )
            yield rows, columns, values[rows, columns]


@pytest.mark.parametrize(("shape", "size"), [((700, 1300), 512), ((61, 45), 7), ((1, 9), 2)])
def test_the_same_bytes_as_in_one_piece(tmp_path, shape, size):
    values = np.random.default_rng(1).uniform(0, 1e6, shape)
    values[values < 1e5] = np.inf
    grid = grid_of(shape, cell_size_m=500.0)
    tags = {"run": "a test"}
    write_raster(grid.like(values, name="cost_distance"), tmp_path / "one.tif", tags=tags)
    write_pieces(pieces_of(values, size), grid, tmp_path / "pieces.tif", name="cost_distance", tags=tags)
    assert (tmp_path / "pieces.tif").read_bytes() == (tmp_path / "one.tif").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one.tif", "pieces.tif"]


def test_accumulated_cost_straight_to_a_file(tmp_path):
    values = np.random.default_rng(2).uniform(1, 100, (90, 70))
    values[:, 60] = np.nan
    res, cores = raster_of(values), labels_of(values.shape, (45, 35))
    write_pieces(
        cost_in_pieces(res, cores, block_cells=32),
        grid_of(values.shape),
        tmp_path / "c.tif",
        name="cost_distance",
    )
    expected = accumulated_cost(res, cores).values.astype(np.float32)
    expected[np.isinf(expected)] = np.nan
    with rasterio.open(tmp_path / "c.tif") as dataset:
        np.testing.assert_array_equal(dataset.read(1), expected)


def test_labels_have_no_data_0(tmp_path):
    labels = labels_of((30, 20), (4, 4), (20, 10))
    write_pieces(pieces_of(labels.values, 8), grid_of((30, 20)), tmp_path / "cores.tif", name="cores")
    with rasterio.open(tmp_path / "cores.tif") as dataset:
        assert (dataset.nodata, dataset.dtypes) == (0, ("uint16",))
        np.testing.assert_array_equal(dataset.read(1), labels.values)


def test_memory_is_that_of_pieces_not_of_the_raster(tmp_path):
    shape, size = (3000, 3000), 250
    piece = np.ones((size, size), np.float32)
    pieces = ((rows, columns, piece) for rows, columns, _ in pieces_of(np.broadcast_to(0, shape), size))
    tracemalloc.start()
    write_pieces(pieces, grid_of(shape), tmp_path / "cost.tif", name="cost_distance")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.1 * 4 * shape[0] * shape[1]


def breaks_off(values):
    yield from list(pieces_of(values, 8))[:3]
    raise KeyboardInterrupt


@pytest.mark.parametrize("before", [None, b"as it was"])
def test_what_was_there_before_stays_when_pieces_break_off(tmp_path, before):
    target = tmp_path / "cost.tif"
    if before is not None:
        target.write_bytes(before)
    with pytest.raises(KeyboardInterrupt):
        write_pieces(breaks_off(np.ones((30, 20))), grid_of((30, 20)), target, name="cost_distance")
    assert [file.read_bytes() for file in tmp_path.iterdir()] == ([] if before is None else [before])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda pieces: pieces[:-1], r"O409.*do not make up the raster.*Given: 576 cells.*600"),
        (lambda pieces: [(*pieces[0][:2], -pieces[0][2]), *pieces[1:]], r"O406.*cost_distance.*limits"),
        (lambda pieces: [(*pieces[0][:2], pieces[0][2] * 1e300), *pieces[1:]], r"O405.*float32"),
    ],
)
def test_pieces_that_cannot_be(tmp_path, change, words):
    pieces = change(list(pieces_of(np.ones((30, 20)), 8)))
    with pytest.raises(OutputError, match=words):
        write_pieces(pieces, grid_of((30, 20)), tmp_path / "cost.tif", name="cost_distance")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_does_not_hold_what_was_written_never_gets_its_name(tmp_path, monkeypatch):
    real = raster_pieces.rasterio.shutil.copy

    def damaging(source, target, **options):
        real(source, target, **options)
        with rasterio.open(target, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
            row = dataset.read(1, window=((5, 6), (0, 20)))
            dataset.write(row + 1, 1, window=((5, 6), (0, 20)))

    monkeypatch.setattr(raster_pieces.rasterio.shutil, "copy", damaging)
    with pytest.raises(OutputError, match=r"O401.*read back.*row 0, column 0"):
        write_pieces(
            pieces_of(np.ones((30, 20)), 8), grid_of((30, 20)), tmp_path / "c.tif", name="cost_distance"
        )
    assert list(tmp_path.iterdir()) == []


def test_too_little_disk_and_no_folder(tmp_path, monkeypatch):
    pieces = list(pieces_of(np.ones((30, 20)), 8))
    with pytest.raises(OutputError, match=r"O403"):
        write_pieces(pieces, grid_of((30, 20)), Path(tmp_path) / "no" / "c.tif", name="cost_distance")
    with pytest.raises(ResourceError, match=r"R302"):
        write_pieces(iter(()), grid_of((10**7, 10**7)), tmp_path / "c.tif", name="cost_distance")
