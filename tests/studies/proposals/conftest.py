"""The invented land of `proposed`, analysed once."""

from __future__ import annotations

from types import SimpleNamespace

import invented as land
import pytest
from proposed import context_of, inputs_of, workflow

from corridors.studies.proposals import landscape_of


@pytest.fixture(scope="session")
def world():
    """Return the workflow, the inputs and the landscape as it is."""
    flow = workflow()
    inputs = inputs_of(context_of("AD", "LI"))
    (species,) = flow.cases.values()
    scene = landscape_of(inputs.layers, species, specs=flow.layers, context=inputs.context)
    return SimpleNamespace(workflow=flow, inputs=inputs, landscape=scene, grid=land.grid_of())
