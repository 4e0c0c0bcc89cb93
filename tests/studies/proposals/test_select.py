"""The set chosen under a budget: pairs are exact, the chosen set is measured by the model."""

from __future__ import annotations

from itertools import combinations

import pytest
from proposed import block, features, line, place

from corridors.errors import InputError, Problems
from corridors.studies.proposals import (
    changed,
    check_choice,
    compare_proposals,
    measured,
    proposals_from,
    select_proposals,
)
from corridors.studies.proposals.read import parts_named

THREE = (
    ("West", "protect", block((5, 9), (2, 10))),
    ("Middle", "protect", block((10, 20), (16, 24))),
    ("East", "protect", block((10, 20), (31, 39))),
)


@pytest.fixture(scope="module")
def compared(world):
    proposals = proposals_from(features(*THREE, cost=[1.0, 2.0, 3.0]), world.grid)
    return proposals, compare_proposals(world.workflow, world.inputs, proposals, interactions=True)


def test_up_to_two_the_worth_of_a_set_is_what_the_model_says(world, compared):
    proposals, comparison = compared
    before = measured(world.landscape)

    def gain(names):
        after = measured(changed(world.landscape, parts_named(proposals, names)), baseline=before)
        return after.joint("protconn_percent") - before.joint("protconn_percent")

    names = [name for name, *_ in THREE]
    best = max(gain(pair) for size in (1, 2) for pair in combinations(names, size))
    found = select_proposals(world.workflow, world.inputs, proposals, comparison, budget=2, of="number")
    assert found.measure == "protconn_percent"
    assert found.choice.worth == pytest.approx(best)
    assert found.modelled == pytest.approx(best)
    assert found.choice.method == "exact"
    assert found.table().loc[0, "approximation"].startswith("second order")


@pytest.mark.parametrize(("of", "budget", "use"), [("area", 85, 80), ("cost", 2.5, 2), ("number", 1, 1)])
def test_a_budget_limits_area_cost_or_number(world, compared, of, budget, use):
    found = select_proposals(world.workflow, world.inputs, *compared, budget=budget, of=of)
    assert found.choice.use == pytest.approx(use, rel=1e-2)


def test_each_country_gets_its_least_share(world, compared):
    found = select_proposals(
        world.workflow, world.inputs, *compared, budget=2, of="number", least_share={"AD": 0.4, "LI": 0.4}
    )
    assert "East" in found.choice.proposals or "Middle" in found.choice.proposals
    assert len(found.choice.proposals) == 2


def test_what_cannot_be_chosen_from_is_refused(world, compared):
    proposals, comparison = compared
    with pytest.raises(InputError, match="no proposal fits the budget"):
        select_proposals(world.workflow, world.inputs, proposals, comparison, budget=0.5, of="number")
    with pytest.raises(InputError, match="no such budget"):
        select_proposals(world.workflow, world.inputs, proposals, comparison, budget=1, of="time")
    with pytest.raises(InputError, match="no such case"):
        select_proposals(world.workflow, world.inputs, proposals, comparison, budget=1, case="yeti")
    shares = {"XX": 0.5, "AD": 1.5}
    with pytest.raises(Problems) as caught:
        select_proposals(
            world.workflow, world.inputs, *compared, budget=1, of="time", case="yeti", least_share=shares
        )
    assert [problem.code for problem in caught.value.problems] == ["I288"] * 5
    with pytest.raises(InputError, match="gives each country its least share"):
        select_proposals(
            world.workflow, world.inputs, *compared, budget=1, of="number", least_share={"AD": 0.5, "LI": 0.5}
        )
    alone = compare_proposals(world.workflow, world.inputs, parts_named(proposals, ["West", "East"]))
    with pytest.raises(InputError, match="no pairs"):
        select_proposals(world.workflow, world.inputs, proposals, alone, budget=1)


def test_protection_is_not_weighed_by_what_is_not_assessed_of_it(world):
    mixed = (THREE[0], ("Fence", "fence", line(14)), ("Gate", "open gate", place(14, 12)))
    proposals = proposals_from(features(*mixed), world.grid)
    comparison = compare_proposals(world.workflow, world.inputs, proposals, interactions=True)
    with pytest.raises(InputError, match="not assessed by eca_km2"):
        select_proposals(world.workflow, world.inputs, proposals, comparison, budget=2, of="number")


def test_the_choice_says_what_each_member_adds(world, compared):
    proposals, _ = compared
    found = select_proposals(world.workflow, world.inputs, *compared, budget=2, of="number")
    before = measured(world.landscape)

    def gain(names):
        after = measured(changed(world.landscape, parts_named(proposals, names)), baseline=before)
        return after.joint("protconn_percent") - before.joint("protconn_percent")

    for name, more in found.choice.adds.items():
        others = [other for other in found.choice.proposals if other != name]
        assert more == pytest.approx(found.modelled - (gain(others) if others else 0.0), abs=1e-9)
        assert f"without {name}" in found.text()
        assert name in found.table().loc[0, "adds"]


def test_what_cannot_be_chosen_by_is_said_before_anything_is_compared(world):
    parts = (*THREE, ("Fence", "fence", line(12)))
    proposals = proposals_from(features(*parts, cost=[1.0, 2.0, 3.0, None]), world.grid)
    with pytest.raises(Problems) as caught:
        check_choice(world.workflow, world.inputs, proposals, of="cost", least_share={"ZZ": 2.0})
    said = str(caught.value)
    assert "protection alone brings is not assessed by eca_km2" in said
    assert "West, Middle, East" in said
    assert "--by protconn_percent" in said
    assert "the cost of some proposals is not known. Given: Fence" in said
    assert "no such country" in said
    with pytest.raises(InputError, match=r"I280.*the area of some proposals is not known. Given: Fence"):
        check_choice(world.workflow, world.inputs, proposals, of="area", by="protconn_percent")
    check_choice(world.workflow, world.inputs, proposals, of="number", by="protconn_percent")


def test_one_proposal_is_no_choice(world):
    alone = proposals_from(features(THREE[0]), world.grid)
    with pytest.raises(InputError, match=r"I288.*nothing to choose from"):
        check_choice(world.workflow, world.inputs, alone)
