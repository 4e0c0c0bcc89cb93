"""Read vectors in their own CRS; report what is wrong with geometries instead of mending it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS, Transformer

from corridors.errors import InputError, SecurityError
from corridors.grid import WGS84, Bounds, halves
from corridors.io.datum import known_crs
from corridors.io.formats import VECTOR_DRIVERS, detect_driver, wrong_kind
from corridors.io.paths import plain_file, reason

if TYPE_CHECKING:
    from pathlib import Path

MOST_FEATURES = 10_000_000


@dataclass(frozen=True)
class VectorInfo:
    """What a layer of a vector file says about itself; `lonlat_bounds` is None where it is empty."""

    driver: str
    layer: str
    crs: CRS
    lonlat_bounds: Bounds | None
    geometry: str
    features: int
    columns: tuple[str, ...]


def read_vectors(
    path: str | Path,
    *,
    layer: str | None = None,
    bounds: Bounds | None = None,
    folder: str | Path | None = None,
    assume_crs: Any = None,
) -> gpd.GeoDataFrame:
    """Return the features of a layer, in its own CRS, in the order of the file; Z and M are left out.

    Parameters
    ----------
    path : str or Path
        GeoPackage, GeoJSON, shapefile or FlatGeobuf.
    layer : str, optional
        Needed where the file has several.
    bounds : tuple of float, optional
        West, south, east, north in degrees: only features that touch this box.
    folder : str or Path, optional
        The file must lie in it.
    assume_crs : anything pyproj reads, optional
        For a layer without a CRS.

    Raises
    ------
    InputError
        I202 `assume_crs` contradicts the file, I203 no CRS, I231 damaged, I233 over 10 million features,
        I252 no such layer, I253 no vectors.
    SecurityError
        As `detect_driver`.
    """
    full, info = opened(path, layer=layer, folder=folder, assume_crs=assume_crs)
    boxes = [None] if bounds is None else [box_in(half, info.crs) for half in halves(bounds)]
    with reading(full):
        found = features_in(full, info.layer, boxes)
    if not isinstance(found, gpd.GeoDataFrame):
        what, remedy = "the layer has no geometry", "Name a layer of points, lines or polygons."
        raise InputError(what, code="I252", where=f"{full.name}|{info.layer}", remedy=remedy)
    return found if found.crs == info.crs else found.set_crs(info.crs, allow_override=True)


def features_in(path: Path, layer: str, boxes: Sequence[Bounds | None]) -> Any:
    """Return the features that touch one of several boxes, each once, in the order of the file."""
    if len(boxes) == 1:
        return pyogrio.read_dataframe(path, layer=layer, bbox=boxes[0], force_2d=True)
    parts = [
        pyogrio.read_dataframe(path, layer=layer, bbox=box, force_2d=True, fid_as_index=True) for box in boxes
    ]
    filled = [part for part in parts if len(part)] or parts[:1]
    whole = pd.concat(filled)
    return whole[~whole.index.duplicated()].sort_index().reset_index(drop=True)


def vector_info(
    path: str | Path, layer: str | None = None, *, folder: str | Path | None = None, assume_crs: Any = None
) -> VectorInfo:
    """Return what a layer says about itself, without reading its features.

    Raises
    ------
    InputError, SecurityError
        As `read_vectors`.
    """
    return opened(path, layer=layer, folder=folder, assume_crs=assume_crs)[1]


def opened(
    path: str | Path, *, layer: str | None, folder: str | Path | None, assume_crs: Any
) -> tuple[Path, VectorInfo]:
    """Return the full path of a file and what its layer says about itself, both checked."""
    full = plain_file(path, folder=folder)
    driver = detect_driver(full)
    if driver not in VECTOR_DRIVERS:
        raise wrong_kind(full, driver, VECTOR_DRIVERS)
    if "!" in str(full):
        remedy = "Rename the file or folder."
        raise InputError("a path with ! cannot be read", code="I251", where=full.name, remedy=remedy)
    with reading(full):
        name = chosen_layer(full, layer)
        said = pyogrio.read_info(full, layer=name, force_feature_count=True, force_total_bounds=True)
    if said["driver"] != driver:
        what = "GDAL takes the file for another format than its first bytes say"
        raise SecurityError(what, code="X702", where=full.name, given=said["driver"], allowed=driver)
    if said["features"] > MOST_FEATURES:
        given, allowed = f"{said['features']} features", f"{MOST_FEATURES}"
        raise InputError("too many features", code="I233", where=full.name, given=given, allowed=allowed)
    crs = layer_crs(said["crs"], f"{full.name}|{name}", assume_crs)
    columns = tuple(str(column) for column in said["fields"])
    placed = said["features"] and said["total_bounds"] is not None
    around = lonlat_bounds(said["total_bounds"], crs) if placed else None
    geometry = str(said["geometry_type"] or "none")
    return full, VectorInfo(driver, name, crs, around, geometry, int(said["features"]), columns)


def chosen_layer(path: Path, layer: str | None) -> str:
    """Return the layer to read: the one named, or the only one."""
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    if layer in names:
        return str(layer)
    if layer is None and len(names) == 1:
        return names[0]
    what = "it has several layers and none is named" if layer is None else "there is no such layer"
    near = get_close_matches(layer or "", names, 1)
    remedy = (
        f'Did you mean "{path.name}|{near[0]}"?' if near else f'Name one, as in "{path.name}|{names[0]}".'
    )
    raise InputError(
        what, code="I252", where=path.name, given=layer or "", allowed=", ".join(names), remedy=remedy
    )


def layer_crs(text: str | None, where: str, assume_crs: Any) -> CRS:
    """Return the CRS of a layer, the file's own or the assumed one."""
    own = None if text is None else CRS.from_user_input(text)
    # GeoPackages say "undefined" by an engineering CRS.
    if own is not None and not (own.is_geographic or own.is_projected or own.is_bound or own.is_compound):
        own = None
    if own is None and assume_crs is None:
        remedy = 'Say which it is: assume_crs = "EPSG:..." in the layer\'s section.'
        raise InputError("it has no coordinate system", code="I203", where=where, remedy=remedy)
    if assume_crs is None or own is None:
        return own or known_crs(assume_crs, where=where)
    if own != known_crs(assume_crs, where=where):
        what, remedy = "assume_crs contradicts the file", "Remove assume_crs; it is for files without a CRS."
        raise InputError(
            what, code="I202", where=where, given=str(assume_crs), allowed=own.name, remedy=remedy
        )
    return own


