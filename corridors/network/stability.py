"""How far an order of places hangs on the weights somebody chose."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHARE_AT_THE_TOP = 0.2


def rank_stability(
    scores: pd.DataFrame, weights: NDArray[np.float64], *, spread: float = 0.5
) -> pd.DataFrame:
    """Return how ranks move when weights do: every weight lowered, kept or raised, in all combinations.

    Parameters
    ----------
    scores : DataFrame
        A row per place, a column per factor, 0..1, 1 the best.
    weights : (factors,)
        Weight of each factor, >= 0, not all of them 0.
    spread : float
        By which part weights are lowered and raised, >= 0 and < 1.

    Returns
    -------
    DataFrame with the index of the scores
        `rank_best` and `rank_worst`, the ends of what the rank can be; `top_percent`, in which share of the
        combinations the place is among the first fifth (at least one place). `attrs["rank_correlation"]` is
        the least correlation of ranks (Spearman) of any combination with the weights given: 1 where the order
        does not move, NaN for fewer than two places.

    Raises
    ------
    InputError
        I293 a spread out of range.

    Examples
    --------
    >>> scores = pd.DataFrame({"size": [1.0, 0.0, 0.4], "expert": [0.0, 1.0, 0.3]}, index=["a", "b", "c"])
    >>> rank_stability(scores, np.array([0.5, 0.5])).loc["a"].tolist()
    [1.0, 3.0, 66.66666666666666]
    """
    if not 0 <= spread < 1:
        what = "the spread of weights is out of range"
        raise InputError(what, code="I293", where="spread", given=f"{spread:g}", allowed=">= 0 and < 1")
    factors = np.array(list(product((1 - spread, 1.0, 1 + spread), repeat=scores.shape[1])))
    values = scores.to_numpy(dtype=float) @ (factors * weights / (factors @ weights)[:, None]).T
    ranks = pd.DataFrame(values, index=scores.index).round(12).rank(ascending=False, method="min")
    top = max(1, round(SHARE_AT_THE_TOP * len(scores)))
    table = pd.DataFrame(
        {
            "rank_best": ranks.min(axis=1).astype("Int64"),
            "rank_worst": ranks.max(axis=1).astype("Int64"),
            "top_percent": 100 * (ranks <= top).mean(axis=1),
        }
    )
    table.attrs["rank_correlation"] = _least_correlation(ranks, len(factors) // 2)
    return table


def ranked(values: pd.Series) -> pd.Series:
    """Return ranks, 1 the highest; equal values share the better rank."""
    return values.round(12).rank(ascending=False, method="min").astype("Int64").rename("rank")


def _least_correlation(ranks: pd.DataFrame, as_given: int) -> float:
    """Return the least correlation of any column with the one of the weights as they were given."""
    if len(ranks) < 2:
        return float("nan")
    middle = ranks.rank().to_numpy() - (len(ranks) + 1) / 2
    given = middle[:, as_given]
    norms = np.sqrt(np.sum(middle**2, axis=0) * np.sum(given**2))
    products = given @ middle
    # All places equal under some weights: nothing moved if they are equal under those given too.
    same = (middle == given[:, None]).all(axis=0)
    correlation = np.where(same, 1.0, products / np.where(norms > 0, norms, 1.0))
    return float(correlation.min())
