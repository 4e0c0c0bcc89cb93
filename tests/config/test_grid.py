"""The grid: one case per combination, as if written by hand; what it refuses."""

from __future__ import annotations

import itertools
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_landscape import WORKFLOW

from corridors.config import parse_workflow, workflow_toml
from corridors.config.grid import MOST_CASES, labels, put
from corridors.errors import CorridorsError, flatten

GRID = """
[grid]
"movement.shape" = [2, 8]
"cores.threshold" = [0.5, 0.6, 0.7]
"""


def parsed(text: str):
    return parse_workflow(tomllib.loads(text), where="tiny.toml")


def problems_of(text: str) -> list[CorridorsError]:
    with pytest.raises(CorridorsError) as caught:
        parsed(text)
    return flatten([caught.value])


def test_every_combination_is_a_case_named_plainly() -> None:
    found = parsed(WORKFLOW + GRID)
    expected = list(itertools.product((2, 8), (0.5, 0.6, 0.7)))
    assert [(one.movement.shape, one.cores.threshold) for one in found.species] == expected
    assert [one.scenario for one in found.species][:2] == ["shape 2, threshold 0.5", "shape 2, threshold 0.6"]
    assert next(iter(found.cases)) == "forest_cat-year-round-shape_2_threshold_0_5"


def test_it_is_what_one_could_have_written_by_hand() -> None:
    entry = WORKFLOW[WORKFLOW.index("[[species]]") :]
    by_hand = WORKFLOW[: WORKFLOW.index("[[species]]")] + "".join(
        entry.replace(
            'season = "year-round"', f'season = "year-round"\nscenario = "max link {km} km"'
        ).replace("max_link_km = 50", f"max_link_km = {km}")
        for km in (20, 40)
    )
    found = parsed(WORKFLOW + '[grid]\n"links.max_link_km" = [20, 40]')
    assert workflow_toml(found) == workflow_toml(parsed(by_hand))


def test_the_whole_workflow_is_written_without_a_grid_and_reads_the_same() -> None:
    found = parsed(WORKFLOW + GRID)
    text = workflow_toml(found)
    assert "[grid]" not in text
    assert workflow_toml(parsed(text)) == text


def test_without_quotes_and_with_other_scenarios() -> None:
    text = WORKFLOW.replace('movement_type = "dispersal"', 'movement_type = "dispersal"\nscenario = "fence"')
    found = parsed(text + "[grid]\nmovement.shape = [2, 4]")
    assert [one.scenario for one in found.species] == ["fence, shape 2", "fence, shape 4"]


def test_only_the_species_named_are_varied() -> None:
    other = WORKFLOW[WORKFLOW.index("[[species]]") :].replace("forest_cat", "marten")
    found = parsed(WORKFLOW + other + '[grid]\nspecies = ["marten"]\n"movement.shape" = [2, 4]')
    assert [one.name for one in found.species] == ["forest_cat", "marten", "marten"]
    assert [one.movement.shape for one in found.species] == [8, 2, 4]


def test_tables_are_laid_over_and_another_kind_replaces() -> None:
    key = '"habitat.predictors.distance_to_roads.response"'
    values = '[{ k = 2.0 }, { kind = "piecewise_linear", points = [[0.0, 0.0], [1.0, 1.0]] }]'
    one, other = parsed(f"{WORKFLOW}[grid]\n{key} = {values}").species
    response = one.habitat.predictors["distance_to_roads"].response
    assert (response.kind, response.k) == ("exponential_decay", 2.0)
    assert other.habitat.predictors["distance_to_roads"].response.kind == "piecewise_linear"
    assert one.scenario == "response 1"


@pytest.mark.parametrize(
    ("grid", "code", "said"),
    [
        ("[grid]", "C142", "varies no key"),
        ("grid = 3", "C102", "a table"),
        ('[grid]\n"movement.shape" = 3', "C102", "a list of values"),
        ('[grid]\n"movement.shape" = []', "C103", "empty"),
        ('[grid]\n"movement.shape" = [2, 4, 2]', "C103", "comes twice"),
        ('[grid]\nscenario = ["a"]', "C142", "cannot be varied"),
        ('[grid]\nspecies = ["forest_cta"]\n"movement.shape" = [2]', "C142", "Did you mean forest_cat?"),
        ('[grid]\nspecies = "forest_cat"\n"movement.shape" = [2]', "C102", "a list of names"),
        ('[grid]\n"movement.shap" = [2, 4]', "C101", "Did you mean shape?"),
        ('[grid]\n"cores.threshold" = [0.5, 1.5]', "C103", "less than 1"),
        ('[grid]\n"cores.threshold" = [0.5, "high"]', "C102", "a number"),
    ],
)
def test_what_it_refuses(grid: str, code: str, said: str) -> None:
    text = f"{grid}\n{WORKFLOW}" if grid.startswith("grid =") else f"{WORKFLOW}\n{grid}"
    (problem,) = problems_of(text)
    assert problem.code == code
    assert said in str(problem)
    assert problem.where.startswith("tiny.toml, grid")


def test_an_entry_that_is_not_varied_is_blamed_itself() -> None:
    text = WORKFLOW.replace("threshold = 0.6", "threshold = 6")
    (problem,) = problems_of(text + '[grid]\n"movement.shape" = [2, 4]')
    assert problem.where == "tiny.toml, species 1 (forest_cat), cores.threshold"


def test_too_many_are_refused_with_their_number() -> None:
    axes = (
        '"movement.shape" = [1,2,3,4,5]\n"movement.maximum" = [10,20,30,40,50]\n"cores.floor" = [0.1,0.2,0.3]'
    )
    (problem,) = problems_of(f"{WORKFLOW}[grid]\n{axes}")
    assert problem.code == "C143"
    assert "makes 75 cases" in problem.what
    assert (problem.given, problem.allowed) == ("5 x 5 x 3 values for 1 species", f"at most {MOST_CASES}")
    assert problem.remedy


def test_labels_tell_keys_of_one_name_apart() -> None:
    axes = {"movement.barriers.roads.crossing_cost_m": [5], "movement.barriers.rails.crossing_cost_m": [6]}
    assert labels(axes) == {
        "movement.barriers.roads.crossing_cost_m": ["roads crossing cost 5 m"],
        "movement.barriers.rails.crossing_cost_m": ["rails crossing cost 6 m"],
    }


@given(st.dictionaries(st.sampled_from(["a.b", "a.c", "d", "e.f.g"]), st.integers(), min_size=1))
def test_what_was_put_is_there(values: dict[str, int]) -> None:
    entry: dict = {}
    for key, value in values.items():
        put(entry, key, value)
    for key, value in values.items():
        here = entry
        for part in key.split("."):
            here = here[part]
        assert here == value
