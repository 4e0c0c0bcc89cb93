"""The workflow file: what it refuses and how it says so, presets, marks, case keys."""

from __future__ import annotations

import math
import tomllib

import pytest
from tiny_landscape import WORKFLOW

from corridors import presets
from corridors.config import (
    json_schema,
    key_table,
    load_workflow,
    parameter_table,
    parse_workflow,
    sound_parts,
    workflow_toml,
)
from corridors.errors import ConfigError, CorridorsError, Problems, flatten

PRESET_ENTRY = """
[[species]]
name = "amur_tiger"
landscape = "land_of_big_cats"
season = "year-round"
movement_type = "dispersal"
"""

COST = "crossing_cost_m = 25000"


def changed(*pairs: tuple[str, str], text: str = WORKFLOW) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def problems_of(text: str) -> list[CorridorsError]:
    with pytest.raises(CorridorsError) as caught:
        parse_workflow(tomllib.loads(text), where="tiny.toml")
    return flatten([caught.value])


def with_tiger(more: str = "") -> str:
    layers = WORKFLOW[: WORKFLOW.index("[[species]]")]
    return (
        layers
        + '[layers.distance_to_settlements]\nsources = [{ distance_to = "settlements" }]\n'
        + PRESET_ENTRY
        + more
    )


def test_workflow_is_read_and_frozen() -> None:
    workflow = parse_workflow(tomllib.loads(WORKFLOW))
    assert list(workflow.cases) == ["forest_cat"]
    assert workflow.species[0].habitat.weights == {"landcover": 0.5, "distance_to_roads": 0.5}
    assert workflow.species[0].movement_weights == {"landcover": 1.0}
    with pytest.raises(ValueError, match="frozen"):
        workflow.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "code", "parts"),
    [
        ("cell_size_m = 1000", "cellsize_m = 1000", "C101", ["area.cellsize_m", "Did you mean cell_size_m?"]),
        ("threshold = 0.6", "thresold = 0.6", "C101", ["species 1 (forest_cat)", "Did you mean threshold?"]),
        ("max_link_km = 50", "max_kmm = 50", "C101", ["links.max_kmm", "Did you mean max_link_km?"]),
        ("class_column", "clas_column", "C101", ["layers.roads.clas_column", "class_column?"]),
        ("k = 0.5", "kk = 0.5", "C101", ["response.kk", "Did you mean k?"]),
        ("cell_size_m = 1000", 'cell_size_m = "1000"', "C102", ['Given: "1000"', "a number"]),
        ("threshold = 0.6", "threshold = true", "C102", ["cores.threshold", "Given: true"]),
        ("dispersal_km = [10, 20]", "dispersal_km = 10", "C102", ["dispersal_km", "a list"]),
        ("threshold = 0.6", "threshold = 1.6", "C103", ["Given: 1.6", "less than 1"]),
        ("cell_size_m = 1000", "cell_size_m = 0", "C103", ["area.cell_size_m", "more than 0"]),
        ("5 = 0.9", "5 = 1.9", "C103", ["scores.5", "at most 1"]),
        ('"AD", "LI"', '"AND", "LI"', "C103", ["area.partners[1]", 'such as "CN"']),
        ('"dispersal"\n', '"dispersing"\n', "C103", ['"home range", "dispersal", "seasonal"']),
        ('"exponential_decay"', '"exponental_decay"', "C103", ["Did you mean exponential_decay?"]),
        ("[129.0, 44.0, 129.24, 44.17]", "[44.0, 129.0, 44.17, 129.24]", "C103", ["west, south, east"]),
        ('season = "year-round"', "", "C104", ["season is missing", "Add season"]),
        ("max_link_km = 50", 'neighbours = "nearest"', "C104", ["links", "go together", "both or neither"]),
        ("max_link_km = 50", "nearest = 2", "C104", ["links", "go together"]),
        ("max_link_km = 50", 'neighbours = "nearest"\nnearest = 0', "C103", ["links.nearest", "Given: 0"]),
        ("max_link_km = 50", 'neighbours = "near"', "C103", ["links.neighbours", '"nearest", "all"']),
        ('crs = "EPSG:32652"', 'crs = "EPSG:4326"', "I204", ["area.crs", "EPSG:4326", "projected"]),
        ('crs = "EPSG:32652"', 'crs = "EPSG:1"', "C105", ["unknown coordinate system", "EPSG:1"]),
        ('crs = "EPSG:32652"', 'crs = "EPSG:3857"', "I205", ["Web Mercator"]),
        ("[species.movement.barriers.roads]", "[species.movement.barriers.fences]", "C108", ["layer fences"]),
        (COST, "crossing_cost_m = -1", "C103", ["roads.crossing_cost_m", "at least 0"]),
        (COST, "crossing_cost_m = { primry = 1 }", "C126", ["no class primry", "mean primary"]),
        (COST, 'crossing_cost_m = { primary = "1" }', "C102", ["primary", "a number"]),
        (COST, f'{COST}\nopenings = "gates"', "C108", ["no layer gates"]),
        (COST, f'{COST}\nopenings = "elevation"', "C125", ["is continuous", "points"]),
        ("barriers.roads", "barriers.settlements", "C125", ["settlements is points", "lines"]),
        ("threshold = 0.6", 'threshold = 0.6\ncore_cut_cost_m = "seald"', "C103", ["core_cut_cost_m"]),
        ('role = "cover"', 'role = "cover"\nweight = 0.5', "C120", ["sum to 1.5", "landcover 0.3333"]),
        ("[data]", '[people]\npopulation = "heads"\n[data]', "C108", ["people.population", "layer heads"]),
        ("[data]", '[people]\ntenure = "elevation"\n[data]', "C125", ["is continuous", "polygons"]),
        ("name = \"forest_cat\"", 'name = "yeti"\nlandscape = "nowhere"', "C109", ["yeti in nowhere"]),
    ],
)  # fmt: skip
def test_mistake_is_told(old: str, new: str, code: str, parts: list[str]) -> None:
    found = problems_of(changed((old, new)))
    match = [p for p in found if p.code == code]
    assert match, [str(p) for p in found]
    for part in ("tiny.toml", *parts):
        assert part in str(match[0])
    assert "pydantic" not in str(match[0])


