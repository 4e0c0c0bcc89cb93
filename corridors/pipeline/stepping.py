"""Taking the steps of a case one by one: each sees what its entry in `STEPS` names, and nothing else.

A step that looked at more would not be computed again when that changes, and its result would be wrong and
look right. So it is not given more, and a result it is handed of a step it does not follow is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.config import Species
from corridors.pipeline.progress import Progress, part_of, silent
from corridors.pipeline.steps import STEPS, steps_until, vectors_read

if TYPE_CHECKING:
    from corridors.pipeline.steps import Step

Value = TypeVar("Value")
DATA = (xr.DataArray, xr.Dataset, pd.DataFrame, pd.Series, np.ndarray)


class Keeper(Protocol):
    """Anything that gives the result of a step: one kept from an earlier run, else a computed one."""

    def __call__(self, case: str, step: str, compute: Callable[[], Value], /) -> Value:
        """Return the result of a step of a case."""


class Stopped(Exception):  # noqa: N818
    """The last step that was asked for is done."""


@dataclass(frozen=True)
class Later:
    """The result of a step that is computed when the first other step needs it."""

    step: str
    get: Callable[[], Any]


class Stepper:
    """Takes the steps of one case.

    Parameters
    ----------
    species
        The case.
    context
        Layers of features.
    key
        Of the case.
    shared
        What the step `layers` gave: rasters, specifications, cells of the analysis area.
    keeper
        Where results are kept; where absent, everything is computed.
    until
        The last stage to take; all where absent.
    """

    def __init__(
        self,
        species: Species,
        context: Mapping[str, gpd.GeoDataFrame],
        *,
        key: str = "",
        shared: tuple[Any, ...] = (),
        keeper: Keeper | None = None,
        until: str | None = None,
        progress: Progress = silent,
    ) -> None:
        self.results: dict[str, Any] = {}
        self._species, self._context, self._key = species, context, key
        self._keeper, self._progress, self._now = keeper, progress, ""
        self._wanted = steps_until(until)
        self._owners: dict[int, str] = {}
        self._own("layers", shared)

    def __call__(self, name: str, find: Callable[..., Value], *known: Any, **options: Any) -> Value:
        """Take a step: `find(*known, **options)`, with `species` and `context` as far as it reads them."""
        step = STEPS[name]
        if name not in self._wanted:
            raise Stopped
        self._check(step, (*known, *options.values()))
        self._now = name
        self._progress(step.says, begun(name))

        def compute() -> Value:
            given = [each.get() if isinstance(each, Later) else each for each in known]
            named = {k: v.get() if isinstance(v, Later) else v for k, v in options.items()}
            return find(*given, **named, **self._read(step))

        found = compute() if self._keeper is None else self._keeper(self._key, name, compute)
        self.results[name] = found
        self._own(name, found)
        return found

    def later(self, name: str, find: Callable[..., Any], *known: Any, **options: Any) -> Later:
        """Promise a step that is not kept: it is taken when another one that is computed needs it.

        `find` also gets `progress`, within that of the other step.
        """
        if name not in self._wanted:
            raise Stopped
        self._check(STEPS[name], (*known, *options.values()))
        done: list[Any] = []

        def get() -> Any:
            if not done:
                within = part_of(self._progress, begun(self._now), begun(self._now, done=True))
                done.append(find(*known, progress=within, **options, **self._read(STEPS[name])))
            return done[0]

        promised = Later(name, get)
        self.results[name] = promised
        self._own(name, promised)
        return promised

    @contextmanager
    def as_far_as_asked(self) -> Iterator[None]:
        """End the block without a word at the first step past the last that was asked for."""
        try:
            yield
        except Stopped:
            return

    def _read(self, step: Step) -> dict[str, Any]:
        """Return species and context as far as the step reads them."""
        read: dict[str, Any] = {}
        if step.sections:
            read["species"] = cast("Species", OnlySections(self._species, step))
        if step.vectors:
            read["context"] = OnlyLayers(self._context, step, vectors_read(step, self._species))
        return read

    def _own(self, name: str, result: Any) -> None:
        for part in parts_of(result):
            self._owners.setdefault(id(part), name)

    def _check(self, step: Step, given: tuple[Any, ...]) -> None:
        """Refuse what comes from a step this one does not follow.

        Raises
        ------
        LookupError
            The table of steps is wrong, or the call.
        """
        for value in given:
            owners = {self._owners.get(id(part), "nobody") for part in parts_of(value)}
            strange = sorted(owners - set(step.follows))
            if strange:
                what = (
                    f"step {step.name} is handed a result of {', '.join(strange)}, which it does not follow"
                )
                raise LookupError(what)


class OnlySections:
    """A species of which a step reads the sections it names."""

    def __init__(self, species: Species, step: Step) -> None:
        self._species, self._step = species, step

    def __getattr__(self, name: str) -> Any:
        """Return a section, or what the species makes of its sections."""
        if name in Species.model_fields and name not in self._step.sections:
            what = f"step {self._step.name} reads species.{name}, which its entry in STEPS does not name"
            raise LookupError(what)
        made = getattr(Species, name, None)
        if isinstance(made, property) and made.fget is not None:
            return made.fget(self)
        return getattr(self._species, name)


class OnlyLayers(Mapping[str, gpd.GeoDataFrame]):
    """Layers of features of which a step looks at those it names; it may list the others, in a message."""

    def __init__(self, context: Mapping[str, gpd.GeoDataFrame], step: Step, names: tuple[str, ...]) -> None:
        self._context, self._step, self._names = context, step, names

    def __getitem__(self, name: str) -> gpd.GeoDataFrame:
        """Return a layer the step names."""
        if name not in self._names:
            what = f"step {self._step.name} looks at layer {name}, which its entry in STEPS does not name"
            raise LookupError(what)
        return self._context[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names of all layers."""
        return iter(self._context)

    def __len__(self) -> int:
        """Return how many layers there are."""
        return len(self._context)


def parts_of(value: Any) -> Iterator[Any]:
    """Return every raster, layer and table in a result."""
    if isinstance(value, (Later, *DATA)):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from parts_of(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from parts_of(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from parts_of(getattr(value, field.name))


def begun(name: str, *, done: bool = False) -> float:
    """Return the fraction of a case that is done when a step begins, or when it is done itself."""
    shares = [step.share for step in STEPS.values()]
    return sum(shares[: list(STEPS).index(name) + done]) / sum(shares)
