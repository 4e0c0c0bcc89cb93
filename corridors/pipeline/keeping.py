"""Results of steps kept between runs: what has not changed is taken from the last run, to the bit.

They lie in a hidden folder beside the run folder, and hold as much as it does: keep them as private. What a
step hands on is what was kept of it, read back, so that a run that goes on where another stopped is the same
as one without a break.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from corridors.barriers import EdgeCosts
from corridors.io import resolve_folder
from corridors.io.step_frames import UnknownTypeError
from corridors.io.step_store import Entry, StepStore
from corridors.pipeline.barriers import CaseBarriers
from corridors.pipeline.findings import Findings
from corridors.pipeline.fingerprints import (
    CHECK,
    LAYERS,
    Given,
    Parts,
    check_parts,
    fingerprint,
    layer_parts,
    own_parts,
    step_part,
)
from corridors.pipeline.habitat import Habitat
from corridors.pipeline.inputs import Inputs, area_margin_km, read_unedited, with_edits
from corridors.pipeline.steps import STEPS
from corridors.restoration import BarrierLines

if TYPE_CHECKING:
    from corridors.config import Workflow

Value = TypeVar("Value")
SHARED = ""
"""Where a case is named: the step that all cases share."""

TYPES = {kind.__name__: kind for kind in (BarrierLines, CaseBarriers, EdgeCosts, Findings, Habitat, Inputs)}


@dataclass(frozen=True)
class Taken:
    """A step that was taken: `reused` or computed, and the seconds that took."""

    case: str
    step: str
    reused: bool
    seconds: float


class Kept:
    """The results kept beside a run folder.

    Parameters
    ----------
    run_folder
        The run folder they belong to, there or not.
    afresh
        Steps that are computed whatever is kept, `layers` for reading.
    ids_from
        Folder of an earlier run whose numbers of core areas and links are to be kept.
    writes
        False: nothing is written until `write` is called.
    """

    def __init__(
        self,
        run_folder: str | Path,
        *,
        afresh: Iterable[str] = (),
        ids_from: str | None = None,
        writes: bool = True,
    ) -> None:
        place = Path(run_folder).resolve()
        self.store = StepStore(place.with_name(f".{place.name}.steps"), TYPES)
        self._ids_from = ids_from
        self.afresh, self.taken = frozenset(afresh), dict[tuple[str, str], Taken]()
        self._parts: dict[tuple[str, str], Parts] = {}
        self._results: dict[tuple[str, str], str] = {}
        self._held: dict[tuple[str, str, str], Any] = {}
        self._taken_as: dict[tuple[str, str], tuple[str, str, str]] = {}
        self._writes, self._waiting = writes, list[tuple[Entry, bytes]]()

    def inputs(self, workflow: Workflow, *, data: str | None = None) -> Inputs:
        """Return the layers of a workflow, read anew only where something about them has changed.

        Raises
        ------
        CorridorsError
            As `read_inputs`.
        """
        folder = data if data is not None else resolve_folder(workflow.data.folder, workflow.folder)
        self._parts[SHARED, LAYERS] = layer_parts(workflow, folder, area_margin_km(workflow))
        # The folder is said anew: what is kept names no place on this machine.
        found = self(SHARED, LAYERS, lambda: replace(read_unedited(workflow, data=data), folder=""))
        # Hand edits are read anew every time: they are small, and change between any two runs.
        return with_edits(replace(found, folder=folder), workflow, ids_from=self._ids_from)

    def know(
        self,
        workflow: Workflow,
        inputs: Inputs,
        *,
        incomplete: tuple[str, ...] = (),
    ) -> None:
        """Take note of what the steps of every case rest on."""
        if (SHARED, LAYERS) not in self._parts:
            self._parts[SHARED, LAYERS] = layer_parts(workflow, inputs.folder, inputs.margin_km)
        given = Given(inputs, workflow.layers, incomplete)
        for key, species in workflow.cases.items():
            self._parts |= {(key, step): parts for step, parts in own_parts(species, given).items()}
            self._parts[key, CHECK] = check_parts(species, given)

    def own(self, case: str, step: str) -> Parts:
        """Return what a step rests on besides the steps it follows."""
        return self._parts[case, step]

    def parts(self, case: str, step: str, results: Mapping[str, str] | None = None) -> Parts:
        """Return what a step rests on.

        Steps it follows count with what came out of them, so that one that is computed again and comes out
        as before changes nothing. `results` are their hashes; where absent, those of the steps taken so far.
        """
        parts = dict(self._parts[case, step])
        for name in STEPS[step].follows if step in STEPS else ():
            if name != LAYERS and STEPS[name].keep:
                known = self._results[case, name] if results is None else results[name]
                parts[step_part(name)] = known
            elif name != LAYERS:  # not kept: it counts with what it rests on itself
                parts[step_part(name)] = fingerprint(name, self.parts(case, name, results))
        return parts

    def __call__(self, case: str, step: str, compute: Callable[[], Value], /) -> Value:
        """Return the result of a step: the one kept for all it rests on, else a computed one, and keep it."""
        parts = self.parts(case, step)
        place = (case, step, fingerprint(step, parts))
        started = time.perf_counter()
        if place not in self._held:
            found = None if step in self.afresh else self.store.load(*place)
            value, result = self._computed(place, parts, compute) if found is None else found
            self._held[place], self._results[case, step] = value, result
            self._taken_as[case, step] = place
            self.taken[case, step] = Taken(case, step, found is not None, time.perf_counter() - started)
        held: Value = self._held.pop(place) if self._writes else self._held[place]
        return held

    def _computed(
        self, place: tuple[str, str, str], parts: Parts, compute: Callable[[], Value]
    ) -> tuple[Any, str]:
        started = time.perf_counter()
        value = compute()
        entry = Entry(*place, parts, round(time.perf_counter() - started, 3))
        try:
            content = self.store.packed(entry, value)
        except UnknownTypeError:
            # A column of a type of its own: computed in every run, and never the same twice.
            return value, secrets.token_hex(16)
        if self._writes:
            self.store.put(entry, content)
        else:
            self._waiting.append((entry, bytes(content)))
        return self.store.value_in(content), self.store.result_in(content)

    def write(self) -> None:
        """Write from now on, and first what was found before."""
        for entry, content in self._waiting:
            self.store.put(entry, content)
        self._waiting, self._writes = [], True

    def tidy(self) -> None:
        """Remove what the steps just taken have found before, from other inputs or parameters."""
        now = self._taken_as.values()
        others = [e for e in self.store.entries() if (e.case, e.step) not in self.taken]
        self.store.prune([*now, *((e.case, e.step, e.fingerprint) for e in others)])
