"""Species and landscapes with every number at hand: value, unit, range, source, and how far to trust it.

One file per species, to be read line by line by someone who knows the animal. Nothing here computes.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from corridors.errors import ConfigError
from corridors.presets import amur_leopard, amur_tiger, common, snow_leopard
from corridors.presets.landscapes import CELL_SIZE_M, LANDSCAPES, Landscape
from corridors.presets.parameter import Parameter, nested

__all__ = [
    "Landscape",
    "Parameter",
    "area_section",
    "landscape",
    "landscape_names",
    "left_out",
    "names",
    "preset_parameters",
    "prey_weights",
    "species_names",
    "species_section",
    "species_title",
]

_SPECIES = {"amur_tiger": amur_tiger, "amur_leopard": amur_leopard, "snow_leopard": snow_leopard}


def species_names() -> tuple[str, ...]:
    """Return the species that have a preset."""
    return tuple(_SPECIES)


def landscape_names() -> tuple[str, ...]:
    """Return the landscapes that have a preset."""
    return tuple(LANDSCAPES)


def names() -> tuple[tuple[str, str], ...]:
    """Return every pair of species and landscape that has a preset.

    Examples
    --------
    >>> ("amur_leopard", "land_of_big_cats") in names()
    True
    """
    return tuple((species, place) for place, found in LANDSCAPES.items() for species in found.species)


def species_title(name: str) -> str:
    """Return the name of a species in plain words."""
    _check(name, species_names(), "species")
    title: str = _SPECIES[name].TITLE
    return title


def landscape(name: str) -> Landscape:
    """Return where a landscape is and who shares it.

    Raises
    ------
    ConfigError
        C109 no such landscape.
    """
    _check(name, landscape_names(), "landscape")
    return LANDSCAPES[name]


def area_section(name: str) -> dict[str, Any]:
    """Return the area section of a workflow for a landscape, as plain values.

    Examples
    --------
    >>> area_section("chikhachev")["crs"]
    'EPSG:32645'
    """
    found = landscape(name)
    return {
        "bounds": list(found.bounds),
        "crs": found.crs,
        "cell_size_m": CELL_SIZE_M,
        "partners": list(found.partners),
    }


def preset_parameters(name: str, landscape: str) -> dict[str, Parameter]:
    """Return every value of a preset with unit, range, source and mark, by its key in the species section.

    Parameters
    ----------
    name, landscape : str
        A pair of `names()`.

    Returns
    -------
    dict of str to Parameter
        By dotted key, such as "cores.threshold".

    Raises
    ------
    ConfigError
        C109 no such species, no such landscape, or no preset for the two together.

    Examples
    --------
    >>> preset_parameters("amur_tiger", "lesser_khingan")["cores.threshold"].value
    0.8
    """
    _check_pair(name, landscape)
    species = _SPECIES[name]
    return {**common.CHOICES, **common.NUMBERS, **species.PARAMETERS, **species.IN_LANDSCAPE[landscape]}


def species_section(name: str, landscape: str) -> dict[str, Any]:
    """Return the species section of a workflow as plain values: tables, lists, numbers and text.

    Season and movement type are missing on purpose: whoever runs the workflow has to say them.

    Parameters
    ----------
    name, landscape : str
        A pair of `names()`.

    Raises
    ------
    ConfigError
        C109 no such species, no such landscape, or no preset for the two together.

    Examples
    --------
    >>> species_section("amur_tiger", "land_of_big_cats")["cores"]["window_radius_km"]
    11.3
    """
    flat: dict[str, Any] = {"name": name, "landscape": landscape}
    parameters = preset_parameters(name, landscape)
    for layer, (role, kind) in _SPECIES[name].PREDICTORS.items():
        flat[f"habitat.predictors.{layer}.role"] = role
        flat[f"habitat.predictors.{layer}.response.kind"] = kind
    flat.update({key: parameter.value for key, parameter in parameters.items()})
    return nested(flat)


def left_out(name: str) -> dict[str, str]:
    """Return the predictors a species' preset leaves out, each with the reason.

    Examples
    --------
    >>> left_out("snow_leopard")["forest_cover"]
    'already in land cover'
    """
    _check(name, species_names(), "species")
    return dict(_SPECIES[name].LEFT_OUT)


def optional_predictors(name: str) -> tuple[str, ...]:
    """Return the predictors a species' preset does without where there is no layer for them.

    Examples
    --------
    >>> optional_predictors("amur_tiger")
    ('forest_cover', 'prey_density_tiger')
    """
    _check(name, species_names(), "species")
    return tuple(_SPECIES[name].OPTIONAL)


def prey_weights(name: str, landscape: str) -> dict[str, Parameter]:
    """Return the weight of every prey species in the layer of prey density; they sum to 1.

    Examples
    --------
    >>> list(prey_weights("snow_leopard", "chikhachev"))
    ['ibex', 'argali', 'marmot']
    """
    _check_pair(name, landscape)
    return dict(_SPECIES[name].PREY_WEIGHTS[landscape])


def _check(name: str, known: tuple[str, ...], what: str) -> None:
    if name not in known:
        nearest = get_close_matches(str(name), known, n=1)
        remedy = f"Did you mean {nearest[0]}?" if nearest else ""
        problem, allowed = f"no preset for this {what}", ", ".join(known)
        raise ConfigError(problem, code="C109", given=str(name), allowed=allowed, remedy=remedy)


def _check_pair(name: str, landscape: str) -> None:
    _check(name, species_names(), "species")
    _check(landscape, landscape_names(), "landscape")
    if (name, landscape) not in names():
        given, allowed = (
            f"{name} in {landscape}",
            "; ".join(f"{species} in {place}" for species, place in names()),
        )
        what = "no preset for this species in this landscape"
        raise ConfigError(what, code="C109", given=given, allowed=allowed)
