from __future__ import annotations

import math

import pytest

from corridors.circuit.omniscape import parse_options
from corridors.errors import ConfigError, CorridorsError

NEEDED = {"resistance_file": "r.asc", "source_file": "s.asc", "radius": "5", "project_name": "out"}


def parsed(**given):
    return parse_options({**NEEDED, **given}, where="case.ini")


def test_defaults_are_those_of_omniscape():
    options, said = parsed()
    assert (options.radius, options.block_size, options.buffer) == (5, 1, 0)
    assert math.isinf(options.r_cutoff)
    assert options.correct_artifacts
    assert options.mask_nodata
    assert options.write_as_tif
    assert not options.needs_flow_potential
    assert said == []


def test_numbers_are_rounded_and_an_even_block_grows():
    options, said = parsed(radius="4.6", block_size="4", buffer="2.0")
    assert (options.radius, options.block_size, options.buffer) == (5, 5, 2)
    assert said == ["block_size is even; 5 is taken"]


def test_what_means_nothing_is_said():
    _, said = parsed(solver="fastest", parallelize="true", foo="bar", block_sise="3")
    assert said == [
        "no such solver: fastest; cg+amg is taken",
        "ignored, they mean nothing here: parallelize",
        "ignored, Omniscape has no such options: foo, block_sise (did you mean block_size?)",
    ]


def test_former_names_are_understood():
    options, said = parsed(
        resistance_file_is_conductance="True",
        conditional="TRUE",
        condition1_present_file="a.asc",
        comparison1="equals",
    )
    assert options.resistance_is_conductance
    assert options.condition1_file == "a.asc"
    assert options.comparison1 == "equal"
    assert said == []


@pytest.mark.parametrize(
    ("given", "match"),
    [
        ({"resistance_file": "(browse to resistance file)"}, r"C104.*resistance_file is needed.*\(browse"),
        ({"radius": "(choose source radius)"}, "C104.*radius is needed"),
        ({"project_name": ""}, "C104.*project_name"),
        ({"source_file": ""}, "C104.*source_file"),
        ({"reclassify_resistance": "true"}, "C104.*reclass_table"),
        ({"conditional": "true"}, "C104.*condition1_file"),
        ({"radius": "0"}, r"C102.*case.ini, radius.*1 or more"),
        ({"radius": "wide"}, "C102.*radius"),
        ({"block_size": "inf"}, "C102.*block_size"),
        ({"r_cutoff": "-1"}, "C102.*r_cutoff"),
        ({"write_as_tif": "yes"}, "C102.*write_as_tif.*true, false"),
        ({"comparison1": "near"}, "C102.*comparison1.*within, equal"),
        ({"compare_to_future": "foo"}, "C102.*none, 1, 2, both"),
        ({"n_conditions": "3"}, "C102.*n_conditions"),
    ],
)
def test_what_cannot_be_is_refused(given, match):
    with pytest.raises(ConfigError, match=match):
        parsed(**given)


def test_all_problems_at_once():
    with pytest.raises(CorridorsError) as caught:
        parse_options({"radius": "x", "calc_flow_potential": "maybe"}, where="case.ini")
    text = str(caught.value)
    for name in ("resistance_file", "source_file", "project_name", "case.ini, radius", "calc_flow_potential"):
        assert name in text


def test_files_that_are_not_used_are_not_needed():
    options, _ = parsed(
        source_from_resistance="true", condition1_file="absent.asc", reclass_table="absent.txt"
    )
    assert (options.source_file, options.condition1_file, options.reclass_table) == ("", "", "")
