"""What the interactive map knows: layers, views, numbers; plain data that becomes JSON inside the page."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import shapely

from corridors.report.html.layers import VectorLayer, map_rasters, map_vectors, proposed
from corridors.report.html.pictures import pictures_within
from corridors.report.html.shapes import Look, geojson, shown_features
from corridors.report.html.tables import JOINT, SHOWN_COLUMNS, heading, in_kilometres, text_of
from corridors.report.html.ways import as_outlines, layers_of, named_ways, ways_by_proposal

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from geopandas import GeoDataFrame

    from corridors.report.html.strings import Words
    from corridors.result import Result

RASTER_BUDGET_BYTES = 2_200_000
VECTOR_BUDGET_BYTES = 1_200_000
DISPLAY_PX = 1500
ON_AT_FIRST = (
    "cores", "links", "crossings", "borders", "protected_areas", "reporting_area", "settlements", "proposals",
)  # fmt: skip
NUMBERS_OF_A_PROPOSAL = (
    "area_km2", "new_protected_km2", "suitable_protected_km2", "eca_km2", "protconn_percent",
    "protconn_trans_percent", "corridor_km", "narrowest_km", "population", "cost", "rank",
)  # fmt: skip
OPACITY = {"suitability": 0.5}
PROPOSAL = "proposal/"


def map_data(
    result: Result,
    words: Words,
    *,
    comparison: pd.DataFrame | None,
    proposals: GeoDataFrame | None,
    ways: Mapping[str, GeoDataFrame],
) -> dict[str, Any]:
    """Return everything the map in the page draws.

    Vectors are simplified to a pixel of a large screen, and further until they fit their budget; so are
    rasters. Where there are `ways` of proposals, corridors are drawn as outlines on both maps, since those of
    a proposal have no raster.
    """
    left, bottom, right, top = result.grid.bounds
    rasters = raster_layers(result, words)
    detail_m = max(right - left, top - bottom) / DISPLAY_PX
    for _ in range(6):
        vectors = vector_layers(result, words, proposals, detail_m=detail_m)
        own = {
            place: {
                layer.name: vector_layer(layer, result, words, detail_m=detail_m) | {"on": True}
                for layer in layers
            }
            for place, layers in ways_by_proposal(ways, words).items()
        }
        if len(json.dumps([vectors, [*own.values()]])) <= VECTOR_BUDGET_BYTES:
            break
        detail_m *= 2
    if ways:
        as_outlines(rasters | vectors)
    replaced, drawn = named_ways(own)
    vectors |= drawn
    return {
        "origin": [left, bottom],
        "size": [right - left, top - bottom],
        "crs": result.grid.crs.to_string(),
        "layers": rasters | vectors,
        "views": views(result, words, [*rasters, *vectors], comparison, replaced),
        "right": 1 if proposals is not None and len(proposals) else len(result.cases) - 1,
        "words": {key: words(key) for key in ("disclaimer_short", "map_zoom_in", "map_zoom_out")},
    }


def raster_layers(result: Result, words: Words) -> dict[str, dict[str, Any]]:
    """Return the pictures of all cases, by case/raster."""
    shown = {
        f"{key}/{name}": pair
        for key, case in result.cases.items()
        for name, pair in map_rasters(case.rasters).items()
    }
    pictures = pictures_within(shown, budget_bytes=RASTER_BUDGET_BYTES)
    return {
        name: {
            "title": words.get(f"layer_{name.rpartition('/')[2]}", str(shown[name][0].name)),
            "picture": picture,
            "opacity": OPACITY.get(name.rpartition("/")[2], 0.85),
            "on": name.endswith(("/corridor", "/suitability")),
        }
        for name, picture in pictures.items()
    }


def vector_layers(
    result: Result, words: Words, proposals: GeoDataFrame | None, *, detail_m: float
) -> dict[str, dict[str, Any]]:
    """Return the vectors of landscape, cases and proposals, each once."""
    found: dict[str, dict[str, Any]] = {}
    for key, case in result.cases.items():
        for layer in map_vectors(case, result.context, words):
            place = f"{key}/{layer.name}" if layer.name in case.vectors else layer.name
            if place not in found:
                found[place] = vector_layer(layer, result, words, detail_m=detail_m)
    for layer in [] if proposals is None else proposed(proposals, words):
        for name, part in layer.features.groupby(layer.features["proposal"].astype(str), sort=False):
            one = VectorLayer(layer.name, layer.title, part, layer.entry)
            drawn = vector_layer(one, result, words, detail_m=detail_m)
            place = f"{PROPOSAL}{name}"
            if place in found:
                drawn["features"] = found[place]["features"] + drawn["features"]
            found[place] = drawn
    return found


def vector_layer(layer: VectorLayer, result: Result, words: Words, *, detail_m: float) -> dict[str, Any]:
    """Return one vector layer: features with geometry, look and what their popup says."""
    frame = in_kilometres(layer.features.reset_index())
    columns = [column for column in SHOWN_COLUMNS.get(layer.name, ()) if column in frame]
    shown = shown_features(layer.features, layer.entry, bounds=result.grid.bounds, detail_m=detail_m)
    told: list[tuple[Look, list[str], list[Any]]] = []
    for row, parts, look in shown:
        said = [text_of(frame[column].iloc[row], words, column=column) for column in columns]
        if layer.entry.geometry == "Line" and told and told[-1][:2] == (look, said):
            told[-1][2].extend(parts)  # one feature: a road map has thousands of lines and few classes
        else:
            told.append((look, said, list(parts)))
    features = [
        {"g": geojson(shape), "look": asdict(look), "said": said}
        for look, said, parts in told
        for shape in (parts if layer.entry.geometry != "Line" else [as_one(parts)])
    ]
    name = layer.name
    return {
        "title": layer.title,
        "fields": [heading(column, words) for column in columns],
        "features": features,
        "names": columns.index("name") if name in ("countries", "cores") and "name" in columns else None,
        "on": name in ON_AT_FIRST,
    }


def as_one(lines: list[Any]) -> Any:
    """Return lines as one geometry."""
    return lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)


def views(
    result: Result,
    words: Words,
    layers: list[str],
    comparison: pd.DataFrame | None,
    replaced: Mapping[tuple[str, str], Mapping[str, str]],
) -> list[dict[str, Any]]:
    """Return what can be put side by side: every case, and every case with each of its proposals.

    A proposal with ways of its own, in `replaced`, shows them and none of the rasters of movement, which are
    those of the landscape as it is.
    """
    found: list[dict[str, Any]] = []
    pictures = {f"{key}/{name}" for key, case in result.cases.items() for name in map_rasters(case.rasters)}
    names = [name.removeprefix(PROPOSAL) for name in layers if name.startswith(PROPOSAL)]
    for key, case in result.cases.items():
        own = [name for name in layers if name.startswith(f"{key}/") or "/" not in name]
        found.append({"title": f"{case.title}: {words('baseline')}", "layers": own, "numbers": []})
        found += [
            {
                "title": f"{case.title}: {name}",
                "layers": [*layers_of(own, pictures, replaced.get((key, name))), PROPOSAL + name],
                "numbers": proposal_numbers(comparison, case.title, name, words),
            }
            for name in names
        ]
    return found


def proposal_numbers(
    comparison: pd.DataFrame | None, title: str, proposal: str, words: Words
) -> list[tuple[str, str]]:
    """Return the joint numbers of a proposal for a case, as heading and text."""
    if comparison is None:
        return []
    chosen = comparison[(comparison["proposal"] == proposal) & (comparison["country"] == JOINT)]
    if "species" in chosen.columns:
        chosen = chosen[chosen["species"] == title]
    if chosen.empty:
        return []
    columns = [column for column in NUMBERS_OF_A_PROPOSAL if column in chosen]
    return [(heading(column, words), text_of(chosen[column].iloc[0], words)) for column in columns]
