"""Rasters as small pictures inside the page: PNG with a palette, as data URIs."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgba
from PIL import Image

from corridors.report.drawing import ramp_colours
from corridors.schema import Classes, Labels, Ramp

if TYPE_CHECKING:
    from collections.abc import Mapping

    import xarray as xr
    from numpy.typing import NDArray

    from corridors.schema import RasterStyle

COLOURS = 63
LARGEST_SIDES_PX = (2000, 1400, 1000, 700, 500, 350)
"""Longest sides tried, the finest first, until all pictures fit the budget."""


def pictures_within(
    rasters: Mapping[str, tuple[xr.DataArray, RasterStyle]], *, budget_bytes: int
) -> dict[str, str]:
    """Return rasters as data URIs that are together no larger than a budget, coarser where they must be.

    Parameters
    ----------
    rasters : mapping of str to (DataArray, style)
        Raster (rows, columns) and the style of its schema entry.
    budget_bytes : int
        Bytes for all of them.

    Returns
    -------
    dict of str to str
        A `data:image/png` URI for each.
    """
    pictures: dict[str, str] = {}
    for side_px in LARGEST_SIDES_PX:
        pictures = {
            name: data_uri(raster_png(values.to_numpy(), style, side_px=side_px))
            for name, (values, style) in rasters.items()
        }
        if sum(map(len, pictures.values())) <= budget_bytes:
            break
    return pictures


def raster_png(values: NDArray[np.generic], style: RasterStyle, *, side_px: int) -> bytes:
    """Return a raster as PNG of at most `side_px` pixels a side, every nth cell; no data is transparent.

    Examples
    --------
    >>> from corridors.schema import SUITABILITY
    >>> raster_png(np.eye(4), SUITABILITY, side_px=4)[1:4]
    b'PNG'
    """
    step = -(-max(values.shape) // side_px)
    indices, palette = paletted(values[::step, ::step].astype(float), style)
    picture = Image.fromarray(indices)
    picture.putpalette(np.round(palette[:, :3] * 255).astype(np.uint8).tobytes())
    alpha = np.round(palette[:, 3] * 255).astype(np.uint8).tobytes()
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=True, transparency=alpha)
    return buffer.getvalue()


def paletted(
    values: NDArray[np.floating], style: RasterStyle
) -> tuple[NDArray[np.uint8], NDArray[np.floating]]:
    """Return palette indices (rows, columns) and the palette (colours, RGBA 0-1); index 0 is nothing.

    A ramp is cut into 63 steps of equal width over its range; what lies past a cut is nothing.
    """
    if isinstance(style, Ramp):
        colour_map, span = ramp_colours(style)
        low, high = float(span.vmin or 0), float(span.vmax or 1)
        steps = np.floor((values - low) / (high - low) * COLOURS).clip(0, COLOURS - 1)
        hidden = np.isnan(values)
        if style.transparent_above is not None:
            hidden |= values > style.transparent_above
        if style.transparent_to is not None:
            hidden |= values <= style.transparent_to
        indices = np.where(hidden, 0, steps + 1).astype(np.uint8)
        return indices, np.vstack([np.zeros(4), colour_map((np.arange(COLOURS) + 0.5) / COLOURS)])
    entries = style.entries if isinstance(style, Classes) else ()
    indices = np.zeros(values.shape, dtype=np.uint8)
    palette = [np.zeros(4)]
    for value, colour, _ in entries:
        indices[values == value] = len(palette)
        palette.append(np.array(to_rgba(colour)))
    if isinstance(style, Labels):
        indices[values > 0] = 1
        palette.append(np.array(to_rgba(style.colour)))
    return indices, np.array(palette)


def data_uri(png: bytes) -> str:
    """Return a PNG as a data URI."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