def box_in(bounds: Bounds, crs: CRS) -> Bounds | None:
    """Return the box in the layer's CRS around a longitude-latitude box; None where it has no image there."""
    box = Transformer.from_crs(WGS84, crs, always_xy=True).transform_bounds(*bounds, densify_pts=101)
    return box if np.all(np.isfinite(box)) else None


def lonlat_bounds(bounds: Any, crs: CRS) -> Bounds:
    """Return the longitude-latitude box around a box of the layer's CRS."""
    to_degrees = Transformer.from_crs(crs, WGS84, always_xy=True)
    left, bottom, right, top = (float(edge) for edge in bounds)
    return to_degrees.transform_bounds(left, bottom, right, top, densify_pts=21)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn errors of GDAL into ours; M values are left out on purpose and need no warning."""
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Measured", UserWarning)
            yield
    except (DataSourceError, DataLayerError, shapely.errors.GEOSException) as error:
        what, remedy = f"it cannot be read ({reason(error, path)})", "Copy or download it again."
        raise InputError(what, code="I231", where=path.name, remedy=remedy) from error


def invalid_geometries(features: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the features whose geometry is missing, empty or not valid; nothing is mended.

    Parameters
    ----------
    features : GeoDataFrame

    Returns
    -------
    DataFrame
        Indexed as the features, with a column `problem` that holds no coordinates.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> invalid_geometries(gpd.GeoDataFrame(geometry=[bow_tie])).problem.to_list()
    ['Self-intersection']
    """
    shapes = features.geometry.to_numpy()
    problem = np.full(len(shapes), "", dtype=object)
    valid = shapely.is_valid(shapes)
    # "Self-intersection[1 2]": the place is left out, it may be an animal's.
    problem[~valid] = [str(reason).partition("[")[0] for reason in shapely.is_valid_reason(shapes[~valid])]
    problem[shapely.is_empty(shapes)] = "empty"
    problem[shapely.is_missing(shapes)] = "missing"
    found = problem != ""
    return pd.DataFrame({"problem": problem[found]}, index=features.index[found])
