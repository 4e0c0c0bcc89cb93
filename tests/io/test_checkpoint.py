from __future__ import annotations

import numpy as np
import pytest

from corridors.errors import RunError
from corridors.io import Checkpoint, fingerprint_of, fresh_folder

ARRAYS = {"sums": np.arange(6).reshape(2, 3), "done": np.array([True, False])}


def test_arrays_come_back_as_they_were(tmp_path):
    checkpoint = Checkpoint(tmp_path / "deep" / "folder", {"radius": "5"})
    assert checkpoint.load() is None
    checkpoint.save(ARRAYS)
    found = checkpoint.load()
    assert {name: values.tolist() for name, values in found.items()} == {
        name: values.tolist() for name, values in ARRAYS.items()
    }
    checkpoint.clear()
    assert checkpoint.load() is None


def test_the_last_arrays_are_kept(tmp_path):
    checkpoint = Checkpoint(tmp_path, {})
    checkpoint.save(ARRAYS)
    checkpoint.save({"sums": np.zeros(1)})
    assert list(checkpoint.load()) == ["sums"]


@pytest.mark.parametrize("place", [0, 40, 200, -1])
def test_damaged_arrays_are_computed_again(tmp_path, place):
    checkpoint = Checkpoint(tmp_path, {"radius": "5"})
    checkpoint.save(ARRAYS)
    file = tmp_path / "checkpoint.bin"
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert checkpoint.load() is None
    file.write_bytes(content[:50])
    assert checkpoint.load() is None


def test_what_belongs_to_something_else_is_refused_with_the_difference(tmp_path):
    Checkpoint(tmp_path, {"radius": "5", "block": "1", "old": "x"}).save(ARRAYS)
    with pytest.raises(RunError, match=r"N601.*different: new, old, radius"):
        Checkpoint(tmp_path, {"radius": "6", "block": "1", "new": "x"}).load()


def test_without_its_description_it_is_read_all_the_same(tmp_path):
    checkpoint = Checkpoint(tmp_path, {"radius": "5"})
    checkpoint.save(ARRAYS)
    (tmp_path / "checkpoint.json").write_text("{")
    assert checkpoint.load() is not None


def test_a_fingerprint_knows_type_shape_and_values():
    values = np.arange(6, dtype=np.int64)
    different = [values, values.astype(np.int32), values.reshape(2, 3), values[::-1]]
    assert len({fingerprint_of(array) for array in different}) == 4
    assert fingerprint_of(values) == fingerprint_of(values.copy())


def test_a_folder_is_new_or_the_one_named(tmp_path):
    named = tmp_path / "project"
    assert fresh_folder(named, new=False) == fresh_folder(named, new=False) == str(named)
    assert fresh_folder(named, new=True) == f"{named}_1"
