"""Cases of one species side by side: what was set, what came of it, and how far their corridors agree."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridors.config import parameter_table
from corridors.pipeline.overlap import corridor_cells
from corridors.schema import TABLES

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.config import Workflow
    from corridors.grid import Grid
    from corridors.result import CaseResult


def variant_table(cases: Mapping[str, CaseResult], workflow: Workflow) -> pd.DataFrame:
    """Return one row per case: its numbers, and every value in which these cases differ.

    Parameters
    ----------
    cases : mapping of str to CaseResult
        Cases of one species or several; values are compared within a species.
    workflow : Workflow
        Where the values stand.

    Returns
    -------
    DataFrame
        The schema's table `variants`; a setting is a column named by its dotted key, empty for a species that
        does not vary it.
    """
    rows = []
    for keys in by_species(cases, workflow).values():
        settings = differing({key: settings_of(workflow, key) for key in keys})
        rows += [{**numbers_of(key, cases[key], workflow), **settings[key]} for key in keys]
    table = pd.DataFrame(rows)
    known = [column for column in TABLES["variants"].columns if column in table]
    return table[[*known, *sorted(str(column) for column in table if column not in known)]]


def by_species(cases: Mapping[str, CaseResult], workflow: Workflow) -> dict[str, list[str]]:
    """Return the case keys of every species that has several."""
    grouped: dict[str, list[str]] = {}
    for key in cases:
        grouped.setdefault(workflow.cases[key].name, []).append(key)
    return {name: keys for name, keys in grouped.items() if len(keys) > 1}


def settings_of(workflow: Workflow, case: str) -> dict[str, str]:
    """Return every value of a case as text."""
    table = parameter_table(workflow, case=case)
    return dict(zip(table["key"], table["value"], strict=True))


def differing(settings: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str | None]]:
    """Return, per case, the values that are not the same in all of them.

    Examples
    --------
    >>> differing({"one": {"k": "1", "c": "5"}, "two": {"k": "2", "c": "5"}})
    {'one': {'k': '1'}, 'two': {'k': '2'}}
    """
    keys = dict.fromkeys(key for values in settings.values() for key in values)
    varied = [key for key in keys if len({values.get(key) for values in settings.values()}) > 1]
    return {case: {key: values.get(key) for key in varied} for case, values in settings.items()}


def numbers_of(key: str, case: CaseResult, workflow: Workflow) -> dict[str, Any]:
    """Return what came of a case; the connected area is that of the middle dispersal distance, by length."""
    species, cores, links = workflow.cases[key], case.vectors["cores"], case.vectors["links"]
    distances = sorted(species.network.dispersal_km)
    middle = distances[(len(distances) - 1) // 2]
    found = case.tables["connectivity"]
    row = found[(found["dispersal_km"] == middle) & (found["distance"] == "length")]
    cost = links["cost_distance_m"].astype(float)
    return {
        "case": key,
        "season": species.season,
        "scenario": species.scenario,
        "cores_n": len(cores),
        "cores_km2": float(cores["area_km2"].astype(float).sum()),
        "links_n": len(links),
        "dispersal_km": middle,
        "equivalent_connected_area_km2": float(row["equivalent_connected_area_km2"].iloc[0]),
        "best_link_cost_m": float(cost.min()) if len(cost) else np.nan,
        "mean_link_cost_m": float(cost.mean()) if len(cost) else np.nan,
        "crossings_n": len(case.vectors["crossings"]),
    }


def agreement_table(
    corridors: Mapping[str, NDArray[np.bool_]], area_km2: NDArray[np.float64]
) -> pd.DataFrame:
    """Return for every pair of cases how far their corridors are the same land (Jaccard 1901).

    Parameters
    ----------
    corridors : mapping of str to ndarray of bool (rows, columns)
        Cells in a corridor, by case.
    area_km2 : ndarray (rows, columns)
        Area of the cells.

    Returns
    -------
    DataFrame
        The schema's table `variant_agreement`; `jaccard` is NaN where neither has a corridor.

    Examples
    --------
    >>> cells = {"a": np.array([[True, True, False]]), "b": np.array([[False, True, True]])}
    >>> float(agreement_table(cells, np.ones((1, 3)))["jaccard"].round(3).iloc[0])
    0.333
    """
    rows = []
    for (name_a, a), (name_b, b) in combinations(corridors.items(), 2):
        one, other, both = (float(area_km2[cells].sum()) for cells in (a, b, a & b))
        either = one + other - both
        rows.append((name_a, name_b, one, other, both, both / either if either else np.nan))
    return pd.DataFrame(rows, columns=list(TABLES["variant_agreement"].columns))


def agreement_raster(
    corridors: Mapping[str, NDArray[np.bool_]], cases: Mapping[str, CaseResult], grid: Grid, name: str
) -> xr.DataArray:
    """Return the share of the cases (%) that have a corridor in each cell; NaN where none has data."""
    share = 100 * np.mean([corridors[key] for key in corridors], axis=0)
    known = np.any([np.isfinite(cases[key].rasters["suitability"].to_numpy()) for key in corridors], axis=0)
    return grid.like(np.where(known | (share > 0), share, np.nan).astype(np.float32), name=name, units="%")


def corridors_of(keys: list[str], cases: Mapping[str, CaseResult], grid: Grid) -> dict[str, Any]:
    """Return the cells in corridors of some cases."""
    return {key: corridor_cells(cases[key], grid) for key in keys}
