"""The page as text: whole in itself, escaped, the same bytes each time, honest about what is missing."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from geopandas.testing import assert_geodataframe_equal
from PIL import Image
from report_fixtures import (
    BOTTOM,
    CANARY,
    GRID,
    LEFT,
    NASTY,
    RIGHT,
    TOP,
    comparison,
    full,
    layer,
    proposals,
    result,
    sides,
)

from corridors import schema
from corridors.errors import SecurityError
from corridors.report.html import LANGUAGES, report_html
from corridors.report.html.embedding import embedded
from corridors.report.html.pictures import paletted, pictures_within, raster_png
from corridors.report.html.sections import proposal_parts
from corridors.report.html.shapes import geojson, looks_of, shown_features
from corridors.report.html.strings import words_of
from corridors.schema import CORRIDOR, SUITABILITY, VECTORS
from corridors.schema.styles import LINKS


class Page(HTMLParser):
    """Elements with their attributes, and the text a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.hidden = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.hidden = tag if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self.hidden = "" if tag == self.hidden else self.hidden

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text += data


@pytest.fixture(scope="module")
def html() -> str:
    return report_html(result(), **full())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def data_of(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1])


def test_report__same_bytes_twice(html: str) -> None:
    assert report_html(result(), **full()) == html


def test_report__asks_for_nothing_outside_the_file(page: Page) -> None:
    for tag, attributes in page.elements:
        for name in ("src", "href", "data", "action", "srcset", "poster"):
            assert (attributes.get(name) or "#").startswith(("#", "data:")), (tag, name)


def test_report__style_names_no_file(html: str) -> None:
    assert "url(" not in re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]


def test_report__names_are_text(html: str, page: Page) -> None:
    assert "<script>document" not in html
    assert NASTY in page.text
    assert "Fence <b>" in page.text
    assert NASTY in json.dumps(data_of(html), ensure_ascii=False).replace('\\"', '"')


def test_embedded__comes_back_and_holds_no_bracket() -> None:
    data = {"</script><!--": ["&amp;", "\u2028", "城市"]}
    text = embedded(data)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == data


@pytest.mark.parametrize("language", LANGUAGES)
def test_report__in_every_language(language: str) -> None:
    page = Page(report_html(result(), **full(language)))
    assert ("html", {"lang": language}) in page.elements
    assert "Город 城市 도시" in page.text
    assert not re.search(r"\b(col|word|layer|s|ask|why)_[a-z]", page.text)


def test_report__headings_of_the_guidelines_in_order(page: Page) -> None:
    sections = [attributes["id"] for tag, attributes in page.elements if tag == "section"]
    assert sections == [
        "summary", "map", "name", "geography", "objectives", "contribution", "people", "governance", "legal",
        "longevity", "management", "monitoring", "proposals", "method", "sources", "parameters", "limits",
        "not-assessed",
    ]  # fmt: skip


def test_report__what_nobody_knows_is_an_empty_box(page: Page) -> None:
    boxes = [attributes for tag, attributes in page.elements if attributes.get("class") == "open"]
    assert len(boxes) == 9


def test_report__disclaimer_on_every_map(html: str) -> None:
    maps = re.findall(r'<svg class="still".*?</svg>', html, re.DOTALL)
    assert len(maps) == 1
    assert all("Boundaries are no legal statement" in drawn for drawn in maps)
    assert data_of(html)["words"]["disclaimer_short"] == "Boundaries are no legal statement"


def test_report__sentences_carry_the_numbers(page: Page) -> None:
    assert "core areas 2, 250 km² in all; on both sides of a border: 1, with 2.5 km" in page.text
    assert "links between core areas 1; crossing a border: 1" in page.text
    assert (
        "of 3 proposals, “Reserve” ranks first; under other assumptions its rank lies between 1 and 2"
        in page.text
    )
    assert "The data of AD are incomplete" in page.text


def test_report__claims_no_firmness_of_ranks_that_nobody_looked_at() -> None:
    alone = full()["comparison"].drop(columns=["rank_low", "rank_high"])
    page = Page(report_html(result(), **full() | {"comparison": alone}))
    assert "“Reserve” ranks first; how firm this is was not assessed." in page.text
    assert "its rank lies between" not in page.text


