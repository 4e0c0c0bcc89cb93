"""The four real landscapes, analysed once per session with the shipped workflows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from pyproj import Transformer

import corridors
from corridors.config import Workflow
from corridors.pipeline.habitat import resistance_of
from corridors.pipeline.inputs import Inputs

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"


@dataclass(frozen=True)
class Landscape:
    """A real landscape: its workflow, its layers, its results."""

    workflow: Workflow
    inputs: Inputs
    result: corridors.Result

    def cell(self, lon: float, lat: float) -> tuple[int, int]:
        """Return the cell of a place in the analysis grid."""
        to_map = Transformer.from_crs(4326, self.inputs.grid.crs, always_xy=True)
        found = self.inputs.grid.cell_at(*to_map.transform(lon, lat))
        assert found is not None
        return found

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a place in the coordinates of the map."""
        x, y = Transformer.from_crs(4326, self.inputs.grid.crs, always_xy=True).transform(lon, lat)
        return float(x), float(y)

    def resistance(self, case: str) -> xr.DataArray:
        """Return the resistance of a case over the whole analysis area."""
        species = self.workflow.cases[case]
        return resistance_of(self.inputs.layers, species, specs=self.workflow.layers)

    def cost_from(self, case: str, cell: tuple[int, int]) -> xr.DataArray:
        """Return the accumulated cost from one cell."""
        source = np.zeros(self.inputs.grid.shape, dtype="uint16")
        source[cell] = 1
        return corridors.accumulated_cost(self.resistance(case), self.inputs.grid.like(source, name="cores"))


@pytest.fixture(scope="session")
def landscape(geodata: Path):
    """Return a function that analyses a real landscape, each once."""

    @cache
    def analysed(name: str) -> Landscape:
        workflow = corridors.load_workflow(str(WORKFLOWS / f"{name}.toml"))
        inputs = corridors.read_inputs(workflow, data=str(geodata / name))
        return Landscape(workflow, inputs, corridors.analyse(inputs.layers, workflow, context=inputs.context))

    return analysed
