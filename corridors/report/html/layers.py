"""Which layers the maps of the page show, from the bottom to the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.report.proposed import by_geometry
from corridors.schema import CONTEXT, PROPOSED, RASTERS, VECTORS, Ramp, Vector, raster

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import xarray as xr
    from geopandas import GeoDataFrame

    from corridors.report.html.strings import Words
    from corridors.result import CaseResult

RASTERS_LEFT_OUT = ("cores", "cost_distance", "habitat_mean")
VECTORS_FROM_THE_BOTTOM = (
    "rivers", "railways", "roads", "corridors", "cores", "protected_areas", "countries", "borders",
    "barriers", "links", "openings", "crossings", "settlements", "reporting_area",
)  # fmt: skip


@dataclass(frozen=True)
class VectorLayer:
    """A vector layer of a map: its name in the schema, title in the page's language, features and entry."""

    name: str
    title: str
    features: GeoDataFrame
    entry: Vector


def map_rasters(rasters: xr.Dataset) -> dict[str, tuple[xr.DataArray, Ramp]]:
    """Return the rasters of a case the maps show, with their colours; corridors end at the core areas."""
    shown = {}
    for name in (name for name in RASTERS if name in rasters and name not in RASTERS_LEFT_OUT):
        style = raster(name).style
        if isinstance(style, Ramp):
            values = rasters[name]
            if name.startswith("corridor") and "cores" in rasters:
                values = values.where(rasters["cores"] == 0)
            shown[name] = (values, style)
    return shown


def map_vectors(case: CaseResult, context: Mapping[str, GeoDataFrame], words: Words) -> Iterator[VectorLayer]:
    """Yield the vectors of a case and of the landscape that hold features."""
    held = {**context, **case.vectors}
    for name in VECTORS_FROM_THE_BOTTOM:
        if name in held and len(held[name]):
            entry = VECTORS.get(name) or CONTEXT[name]
            yield VectorLayer(name, words.get(f"layer_{name}", entry.title), held[name], entry)


def proposed(proposals: GeoDataFrame, words: Words) -> Iterator[VectorLayer]:
    """Yield proposals by kind of geometry: areas, lines, points; one of several kinds comes in parts."""
    for name, features in by_geometry(proposals).items():
        yield VectorLayer("proposals", words("layer_proposals"), features, PROPOSED[name])