def test_report__without_proposals_tells_the_cheapest_crossing() -> None:
    page = Page(report_html(result(), **full() | {"comparison": None, "proposals": None}))
    assert "22 km of path that cost as much as 54.3 km of ideal habitat" in page.text
    assert "proposals" not in [attributes.get("id") for tag, attributes in page.elements if tag == "section"]


def test_report__no_data_is_a_dash_and_never_nothing(html: str) -> None:
    rows = re.findall(r"<tr><td>Reserve</td>.*?</tr>", html)
    joint = next(row for row in rows if "Underpass" not in row and ">AD<" not in row and "211" in row)
    assert "(not assessed)" in joint
    assert "(not assessed)" not in next(row for row in re.findall(r"<tr><td>baseline</td>.*?</tr>", html))
    people = [row for row in rows if re.search(r"<td class=\"number\"( data-order=\"900.0\")?>", row)]
    assert any("–" in row for row in people)
    assert "not assessed" in html


def test_report__minimal_input() -> None:
    bare = result()
    bare = replace(bare, context={}, notes=())
    page = Page(report_html(bare, workflow=full()["workflow"]))
    assert "No layer is known to lack data on one side only" in page.text


def test_report__one_core_and_no_link() -> None:
    whole = result()
    case = whole.cases["forest_cat"]
    alone = case.vectors | {"cores": case.vectors["cores"].iloc[:1], "links": case.vectors["links"].iloc[:0]}
    alone["crossings"] = case.vectors["crossings"].iloc[:0]
    changed = replace(whole, cases={"forest_cat": replace(case, vectors=alone)})
    page = Page(report_html(changed, **full() | {"comparison": None}))
    assert "no link between core areas crosses a border" in page.text


def canary_column() -> schema.Column:
    return schema.Column("den", "", "den", "A den.", "text", "sensitive")


@pytest.mark.parametrize("place", ["vectors", "context", "tables", "comparison", "proposals", "rasters"])
def test_report__sensitive_entries_are_refused(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema.COLUMNS, "den", canary_column())
    hidden = replace(schema.RASTERS["suitability"], name="den_sites", sensitivity="sensitive")
    monkeypatch.setitem(schema.RASTERS, "den_sites", hidden)
    whole, rest = result(), full()
    case = whole.cases["forest_cat"]
    point = layer([shapely.Point(LEFT + 5000, BOTTOM + 5000)], den=[CANARY])
    if place == "vectors":
        case = replace(case, vectors=case.vectors | {"crossings": point})
    elif place == "tables":
        case = replace(case, tables={"links": pd.DataFrame({"den": [CANARY]})})
    elif place == "rasters":
        case = replace(case, rasters=case.rasters.assign(den_sites=case.rasters["suitability"]))
    elif place == "context":
        whole = replace(whole, context={**whole.context, "settlements": point})
    elif place == "comparison":
        rest["comparison"] = rest["comparison"].assign(den=CANARY)
    else:
        rest["proposals"] = rest["proposals"].assign(den=CANARY)
    whole = replace(whole, cases={"forest_cat": case})
    with pytest.raises(SecurityError, match="sensitive") as caught:
        report_html(whole, **rest)
    assert CANARY not in str(caught.value)


def test_report__inputs_are_not_changed() -> None:
    whole, rest = result(), full()
    before = rest["comparison"].copy(), whole.cases["forest_cat"].vectors["cores"].copy()
    report_html(whole, **rest)
    pd.testing.assert_frame_equal(rest["comparison"], before[0])
    assert_geodataframe_equal(whole.cases["forest_cat"].vectors["cores"], before[1])


# ---------------------------------------------------------------- the map's data


def test_map__views_put_baseline_and_proposals_side_by_side(html: str) -> None:
    data = data_of(html)
    titles = [view["title"].rpartition(": ")[2] for view in data["views"]]
    assert titles == ["as it is", "Reserve", "Fence <b>", "Underpass"]
    assert data["right"] == 1
    assert ["Equivalent connected area, km²", "211"] in data["views"][1]["numbers"]
    assert all(name in data["layers"] for view in data["views"] for name in view["layers"])


