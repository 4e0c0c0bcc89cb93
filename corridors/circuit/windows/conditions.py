"""Sources that must match their target: climate now against climate to come, land cover, anything mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from corridors.errors import ConfigError, CorridorsError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridors.kernels.windows import Targets

Comparison = Literal["within", "equal"]


class Condition(NamedTuple):
    """What a source must share with its target.

    Parameters
    ----------
    present
        What is compared at sources, (rows, columns); NaN = unknown, which matches everything.
    future
        What is compared at targets, if not the same.
    comparison
        "within": source - target lies between `lower` and `upper`, the target's value being the median of
        its block. "equal": the source has the commonest value of the target's block.
    lower, upper
        For "within", in units of the raster.
    """

    present: NDArray[np.float64]
    future: NDArray[np.float64] | None = None
    comparison: Comparison = "within"
    lower: float = 0.0
    upper: float = 0.0


def compared(
    targets: Targets, conditions: Sequence[Condition], *, shape: tuple[int, int], block_half: int
) -> tuple[Targets, NDArray[np.float64]]:
    """Return targets that know what their sources must match, and what is compared at sources."""
    count = len(conditions)
    wanted, lower, upper = np.empty((len(targets.rows), count)), np.zeros(count), np.zeros(count)
    for number, condition in enumerate(conditions):
        wanted[:, number] = _wanted(condition, targets, block_half)
        if condition.comparison == "within":
            lower[number], upper[number] = condition.lower, condition.upper
    present = [np.asarray(condition.present, dtype=np.float64) for condition in conditions]
    return targets._replace(wanted=wanted, lower=lower, upper=upper), np.array(present).reshape(count, *shape)


def check_conditions(conditions: Sequence[Condition], shape: tuple[int, int]) -> list[CorridorsError]:
    """Return what is wrong with conditions for a map of this shape."""
    problems: list[CorridorsError] = []
    for number, condition in enumerate(conditions, start=1):
        where = f"condition {number}"
        for words, raster in (("present", condition.present), ("future", condition.future)):
            if raster is not None and np.shape(raster) != shape:
                what = f"the {words} raster has another shape than the resistance"
                given, allowed = f"{np.shape(raster)}", f"{shape}"
                problems.append(InputError(what, code="I201", where=where, given=given, allowed=allowed))
        if condition.comparison not in ("within", "equal"):
            given, allowed = str(condition.comparison), "within or equal"
            what = "no such comparison"
            problems.append(ConfigError(what, code="C103", where=where, given=given, allowed=allowed))
        if not condition.lower <= condition.upper:
            given = f"{condition.lower:g} to {condition.upper:g}"
            what = "the lower limit lies above the upper"
            problems.append(ConfigError(what, code="C103", where=where, given=given))
    return problems


def _wanted(condition: Condition, targets: Targets, block_half: int) -> NDArray[np.float64]:
    """Return what each target's block has: its median, or its commonest value; NaN where it is unknown."""
    values = np.asarray(condition.present if condition.future is None else condition.future, dtype=np.float64)
    reach = np.arange(-block_half, block_half + 1)
    rows, columns = targets.rows[:, None] + reach, targets.columns[:, None] + reach
    blocks = values[rows[:, :, None], columns[:, None, :]]
    found = np.full(len(blocks), np.nan)
    known = np.flatnonzero(~np.isnan(blocks).all(axis=(1, 2)))
    if condition.comparison == "within":
        found[known] = np.nanmedian(blocks[known], axis=(1, 2))
    else:
        found[known] = [commonest(blocks[number]) for number in known]
    return found


def commonest(block: NDArray[np.float64]) -> float:
    """Return the commonest value; of several, the one that reaches that number first, down the columns.

    Examples
    --------
    >>> commonest(np.array([[1.0, 2.0], [2.0, 1.0]]))
    2.0
    """
    counts: dict[float, int] = {}
    best = np.nan
    for value in block.T.ravel().tolist():
        if value == value:  # noqa: PLR0124 - NaN is unknown
            counts[value] = counts.get(value, 0) + 1
            if counts[value] > counts.get(best, 0):
                best = value
    return best
