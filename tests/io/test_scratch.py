from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile

import numpy as np
import pytest

from corridors.errors import ResourceError
from corridors.io.scratch import Scratch


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_arrays_come_back_as_they_were(folder):
    scratch, rng = Scratch(), np.random.default_rng(0)
    kept = {
        ("distances", 3): rng.random((5, 7)),
        ("labels", 3): rng.integers(0, 9, (2, 3)).astype(np.int32),
        ("distances", 4): np.array([[np.inf, np.nan]], dtype=np.float32),
        "turned": rng.random((4, 6)).T,
    }
    for name, values in kept.items():
        scratch.keep(name, values)
    scratch.keep("turned", 2 * kept["turned"])  # takes the same place
    scratch.keep(("labels", 3), np.arange(8))  # of another size: takes another
    kept |= {"turned": 2 * kept["turned"], ("labels", 3): np.arange(8)}
    for name, values in kept.items():
        found = scratch.get(name)
        assert found.dtype == values.dtype
        np.testing.assert_array_equal(found, values)
    assert ("distances", 3) in scratch
    assert ("distances", 5) not in scratch
    scratch.close()
    assert not list(folder.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="open files have names here")
def test_nothing_is_left_behind_by_a_process_that_is_killed(folder):
    code = (
        "import os, signal, numpy\n"
        "from corridors.io.scratch import Scratch\n"
        "scratch = Scratch()\n"
        "scratch.keep('a', numpy.zeros(100_000))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], check=False, env={**os.environ, "TMPDIR": str(folder)}
    )
    assert ended.returncode == -9
    assert not list(folder.iterdir())


def test_a_full_disk_says_what_to_do(folder):
    class Full:
        def seek(self, place):
            pass

        def write(self, content):  # noqa: ARG002
            raise OSError(errno.ENOSPC, "No space left on device")

    scratch = Scratch()
    scratch._file = Full()
    with pytest.raises(ResourceError, match=r"R302.*scratch: the disk is full.*TMPDIR"):
        scratch.keep("a", np.zeros(3))
    assert "a" not in scratch