def test_map__coordinates_are_metres_from_the_corner(html: str) -> None:
    data = data_of(html)
    reserve = data["layers"]["proposal/Reserve"]["features"][0]["g"]
    assert sorted(set(map(tuple, reserve["coordinates"][0]))) == [
        (10_000, 4000), (10_000, 9000), (16_000, 4000), (16_000, 9000),
    ]  # fmt: skip
    assert data["origin"] == list(GRID.bounds[:2])


def test_shapes__what_lies_beyond_the_grid_is_cut_off() -> None:
    wide = layer([shapely.box(LEFT - 9000, BOTTOM - 9000, LEFT + 2000, TOP + 9000)], name=["a"])
    [(_, [part], _)] = shown_features(wide, VECTORS["cores"], bounds=GRID.bounds, detail_m=1)
    assert part.bounds == (0, 0, 2000, TOP - BOTTOM)


def test_shapes__links_take_the_look_of_their_class_and_the_cheapest_is_on_top() -> None:
    line = shapely.LineString([(LEFT, BOTTOM + 5000), (LEFT + 9000, BOTTOM + 5000)])
    links = layer([line] * 3, cost_distance_m=[10.0, 30_000.0, 500_000.0])
    looks = looks_of(links, VECTORS["links"])
    assert [look.colour for look in looks] == [LINKS.ranges[i][2] for i in (0, 1, 3)]
    drawn = [row for row, _, _ in shown_features(links, VECTORS["links"], bounds=GRID.bounds, detail_m=1)]
    assert drawn == [2, 1, 0]


def test_geojson__holds_the_holes() -> None:
    ring = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (6, 3), (6, 6)]])
    assert [len(part) for part in geojson(ring)["coordinates"]] == [5, 4]


# ---------------------------------------------------------------- pictures


def test_picture__shows_ends_of_the_ramp_and_nothing_where_there_is_none() -> None:
    # Half of one of 63 steps: 5 of 255 where the ramp is steepest.
    png = raster_png(np.array([[0.0, 1.0], [np.nan, 0.5]]), SUITABILITY, side_px=2)
    pixels = np.array(Image.open(io.BytesIO(png)).convert("RGBA"))
    assert pixels[1, 0, 3] == 0
    assert np.abs(pixels[0, 0, :3].astype(int) - (0x44, 0x01, 0x54)).max() <= 5
    assert np.abs(pixels[0, 1, :3].astype(int) - (0xFD, 0xE7, 0x25)).max() <= 5


def test_picture__past_the_cut_of_a_ramp_is_nothing() -> None:
    indices, palette = paletted(np.array([[0.0, 20_000.0, 20_001.0]]), CORRIDOR)
    assert indices.tolist() == [[1, 63, 0]]
    assert palette[0, 3] == 0


def test_pictures__grow_coarser_until_they_fit() -> None:
    noise = np.random.default_rng(1).random((900, 900))
    shown = {"a": (xr.DataArray(noise, dims=("y", "x")), SUITABILITY)}
    fine, coarse = (pictures_within(shown, budget_bytes=size)["a"] for size in (10_000_000, 300_000))
    assert len(coarse) <= 300_000 < len(fine)


def test_report__a_large_landscape_stays_under_five_megabytes() -> None:
    rng = np.random.default_rng(2)
    side = [shapely.Point(*xy).buffer(400, 64) for xy in rng.uniform(0, 20_000, (3000, 2)) + GRID.bounds[:2]]
    parks = layer(side, name=[f"Park {i}" for i in range(3000)])
    whole = result()
    html = report_html(replace(whole, context={**whole.context, "protected_areas": parks}), **full())
    assert len(html.encode()) < 5_000_000


def test_proposals__of_every_shape_are_shown(html: str) -> None:
    layers = data_of(html)["layers"]
    kinds = {name: layers[f"proposal/{name}"]["features"][0]["g"]["type"] for name in proposals()["proposal"]}
    assert kinds == {"Reserve": "Polygon", "Fence <b>": "LineString", "Underpass": "Point"}


def test_sides__one_sided_layers_are_named(page: Page) -> None:
    assert set(sides()["country"]) == {"AD", "LI"}
    assert "Data missing, by side" in page.text
    assert "incomplete" in page.text


