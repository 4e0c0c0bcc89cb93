"""What a case stands on: suitability, core areas, resistance and barriers of one species."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.pipeline.barriers import barriers_of
from corridors.pipeline.habitat import analysed_cells, habitat_of, named_cores, resistance_of
from corridors.pipeline.stepping import Stepper

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.barriers import EdgeCosts
    from corridors.config import Species
    from corridors.layers import LayerSpec
    from corridors.pipeline.barriers import CaseBarriers
    from corridors.pipeline.habitat import Habitat


@dataclass(frozen=True)
class Ground:
    """Everything that is looked at from here on: a proposal changes this, and nothing else.

    `area` says which cells are analysed; `labels` holds the `core_id` of every cell.
    """

    habitat: Habitat
    cores: gpd.GeoDataFrame
    labels: xr.DataArray
    resistance: xr.DataArray
    barriers: CaseBarriers
    area: NDArray[np.bool_]

    @property
    def edges(self) -> EdgeCosts | None:
        """What crossing lines costs, None where no barrier is an edge."""
        return self.barriers.edges


def ground_of(
    layers: xr.Dataset,
    species: Species,
    *,
    specs: Mapping[str, LayerSpec],
    context: Mapping[str, gpd.GeoDataFrame],
) -> Ground:
    """Return suitability, core areas, resistance and barriers of one species."""
    area = analysed_cells(layers)
    return take_ground(Stepper(species, context, shared=(layers, area)), layers, area, specs=specs)


def take_ground(
    step: Stepper, layers: xr.Dataset, area: NDArray[np.bool_], *, specs: Mapping[str, LayerSpec]
) -> Ground:
    """Take the steps to suitability, core areas, resistance and barriers."""
    habitat = step("suitability", habitat_of, layers, specs=specs)
    barriers = step("barriers", barriers_of, layers)
    resistance = step("resistance", resistance_of, layers, specs=specs)
    cores, labels = step("cores", named_cores, habitat, barriers, area=area)
    return Ground(habitat, cores, labels, resistance, barriers, area)
