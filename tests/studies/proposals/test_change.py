"""What each kind changes, and that it changes nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from proposed import ROAD_COST_M, block, features, line, place

from corridors.studies.proposals import KINDS, changed, kinds_table, measured


def after(world, *rows, **columns):
    from corridors.studies.proposals import proposals_from

    return changed(world.landscape, proposals_from(features(*rows, **columns), world.grid))


def test_no_proposal_leaves_the_very_landscape(world):
    assert (
        changed(world.landscape, features(("A", "protect", block((2, 4), (2, 4)))).iloc[:0])
        is world.landscape
    )


def test_protect_changes_status_only(world):
    found = after(world, ("A", "protect", block((11, 15), (17, 20))))
    assert found.ground is world.landscape.ground
    assert list(found.protected["name"]) == ["Park", "A"]
    assert len(world.landscape.protected) == 1


def test_restored_land_is_as_good_as_the_core_areas_and_no_better(world):
    before = world.landscape.ground
    found = after(world, ("A", "restore", block((10, 20), (11, 15))))
    inside = np.zeros(world.grid.shape, bool)
    inside[10:20, 11:15] = True
    core = before.labels.values > 0
    easy, good = np.median(before.resistance.values[core]), np.median(before.habitat.suitability.values[core])
    assert np.all(found.ground.resistance.values[inside] == easy)
    assert np.all(found.ground.habitat.suitability.values[inside] == good)
    np.testing.assert_array_equal(found.ground.resistance.values[~inside], before.resistance.values[~inside])
    assert found.ground.labels is before.labels
    assert found.restored.sum() == (inside & ~core).sum()


def test_removed_habitat_takes_its_area_from_the_core_and_keeps_ids(world):
    before = world.landscape.ground
    west = int(before.labels.values[14, 5])
    found = after(world, ("A", "remove", block((10, 12), (2, 10))))
    cores = found.ground.cores
    lost = (before.labels.values[10:12, 2:10] == west).sum()
    assert list(cores.index) == list(before.cores.index)
    assert cores.loc[west, "area_km2"] == pytest.approx(before.cores.loc[west, "area_km2"] - lost, rel=2e-3)
    others = cores.index != west
    assert cores[others].equals(before.cores[others])
    assert np.all(found.ground.resistance.values[10:12, 2:10] == 100)
    assert np.all(found.ground.habitat.suitability.values[10:12, 2:10] == 0)


def test_a_core_removed_as_a_whole_is_gone(world):
    before = world.landscape.ground
    west = int(before.labels.values[14, 5])
    found = after(world, ("A", "remove", block((9, 21), (1, 11))))
    assert list(found.ground.cores.index) == [core for core in before.cores.index if core != west]
    assert west not in found.ground.labels.values


def test_a_fence_costs_what_it_says_and_what_its_kind_says(world):
    """A link across a new line costs more by exactly the crossing: every way leads across it."""
    links = measured(world.landscape).ways.links
    for columns, cost in (({}, KINDS["fence"].crossing_cost_m), ({"crossing_cost_m": [3000.0]}, 3000.0)):
        found = measured(after(world, ("A", "fence", line(13)), **columns)).ways.links
        pair = (links["core_a"] == links["core_a"].iloc[0]) & (links["core_b"] == links["core_b"].iloc[0])
        gained = found.loc[pair, "cost_distance_m"] - links.loc[pair, "cost_distance_m"]
        crossed = links[pair].geometry.iloc[0].intersects(line(13))
        assert gained.iloc[0] == pytest.approx(cost if crossed else 0.0)
    assert any(links.intersects(line(13)))


def test_a_crossing_structure_frees_the_way_where_it_stands(world):
    links = measured(world.landscape).ways.links
    crossing = links[links.intersects(line(12))]
    assert len(crossing) == 1
    key = crossing.index[0]
    found = measured(after(world, ("A", "crossing structure", place(14, 12)))).ways.links
    saved = crossing["cost_distance_m"].iloc[0] - found.loc[key, "cost_distance_m"]
    assert saved == pytest.approx(ROAD_COST_M)


def test_an_opening_at_no_barrier_changes_no_number_and_says_so(world):
    found = after(world, ("A", "open gate", place(14, 28)))
    assert "opens nothing" in found.notes[0]
    before = measured(world.landscape)
    assert measured(found).table.equals(before.table)


def test_a_gate_of_one_proposal_opens_the_fence_of_another(world):
    fence, gate = ("Fence", "fence", line(14)), ("Gate", "open gate", place(14, 14))
    closed, opened = (measured(after(world, *rows)).ways.links for rows in ((fence,), (fence, gate)))
    before = measured(world.landscape).ways.links
    key = before.index[before.intersects(line(14))][0]
    assert closed.loc[key, "cost_distance_m"] > before.loc[key, "cost_distance_m"]
    assert opened.loc[key, "cost_distance_m"] == pytest.approx(before.loc[key, "cost_distance_m"])


def test_the_table_of_kinds_names_each_once():
    rows = kinds_table().splitlines()
    assert [row.split("|")[1].strip() for row in rows[2:]] == list(KINDS)