def test_all_mistakes_at_once_each_on_its_own_line() -> None:
    text = changed(
        ("cell_size_m = 1000", "cell_size = 1000"),
        ("threshold = 0.6", "threshold = 6"),
        ("k = 0.5", 'k = "0.5"'),
    )
    found = problems_of(text)
    assert sorted(p.code for p in found) == ["C101", "C102", "C103", "C104"]
    assert isinstance(Problems(found).message(), str)
    assert len(Problems(found).message().splitlines()) == 4


def test_ahp_gives_weights_and_refuses_contradiction() -> None:
    section = '[species.habitat.ahp]\npredictors = ["landcover", "distance_to_roads"]\nmatrix = {}\n\n'
    place = "[species.movement.barriers.roads]"
    good = changed((place, section.format('[[1, 3], ["1/3", 1]]') + place))
    weights = parse_workflow(tomllib.loads(good)).species[0].habitat.weights
    assert weights == pytest.approx({"landcover": 0.75, "distance_to_roads": 0.25})
    slope = '[species.habitat.predictors.elevation]\nrole = "terrain"\n'
    slope += 'response = { kind = "gaussian", mean = 300, sd = 99 }\n'
    three = section.replace('"landcover",', '"landcover", "elevation",')
    # 1 against 2 is 9, 2 against 3 is 9, yet 1 against 3 is 1/9: the worst contradiction there is.
    bad = three.format('[[1, 9, "1/9"], ["1/9", 1, 9], [9, "1/9", 1]]')
    (problem,) = problems_of(changed((place, slope + bad + place)))
    assert problem.code == "C121"
    assert "consistency ratio" in str(problem)
    assert "at most 0.10" in str(problem)


def test_preset_fills_what_is_left_out_and_the_file_wins() -> None:
    workflow = parse_workflow(tomllib.loads(with_tiger("[species.cores]\nthreshold = 0.65\n")))
    tiger = workflow.cases["amur_tiger"]
    assert (tiger.cores.threshold, tiger.cores.window_radius_km) == (0.65, 11.3)
    # No prey survey and no railway in this workflow: the preset does without them.
    assert set(tiger.habitat.predictors) == {"landcover", "distance_to_settlements", "distance_to_roads"}
    assert set(tiger.movement.barriers) == {"roads"}


def test_response_of_another_kind_replaces_the_presets() -> None:
    more = "[species.habitat.predictors.distance_to_roads]\n"
    more += 'response = { kind = "sigmoid", midpoint = 2, steepness = 1 }\n'
    tiger = parse_workflow(tomllib.loads(with_tiger(more))).cases["amur_tiger"]
    assert tiger.habitat.responses["distance_to_roads"].model_dump() == {
        "kind": "sigmoid",
        "midpoint": 2.0,
        "steepness": 1.0,
    }


