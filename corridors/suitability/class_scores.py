"""Scores of classes, as of land cover, with a second set for rugged ground."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from corridors.errors import ConfigError, InputError
from corridors.suitability.curves import Curve, Quantile, Score, Values


def _as_classes(scores: Any) -> Any:
    # Keys of a TOML table are text; a class is a whole number.
    if not isinstance(scores, dict):
        return scores
    return {int(k) if isinstance(k, str) and k.strip().isdecimal() else k: v for k, v in scores.items()}


ClassScores = Annotated[dict[int, Score], BeforeValidator(_as_classes)]


class Scores(Curve):
    """A score for every class; a class that occurs and has none is an error.

    Some classes mean two things: bare ground is snow leopard habitat where it is rugged and not on a plain.
    `rugged_scores` replace `scores` in cells where `ruggedness_layer` exceeds the landscape's `rugged_above`
    quantile.

    Examples
    --------
    >>> Scores(scores={0: 0.1, 5: 1.0}).at(np.array([5.0, 0.0, np.nan])).tolist()
    [1.0, 0.1, nan]
    """

    kind: Literal["scores"] = "scores"
    scores: ClassScores = Field(min_length=1)
    rugged_scores: ClassScores | None = None
    ruggedness_layer: str | None = None
    rugged_above: Quantile | None = None

    @model_validator(mode="after")
    def _rugged_is_whole(self) -> Self:
        parts = {
            "rugged_scores": self.rugged_scores,
            "ruggedness_layer": self.ruggedness_layer,
            "rugged_above": self.rugged_above,
        }
        missing = [name for name, value in parts.items() if value is None]
        if missing and len(missing) < len(parts):
            what = f"scores of rugged ground need {' and '.join(missing)} too"
            raise ConfigError(what, code="C122", remedy="Give all three, or none.")
        return self

    def on_rugged_ground(self) -> Scores:
        """Return the scores that hold on rugged ground."""
        return Scores(scores={**self.scores, **(self.rugged_scores or {})})

    def at(self, values: Values) -> Values:
        """Return the scores of classes on ground that is not rugged; NaN stays NaN.

        Raises
        ------
        InputError
            I216 values that are no whole numbers; I245 classes without a score.
        """
        known = ~np.isnan(values)
        classes, where, counts = np.unique(values[known], return_inverse=True, return_counts=True)
        check_classes(classes, counts, self.scores, given="score")
        result = np.full(values.shape, np.nan)
        if classes.size:
            result[known] = np.array([self.scores[int(c)] for c in classes])[where]
        return result


def check_classes(classes: Values, counts: Any, scored: dict[int, float], *, given: str) -> None:
    """Say so where a class is no whole number or has nothing in the table."""
    broken = classes[classes != np.round(classes)]
    if broken.size:
        what, remedy = f"{broken.size} values are no classes", 'Set kind = "categories" for the layer.'
        raise InputError(what, code="I216", given=f"{broken[0]:g}", allowed="whole numbers", remedy=remedy)
    lacking = [(int(c), n) for c, n in zip(classes, counts, strict=True) if int(c) not in scored]
    if lacking:
        total = counts.sum()
        shares = ", ".join(f"{c} ({100 * n / total:.2g} % of the cells)" for c, n in lacking)
        what, allowed = f"no {given} for class {shares}", f"a {given} for every class that occurs"
        remedy = f"Add a {given} for it, or declare it impassable or no data in the layer."
        raise InputError(what, code="I245", allowed=allowed, remedy=remedy)
