"""What the predictors of a species will do: scores, plateaus, doubles, and the core areas they leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import ndimage

from corridors import presets
from corridors.cores import core_areas, habitat_mean
from corridors.errors import CorridorsError, InputError, flatten
from corridors.layers import impassable_mask
from corridors.layers.spec import DistanceTo, LayerSpec
from corridors.links.edited import no_way, pair_problems
from corridors.pipeline.edits import edits_key, override_notes
from corridors.pipeline.ground import take_ground
from corridors.pipeline.habitat import analysed_cells, core_options
from corridors.pipeline.stepping import Stepper
from corridors.result import Note
from corridors.suitability import Scores, layers_used, response_scores

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.config import Species, Workflow
    from corridors.pipeline import Inputs
    from corridors.pipeline.ground import Ground
    from corridors.pipeline.habitat import Habitat
    from corridors.pipeline.stepping import Keeper
    from corridors.suitability import Response

    Mask = NDArray[np.bool_]

STRONG_CORRELATION = 0.7
PLATEAU_SCORE = 0.99
SMALLEST_PLATEAU_SHARE = 0.01
PAIR_LISTS = ("include", "exclude", "force")
CLOSE_TO_NONE = 0.05


def case_findings(
    key: str,
    species: Species,
    workflow: Workflow,
    inputs: Inputs,
    *,
    unreadable: Iterable[str] = (),
    kept: Keeper | None = None,
) -> tuple[list[CorridorsError], list[Note]]:
    """Return the problems and notes of one case.

    Parameters
    ----------
    key : str
        Of the case.
    unreadable : iterable of str
        Layers with problems of their own: predictors on them are not judged, nor the cores they would make.
    kept : callable, optional
        Gives results of steps that are kept, as for `corridors.pipeline.analyse`.
    """
    specs, layers = workflow.layers, inputs.layers
    broken = [n for n in species.layers_named if n in set(unreadable) or n not in specs]
    if species.cores.file is not None and edits_key("edited_cores", species) not in inputs.context:
        broken.append("core areas edited by hand")
    usable = {
        name: response
        for name, response in species.habitat.responses.items()
        if all(layer in layers for layer in layers_used({name: response}))
    }
    problems: list[CorridorsError] = []
    notes = [*left_out_notes(key, species), *double_notes(key, species, specs)]
    try:
        scores = response_scores(layers, usable, impassable=impassable_mask(layers, specs))
        notes += [*plateau_notes(key, scores, usable), *collinear_notes(key, layers, scores, usable)]
    except CorridorsError as error:
        problems += flatten([error])
    if not (broken or problems):
        try:
            area = analysed_cells(layers)
            step = Stepper(species, inputs.context, key=key, shared=(layers, area), keeper=kept)
            ground = take_ground(step, layers, area, specs=specs)
            notes += dropped_notes(key, species, ground.habitat.dropped)
            notes += [Note(code, f"{key}: {text}") for code, text in ground.barriers.lines.attrs["notes"]]
            notes += edit_notes(key, species, inputs)
            found, more = core_findings(key, species, ground)
            return found, [*notes, *more]
        except CorridorsError as error:
            problems += flatten([error])
    return [named(problem, key) for problem in problems], notes


def named(problem: CorridorsError, key: str) -> CorridorsError:
    """Return the problem with the case in its place."""
    parts: dict[str, Any] = problem.as_dict()
    parts["where"] = ", ".join(part for part in (f"species {key}", parts["where"]) if part)
    return type(problem)(parts.pop("what"), **parts)


def core_findings(key: str, species: Species, ground: Ground) -> tuple[list[CorridorsError], list[Note]]:
    """Return what is wrong with, or to know of, the core areas of a case."""
    habitat, cores, area = ground.habitat, ground.cores, ground.area
    said = cores.attrs.get("notes", ())
    if species.cores.file is None:
        said = [note for note in said if note[0] == "cut"]
    notes = [Note(code, f"{key}: {text}") for code, text in said]
    wrong = pair_findings(species, cores, ground.labels, ground.resistance)
    if wrong:
        return [named(problem, key) for problem in wrong], notes
    cores = cores[~cores["stepping_stone"].astype(bool)]
    delineated = species.cores.source == "suitability"
    if not len(cores):
        return [no_cores(key, species, habitat, area)], []
    close = species.cores.threshold + CLOSE_TO_NONE
    if delineated and close < 1 and not cores_left(close, species, habitat, area):
        text = f"{key}: the threshold is close to none: at {close:.2f} no core area is left."
        notes.append(Note("threshold_close", text))
    if len(cores) == 1:
        text = f"{key}: a single core area of {cores['area_km2'].iloc[0]:.0f} km²: there are no links."
        notes.append(Note("single_core", text + " Its contact with the border and its neck are reported."))
    return [], [*notes, *lonely_notes(key, species, cores)]


def pair_findings(
    species: Species, cores: gpd.GeoDataFrame, labels: xr.DataArray, resistance: xr.DataArray
) -> list[CorridorsError]:
    """Return the pairs edited by hand that name no core area, and the forced ones the sea keeps apart."""
    lists = {name: [e.pair for kind, e in species.links.edits if kind == name] for name in PAIR_LISTS}
    problems = pair_problems(cores.index, **lists)
    if problems or not lists["force"]:
        return problems
    pieces, _ = ndimage.label(~np.isnan(resistance.values), np.ones((3, 3)))
    on = {core: set(pieces[labels.values == core].tolist()) - {0} for core in cores.index}
    return [no_way(a, b) for a, b in lists["force"] if not on[a] & on[b]]


def edit_notes(key: str, species: Species, inputs: Inputs) -> list[Note]:
    """Return what was mended in files edited by hand."""
    drawn = inputs.context.get(edits_key("edited_cores", species))
    said = [] if drawn is None else drawn.attrs["notes"]
    said = [*said, *override_notes(inputs.context, species)]
    return [Note(code, f"{key}: {text}") for code, text in said]


def cores_left(threshold: float, species: Species, habitat: Habitat, area: Mask) -> bool:
    """Return whether a threshold leaves any core area, stepping stones apart."""
    options = {**core_options(species, habitat), "threshold": threshold, "stepping_stone_km2": None}
    cores, _ = core_areas(habitat.suitability, inside=area, **options)
    return len(cores) > 0


def no_cores(key: str, species: Species, habitat: Habitat, area: Mask) -> InputError:
    """Return the problem of a threshold that leaves nothing, with one that would leave something."""
    options, where = species.cores, f"species {key}, cores.threshold"
    if options.source == "polygons":
        remedy = "Check the layer and min_area_km2."
        return InputError("no polygon is left as a core area", code="I272", where=where, remedy=remedy)
    best = float(np.nanmax(habitat_mean(habitat.suitability, options.window_radius_km).values))
    given = f"{options.threshold:g}; best mean over a home range {best:.2f}"
    steps = np.arange(0.05, options.threshold, 0.05)[::-1]
    lower = next((float(t) for t in steps if cores_left(float(t), species, habitat, area)), None)
    remedy = "Lower min_area_km2, or look at the response curves: no threshold leaves a core area."
    if lower is not None:
        remedy = (
            f"At threshold = {lower:.2f} there are some; min_area_km2 = {options.min_area_km2:g} counts too."
        )
    return InputError("no core area is left", code="I272", where=where, given=given, remedy=remedy)


def lonely_notes(key: str, species: Species, cores: gpd.GeoDataFrame) -> list[Note]:
    """Return the core areas that lie straight farther from every other than the longest link."""
    reach_km = species.links.max_link_km
    if reach_km is None or len(cores) < 2:
        return []
    lonely = []
    for core_id, geometry in cores.geometry.items():
        others = cores.geometry.drop(core_id)
        if others.distance(geometry).min() / 1000 > reach_km:
            lonely.append(str(core_id))
    if not lonely:
        return []
    text = f"{key}: core areas {', '.join(lonely)} have no other within {reach_km:g} km: disconnected."
    return [Note("disconnected", text)]


def dropped_notes(key: str, species: Species, dropped: Iterable[str]) -> list[Note]:
    """Return what was left out for want of a layer, and what has weight 0."""
    notes = []
    for name in dropped:
        prey = species.habitat.predictors[name].role == "prey"
        why = "no prey survey in the data" if prey else "its layer is not in the data"
        notes.append(
            Note("dropped", f"{key}: predictor {name} dropped ({why}); the other weights are rescaled.")
        )
    idle = [name for name, predictor in species.habitat.predictors.items() if predictor.weight == 0]
    if idle:
        notes.append(Note("weight_zero", f"{key}: left out, weight 0: {', '.join(idle)}."))
    return notes


def left_out_notes(key: str, species: Species) -> list[Note]:
    """Return what the preset leaves out: predictors with a sign and no number, collinear or circular ones."""
    if species.landscape is None:
        return []
    reasons = presets.left_out(species.name)
    unused = [f"{name} ({why})" for name, why in reasons.items() if name not in species.habitat.predictors]
    return [Note("left_out", f"{key}: the preset leaves out {'; '.join(unused)}.")] if unused else []


def plateau_notes(key: str, scores: xr.Dataset, responses: Mapping[str, Response]) -> list[Note]:
    """Return the curves whose best score hardly any land reaches: made for another scale, perhaps."""
    notes = []
    for name, response in responses.items():
        if isinstance(response, Scores):
            continue
        known = scores[name].values[~np.isnan(scores[name].values)]
        share = float((known >= PLATEAU_SCORE).mean()) if known.size else 0.0
        if share < SMALLEST_PLATEAU_SHARE:
            text = f"{key}: {100 * share:.2g} % of the land reaches the best score of {name}"
            notes.append(
                Note("plateau", text + f" (highest {known.max():.2f}); is the curve made for this scale?")
            )
    return notes


def collinear_notes(
    key: str, layers: xr.Dataset, scores: xr.Dataset, responses: Mapping[str, Response]
) -> list[Note]:
    """Return pairs of predictors that say nearly the same; classes are compared by their scores."""
    values = {
        name: (scores if isinstance(response, Scores) else layers)[name].values.astype(float)
        for name, response in responses.items()
    }
    notes = []
    for one, other in combinations(values, 2):
        r = correlation(values[one], values[other])
        if abs(r) > STRONG_CORRELATION:
            notes.append(Note("collinear", f"{key}: {one} and {other} are collinear (r = {r:+.2f})."))
    return notes


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return Pearson's r over cells where both have data; 0 where one is constant.

    Examples
    --------
    >>> correlation(np.array([1.0, 2.0, np.nan]), np.array([2.0, 4.0, 9.0]))
    1.0
    """
    both = ~(np.isnan(one) | np.isnan(other))
    a, b = one[both], other[both]
    if a.size < 2 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return 0.0
    return float(np.round(np.corrcoef(a, b)[0, 1], 12))


def double_notes(key: str, species: Species, specs: Mapping[str, LayerSpec]) -> list[Note]:
    """Return linear features that make movement dearer twice: as a line and by distance to it."""
    predictors = set(species.movement_responses) if species.movement.source == "suitability" else set()
    notes = []
    for line in (name for name, spec in specs.items() if spec.kind == "lines"):
        ways = [
            f"predictor {name}"
            for name in sorted(predictors)
            if name == line or is_distance(specs, name, line)
        ]
        ways += ["barrier"] * (line in species.movement.barriers)
        if len(ways) > 1:
            text = f"{key}: {line} enter movement more than once: {', '.join(ways)}. Keep one."
            notes.append(Note("twice", text))
    return notes


def is_distance(specs: Mapping[str, LayerSpec], name: str, line: str) -> bool:
    """Return whether a layer is the distance to a line."""
    spec = specs.get(name)
    return spec is not None and any(isinstance(s, DistanceTo) and s.distance_to == line for s in spec.sources)
