"""Colours for what several species have on the same land: mixed as inks are, so that shared land is darkest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corridors.schema.rasters import Raster
from corridors.schema.styles import Classes

INKS = (
    ("#ace4e4", "#5ac8c8"),
    ("#dfb0d6", "#be64ac"),
    ("#f5e6a3", "#e3c33a"),
    ("#d9d9d9", "#969696"),
)
"""Per species the colour of its corridors and of its core areas; the fifth species takes the first again.

The first two are the bivariate scheme of Stevens (2015), which holds for the colour-blind."""


def with_combinations(entry: Raster, values: Sequence[int], meanings: Sequence[str]) -> Raster:
    """Return the entry of a raster of combinations with a colour and a label for each value but 0.

    Parameters
    ----------
    entry : Raster
        `species_overlap`.
    values, meanings : sequence
        The raster's attributes `flag_values` and `flag_meanings`.
    """
    named = [(v, mixed(v), text) for v, text in zip(values, meanings, strict=True) if v]
    return replace(entry, style=Classes(tuple(sorted(named, reverse=True))))


def mixed(value: int) -> str:
    """Return the colour of a combination: the product of its inks.

    Examples
    --------
    >>> mixed(2), mixed(6), mixed(8)
    ('#5ac8c8', '#be64ac', '#434e87')
    """
    light = [1.0, 1.0, 1.0]
    number = 0
    while value:
        value, state = divmod(value, 3)
        if state:
            ink = bytes.fromhex(INKS[number % len(INKS)][state - 1].removeprefix("#"))
            light = [one * part / 255 for one, part in zip(light, ink, strict=True)]
        number += 1
    return "#" + "".join(f"{round(255 * one):02x}" for one in light)
