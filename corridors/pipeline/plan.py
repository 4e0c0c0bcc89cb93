"""What a run will do before it does it: which steps are computed and why, about how long, how much memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.errors import RunError
from corridors.pipeline.fingerprints import LAYERS, fingerprint, step_part
from corridors.pipeline.keeping import SHARED, Kept
from corridors.pipeline.sides import incomplete_parks, side_table, sides_of
from corridors.pipeline.steps import STAGES, STEPS, steps_of, steps_until

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.io.step_store import Entry
    from corridors.pipeline.inputs import Inputs

    Entries = dict[tuple[str, str], list[Entry]]

NEVER = "nothing is kept of it"
ASKED = "asked for"
OF_A_STEP = step_part("")
SECONDS_PER_MILLION_CELLS = 20.0
"""Time of a case whose steps were never taken, on two cores; most of it windows and openings [P]."""
LEAST_SECONDS = 0.1
LIBRARIES_MB, RASTERS_OF_A_CASE, RASTERS_AT_WORK = 800.0, 22, 34
"""Memory of a run, rasters of 8 bytes a cell: fits peaks of 920 MB with 180 000 cells and 1280 MB with
730 000, two species in the Land of Big Cats [P]."""


@dataclass(frozen=True)
class PlannedStep:
    """A step of a case (the layers of none): `seconds` is about what it will take; `why` it is computed."""

    case: str
    step: str
    stage: str
    computed: bool
    why: str
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What a run will do: its steps, about how long they take, about how much memory at most."""

    steps: tuple[PlannedStep, ...]
    seconds: float
    memory_mb: float


def plan_run(
    workflow: Workflow,
    *,
    out: str,
    data: str | None = None,
    start: str | None = None,
    until: str | None = None,
    ids_from: str | None = None,
) -> Plan:
    """Return what a run will do; the layers are read, and nothing is written.

    Parameters
    ----------
    workflow, out, data, start, until, ids_from
        As for `corridors.pipeline.run`; `out` is where the whole run lies.

    Raises
    ------
    CorridorsError
        Whatever is wrong with the layers; N606 something before `start` has changed.
    """
    kept = Kept(out, afresh=afresh_from(start), ids_from=ids_from, writes=False)
    inputs = kept.inputs(workflow, data=data)
    sides = side_table(workflow, inputs, sides_of(workflow, inputs))
    kept.know(workflow, inputs, incomplete=incomplete_parks(sides, inputs.context))
    steps = tuple(planned(kept, inputs, workflow.cases, until=until))
    refuse_changed(steps, start)
    return Plan(
        steps, round(sum(step.seconds for step in steps), 1), about_memory_mb(inputs, len(workflow.cases))
    )


def afresh_from(stage: str | None) -> frozenset[str]:
    """Return the steps of a stage, which are computed again whatever is kept.

    What follows them is computed again where something else comes out of them.

    Examples
    --------
    >>> sorted(afresh_from("corridors"))
    ['borders', 'corridors']
    """
    if stage is None:
        return frozenset()
    return frozenset({LAYERS} if stage == LAYERS else steps_of(stage))


def planned(
    kept: Kept, inputs: Inputs, cases: Iterable[str], *, until: str | None = None
) -> list[PlannedStep]:
    """Return every step of a run, in order.

    What comes out of a step that is computed is not known before; those that follow it are planned as
    computed, and reused after all where it is what came out of it the last time.

    Parameters
    ----------
    kept
        What is kept, told (`Kept.know`) what the steps rest on.
    inputs
        The layers.
    cases
        Keys of the cases.
    until
        The last stage; all where absent.
    """
    entries: Entries = {}
    for entry in kept.store.entries():
        entries.setdefault((entry.case, entry.step), []).append(entry)
    cells = float(inputs.grid.shape[0] * inputs.grid.shape[1])
    steps = [planned_step(kept, entries, (SHARED, LAYERS), {}, cells)]
    for case in cases:
        results: dict[str, str] = {}
        wanted = (name for name in steps_until(until) if STEPS[name].keep)
        steps += [planned_step(kept, entries, (case, name), results, cells) for name in wanted]
    return steps


