"""The four real landscapes, analysed once per session with the shipped workflows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import xarray as xr
from pyproj import Transformer

import corridors
from corridors.config import Workflow
from corridors.pipeline.barriers import barriers_of
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
        inputs = self.inputs
        return resistance_of(inputs.layers, species, specs=self.workflow.layers, context=inputs.context)

    def steps(self, path: shapely.LineString) -> tuple[list[int], list[int]]:
        """Return rows and columns of a path through the centres of cells."""
        cells = [self.inputs.grid.cell_at(x, y) for x, y in path.coords]
        return [cell[0] for cell in cells], [cell[1] for cell in cells]

    def barriers(
        self, case: str, *, built: tuple[float, float] | None = None, **changed: Any
    ) -> corridors.EdgeCosts:
        """Return the barriers of a case, with other options for its roads, or a crossing built on one."""
        species, context = self.workflow.cases[case], dict(self.inputs.context)
        if built is not None:
            network = context["roads"].geometry.union_all()
            place = shapely.ops.nearest_points(network, shapely.Point(self.place(*built)))[0]
            context["built"] = gpd.GeoDataFrame(geometry=[place], crs=self.inputs.grid.crs)
            changed["openings"] = "built"
        own = species.movement.barriers
        roads = own["roads"].model_copy(update=changed)
        movement = species.movement.model_copy(update={"barriers": own | {"roads": roads}})
        species = species.model_copy(update={"movement": movement})
        edges = barriers_of(self.inputs.layers, species, context=context).edges
        assert edges is not None
        return edges

    def cost_from(
        self, case: str, cell: tuple[int, int], barriers: corridors.EdgeCosts | None = None
    ) -> xr.DataArray:
        """Return the accumulated cost from one cell, across the barriers of the case or other ones."""
        source = np.zeros(self.inputs.grid.shape, dtype="uint16")
        source[cell] = 1
        edges = self.barriers(case) if barriers is None else barriers
        labels = self.inputs.grid.like(source, name="cores")
        return corridors.accumulated_cost(self.resistance(case), labels, barriers=edges)


@pytest.fixture(scope="session")
def landscape(geodata: Path):
    """Return a function that analyses a real landscape, each once."""

    @cache
    def analysed(name: str) -> Landscape:
        workflow = corridors.load_workflow(str(WORKFLOWS / f"{name}.toml"))
        inputs = corridors.read_inputs(workflow, data=str(geodata / name))
        return Landscape(workflow, inputs, corridors.analyse(inputs.layers, workflow, context=inputs.context))

    return analysed
