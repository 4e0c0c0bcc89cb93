"""The species of a new workflow: a preset's numbers as remarks, questions where there is no preset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corridors import presets
from corridors.config.marks import as_text
from corridors.config.template.recognise import HEIGHT, LAND_COVER, Recognised
from corridors.config.template.words import remarks
from corridors.grid import Bounds
from corridors.presets import common
from corridors.presets.places import holds_elsewhere
from corridors.schema import LANDCOVER

SEASON = 'season = "year-round"'
MOVEMENT = 'movement_type = "dispersal"    # home range | dispersal | seasonal'
ANY_SPECIES = ("movement.shape", "movement.maximum", "cores.floor", "current.block_km",
               "restoration.radii_km", "restoration.segment_km")  # fmt: skip
TO_SET: dict[str, tuple[str, str, str]] = {
    "cores.threshold": (
        "0-1", "0-1",
        "Mean suitability from which land is core area. Try several: near some the map turns into one core.",
    ),
    "cores.window_radius_km": ("km", "> 0", "Circle of a female's home range: root of (km² / 3.14)."),
    "cores.min_area_km2": ("km²", "> 0", "Smallest core area, as the home range of one breeding female."),
    "links.max_link_km": ("km", "> 0", "Longest link, as the longest dispersal distance."),
    "corridors.value": ("m of ideal habitat", "> 0", "Slack at which corridors are cut; 10000 where absent."),
    "network.dispersal_km": (
        "km, a list", "> 0",
        "Distances half of the dispersers pass, females first; where not measured 7 times the root of "
        "the range in km² (Bowman et al. 2002).",
    ),
    "current.window_radius_km": ("km", "> 0", "Windows of the map of current; no such map where absent."),
}  # fmt: skip
DISTANCE_QUESTION = "km at which the effect has fallen to 0.37"


def preset_entry(species: str, landscape: str, bounds: Bounds, *, left_out: Mapping[str, str]) -> str:
    """Return the entry of a species that has a preset.

    Parameters
    ----------
    species, landscape : str
        A pair of `presets.names()`.
    bounds : tuple of float
        Reporting area.
    left_out : mapping of str to str
        Predictors that get weight 0, each with the reason.
    """
    lines = ["[[species]]", f'name = "{species}"']
    if holds_elsewhere(landscape, bounds):
        lines += remarks([elsewhere(species, landscape)])
    lines += [f'landscape = "{landscape}"    # preset: gives the numbers below', SEASON, MOVEMENT]
    lines += [f"habitat.predictors.{name}.weight = 0.0    # {why}" for name, why in left_out.items()]
    lines += [
        "",
        "# Numbers of the preset. To change one, write it without the # ; it is then marked as yours.",
    ]
    parameters = presets.preset_parameters(species, landscape)
    return "\n".join([*lines, *(comment(key, parameter) for key, parameter in parameters.items())]) + "\n"


def elsewhere(species: str, landscape: str) -> str:
    """Return what to say of a preset outside its landscape."""
    where = presets.landscape(landscape).title
    heights = (
        " and heights"
        if "elevation" in presets.species_section(species, landscape)["habitat"]["predictors"]
        else ""
    )
    return (
        f"The numbers of {presets.species_title(species)} are those for {where}; the area lies elsewhere: "
        f"thresholds{heights} do not transfer. Compare the core areas with what is known here."
    )


def comment(key: str, parameter: presets.Parameter) -> str:
    """Return a number of the preset as a comment line that can be uncommented."""
    value = parameter.value
    if isinstance(value, str):
        shown = f'"{value}"'
    elif isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        shown = "[" + ", ".join(f'"{each}"' for each in value) + "]"
    else:
        shown = f"[{as_text(value)}]" if isinstance(value, (list, tuple)) else as_text(value)
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"# {key} = {shown}    #{unit} ({parameter.mark}; {parameter.range}) {parameter.source}"


def unknown_entry(species: str, found: Mapping[str, Recognised]) -> str:
    """Return the entry of a species without a preset: every number a question, with its unit and meaning.

    The file is sound TOML as it stands, and `corridors check` lists what is still to be set. Nothing is taken
    from another species.
    """
    lines = ["[[species]]", f'name = "{species}"', SEASON, MOVEMENT, ""]
    lines += remarks(
        [
            "There is no preset for it, and nothing is taken from another species. Every ? is yours to set: "
            "write the line without the first # and with your number; outputs mark it as yours (user).",
            "Choose the layers that matter and delete the others. Roles: cover, terrain, disturbance, prey.",
        ]
    )
    for layer, recognised in found.items():
        lines += predictor_lines(layer, recognised)
    lines += [
        f"# {key} = ?    # {unit} (user; {allowed}) {why}" for key, (unit, allowed, why) in TO_SET.items()
    ]
    if "roads" in found:
        why = "m of ideal habitat (user; >= 0, inf = sealed) What crossing a main road is worth."
        lines.append(f"# movement.barriers.roads.crossing_cost_m = ?    # {why}")
    lines += ["", "# Numbers no species has of its own:"]
    lines += [comment(key, common.NUMBERS[key]) for key in ANY_SPECIES]
    return "\n".join(lines) + "\n"


def predictor_lines(layer: str, recognised: Recognised) -> list[str]:
    """Return the lines of a predictor to be filled in, for a layer that can be one."""
    if layer == LAND_COVER:
        return [*opening(layer, "cover", "scores"), *(class_line(*each) for each in classes_of(recognised))]
    if layer == "forest_cover":
        head = opening(layer, "cover", "piecewise_linear")
        return [*head, points_line(layer, "[[0.0, ?], [1.0, ?]]", "share of the cell, score")]
    if layer == HEIGHT:
        corners = "m: 0 below a, 1 from b to c, 0 above d"
        answers = [f"# habitat.predictors.{layer}.response.{c} = ?    # {corners}" for c in "abcd"]
        return [*opening(layer, "terrain", "trapezoid"), *answers]
    if layer in {"roads", "settlements"}:
        name = f"distance_to_{layer}"
        line = f"# habitat.predictors.{name}.response.k = ?    # km (user; > 0) {DISTANCE_QUESTION}"
        return [*opening(name, "disturbance", "exponential_decay"), line]
    return []


def opening(layer: str, role: str, kind: str) -> list[str]:
    """Return role and kind of a predictor as remarks."""
    key = f"# habitat.predictors.{layer}"
    return [f'{key}.role = "{role}"', f'{key}.response.kind = "{kind}"']


def points_line(layer: str, points: str, meaning: str) -> str:
    """Return the line of a curve of straight pieces."""
    return f"# habitat.predictors.{layer}.response.points = {points}    # {meaning}"


def classes_of(recognised: Recognised) -> Iterable[tuple[int, str, float | None]]:
    """Return the classes to be scored: number, meaning, and share of the area where it was measured."""
    legend = {int(value): text for value, _, text in LANDCOVER.entries}
    shares: Mapping[int, float] = getattr(recognised.found, "classes", {})
    named: Mapping[int, str] = getattr(recognised.found, "named", {}) or (legend if recognised.usable else {})
    impassable: Any = recognised.keys.get("impassable", [])
    for number in sorted({*shares, *named} - set(impassable)):
        yield number, named.get(number, "?"), shares.get(number, 0.0 if shares else None)


def class_line(number: int, meaning: str, share: float | None) -> str:
    """Return the line of the score of a class."""
    measured = "" if share is None else f", {100 * share:.2g} % of the area"
    (text,) = remarks([f"{meaning}{measured}"])[:1]
    return f"# habitat.predictors.landcover.response.scores.{number} = ?    {text} (user; 0-1)"
