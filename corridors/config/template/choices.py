"""Which species a new workflow is for, and which layers each of them needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from corridors import presets
from corridors.config.template.layers import BASE_OF
from corridors.config.template.recognise import LAND_COVER, PREY, Recognised
from corridors.errors import ConfigError
from corridors.grid import Bounds
from corridors.presets.places import nearest_landscape, species_key

NATURAL = ("cover", "terrain")
NEAR_ENOUGH = 0.8


@dataclass(frozen=True)
class Choice:
    """A species of the workflow; `landscape` is that of its preset, None where it has none."""

    name: str
    landscape: str | None

    @property
    def predictors(self) -> dict[str, str]:
        """Role of every predictor of its preset."""
        if self.landscape is None:
            return {}
        section = presets.species_section(self.name, self.landscape)
        return {layer: predictor["role"] for layer, predictor in section["habitat"]["predictors"].items()}

    @property
    def helpers(self) -> set[str]:
        """Layers that responses of its preset look at beside their own."""
        if self.landscape is None:
            return set()
        section = presets.species_section(self.name, self.landscape)
        responses = [predictor["response"] for predictor in section["habitat"]["predictors"].values()]
        return {str(r["ruggedness_layer"]) for r in responses if "ruggedness_layer" in r}


def chosen(text: str, landscape: str | None, bounds: Bounds | None) -> Choice:
    """Return a species with the landscape of its preset, None where it has no preset.

    Raises
    ------
    ConfigError
        C109 a name that is nearly that of a preset, or no preset in that landscape; C165 no name.
    """
    key = species_key(text)
    if key in presets.species_names():
        places = [place for name, place in presets.names() if name == key]
        place = landscape or (places[0] if bounds is None else nearest_landscape(key, bounds))
        presets.preset_parameters(key, place)
        return Choice(key, place)
    if get_close_matches(key, presets.species_names(), n=1, cutoff=NEAR_ENOUGH) or landscape is not None:
        presets.species_title(text)  # says which there are
    if not key:
        what, remedy = "a species' name in other letters", "Write it in Latin letters, as Ursus arctos."
        raise ConfigError(what, code="C165", where="--species", given=text, remedy=remedy)
    return Choice(key, None)


def check_choices(choices: Sequence[Choice], bounds: Bounds | None) -> None:
    """Say so where species are named twice, or one without a preset comes without an area."""
    names = [choice.name for choice in choices]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        what, remedy = "a species is named twice", "Add seasons or scenarios in the file."
        raise ConfigError(what, code="C165", where="--species", given=", ".join(twice), remedy=remedy)
    if bounds is None and any(choice.landscape is None for choice in choices):
        lacking = ", ".join(choice.name for choice in choices if choice.landscape is None)
        what, allowed = (
            "a species without a preset needs an area",
            f"presets: {', '.join(presets.species_names())}",
        )
        remedy = "Give --area W,S,E,N or a vector file; the numbers are then yours to set."
        raise ConfigError(what, code="C165", where="--species", given=lacking, allowed=allowed, remedy=remedy)


def plain_name(key: str) -> str:
    """Return the name of a species without a preset."""
    return key.replace("_", " ").capitalize()


def usable(found: Mapping[str, Recognised], layer: str) -> bool:
    """Return whether a layer, or what it is computed from, is there."""
    base = base_of(layer)
    return base in found and found[base].usable


def base_of(layer: str) -> str:
    """Return the layer that is read for a predictor."""
    return PREY if layer.startswith("prey_density") else BASE_OF.get(layer, layer)


def bases(layers: Iterable[str]) -> set[str]:
    """Return the layers that are read for predictors."""
    return {base_of(layer) for layer in layers}


def necessary(choice: Choice, found: Mapping[str, Recognised]) -> list[str]:
    """Return the missing layers a preset cannot be run without: all of cover and terrain, or helpers."""
    if choice.landscape is None:
        return []
    natural = [layer for layer, role in choice.predictors.items() if role in NATURAL]
    optional = presets.optional_predictors(choice.name)
    lacking = [
        layer for layer in (*natural, *choice.helpers) if not usable(found, layer) and layer not in optional
    ]
    helpers_lack = any(not usable(found, layer) for layer in choice.helpers) and usable(found, LAND_COVER)
    if helpers_lack or not any(usable(found, layer) for layer in natural):
        return sorted(bases(lacking))
    return []


def left_out(choice: Choice, found: Mapping[str, Recognised]) -> dict[str, str]:
    """Return the predictors that get weight 0, for their layer is missing or waits for an answer."""
    optional = presets.optional_predictors(choice.name)
    reasons = {}
    for layer in choice.predictors:
        base = base_of(layer)
        if layer in optional or usable(found, layer):
            continue
        why = "no such layer in the data" if base not in found else f"waits for the answer above at {base}"
        reasons[layer] = f"{why}; delete the line once there is one"
    return reasons
