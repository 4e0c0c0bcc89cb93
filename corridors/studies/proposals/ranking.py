"""Which proposal does most: ranks, how stable they are, and which no other beats in everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from corridors.errors import InputError


def ranks(values: pd.Series[float]) -> pd.Series[float]:
    """Return the rank of each value, 1 the largest; equal ones share the better rank, NaN has none.

    Examples
    --------
    >>> ranks(pd.Series([3.0, 5.0, float("nan"), 5.0])).tolist()
    [3.0, 1.0, nan, 1.0]
    """
    return values.rank(ascending=False, method="min")


def ranks_if_any(values: pd.Series[float]) -> pd.Series[float]:
    """Return ranks, and none where all that is known is equal: there is nothing to rank.

    Examples
    --------
    >>> ranks_if_any(pd.Series([0.0, 0.0])).tolist()
    [nan, nan]
    """
    several = values.dropna()
    same = len(several) > 1 and bool((several == several.iloc[0]).all())
    return values * np.nan if same else ranks(values)


def rank_ranges(settings: Iterable[pd.Series[float]]) -> pd.DataFrame:
    """Return the best and the worst rank of each proposal over several settings, and how often it keeps it.

    Parameters
    ----------
    settings : iterable of Series
        What each proposal brings under one setting, all with the same index; the first is the one it is
        ranked by, and counts for the best and the worst, too.

    Returns
    -------
    DataFrame
        `rank_low`, `rank_high` and `rank_kept_percent`: in how many of the other settings the rank is that of
        the first, NaN where there is no other.

    Examples
    --------
    >>> one, other = pd.Series({"a": 2.0, "b": 1.0}), pd.Series({"a": 2.0, "b": 3.0})
    >>> rank_ranges([one, one, other]).values.tolist()
    [[1.0, 2.0, 50.0], [1.0, 2.0, 50.0]]
    """
    every = pd.concat([ranks(setting) for setting in settings], axis=1)
    first, others = every.iloc[:, 0], every.iloc[:, 1:]
    kept = 100 * others.eq(first, axis=0).mean(axis=1)
    return pd.DataFrame(
        {
            "rank_low": every.min(axis=1),
            "rank_high": every.max(axis=1),
            "rank_kept_percent": kept.where(first.notna()),
        }
    )


def pareto_front(
    table: pd.DataFrame, *, maximise: Sequence[str], minimise: Sequence[str] = ()
) -> pd.Series[bool]:
    """Return which rows no other row beats: none is at least as good in all columns and better in one.

    Parameters
    ----------
    table : DataFrame
        A row per proposal.
    maximise, minimise : sequence of str
        Columns of which more, or less, is better. A row with a value unknown in one of them is neither on the
        front nor does it beat another.

    Raises
    ------
    InputError
        I251 a column that is not there.

    Examples
    --------
    >>> offers = pd.DataFrame({"gain": [5.0, 3.0, 2.0], "cost": [9.0, 2.0, 4.0]})
    >>> pareto_front(offers, maximise=["gain"], minimise=["cost"]).tolist()
    [True, True, False]
    """
    missing = [name for name in (*maximise, *minimise) if name not in table]
    if missing:
        what = f"has no column {', '.join(missing)}"
        raise InputError(what, code="I251", where="comparison")
    signs: Mapping[str, float] = {**dict.fromkeys(maximise, 1.0), **dict.fromkeys(minimise, -1.0)}
    values = table[list(signs)].to_numpy(dtype=np.float64) * np.array(list(signs.values()))
    known = ~np.isnan(values).any(axis=1)
    front = known.copy()
    for row in np.flatnonzero(known):
        others = values[known]
        beaten = (others >= values[row]).all(axis=1) & (others > values[row]).any(axis=1)
        front[row] = not beaten.any()
    return pd.Series(front, index=table.index)
