"""Options of an ini file: meaning, defaults, and every problem at once."""

from __future__ import annotations

import pytest

from corridors.circuit.circuitscape import Options, parse_options
from corridors.circuit.circuitscape.options import HONOURED, IGNORED
from corridors.errors import ConfigError, Problems

NEEDED = {"scenario": "pairwise", "habitat_file": "r.asc", "point_file": "p.asc", "output_file": "a.out"}


def parsed(**given: str) -> Options:
    return parse_options(NEEDED | given, where="case.ini")[0]


def said(**given: str) -> list[str]:
    return parse_options(NEEDED | given, where="case.ini")[1]


def test_defaults_are_those_of_circuitscape_5() -> None:
    options = parsed()
    assert not options.connect_using_avg_resistances
    assert not options.connect_four_neighbors_only
    assert options.habitat_map_is_resistances
    assert options.ground_file_is_resistances
    assert (options.data_type, options.remove_src_or_gnd) == ("raster", "keepall")
    assert not any((options.write_cur_maps, options.write_volt_maps, options.write_max_cur_maps))


@pytest.mark.parametrize("yes", ["True", "true", "1", "TRUE", "yes"])
def test_yes_and_no_in_any_case(yes: str) -> None:
    assert parsed(write_cur_maps=yes).write_cur_maps
    assert not parsed(habitat_map_is_resistances="False").habitat_map_is_resistances
    assert parsed(habitat_map_is_resistances="None").habitat_map_is_resistances


@pytest.mark.parametrize(
    ("text", "meant"),
    [("one-to-all", "one-to-all"), ("All_to_one", "all-to-one"), ("Pairwise", "pairwise")],
)
def test_spellings_of_the_scenario(text: str, meant: str) -> None:
    assert parsed(scenario=text).scenario == meant


def test_files_that_are_not_used_may_be_anything() -> None:
    options = parsed(polygon_file="no/such.asc", use_polygons="False", source_file="(Browse for a source)")
    assert (options.polygon_file, options.source_file) == ("", "")
    assert parsed(remove_src_or_gnd="not entered").remove_src_or_gnd == "keepall"


@pytest.mark.parametrize(
    "placeholder", ["(Browse for a short-circuit region file)", "None", "none", "", "not entered"]
)
def test_a_placeholder_that_is_needed_names_its_option(placeholder: str) -> None:
    with pytest.raises(ConfigError, match=r"C104.*case\.ini: polygon_file is needed"):
        parsed(use_polygons="True", polygon_file=placeholder)


def test_every_problem_is_told_at_once() -> None:
    wrong = {"scenario": "one-to-all", "data_type": "vector", "write_cur_maps": "Ture", "use_polygon": "1"}
    with pytest.raises(Problems) as told:
        parse_options(wrong, where="case.ini")
    text = str(told.value)
    assert [problem.code for problem in told.value.problems] == ["C101", "C102", "C102", *["C104"] * 3]
    assert "Did you mean use_polygons?" in text
    assert "write_cur_maps: not a value this option takes. Given: Ture. Allowed: True, False" in text
    for name in ("habitat_file", "point_file", "output_file"):
        assert f"{name} is needed and not given" in text


def test_advanced_mode_needs_sources_and_grounds_and_no_points() -> None:
    with pytest.raises(Problems, match=r"source_file[^\0]*ground_file"):
        parsed(scenario="advanced", point_file="")


def test_a_network_has_two_scenarios() -> None:
    with pytest.raises(ConfigError, match=r"C102.*scenario.*one-to-all.*pairwise, advanced"):
        parsed(data_type="network", scenario="one-to-all")


def test_what_is_ignored_is_said_in_one_line() -> None:
    assert said(solver="cholmod", print_timings="False", favourite_colour="green") == [
        "ignored, they mean nothing here: solver, print_timings",
        "ignored, no version of Circuitscape has them: favourite_colour",
    ]
    (line,) = said(data_type="network", write_max_cur_maps="True", use_mask="True", mask_file="m.asc")
    assert line == "ignored, they mean nothing here: use_mask, write_max_cur_maps"


def test_what_circuitscape_5_dropped_is_honoured_and_said() -> None:
    told = said(use_reclass_table="1", reclass_file="t.txt", set_focal_node_currents_to_zero="1")
    assert [line.split()[0] for line in told] == ["use_reclass_table", "set_focal_node_currents_to_zero"]


def test_no_option_is_both() -> None:
    assert not set(HONOURED) & set(IGNORED)
