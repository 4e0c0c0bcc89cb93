"""Links edited by hand: pairs of core areas that are looked at, never linked, or always."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridors.errors import CorridorsError, InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import geopandas as gpd

Pair = tuple[int, int]


def in_order(pair: Pair) -> Pair:
    """Return a pair, the smaller number first."""
    return min(pair), max(pair)


def chosen_pairs(
    pairs: Iterable[Pair], include: Collection[Pair] | None, exclude: Collection[Pair], forced: set[Pair]
) -> list[Pair]:
    """Return the pairs to look at, in order.

    Examples
    --------
    >>> chosen_pairs([(1, 2), (2, 3)], None, [(3, 2)], {(1, 4)})
    [(1, 2), (1, 4)]
    """
    kept = set(pairs) if include is None else set(pairs) & {in_order(pair) for pair in include}
    return sorted((kept - {in_order(pair) for pair in exclude}) | forced)


def pair_problems(ids: Iterable[int], **lists: Collection[Pair]) -> list[CorridorsError]:
    """Return a problem for every pair that names no core, or one core twice, or is excluded and wanted.

    Parameters
    ----------
    ids
        Numbers of the core areas there are.
    lists
        Pairs by the name of their list: include, exclude, force.
    """
    known = sorted(map(int, ids))
    problems: list[CorridorsError] = []
    for name, pairs in lists.items():
        for pair in pairs:
            absent = [str(core) for core in pair if core not in known]
            if absent:
                what, allowed = f"there is no core area {' and no '.join(absent)}", ", ".join(map(str, known))
                remedy = "Numbers change with core areas: --ids-from RUN keeps those of an earlier run."
                place, given = f"links.{name}", f"{pair[0]}-{pair[1]}"
                problems.append(
                    InputError(what, code="I241", where=place, given=given, allowed=allowed, remedy=remedy)
                )
            elif pair[0] == pair[1]:
                what, place = "a link has two ends", f"links.{name}"
                problems.append(InputError(what, code="I241", where=place, given=f"{pair[0]}-{pair[1]}"))
    wanted = {in_order(pair) for name, pairs in lists.items() if name != "exclude" for pair in pairs}
    for core_a, core_b in sorted(wanted & {in_order(pair) for pair in lists.get("exclude", ())}):
        what = f"{core_a}-{core_b} is excluded and wanted at once"
        problems.append(InputError(what, code="I241", where="links"))
    return problems


def no_way(core_a: int, core_b: int) -> InputError:
    """Return the problem of a link that is to be and cannot."""
    what = f"nothing leads from core area {core_a} to {core_b}: sea, no data or a sealed barrier lies between"
    remedy = "Take the pair out of force, or open a way: openings of the barrier, impassable classes."
    return InputError(what, code="I243", where="links.force", remedy=remedy)


def follow_link_ids(links: gpd.GeoDataFrame, former: pd.DataFrame, *, highest: int = 0) -> gpd.GeoDataFrame:
    """Return links with the numbers they had before between the same two cores; others are numbered on.

    Parameters
    ----------
    links
        As `find_links` returns them, between cores whose numbers are those of the earlier run.
    former
        Links of the earlier run, indexed by `link_id`, with `core_a` and `core_b`.
    highest
        Highest number given so far, if above those of `former`.
    """
    known = {(int(a), int(b)): int(i) for i, a, b in former[["core_a", "core_b"]].itertuples()}
    last = max([highest, *known.values()], default=0)
    numbers = []
    for pair in zip(links["core_a"], links["core_b"], strict=True):
        own = known.get((int(pair[0]), int(pair[1])))
        last += int(own is None)
        numbers.append(last if own is None else own)
    return links.set_axis(pd.Index(numbers, name="link_id", dtype="int64"), axis=0).sort_index()
