"""The comparison: incremental equals from scratch, nothing changes nothing, the unknown is not 0."""

from __future__ import annotations

import math

import invented as land
import numpy as np
import pandas as pd
import pytest
from proposed import block, context_of, features, inputs_of, line, place, workflow

from corridors.config import People
from corridors.errors import CorridorsError
from corridors.layers.rasterise import burn_polygons
from corridors.pipeline import analyse
from corridors.pipeline.case import connected
from corridors.pipeline.sides import incomplete_parks, side_table, sides_of
from corridors.schema import VECTORS
from corridors.schema.proposals import COMPARISON
from corridors.studies.proposals import changed, compare_proposals, landscape_of, measured, proposals_from
from corridors.studies.proposals.measures import ECOLOGY, MOVEMENT_COLUMNS
from corridors.studies.proposals.ranges import RANGED
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


SETS = (["Protect", "Fence"], ["Restore", "Gate"], ["Fence", "Gate", "Mine"], [name for name, *_ in MANY])


@pytest.mark.parametrize("names", SETS)
def test_a_set_measured_from_what_is_known_equals_the_set_with_nothing_taken_over(world, proposals, names):
    before = measured(world.landscape)
    known = [
        measured(changed(world.landscape, parts_named(proposals, [name])), baseline=before) for name in names
    ]
    parts = parts_named(proposals, names)
    incremental = measured(changed(world.landscape, parts), baseline=before, known=known)
    context = {layer: features.copy() for layer, features in world.inputs.context.items()}
    again = landscape_of(
        world.inputs.layers, world.landscape.species, specs=world.workflow.layers, context=context
    )
    own = measured(again)  # what a cost stands for and which link is the key one: nothing else is taken over
    scratch = measured(changed(again, parts), baseline=own)
    assert incremental.table.equals(scratch.table)
    for name, layer in incremental.ways.layers.items():
        assert layer.equals(scratch.ways.layers[name]), name


def test_what_a_run_found_gives_the_measures_that_are_made_without_it(world):
    land_as_it_is = world.landscape
    found = connected(
        land_as_it_is.ground,
        land_as_it_is.species,
        layers=land_as_it_is.layers,
        context=land_as_it_is.context,
    )
    assert measured(land_as_it_is, found=found).table.equals(measured(land_as_it_is).table)


def test_a_proposal_whose_every_bit_is_as_before_keeps_the_very_ways(world):
    before = measured(world.landscape)
    idle = proposals_from(features(("A", "open gate", place(14, 28))), world.grid)
    after = changed(world.landscape, idle)
    assert after.ground is world.landscape.ground
    assert measured(after, baseline=before).ways is before.ways


@pytest.fixture(scope="module")
def in_part(world, proposals):
    """Return a comparison whose reporting area leaves the eastern forest and the north in the margin."""
    west, south, _, north = land.WHOLE
    area = (west, south, 129.27, north - 0.05)
    flow = workflow(area=area)
    corners = np.s_[2:8, 14:22], np.s_[23:29, 5:13]
    cover = land.dataset(landcover=land.landcover(land.WEST, land.MIDDLE, land.EAST, *corners))
    inputs = inputs_of(context_of("AD", "LI", "SM"), area=area, layers=cover)
    return flow, inputs, compare_proposals(flow, inputs, proposals)


def test_comparison_and_run_say_the_same_number_for_the_same_thing(in_part):
    flow, inputs, found = in_part
    (species,) = flow.cases
    incomplete = incomplete_parks(side_table(flow, inputs, sides_of(flow, inputs)), inputs.context)
    alone = analyse(inputs.layers, flow, context=inputs.context, incomplete=incomplete).cases[species]
    ours = found.result.cases[species]
    for name, table in alone.tables.items():
        pd.testing.assert_frame_equal(ours.tables[name], table)
    assert [note.text for note in alone.notes] == [note.text for note in ours.notes]
    joint, tables, vectors = row(found, "baseline"), alone.tables, alone.vectors
    distance = flow.cases[species].network.dispersal_km[0]
    index = tables["connectivity"].set_index(["dispersal_km", "distance"]).loc[(distance, "cost")]
    assert joint["eca_km2"] == pytest.approx(index["equivalent_connected_area_km2"], rel=1e-9)
    assert joint["corridor_km"] == vectors["links"]["path_length_km"].sum()
    assert joint["crossings_n"] == len(vectors["crossings"])
    assert joint["narrowest_km"] == vectors["corridors"]["narrowest_width_km"].min()
    assert joint["border_contact_km"] == vectors["cores"]["border_contact_km"].sum()
    capacity = tables["capacity"].set_index("country")
    protected = tables["protected_connectivity"].set_index(["dispersal_km", "country"])
    assert joint["crossings_n"] > 0
    for code in ("AD", "LI", "joint"):
        own, whole = row(found, "baseline", code), "all" if code == "joint" else code
        for end in ("low", "high"):
            assert own[f"capacity_females_{end}"] == pytest.approx(
                capacity.loc[whole, f"breeding_females_{end}"], rel=1e-12
            )
        for name in ("protconn_percent", "protconn_trans_percent"):
            np.testing.assert_equal(own[name], protected.loc[(distance, whole), name])


