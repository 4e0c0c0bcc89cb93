"""The worked example of the barrier scores."""

from __future__ import annotations

import pytest
from landscapes import E3, A, B, labels_of, raster_of
from linked import linked


@pytest.fixture
def worked_example():
    """Links, labels and resistance of E3: cells of 1 km, a wall with a gap between two cores."""
    res = raster_of(E3, cell_size_m=1000.0)
    labels = labels_of(E3.shape, A, B, cell_size_m=1000.0)
    return linked(res, labels), labels, res
