"""Tables and layers of features as plain bytes, and back; part of `step_codec`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from geopandas.array import GeometryDtype
from pyproj import CRS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.io.step_codec import Packer, Unpacker

Tree = dict[str, Any]
# Numbers of which some are not known: Int64, Float64, boolean and their kin.
WITH_GAPS = (
    pd.Int8Dtype, pd.Int16Dtype, pd.Int32Dtype, pd.Int64Dtype,
    pd.UInt8Dtype, pd.UInt16Dtype, pd.UInt32Dtype, pd.UInt64Dtype,
    pd.Float32Dtype, pd.Float64Dtype, pd.BooleanDtype,
)  # fmt: skip


class UnknownTypeError(TypeError):
    """A value that cannot be kept as plain bytes."""


def pack_frame(frame: pd.DataFrame, packer: Packer) -> Tree:
    """Return the description of a table or a layer."""
    columns = [pack_column(frame.iloc[:, place], packer) for place in range(frame.shape[1])]
    tree = {
        "is": "frame",
        "index": pack_index(frame.index, packer),
        "names": pack_index(frame.columns, packer),
        "columns": columns,
        "attrs": packer.pack(dict(frame.attrs)),
    }
    if isinstance(frame, gpd.GeoDataFrame):
        tree["geometry"] = packer.pack(frame._geometry_column_name)
    return tree


def unpack_frame(tree: Tree, unpacker: Unpacker) -> pd.DataFrame:
    """Return the table or layer of a description."""
    index = index_of(tree["index"], unpacker)
    columns = {place: column_of(each, unpacker, index) for place, each in enumerate(tree["columns"])}
    frame = pd.DataFrame(columns, index=index)
    frame.columns = index_of(tree["names"], unpacker)
    if "geometry" in tree:
        frame = gpd.GeoDataFrame(frame)
        name = unpacker.unpack(tree["geometry"])
        if name in frame.columns:
            frame = frame.set_geometry(name)
    frame.attrs = unpacker.unpack(tree["attrs"])
    return frame


def pack_column(column: pd.Series[Any], packer: Packer) -> Tree:
    """Return the description of one column."""
    if isinstance(column.dtype, GeometryDtype):
        return pack_geometry(gpd.GeoSeries(column), packer)
    return pack_values(column, packer)


def column_of(tree: Tree, unpacker: Unpacker, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return the column of a description."""
    if "wkb" in tree:
        return cast("pd.Series[Any]", geometry_of(tree, unpacker, index))
    values = values_of(tree, unpacker)
    # Without its type pandas makes text of objects.
    column: pd.Series[Any] = pd.Series(values, index=index, dtype=values.dtype)
    return column


def pack_values(values: Any, packer: Packer) -> Tree:
    """Return the description of the values of a column or an index, with the type they have in pandas."""
    dtype = values.dtype
    if isinstance(dtype, np.dtype):
        return {"values": packer.array(values.to_numpy())}
    if isinstance(dtype, pd.StringDtype):
        missing = "NA" if dtype.na_value is pd.NA else "nan"
        texts = packer.array(values.array.to_numpy(dtype=object, na_value=None))
        return {"values": texts, "text": [dtype.storage, missing]}
    if isinstance(dtype, WITH_GAPS):
        missing = packer.array(np.asarray(values.isna()))
        plain = packer.array(values.array.to_numpy(dtype=np.dtype(dtype.type), na_value=0))
        return {"values": plain, "missing": missing, "dtype": dtype.name}
    if isinstance(dtype, pd.CategoricalDtype):
        groups = pack_index(dtype.categories, packer)
        return {"values": packer.array(values.array.codes), "groups": groups, "ordered": bool(dtype.ordered)}
    raise UnknownTypeError(str(dtype))


def values_of(tree: Tree, unpacker: Unpacker) -> Any:
    """Return the values of a description, as pandas keeps them."""
    values = unpacker.array(tree["values"])
    if "text" in tree:
        storage, missing = tree["text"]
        dtype = pd.StringDtype(storage, na_value=pd.NA if missing == "NA" else np.nan)
        return pd.array(values, dtype=dtype)
    if "missing" in tree:
        known = pd.array(values, dtype=tree["dtype"])
        known[unpacker.array(tree["missing"])] = pd.NA
        return known
    if "groups" in tree:
        groups: Any = index_of(tree["groups"], unpacker)
        return pd.Categorical.from_codes(values, categories=groups, ordered=tree["ordered"])
    return values


def pack_index(index: pd.Index[Any], packer: Packer) -> Tree:
    """Return the description of an index."""
    name = packer.pack(index.name)
    if isinstance(index, pd.RangeIndex):
        return {"name": name, "range": [index.start, index.stop, index.step]}
    if type(index) is not pd.Index:
        raise UnknownTypeError(type(index).__name__)
    return {"name": name} | pack_values(index, packer)


def index_of(tree: Tree, unpacker: Unpacker) -> pd.Index[Any]:
    """Return the index of a description."""
    name = unpacker.unpack(tree["name"])
    if "range" in tree:
        start, stop, step = tree["range"]
        return pd.RangeIndex(start, stop, step, name=name)
    values = values_of(tree, unpacker)
    index: pd.Index[Any] = pd.Index(values, dtype=values.dtype, name=name)
    return index


def pack_geometry(column: gpd.GeoSeries, packer: Packer) -> Tree:
    """Return the description of a column of geometries: well-known binary, one after the other."""
    shapes: NDArray[Any] = np.asarray(column.array)
    if (shapely.get_type_id(shapes) == shapely.GeometryType.LINEARRING).any():
        raise UnknownTypeError("LinearRing")
    written = [b"" if shape is None else bytes(shape) for shape in shapely.to_wkb(shapes)]
    lengths = np.array([len(each) for each in written], dtype=np.int64)
    crs = None if column.crs is None else crs_text(column.crs)
    return {"wkb": packer.block(b"".join(written)), "lengths": packer.array(lengths), "crs": crs}


def geometry_of(tree: Tree, unpacker: Unpacker, index: pd.Index[Any]) -> gpd.GeoSeries:
    """Return the column of geometries of a description."""
    whole = bytes(unpacker.blocks[tree["wkb"]])
    ends = np.cumsum(unpacker.array(tree["lengths"]))
    starts = ends - unpacker.array(tree["lengths"])
    parts = np.empty(len(ends), dtype=object)
    for place, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        parts[place] = whole[start:end] if end > start else None
    crs = None if tree["crs"] is None else CRS.from_user_input(tree["crs"])
    return gpd.GeoSeries(shapely.from_wkb(parts), index=index, crs=crs)


def crs_text(crs: CRS) -> str:
    """Return the text a CRS was made from, which makes the same one again.

    Raises
    ------
    UnknownTypeError
        It does not.
    """
    text = str(crs.srs)
    if CRS.from_user_input(text) != crs:
        raise UnknownTypeError(text)
    return text
