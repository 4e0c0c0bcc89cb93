"""The four shipped workflows: they load, and their numbers are those of the presets."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from corridors import presets
from corridors.config import load_workflow

WORKFLOWS = Path(__file__).resolve().parents[1] / "workflows"
ONLY_FOR_CLASSES = ("movement.layer", "movement.resistances")

each_workflow = pytest.mark.parametrize("name", presets.landscape_names())


def raw(name):
    return tomllib.loads((WORKFLOWS / f"{name}.toml").read_text(encoding="utf-8"))


def flat(table, path=""):
    for key, value in table.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from flat(value, here)
        else:
            yield here, value


def as_lists(value):
    return [as_lists(each) for each in value] if isinstance(value, tuple) else value


@each_workflow
def test_workflow_loads_with_the_species_of_its_landscape(name):
    workflow = load_workflow(str(WORKFLOWS / f"{name}.toml"))
    assert workflow.name == name
    assert tuple(species.name for species in workflow.species) == presets.landscape(name).species


@each_workflow
def test_area_is_that_of_the_preset(name):
    assert raw(name)["area"] == presets.area_section(name)


@each_workflow
def test_numbers_are_those_of_the_presets(name):
    for section in raw(name)["species"]:
        written = dict(flat(section))
        expected = {
            key: as_lists(parameter.value)
            for key, parameter in presets.preset_parameters(section["name"], name).items()
            if not key.startswith(ONLY_FOR_CLASSES)
        }
        assert {key: written[key] for key in expected} == expected


@each_workflow
def test_weights_of_prey_are_those_of_the_presets(name):
    workflow = raw(name)
    for species in presets.landscape(name).species:
        predictors = next(s for s in workflow["species"] if s["name"] == species)["habitat"]["predictors"]
        (layer,) = (key for key, value in predictors.items() if value["role"] == "prey")
        weights = workflow["layers"][layer]["sources"][0]["weights"]
        assert weights == {prey: p.value for prey, p in presets.prey_weights(species, name).items()}


@each_workflow
def test_layers_have_sources_in_the_demonstration_data(name):
    folder = WORKFLOWS / raw(name)["data"]["folder"]
    for layer in raw(name)["layers"].values():
        sources = [next(iter(s.values())) if isinstance(s, dict) else s for s in layer["sources"]]
        files = [source.partition("|")[0] for source in sources]
        known = [file in raw(name)["layers"] or (folder / file).is_file() for file in files]
        assert any(known) or layer.get("optional", False)
