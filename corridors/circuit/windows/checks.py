"""What is refused before any window is solved, all of it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.circuit.windows.conditions import Condition, check_conditions
from corridors.errors import ConfigError, CorridorsError, InputError, raise_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WHERE = "moving window"


def check_options(
    conductance: NDArray[np.float64],
    strength: NDArray[np.float64],
    *,
    radius: float,
    block: int,
    buffer: float,
    conditions: Sequence[Condition],
) -> None:
    """Refuse options that do not fit each other or the map.

    Raises
    ------
    ConfigError, InputError
        As `window_problem`.
    """
    problems: list[CorridorsError] = [
        ConfigError("out of range", code="C103", where=name, given=f"{value:g}", allowed=allowed)
        for name, value, good, allowed in (
            ("radius", radius, radius >= 1, "1 cell or more"),
            ("radius", radius, not radius < block // 2 + 1, f"{block // 2 + 1} or more, beyond the block"),
            ("block", block, block >= 1 and block % 2 == 1, "an odd number of cells"),
            ("block", block, block <= min(conductance.shape), f"{min(conductance.shape)}, the map's side"),
            ("buffer", buffer, buffer >= 0, "0 or more"),
        )
        if not good
    ]
    if conductance.shape != strength.shape:
        given, allowed = f"{strength.shape}", f"{conductance.shape}"
        what = "source strengths have another shape than the resistance"
        problems.append(InputError(what, code="I201", where=WHERE, given=given, allowed=allowed))
    problems += check_radius(radius, conductance.shape)
    problems += check_strength(strength)
    problems += check_conditions(conditions, conductance.shape)
    raise_all(problems)


def check_radius(radius: float, shape: tuple[int, ...]) -> list[CorridorsError]:
    """Return the complaint about a radius beyond the map: every window would be the whole map."""
    if not radius > max(shape):
        return []
    what = "the radius is larger than the map, so every window would be the whole map"
    given, allowed = f"{radius:g} cells", f"{max(shape)} cells at most (the map has {shape[0]} x {shape[1]})"
    remedy = "Take a smaller radius, or a larger map; it should be several radii wide."
    return [InputError(what, code="I291", where=WHERE, given=given, allowed=allowed, remedy=remedy)]


def check_strength(strength: NDArray[np.float64]) -> list[CorridorsError]:
    """Return what is wrong with source strengths."""
    wrong = (strength < 0) | np.isinf(strength)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        given = f"{strength[row, column]:g} at row {row}, column {column}"
        what = f"{int(wrong.sum())} source strengths are negative or infinite"
        return [InputError(what, code="I211", where=WHERE, given=given, allowed="0 or more")]
    if not (strength > 0).any():
        remedy = "Lower the threshold, or look at the strengths."
        return [InputError("there is no source", code="I223", where=WHERE, remedy=remedy)]
    return []
