"""The sheet: everything has its place, whatever the shape of the map."""

from __future__ import annotations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from corridors.report.sheet import LONGEST_MAP_SIDE, PANEL_HEIGHT, sheet_for


@pytest.mark.parametrize("shape", [0.1, 0.5, 1, 1.4, 12])
def test_sheet__map_keeps_its_shape_and_nothing_overlaps(shape: float) -> None:
    sheet = sheet_for((0, 0, 1000 * shape, 1000), ["A note."] * 5)
    figure = Figure(figsize=sheet.size)
    FigureCanvasAgg(figure)
    on_map, panel = sheet.add_map(figure).bbox, sheet.add_panel(figure).bbox
    assert on_map.width / on_map.height == pytest.approx(shape)
    assert max(sheet.map_width, sheet.map_height) <= LONGEST_MAP_SIDE + 1e-9
    assert panel.height >= PANEL_HEIGHT * figure.dpi - 1e-6
    assert not on_map.overlaps(panel)
    assert on_map.y1 == pytest.approx(panel.y1)
    assert min(on_map.y0, panel.y0) >= sheet.notes_height * figure.dpi - 1e-6


def test_sheet__notes_are_broken_into_lines_and_dollars_are_no_formula() -> None:
    sheet = sheet_for((0, 0, 1000, 1000), ["word " * 100, "costs $5 or $6"])
    assert all(len(line) < 250 for line in sheet.note_lines)
    assert sheet.note_lines[0].startswith("• word")
    assert sheet.note_lines[1].startswith("   word")
    figure = Figure(figsize=sheet.size)
    FigureCanvasAgg(figure)
    sheet.write_notes(figure)
    assert r"\$5 or \$6" in figure.texts[0].get_text()
    figure.draw_without_rendering()
