"""Presets: complete, coherent, and every number with its pedigree."""

from __future__ import annotations

import math

import pytest

from corridors import presets
from corridors.errors import ConfigError
from corridors.grid import choose_crs, length_distortion_percent, metric_crs
from corridors.schema import LANDCOVER
from corridors.suitability import as_response, layers_used

PAIRS = presets.names()
# Sea is declared impassable in the workflow.
CLASSES = {str(entry[0]) for entry in LANDCOVER.entries} - {"11"}


def flattened(section, path=()):
    for key, value in section.items():
        if isinstance(value, dict):
            yield from flattened(value, (*path, key))
        else:
            yield ".".join((*path, key)), value


def test_names__the_four_landscapes() -> None:
    assert set(PAIRS) == {
        ("amur_tiger", "land_of_big_cats"),
        ("amur_leopard", "land_of_big_cats"),
        ("amur_tiger", "lesser_khingan"),
        ("snow_leopard", "chikhachev"),
        ("snow_leopard", "eastern_sayan"),
    }
    assert {species for species, _ in PAIRS} == set(presets.species_names())
    assert {place for _, place in PAIRS} == set(presets.landscape_names())


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_preset_parameters__every_one_says_where_it_comes_from(name, landscape) -> None:
    for key, parameter in presets.preset_parameters(name, landscape).items():
        assert parameter.mark in {"default", "literature"}, key
        assert parameter.source, key
        assert parameter.range, key
        if isinstance(parameter.value, float):
            assert parameter.unit, key
        if parameter.mark == "literature":
            assert any(year in parameter.source for year in ("19", "20")), key


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_species_section__every_number_is_a_parameter(name, landscape) -> None:
    parameters = presets.preset_parameters(name, landscape)
    plain = dict(flattened(presets.species_section(name, landscape)))
    assert set(parameters) <= set(plain)
    for key, value in plain.items():
        if isinstance(value, str):
            continue
        expected = parameters[key].value
        assert value == (list(expected) if isinstance(expected, tuple) else expected)


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_species_section__has_all_parts_and_no_weights(name, landscape) -> None:
    section = presets.species_section(name, landscape)
    assert set(section) == {
        "name", "landscape", "habitat", "movement", "cores", "links", "corridors", "network",
        "current", "restoration", "border",
    }  # fmt: skip
    assert all("weight" not in predictor for predictor in section["habitat"]["predictors"].values())


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_species_section__responses_are_valid(name, landscape) -> None:
    predictors = presets.species_section(name, landscape)["habitat"]["predictors"]
    responses = {layer: as_response(predictor["response"]) for layer, predictor in predictors.items()}
    assert set(predictors) <= set(layers_used(responses))
    assert {predictor["role"] for predictor in predictors.values()} >= {"cover", "disturbance", "prey"}


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_species_section__every_class_but_the_sea_has_a_score_and_a_resistance(name, landscape) -> None:
    section = presets.species_section(name, landscape)
    assert set(section["habitat"]["predictors"]["landcover"]["response"]["scores"]) == CLASSES
    assert set(section["movement"]["resistances"]) == CLASSES
    assert min(section["movement"]["resistances"].values()) == 1


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_species_section__sizes_fit_together(name, landscape) -> None:
    section = presets.species_section(name, landscape)
    cores, links, network = section["cores"], section["links"], section["network"]
    assert cores["min_neck_km"] == pytest.approx(2 * cores["window_radius_km"] / 4)
    assert cores["stepping_stone_km2"] < cores["min_area_km2"]
    assert cores["floor"] < cores["threshold"]
    assert links["max_link_km"] == max(network["dispersal_km"])
    assert network["dispersal_km"] == sorted(network["dispersal_km"])


@pytest.mark.parametrize(
    ("name", "home_range_km2"), [("amur_tiger", 400), ("amur_leopard", 80), ("snow_leopard", 124)]
)
def test_species_section__window_is_a_circle_of_the_home_range(name, home_range_km2) -> None:
    landscape = next(place for species, place in PAIRS if species == name)
    radius = presets.species_section(name, landscape)["cores"]["window_radius_km"]
    assert radius == pytest.approx(math.sqrt(home_range_km2 / math.pi), abs=0.06)


def test_species_section__is_a_fresh_copy() -> None:
    first = presets.species_section("amur_tiger", "land_of_big_cats")
    first["network"]["dispersal_km"].append(1.0)
    first["cores"]["threshold"] = 0.1
    second = presets.species_section("amur_tiger", "land_of_big_cats")
    assert second["network"]["dispersal_km"] == [70.0, 140.0, 250.0]
    assert second["cores"]["threshold"] == 0.7


def test_species_section__thresholds_and_heights_belong_to_the_landscape() -> None:
    assert presets.species_section("amur_tiger", "lesser_khingan")["cores"]["threshold"] == 0.8
    altai = presets.species_section("snow_leopard", "chikhachev")["habitat"]["predictors"]["elevation"]
    sayan = presets.species_section("snow_leopard", "eastern_sayan")["habitat"]["predictors"]["elevation"]
    assert (
        altai["response"]["d"] > 3491 > sayan["response"]["d"]
    )  # Munku-Sardyk, highest of the Eastern Sayan


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_left_out__has_reasons_and_nothing_that_is_used(name, landscape) -> None:
    used = presets.species_section(name, landscape)["habitat"]["predictors"]
    reasons = presets.left_out(name)
    assert not set(reasons) & set(used)
    assert all(reasons.values())


@pytest.mark.parametrize(("name", "landscape"), PAIRS)
def test_prey_weights__sum_to_one(name, landscape) -> None:
    weights = presets.prey_weights(name, landscape)
    assert sum(parameter.value for parameter in weights.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", presets.landscape_names())
def test_area_section__crs_is_the_one_that_would_be_chosen(name) -> None:
    area = presets.area_section(name)
    bounds = tuple(area["bounds"])
    assert metric_crs(area["crs"]) == choose_crs(bounds)
    assert max(map(abs, length_distortion_percent(bounds, metric_crs(area["crs"])))) < 0.2
    assert all(len(code) == 2 and code.isupper() for code in area["partners"])
    assert presets.landscape(name).title


def test_species_title() -> None:
    assert [presets.species_title(name) for name in presets.species_names()] == [
        "Amur tiger",
        "Amur leopard",
        "Snow leopard",
    ]


def test_presets__unknown_names() -> None:
    with pytest.raises(ConfigError, match=r"C109.*Given: amur_tigre.*Did you mean amur_tiger"):
        presets.species_section("amur_tigre", "land_of_big_cats")
    with pytest.raises(ConfigError, match=r"C109.*landscape. Given: moon"):
        presets.area_section("moon")
    with pytest.raises(ConfigError, match=r"C109.*amur_leopard in lesser_khingan"):
        presets.preset_parameters("amur_leopard", "lesser_khingan")
    with pytest.raises(ConfigError, match="C109"):
        presets.prey_weights("snow_leopard", "land_of_big_cats")