def test_the_margin_counts_for_nothing(in_part):
    flow, inputs, part = in_part
    area = inputs.context["reporting_area"].geometry.iloc[0]
    (species,) = flow.cases.values()
    scene = landscape_of(inputs.layers, species, specs=flow.layers, context=inputs.context)
    whole, base = measured(scene), row(part, "baseline")
    beyond = set(whole.ways.cores.index[~whole.ways.cores.intersects(area)])
    linked = set(part.vectors["links"][["core_a", "core_b"]].to_numpy().ravel())
    assert beyond
    assert not (beyond - linked) & set(part.vectors["cores"]["core_id"])
    assert part.vectors["corridors"].geometry.within(area.buffer(1)).all()
    assert base["capacity_females_high"] < whole.joint("capacity_females_high")
    assert base["eca_km2"] < whole.joint("eca_km2")
    assert base["corridor_km"] < whole.joint("corridor_km")
    suitable = part.result.cases["forest_cat"].rasters["suitability"].values >= 0.7
    park = burn_polygons(inputs.context["protected_areas"].geometry.to_list(), part.result.grid)
    assert base["suitable_protected_km2"] == (suitable & park).sum()


def test_a_proposal_in_the_margin_or_reaching_into_it_is_said(in_part, world):
    flow, inputs, _ = in_part
    given = features(
        ("Far", "protect", block((12, 16), (34, 38))), ("Half", "protect", block((2, 6), (20, 36)))
    )
    found = compare_proposals(flow, inputs, proposals_from(given, world.grid))
    assert row(found, "Far")["area_km2"] == 0
    assert 0 < row(found, "Half")["area_km2"] < 64
    assert any("Far: lies in the margin" in note for note in found.notes)
    assert any("Half: reaches into the margin" in note for note in found.notes)


def test_vectors_hold_the_landscape_as_it_is_and_what_each_proposal_makes_of_it(found):
    assert set(found.vectors) == {"cores", "links", "corridors", "crossings"}
    for name, layer in found.vectors.items():
        schema = [column for column in VECTORS[name].columns if column in layer]
        assert list(layer.columns) == ["proposal", "case", *schema, "geometry"]
        assert set(layer["case"]) == {"forest_cat"} or name == "crossings"  # no link crosses the border
        assert set(layer["proposal"]) <= {"baseline", "Restore", "Fence", "Gate", "Mine"}
    links = found.vectors["links"]
    for proposal in ("baseline", "Restore", "Mine"):
        own = links[links["proposal"] == proposal]
        assert own["path_length_km"].sum() == row(found, proposal)["corridor_km"]
        assert own["priority"].notna().all()
    case = found.result.cases["forest_cat"]
    ours = links[links["proposal"] == "baseline"].set_index("link_id")
    assert ours.geometry.geom_equals(case.vectors["links"].geometry).all()


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
    lengths = [row(found, "Mine", code)["corridor_km"] for code in ("AD", "LI")]
    shares = [row(found, "Protect", code)["corridor_protected_percent"] for code in ("AD", "LI")]
    whole = row(found, "Protect")["corridor_protected_percent"]
    assert whole > 0
    assert np.average(shares, weights=lengths) == pytest.approx(whole, rel=1e-2)


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
    own = found.table["proposal"] != "baseline"
    for name in RANGED:
        low, value, high = (found.table[column] for column in (f"{name}_low", name, f"{name}_high"))
        assert (((low <= value) & (value <= high)) | value.isna()).all(), name
        assert low.notna().equals(value.notna()), name
    assert found.table.loc[own & found.table["rank"].notna(), "rank_kept_percent"].between(0, 100).all()
    joint = found.table[(found.table["country"] == "joint") & (found.table["proposal"] != "baseline")]
    assert ((joint["rank_low"] <= joint["rank_high"]) | joint["rank"].isna()).all()
    gains = joint.set_index("proposal")["key_link_resistance_change"]
    assert joint.set_index("proposal")["rank"].idxmin() == gains.idxmax()
    assert (joint["eca_km2_low"] <= joint["eca_km2_high"]).all()


