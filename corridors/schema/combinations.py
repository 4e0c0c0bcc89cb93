"""Colours for what several species have on the same land: mixed as inks are, so that shared land is darkest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corridors.schema.rasters import Raster
from corridors.schema.styles import Classes

INKS = (
    ("#a6cbe8", "#3f83c4"),
    ("#fdd9a0", "#ef9c2e"),
    ("#e8c2e0", "#c05fae"),
    ("#c4e6c0", "#5aae61"),
)
"""Per species the colour of its corridors and of its core areas; the fifth species takes the first again."""


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
    ('#3f83c4', '#ef9c2e', '#3b5023')
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
