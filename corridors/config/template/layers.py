"""The layers of a new workflow: what was found, with what was understood of it, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corridors import presets
from corridors.config.template.recognise import FOREST, HEIGHT, LAND_COVER, PREY, Recognised
from corridors.config.template.words import remarks, toml_value

BASE_OF = {
    "slope": HEIGHT,
    "ruggedness": HEIGHT,
    "distance_to_roads": "roads",
    "distance_to_settlements": "settlements",
}
LOST = {
    LAND_COVER: "no cover in habitat and resistance, and nothing says where the sea is",
    FOREST: "forest cover is dropped and the other weights are rescaled",
    HEIGHT: "no slope and ruggedness, and maps without relief",
    PREY: "prey is dropped and the other weights are rescaled",
    "roads": "no distance to roads, no roads as barriers, none counted on links",
    "railways": "no railways as barriers",
    "rivers": "maps without rivers",
    "settlements": "no distance to settlements, none counted near links",
    "countries": "the border part is skipped: no crossings, no shares per country, no comparison of sides",
    "protected_areas": "no protected connected land, and core areas without names",
}
EXPECTED: dict[str, tuple[str, dict[str, Any]]] = {
    LAND_COVER: ("landcover.tif", {"kind": "categories", "impassable": [11]}),
    FOREST: ("forest_cover.tif", {"optional": True}),
    HEIGHT: ("elevation.tif", {}),
    "roads": (
        "osm.gpkg|roads",
        {"kind": "lines", "class_column": "class", "classes": {"primary": 1, "trunk": 2, "motorway": 3}},
    ),
    "railways": ("natural_earth.gpkg|railroads_10m", {"kind": "lines", "optional": True}),
    "settlements": (
        "settlements.gpkg|places_1000",
        {
            "kind": "points",
            "name_column": "city",
            "country_column": "country_code",
            "population_column": "population",
            "population_unknown": 1000,
        },
    ),
    "countries": (
        "natural_earth.gpkg|countries_10m",
        {"kind": "polygons", "country_column": "iso_a3", "name_column": "name", "optional": True},
    ),
    "protected_areas": (
        "osm.gpkg|protected_areas",
        {"kind": "polygons", "name_columns": ["name:en", "name"], "optional": True},
    ),
}
MEANING = {
    LAND_COVER: "classes; the commonest in a cell counts",
    FOREST: "share of the cell under trees, 0-1, from a survey of its own",
    HEIGHT: "m",
    "roads": "lines; the highest class in a cell counts, other classes are left out",
    "railways": "lines",
    "rivers": "lines, shown on maps",
    "settlements": "points; persons, 0 = unknown",
    "countries": "polygons; the border part rests on them",
    "protected_areas": "polygons; names in the first column that is filled",
}
DERIVED = {
    "slope": ('{ slope_of = "FILE" }', "degrees, at the elevation's own scale, then averaged"),
    "ruggedness": ('{ ruggedness_of = "FILE" }', "m, at the elevation's own scale, then averaged"),
    "distance_to_roads": ('{ distance_to = "roads" }', "km"),
    "distance_to_settlements": (
        '{ distance_to = "settlements", population_exponent = 0.25 }',
        "km, divided by (persons / 1000)^exponent: a town reaches further than a village [P]",
    ),
}


def expected() -> dict[str, Recognised]:
    """Return the layers under the names the demonstration data have, for a folder nobody has looked into."""
    return {layer: Recognised(layer, source, keys) for layer, (source, keys) in EXPECTED.items()}


def layers_text(
    found: Mapping[str, Recognised], *, derived: Iterable[str], missing: Iterable[str], prey: Iterable[str]
) -> str:
    """Return the sections of the layers: found, computed from these, and as remarks the missing ones.

    Parameters
    ----------
    found : mapping of str to Recognised
        By layer.
    derived : iterable of str
        Layers computed from others that the species need.
    missing : iterable of str
        Layers that were looked for and not found.
    prey : iterable of str
        Sections of prey layers, as text.
    """
    parts = [section(recognised) for layer, recognised in found.items() if layer != PREY]
    parts += [derived_section(layer, found) for layer in derived]
    parts += prey
    lost = remarks(f"[layers.{layer}]: not found. Without it: {LOST[layer]}." for layer in missing)
    return "\n\n".join([*parts, *(["\n".join(lost)] if lost else [])]) + "\n"


def section(recognised: Recognised) -> str:
    """Return the section of one layer; as a remark where it waits for an answer."""
    meaning = MEANING.get(recognised.layer, "")
    keys = {"sources": [recognised.source], **recognised.keys}
    if "kind" in keys:
        keys = {"kind": keys.pop("kind"), **keys}
    lines = [
        f"[layers.{recognised.layer}]    # {meaning}",
        *(f"{key} = {toml_value(v)}" for key, v in keys.items()),
    ]
    if not recognised.usable:
        lines = [f"# {line}" for line in lines]
    told = [*remarks(recognised.said, lead="Guessed: "), *remarks(recognised.questions, lead="QUESTION: ")]
    return "\n".join([*told, *lines])


def derived_section(layer: str, found: Mapping[str, Recognised]) -> str:
    """Return the section of a layer that is computed from another."""
    source, meaning = DERIVED[layer]
    if "FILE" in source:
        source = source.replace('"FILE"', toml_value(found[HEIGHT].source))
    return f"[layers.{layer}]    # {meaning}\nsources = [{source}]"


def prey_section(species: str, landscape: str, recognised: Recognised | None) -> tuple[str, str]:
    """Return the section of a species' layer of prey, and a question where its file lacks an animal."""
    predictors = presets.species_section(species, landscape)["habitat"]["predictors"]
    name = next(layer for layer, predictor in predictors.items() if predictor["role"] == "prey")
    weights = {animal: p.value for animal, p in presets.prey_weights(species, landscape).items()}
    source = recognised.source if recognised else "prey_density.tif"
    bands = set(getattr(recognised.found, "bands", ())) if recognised else set(weights)
    lines = [
        f"[layers.{name}]    # animals per km², a band for each, weighted as prey; surveyed, or none [P]",
        f"sources = [{{ weighted_bands_of = {toml_value(source)}, weights = {toml_value(weights)} }}]",
        "optional = true",
    ]
    if set(weights) <= bands:
        return "\n".join(lines), ""
    lacking = ", ".join(sorted(set(weights) - bands))
    question = f"{source} has no band called {lacking}. Which animals count as prey, and how much?"
    return "\n".join([*remarks([question], lead="QUESTION: "), *(f"# {line}" for line in lines)]), question
