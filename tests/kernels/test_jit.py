import os
import pickle
import subprocess
import sys

import numba
import numpy as np
import pytest
from kernels.cases import dijkstra, one, raster_of_kind
from numba.core.dispatcher import Dispatcher

from corridors.kernels._jit import COMPILED, jit, stamp_of_all_kernels
from corridors.kernels.cost_distance import driver

IN_THE_INTERPRETER = """
import sys
import numpy as np
from corridors.kernels.cost_distance import allocation, predecessors, solve, trace
values = np.load(sys.argv[1])
distances = solve(values, (np.array([0]), np.array([0])))
predecessors(distances, values)
trace(distances, values, (0, 5))
allocation(distances, values, np.ones(values.shape, dtype=int))
np.save(sys.argv[2], distances)
"""


def test_without_compiler_the_loops_give_the_same_bits(tmp_path):
    values = raster_of_kind("contrast", (20, 35), np.random.default_rng(1))
    np.save(tmp_path / "values.npy", values)
    command = [sys.executable, "-c", IN_THE_INTERPRETER, tmp_path / "values.npy", tmp_path / "found.npy"]
    subprocess.run(command, check=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"})
    np.testing.assert_array_equal(np.load(tmp_path / "found.npy"), dijkstra(values, one(0, 0)))


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
def test_where_nothing_can_be_stored_functions_still_compile(monkeypatch):
    def refuse(self):
        what = "cannot cache function: no locator available"
        raise RuntimeError(what)

    monkeypatch.setattr(Dispatcher, "enable_caching", refuse)

    @jit
    def twice(number):
        return 2 * number

    assert twice(4) == 8


@pytest.mark.skipif(not COMPILED, reason="nothing is stored")
def test_what_is_stored_depends_on_every_kernel():
    names = {name for name, _, _ in stamp_of_all_kernels()}
    assert {"_jit.py", "cost_distance/lanes.py", "cost_distance/vector_tile.py"} <= names
    assert driver.advance_vector._cache._cache_file._source_stamp == stamp_of_all_kernels()


@pytest.mark.skipif(not COMPILED, reason="nothing is stored")
def test_what_a_former_version_stored_is_compiled_anew(tmp_path):
    source = tmp_path / "kernel.py"
    source.write_text("def twice(number):\n    return 2 * number\n")
    names = {}
    exec(compile(source.read_text(), source, "exec"), names)
    first = jit(names["twice"])
    assert first(4) == 8
    (index,) = tmp_path.rglob("*.nbi")
    version = pickle.dumps(numba.__version__)
    index.write_bytes(version + b"\x80\x04ccorridors.kernels.gone\nGone\n.")
    assert jit(names["twice"])(4) == 8
