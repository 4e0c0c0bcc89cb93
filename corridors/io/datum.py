"""Refuse the silent shift: a change of datum for which PROJ has no parameters moves nothing and says nothing.

Beijing 1954 and Xian 1980 are the cases met at these borders: PROJ takes them for WGS 84 ("ballpark"), which
is wrong by tens of metres or more.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from pyproj import CRS
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from corridors.errors import InputError

if TYPE_CHECKING:
    from corridors.grid import Bounds

# Realisations of ITRF, within a metre of WGS 84 although PROJ lists no parameters.
SAME_AS_WGS84_M = {"China 2000": 1.0, "China_2000": 1.0, "D_China_2000": 1.0}


def transform_accuracy(crs: Any, target: Any, *, bounds: Bounds | None = None) -> float | None:
    """Return the accuracy in metres of going from one CRS to another; None where PROJ has only a guess.

    Parameters
    ----------
    crs, target : anything pyproj reads
    bounds : tuple of float, optional
        West, south, east, north in degrees: where it will be used. Many parameters hold for one region
        only, so give it wherever it is known.

    Returns
    -------
    float or None
        Metres; 0 for the same datum; NaN for parameters given by the user, whose accuracy nobody states.

    Examples
    --------
    >>> transform_accuracy("EPSG:28405", "EPSG:4326")
    3.0
    >>> transform_accuracy("EPSG:4214", "EPSG:4326", bounds=(131, 43, 133, 45)) is None
    True
    """
    source = CRS.from_user_input(crs)
    area: Any = None
    if bounds is not None:
        west, south, east, north = bounds
        area = AreaOfInterest(west, south, east - 360 if east > 180 else east, north)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a missing grid file: the next best is judged instead
        ways = TransformerGroup(source, target, always_xy=True, area_of_interest=area).transformers
    if not ways:
        return None
    if "ballpark" in ways[0].description.lower():
        return SAME_AS_WGS84_M.get(datum_name(source))
    return ways[0].accuracy if ways[0].accuracy >= 0 else float("nan")


def check_datum(crs: Any, target: Any, *, where: str, bounds: Bounds | None = None) -> None:
    """Refuse to bring a layer from one CRS to another where the datum shift is only a guess.

    Raises
    ------
    InputError
        I219, with the way out.
    """
    if transform_accuracy(crs, target, bounds=bounds) is None:
        source = CRS.from_user_input(crs)
        what = (
            f"no parameters are known for the datum {datum_name(source)}; taking it for that of the grid "
            "would move the layer by tens of metres or more without a word"
        )
        remedy = (
            "Bring it to WGS 84 with the parameters of its publisher: gdalwarp or ogr2ogr -s_srs "
            '"<its PROJ string> +towgs84=..." -t_srs EPSG:4326.'
        )
        raise InputError(what, code="I219", where=where, given=source.name, remedy=remedy)


def datum_name(crs: CRS) -> str:
    """Return the name of the datum of a CRS."""
    geodetic = crs.geodetic_crs
    return geodetic.datum.name if geodetic is not None and geodetic.datum is not None else crs.name


def known_crs(crs: Any, *, where: str) -> CRS:
    """Return a CRS the workflow assumes for a file without one."""
    try:
        return CRS.from_user_input(crs)
    except CRSError as error:
        what, remedy = "unknown coordinate system in assume_crs", "Use a code such as EPSG:32652."
        raise InputError(what, code="I203", where=where, given=str(crs), remedy=remedy) from error
