"""The report in a real browser (Debian's Chromium, driven by Playwright): what a reader does with it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_fixtures import NASTY, full, result

from corridors.report.html import LANGUAGES, report_html
from corridors.report.html.strings import words_of
from corridors.schema.styles import LINKS

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
A4_INNER_WIDTH_PX = (210 - 24) / 25.4 * 96
"""A4 less the margins of the page, at 96 pixels an inch."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no chromium on this machine")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(result(), **full()), "utf-8")
    return path


class Opened:
    """A page, and all it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.page = browser.new_page(viewport={"width": 1400, "height": 900}, **options)
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())

    def shown_layers(self, side: str) -> int:
        return self.page.locator(f"#map-{side} .leaflet-overlay-pane path").count()


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[Opened]:
    opened = Opened(browser, report)
    yield opened
    opened.page.close()
    # Warnings are errors here too.
    assert opened.said == []
    assert [url for url in opened.requests if not url.startswith("data:")] == [report.as_uri()]


def test_opens_from_disk_and_draws_two_maps(opened: Opened) -> None:
    assert opened.shown_layers("left") > 5
    assert opened.shown_layers("right") == opened.shown_layers("left") + 1
    # With proposals corridors are outlines on both sides; habitat alone is a picture.
    assert opened.page.locator("#map-left img.leaflet-image-layer").count() == 1


def test_a_layer_switches_off_and_on_again(opened: Opened) -> None:
    before = opened.shown_layers("left")
    opened.page.locator("#map-left .leaflet-control-layers").hover()
    links = opened.page.locator(
        "#map-left .leaflet-control-layers label", has_text="Links, least-cost"
    ).locator("input")
    links.uncheck()
    assert opened.shown_layers("left") == before - 1
    links.check()
    assert opened.shown_layers("left") == before


def test_another_proposal_changes_map_and_numbers(opened: Opened) -> None:
    numbers = opened.page.locator("#numbers-right")
    assert "211" in numbers.inner_text()
    opened.page.select_option("#view-right", label="Forest cat, year-round, baseline: Underpass")
    assert "213" in numbers.inner_text()
    assert opened.page.locator("#numbers-left").inner_text() == ""


def test_a_view_shows_its_layers_and_keeps_what_was_switched(opened: Opened) -> None:
    before = opened.shown_layers("right")
    pictures = opened.page.locator("#map-right img.leaflet-image-layer")
    for label in ("Fence <b>", "as it is", "Reserve"):
        opened.page.select_option("#view-right", label=f"Forest cat, year-round, baseline: {label}")
        assert pictures.count() == 1
        assert opened.shown_layers("right") >= before - 1
    assert opened.shown_layers("right") == before
    opened.page.locator("#map-right .leaflet-control-layers").hover()
    opened.page.locator("#map-right .leaflet-control-layers label", has_text="Core areas").locator(
        "input"
    ).uncheck()
    less = opened.shown_layers("right")
    assert less < before
    opened.page.select_option("#view-right", label="Forest cat, year-round, baseline: Fence <b>")
    opened.page.select_option("#view-right", label="Forest cat, year-round, baseline: Reserve")
    assert opened.shown_layers("right") == less


def test_a_proposal_shows_its_own_way_beside_the_one_there_is(opened: Opened) -> None:
    opened.page.select_option("#view-right", label="Forest cat, year-round, baseline: Fence <b>")
    costs = (54_321, 98_765)
    colour = next(c for low, high, c, *_ in LINKS.ranges if all(low <= cost < high for cost in costs))
    for side, cost in (("left", "54.3"), ("right", "98.8")):
        (line,) = opened.page.locator(f"#map-{side} path[stroke='{colour}']").all()
        line.dispatch_event("click")
        assert cost in opened.page.locator(f"#map-{side} .popup").inner_text()


def test_both_maps_move_together(opened: Opened) -> None:
    transform = "document.querySelector('#map-right .leaflet-map-pane').style.transform"
    widths = "document.querySelector('#map-right img.leaflet-image-layer').width"
    before = opened.page.evaluate(widths), opened.page.evaluate(transform)
    opened.page.locator("#map-left .leaflet-control-zoom-in").click()
    assert (opened.page.evaluate(widths), opened.page.evaluate(transform)) != before


def test_a_click_on_a_core_tells_its_numbers(opened: Opened) -> None:
    # From the keyboard or by hand: the path of core 1 carries its popup.
    opened.page.locator("#map-left path.leaflet-interactive[fill='#1b7837']").first.dispatch_event("click")
    said = opened.page.locator("#map-left .popup").inner_text()
    assert "Core areas" in said
    assert NASTY in said
    assert "70" in said


def first_cells(table: Any) -> list[str]:
    return [row.split("\t")[0] for row in table.locator("tbody").inner_text().splitlines()]


def test_a_table_sorts_numbers_by_size_and_back(opened: Opened) -> None:
    table = opened.page.locator("#geography table").first
    heading = table.locator("th", has_text="Area")
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert first_cells(table) == ["1", "2"]
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert first_cells(table) == ["2", "1"]


def test_rows_without_data_stay_last_in_either_order(opened: Opened) -> None:
    # All countries together come first; below, folded, the same country by country.
    opened.page.locator("#proposals details", has_text="people").locator("summary").click()
    table = opened.page.locator("#proposals details table", has_text="Population").first
    column = (
        "[...document.querySelectorAll('#proposals details table')]"
        ".find(t => t.textContent.includes('Population'))"
    )
    for _ in range(2):
        table.locator("th", has_text="Population").locator("button").click()
        values = opened.page.evaluate(f"[...{column}.tBodies[0].rows].map(r => r.cells[3].textContent)")
        assert values == ["900"] * 4 + ["–"] * 4


def test_a_name_that_looks_like_a_script_is_text(opened: Opened) -> None:
    assert opened.page.title() == "Invented land: Report on ecological corridors"
    assert opened.page.get_by_text(NASTY).count() > 0


def test_no_script_that_is_not_ours_runs(opened: Opened) -> None:
    opened.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\" onerror=\"caught = 1\">')"
    )
    opened.page.wait_for_timeout(100)
    assert opened.page.evaluate("typeof caught") == "undefined"
    assert any("Content Security Policy" in said for said in opened.said)
    opened.said.clear()


@pytest.mark.parametrize("width", [1400, 800, 390])
def test_nothing_sticks_out_of_the_screen(opened: Opened, width: int) -> None:
    opened.page.set_viewport_size({"width": width, "height": 844})
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a4_no_table_is_cut(opened: Opened) -> None:
    opened.page.emulate_media(media="print")
    opened.page.set_viewport_size({"width": int(A4_INNER_WIDTH_PX), "height": 1000})
    cut = opened.page.evaluate(
        "[...document.querySelectorAll('table, figure, dl, .legend, .open')]"
        ".filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 "
        "|| e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40))"
    )
    assert cut == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= int(A4_INNER_WIDTH_PX)


def test_prints_on_a4_with_the_still_map(opened: Opened, tmp_path: Path) -> None:
    printed = opened.page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert boxes
    assert all((round(float(w)), round(float(h))) == (595, 842) for w, h in boxes)  # A4 in points
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("#map-left").is_visible()
    assert opened.page.locator("svg.still").first.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_renders(browser: Any, tmp_path: Path, language: str) -> None:
    path = tmp_path / f"report_{language}.html"
    path.write_text(report_html(result(), **full(language)), "utf-8")
    opened = Opened(browser, path)
    assert opened.page.locator("h2").count() == 18
    assert words_of(language)("s_contribution") in opened.page.locator("h2").all_inner_texts()
    assert opened.page.locator("html").get_attribute("lang") == language
    assert opened.said == []
    opened.page.close()


def test_without_scripts_the_report_is_still_whole(browser: Any, report: Path) -> None:
    opened = Opened(browser, report, java_script_enabled=False)
    assert opened.page.locator("svg.still").first.is_visible()
    assert opened.page.locator("#parameters table").first.is_visible()
    opened.page.close()
