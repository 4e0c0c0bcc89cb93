"""Weights of predictors: none given means equal, given ones sum to 1, absent layers are dropped and said."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import TypeVar

from corridors.errors import ConfigError, CorridorsError, InputError, raise_all

SUM_TOLERANCE = 1e-6

Kind = TypeVar("Kind")


def full_weights(names: Collection[str], weights: Mapping[str, float] | None) -> dict[str, float]:
    """Return a weight for every predictor, summing to 1: equal ones where none are given.

    Parameters
    ----------
    names : collection of str
        Predictors.
    weights : mapping of str to float, optional
        One per predictor, at least 0, summing to 1.

    Raises
    ------
    ConfigError
        C120 a predictor without a weight or the reverse, a negative weight, a sum other than 1.

    Examples
    --------
    >>> full_weights(["cover", "roads"], None)
    {'cover': 0.5, 'roads': 0.5}
    """
    if weights is None:
        return dict.fromkeys(names, 1 / len(names)) if names else {}
    raise_all(_problems(names, weights))
    total = math.fsum(weights.values())
    return {name: weights[name] / total for name in names}


def _problems(names: Collection[str], weights: Mapping[str, float]) -> list[CorridorsError]:
    problems: list[CorridorsError] = []
    lacking, odd = [n for n in names if n not in weights], [w for w in weights if w not in names]
    if lacking or odd:
        parts = [f"no weight for {', '.join(lacking)}"] * bool(lacking)
        parts += [f"weights for no predictor: {', '.join(odd)}"] * bool(odd)
        remedy = "Give every predictor a weight, or none for equal weights."
        problems.append(ConfigError("; ".join(parts), code="C120", allowed=", ".join(names), remedy=remedy))
    wrong = {name: weight for name, weight in weights.items() if not 0 <= weight < math.inf}
    if wrong:
        given = ", ".join(f"{name} {weight:g}" for name, weight in wrong.items())
        problems.append(ConfigError("weights must be at least 0", code="C120", given=given))
        return problems
    total = math.fsum(weights.values())
    if abs(total - 1) > SUM_TOLERANCE:
        given = ", ".join(f"{name} {weight:g}" for name, weight in weights.items())
        what, allowed = f"weights sum to {total:.7g}", "weights that sum to 1"
        problems.append(
            ConfigError(what, code="C120", given=given, allowed=allowed, remedy=_remedy(weights, total))
        )
    return problems


def _remedy(weights: Mapping[str, float], total: float) -> str:
    if total <= 0:
        return "Give at least one predictor a weight above 0, or leave all weights out for equal ones."
    scaled = ", ".join(f"{name} {weight / total:.6g}" for name, weight in weights.items())
    return f"Leave all weights out for equal ones, or rescale: {scaled}."


def drop_missing(
    responses: Mapping[str, Kind], weights: Mapping[str, float] | None, present: Collection[str]
) -> tuple[dict[str, Kind], dict[str, float] | None, tuple[str, ...]]:
    """Leave out predictors whose layer is absent, and bring the other weights back to a sum of 1.

    Parameters
    ----------
    responses : mapping of str to Response
        By predictor.
    weights : mapping of str to float, optional
        None (equal weights) stays None.
    present : collection of str
        Names of the layers at hand.

    Returns
    -------
    responses, weights : dict
        Of the predictors that remain.
    dropped : tuple of str
        Those left out, to be told.

    Raises
    ------
    ConfigError
        C120 weights that do not fit the predictors.
    InputError
        I248 nothing remains, or nothing of any weight.

    Examples
    --------
    >>> drop_missing({"cover": 1, "prey": 2}, {"cover": 0.6, "prey": 0.4}, ["cover"])
    ({'cover': 1}, {'cover': 1.0}, ('prey',))
    """
    full = full_weights(responses, weights)
    kept = {name: response for name, response in responses.items() if name in present}
    dropped = tuple(name for name in responses if name not in kept)
    total = math.fsum(full[name] for name in kept)
    if not total > 0:
        what, given = "no predictor with a layer and a weight remains", f"absent: {', '.join(dropped)}"
        raise InputError(what, code="I248", given=given, remedy="Add one of the layers to the data folder.")
    if weights is None:
        return kept, None, dropped
    return kept, {name: full[name] / total for name in kept}, dropped