@pytest.mark.parametrize("codes", [("AD", "LI", "SM"), ("AD", "LI", "SM", "VA")])
def test_three_and_four_countries(world, proposals, codes):
    inputs = inputs_of(context_of(*codes))
    found = compare_proposals(world.workflow, inputs, parts_named(proposals, ["Restore"]))
    for name in (
        "area_km2",
        "new_protected_km2",
        "cropland_km2",
        "corridor_km",
        "suitable_protected_km2",
        "capacity_females_low",
        "capacity_females_high",
        "settlements_n",
        "roads_km",
    ):
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


def test_people_by_density_livestock_and_tenure_where_there_are_layers(world):
    density = np.full(world.grid.shape, 3.0)
    density[:, 20:] = np.nan
    layers = land.three_blocks().assign(
        people=world.grid.like(density, name="people"), cows=world.grid.like(density * 2, name="cows")
    )
    tenure = land.polygons(State=np.s_[0:31, 0:10], Village=np.s_[0:31, 10:15])
    named = People(population="people", livestock="cows", tenure="tenure")
    flow = world.workflow.model_copy(update={"people": named})
    inputs = inputs_of(context_of("AD", "LI") | {"tenure": tenure}, layers=layers)
    given = features(("A", "protect", block((0, 10), (0, 20))), ("B", "protect", block((0, 10), (30, 40))))
    found = compare_proposals(flow, inputs, proposals_from(given, world.grid))
    own, unknown = row(found, "A"), row(found, "B")
    assert own["population"] == pytest.approx(3 * 200)
    assert own["livestock_n"] == pytest.approx(6 * 200)
    assert own["tenure"] == "State 50 %, Village 25 %, not known 25 %"
    assert math.isnan(unknown["population"])
    assert math.isnan(unknown["livestock_n"])
    assert unknown["tenure"] == "not known 100 %"
    assert "livestock" not in own["data_gap"]


def test_people_nobody_counted_are_not_nobody(world):
    found = compare_proposals(
        world.workflow,
        world.inputs,
        proposals_from(features(("A", "protect", block((20, 24), (2, 6)))), world.grid),
    )
    own = row(found, "A")
    assert own["settlements_n"] == 0
    assert math.isnan(own["population"])
    for text in (
        "population outside listed settlements: no layer",
        "livestock: no layer",
        "tenure: no layer",
    ):
        assert text in own["data_gap"]


def test_columns_come_in_groups_identity_ecology_people_decision(found):
    names = [name for name in found.table if not name.endswith(("_change", "_low", "_high"))]
    identity = ["proposal", "kind", "status", "species", "country", "area_km2", "new_protected_km2"]
    ecology = [name for name in ECOLOGY if not name.startswith("capacity")]
    people = ["population", "settlements_n", "cropland_km2", "roads_km", "rail_km", "livestock_n", "tenure"]
    decision = ["cost", "rank", "rank_kept_percent", "pareto", "needs_partner", "notes", "data_gap"]
    assert names == [*identity, *ecology, "loss_avoided_eca_km2", *people, *decision]
    assert list(found.table).index("capacity_females_low") < list(found.table).index("eca_km2")
    after = list(found.table)[list(found.table).index("eca_km2") :]
    assert after[:4] == ["eca_km2", "eca_km2_low", "eca_km2_high", "eca_km2_change"]


def test_where_no_proposal_does_more_than_another_there_is_no_rank(world):
    given = features(("A", "open gate", place(2, 28)), ("B", "open gate", place(4, 28)))
    found = compare_proposals(world.workflow, world.inputs, proposals_from(given, world.grid))
    assert found.table["rank"].isna().all()
    assert any("no ranks" in note for note in found.notes)


def test_what_a_fence_does_inside_a_core_area_is_said_not_to_count(world):
    given = features(("A", "fence", line(20)))
    found = compare_proposals(world.workflow, world.inputs, proposals_from(given, world.grid))
    own = row(found, "A")
    assert "lie inside core areas, which are kept whole" in own["notes"]
    assert math.isnan(own["eca_km2_change"])
    assert math.isnan(own["rank"])


def test_a_border_that_does_not_cut_the_area_is_said(world):
    flow = workflow(area=(land.WHOLE[0], land.WHOLE[1], 129.1, land.WHOLE[3]))
    inputs = inputs_of(context_of("AD", "LI"), area=flow.area.bounds)
    given = proposals_from(features(("A", "protect", block((12, 14), (3, 5)))), world.grid)
    found = compare_proposals(flow, inputs, given)
    assert any("no border cuts the reporting area" in note for note in found.notes)


def test_every_column_is_in_the_schema_in_this_order(found):
    known = [name for name in COMPARISON if name in found.table]
    assert list(found.table) == known
    short = [column.short_name for column in COMPARISON.values()]
    assert len(set(short)) == len(short)
    assert all(len(name) <= 10 and name.isascii() for name in short)
