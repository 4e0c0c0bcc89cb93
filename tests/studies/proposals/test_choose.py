"""The chooser against all subsets, looked at one by one."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.errors import InputError
from corridors.studies.proposals.choose import choose

amounts = st.floats(0.1, 10).map(lambda x: round(x, 2))


def subsets(names):
    return [
        frozenset(c) for c in chain.from_iterable(combinations(names, k) for k in range(1, len(names) + 1))
    ]


@st.composite
def landscapes(draw):
    """Draw proposals with a use, a worth alone, and what pairs bring on top or less."""
    names = [f"proposal {k}" for k in range(draw(st.integers(1, 6)))]
    use = {name: draw(amounts) for name in names}
    alone = {name: draw(amounts) for name in names}
    together = {pair: draw(st.floats(-3, 3)) for pair in combinations(names, 2)}
    split = {name: draw(st.floats(0, 1)) for name in names}
    parts = {name: {"AA": use[name] * split[name], "BB": use[name] * (1 - split[name])} for name in names}

    def worth(members):
        pairs = sum(together[pair] for pair in combinations(sorted(members, key=names.index), 2))
        return sum(alone[name] for name in sorted(members)) + pairs

    return use, worth, parts, draw(st.floats(0.5, 30)), draw(st.floats(0, 0.6))


@given(landscapes())
def test_the_exact_choice_is_the_best_of_all_subsets(landscape):
    use, worth, parts, budget, least = landscape

    def allowed(members):
        total = sum(use[name] for name in members)
        share = sum(parts[name]["AA"] for name in members) / total
        return total <= budget * (1 + 1e-9) and share >= least - 1e-9

    possible = [m for m in subsets(use) if allowed(m)]
    if not possible:
        with pytest.raises(InputError, match="budget"):
            choose(use, worth, budget=budget, parts=parts, least_share={"AA": least})
        return
    found = choose(use, worth, budget=budget, parts=parts, least_share={"AA": least})
    assert found.method == "exact"
    assert allowed(frozenset(found.proposals))
    assert found.worth == pytest.approx(max(worth(m) for m in possible), abs=1e-9)
    assert found.bound == pytest.approx(worth(frozenset(use)))
    members = frozenset(found.proposals)
    assert set(found.adds) == members
    for name, more in found.adds.items():
        left = worth(members - {name}) if len(members) > 1 else 0.0
        assert more == pytest.approx(found.worth - left, abs=1e-9)


@given(landscapes())
def test_no_single_change_makes_the_heuristic_choice_better(landscape):
    use, worth, _, budget, _ = landscape
    if min(use.values()) > budget:
        return
    found = choose(use, worth, budget=budget, exact_up_to=0)
    members = frozenset(found.proposals)
    assert found.method == "heuristic"
    near = [
        m for m in subsets(use) if len(m ^ members) == 1 or (len(m) == len(members) and len(m - members) == 1)
    ]
    affordable = [m for m in near if sum(use[name] for name in m) <= budget]
    assert found.use <= budget * (1 + 1e-9)
    assert all(worth(m) <= found.worth + 1e-9 for m in affordable)
    assert found.worth <= choose(use, worth, budget=budget).worth + 1e-9


def test_the_heuristic_finds_a_set_that_is_fair_to_both_countries():
    use = {"one": 1.0, "two": 1.0, "three": 1.0}
    parts = {"one": {"AA": 1.0}, "two": {"AA": 1.0}, "three": {"BB": 1.0}}
    alone = {"one": 5.0, "two": 4.0, "three": 1.0}
    found = choose(
        use, lambda m: sum(alone[n] for n in m), budget=2, parts=parts, least_share={"BB": 0.4}, exact_up_to=0
    )
    assert found.proposals == ("one", "three")


def test_the_gap_is_stated_against_all_proposals_without_a_budget():
    found = choose({"a": 1, "b": 1, "c": 1, "d": 1}, len, budget=3)
    assert (found.worth, found.bound, found.gap_percent) == (3, 4, 25)


def test_a_swap_corrects_what_adding_by_worth_per_use_gets_wrong():
    use = {"small": 1.0, "large": 10.0}
    alone = {"small": 2.0, "large": 9.0}
    found = choose(use, lambda m: sum(alone[n] for n in m), budget=10, exact_up_to=0)
    assert found.proposals == ("large",)


def test_a_budget_nothing_fits_says_how_much_the_smallest_takes():
    with pytest.raises(InputError, match="at least 3") as caught:
        choose({"a": 3, "b": 5}, len, budget=2)
    assert caught.value.code == "I280"


@pytest.mark.parametrize("use", [{}, {"a": -1.0}, {"a": float("nan")}])
def test_a_use_must_be_known(use):
    with pytest.raises(InputError, match="must be known"):
        choose(use, len, budget=2)


def test_there_is_no_gap_where_all_proposals_together_bring_less():
    gains = {"good": 3.0, "fence": -2.0}
    found = choose({"good": 1, "fence": 1}, lambda m: sum(gains[n] for n in m), budget=2)
    assert found.proposals == ("good",)
    assert found.gap_percent != found.gap_percent


def test_seventeen_are_too_many_to_look_at_every_set():
    use = {f"p{k}": 1.0 for k in range(17)}
    found = choose(use, len, budget=3)
    assert (found.method, found.worth, round(found.gap_percent)) == ("heuristic", 3, 82)
    assert choose(dict(list(use.items())[:16]), len, budget=3).method == "exact"
