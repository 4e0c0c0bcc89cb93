"""The best set of proposals under a budget.

The worth of a set is not the sum of its parts: two corridors in a row are worth more than each alone, two
side by side less. So every candidate set is judged as a whole, by the function of sets that is handed over.
Up to `EXACT_UP_TO` proposals all sets are looked at, and the best is the best. Above that proposals are added
while they bring most for what they use up, then swapped while a swap helps: a heuristic, and called so, with
its distance from what all proposals together would bring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product
from math import inf, nan

from corridors.errors import InputError

Members = frozenset[str]
Worth = Callable[[Members], float]

EXACT_UP_TO = 16  # 65 536 sets
ROUNDING = 1e-9  # of the budget: sums of areas are not exact


@dataclass(frozen=True)
class Choice:
    """The set chosen, and how sure one can be that none is better.

    Parameters
    ----------
    proposals : tuple of str
        Names, in the order they were given.
    worth, use : float
        What the set brings, and what it takes of the budget.
    method : str
        `exact`: every set was looked at. `heuristic`: added one by one, then swapped.
    bound : float
        What all proposals together would bring, without a budget.
    gap_percent : float
        How far the worth lies below that bound, per cent of the bound. NaN where the set is worth more than
        all together: some proposals take away from others, and what all bring bounds nothing.
    adds : mapping of str to float
        What the set would lose without each of its members.
    """

    proposals: tuple[str, ...]
    worth: float
    use: float
    method: str
    bound: float
    gap_percent: float
    adds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What a set may use, and the least share of it in each country."""

    use: Mapping[str, float]
    budget: float
    parts: Mapping[str, Mapping[str, float]]
    least: Mapping[str, float]

    def total(self, members: Iterable[str]) -> float:
        """Return what a set uses."""
        return sum(self.use[name] for name in sorted(members))

    def affordable(self, members: Members) -> bool:
        """Return whether the budget allows a set."""
        return self.total(members) <= self.budget * (1 + ROUNDING)

    def shortfall(self, members: Members) -> float:
        """Return how far the countries together miss the shares they are due (0 = fair)."""
        total = self.total(members)
        if total == 0:
            return 0.0
        missing = 0.0
        for country, least in self.least.items():
            inside = sum(self.parts[name].get(country, 0.0) for name in sorted(members))
            missing += max(0.0, least - inside / total - ROUNDING)
        return missing


