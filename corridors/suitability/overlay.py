"""From predictor layers to one suitability map: score every layer, weigh the scores, combine them."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args

import numpy as np
import xarray as xr

from corridors.errors import ConfigError, CorridorsError, InputError, raise_all
from corridors.grid import Grid, same_grid
from corridors.suitability.curves import QuantileRise, Values
from corridors.suitability.responses import Response, as_response, layers_used, score
from corridors.suitability.weights import full_weights

Method = Literal["geometric_mean", "weighted_sum", "minimum"]
Responses = Mapping[str, Response | Mapping[str, Any]]


def response_scores(
    layers: xr.Dataset, responses: Responses, *, impassable: xr.DataArray | None = None
) -> xr.Dataset:
    """Return how good every predictor alone is, cell by cell.

    Parameters
    ----------
    layers : Dataset
        Predictor layers on one grid.
    responses : mapping of str to Response
        By layer name; plain values as in a workflow file will do.
    impassable : DataArray of bool, optional
        Cells that do not count, as the sea: NaN in the scores, left out of quantiles.

    Returns
    -------
    Dataset
        Scores from 0 to 1, float32, NaN where the layer has no data; attribute `curve` says what was used.

    Raises
    ------
    InputError
        I201, I202 grids differ; I212 infinite values; I217 no data at all; I245 class without a score;
        I249 no such layer. All problems of all layers at once.
    """
    given = {name: as_response(response, where=name) for name, response in responses.items()}
    raise_all(_absent(name, layers) for name in layers_used(given) if name not in layers)
    used = [layers[name] for name in layers_used(given)]
    grid = same_grid(*used, *([] if impassable is None else [impassable]))
    closed = np.zeros(grid.shape, dtype=bool) if impassable is None else impassable.values.astype(bool)
    problems: list[CorridorsError] = []
    scored: dict[str, xr.DataArray] = {}
    for name, response in given.items():
        try:
            scored[name] = _scored(layers, name, response, closed, grid)
        except CorridorsError as error:
            problems.append(_named(error, name))
    raise_all(problems)
    return xr.Dataset(scored)


def weighted_overlay(
    layers: xr.Dataset,
    *,
    responses: Responses,
    weights: Mapping[str, float] | None = None,
    method: Method = "geometric_mean",
    impassable: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return habitat suitability from 0 to 1: scores of the predictors, weighed and combined.

    The weighted geometric mean lets one hopeless predictor spoil a cell (any zero gives zero); the weighted
    sum lets good ones make up for it (Malczewski 2000); the minimum takes the worst. A predictor of weight 0
    is not used at all.

    Parameters
    ----------
    layers : Dataset
        Predictor layers on one grid.
    responses : mapping of str to Response
        By layer name; plain values as in a workflow file will do.
    weights : mapping of str to float, optional
        One per predictor, summing to 1; equal where left out.
    method : str
        "geometric_mean", "weighted_sum" or "minimum".
    impassable : DataArray of bool, optional
        Cells nothing lives in or crosses, as the sea: NaN.

    Returns
    -------
    DataArray
        "suitability", float32, NaN where a used predictor has no data or the cell is impassable.

    Raises
    ------
    ConfigError
        C120 weights, C123 method; and what `as_response` raises.
    InputError
        As `response_scores`.

    Examples
    --------
    >>> grid = Grid.for_area((131.0, 43.0, 131.01, 43.01), crs="EPSG:32652", cell_size_m=1000)
    >>> distance = grid.like(np.full(grid.shape, 3.0), name="distance_to_roads", units="km")
    >>> curve = {"distance_to_roads": {"kind": "exponential_decay", "k": 1.5}}
    >>> suitability = weighted_overlay(distance.to_dataset(), responses=curve)
    >>> f"{suitability.values[0, 0]:.3f}"
    '0.865'
    """
    if method not in get_args(Method):
        given, allowed = str(method), ", ".join(get_args(Method))
        raise ConfigError("unknown way to combine scores", code="C123", given=given, allowed=allowed)
    shares = {name: weight for name, weight in full_weights(responses, weights).items() if weight > 0}
    if not shares:
        raise ConfigError("there is no predictor", code="C123", remedy="Give at least one response.")
    used = {name: responses[name] for name in shares}
    scores = response_scores(layers, used, impassable=impassable)
    values = np.stack([scores[name].values.astype(np.float64) for name in shares])
    combined = combine(values, np.array(list(shares.values())), method=method)
    attrs = {
        "method": method,
        "predictors": ", ".join(f"{name} {share:.4g}" for name, share in shares.items()),
    }
    return Grid.of(scores).like(combined.astype(np.float32), name="suitability", units="0-1", attrs=attrs)


def combine(scores: Values, weights: Values, *, method: Method = "geometric_mean") -> Values:
    """Return scores (predictors first) combined over predictors; weights sum to 1.

    Examples
    --------
    >>> combine(np.array([[1.0], [0.25]]), np.array([0.5, 0.5])).tolist()
    [0.5]
    """
    if method == "minimum":
        lowest: Values = np.min(scores, axis=0)
        return lowest
    if method == "weighted_sum":
        return np.clip(np.tensordot(weights, scores, axes=1), 0, 1)
    # exp(log) would lose an exact 1; a product of powers keeps 0 and 1.
    product = np.ones(scores.shape[1:])
    for layer, weight in zip(scores, weights, strict=True):
        product *= layer**weight
    return np.clip(product, 0, 1)


def _absent(name: str, layers: xr.Dataset) -> InputError:
    present = [str(layer) for layer in layers.data_vars]
    nearest = get_close_matches(name, present, n=1)
    remedy = f"Did you mean {nearest[0]}?" if nearest else "Add the layer, or drop the predictor."
    return InputError(
        "there is no such layer", code="I249", where=name, allowed=", ".join(present), remedy=remedy
    )


def _scored(
    layers: xr.Dataset, name: str, response: Response, closed: np.ndarray[Any, np.dtype[np.bool_]], grid: Grid
) -> xr.DataArray:
    values = _open_cells(layers[name], closed)
    rugged_layer = getattr(response, "ruggedness_layer", None)
    ruggedness = _open_cells(layers[rugged_layer], closed) if rugged_layer else None
    curve: Response = response.fitted(values) if isinstance(response, QuantileRise) else response
    scores = score(values, curve, ruggedness=ruggedness)
    return grid.like(scores.astype(np.float32), name=name, units="0-1", attrs={"curve": str(curve)})


def _open_cells(layer: xr.DataArray, closed: np.ndarray[Any, np.dtype[np.bool_]]) -> Values:
    values: Values = np.where(closed, np.nan, layer.values.astype(np.float64))
    infinite = int(np.isinf(values).sum())
    if infinite:
        what = f"{infinite} cells are infinite"
        raise InputError(what, code="I212", remedy="Declare them as nodata in the layer.")
    if np.isnan(values).all():
        remedy = "Check the area, the layer's nodata and what is impassable."
        raise InputError("no cell has data", code="I217", remedy=remedy)
    return values


def _named(error: CorridorsError, name: str) -> CorridorsError:
    parts = error.as_dict()
    parts["where"] = parts["where"] or name
    return type(error)(parts.pop("what"), **parts)
