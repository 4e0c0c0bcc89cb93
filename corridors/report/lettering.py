"""Names on a map: fonts that hold their letters, and places where they do not cover each other."""

from __future__ import annotations

import textwrap
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager, get_font
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Text

# matplotlib brings DejaVu Sans (Latin, Cyrillic); the others, where installed, hold Chinese and Korean.
WANTED_FONTS = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "Microsoft YaHei", "SimHei", "PingFang SC", "Hiragino Sans GB", "Malgun Gothic", "Noto Sans CJK JP",
)  # fmt: skip
LETTER_NOBODY_HAS = "\u25a1"
# Directions tried around a point, the best first: right, left, above, below, and the corners.
AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
# Around the middle of an area: in it, and a little above and below.
WITHIN = ((0, 0), (0, 0.8), (0, -0.8), (0, 2), (0, -2))


@dataclass(frozen=True)
class Name:
    """A name to write: where, what, how, and whether in the middle of its place or around it."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    weight: str = "normal"
    style: str = "normal"
    centred: bool = False
    gap: float = 4.0


@lru_cache(maxsize=1)
def font_families() -> tuple[str, ...]:
    """Return the wanted fonts that are installed, as a list of families to fall back through.

    matplotlib looks for fonts once and remembers; those that came later are made known to it here.
    """
    remembered = {Path(font.fname) for font in fontManager.ttflist}
    for path in sorted(set(map(Path, findSystemFonts())) - remembered):
        with suppress(OSError, RuntimeError):  # a file that is no font it can read
            fontManager.addfont(path)
    installed = set(fontManager.get_font_names())
    return tuple(font for font in WANTED_FONTS if font in installed)


def drawable(text: str) -> str:
    """Return `text` as it can be drawn: a letter no font at hand holds becomes a box, a dollar no formula.

    Examples
    --------
    >>> drawable("Приморье")
    'Приморье'
    """
    letters = (letter if letter.isspace() or _held(letter) else LETTER_NOBODY_HAS for letter in text)
    return "".join(letters).replace("$", r"\$")


@lru_cache(maxsize=4096)
def _held(letter: str) -> bool:
    fonts = (get_font(findfont(FontProperties(family=[family]))) for family in font_families())
    return any(font.get_char_index(ord(letter)) for font in fonts)


def wrapped(text: str, width: int) -> str:
    """Return a name in lines of at most `width` letters."""
    return textwrap.fill(text, width, break_long_words=False)


def write_names(
    axes: Axes, names: Iterable[Name], *, at_most: int | None = None, taken: Sequence[Bbox] = ()
) -> list[Bbox]:
    """Write names, the most important first; one that finds no free place is left out.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With limits and position set for good.
    names : iterable of Name
        In order of importance.
    at_most : int, optional
        Stop after this many.
    taken : sequence of Bbox
        Places, in pixels, that are taken already.

    Returns
    -------
    list of Bbox
        All places taken afterwards.
    """
    boxes, written = list(taken), 0
    for name in names:
        if at_most is not None and written == at_most:
            break
        box = _write(axes, name, boxes)
        if box is not None:
            boxes.append(box)
            written += 1
    return boxes


def _write(axes: Axes, name: Name, taken: Sequence[Bbox]) -> Bbox | None:
    if not axes.bbox.contains(*axes.transData.transform((name.x, name.y))):
        return None
    text = _text(axes, name)
    extent = text.get_window_extent()
    pixels_per_point = axes.figure.dpi / 72
    directions = WITHIN if name.centred else AROUND
    for across, up in directions:
        dx = across * (extent.width / 2 + name.gap * pixels_per_point)
        dy = up * (extent.height / 2 + name.gap * pixels_per_point)
        box = extent.translated(dx, dy)
        if _inside(box, axes.bbox) and not any(box.overlaps(other) for other in taken):
            text.set_position((dx / pixels_per_point, dy / pixels_per_point))
            return box
    text.remove()
    return None


def _text(axes: Axes, name: Name) -> Text:
    return axes.annotate(
        drawable(name.text), (name.x, name.y), (0, 0), textcoords="offset points", ha="center", va="center",
        fontfamily=list(font_families()), fontsize=name.size, fontweight=name.weight, fontstyle=name.style,
        color=name.colour, linespacing=1.05, zorder=20,
        path_effects=[withStroke(linewidth=2.2, foreground="white")],
    )  # fmt: skip


def _inside(box: Bbox, frame: Bbox) -> bool:
    return bool(frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1)