def planned_step(
    kept: Kept, entries: Entries, place: tuple[str, str], results: dict[str, str], cells: float
) -> PlannedStep:
    """Return what will become of one step; where it is reused, its result is added to those known."""
    case, step = place
    known, waits_for = entries.get(place, []), unknown_before(step, results)
    parts = kept.own(case, step) if waits_for else kept.parts(case, step, results)
    entry = None
    if step in kept.afresh:
        why = ASKED
    else:
        now = "" if waits_for else fingerprint(step, parts)
        entry = next((each for each in known if each.fingerprint == now), None)
        why = "" if entry is not None else changes(parts, known, waits_for)
    if entry is not None:
        results[step] = entry.result
    stage = LAYERS if step == LAYERS else STEPS[step].stage
    seconds = 0.0 if entry is not None else about_seconds(step, known, cells)
    return PlannedStep(case, step, stage, entry is None, why, seconds)


def unknown_before(step: str, results: Mapping[str, str]) -> list[str]:
    """Return the steps that one follows whose results are not known yet; of those, what comes first."""
    missing = [name for name in kept_before(step) if name not in results]
    return [name for name in missing if not set(kept_before(name)) & set(missing)]


def kept_before(step: str) -> list[str]:
    """Return the steps that one follows and that are kept, those of a step that is not kept among them."""
    found: dict[str, None] = {}
    for name in STEPS[step].follows if step in STEPS else ():
        if name != LAYERS:
            found |= dict.fromkeys([name] if STEPS[name].keep else kept_before(name))
    return list(found)


def changes(parts: Mapping[str, str], known: list[Entry], waits_for: list[str]) -> str:
    """Return which parts of what a step rests on have changed since it was last taken, in words."""
    if not known:
        return NEVER
    changed = min((changed_parts(parts, entry) for entry in known), key=len)
    own = [name for name in changed if not name.startswith(OF_A_STEP)]
    followed = [*(name.removeprefix(OF_A_STEP) for name in changed if name not in own), *waits_for]
    return f"changed: {', '.join(own)}" if own else f"follows {', '.join(followed)}"


def changed_parts(parts: Mapping[str, str], entry: Entry) -> list[str]:
    """Return the names of the parts that an entry had otherwise; steps not among the parts are not judged."""
    gone = [name for name in entry.parts if name not in parts and not name.startswith(OF_A_STEP)]
    return [*gone, *(name for name, value in parts.items() if entry.parts.get(name) != value)]


def about_seconds(step: str, known: list[Entry], cells: float) -> float:
    """Return about how long a step takes: as long as last time, else by the number of cells."""
    if known:
        return known[-1].seconds
    share = 0.1 if step == LAYERS else STEPS[step].share / sum(each.share for each in STEPS.values())
    return round(max(LEAST_SECONDS, share * SECONDS_PER_MILLION_CELLS * cells / 1e6), 1)


def about_memory_mb(inputs: Inputs, cases: int) -> float:
    """Return about how much memory a run takes at most, in megabytes."""
    cells = inputs.grid.shape[0] * inputs.grid.shape[1]
    rasters = RASTERS_AT_WORK + cases * RASTERS_OF_A_CASE
    held = sum(layer.nbytes for layer in inputs.layers.values()) + 8 * cells * rasters
    return round(LIBRARIES_MB + held / 1e6)


def refuse_changed(steps: Iterable[PlannedStep], stage: str | None) -> None:
    """Refuse to begin at a stage where something before it has changed since, or was never taken.

    Raises
    ------
    RunError
        N606.
    """
    if stage is None:
        return
    before = [step for step in steps if step.computed and step.why != ASKED and earlier(step.stage, stage)]
    if all(step.step == LAYERS for step in before):
        return  # nothing, or a file that changed where it does not matter: what was read from it is the same
    first = min(before, key=lambda step: STAGES.index(step.stage))
    listed = [f"{each.case + ': ' if each.case else ''}{each.step} ({each.why})" for each in before]
    rest = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    what = f"steps before {stage} are not as they were"
    remedy = f"Use --from {first.stage}, or leave --from out: what has not changed is reused anyway."
    given = ", ".join(listed[:3]) + rest
    raise RunError(what, code="N606", where=f"--from {stage}", given=given, remedy=remedy)


def earlier(stage: str, than: str) -> bool:
    """Return whether a stage comes before another."""
    return STAGES.index(stage) < STAGES.index(than)
