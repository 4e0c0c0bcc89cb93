"""How many animals core areas could hold: an interval, from published densities; not how many there are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from corridors.errors import CorridorsError, InputError, raise_all

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "potential, not abundance"
ALL = "all"


def core_capacity(
    cores: pd.DataFrame,
    *,
    adults_per_100_km2: tuple[float, float],
    breeding_females_per_100_km2: tuple[float, float],
) -> pd.DataFrame:
    """Return the cores with the animals they could hold: area times the range of published densities.

    Parameters
    ----------
    cores : DataFrame indexed by core_id
        With `area_km2`, > 0.
    adults_per_100_km2, breeding_females_per_100_km2 : (lowest, highest)
        Published densities, > 0. They may come from different studies.

    Returns
    -------
    DataFrame
        The cores with `adults_low`, `adults_high`, `breeding_females_low`, `breeding_females_high`.
        `attrs["title"]` is "potential, not abundance"; `attrs["notes"]` says where the two ranges disagree.

    Raises
    ------
    InputError
        I251 no areas, I252 an area that is not positive, I292 a range that is none.

    Examples
    --------
    >>> cores = pd.DataFrame({"area_km2": [14_100.0]}, index=pd.Index([1], name="core_id"))
    >>> tigers = core_capacity(cores, adults_per_100_km2=(0.2, 0.65), breeding_females_per_100_km2=(0.2, 0.4))
    >>> tigers[["adults_low", "adults_high"]].round(2).values.tolist()
    [[28.2, 91.65]]
    """
    ranges = {"adults": adults_per_100_km2, "breeding_females": breeding_females_per_100_km2}
    if "area_km2" not in cores:
        raise InputError("has no column area_km2", code="I251", where="cores")
    raise_all([*_range_problems(ranges), *_area_problems(cores["area_km2"])])
    columns = {
        f"{what}_{bound}": cores["area_km2"] * density / 100
        for what, densities in ranges.items()
        for bound, density in zip(("low", "high"), densities, strict=True)
    }
    table = cores.assign(**columns)
    table.attrs |= {"title": TITLE, "notes": tuple(_disagreements(ranges))}
    return table


def capacity_by_country(capacity: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return what the cores could hold in each country, and jointly.

    Parameters
    ----------
    capacity : DataFrame indexed by core_id
        From `core_capacity`.
    shares : DataFrame
        `core_id`, `country` and `area_km2`, a row for each country a core lies in.

    Returns
    -------
    DataFrame
        A row per country in alphabetical order, and the row "all" for all of them together: `country`,
        `area_km2`, and the columns of `core_capacity`. `attrs["title"]` is "potential, not abundance".
    """
    bounds = [f"{what}_{bound}" for what in ("adults", "breeding_females") for bound in ("low", "high")]
    per_km2 = capacity[bounds].div(capacity["area_km2"], axis=0)
    parts = per_km2.loc[shares["core_id"]].mul(shares["area_km2"].to_numpy(), axis=0)
    parts.insert(0, "area_km2", shares["area_km2"].to_numpy())
    table = parts.groupby(shares["country"].to_numpy()).sum()
    table.loc[ALL] = parts.sum()
    table = table.rename_axis("country").reset_index()
    table.attrs = {"title": TITLE, "notes": capacity.attrs.get("notes", ())}
    return table


def density_check(
    area_km2: float, animals: float, *, published_per_100_km2: tuple[float, float], what: str = "adults"
) -> tuple[float, str]:
    """Return the density that a number of animals on an area means, and a note if none such is published.

    Parameters
    ----------
    area_km2, animals : float
        Suitable area, > 0, and animals said to live on it, >= 0.
    published_per_100_km2 : (lowest, highest)
        Published densities.
    what : str
        What the animals are, for the note.

    Returns
    -------
    per_100_km2 : float
    note : str
        Empty where the density lies within the published range.

    Raises
    ------
    InputError
        I252 an area that is not positive, I292 a range that is none.

    Examples
    --------
    >>> density_check(14_100, 80, published_per_100_km2=(0.6, 1.0), what="leopards")
    (0.5673758865248227, '80 leopards on 14100 km² are 0.5674 per 100 km², outside the published 0.6 to 1')
    """
    areas = pd.Series([area_km2], index=pd.Index(["all"]))
    raise_all([*_range_problems({"published": published_per_100_km2}), *_area_problems(areas)])
    density = 100 * animals / area_km2
    lowest, highest = published_per_100_km2
    if lowest <= density <= highest:
        return density, ""
    found = f"{animals:.6g} {what} on {area_km2:.6g} km² are {density:.4g} per 100 km²"
    return density, f"{found}, outside the published {lowest:g} to {highest:g}"


def _range_problems(ranges: dict[str, tuple[float, float]]) -> Iterator[CorridorsError]:
    for name, (lowest, highest) in ranges.items():
        if not (math.isfinite(highest) and 0 < lowest <= highest):
            what, given = "is no range of densities", f"{lowest:g} to {highest:g}"
            yield InputError(
                what, code="I292", where=f"{name}_per_100_km2", given=given, allowed="0 < lowest <= highest"
            )


def _area_problems(areas: pd.Series) -> Iterator[CorridorsError]:
    for core_id, area in areas.items():
        if not (math.isfinite(area) and area > 0):
            what = "area_km2 must be a positive number"
            yield InputError(what, code="I252", where=f"core {core_id}", given=f"{area:g}")


def _disagreements(ranges: dict[str, tuple[float, float]]) -> Iterator[str]:
    for bound, adults, females in zip(("lower", "upper"), *ranges.values(), strict=True):
        if females > adults:
            yield (
                f"at the {bound} bound there are more breeding females ({females:g} per 100 km²) than adults "
                f"({adults:g}): the two ranges come from different studies"
            )
