"""The comparison: incremental equals from scratch, nothing changes nothing, the unknown is not 0."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from proposed import block, context_of, features, inputs_of, line, place

from corridors.errors import CorridorsError
from corridors.studies.proposals import changed, compare_proposals, landscape_of, measured, proposals_from
from corridors.studies.proposals.measures import ECOLOGY, MOVEMENT_COLUMNS
from corridors.studies.proposals.read import parts_named

RESTORED = block((10, 20), (11, 15))
MANY = (
    ("Protect", "protect", block((10, 20), (16, 24))),
    ("Restore", "restore", RESTORED),
    ("Fence", "fence", line(14)),
    ("Gate", "crossing structure", place(14, 12)),
    ("Mine", "remove", block((10, 13), (2, 10))),
)


@pytest.fixture(scope="module")
def proposals(world):
    return proposals_from(features(*MANY, cost=[1.0, 2.0, np.nan, 4.0, 5.0]), world.grid)


@pytest.fixture(scope="module")
def found(world, proposals):
    return compare_proposals(world.workflow, world.inputs, proposals, interactions=True)


def row(found, proposal, country="joint"):
    table = found.table
    (index,) = table.index[(table["proposal"] == proposal) & (table["country"] == country)]
    return table.loc[index]


def test_incremental_equals_from_scratch_to_the_bit(world, proposals):
    before = measured(world.landscape)
    for name in proposals["proposal"]:
        after = changed(world.landscape, parts_named(proposals, [name]))
        incremental = measured(after, baseline=before)
        context = {layer: features.copy() for layer, features in world.inputs.context.items()}
        again = landscape_of(
            world.inputs.layers, world.landscape.species, specs=world.workflow.layers, context=context
        )
        scratch = measured(changed(again, parts_named(proposals, [name])), baseline=measured(world.landscape))
        assert scratch.ways is not incremental.ways or scratch.status is not incremental.status
        assert incremental.table.equals(scratch.table), name
        assert incremental.ways.links.equals(scratch.ways.links)


def test_removing_and_adding_back_restores_every_bit(world, proposals):
    before = measured(world.landscape)
    copies = world.landscape.ground.resistance.values.copy(), world.landscape.ground.labels.values.copy()
    changed(world.landscape, proposals)
    again = measured(changed(world.landscape, proposals.iloc[:0]))
    assert again.table.equals(before.table)
    assert again.ways.links.equals(before.ways.links)
    np.testing.assert_array_equal(world.landscape.ground.resistance.values, copies[0])
    np.testing.assert_array_equal(world.landscape.ground.labels.values, copies[1])


def test_a_proposal_that_changes_nothing_changes_no_number(world):
    inside_the_park = proposals_from(features(("P", "protect", block((13, 15), (4, 6)))), world.grid)
    found = compare_proposals(world.workflow, world.inputs, inside_the_park)
    own, base = row(found, "P"), row(found, "baseline")
    assert own["new_protected_km2"] == 0
    for name in ECOLOGY:
        assert own[name] == pytest.approx(base[name], rel=1e-12, nan_ok=True)


def test_the_landscape_as_it_is_comes_first_for_every_country_and_jointly(found):
    assert found.table["proposal"].tolist()[:3] == ["baseline"] * 3
    assert found.table["country"].tolist()[:3] == ["AD", "LI", "joint"]
    assert len(found.table) == 3 * (1 + len(MANY))
    assert (found.table["species"] == "forest_cat").all()


def test_protection_alone_says_its_connectivity_is_not_assessed(found):
    own = row(found, "Protect")
    assert all(math.isnan(own[f"{name}_change"]) for name in MOVEMENT_COLUMNS)
    assert "connectivity gain not assessed" in own["notes"]
    assert own["protconn_percent_change"] > 0
    assert own["suitable_protected_km2_change"] == pytest.approx(80)
    assert own["new_protected_km2"] == pytest.approx(80, rel=5e-3)


def test_shares_of_the_countries_sum_to_the_whole(found):
    for name in ("suitable_protected_km2", "corridor_km", "capacity_females_high"):
        parts = row(found, "Mine", "AD")[name] + row(found, "Mine", "LI")[name]
        assert parts == pytest.approx(row(found, "Mine")[name], rel=1e-9)


def test_each_kind_moves_the_numbers_its_way(found):
    assert row(found, "Mine")["eca_km2_change"] < 0
    assert row(found, "Mine")["capacity_females_low_change"] < 0
    assert row(found, "Restore")["capacity_females_low_change"] == pytest.approx(0.2 * 40 / 100)
    assert row(found, "Restore")["key_link_resistance_change"] <= 0
    assert row(found, "Fence")["eca_km2_change"] < 0
    assert row(found, "Gate")["eca_km2_change"] > 0
    assert row(found, "Fence")["protconn_percent_change"] == 0
    assert row(found, "Gate")["needs_partner"] == ""


def test_people_are_counted_and_the_unknown_is_no_zero(world):
    whole = proposals_from(features(("All", "restore", block((0, 31), (0, 41)))), world.grid)
    found = compare_proposals(world.workflow, world.inputs, whole)
    assert row(found, "All")["population"] == 500
    assert row(found, "All")["settlements_n"] == 2
    assert math.isnan(row(found, "All", "LI")["population"])
    assert row(found, "All", "LI")["settlements_n"] == 1
    assert row(found, "All", "AD")["roads_km"] == pytest.approx(31, rel=5e-3)
    assert math.isnan(row(found, "All")["rail_km"])
    assert "railways: no layer" in row(found, "All")["data_gap"]
    assert "population unknown of 100 % of settlements: LI" in row(found, "All")["data_gap"]
    assert row(found, "All", "AD")["needs_partner"] == "LI"
    assert row(found, "All")["needs_partner"] == "AD, LI"
    assert row(found, "All")["cropland_km2"] == (world.inputs.layers["landcover"] == 1).sum()


def test_a_cost_nobody_knows_stays_unknown(found):
    assert math.isnan(row(found, "Fence")["cost"])
    assert row(found, "Mine")["cost"] == 5


def test_without_protected_areas_nothing_about_them_is_zero(world, proposals):
    context = {name: layer for name, layer in context_of("AD", "LI").items() if name != "protected_areas"}
    inputs = inputs_of(context)
    found = compare_proposals(world.workflow, inputs, parts_named(proposals, ["Protect"]))
    own = row(found, "Protect")
    for name in ("protconn_percent", "suitable_protected_km2", "corridor_protected_percent"):
        assert math.isnan(own[name])
    assert "protected areas: no layer" in own["data_gap"]


def test_protection_avoids_the_loss_a_threat_would_bring(world):
    """The threat takes the western forest; what is protected of it stays."""
    west = block((8, 22), (0, 11))
    given = features(("Mine", "remove", west), ("All", "protect", west), ("None", "protect", RESTORED))
    found = compare_proposals(
        world.workflow, world.inputs, proposals_from(given, world.grid), threat="Mine", by="protconn_percent"
    )
    before = measured(world.landscape)
    mine = proposals_from(given.iloc[:1], world.grid)
    without = measured(changed(world.landscape, mine), baseline=before)
    lost = before.joint("eca_km2") - without.joint("eca_km2")
    assert lost > 0
    assert row(found, "All")["loss_avoided_eca_km2"] == pytest.approx(lost)
    assert row(found, "None")["loss_avoided_eca_km2"] == pytest.approx(0)
    assert "Mine" not in set(found.table["proposal"])


def test_interactions_compare_both_with_the_sum_of_each(world, proposals, found):
    table = found.interactions
    assert len(table) == len(MANY) * (len(MANY) - 1) / 2
    pair = table[(table["proposal_a"] == "Restore") & (table["proposal_b"] == "Mine")].iloc[0]
    before = measured(world.landscape)
    after = changed(world.landscape, parts_named(proposals, ["Restore", "Mine"]))
    both = measured(after, baseline=before).joint("eca_km2")
    assert pair["change_both"] == pytest.approx(both - before.joint("eca_km2"))
    assert pair["interaction"] == pytest.approx(pair["change_both"] - pair["change_a"] - pair["change_b"])


def test_ranks_follow_the_change_and_their_range_the_curves(world, proposals):
    found = compare_proposals(
        world.workflow,
        world.inputs,
        proposals,
        by="key_link_resistance",
        settings=[(2.0, 10.0), (8.0, 100.0)],
    )
    joint = found.table[(found.table["country"] == "joint") & (found.table["proposal"] != "baseline")]
    assert ((joint["rank_low"] <= joint["rank_high"]) | joint["rank"].isna()).all()
    gains = joint.set_index("proposal")["key_link_resistance_change"]
    assert joint.set_index("proposal")["rank"].idxmin() == gains.idxmax()
    assert (joint["eca_km2_low"] <= joint["eca_km2_high"]).all()


@pytest.mark.parametrize("codes", [("AD", "LI", "SM"), ("AD", "LI", "SM", "VA")])
def test_three_and_four_countries(world, proposals, codes):
    inputs = inputs_of(context_of(*codes))
    found = compare_proposals(world.workflow, inputs, parts_named(proposals, ["Restore"]))
    for name in ("area_km2", "cropland_km2", "corridor_km"):
        parts = sum(row(found, "Restore", code)[name] for code in codes)
        assert parts == pytest.approx(row(found, "Restore")[name], rel=1e-9)


def test_what_cannot_be_compared_is_refused(world, proposals):
    for options, text in (
        ({"by": "beauty"}, "no column to rank by"),
        ({"threat": "War"}, "no such proposal"),
    ):
        with pytest.raises(CorridorsError, match=text):
            compare_proposals(world.workflow, world.inputs, proposals, **options)


def test_a_landscape_without_countries_has_the_joint_row_only(world, proposals):
    inputs = inputs_of({})
    found = compare_proposals(world.workflow, inputs, parts_named(proposals, ["Restore"]))
    assert found.table["country"].tolist() == ["joint", "joint"]
    assert isinstance(found.interactions, pd.DataFrame)


def test_the_front_holds_what_no_other_beats(found):
    """Every proposal with a known gain is on it or beaten by one that is; the landscape as it is never is."""
    joint = found.table[(found.table["country"] == "joint")].set_index("proposal")
    front = joint.index[joint["pareto"]]
    gains = joint[["eca_km2_change", "suitable_protected_km2_change"]].drop("baseline").dropna()
    assert "baseline" not in front
    assert len(front) > 0
    for name, one in gains.iterrows():
        beaten = [(other >= one).all() and (other > one).any() for _, other in gains.iterrows()]
        assert any(beaten) != (name in front)
