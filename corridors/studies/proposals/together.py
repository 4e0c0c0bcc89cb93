"""Two proposals together are worth more, or less, than the sum of both."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from corridors.studies.proposals.change import changed
from corridors.studies.proposals.measures import measured
from corridors.studies.proposals.read import parts_named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from corridors.studies.proposals.measures import Measured

NEAR_NOTHING = 1e-9


def interactions_of(
    baseline: Measured,
    single: Mapping[str, Measured],
    proposals: gpd.GeoDataFrame,
    names: Sequence[str],
    by: str,
) -> pd.DataFrame:
    """Return what every pair brings together, against the sum of what each brings alone."""
    start = baseline.joint(by)
    gain = {name: found.joint(by) - start for name, found in single.items()}
    rows = []
    for a, b in combinations(names, 2):
        parts, known = parts_named(proposals, [a, b]), (single[a], single[b])
        after = measured(changed(baseline.landscape, parts), baseline=baseline, known=known)
        both = after.joint(by) - start
        rows.append((a, b, by, gain[a], gain[b], both, both - gain[a] - gain[b]))
    table = pd.DataFrame(rows, columns=list(no_interactions().columns[:-2]))
    return table.assign(verdict=[verdict(one) for one in table["interaction"]])


def no_interactions() -> pd.DataFrame:
    """Return the table of interactions without a row."""
    texts = ("proposal_a", "proposal_b", "measure")
    numbers = ("change_a", "change_b", "change_both", "interaction")
    columns = {n: pd.Series(dtype=object) for n in texts} | {n: pd.Series(dtype="float64") for n in numbers}
    return pd.DataFrame(columns | {n: pd.Series(dtype=object) for n in ("verdict", "species")})


def verdict(interaction: float) -> str:
    """Return whether two are worth more or less together than the sum of both.

    Examples
    --------
    >>> verdict(2.0), verdict(-2.0), verdict(0.0), verdict(float("nan"))
    ('more', 'less', 'the same', 'not assessed')
    """
    if math.isnan(interaction):
        return "not assessed"
    if abs(interaction) <= NEAR_NOTHING:
        return "the same"
    return "more" if interaction > 0 else "less"
