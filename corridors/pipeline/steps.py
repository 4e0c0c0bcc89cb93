"""The steps of a case: what each reads and follows, said once.

Whether a step is computed again, what `--dry-run` prints and what a step gets to see all come from here.
A step sees nothing else (`stepping.py`), so what it forgets to name it cannot rest on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.pipeline.edits import OVERRIDES, edits_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.config import Species

STAGES = ("layers", "suitability", "resistance", "cores", "links", "corridors", "network")
"""What `--from` and `--only` name: each stands for one or several steps."""

OF_BARRIERS = "of movement.barriers"
OF_CORES = "of cores.layer"
OF_EDITS = "of core areas edited by hand and the earlier run"
OF_OVERRIDES = "of overrides"
OF_FENCES = "of border.fences and border.gates"
IDENTITY = ("name", "season", "scenario")
"""What of a species names the case: hand edits and earlier runs are found by it."""


@dataclass(frozen=True)
class Step:
    """One step of a case.

    Parameters
    ----------
    name, stage
        Its own name, and the one of `STAGES` it belongs to.
    follows
        Steps whose results it uses.
    sections
        What it reads of the species in the workflow file.
    vectors
        Layers of features it looks at; `OF_BARRIERS` and `OF_CORES` are those that the section names.
    options
        Other values it rests on.
    keep
        False: quick to compute and large to keep.
    share
        Its part of the time of a case, for the progress alone [P].
    says
        What happens in it, in words.
    """

    name: str
    stage: str
    follows: tuple[str, ...]
    sections: tuple[str, ...] = ()
    vectors: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    keep: bool = True
    share: float = 0.02
    says: str = ""


GROUND = ("layers", "suitability", "barriers", "resistance", "cores")

STEPS = {
    step.name: step
    for step in (
        Step("suitability", "suitability", ("layers",), ("habitat",), says="suitability"),
        Step("barriers", "resistance", ("layers",), ("movement",), (OF_BARRIERS,), says="barriers"),
        Step(
            "resistance",
            "resistance",
            ("layers",),
            ("habitat", "movement", *IDENTITY),
            (OF_BARRIERS, OF_OVERRIDES),
            says="resistance",
        ),
        Step(
            "cores",
            "cores",
            ("layers", "suitability", "barriers"),
            ("cores", *IDENTITY),
            ("protected_areas", OF_CORES, OF_EDITS),
            says="core areas",
        ),
        Step(
            "thresholds",
            "cores",
            ("layers", "suitability"),
            ("cores",),
            share=0.1,
            says="core areas at other thresholds",
        ),
        Step("accumulated_cost", "links", GROUND, keep=False, says="accumulated cost"),
        Step(
            "links",
            "links",
            (*GROUND, "accumulated_cost"),
            ("links", *IDENTITY),
            ("roads", "settlements", "protected_areas", OF_EDITS),
            says="links",
        ),
        Step(
            "edits",
            "links",
            (*GROUND, "links"),
            ("habitat", "movement", "cores", *IDENTITY),
            (OF_OVERRIDES, OF_EDITS),
            says="what was edited by hand",
        ),
        Step(
            "corridors",
            "corridors",
            (*GROUND, "accumulated_cost", "links"),
            ("corridors",),
            says="corridors",
        ),
        Step(
            "borders",
            "corridors",
            (*GROUND, "links", "corridors"),
            vectors=("countries", "protected_areas"),
            says="borders",
        ),
        Step(
            "network",
            "network",
            (*GROUND, "accumulated_cost", "links", "corridors", "borders"),
            ("network",),
            ("countries", "protected_areas"),
            ("incomplete",),
            says="network",
        ),
        Step("current", "network", (*GROUND, "corridors"), share=0.1, says="current within corridors"),
        Step(
            "beyond",
            "network",
            (*GROUND, "accumulated_cost", "links", "corridors", "borders", "network", "current"),
            ("border", "network"),
            ("countries", "borders", "protected_areas", "settlements", "roads", OF_FENCES),
            share=0.1,
            says="across borders",
        ),
        Step(
            "windows",
            "network",
            ("layers", "suitability", "barriers", "resistance"),
            ("current",),
            share=0.3,
            says="moving windows",
        ),
        Step(
            "restoration",
            "network",
            (*GROUND, "accumulated_cost", "links"),
            ("restoration",),
            says="land to restore",
        ),
        Step(
            "openings",
            "network",
            (*GROUND, "accumulated_cost", "links"),
            ("restoration",),
            share=0.3,
            says="barriers to open",
        ),
    )
}


def vectors_read(step: Step, species: Species) -> tuple[str, ...]:
    """Return the names of the layers of features a step looks at, whether the data hold them or not."""
    names: list[str] = []
    for name in step.vectors:
        if name == OF_BARRIERS:
            for layer, barrier in species.movement.barriers.items():
                names += [layer, *([barrier.openings] if barrier.openings else [])]
        elif name == OF_CORES:
            names += [species.cores.layer] if species.cores.layer else []
        elif name == OF_EDITS:
            names += [edits_key(kind, species) for kind in ("edited_cores", "former_cores", "former_links")]
        elif name == OF_FENCES:
            names += [layer for layer in (species.border.fences, species.border.gates) if layer]
        elif name == OF_OVERRIDES:
            names.append(OVERRIDES)
        else:
            names.append(name)
    return tuple(dict.fromkeys(names))


def with_followers(names: Iterable[str]) -> tuple[str, ...]:
    """Return steps and all that rest on them, in order.

    Examples
    --------
    >>> with_followers(["windows"])
    ('windows',)
    """
    found = set(names)
    for step in STEPS.values():
        if found & set(step.follows):
            found.add(step.name)
    return tuple(name for name in STEPS if name in found)


def steps_of(stage: str) -> tuple[str, ...]:
    """Return the steps a stage stands for; none for the layers, which all cases share."""
    return tuple(step.name for step in STEPS.values() if step.stage == stage)


def steps_until(stage: str | None) -> tuple[str, ...]:
    """Return the steps up to the end of a stage; all where none is named."""
    last = len(STAGES) if stage is None else STAGES.index(stage)
    return tuple(step.name for step in STEPS.values() if STAGES.index(step.stage) <= last)
