"""The sheet of a figure, in inches: where map, title, legend and notes stand, and the words round the map."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridors.report.lettering import drawable, font_families

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from corridors.grid import Bounds

MARGIN = 0.25
TITLE_HEIGHT = 0.72
PANEL_WIDTH = 3.1
PANEL_HEIGHT = 5.8
MAP_AREA = 60.0
LONGEST_MAP_SIDE = 13.0
NOTE_SIZE = 7.0
NOTE_LINE = 0.135
LETTERS_PER_INCH = 18.5


@dataclass(frozen=True)
class Sheet:
    """A sheet with the title above, the map to the left, the legend to the right and the notes below."""

    map_width: float
    map_height: float
    note_lines: tuple[str, ...]

    @property
    def notes_height(self) -> float:
        """Height of the notes."""
        return len(self.note_lines) * NOTE_LINE + 2 * MARGIN

    @property
    def body_height(self) -> float:
        """Height of map and legend, the higher of the two."""
        return max(self.map_height, PANEL_HEIGHT)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        width = self.map_width + PANEL_WIDTH + 2 * MARGIN
        return width, self.body_height + self.notes_height + TITLE_HEIGHT

    def add_map(self, figure: Figure) -> Axes:
        """Add the axes of the map."""
        bottom = self.notes_height + self.body_height - self.map_height
        return self._add_axes(figure, MARGIN, bottom, self.map_width, self.map_height)

    def add_panel(self, figure: Figure) -> Axes:
        """Add the axes of the legend."""
        left = 2 * MARGIN + self.map_width
        return self._add_axes(figure, left, self.notes_height, PANEL_WIDTH - MARGIN, self.body_height)

    def _add_axes(self, figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
        across, up = self.size
        return figure.add_axes((left / across, bottom / up, width / across, height / up))

    def write_title(self, figure: Figure, title: str) -> None:
        """Write the first line of a title large, the others small below it."""
        first, *rest = drawable(title).split("\n")
        across, up = self.size
        fonts, left = list(font_families()), MARGIN / across
        figure.text(left, 1 - 0.17 / up, first, fontsize=16, fontweight="bold", va="top", fontfamily=fonts)
        below = ", ".join(rest)
        figure.text(left, 1 - 0.47 / up, below, fontsize=10, color="#404040", va="top", fontfamily=fonts)

    def write_notes(self, figure: Figure) -> None:
        """Write the notes in small type."""
        across, up = self.size
        figure.text(
            MARGIN / across, (self.notes_height - 0.6 * MARGIN) / up, "\n".join(self.note_lines),
            fontsize=NOTE_SIZE, color="#303030", va="top", linespacing=1.3, fontfamily=list(font_families()),
        )  # fmt: skip


def sheet_for(view: Bounds, notes: Sequence[str]) -> Sheet:
    """Return the sheet for a view in metres: the map in its shape, about always of the same area.

    Examples
    --------
    >>> sheet = sheet_for((0, 0, 60_000, 60_000), ["Stylised."])
    >>> round(sheet.map_width, 2) == round(sheet.map_height, 2) == round(MAP_AREA**0.5, 2)
    True
    """
    left, bottom, right, top = view
    shape = (right - left) / (top - bottom)
    height = float(np.sqrt(MAP_AREA / shape))
    height *= min(1.0, LONGEST_MAP_SIDE / max(height, height * shape))
    letters = int((height * shape + PANEL_WIDTH) * LETTERS_PER_INCH)
    lines: list[str] = []
    for note in notes:
        lines += textwrap.wrap(drawable(note), letters, initial_indent="• ", subsequent_indent="   ")
    return Sheet(height * shape, height, tuple(lines))
