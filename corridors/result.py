"""What a run yields: frozen, in memory, its keys the names of `corridors.schema`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from corridors.grid import Grid


@dataclass(frozen=True)
class Note:
    """Something to know when reading results: a stable code and one sentence."""

    code: str
    text: str


@dataclass(frozen=True)
class CaseResult:
    """Results of one case: a species in a season and a scenario.

    `title` names it in plain words; `rasters`, `vectors` and `tables` are keyed by the names of the schema.
    """

    title: str
    rasters: xr.Dataset
    vectors: Mapping[str, gpd.GeoDataFrame]
    tables: Mapping[str, pd.DataFrame]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Result:
    """Results of a workflow.

    `layers` holds the predictors, `context` the vectors of the landscape (borders, towns, parks), `cases`
    one result per case key, `notes` what holds for all of them; `rasters` and `tables` what several cases say
    together.
    """

    title: str
    grid: Grid
    layers: xr.Dataset
    context: Mapping[str, gpd.GeoDataFrame]
    cases: Mapping[str, CaseResult]
    notes: tuple[Note, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    rasters: xr.Dataset = field(default_factory=xr.Dataset)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
