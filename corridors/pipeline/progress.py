"""How long work tells how far it is."""

from __future__ import annotations

import time
from typing import Protocol


class Progress(Protocol):
    """Anything that takes the step in words and the fraction done, 0 to 1."""

    def __call__(self, step: str, fraction: float, /) -> None:
        """Take note."""


def silent(_step: str, _fraction: float, /) -> None:
    """Tell nobody."""


def part_of(whole: Progress, start: float, end: float, *, prefix: str = "") -> Progress:
    """Return the progress of a step that lasts from `start` to `end` of the whole."""

    def tell(step: str, fraction: float, /) -> None:
        whole(prefix + step, start + (end - start) * fraction)

    return tell


def noted(whole: Progress, log: list[str]) -> Progress:
    """Return a progress that also appends every new step to a log, with the seconds since now."""
    start = time.perf_counter()

    def tell(step: str, fraction: float, /) -> None:
        if not log or not log[-1].endswith(f" s  {step}"):
            log.append(f"{time.perf_counter() - start:8.1f} s  {step}")
        whole(step, fraction)

    return tell
