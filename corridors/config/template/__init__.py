"""A new workflow for any place on earth: an area, the layers found in a folder, and one or more species.

What can be told from the files is filled in, and every guess said; what cannot is a question in the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corridors import presets
from corridors.config.template.area import Place, area_text, place_of
from corridors.config.template.choices import (
    Choice,
    bases,
    check_choices,
    chosen,
    left_out,
    necessary,
    plain_name,
    usable,
)
from corridors.config.template.layers import (
    BASE_OF,
    EXPECTED,
    LOST,
    expected,
    layers_text,
    prey_section,
)
from corridors.config.template.partners import country_percent
from corridors.config.template.recognise import FOREST, HEIGHT, LAND_COVER, PREY, Recognised, recognise
from corridors.config.template.species import elsewhere, preset_entry, unknown_entry
from corridors.errors import ConfigError
from corridors.grid import Bounds, metric_crs
from corridors.io.scan import FoundRaster, scan_folder
from corridors.presets.places import holds_elsewhere

__all__ = ["Draft", "draft_workflow"]

SHOWN_ALWAYS = (
    LAND_COVER,
    HEIGHT,
    "roads",
    "railways",
    "rivers",
    "settlements",
    "countries",
    "protected_areas",
)


@dataclass(frozen=True)
class Draft:
    """A new workflow as text, and what to tell the person who asked for it.

    `found` holds layer, source and what was guessed; `missing` layer and what is lost; `questions` what only
    a person can answer; `notes` everything else worth knowing.
    """

    text: str
    found: tuple[tuple[str, str, str], ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    questions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def draft_workflow(
    species: Sequence[str],
    *,
    landscape: str | None = None,
    bounds: Bounds | None = None,
    folder: str | None = None,
    data: str | None = None,
    name: str | None = None,
) -> Draft:
    """Return a commented workflow for one or more species in a landscape, or in any box on earth.

    Parameters
    ----------
    species : sequence of str
        With a preset, or any other: its numbers are then questions.
    landscape : str, optional
        Whose preset is used; where absent the one that shares most with the area, or the first.
    bounds : tuple of float, optional
        Reporting area: west, south, east, north in degrees; the landscape's where absent.
    folder : str, optional
        Folder to look for layers in.
    data : str, optional
        The same as the workflow file names it; "data" where absent.
    name : str, optional
        Short name of the workflow.

    Raises
    ------
    ConfigError
        C109 no such preset, C163 and C164 an area too large or too small, C165 a species without a preset and
        without an area, or named twice or not in Latin letters.
    InputError
        C162 a folder that is missing or holds no layer.
    """
    choices = [chosen(one, landscape, bounds) for one in species]
    check_choices(choices, bounds)
    place_name = next((choice.landscape for choice in choices if choice.landscape), None)
    known = bounds is None
    box = presets.landscape(str(place_name)).bounds if bounds is None else bounds
    best, others = (expected(), []) if folder is None else recognise(scan_folder(folder, box))
    found = layers_of(best, choices, looked=folder is not None)
    place = place_for(
        choices, box, found, known_crs=presets.landscape(str(place_name)).crs if known else None
    )
    shares = shares_of(folder, found, place)
    title = title_of(choices, str(place_name), box, known=known)
    partners = presets.landscape(str(place_name)).partners if known else ()
    sections, questions = layer_sections(found, choices, looked=folder is not None)
    key = name or (str(place_name) if known else choices[0].name)
    text = "\n".join(
        [
            f'name = "{key}"\ntitle = "{title}"\n',
            f'[data]\nfolder = "{data or "data"}"    # relative to this file; or run with --data DIR\n',
            area_text(place, shares, partners=partners, known=known),
            sections,
            *(entry_of(choice, box, found, looked=folder is not None) for choice in choices),
        ]
    )
    return told(text, choices, box, found, others, questions, looked=folder is not None)


def layers_of(
    best: Mapping[str, Recognised], choices: Sequence[Choice], *, looked: bool
) -> dict[str, Recognised]:
    """Return the layers that are written: all found that some species or a map has use for.

    In a folder that was looked into, what cannot be done without stays under its usual name, and
    `corridors check` asks for it.
    """
    wanted = set(SHOWN_ALWAYS) | {base for choice in choices for base in bases(choice.predictors)}
    wanted |= {FOREST, PREY} if any(choice.landscape is None for choice in choices) else set()
    if not looked:
        needs_height = any(HEIGHT in bases([*c.predictors, *c.helpers]) or not c.landscape for c in choices)
        return {k: r for k, r in best.items() if k in wanted and (k != HEIGHT or needs_height)}
    found = {layer: recognised for layer, recognised in best.items() if layer in wanted}
    for choice in choices:
        for layer in necessary(choice, found):
            question = f"not found, and {choice.name} cannot be done without it. Where is it?"
            source, keys = EXPECTED[layer]
            if layer not in found:
                found[layer] = Recognised(layer, source, keys, (), (question,))
    order = [*EXPECTED, "rivers", PREY]
    return {layer: found[layer] for layer in sorted(found, key=order.index)}


def place_for(
    choices: Sequence[Choice], box: Bounds, found: Mapping[str, Recognised], *, known_crs: str | None
) -> Place:
    """Return what is proposed for the area; a landscape of a preset keeps its coordinate system."""
    radii = [
        presets.preset_parameters(c.name, c.landscape)["cores.window_radius_km"].value
        for c in choices
        if c.landscape
    ]
    rasters = [
        r.found
        for r in found.values()
        if isinstance(r.found, FoundRaster) and r.layer in (LAND_COVER, HEIGHT)
    ]
    sources_m = {raster.source: raster.cell_m for raster in rasters}
    place = place_of(box, radius_km=max(radii, default=None), sources_m=sources_m, preset=bool(radii))
    least = max(
        (
            presets.preset_parameters(c.name, c.landscape)["cores.min_area_km2"].value
            for c in choices
            if c.landscape
        ),
        default=0.0,
    )
    if place.size_km[0] * place.size_km[1] < least:
        what, given = (
            "the area is smaller than one core area",
            f"{place.size_km[0] * place.size_km[1]:.0f} km²",
        )
        allowed = f"at least {least:g} km², many times that to find links"
        raise ConfigError(what, code="C164", where="--area", given=given, allowed=allowed)
    return place if known_crs is None else replace(place, crs=known_crs, crs_name=metric_crs(known_crs).name)


def shares_of(folder: str | None, found: Mapping[str, Recognised], place: Place) -> dict[str, float]:
    """Return the percent of the area per country, where a layer of countries was found."""
    if folder is None or not usable(found, "countries"):
        return {}
    return country_percent(folder, found["countries"], place.bounds, metric_crs(place.crs))


def title_of(choices: Sequence[Choice], landscape: str, box: Bounds, *, known: bool) -> str:
    """Return the title of the workflow."""
    if known:
        return presets.landscape(landscape).title
    names = [presets.species_title(c.name) if c.landscape else plain_name(c.name) for c in choices]
    west, east = (degrees - 360 if degrees > 180 else degrees for degrees in (box[0], box[2]))
    across, along = (west, "E", "W"), (east, "E", "W")
    low, high = (box[1], "N", "S"), (box[3], "N", "S")
    parts = [f"{abs(d):.4g}°{minus if d < 0 else plus}" for d, plus, minus in (across, along, low, high)]
    return f"{', '.join(names)}: {parts[0]}-{parts[1]}, {parts[2]}-{parts[3]}"


def layer_sections(
    found: Mapping[str, Recognised], choices: Sequence[Choice], *, looked: bool
) -> tuple[str, list[str]]:
    """Return the sections of all layers, and the questions about prey."""
    needed = [layer for choice in choices for layer in (*choice.predictors, *choice.helpers)]
    if any(choice.landscape is None for choice in choices):
        needed += list(BASE_OF)
    derived = [layer for layer in BASE_OF if layer in needed and usable(found, layer)]
    sections, questions = [], []
    for choice in choices:
        if choice.landscape is not None and (PREY in found or not looked):
            text, question = prey_section(choice.name, choice.landscape, found.get(PREY))
            sections.append(text)
            questions += [question] if question else []
    missing = missing_layers(found, choices) if looked else []
    return layers_text(found, derived=derived, missing=missing, prey=sections), questions


def missing_layers(found: Mapping[str, Recognised], choices: Sequence[Choice]) -> list[str]:
    """Return the layers that were looked for and not found."""
    wanted = set(SHOWN_ALWAYS) | {base for choice in choices for base in bases(choice.predictors)}
    return [layer for layer in LOST if layer in wanted and (layer not in found or not found[layer].found)]


def entry_of(choice: Choice, box: Bounds, found: Mapping[str, Recognised], *, looked: bool) -> str:
    """Return the entry of a species."""
    if choice.landscape is None:
        return unknown_entry(choice.name, found)
    asked = set(necessary(choice, {k: r for k, r in found.items() if r.found})) if looked else set()
    out = left_out(choice, found) if looked and not asked else {}
    return preset_entry(choice.name, choice.landscape, box, left_out=out)


def told(
    text: str,
    choices: Sequence[Choice],
    box: Bounds,
    found: Mapping[str, Recognised],
    others: Sequence[str],
    prey_questions: Sequence[str],
    *,
    looked: bool,
) -> Draft:
    """Return the draft with what to tell of it."""
    notes = [
        elsewhere(choice.name, choice.landscape)
        for choice in choices
        if choice.landscape is not None and holds_elsewhere(choice.landscape, box)
    ]
    notes += [
        f"{plain_name(choice.name)} has no preset: its numbers are yours to set, every ? in the file. "
        f"Presets: {', '.join(presets.species_names())}."
        for choice in choices
        if choice.landscape is None
    ]
    if not looked:
        return Draft(text, notes=tuple(notes))
    rows = [(r.layer, r.source, "; ".join(r.said)) for r in found.values() if r.found and r.usable]
    questions = [f"{r.layer}, {r.source}: {question}" for r in found.values() for question in r.questions]
    missing = [(layer, LOST[layer]) for layer in missing_layers(found, choices)]
    return Draft(text, tuple(rows), tuple(missing), (*questions, *prey_questions), (*notes, *others))
