"""What each side of the border knows: a country may look empty because nobody mapped it.

Measured on real layers: detailed roads eleven times denser on one side than on the other, protected areas
7 % of one country and none of the other. A comparison of countries that rests on such a layer compares
mapping, not nature.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.border import country_shares
from corridors.grid import GEOD, WGS84
from corridors.layers.protected_areas import FROM_SOURCE
from corridors.layers.rasterise import burn_polygons
from corridors.schema import TABLES

if TYPE_CHECKING:
    import xarray as xr
    from shapely.geometry.base import BaseGeometry

    from corridors.config import Workflow
    from corridors.layers import LayerSpec
    from corridors.pipeline import Inputs

SMALLEST_SIDE_PERCENT = 5.0
LACKING_SHARE_OF_OTHER = 0.1
"""A side lacks a layer that is there less than a tenth as dense as on the densest side [P]."""


@dataclass(frozen=True)
class Side:
    """A country of the reporting area: its part of it, on the map and in square kilometres."""

    country: str
    polygon: BaseGeometry
    area_km2: float
    partner: bool


@dataclass(frozen=True)
class Amount:
    """How much of a layer a side holds; None where the measure does not fit the layer."""

    coverage_percent: float | None
    density_per_1000_km2: float | None

    @property
    def measure(self) -> float:
        """The one number sides are compared by."""
        amount = self.coverage_percent if self.density_per_1000_km2 is None else self.density_per_1000_km2
        return 0.0 if amount is None else amount


def sides_of(workflow: Workflow, inputs: Inputs) -> list[Side]:
    """Return the countries of the reporting area, largest first.

    A partner country that covers at least 5 % of the area is a side in the sense of `lacking`.
    """
    if "countries" not in inputs.context:
        return []
    area = inputs.context["reporting_area"][["geometry"]].assign(core_id=[1])
    countries = inputs.context["countries"]
    whole = area.geometry.iloc[0]
    sides = []
    shares = country_shares(area, countries)
    columns = (shares["country"], shares["area_km2"].astype(float), shares["share_percent"].astype(float))
    for country, area_km2, share_percent in zip(*columns, strict=True):
        outline = countries.loc[countries["country"] == country, "geometry"]
        if outline.empty:
            continue
        partner = country in workflow.area.partners and share_percent >= SMALLEST_SIDE_PERCENT
        polygon = outline.union_all().intersection(whole)
        sides.append(Side(str(country), polygon, area_km2, partner))
    return sides


def side_table(workflow: Workflow, inputs: Inputs, sides: list[Side]) -> pd.DataFrame:
    """Return coverage and density of every layer on every side, as the schema's table `layers`."""
    rows = []
    for name, spec in measured_layers(workflow, inputs).items():
        amounts = {side.country: amount_of(name, spec, inputs, side) for side in sides}
        poor = lacking({side.country: amounts[side.country] for side in sides if side.partner})
        attrs = (inputs.layers if name in inputs.layers else inputs.context)[name].attrs
        for country, amount in amounts.items():
            rows.append(
                {
                    "layer": name,
                    "source_used": str(attrs.get("source_used", "")),
                    "method": str(attrs.get("method", "")),
                    "country": country,
                    "coverage_percent": amount.coverage_percent,
                    "density_per_1000_km2": amount.density_per_1000_km2,
                    "note": f"incomplete: {country}" if country in poor else "",
                }
            )
    return pd.DataFrame(rows, columns=list(TABLES["layers"].columns))


def incomplete_parks(sides: pd.DataFrame, context: Mapping[str, gpd.GeoDataFrame]) -> tuple[str, ...]:
    """Return the countries whose protected areas are few, or stylised outlines where the source has none."""
    if "protected_areas" not in context:
        return ()
    few = sides.loc[(sides["layer"] == "protected_areas") & (sides["note"] != ""), "country"]
    parks = context["protected_areas"]
    drawn = parks.loc[parks["origin"] != FROM_SOURCE, "country"]
    codes = {str(code) for code in (*few, *drawn)}
    return tuple(sorted(codes & set(sides["country"])))


def measured_layers(workflow: Workflow, inputs: Inputs) -> dict[str, LayerSpec]:
    """Return the layers that were read, without the countries themselves."""
    read = {*map(str, inputs.layers.data_vars), *inputs.context}
    return {name: spec for name, spec in workflow.layers.items() if name in read and name != "countries"}


def amount_of(name: str, spec: LayerSpec, inputs: Inputs, side: Side) -> Amount:
    """Return how much of a layer a side holds.

    Lines: km per 1000 km². Points: number per 1000 km². Polygons: % of the area. Rasters: % with data.
    """
    if name in inputs.context:
        return vector_amount(inputs.context[name], spec.kind, side)
    raster = inputs.layers[name]
    cells = burn_polygons([side.polygon], inputs.grid)
    return raster_amount(raster, cells, present_only=spec.kind in ("lines", "points", "polygons"))


def vector_amount(layer: gpd.GeoDataFrame, kind: str, side: Side) -> Amount:
    """Return how much of a vector layer lies on a side."""
    cut = shapely.intersection(layer.geometry.to_numpy(), side.polygon)
    cut = cut[~shapely.is_empty(cut)]
    if kind == "points":
        return Amount(None, 1000 * len(cut) / side.area_km2)
    degrees = gpd.GeoSeries(cut, crs=layer.crs).to_crs(WGS84)
    if kind == "lines":
        length_km = sum(line_length_m(line) for line in degrees) / 1000
        return Amount(None, 1000 * length_km / side.area_km2)
    share = shapely.area(shapely.union_all(cut)) / side.polygon.area if len(cut) else 0.0
    return Amount(100 * float(share), None)


def line_length_m(geometry: BaseGeometry) -> float:
    """Return the geodesic length of the lines in a geometry."""
    parts = shapely.get_parts(geometry)
    return sum(float(GEOD.geometry_length(part)) for part in parts if part.geom_type == "LineString")


def raster_amount(raster: xr.DataArray, cells: np.ndarray, *, present_only: bool) -> Amount:
    """Return the share of a side's cells that hold data, or, for things in a raster, the thing."""
    values = raster.values[cells]
    held = values > 0 if present_only else ~np.isnan(values.astype(float))
    return Amount(100 * float(held.mean()) if held.size else 0.0, None)


def lacking(amounts: Mapping[str, Amount]) -> list[str]:
    """Return the sides that hold less than a tenth of what the best mapped side holds.

    Examples
    --------
    >>> lacking({"AA": Amount(None, 150.0), "BB": Amount(None, 13.0), "CC": Amount(None, 60.0)})
    ['BB']
    """
    most = max((amount.measure for amount in amounts.values()), default=0.0)
    return [country for country, amount in amounts.items() if amount.measure < LACKING_SHARE_OF_OTHER * most]
