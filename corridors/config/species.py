"""One species of a workflow: habitat, movement, core areas, links, corridors, network.

Habitat and movement are two models: suitability says where an animal lives, resistance how it gets on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from corridors import presets
from corridors.config.sections import (
    Border,
    Cores,
    Corridors,
    Current,
    Links,
    Name,
    Network,
    NotNegative,
    OrEndless,
    Positive,
    Resistance,
    Restoration,
    Section,
)
from corridors.errors import ConfigError
from corridors.suitability import Response, ahp_weights, layers_used

WEIGHT_SUM_TOLERANCE = 1e-3
MERGE_WITHIN_M = 100.0
STRUCTURE_LENGTH_M = {"tunnel": 100.0}


class Predictor(Section):
    """A layer that counts, how much, and which of its values are good."""

    role: Literal["cover", "terrain", "disturbance", "prey"]
    weight: NotNegative = Field(1.0, description="Importance; all equal, or summing to 1. 0 leaves it out.")
    response: Response = Field(description="Score 0-1 for every value of the layer.")


class Ahp(Section):
    """Weights from pairwise comparisons (Saaty 1980)."""

    predictors: tuple[str, ...] = Field(min_length=2, description="Rows and columns of the matrix, in order.")
    matrix: tuple[tuple[float | str, ...], ...] = Field(
        description="How many times the row matters as much as the column; numbers, or text such as 1/3."
    )


class Habitat(Section):
    """Where the species lives: predictors and how their scores are combined."""

    method: Literal["geometric_mean", "weighted_sum", "minimum"] = "geometric_mean"
    predictors: dict[str, Predictor] = Field(min_length=1, description="By the name of the layer.")
    ahp: Ahp | None = None

    @model_validator(mode="after")
    def _weights_fit(self) -> Self:
        if self.ahp is None:
            check_weights(self.predictors)
        else:
            check_ahp(self.ahp, self.predictors)
        return self

    @property
    def weights(self) -> dict[str, float]:
        """Weight of every predictor that counts, summing to 1."""
        if self.ahp is not None:
            return ahp_weights(self.ahp.matrix, self.ahp.predictors)[0]
        return shares(self.predictors)

    @property
    def responses(self) -> dict[str, Response]:
        """Response of every predictor that counts."""
        return {name: self.predictors[name].response for name in self.weights}


class Barrier(Section):
    """What it costs to cross a layer of lines, and where it can be passed for nothing."""

    crossing_cost_m: OrEndless | dict[str, OrEndless] = Field(
        description="Metres of ideal habitat per crossing; inf = sealed. One number, or one for each class "
        "of the layer; classes without one are no barrier."
    )
    merge_within_m: NotNegative = Field(
        MERGE_WITHIN_M,
        description="Lines crossed at most this far apart count as one, the dearest: two carriageways [P].",
    )
    structure_length_m: dict[str, OrEndless] = Field(
        STRUCTURE_LENGTH_M,
        description="Shortest tunnel, bridge and so on that animals pass over or under, by what the layer's "
        "structure_column says; inf = none [P].",
    )
    openings: str | None = Field(
        None,
        description="Layer of points, lines or polygons where it is open: gates, crossing structures.",
    )

    @property
    def costs_m(self) -> tuple[float, ...]:
        """Cost of a crossing, of every class that has one."""
        costs = self.crossing_cost_m
        return tuple(costs.values()) if isinstance(costs, Mapping) else (costs,)


class Movement(Section):
    """How the species gets on: where resistance comes from."""

    source: Literal["suitability", "classes", "raster"] = Field("suitability", alias="from")
    transform: Literal["negative_exponential", "linear", "power"] = "negative_exponential"
    shape: Positive = Field(8.0, description="Curvature c of the transform.")
    maximum: Annotated[float, Field(gt=1, allow_inf_nan=False)] = Field(
        100.0, description="Highest resistance."
    )
    layer: str | None = Field(None, description="Layer of classes, or of resistances, for those two sources.")
    resistances: dict[int, Resistance] | None = Field(None, description="Resistance per class.")
    predictors: dict[str, Predictor] | None = Field(
        None, description="As in habitat; where absent, habitat's without those of role disturbance."
    )
    barriers: dict[str, Barrier] = Field(
        default_factory=dict,
        description="By the name of a layer of lines; crossings cost on the edges between cells. A layer "
        "that is a raster is burnt as resistance `maximum` instead.",
    )

    @model_validator(mode="after")
    def _source_is_complete(self) -> Self:
        missing = []
        if self.source != "suitability" and self.layer is None:
            missing.append("layer")
        if self.source == "classes" and not self.resistances:
            missing.append("resistances")
        if missing:
            what = f'from = "{self.source}" needs {" and ".join(missing)}'
            raise ConfigError(what, code="C104", remedy='Add it, or set from = "suitability".')
        if self.predictors:
            check_weights(self.predictors)
        return self


class Species(Section):
    """A case: a species in a season and a scenario."""

    name: Name
    landscape: Name | None = Field(None, description="Landscape of the preset.")
    season: str = Field(min_length=1, description="Season the results hold for, such as year-round.")
    movement_type: Literal["home range", "dispersal", "seasonal"]
    scenario: str = Field("baseline", min_length=1)
    habitat: Habitat
    movement: Movement = Field(default_factory=lambda: Movement.model_validate({}))
    cores: Cores
    links: Links = Field(default_factory=Links)
    corridors: Corridors = Field(default_factory=Corridors)
    network: Network
    current: Current = Field(default_factory=lambda: Current.model_validate({}))
    restoration: Restoration = Field(default_factory=lambda: Restoration.model_validate({}))
    border: Border = Field(default_factory=lambda: Border.model_validate({}))

    @model_validator(mode="after")
    def _moves_by_something(self) -> Self:
        if self.movement.source == "suitability" and not self.movement_weights:
            what = "movement has no predictor: all of habitat's are of role disturbance"
            raise ConfigError(what, code="C104", remedy="Give [species.movement.predictors].")
        return self

    @model_validator(mode="after")
    def _fences_are_no_barrier(self) -> Self:
        if self.border.fences in self.movement.barriers:
            what = "fences are compared with no fence, so they cannot be a barrier of every scenario too"
            remedy = f"Leave {self.border.fences} out of [species.movement.barriers]."
            raise ConfigError(what, code="C104", where="border.fences", remedy=remedy)
        return self

    @property
    def title(self) -> str:
        """Name in plain words."""
        known = self.name in presets.species_names()
        return presets.species_title(self.name) if known else self.name.replace("_", " ").capitalize()

    @property
    def movement_weights(self) -> dict[str, float]:
        """Weight of every predictor of movement, summing to 1: its own, or habitat's without disturbance."""
        if self.movement.predictors is not None:
            return shares(self.movement.predictors)
        kept = {
            n: w for n, w in self.habitat.weights.items() if self.habitat.predictors[n].role != "disturbance"
        }
        return {name: weight / sum(kept.values()) for name, weight in kept.items()}

    @property
    def movement_responses(self) -> dict[str, Response]:
        """Response of every predictor of movement."""
        own = self.movement.predictors or self.habitat.predictors
        return {name: own[name].response for name in self.movement_weights}

    @property
    def layers_named(self) -> tuple[str, ...]:
        """Every layer the species needs, each once."""
        named = [*layers_used(self.habitat.responses)]
        if self.movement.source == "suitability":
            named += layers_used(self.movement_responses)
        for name, barrier in self.movement.barriers.items():
            named += [name] if barrier.openings is None else [name, barrier.openings]
        named += [name for name in (self.border.fences, self.border.gates) if name is not None]
        if self.movement.source != "suitability" and self.movement.layer:
            named.append(self.movement.layer)
        if self.cores.layer:
            named.append(self.cores.layer)
        return tuple(dict.fromkeys(named))


