"""Which source of each layer is used: the first one present in the data folder."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.errors import CorridorsError, InputError
from corridors.io import find_source, layer_names
from corridors.layers.spec import (
    DERIVED_KEYS,
    DistanceTo,
    FractionOf,
    LayerSource,
    LayerSpec,
    WeightedBandsOf,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corridors.io import Source

    Folder = str | Path


@dataclass(frozen=True)
class Layer:
    """A layer of the workflow and the source it is read from; `file` is None for a distance."""

    name: str
    spec: LayerSpec
    source: LayerSource
    file: Source | None

    @property
    def where(self) -> str:
        """What to call it in a message."""
        return f"[layers.{self.name}] {source_text(self.source)}"


@dataclass(frozen=True)
class Choice:
    """The layers that have a source, the optional ones that have none, and what is wrong."""

    layers: dict[str, Layer]
    absent: tuple[str, ...]
    problems: tuple[CorridorsError, ...]


def resolve(specs: Mapping[str, LayerSpec], folder: Folder) -> Choice:
    """Return the source used for every layer; a layer without one is absent (optional) or a problem."""
    layers: dict[str, Layer] = {}
    absent: list[str] = []
    problems: list[CorridorsError] = []
    distances_last = sorted(specs.items(), key=lambda item: _is_distance(item[1]))
    for name, spec in distances_last:
        try:
            found = first_present(name, spec, folder, layers)
        except CorridorsError as problem:
            problems.append(problem)
            continue
        if found is not None:
            layers[name] = found
        elif spec.optional:
            absent.append(name)
        elif not waits_for_broken(spec, specs, absent):
            problems.append(missing_layer(name, spec, folder, specs))
    in_order = {name: layers[name] for name in specs if name in layers}
    return Choice(in_order, tuple(absent), tuple(problems))


def first_present(name: str, spec: LayerSpec, folder: Folder, layers: Mapping[str, Layer]) -> Layer | None:
    """Return the layer with its first source that is there, None where none is."""
    for source in spec.sources:
        if isinstance(source, DistanceTo):
            if source.distance_to in layers:
                return Layer(name, spec, source, None)
        else:
            file = find_source(folder, file_text(source))
            if file is not None:
                return Layer(name, spec, source, file)
    return None


def waits_for_broken(spec: LayerSpec, specs: Mapping[str, LayerSpec], absent: Iterable[str]) -> bool:
    """Return whether a distance only lacks a layer that is complained about already."""
    targets = [source.distance_to for source in spec.sources if isinstance(source, DistanceTo)]
    return any(target in specs and target not in absent for target in targets)


def missing_layer(
    name: str, spec: LayerSpec, folder: Folder, specs: Mapping[str, LayerSpec]
) -> CorridorsError:
    """Return the complaint about a layer none of whose sources is there."""
    tried = ", ".join(source_text(source) for source in spec.sources)
    hints = [hint for source in spec.sources if (hint := _what_exists(source, folder, specs))]
    remedy = "Add the file, correct the source, or set optional = true."
    what = "none of its sources is in the data folder"
    return InputError(
        what, code="I260", where=f"[layers.{name}]", given=tried, allowed="; ".join(hints), remedy=remedy
    )


def _what_exists(source: LayerSource, folder: Folder, specs: Mapping[str, LayerSpec]) -> str:
    if isinstance(source, DistanceTo):
        return f"for distance_to a present layer{nearest(source.distance_to, specs)}"
    path_text, _, part = file_text(source).partition("|")
    file = find_source(folder, path_text) if part else None
    if file is None:
        return ""
    names = layer_names(file.path)
    return f"{path_text} holds {', '.join(names)}{nearest(part, names)}"


def _is_distance(spec: LayerSpec) -> bool:
    return any(isinstance(source, DistanceTo) for source in spec.sources)


def file_text(source: LayerSource) -> str:
    """Return the file a source is read from, as the workflow names it; empty for a distance.

    Examples
    --------
    >>> file_text("osm.gpkg|roads")
    'osm.gpkg|roads'
    """
    if isinstance(source, str):
        return source
    values = [getattr(source, key) for key in DERIVED_KEYS if key != "distance_to" and hasattr(source, key)]
    return str(values[0]) if values else ""


def source_text(source: LayerSource) -> str:
    """Return a source in words, for tags and messages."""
    if isinstance(source, str):
        return source
    if isinstance(source, DistanceTo):
        return f"distance to {source.distance_to}"
    if isinstance(source, FractionOf):
        return f"share of classes {', '.join(map(str, source.classes))} of {source.fraction_of}"
    if isinstance(source, WeightedBandsOf):
        terms = " + ".join(f"{weight:g} {band}" for band, weight in source.weights.items())
        return f"{terms} of {source.weighted_bands_of}"
    key = next(key for key in DERIVED_KEYS if hasattr(source, key))
    return f"{key.removesuffix('_of')} of {file_text(source)}"


def nearest(given: str, names: Iterable[str]) -> str:
    """Return ' (nearest: name)' for the name most like the given one, or nothing.

    Examples
    --------
    >>> nearest("raods", ["roads", "water"])
    ' (nearest: roads)'
    """
    found = difflib.get_close_matches(str(given), [str(name) for name in names], n=1, cutoff=0.6)
    return f" (nearest: {found[0]})" if found else ""
