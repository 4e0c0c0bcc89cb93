import numpy as np
import pytest

from corridors.kernels.cost_distance import prepare
from corridors.kernels.cost_distance.layout import TILE, framed, inside


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (17, 15), (5, 480), (3, 992)])
def test_halves_inside_a_frame_of_walls(shape):
    values = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    half = framed(values, np.dtype(np.float64))
    np.testing.assert_array_equal(half[inside(shape)], values / 2)
    assert np.isnan(half).sum() == half.size - values.size
    assert np.isnan(half[:TILE]).all()
    assert np.isnan(half[:, :TILE]).all()
    assert np.isnan(half[-TILE:]).all()
    assert np.isnan(half[:, -TILE:]).all()
    assert half.shape[0] % TILE == half.shape[1] % TILE == 0
    assert half.shape[1] % 512 != 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_begin_with_a_line_of_the_cache(dtype):
    for _ in range(5):
        half = framed(np.ones((100, 90)), np.dtype(dtype))
        assert half[TILE:, TILE:].ctypes.data % 64 == 0
        assert half.strides[0] % 64 == 0


def test_tiles_of_nothing_but_walls_are_closed():
    values = np.full((40, 40), np.nan)
    values[20, 35] = 1
    field = prepare(values)
    assert np.flatnonzero(field.open_tiles).tolist() == [2 * (field.half.shape[1] // TILE) + 3]


def test_a_raster_of_walls_can_be_prepared():
    assert prepare(np.full((3, 3), np.nan)).bucket_width == 1
