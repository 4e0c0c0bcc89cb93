import numpy as np
import pytest

from corridors.kernels._jit import COMPILED, jit
from corridors.kernels.cost_distance.lanes import (
    any_less,
    highest_bit,
    load,
    lowest_bit,
    minimum,
    shifted_east,
    shifted_west,
    spread,
    store,
)

pytestmark = pytest.mark.skipif(not COMPILED, reason="vectors exist in compiled functions only")


@jit
def every_instruction(given, number, found):
    lanes, others = load(given, 0, 3), load(given, 1, 0)
    store(found, 0, 2, lanes + others)
    store(found, 1, 2, lanes * others)
    store(found, 2, 2, minimum(lanes, others))
    store(found, 3, 2, shifted_east(lanes, number))
    store(found, 4, 2, shifted_west(lanes, number))
    store(found, 5, 2, spread(number))
    return any_less(lanes, others), any_less(others, others)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_instructions_do_what_numpy_does(dtype):
    rng = np.random.default_rng(1)
    given = rng.random((2, 24)).astype(dtype)
    given[0, 5], given[1, 7], given[0, 9] = np.nan, np.nan, np.inf
    found = np.full((6, 20), -1, dtype=dtype)
    less = every_instruction(given, dtype(9), found)
    lanes, others = given[0, 3:19], given[1, :16]
    nine = np.array([9], dtype=dtype)
    expected = [
        lanes + others,
        lanes * others,
        np.where(lanes < others, lanes, others),  # NaN is not lower: a wall offers nothing
        np.concatenate([nine, lanes[:-1]]),
        np.concatenate([lanes[1:], nine]),
        np.full(16, 9),
    ]
    np.testing.assert_array_equal(found[:, 2:18], np.array(expected, dtype=dtype))
    assert (found[:, [0, 1, 18, 19]] == -1).all()
    assert less == (True, False)


@jit
def ends(bits):
    return lowest_bit(bits), highest_bit(bits)


@pytest.mark.parametrize("bits", [0b1, 0b1000, 0b0110, 0b1000_0000_0000_0001, 0xFFFF])
def test_first_and_last_bit(bits):
    assert ends(bits) == (f"{bits:b}"[::-1].index("1"), bits.bit_length() - 1)


@pytest.mark.parametrize("place", range(16))
def test_a_single_lower_lane_is_seen(place):
    given = np.ones((2, 24))
    given[0, 3 + place] = 0.5
    assert every_instruction(given, 9.0, np.empty((6, 20)))[0]
