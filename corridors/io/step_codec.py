"""Results of steps as plain bytes, and back: the same values, types, names and notes, to the bit.

A value becomes a description in JSON and blocks of bytes. Nothing in them is ever executed: what can come
back is listed here, besides the frozen types the caller names. What is not known is refused, never guessed.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS

from corridors.grid import Grid
from corridors.io.step_frames import (
    UnknownTypeError,
    crs_text,
    index_of,
    pack_frame,
    pack_index,
    unpack_frame,
)

Types = Mapping[str, type]
Tree = Any
PLAIN = (str, int, bool, type(None))
DIGEST_BYTES = 32


class Packer:
    """Takes values apart: `pack` returns the description, `blocks` holds the bytes it refers to."""

    def __init__(self, types: Types) -> None:
        self.blocks: list[memoryview] = []
        self._names = {kind: name for name, kind in types.items()}

    def pack(self, value: Any) -> Tree:
        """Return the description of a value.

        Raises
        ------
        UnknownTypeError
            A type that is not known.
        """
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is float:
            return value if math.isfinite(value) else {"is": "float", "text": repr(value)}
        if kind is list:
            return [self.pack(item) for item in value]
        if kind is tuple:
            return {"is": "tuple", "items": [self.pack(item) for item in value]}
        if kind is dict:
            return {"is": "dict", "items": [[self.pack(k), self.pack(v)] for k, v in value.items()]}
        if value is pd.NA:
            return {"is": "NA"}
        if isinstance(value, np.generic):
            return {"is": "scalar", "array": self.array(np.asarray(value))}
        known = self._known(value)
        if known is None:
            raise UnknownTypeError(kind.__name__)
        return known

    def _known(self, value: Any) -> Tree | None:
        """Return the description of a value that is more than a plain one; None where it is not known."""
        kind = type(value)
        ways: dict[type, Callable[[Any], Tree]] = {
            np.ndarray: self.array,
            xr.DataArray: self._raster,
            xr.Dataset: self._dataset,
            pd.DataFrame: lambda frame: pack_frame(frame, self),
            gpd.GeoDataFrame: lambda frame: pack_frame(frame, self),
            CRS: lambda crs: {"is": "crs", "text": crs_text(crs)},
            Affine: lambda affine: {"is": "affine", "numbers": list(affine)[:6]},
            Grid: lambda grid: {"is": "grid", "parts": self._parts(grid.crs, grid.transform, grid.shape)},
        }
        if kind in ways:
            return ways[kind](value)
        if isinstance(value, pd.Index):
            return {"is": "index", "index": pack_index(value, self)}
        if kind in self._names:
            parts = [getattr(value, f.name) for f in fields(value)] if is_dataclass(value) else value
            return {"is": "known", "type": self._names[kind], "parts": self._parts(*parts)}
        return None

    def _parts(self, *values: Any) -> list[Tree]:
        return [self.pack(value) for value in values]

    def _raster(self, raster: xr.DataArray) -> Tree:
        tree = {"is": "raster", "name": self.pack(raster.name), "data": self.variable(raster.variable)}
        return tree | {"coords": [[str(n), self.variable(v.variable)] for n, v in raster.coords.items()]}

    def _dataset(self, dataset: xr.Dataset) -> Tree:
        variables = [[str(n), self.variable(v)] for n, v in dataset.variables.items()]
        tree = {"is": "dataset", "variables": variables, "coords": list(map(str, dataset.coords))}
        return tree | {"attrs": self.pack(dict(dataset.attrs))}

    def array(self, values: NDArray[Any]) -> Tree:
        """Return the description of an array; text and other objects are described one by one."""
        about: dict[str, Any] = {"is": "array", "shape": list(values.shape)}
        if values.dtype.kind == "O":
            return about | {"objects": [self.pack(item) for item in values.ravel().tolist()]}
        if values.dtype.kind not in "biufSUmM":
            raise UnknownTypeError(str(values.dtype))
        column_wise = values.flags.f_contiguous and not values.flags.c_contiguous
        straight = np.ascontiguousarray(values.T if column_wise else values)
        about |= {"dtype": straight.dtype.str, "column_wise": column_wise}
        return about | {"block": self.block(memoryview(straight.reshape(-1).view(np.uint8).data))}

    def block(self, content: memoryview | bytes) -> int:
        """Keep a block of bytes; return its number."""
        self.blocks.append(memoryview(content))
        return len(self.blocks) - 1

    def variable(self, variable: xr.Variable) -> Tree:
        """Return the description of a variable of xarray."""
        about = {"dims": list(map(str, variable.dims)), "values": self.array(variable.values)}
        return about | {
            "attrs": self.pack(dict(variable.attrs)),
            "encoding": self.pack(dict(variable.encoding)),
        }


class Unpacker:
    """Puts values together again; `blocks` are writable, and belong to the values from then on."""

    def __init__(self, blocks: list[memoryview], types: Types) -> None:
        self.blocks, self._types = blocks, types

    def unpack(self, tree: Tree) -> Any:
        """Return the value of a description."""
        if isinstance(tree, list):
            return [self.unpack(item) for item in tree]
        if not isinstance(tree, dict):
            return tree
        ways: dict[str, Callable[[Tree], Any]] = {
            "float": lambda t: float(t["text"]),
            "tuple": lambda t: tuple(self.unpack(t["items"])),
            "dict": lambda t: {self.unpack(k): self.unpack(v) for k, v in t["items"]},
            "NA": lambda _: pd.NA,
            "scalar": lambda t: self.array(t["array"])[()],
            "array": self.array,
            "raster": self._raster,
            "dataset": self._dataset,
            "frame": lambda t: unpack_frame(t, self),
            "index": lambda t: index_of(t["index"], self),
            "crs": lambda t: CRS.from_user_input(t["text"]),
            "grid": lambda t: Grid(*self.unpack(t["parts"])),
            "affine": lambda t: Affine(*t["numbers"]),
            "known": lambda t: self._types[t["type"]](*self.unpack(t["parts"])),
        }
        return ways[tree["is"]](tree)

    def array(self, tree: Tree) -> NDArray[Any]:
        """Return an array."""
        shape = tuple(tree["shape"])
        if "objects" in tree:
            objects = np.empty(math.prod(shape), dtype=object)
            for place, item in enumerate(tree["objects"]):
                objects[place] = self.unpack(item)
            return objects.reshape(shape)
        flat = np.frombuffer(self.blocks[tree["block"]], dtype=np.dtype(tree["dtype"]))
        return flat.reshape(shape[::-1]).T if tree["column_wise"] else flat.reshape(shape)

    def variable(self, tree: Tree) -> xr.Variable:
        """Return a variable of xarray."""
        attrs, encoding = self.unpack(tree["attrs"]), self.unpack(tree["encoding"])
        return xr.Variable(tree["dims"], self.array(tree["values"]), attrs, encoding)

    def _raster(self, tree: Tree) -> xr.DataArray:
        data = self.variable(tree["data"])
        coords = {name: self.variable(each) for name, each in tree["coords"]}
        return xr.DataArray(data, coords=coords, name=self.unpack(tree["name"]))

    def _dataset(self, tree: Tree) -> xr.Dataset:
        variables = {name: self.variable(each) for name, each in tree["variables"]}
        return xr.Dataset(variables, attrs=self.unpack(tree["attrs"])).set_coords(tree["coords"])


def description(tree: Tree) -> bytes:
    """Return a description as bytes, always the same for the same one."""
    return json.dumps(tree, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(value: Any, types: Types | None = None) -> str:
    """Return a hash of a value: of its values, types, names and notes.

    Raises
    ------
    UnknownTypeError
        As `Packer.pack`.

    Examples
    --------
    >>> digest_of({"a": 1}) == digest_of({"a": 1.0})
    False
    """
    packer = Packer(types or {})
    hashed = hashlib.blake2b(description(packer.pack(value)), digest_size=DIGEST_BYTES)
    for block in packer.blocks:
        hashed.update(len(block).to_bytes(8, "little"))
        hashed.update(block)
    return hashed.hexdigest()
