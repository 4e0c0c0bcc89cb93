"""Response curves of continuous layers: what a value of the layer is worth, from 0 (useless) to 1 (best).

A curve is frozen data with one method, `at`. Every number is in the unit of its layer.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from scipy.special import expit

from corridors.errors import ConfigError, InputError

Values = NDArray[np.float64]
Number = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Score = Annotated[float, Field(ge=0, le=1)]
Quantile = Annotated[float, Field(ge=0, le=1)]


def _as_pairs(points: Any) -> Any:
    # A TOML file has lists where a frozen model wants tuples.
    return (
        tuple(tuple(p) if isinstance(p, list) else p for p in points) if isinstance(points, list) else points
    )


class Curve(BaseModel, ABC):
    """What all responses share: frozen, nothing unknown in them, no number read from text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @abstractmethod
    def at(self, values: Values) -> Values:
        """Return the scores of `values`; NaN stays NaN."""


class Trapezoid(Curve):
    """0 up to `a`, rising to 1 at `b`, 1 up to `c`, falling to 0 at `d`; an upright side where two are equal.

    Examples
    --------
    >>> Trapezoid(a=0, b=50, c=600, d=1200).at(np.array([25.0, 300.0, 900.0])).tolist()
    [0.5, 1.0, 0.5]
    """

    kind: Literal["trapezoid"] = "trapezoid"
    a: Number
    b: Number
    c: Number
    d: Number

    @model_validator(mode="after")
    def _rises_then_falls(self) -> Self:
        if not self.a <= self.b <= self.c <= self.d:
            what, given = (
                "the corners of a trapezoid are out of order",
                f"{self.a:g}, {self.b:g}, {self.c:g}, {self.d:g}",
            )
            raise ConfigError(what, code="C122", given=given, allowed="a <= b <= c <= d")
        return self

    def at(self, values: Values) -> Values:
        """Return the scores of `values`; NaN stays NaN."""
        rise = (values - self.a) / (self.b - self.a) if self.b > self.a else (values >= self.a) * 1.0
        fall = (self.d - values) / (self.d - self.c) if self.d > self.c else (values <= self.d) * 1.0
        result: Values = np.where(np.isnan(values), np.nan, np.clip(np.minimum(rise, fall), 0, 1))
        return result


class Sigmoid(Curve):
    """Logistic curve, 0.5 at `midpoint`; rising for a positive `steepness` (per unit), else falling.

    Examples
    --------
    >>> Sigmoid(midpoint=200, steepness=0.05).at(np.array([200.0])).tolist()
    [0.5]
    """

    kind: Literal["sigmoid"] = "sigmoid"
    midpoint: Number
    steepness: Number

    @model_validator(mode="after")
    def _is_no_constant(self) -> Self:
        if self.steepness == 0:
            what, remedy = (
                "a sigmoid of steepness 0 is flat",
                "Use a positive or negative steepness, or leave it out.",
            )
            raise ConfigError(what, code="C122", remedy=remedy)
        return self

    def at(self, values: Values) -> Values:
        """Return the scores of `values`; NaN stays NaN."""
        result: Values = expit(self.steepness * (values - self.midpoint))
        return result


class ExponentialDecay(Curve):
    """Effect of a place that decays with distance: score = 1 - exp(-value / k), 0.63 at `k`.

    Also used for densities, where more adds less and less.

    Examples
    --------
    >>> ExponentialDecay(k=3.0).at(np.array([0.0, 3.0])).round(3).tolist()
    [0.0, 0.632]
    """

    kind: Literal["exponential_decay"] = "exponential_decay"
    k: Positive

    def at(self, values: Values) -> Values:
        """Return the scores of `values`; NaN stays NaN."""
        if np.any(values < 0):
            given, allowed = f"lowest value {np.nanmin(values):g}", "distances or densities of at least 0"
            raise InputError(
                "exponential decay meets values below 0", code="I246", given=given, allowed=allowed
            )
        result: Values = -np.expm1(-values / self.k)
        return result


class Gaussian(Curve):
    """Bell curve, 1 at `mean`, 0.61 one `sd` away.

    Examples
    --------
    >>> Gaussian(mean=400, sd=100).at(np.array([400.0, 500.0])).round(3).tolist()
    [1.0, 0.607]
    """

    kind: Literal["gaussian"] = "gaussian"
    mean: Number
    sd: Positive

    def at(self, values: Values) -> Values:
        """Return the scores of `values`; NaN stays NaN."""
        result: Values = np.exp(-0.5 * ((values - self.mean) / self.sd) ** 2)
        return result


class PiecewiseLinear(Curve):
    """Straight lines between `points` (value, score), constant outside the first and last.

    Examples
    --------
    >>> curve = PiecewiseLinear(points=[(0, 1), (20, 1), (50, 0.2)])
    >>> curve.at(np.array([10.0, 35.0, 80.0])).round(3).tolist()
    [1.0, 0.6, 0.2]
    """

    kind: Literal["piecewise_linear"] = "piecewise_linear"
    points: Annotated[tuple[tuple[Number, Score], ...], BeforeValidator(_as_pairs)] = Field(min_length=2)

    @model_validator(mode="after")
    def _values_rise(self) -> Self:
        values = [value for value, _ in self.points]
        if values != sorted(set(values)):
            what, given = (
                "the values of a piecewise linear curve must rise",
                ", ".join(f"{v:g}" for v in values),
            )
            raise ConfigError(what, code="C122", given=given, remedy="Sort the points; give each value once.")
        return self

    def at(self, values: Values) -> Values:
        """Return the scores of `values`; NaN stays NaN."""
        known, worth = zip(*self.points, strict=True)
        result: Values = np.interp(values, known, worth)
        return result


class QuantileRise(Curve):
    """0 at the landscape's `low` quantile, rising to 1 at its `high` quantile.

    For layers whose values hang on the scale of the map: slopes of 30 degrees are common in a 30 m elevation
    model and missing in a 500 m one, so a curve in degrees made for one is wrong for the other.

    Examples
    --------
    >>> curve = QuantileRise(low=0.5, high=0.9)
    >>> curve.fitted(np.arange(101.0)).points
    ((50.0, 0.0), (90.0, 1.0))
    """

    kind: Literal["quantile_rise"] = "quantile_rise"
    low: Quantile
    high: Quantile

    @model_validator(mode="after")
    def _low_is_lower(self) -> Self:
        if not self.low < self.high:
            what, given = (
                "the low quantile must lie below the high one",
                f"low {self.low:g}, high {self.high:g}",
            )
            raise ConfigError(what, code="C122", given=given, allowed="0 <= low < high <= 1")
        return self

    def fitted(self, landscape: Values) -> PiecewiseLinear:
        """Return the curve in units of the layer, by the quantiles of the cells with data."""
        known = landscape[np.isfinite(landscape)]
        if not known.size:
            what, remedy = "the landscape has no cell with data", "Check the area and the layer's nodata."
            raise InputError(what, code="I217", remedy=remedy)
        start, end = np.quantile(known, [self.low, self.high])
        if not start < end:
            what = (
                f"the landscape's {self.low:g} and {self.high:g} quantiles are both {start:g}: nothing rises"
            )
            raise InputError(what, code="I247", remedy="Use another response, or leave the predictor out.")
        return PiecewiseLinear(points=((float(start), 0.0), (float(end), 1.0)))

    def at(self, values: Values) -> Values:
        """Return the scores of `values`, taken as the whole landscape; NaN stays NaN."""
        return self.fitted(values).at(values)
