"""What several species have on the same land: core areas, corridors, and how much of it is protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.layers.cell_areas import cell_areas_km2
from corridors.layers.countries import country_labels
from corridors.layers.rasterise import burn_polygons
from corridors.schema import TABLES

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from corridors.grid import Grid
    from corridors.result import CaseResult

NOTHING, CORRIDOR, CORE = 0, 1, 2
STATES = {CORRIDOR: "corridor", CORE: "core area"}
NONE = "none of them"
OTHER, ALL = "other", "all"
MOST_SPECIES = 10
"""3^10 combinations are the most that 16 bits hold."""


@dataclass(frozen=True, eq=False)
class Land:
    """Cells of a landscape: their areas, the country of each, and which are protected.

    `protected` is None where there is no layer of protected areas; `countries` names the labels of `country`.
    """

    area_km2: NDArray[np.float64]
    country: NDArray[np.uint16]
    countries: Mapping[int, str]
    protected: NDArray[np.bool_] | None
    incomplete: tuple[str, ...]


def land_of(grid: Grid, context: Mapping[str, gpd.GeoDataFrame], incomplete: Sequence[str] = ()) -> Land:
    """Return the cells of a grid with country and protection; a cell belongs where its centre lies."""
    country, codes = np.zeros(grid.shape, np.uint16), dict[int, str]()
    if "countries" in context:
        labels, codes = country_labels(context["countries"], grid)
        country = labels.to_numpy()
    parks = context.get("protected_areas")
    protected = None if parks is None else burn_polygons(parks.geometry.to_numpy(), grid)
    gaps = set(incomplete)
    if parks is not None and "country" in parks:
        # A country without a protected area of its own on the map is one that nobody has mapped.
        gaps |= set(codes.values()) - set(parks["country"])
    return Land(cell_areas_km2(grid), country, codes, protected, tuple(sorted(gaps)))


def corridor_cells(case: CaseResult, grid: Grid) -> NDArray[np.bool_]:
    """Return which cells lie in a corridor of a case, as its rule cuts it; core areas are none."""
    within = burn_polygons(case.vectors["corridors"].geometry.to_numpy(), grid)
    cells: NDArray[np.bool_] = within & (case.rasters["cores"].to_numpy() == 0)
    return cells


def species_states(case: CaseResult, grid: Grid) -> NDArray[np.uint8]:
    """Return what a species has in each cell: 0 nothing, 1 a corridor, 2 a core area."""
    core = case.rasters["cores"].to_numpy() > 0
    return np.where(core, CORE, np.where(corridor_cells(case, grid), CORRIDOR, NOTHING)).astype(np.uint8)


def species_overlap(cases: Mapping[str, CaseResult], grid: Grid) -> xr.DataArray:
    """Return which species have a core area or a corridor in each cell.

    Parameters
    ----------
    cases : mapping of str to CaseResult
        One per species, by its name in plain words; at most 10.
    grid : Grid
        Of their rasters.

    Returns
    -------
    DataArray
        The schema's raster `species_overlap` (rows, columns): the sum over the species of 3^i times 0 for
        nothing, 1 for a corridor, 2 for a core area; NaN where no case has data. The attributes
        `flag_values` and `flag_meanings` say in words what the values found mean (CF conventions).
    """
    code = np.zeros(grid.shape)
    known = np.zeros(grid.shape, dtype=bool)
    for number, case in enumerate(cases.values()):
        code += 3.0**number * species_states(case, grid)
        known |= np.isfinite(case.rasters["suitability"].to_numpy())
    # Core areas may hold cells without data: holes that were filled.
    values = grid.like(np.where(known | (code > 0), code, np.nan), name="species_overlap", units="class")
    found = np.unique(code[known | (code > 0)]).astype(int).tolist()
    meanings = [combination(value, list(cases)) for value in found]
    return values.assign_attrs(flag_values=found, flag_meanings=meanings)


def states_in(value: int, count: int) -> tuple[int, ...]:
    """Return what each of `count` species has, from the value of the raster.

    Examples
    --------
    >>> states_in(7, 2)  # 1 + 3 x 2
    (1, 2)
    """
    return tuple(value // 3**number % 3 for number in range(count))


def combination(value: int, species: Sequence[str]) -> str:
    """Return a value of the raster in words.

    Examples
    --------
    >>> combination(7, ["lynx", "bear"])
    'lynx: corridor; bear: core area'
    """
    states = zip(species, states_in(value, len(species)), strict=True)
    return "; ".join(f"{name}: {STATES[state]}" for name, state in states if state) or NONE


def overlap_table(overlap: xr.DataArray, land: Land) -> pd.DataFrame:
    """Return the land of every combination, per country and jointly, as the schema's table `overlap`.

    Combinations exclude each other, so that their areas sum to the land that any species has.
    """
    values = overlap.to_numpy()
    rows = []
    pairs = zip(overlap.attrs["flag_values"], overlap.attrs["flag_meanings"], strict=True)
    for value, meaning in sorted(pairs, reverse=True):
        if value:
            rows += areas_of(values == value, land, {"combination": meaning})
    table = pd.DataFrame(rows, columns=[c for c in TABLES["overlap"].columns if c != "share_percent"])
    whole = table.groupby("country")["area_km2"].transform("sum")
    share = (100 * table["area_km2"] / whole).where(whole > 0)
    table.insert(list(table).index("area_km2") + 1, "share_percent", share)
    return table


def shared_land(overlap: xr.DataArray, species: Sequence[str], land: Land) -> pd.DataFrame:
    """Return core areas and corridors of each species, and of all of them with shared land counted once."""
    values = np.nan_to_num(overlap.to_numpy()).astype(int)
    rows = []
    for state, what in ((CORE, "core areas"), (CORRIDOR, "corridors")):
        cells = {name: values // 3**i % 3 == state for i, name in enumerate(species)}
        for name, own in cells.items():
            rows += areas_of(own, land, {"land": f"{what}, {name}"})
        anywhere = np.logical_or.reduce(list(cells.values()))
        rows += areas_of(anywhere, land, {"land": f"{what}, all species, shared land once"})
        everywhere = np.logical_and.reduce(list(cells.values()))
        rows += areas_of(everywhere, land, {"land": f"{what}, shared by all species"})
    return pd.DataFrame(rows, columns=list(TABLES["shared_land"].columns))


def areas_of(cells: NDArray[np.bool_], land: Land, named: dict[str, str]) -> list[dict[str, str | float]]:
    """Return rows of area and protected area: one per country, land outside them, and all together."""
    places = [(code, land.country == label) for label, code in land.countries.items()]
    places = [*places, (OTHER, land.country == 0)] if places else []
    rows = [
        area_row(cells & within, land, named, country) for country, within in places if (cells & within).any()
    ]
    return [*rows, area_row(cells, land, named, ALL)]


def area_row(
    cells: NDArray[np.bool_], land: Land, named: dict[str, str], country: str
) -> dict[str, str | float]:
    """Return one row: without a layer of protected areas their part is not known, which is not 0."""
    area = float(land.area_km2[cells].sum())
    protected = np.nan if land.protected is None else float(land.area_km2[cells & land.protected].sum())
    here = {land.countries[label] for label in np.unique(land.country[cells]) if label}
    gaps = [code for code in land.incomplete if code in here]
    return {
        **named, "country": country, "area_km2": area, "protected_km2": protected,
        "prot_percent": 100 * protected / area if area else np.nan, "incomplete": ", ".join(gaps),
    }  # fmt: skip


def one_case_each(cases: Mapping[str, tuple[str, str]], baseline: str = "baseline") -> dict[str, str]:
    """Return the case that stands for each species: its baseline where there is one, else its first.

    `cases` gives species and scenario of every case.

    Examples
    --------
    >>> one_case_each({"a": ("lynx", "fence"), "b": ("lynx", "baseline"), "c": ("bear", "x")})
    {'lynx': 'b', 'bear': 'c'}
    """
    chosen: dict[str, str] = {}
    for key, (species, scenario) in cases.items():
        if species not in chosen or (scenario == baseline and cases[chosen[species]][1] != baseline):
            chosen[species] = key
    return chosen
