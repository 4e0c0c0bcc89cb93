"""Which layers the maps of the page show, from the bottom to the top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.report.html.tables import SHOWN_COLUMNS
from corridors.schema import CONTEXT, RASTERS, VECTORS, Ramp, Symbol, Vector, raster

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
PROPOSALS = Vector(
    "proposals", "Proposals", "Polygon", SHOWN_COLUMNS["proposals"], "What is proposed.",
    Symbol("#2b6cb0", 0.9, "#08306b", opacity=0.3), "proposals", "proposal",
)  # fmt: skip
PROPOSED_LINES = Vector(
    "proposals", "Proposals", "Line", SHOWN_COLUMNS["proposals"], "What is proposed.",
    Symbol("#08306b", 1.2), "proposals", "proposal",
)  # fmt: skip
PROPOSED_POINTS = Vector(
    "proposals", "Proposals", "Point", SHOWN_COLUMNS["proposals"], "What is proposed.",
    Symbol("#08306b", 2.8), "proposals", "proposal",
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
    single = proposals.explode(ignore_index=True)
    for entry in (PROPOSALS, PROPOSED_LINES, PROPOSED_POINTS):
        kind = entry.geometry.replace("Line", "LineString")
        of_kind = single[single.geometry.geom_type == kind]
        if len(of_kind):
            yield VectorLayer("proposals", words("layer_proposals"), of_kind, entry)
