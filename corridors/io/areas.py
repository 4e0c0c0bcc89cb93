"""The area somebody means: four numbers, or a vector file whose box it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer

from corridors.errors import ConfigError, InputError
from corridors.grid import WGS84, Bounds
from corridors.io.sources import parse_source
from corridors.io.vectors import read_vectors

NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*$")
ROUNDING_DEG = 6
LONGEST_EDGE = 400


def read_area(text: str) -> Bounds:
    """Return the box somebody means by a text: west, south, east, north in degrees.

    A box that crosses the antimeridian (180°) has its east beyond 180, so that west is always less than east;
    it may be given so, or with a west that is larger than its east.

    Parameters
    ----------
    text : str
        `W,S,E,N` in degrees, or a vector file in any coordinate system, `file` or `file|layer`.

    Raises
    ------
    ConfigError
        C102 neither numbers nor a file, C103 numbers that are no box.
    InputError
        C161 a file without a feature; as `read_vectors` for a file that cannot be read or has no CRS.

    Examples
    --------
    >>> read_area("130,43,132,45"), read_area("175,62,-170,66")
    ((130.0, 43.0, 132.0, 45.0), (175.0, 62.0, 190.0, 66.0))
    """
    parts = text.split(",")
    if len(parts) == 4 and all(NUMBER.match(part) for part in parts):
        west, south, east, north = (float(part) for part in parts)
        return checked_box((west, south, east, north))
    if len(parts) > 1 and all(NUMBER.match(part) for part in parts if part.strip()):
        what, allowed = "not an area", "four numbers: west,south,east,north in degrees, or a vector file"
        raise ConfigError(what, code="C102", where="--area", given=text, allowed=allowed)
    return box_of_file(text)


def checked_box(bounds: Bounds) -> Bounds:
    """Return the box with its east above its west, or say that it is none.

    Raises
    ------
    ConfigError
        C103.
    """
    west, south, east, north = bounds
    given = ",".join(f"{degrees:g}" for degrees in bounds)
    if 0 < west <= 180 and -180 <= east < 0:
        east += 360  # over the antimeridian
    lies_on_earth = -180 <= west < east <= 360 and east - west <= 360 and west < 180
    if not (lies_on_earth and -90 <= south < north <= 90):
        what, allowed = "the area is no box", "west,south,east,north in degrees, west < east, south < north"
        remedy = "The order is west, south, east, north."
        if south >= north and -90 <= north < south <= 90 and lies_on_earth:
            remedy = f"South and north are swapped: {west:g},{north:g},{east:g},{south:g}."
        raise ConfigError(what, code="C103", where="--area", given=given, allowed=allowed, remedy=remedy)
    return (west, south, east, north)


def box_of_file(text: str) -> Bounds:
    """Return the box in degrees around all features of a vector file."""
    source = parse_source(text)
    features = read_vectors(Path(source.path), layer=source.part)
    shapes = features.geometry.to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    where = f"--area {source}"
    if not len(shapes):
        what, remedy = "the file of the area holds no feature", "Draw the area as a polygon, and save it."
        raise InputError(what, code="C161", where=where, remedy=remedy)
    extent = np.array(shapely.total_bounds(shapes))
    longest = max(extent[2] - extent[0], extent[3] - extent[1]) / LONGEST_EDGE
    fine = shapely.segmentize(shapes, longest) if longest > 0 else shapes
    x, y = shapely.get_coordinates(fine).T
    lon, lat = Transformer.from_crs(features.crs, WGS84, always_xy=True).transform(x, y)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()):
        what, remedy = "its coordinates are no places on earth", "Check the coordinate system of the file."
        raise InputError(what, code="C161", where=where, given=features.crs.name, remedy=remedy)
    west, east = west_and_east(lon)
    box = (west, float(lat.min()), east, float(lat.max()))
    if not (box[0] < box[2] and box[1] < box[3]):
        what, remedy = "the area has no width or no height", "Draw the area as a polygon, or give W,S,E,N."
        raise InputError(what, code="C161", where=where, remedy=remedy)
    rounded = tuple(round(degrees, ROUNDING_DEG) for degrees in box)
    return checked_box((rounded[0], rounded[1], rounded[2], rounded[3]))


def west_and_east(lon: np.ndarray) -> tuple[float, float]:
    """Return the ends of the shortest stretch that holds all longitudes; its east may lie beyond 180.

    Examples
    --------
    >>> west_and_east(np.array([179.0, -179.0, 178.0]))
    (178.0, 181.0)
    """
    turned = np.where(lon < 0, lon + 360, lon)
    plain, over = float(np.ptp(lon)), float(np.ptp(turned))
    chosen = turned if plain > 180 and over < plain else lon
    return float(chosen.min()), float(chosen.max())
