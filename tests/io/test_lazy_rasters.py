from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landscapes import grid_of, labels_of, raster_of

from corridors.cost import accumulated_cost
from corridors.cost.blocks import accumulated_cost_in_blocks
from corridors.errors import InputError
from corridors.grid import Grid
from corridors.io import lazy_rasters as module
from corridors.io import write_bands
from corridors.io.lazy_rasters import raster_on_disk

VALUES = np.random.default_rng(0).uniform(1, 100, (20, 30)).astype(np.float32)
VALUES[3, 4] = np.nan


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("rasters") / "resistance.tif"
    write_bands({"first": raster_of(VALUES), "second": raster_of(2 * VALUES)}, path)
    return path


def indices(length):
    # An empty slice with a negative step is too much for xarray.
    spans = st.slices(length).filter(lambda span: len(range(length)[span]) > 0)
    return st.one_of(st.integers(-length, length - 1), spans)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=indices(20), columns=indices(30))
def test_windows_are_those_of_the_array(path, rows, columns):
    found = raster_on_disk(path, name="resistance", band="first")[rows, columns]
    np.testing.assert_array_equal(found.values, VALUES[rows, columns])


def test_grid_name_and_band(path):
    found = raster_on_disk(path, name="resistance", units="1", band="second")
    assert Grid.of(found) == grid_of(VALUES.shape)
    assert (found.name, found.attrs["units"], found.dtype) == ("resistance", "1", np.float32)
    np.testing.assert_array_equal(found.values, 2 * VALUES)
    with pytest.raises(InputError, match=r"I252"):
        raster_on_disk(path, name="resistance")


def test_it_can_be_sent_to_other_processes(path):
    found = pickle.loads(pickle.dumps(raster_on_disk(path, name="resistance", band="first")))
    np.testing.assert_array_equal(found[3:6].values, VALUES[3:6])


def test_cost_in_blocks_reads_windows_only(path, monkeypatch):
    read, largest = module.read_band, []

    def noted(dataset, band, *, window):
        largest.append(window.width * window.height)
        return read(dataset, band, window=window)

    monkeypatch.setattr(module, "read_band", noted)
    cores = labels_of(VALUES.shape, (10, 10))
    found = accumulated_cost_in_blocks(
        raster_on_disk(path, name="resistance", band="first"), cores, block_cells=8
    )
    np.testing.assert_array_equal(found.values, accumulated_cost(raster_of(VALUES), cores).values)
    assert max(largest) <= 100
