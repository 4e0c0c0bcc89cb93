"""All kinds of response under one name, and the score of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from corridors.errors import ConfigError, CorridorsError, InputError, raise_all
from corridors.suitability.class_scores import Scores
from corridors.suitability.curves import (
    ExponentialDecay,
    Gaussian,
    PiecewiseLinear,
    QuantileRise,
    Sigmoid,
    Trapezoid,
    Values,
)

Response = Annotated[
    Scores | Trapezoid | Sigmoid | ExponentialDecay | Gaussian | PiecewiseLinear | QuantileRise,
    Field(discriminator="kind"),
]
_ADAPTER: TypeAdapter[Response] = TypeAdapter(Response)


def as_response(given: Response | Mapping[str, Any], *, where: str = "") -> Response:
    """Return a response from its plain form, as in a workflow file.

    Parameters
    ----------
    given : Response or mapping
        `kind` and the numbers of that kind; a response is returned as it is.
    where : str, optional
        Name for messages.

    Raises
    ------
    ConfigError
        C101 unknown key, C102 wrong or missing value, C122 numbers that do not go together.

    Examples
    --------
    >>> as_response({"kind": "exponential_decay", "k": 3.0})
    ExponentialDecay(kind='exponential_decay', k=3.0)
    """
    try:
        return _ADAPTER.validate_python(dict(given) if isinstance(given, Mapping) else given)
    except ValidationError as error:
        raise_all(_problem(dict(part), where) for part in error.errors())
        raise


def _problem(error: dict[str, Any], where: str) -> CorridorsError:
    original = error.get("ctx", {}).get("error")
    if isinstance(original, CorridorsError):
        parts = {**original.as_dict(), "where": where}
        return ConfigError(parts.pop("what"), **parts)
    # The first part of the place is the kind, which the message names in any case.
    key = ".".join(("response", *(str(part) for part in error["loc"])))
    code = "C101" if error["type"] == "extra_forbidden" else "C102"
    given = "" if error["type"] == "missing" else repr(error["input"])
    return ConfigError(f"{key}: {error['msg']}", code=code, where=where, given=given)


def layers_used(responses: Mapping[str, Response]) -> tuple[str, ...]:
    """Return the names of all layers the responses read, each once: predictors, then layers of ruggedness."""
    extra = [r.ruggedness_layer for r in responses.values() if isinstance(r, Scores) and r.ruggedness_layer]
    return tuple(dict.fromkeys([*responses, *extra]))


def score(values: NDArray[Any], response: Response, *, ruggedness: NDArray[Any] | None = None) -> Values:
    """Return how good values are, from 0 to 1.

    Parameters
    ----------
    values : ndarray
        Values of a layer, any shape; NaN is no data. Quantiles are those of all of them.
    response : Response
        The curve or the scores of classes.
    ruggedness : ndarray, optional
        Of the same shape, for class scores that differ on rugged ground.

    Returns
    -------
    ndarray
        Scores of the same shape; NaN where `values` (or a ruggedness that matters) is NaN.

    Examples
    --------
    >>> score(np.array([0.0, 3.0]), ExponentialDecay(k=3.0)).round(3).tolist()
    [0.0, 0.632]
    """
    known = np.asarray(values, dtype=np.float64)
    if not isinstance(response, Scores) or response.rugged_above is None:
        return response.at(known)
    if ruggedness is None:
        what, remedy = (
            "the scores of rugged ground need ruggedness",
            f"Give the layer {response.ruggedness_layer}.",
        )
        raise ConfigError(what, code="C122", remedy=remedy)
    rugged = np.where(np.isnan(known), np.nan, np.asarray(ruggedness, dtype=np.float64))
    if not np.isfinite(rugged).any():
        what = f"{response.ruggedness_layer} has no data where the classes have"
        raise InputError(what, code="I217", remedy="Check the area and the layer's nodata.")
    limit = np.quantile(rugged[np.isfinite(rugged)], response.rugged_above)
    flat, steep = response.at(known), response.on_rugged_ground().at(known)
    # Without ruggedness only a class with one score for both kinds of ground can be scored.
    unknown = np.isnan(rugged) & (flat != steep)
    result: Values = np.where(unknown, np.nan, np.where(rugged > limit, steep, flat))
    return result
