"""Links, corridors and crossings of proposals on the map, in place of those of the landscape as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.report.html.layers import VectorLayer
from corridors.report.html.tables import BASELINE
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from geopandas import GeoDataFrame

    from corridors.report.html.strings import Words

    Place = tuple[str, str]
    Drawn = dict[str, Any]

WAYS = "+ways/"
WAY_LAYERS = ("corridors", "links", "crossings")
OF_HABITAT = ("suitability", "habitat_mean")


def ways_by_proposal(ways: Mapping[str, GeoDataFrame], words: Words) -> dict[Place, list[VectorLayer]]:
    """Return the layers by (case, proposal), of the proposals that have ways of their own.

    One that leaves no link at all has cores of its own, and no layer here.
    """
    found: dict[Place, list[VectorLayer]] = {}
    for table in ways.values():
        own = table[table["proposal"] != BASELINE]
        found |= {place: [] for place in zip(own["case"].map(str), own["proposal"].map(str), strict=True)}
    for name in (name for name in WAY_LAYERS if name in ways):
        rows = ways[name][ways[name]["proposal"] != BASELINE]
        title = words.get(f"layer_{name}", VECTORS[name].title)
        for (case, proposal), part in rows.groupby(["case", "proposal"], sort=False):
            layer = VectorLayer(name, title, part.reset_index(drop=True), VECTORS[name])
            found[str(case), str(proposal)].append(layer)
    return found


def named_ways(
    own: Mapping[Place, Mapping[str, Drawn]],
) -> tuple[dict[Place, dict[str, str]], dict[str, Drawn]]:
    """Return the names on the page by (case, proposal) and kind of layer, and the layers by these names."""
    names = {
        place: {kind: f"{WAYS}{number}/{kind}" for kind in layers}
        for number, (place, layers) in enumerate(own.items())
    }
    drawn = {names[place][kind]: layer for place, layers in own.items() for kind, layer in layers.items()}
    return names, drawn


def as_outlines(layers: Mapping[str, Drawn]) -> None:
    """Switch corridors on as outlines and off as a raster, at first."""
    for name, layer in layers.items():
        kind = name.rpartition("/")[2]
        layer["on"] = kind == "corridors" or (layer["on"] and kind != "corridor")


def layers_of(layers: Sequence[str], pictures: Collection[str], ways: Mapping[str, str] | None) -> list[str]:
    """Return the layers of a proposal: those of the landscape as it is, or its own ways in their place.

    Of the `pictures`, the rasters among the layers, only those of habitat stay beside ways of its own: the
    others are about movement in the landscape as it is.
    """
    if ways is None:
        return list(layers)
    kinds = {layer: layer.rpartition("/")[2] for layer in layers}
    kept = [n for n in layers if n not in pictures or kinds[n] in OF_HABITAT]
    own = [ways.get(kinds[n], n) for n in kept if kinds[n] not in WAY_LAYERS or kinds[n] in ways]
    return [*own, *(layer for layer in ways.values() if layer not in own)]
