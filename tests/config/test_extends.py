"""A workflow over another: what is merged, where paths lead, which file is blamed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import tiny_landscape as tiny

from corridors.config import load_workflow, workflow_toml
from corridors.config.extends import MOST_FILES, files_at, read_workflow
from corridors.errors import ConfigError, CorridorsError, flatten
from corridors.preflight import check_file

TWO_SEASONS = tiny.WORKFLOW + tiny.WORKFLOW[tiny.WORKFLOW.index("[[species]]") :].replace(
    'season = "year-round"', 'season = "winter"'
)


def write(folder: Path, **texts: str) -> Path:
    """Write workflow files; return the one called variant."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder / "variant.toml"


def problems_of(path: Path) -> list[CorridorsError]:
    with pytest.raises(CorridorsError) as caught:
        load_workflow(path)
    return flatten([caught.value])


def test_an_empty_variant_is_its_base(tmp_path: Path) -> None:
    variant = write(tmp_path, base=tiny.WORKFLOW, variant='extends = "base.toml"')
    assert workflow_toml(load_workflow(variant)) == workflow_toml(load_workflow(tmp_path / "base.toml"))


def test_tables_merge_and_values_and_lists_are_the_variants(tmp_path: Path) -> None:
    text = """extends = "base.toml"
title = "Denser"
[area]
cell_size_m = 500
partners = ["LI"]
[layers.roads]
classes = { trunk = 2 }
[[species]]
name = "forest_cat"
[species.cores]
threshold = 0.5
[species.network]
dispersal_km = [30]
"""
    found = load_workflow(write(tmp_path, base=tiny.WORKFLOW, variant=text))
    base = load_workflow(tmp_path / "base.toml")
    assert (found.name, found.title) == (base.name, "Denser")
    assert (found.area.cell_size_m, found.area.partners) == (500, ("LI",))
    assert found.area.bounds == base.area.bounds
    assert found.layers["roads"].classes == {"primary": 1, "trunk": 2}
    (species,) = found.species
    assert (species.cores.threshold, species.cores.min_area_km2) == (0.5, 20)
    assert species.network.dispersal_km == (30,)


def test_a_table_of_another_kind_replaces_the_base_s(tmp_path: Path) -> None:
    """A sigmoid must keep no corner of a decay."""
    text = """extends = "base.toml"
[[species]]
name = "forest_cat"
[species.habitat.predictors.distance_to_roads]
response = { kind = "piecewise_linear", points = [[0.0, 0.0], [1.0, 1.0]] }
"""
    (species,) = load_workflow(write(tmp_path, base=tiny.WORKFLOW, variant=text)).species
    assert species.habitat.predictors["distance_to_roads"].response.kind == "piecewise_linear"
    assert species.habitat.predictors["distance_to_roads"].role == "disturbance"


@pytest.mark.parametrize(
    ("entry", "seasons", "thresholds"),
    [
        ('season = "winter"', ["year-round", "winter"], [0.6, 0.5]),
        ('season = "year-round"', ["year-round", "winter"], [0.5, 0.6]),
    ],
)
def test_species_are_found_by_season(
    tmp_path: Path, entry: str, seasons: list[str], thresholds: list[float]
) -> None:
    text = (
        f'extends = "base.toml"\n[[species]]\nname = "forest_cat"\n{entry}\n[species.cores]\nthreshold = 0.5'
    )
    species = load_workflow(write(tmp_path, base=TWO_SEASONS, variant=text)).species
    assert [one.season for one in species] == seasons
    assert [one.cores.threshold for one in species] == thresholds


def test_the_only_entry_of_a_name_may_get_another_scenario(tmp_path: Path) -> None:
    text = 'extends = "base.toml"\n[[species]]\nname = "forest_cat"\nscenario = "fence"'
    (species,) = load_workflow(write(tmp_path, base=tiny.WORKFLOW, variant=text)).species
    assert species.scenario == "fence"


def test_a_new_species_stands_after_those_of_the_base(tmp_path: Path) -> None:
    other = tiny.WORKFLOW[tiny.WORKFLOW.index("[[species]]") :].replace("forest_cat", "marten")
    found = load_workflow(write(tmp_path, base=tiny.WORKFLOW, variant=f'extends = "base.toml"\n{other}'))
    assert list(found.cases) == ["forest_cat", "marten"]


def test_which_of_two_seasons_must_be_said(tmp_path: Path) -> None:
    text = 'extends = "base.toml"\n[[species]]\nname = "forest_cat"\n[species.cores]\nthreshold = 0.5'
    (problem,) = problems_of(write(tmp_path, base=TWO_SEASONS, variant=text))
    assert problem.code == "C141"
    assert problem.where == "variant.toml, species 1"


