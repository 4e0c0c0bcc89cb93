"""Map themes and print layouts in real QGIS: the right layers, nothing missing, nothing off the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread

from corridors import schema

pytestmark = pytest.mark.qgis

A4_MM = (297.0, 210.0)


@pytest.fixture(scope="module")
def seen(look: Any, tiny_run: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return look("--pages", tiny_run.project, tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def pages(seen: dict[str, Any]) -> list[dict[str, Any]]:
    return list(seen["layouts"].values())


def of_kind(page: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item for item in page["items"] if item["kind"] == kind]


def test_project_with_pages__opens_without_complaint(seen: dict[str, Any]) -> None:
    assert seen["read"]
    assert seen["messages"] == []


def test_themes__one_per_case_with_its_layers_and_the_shared_ones(
    seen: dict[str, Any], tiny_run: Any
) -> None:
    # Order is QGIS's own, by the alphabet.
    assert set(seen["themes"]) == set(tiny_run.cases.values())
    shown_of_case = [e.title for e in (*schema.VECTORS.values(), *schema.RASTERS.values()) if e.visible]
    for title, shown in seen["themes"].items():
        own = [path for path in shown if path[0] == title]
        assert {path[0] for path in shown} & set(tiny_run.cases.values()) == {title}
        for layer in own:
            assert layer[-1].startswith(tuple(shown_of_case)), layer
        assert {"cores", "links", "crossings", "corridors"} <= {path[1] for path in own}
        shared = [path[-1] for path in shown if path[0] != title]
        for entry in schema.CONTEXT.values():
            assert (entry.title in shared) == entry.visible, entry.title


def test_layout__holds_everything_a_map_needs(pages: list[dict[str, Any]], tiny_run: Any) -> None:
    assert len(pages) == len(tiny_run.cases)
    for page, title in zip(pages, tiny_run.cases.values(), strict=True):
        assert page["pages"] == 1
        kinds = sorted(item["kind"] for item in page["items"])
        assert kinds == ["Label"] * 4 + ["Legend", "Map", "Picture", "ScaleBar"]
        said = [item["text"] for item in of_kind(page, "Label")]
        assert {title, "Земля 虎 & <O'Tiger>"} <= set(said)
        assert any("Boundaries shown are not a legal statement" in text for text in said)
        assert any("Further notes without room here: " in text for text in said)
        assert not of_kind(page, "Picture")[0]["missing"]


def test_layout__map_shows_the_theme_over_the_whole_extent(
    seen: dict[str, Any], pages: list[dict[str, Any]], tiny_run: Any
) -> None:
    for page, title in zip(pages, tiny_run.cases.values(), strict=True):
        (chart,) = of_kind(page, "Map")
        assert chart["theme"] == title
        assert sorted(chart["layers"]) == sorted(path[-1] for path in seen["themes"][title])
        assert chart["extent"] == pytest.approx(tiny_run.grid.bounds, abs=1.0)


def test_layout__legend_says_what_the_map_shows(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        (legend,), (chart,) = of_kind(page, "Legend"), of_kind(page, "Map")
        assert sorted([*legend["layers"], schema.HILLSHADE.title]) == sorted(chart["layers"])
        labels = [label for _, _, label in schema.CORRIDOR.stops]
        assert [row for row in legend["rows"] if row in labels] == labels
        assert not [row for row in legend["rows"] if row.startswith("Band")]


def test_layout__scale_bar_is_as_long_as_it_says(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        (bar,), (chart,) = of_kind(page, "ScaleBar"), of_kind(page, "Map")
        assert bar["unit"] == "km"
        left, top, wide, high = (round(side * 100 / 25.4) for side in bar["box"])
        ink = imread(page["picture"])[top : top + high, left : left + wide, :3].max(axis=-1) < 0.5
        # The outline of both segments is the longest line drawn; its own width, and half a pixel at either
        # end, are up to four of the hundred pixels it is long.
        drawn_mm = max(longest_run(row) for row in ink) * 25.4 / 100
        km_per_mm = (chart["extent"][2] - chart["extent"][0]) / 1000 / chart["box"][2]
        assert drawn_mm * km_per_mm == pytest.approx(2 * bar["segment"], rel=0.05)


def longest_run(row: np.ndarray) -> int:
    """Return how many true values follow one another at most."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]])))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def test_layout__nothing_overlaps_or_leaves_the_page(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        boxes = [item["box"] for item in page["items"]]
        for left, top, wide, high in boxes:
            assert left >= 5
            assert top >= 5
            assert left + wide <= A4_MM[0] - 5
            assert top + high <= A4_MM[1] - 5
        for number, one in enumerate(boxes):
            for other in boxes[number + 1 :]:
                apart_x = one[0] + one[2] <= other[0] + 0.5 or other[0] + other[2] <= one[0] + 0.5
                apart_y = one[1] + one[3] <= other[1] + 0.5 or other[1] + other[3] <= one[1] + 0.5
                assert apart_x or apart_y, (one, other)
        for label in of_kind(page, "Label"):
            assert label["widest"] <= label["box"][2], label["text"]


def test_layout__no_line_of_the_notes_is_cut(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        paper = imread(page["picture"])[..., :3].min(axis=-1)
        for label in of_kind(page, "Label"):
            left, top, wide, high = (side * 100 / 25.4 for side in label["box"])
            foot = paper[int(top + high) - 1, int(left) : int(left + wide)]
            assert foot.min() > 0.9, label["text"]


def test_layout__is_exported_whole(pages: list[dict[str, Any]]) -> None:
    for page in pages:
        pixels = imread(page["picture"])[..., :3]
        assert pixels.shape[:2] == pytest.approx((827, 1169), abs=1)  # A4 at 100 dpi
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 500
        boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)", Path(page["pdf"]).read_bytes())
        assert [(round(float(w)), round(float(h))) for w, h in boxes] == [(842, 595)]  # A4 in points


def test_layout__names_come_through_to_paper(pages: list[dict[str, Any]], tiny_run: Any) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is absent (apt-get install poppler-utils)")
    for page, title in zip(pages, tiny_run.cases.values(), strict=True):
        done = subprocess.run([reader, page["pdf"], "-"], capture_output=True, text=True, check=True)
        assert title in done.stdout
        assert "Земля 虎 & <O'Tiger>" in done.stdout