def shares(predictors: Mapping[str, Predictor]) -> dict[str, float]:
    """Return the weights above 0, brought to a sum of 1."""
    total = sum(predictor.weight for predictor in predictors.values())
    return {name: p.weight / total for name, p in predictors.items() if p.weight > 0}


def check_weights(predictors: Mapping[str, Predictor]) -> None:
    """Say so where weights neither sum to 1 nor are all equal.

    Raises
    ------
    ConfigError
        C120.
    """
    weights = {name: p.weight for name, p in predictors.items() if p.weight > 0}
    total = sum(weights.values())
    if len(set(weights.values())) == 1 or abs(total - 1) <= WEIGHT_SUM_TOLERANCE:
        return
    given = ", ".join(f"{name} {weight:g}" for name, weight in weights.items()) or "no weight above 0"
    what, allowed = f"weights sum to {total:g}", "weights that sum to 1, or all equal"
    raise ConfigError(what, code="C120", given=given, allowed=allowed, remedy=rescaled(weights, total))


def rescaled(weights: Mapping[str, float], total: float) -> str:
    """Return the weights brought to a sum of 1, as advice."""
    if total <= 0:
        return "Give at least one predictor a weight above 0."
    return "Rescaled: " + ", ".join(f"{name} {weight / total:.4g}" for name, weight in weights.items())


def check_ahp(ahp: Ahp, predictors: Iterable[str]) -> None:
    """Say so where the matrix does not fit the predictors or contradicts itself.

    Raises
    ------
    ConfigError
        C121 names that differ; whatever `ahp_weights` raises for the matrix itself.
    """
    if set(ahp.predictors) != set(predictors):
        odd = ", ".join(sorted(set(ahp.predictors) ^ set(predictors)))
        what, remedy = (
            f"the matrix and the predictors name different layers: {odd}",
            "Give every predictor a row.",
        )
        raise ConfigError(what, code="C121", remedy=remedy)
    ahp_weights(ahp.matrix, ahp.predictors)


def case_keys(species: Iterable[Species]) -> dict[str, Species]:
    """Return the cases by key: the name, or name-season-scenario where several share the name.

    Raises
    ------
    ConfigError
        C113 where two entries are the same in all three.
    """
    entries = list(species)
    names = [entry.name for entry in entries]
    keyed: dict[str, Species] = {}
    for entry in entries:
        key = entry.name
        if names.count(entry.name) > 1:
            # Folders are called so: nothing in it may lead elsewhere.
            key = re.sub(r"[^\w-]+", "_", "-".join((entry.name, entry.season, entry.scenario)))
        if key in keyed:
            what, remedy = f"two entries make the same case {key}", "Give one another season or scenario."
            raise ConfigError(what, code="C113", remedy=remedy)
        keyed[key] = entry
    return keyed
