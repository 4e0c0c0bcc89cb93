import numpy as np
import pytest

from corridors.kernels._jit import COMPILED, jit
from corridors.kernels.multigrid.lanes import (
    LANES,
    as_precise,
    evens,
    first_pairs,
    if_positive,
    last_pairs,
    load,
    multiply_add,
    odds,
    one_later,
    share,
    spread,
    store,
    total,
)

pytestmark = pytest.mark.skipif(not COMPILED, reason="vectors exist in compiled functions only")


@jit
def every_instruction(given, number, wide, found, precise):
    """Store what every instruction makes of the numbers given."""
    a, b = load(given, 1), load(given, 1 + LANES)
    store(found, 0, evens(a, b))
    store(found, 8, odds(a, b))
    store(found, 16, first_pairs(a, b))
    store(found, 24, last_pairs(a, b))
    store(found, 32, one_later(a, b))
    store(found, 40, a + b)
    store(found, 48, a - b)
    store(found, 56, a * b)
    store(found, 64, multiply_add(a, b, spread(number)))
    store(found, 72, share(a, b))
    store(found, 80, if_positive(a, b, spread(number)))
    store(precise, 0, as_precise(a, load(wide, 0)))
    store(found, 88, as_precise(load(wide, 0), a))
    return total(a)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_instructions_do_what_numpy_does(dtype):
    rng = np.random.default_rng(1)
    given, wide = rng.integers(-4, 5, 17).astype(dtype), rng.random(LANES)
    found, precise = np.zeros(96, dtype), np.zeros(LANES)
    summed = every_instruction(given, dtype(3), wide, found, precise)
    a, b = given[1:9], given[9:17]
    expected = [
        given[1::2],
        given[2::2],
        np.stack([a[:4], b[:4]], axis=1).ravel(),
        np.stack([a[4:], b[4:]], axis=1).ravel(),
        np.concatenate([a[7:], b[:7]]),
        a + b,
        a - b,
        a * b,
        a * b + 3,
        np.divide(b, a, out=np.zeros(8, dtype), where=a > 0),
        np.where(a > 0, b, 3),
        wide.astype(dtype),
    ]
    np.testing.assert_array_equal(found, np.concatenate(expected))
    np.testing.assert_array_equal(precise, a.astype(np.float64))
    assert summed == a.sum()
