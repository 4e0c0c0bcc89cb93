"""Styles as text: what can be said about them without QGIS."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from corridors import schema
from corridors.io.qgis.markup import xml_text
from corridors.io.qgis.raster_styles import ramp_stops
from corridors.io.qgis.styles import raster_qml, vector_qml


@pytest.mark.parametrize("name", schema.RASTERS)
def test_raster_qml__is_wellformed_and_the_same_every_time(name: str) -> None:
    style = schema.RASTERS[name].style
    root = ElementTree.fromstring(raster_qml(style))
    assert root.find("pipe/rasterrenderer") is not None
    assert raster_qml(style) == raster_qml(style)


def test_vector_qml__names_with_xml_in_them_stay_whole() -> None:
    label = "na<me> & \"co\x07l'"
    root = ElementTree.fromstring(vector_qml(schema.Symbol("#ff0000"), geometry="Point", label=label))
    text = root.find("labeling/settings/text-style")
    assert text is not None
    assert text.get("fieldName") == "na<me> & \"co\ufffdl'"
    assert root.get("labelsEnabled") == "1"


def test_vector_qml__opacity_is_the_fill_s_and_not_the_outline_s() -> None:
    style = schema.Symbol("#ff0000", outline="#00ff00", opacity=0.4)
    root = ElementTree.fromstring(vector_qml(style, geometry="Polygon"))
    options = {option.get("name"): option.get("value") for option in root.iter("Option")}
    assert options["color"] == "255,0,0,102"
    assert options["outline_color"] == "0,255,0,255"
    assert root.find("labeling") is None


def test_ramp_stops__linear_ramps_keep_their_breaks() -> None:
    assert ramp_stops(schema.SUITABILITY) == list(schema.SUITABILITY.stops)


def test_ramp_stops__logarithmic_ramps_mix_by_the_logarithm() -> None:
    ramp = schema.Ramp(((1, "#000000", "1"), (10_000, "#c8c8c8", "10 000")), log=True)
    # 100 lies half-way between 1 and 10 000 on a logarithmic scale: half of c8 is 64.
    colours = {value: colour for value, colour, _ in ramp_stops(ramp)}
    assert colours[100] == "#646464"
    assert list(colours) == [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000]


def test_ramp_stops__a_first_break_of_zero_has_no_logarithm() -> None:
    ramp = schema.Ramp(((0, "#000000", "0"), (1000, "#ffffff", "1000")), log=True)
    assert ramp_stops(ramp) == list(ramp.stops)


@pytest.mark.parametrize(
    ("text", "expected"), [("虎 – Тигр\n", "虎 – Тигр\n"), ("a\x00b\x1b[0m", "a\ufffdb\ufffd[0m")]
)
def test_xml_text__replaces_only_what_xml_cannot_hold(text: str, expected: str) -> None:
    assert xml_text(text) == expected