def test_paths_stay_relative_to_the_file_they_stand_in(tmp_path: Path) -> None:
    """The base of a base in other folders: its data are found, and the variant runs on them."""
    tiny.write_landscape(tmp_path / "here")
    write(tmp_path / "there", middle='extends = "../here/tiny.toml"')
    variant = write(tmp_path / "vari 'ants" / "虎", variant='extends = "../../there/middle.toml"')
    workflow, found = check_file(str(variant))
    assert found.problems == ()
    assert workflow is not None
    assert (Path(workflow.folder) / workflow.data.folder).resolve() == tmp_path / "here" / "data"
    own = write(variant.parent, variant='extends = "../../there/middle.toml"\n[data]\nfolder = "mine"')
    assert load_workflow(own).data.folder == "mine"


def test_a_supplement_moves_with_its_file_and_full_paths_stay(tmp_path: Path) -> None:
    added = 'name_column = "name"\nsupplement = "more.gpkg|parks"\n\n[layers.distance_to_roads]'
    parks = f'[layers.protected_areas]\nkind = "polygons"\nsources = ["v.gpkg"]\n{added}'
    base = tiny.WORKFLOW.replace("[layers.distance_to_roads]", parks).replace('"data"', '"C:/layers"')
    write(tmp_path / "a", base=base)
    found = load_workflow(write(tmp_path / "b", variant='extends = "../a/base.toml"'))
    assert found.layers["protected_areas"].supplement == "../a/more.gpkg|parks"
    assert found.data.folder == "C:/layers"


def test_a_faulty_key_is_sought_in_the_file_it_stands_in(tmp_path: Path) -> None:
    base = tiny.WORKFLOW.replace("max_link_km = 50", "max_kmm = 50").replace(
        "cell_size_m = 1000", "cell_size_m = 0"
    )
    entry = '[[species]]\nname = "forest_cat"\n[species.cores]\nfloor = 7'
    text = f'extends = "base.toml"\n[area]\nmargin = 3\n{entry}'
    places = {problem.where for problem in problems_of(write(tmp_path, base=base, variant=text))}
    assert places == {
        "variant.toml, area.margin",
        "base.toml, area.cell_size_m",
        "base.toml, species 1 (forest_cat), links.max_kmm",
        "variant.toml, species 1 (forest_cat), cores.floor",
    }


def test_what_is_missing_is_told_of_all_files_that_fill_the_table(tmp_path: Path) -> None:
    base = tiny.WORKFLOW.replace("threshold = 0.6", "")
    text = 'extends = "base.toml"\n[[species]]\nname = "forest_cat"\n[species.cores]\nfloor = 0.1'
    (problem,) = problems_of(write(tmp_path, base=base, variant=text))
    assert problem.what == "threshold is missing"
    assert problem.where == "base.toml and variant.toml, species 1 (forest_cat), cores.threshold"


@pytest.mark.parametrize(
    ("texts", "code", "said"),
    [
        ({"variant": 'extends = "gone.toml"'}, "C110", ["variant.toml, extends", "Given: gone.toml"]),
        (
            {"variant": 'extends = "variant.toml"'},
            "C140",
            ["extend each other", "variant.toml extends variant.toml"],
        ),
        (
            {"variant": 'extends = "b.toml"', "b": 'extends = "./c.toml"', "c": 'extends = "../x/b.toml"'},
            "C140",
            ["c.toml, extends", "variant.toml extends b.toml extends c.toml extends b.toml"],
        ),
        ({"variant": "extends = 3"}, "C102", ["variant.toml, extends", "Given: 3"]),
        ({"variant": 'extends = ["a.toml", "b.toml"]'}, "C102", ["one workflow file"]),
        ({"variant": 'extends = "b.toml"', "b": "[area"}, "C111", ["b.toml"]),
    ],
)
def test_bases_that_cannot_be(tmp_path: Path, texts: dict[str, str], code: str, said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read_workflow(write(tmp_path / "x", **texts))
    assert caught.value.code == code
    assert all(text in str(caught.value) for text in said)
    assert str(tmp_path) not in str(caught.value)


def test_a_chain_may_be_so_long(tmp_path: Path) -> None:
    names = [f"f{number}" for number in range(MOST_FILES + 1)]
    texts = {name: f'extends = "{base}.toml"' for name, base in pairwise(names)}
    write(tmp_path, **texts, **{names[-1]: tiny.WORKFLOW})
    assert load_workflow(tmp_path / "f1.toml").name == "tiny"
    with pytest.raises(ConfigError, match=f"C140.*at most {MOST_FILES}"):
        load_workflow(tmp_path / "f0.toml")


def test_backslashes_are_slashes(tmp_path: Path) -> None:
    write(tmp_path / "a", base=tiny.WORKFLOW)
    found = load_workflow(write(tmp_path / "b", variant="extends = '..\\a\\base.toml'"))
    assert found.data.folder == "../a/data"


def test_origins_name_files(tmp_path: Path) -> None:
    variant = write(tmp_path, base=tiny.WORKFLOW, variant='extends = "base.toml"\n[area]\nmargin_km = 1')
    origins: Any = read_workflow(variant)[1]
    assert files_at(origins, ("area", "margin_km"), "?") == "variant.toml"
    assert files_at(origins, ("area", "crs"), "?") == "base.toml"
    assert files_at(None, ("area",), "workflow") == "workflow"