def test_report__translates_its_own_words_and_no_name() -> None:
    rest = full("ru")
    rest["proposals"] = proposals().assign(name=["road", "b, fence", "c"])
    html = report_html(result(), **rest)
    layers = data_of(html)["layers"]
    said = [layers[f"proposal/{name}"]["features"][0]["said"] for name in ("Reserve", "Fence <b>")]
    assert [row[1:3] for row in said] == [["road", "охрана"], ["b, fence", "забор"]]


def test_proposals__in_several_parts_are_drawn_whole() -> None:
    parts = proposals()
    mixed = layer([shapely.GeometryCollection(list(parts.geometry))], proposal=["All"], kind="protect, fence")
    html = report_html(result(), **full() | {"proposals": mixed})
    features = data_of(html)["layers"]["proposal/All"]["features"]
    assert [feature["g"]["type"] for feature in features] == ["Polygon", "LineString", "Point"]


def test_map__a_proposal_with_ways_of_its_own_shows_them_instead(html: str) -> None:
    data = data_of(html)
    views = {view["title"].rpartition("baseline: ")[2]: view["layers"] for view in data["views"]}
    own = [name for name in views["Fence <b>"] if name.startswith("+ways/")]
    assert [name.rpartition("/")[2] for name in own] == ["links", "corridors"]
    assert "forest_cat/links" not in views["Fence <b>"]
    assert {"forest_cat/suitability", "forest_cat/cores", "settlements"} <= set(views["Fence <b>"])
    assert "forest_cat/resistance" not in views["Fence <b>"]
    assert not [name for name in views["Reserve"] if name.startswith("+ways/")]
    assert {"forest_cat/links", "forest_cat/resistance"} <= set(views["Reserve"])
    (drawn,) = data["layers"][own[0]]["features"]
    assert "98.8" in drawn["said"]


def test_map__a_proposal_that_leaves_no_link_shows_none() -> None:
    cores = result().cases["forest_cat"].vectors["cores"].reset_index()
    cut = {"cores": cores.assign(proposal="Fence <b>", case="forest_cat")}
    data = data_of(report_html(result(), **full() | {"ways": cut}))
    views = {view["title"].rpartition("baseline: ")[2]: view["layers"] for view in data["views"]}
    assert "forest_cat/links" in views["Reserve"]
    kinds = {name.rpartition("/")[2] for name in views["Fence <b>"]}
    assert not kinds & {"links", "crossings", "corridors", "corridor"}
    assert "cores" in kinds


def test_map__lines_alike_are_one_feature() -> None:
    whole = result()
    roads = layer(
        [shapely.LineString([(LEFT, BOTTOM + y), (RIGHT, BOTTOM + y)]) for y in (1000, 2000, 3000)],
        **{"class": ["primary", "primary", "trunk"], "structure": ""},
    )
    html = report_html(replace(whole, context={**whole.context, "roads": roads}), **full())
    features = data_of(html)["layers"]["roads"]["features"]
    assert [feature["g"]["type"] for feature in features] == ["MultiLineString", "LineString"]
    assert len(features[0]["g"]["coordinates"]) == 2


def test_proposals__sentences_stand_once_with_what_they_are_said_of() -> None:
    table = comparison().assign(notes="", data_gap="")
    table.loc[table["country"] != "joint", "data_gap"] = "livestock: no layer"
    table.loc[table["proposal"] == "Reserve", "notes"] = "small; far"
    table.loc[table["proposal"] == "Underpass", "notes"] = "far"
    told = {
        part.title: [[cell.text for cell in row] for row in part.rows]
        for part in proposal_parts(table, words_of("en"))["told"]
    }
    assert told["Data gap"] == [["AD, LI", "livestock: no layer"]]
    assert told["Notes"] == [["Reserve", "forest_cat", "small"], ["Reserve, Underpass", "forest_cat", "far"]]


def test_proposals__an_interval_stands_beside_its_number() -> None:
    table = comparison().assign(eca_km2_low=200.0, eca_km2_high=220.5)
    (together, _), *_ = [
        pair for pair in proposal_parts(table, words_of("en"))["tables"] if "habitat" in pair[0].title
    ]
    column = [said for said, _ in together.headings].index("Equivalent connected area, km²")
    assert together.rows[1][column].interval == "200 – 220"
    assert not [said for said, _ in together.headings if "low" in said or "high" in said]