@pytest.mark.parametrize(("species", "landscape"), presets.names())
def test_every_preset_is_a_valid_species(species: str, landscape: str) -> None:
    section = presets.species_section(species, landscape)
    names = {*section["habitat"]["predictors"], *section["movement"]["barriers"], "ruggedness"}
    mapping = tomllib.loads(WORKFLOW)
    mapping["layers"] |= {name: {"sources": [f"{name}.tif"]} for name in names}
    mapping["layers"] |= {
        name: {"kind": "lines", "sources": ["lines.gpkg"]} for name in section["movement"]["barriers"]
    }
    entry = {"name": species, "landscape": landscape, "season": "year-round", "movement_type": "dispersal"}
    workflow = parse_workflow(mapping | {"species": [entry]})
    table = parameter_table(workflow, case=species)
    rows = table[~table["key"].str.startswith("area.")]
    assert set(rows["mark"]) <= {"default", "literature"}


def test_marks_tell_the_users_numbers_from_the_presets() -> None:
    workflow = parse_workflow(tomllib.loads(with_tiger("[species.cores]\nthreshold = 0.65\nfloor = 0.2\n")))
    table = parameter_table(workflow, case="amur_tiger").set_index("key")
    assert table.loc["cores.threshold", "mark"] == "user"
    assert table.loc["cores.floor", "mark"] == "default"  # given, and the same as the preset's
    assert table.loc["cores.window_radius_km", "mark"] == "literature"
    assert table.loc["cores.window_radius_km", "unit"] == "km"
    assert table.loc["habitat.predictors.landcover.weight", "mark"] == "default"
    assert table.loc["network.dispersal_km", "value"] == "70, 140, 250"


def test_barrier_of_several_classes_is_marked_with_its_unit() -> None:
    text = changed(("crossing_cost_m = 25000", "crossing_cost_m = { primary = 1e4 }\nmerge_within_m = 30"))
    table = parameter_table(parse_workflow(tomllib.loads(text)), case="forest_cat").set_index("key")
    roads = table.loc[[key for key in table.index if "barriers.roads" in key], ["value", "unit", "mark"]]
    assert roads.T.to_dict("list") == {
        "movement.barriers.roads.crossing_cost_m.primary": ["10000", "m", "user"],
        "movement.barriers.roads.merge_within_m": ["30", "m", "user"],
        "movement.barriers.roads.structure_length_m.tunnel": ["100", "m", "default"],
    }
    assert table.loc["cores.core_cut_cost_m", ["value", "mark"]].tolist() == ["sealed", "default"]


def test_case_keys_are_names_unless_they_clash() -> None:
    entry = WORKFLOW[WORKFLOW.index("[[species]]") :]
    winter = entry.replace('season = "year-round"', 'season = "winter"')
    workflow = parse_workflow(tomllib.loads(WORKFLOW + winter))
    assert list(workflow.cases) == ["forest_cat-year-round-baseline", "forest_cat-winter-baseline"]
    (problem,) = problems_of(WORKFLOW + entry)
    assert problem.code == "C113"
    assert "forest_cat-year-round-baseline" in str(problem)


def test_workflow_as_run_reads_back_the_same() -> None:
    text = changed(("crossing_cost_m = 25000", "crossing_cost_m = inf"))
    workflow = parse_workflow(tomllib.loads(text))
    assert workflow.species[0].movement.barriers["roads"].crossing_cost_m == math.inf
    again = parse_workflow(tomllib.loads(workflow_toml(workflow)))
    assert again == workflow


def test_file_remembers_its_folder_and_names_the_line_of_a_slip(tmp_path) -> None:
    file = tmp_path / "tiny.toml"
    file.write_text(WORKFLOW, "utf-8")
    assert load_workflow(str(file)).folder == tmp_path.as_posix()
    file.write_text('name = "tiny"\ntitle = oops\n', "utf-8")
    with pytest.raises(ConfigError, match=r"tiny\.toml.*line 2"):
        load_workflow(str(file))


def test_sound_parts_pass_over_what_is_wrong() -> None:
    text = changed(
        ("threshold = 0.6", "thresold = 0.6"), ('sources = ["elevation.tif"]', 'sourcs = ["a.tif"]')
    )
    part = sound_parts(tomllib.loads(text))
    assert part is not None
    assert "elevation" not in part.layers
    assert "landcover" in part.layers
    assert part.species == ()


def test_schema_and_key_table_name_every_key() -> None:
    schema = json_schema()
    assert schema["additionalProperties"] is False
    keys = {row[0]: row for row in key_table()}
    assert keys["area.cell_size_m"][1:3] == ("number > 0", "(required)")
    assert keys["species[].movement.from"][2] == "suitability"
    assert "species[].habitat.predictors.<name>.response.k" in keys
    barrier = "species[].movement.barriers.<name>."
    for key in ("crossing_cost_m", "merge_within_m", "structure_length_m", "openings"):
        assert keys[barrier + key][3]
    assert keys["species[].cores.core_cut_cost_m"][2] == "sealed"
    assert "structure_column" in {key.rpartition(".")[2] for key in keys}
