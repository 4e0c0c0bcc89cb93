"""Proposals as files bring them: names of columns old and new, and everything that is wrong at once."""

from __future__ import annotations

import geopandas as gpd
import invented as land
import pyogrio
import pytest
from proposed import block, features, line, place
from shapely import Polygon, box

from corridors.errors import CorridorsError, InputError, Problems
from corridors.studies.proposals import proposals_from, read_proposals

GRID = land.grid_of()
HERE = block((2, 6), (2, 6))


def notes_of(frame):
    return " | ".join(frame.attrs["notes"])


def test_old_and_new_columns_of_the_database_give_the_same_names():
    old = {"NAME": ["Cedar"], "ORIG_NAME": ["Кедр"]}
    new = {"NAME_ENG": ["Cedar"], "NAME": ["Кедр"], "SITE_ID": [7]}
    for names in (old, new):
        columns = {**names, "STATUS": ["Proposed"], "kind": ["protect"]}
        found = proposals_from(gpd.GeoDataFrame(columns, geometry=[HERE], crs=GRID.crs), GRID)
        assert found[["proposal", "name", "status"]].values.tolist() == [["Cedar", "Cedar", "Proposed"]]


def test_a_file_in_degrees_is_reprojected_and_says_so(tmp_path):
    path = tmp_path / "предложения.gpkg"
    given = features(("A", "protect", HERE), ("A", "open gate", place(3, 3)), crs=4326)
    pyogrio.write_dataframe(given, path, layer="proposals", driver="GPKG", geometry_type="Unknown")
    found = read_proposals(str(path), GRID)
    assert found.crs == GRID.crs
    assert found.geometry[0].symmetric_difference(HERE).area < 1
    assert "reprojected from WGS 84" in notes_of(found)


def test_a_polygon_that_crosses_itself_is_repaired_and_said():
    left, bottom, _, _ = HERE.bounds
    bow = Polygon(
        [(left, bottom), (left + 2000, bottom + 2000), (left + 2000, bottom), (left, bottom + 2000)]
    )
    found = proposals_from(features(("Bow", "protect", bow)), GRID)
    assert found.geometry.is_valid.all()
    assert found.area.sum() == pytest.approx(2e6)
    assert "Bow: repaired (self-intersection)" in notes_of(found)


def test_overlaps_are_said_within_a_proposal_and_between_two():
    one, other = block((2, 6), (2, 6)), block((4, 8), (2, 6))
    within = proposals_from(features(("A", "protect", one), ("A", "protect", other)), GRID)
    between = proposals_from(features(("A", "protect", one), ("B", "protect", other)), GRID)
    assert "A: parts overlap by 8 km², which is counted once" in notes_of(within)
    assert "A and B overlap by 8 km²" in notes_of(between)


def test_what_reaches_outside_is_said():
    assert "beyond the analysis area" in notes_of(
        proposals_from(features(("A", "protect", block((-3, 4), (2, 6)))), GRID)
    )


def test_every_problem_is_told_at_once():
    far = box(0, 0, 1000, 1000)
    given = features(
        ("", "protect", HERE),
        ("B", "protct", HERE),
        ("C", "fence", HERE),
        ("D", "protect", None),
        ("E", "fence", line(4)),
        ("F", "protect", far),
        cost=[1.0, 1.0, 1.0, 1.0, -2.0, "a lot"],
    )
    with pytest.raises(Problems) as caught:
        proposals_from(given, GRID)
    text = str(caught.value)
    codes = [problem.code for problem in caught.value.problems]
    assert sorted(codes) == ["I283", "I284", "I285", "I285", "I286", "I287", "I287"]
    assert "Did you mean protect?" in text
    assert "fence cannot be a Polygon" in text
    assert "wholly outside" in text
    assert "a lot" in text


def test_two_features_of_one_name_are_parts_only_if_the_file_says_so():
    given = features(("", "protect", HERE), ("", "protect", block((8, 9), (2, 6))), NAME="Twice")
    with pytest.raises(CorridorsError, match="two features have this name"):
        proposals_from(given, GRID)
    assert len(proposals_from(given.assign(proposal="Twice"), GRID)) == 2


def test_an_empty_file_is_refused():
    with pytest.raises(InputError, match="no proposal"):
        proposals_from(features(("A", "protect", HERE)).iloc[:0], GRID)


def test_a_file_without_a_crs_is_refused():
    bare = features(("A", "protect", HERE)).set_crs(None, allow_override=True)
    with pytest.raises(InputError, match="does not say its CRS"):
        proposals_from(bare, GRID)
