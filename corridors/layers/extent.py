"""How far the rasters of a workflow reach: `data_extent`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer

from corridors.errors import CorridorsError, InputError, raise_all
from corridors.grid import WGS84
from corridors.io import raster_info
from corridors.layers.raster_sources import is_raster
from corridors.layers.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.grid import Bounds
    from corridors.layers.resolve import Folder, Layer
    from corridors.layers.spec import LayerSpec

POINTS_PER_SIDE = 101


def data_extent(
    specs: Mapping[str, LayerSpec], folder: Folder = ".", *, bounds: Bounds | None = None
) -> Bounds:
    """Return the box that all raster files of a workflow cover: west, south, east, north in degrees.

    Parameters
    ----------
    specs
        Layer name to specification.
    folder
        Where the sources are looked for.
    bounds
        The area wanted, in degrees: every raster must reach it. It is the answer where no layer is a
        raster; without it that is an error.

    Raises
    ------
    InputError, Problems
        A layer without a source (I260); a raster that misses the area, rasters that have no place in
        common, or no raster at all (I266).
    """
    choice = resolve(specs, folder)
    problems: list[CorridorsError] = list(choice.problems)
    boxes: dict[str, Bounds] = {}
    for layer in choice.layers.values():
        try:
            box = raster_box(layer, bounds)
        except CorridorsError as problem:
            problems.append(problem)
            continue
        if box is None:
            continue
        boxes[layer.where] = box
        if bounds is not None and not overlap(box, bounds):
            problems.append(misses_area(layer, box, bounds))
    raise_all(problems)
    if not boxes and bounds is not None:
        return bounds
    return common_box(boxes)


def raster_box(layer: Layer, bounds: Bounds | None = None) -> Bounds | None:
    """Return the box in degrees that a layer's raster covers wholly; None where it has no raster.

    Raises
    ------
    InputError
        I331 an area over the antimeridian, where a raster in degrees ends.
    """
    if layer.file is None or not is_raster(layer):
        return None
    info = raster_info(layer.file.path, assume_crs=layer.spec.assume_crs)
    if bounds is None:
        return inner_box(info.bounds, info.crs)
    if info.crs.is_geographic and bounds[2] > 180:
        what = "a raster in degrees ends at the antimeridian, which the area crosses"
        remedy = "Warp it into the coordinate system of the workflow (gdalwarp -t_srs)."
        raise InputError(what, code="I331", where=layer.where, given=info.crs.name, remedy=remedy)
    return inner_box(info.bounds, info.crs, middle_deg=(bounds[0] + bounds[2]) / 2)


def inner_box(bounds: Bounds, crs: CRS, *, middle_deg: float | None = None) -> Bounds:
    """Return a box in degrees inside a box of `crs`, as far as its bent edges allow.

    The box around it would promise data in the corners, where there are none. Longitudes of a projected box
    are those nearest to `middle_deg`, so that they go on beyond the antimeridian.

    Examples
    --------
    >>> inner_box((87.0, 48.5, 91.5, 51.7), CRS.from_epsg(4326))
    (87.0, 48.5, 91.5, 51.7)
    """
    left, bottom, right, top = bounds
    to_degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    x, y = np.linspace(left, right, POINTS_PER_SIDE), np.linspace(bottom, top, POINTS_PER_SIDE)
    western, eastern = (to_degrees.transform(np.full_like(y, side), y)[0] for side in (left, right))
    if middle_deg is not None and not crs.is_geographic:
        western, eastern = ((lon - middle_deg + 180) % 360 - 180 + middle_deg for lon in (western, eastern))
    west, east = western.max(), eastern.min()
    south = to_degrees.transform(x, np.full_like(x, bottom))[1].max()
    north = to_degrees.transform(x, np.full_like(x, top))[1].min()
    return (float(west), float(south), float(east), float(north))


def common_box(boxes: Mapping[str, Bounds]) -> Bounds:
    """Return what all boxes share.

    Raises
    ------
    InputError
        I266 nothing, or no box.
    """
    if not boxes:
        what, remedy = "no layer is a raster, so nothing says how far the data reach", "Add a raster layer."
        raise InputError(what, code="I266", where="[layers]", remedy=remedy)
    west, south = (max(box[side] for box in boxes.values()) for side in (0, 1))
    east, north = (min(box[side] for box in boxes.values()) for side in (2, 3))
    if west >= east or south >= north:
        given = "; ".join(f"{name} {in_words(box)}" for name, box in boxes.items())
        what, remedy = "the rasters have no place in common", "Check their coordinate systems and extents."
        raise InputError(what, code="I266", where="[layers]", given=given, remedy=remedy)
    return (west, south, east, north)


def overlap(a: Bounds, b: Bounds) -> bool:
    """Return whether two boxes share more than an edge.

    Examples
    --------
    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 1, 1), (1, 0, 2, 1))
    (True, False)
    """
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def misses_area(layer: Layer, box: Bounds, bounds: Bounds) -> InputError:
    """Return the complaint about a raster that does not reach the area."""
    remedy = "Use a raster of the area, or correct its coordinate system."
    given, allowed = in_words(box), f"a raster that reaches {in_words(bounds)}"
    what = "the raster lies outside the area"
    return InputError(what, code="I266", where=layer.where, given=given, allowed=allowed, remedy=remedy)


def in_words(box: Bounds) -> str:
    """Return a box for a message.

    Examples
    --------
    >>> in_words((87.0, 48.5, 91.5, 51.7))
    '87.00 to 91.50 E, 48.50 to 51.70 N'
    """
    return f"{box[0]:.2f} to {box[2]:.2f} E, {box[1]:.2f} to {box[3]:.2f} N"