def choose(
    use: Mapping[str, float],
    worth: Worth,
    *,
    budget: float,
    parts: Mapping[str, Mapping[str, float]] | None = None,
    least_share: Mapping[str, float] | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> Choice:
    """Return the set of proposals that is worth most within a budget.

    Parameters
    ----------
    use : mapping
        What each proposal takes of the budget: an area, a cost, or 1 to count them.
    worth : callable
        What a set (frozenset of names) brings. The empty set is never asked for.
    budget : float
        The most that may be used, in the same unit.
    parts : mapping, optional
        For each proposal, how much of its use lies in each country. Needed for `least_share`.
    least_share : mapping, optional
        The least share (0..1) of the chosen set's use that each country shall have.
    exact_up_to : int
        The largest number of proposals of which all sets are looked at.

    Returns
    -------
    Choice
        Of sets worth the same, the one that uses less, then the one with fewer proposals.

    Raises
    ------
    InputError
        I280 there are no proposals, a use is negative or unknown, or nothing fits the budget and the shares.

    Examples
    --------
    >>> alone = {"north": 5.0, "middle": 4.0, "south": 4.0}
    >>> def worth(members):
    ...     return sum(alone[name] for name in members) + 3 * ({"middle", "south"} <= members)
    >>> choose({"north": 2, "middle": 1, "south": 1}, worth, budget=2).proposals
    ('middle', 'south')
    """
    limits = Limits(use, budget, parts or {}, least_share or {})
    check(limits)
    exact = len(use) <= exact_up_to
    best = best_of_all(limits, worth) if exact else best_found(limits, worth)
    if best is None:
        raise nothing_fits(limits)
    everything, value = worth(frozenset(use)), worth(best)
    chosen = tuple(name for name in use if name in best)
    adds = {name: value - (worth(best - {name}) if len(best) > 1 else 0.0) for name in chosen}
    method, gap = "exact" if exact else "heuristic", gap_percent(value, everything)
    return Choice(chosen, value, limits.total(best), method, everything, gap, adds)


def gap_percent(value: float, bound: float) -> float:
    """Return how far a worth lies below its bound; NaN where it lies above, so that it is none.

    Examples
    --------
    >>> gap_percent(3.0, 4.0), gap_percent(4.0, 3.0)
    (25.0, nan)
    """
    if value > bound + ROUNDING * abs(bound):
        return nan
    return 100 * max(0.0, bound - value) / bound if bound > 0 else 0.0


def check(limits: Limits) -> None:
    """Refuse what no choice can be made from."""
    wrong = [name for name, value in limits.use.items() if not value >= 0]
    if not limits.use or wrong:
        what = "what a proposal takes of the budget must be known and not negative"
        given = ", ".join(wrong) if wrong else "no proposals"
        raise InputError(what, code="I280", where="proposals", given=given, remedy="Give every one its use.")


def nothing_fits(limits: Limits) -> InputError:
    """Return the complaint that no set is allowed."""
    cheapest = min(limits.use.values())
    what = "no proposal fits the budget"
    if cheapest <= limits.budget:
        what = "no set of proposals within the budget gives each country its least share"
    allowed = (
        f"at least {cheapest:g}, the smallest proposal" if cheapest > limits.budget else "smaller shares"
    )
    remedy = "Raise the budget, or ask for smaller shares."
    return InputError(
        what, code="I280", where="budget", given=f"{limits.budget:g}", allowed=allowed, remedy=remedy
    )


def best_of_all(limits: Limits, worth: Worth) -> Members | None:
    """Return the best of every allowed set."""
    names = tuple(limits.use)
    sets = (frozenset(c) for size in range(1, len(names) + 1) for c in combinations(names, size))
    allowed = [m for m in sets if limits.affordable(m) and limits.shortfall(m) == 0]
    return min(allowed, key=lambda m: order(m, limits, worth), default=None)


def order(members: Members, limits: Limits, worth: Worth) -> tuple[float, float, int, tuple[str, ...]]:
    """Return what the better of two sets comes first by."""
    return -worth(members), limits.total(members), len(members), tuple(sorted(members))


def best_found(limits: Limits, worth: Worth) -> Members | None:
    """Return a good set: proposals added by what they bring per use, then swapped while that helps."""
    members: Members = frozenset()
    while True:
        gains = [
            (rank(bigger, limits, worth, members), bigger)
            for name in limits.use
            if limits.affordable(bigger := members | {name}) and name not in members
        ]
        better = [found for found in gains if found[0] < rank(members, limits, worth, members)]
        if not better:
            break
        members = min(better, key=lambda found: (found[0], sorted(found[1])))[1]
    members = swapped(members, limits, worth)
    return members if members and limits.shortfall(members) == 0 else None


def rank(members: Members, limits: Limits, worth: Worth, start: Members) -> tuple[float, float]:
    """Return how a bigger set is judged: shares first, then what it brings for what it adds to the use."""
    if not members:
        return inf, 0.0  # any first proposal is a start, even one that lies in a single country
    added = limits.total(members) - limits.total(start)
    gain = worth(members) - (worth(start) if start else 0.0)
    return limits.shortfall(members), -gain / max(added, ROUNDING) if gain else 0.0


def swapped(members: Members, limits: Limits, worth: Worth) -> Members:
    """Return a set that no exchange of one proposal, nor adding or leaving out one, makes better."""
    best = judged(members, limits, worth)
    while True:
        near = [m for m in neighbours(members, limits) if m and limits.affordable(m)]
        found = min(((judged(m, limits, worth), sorted(m)) for m in near), default=None)
        if found is None or found[0] >= best:
            return members
        best, members = found[0], frozenset(found[1])


def judged(members: Members, limits: Limits, worth: Worth) -> tuple[float, float, float]:
    """Return what a set is compared by: shares, worth, use."""
    return limits.shortfall(members), -(worth(members) if members else 0.0), limits.total(members)


def neighbours(members: Members, limits: Limits) -> Iterator[Members]:
    """Yield the sets one step away: one out, one in, or one for another."""
    others = [name for name in limits.use if name not in members]
    yield from (members - {name} for name in members)
    yield from (members | {name} for name in others)
    yield from ((members - {out}) | {into} for out, into in product(members, others))
