"""Whether two values are the same to the bit: for tests of what is kept between runs."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr


def assert_same(one: Any, other: Any) -> None:
    """Compare types, values to the bit, names, order and notes."""
    assert type(one) is type(other)
    if isinstance(one, np.ndarray):
        same_array(one, other)
    elif isinstance(one, (xr.DataArray, xr.Dataset, xr.Variable)):
        same_raster(one, other)
    elif isinstance(one, pd.DataFrame):
        same_table(one, other)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        assert_same(list(one.values()), list(other.values()))
    elif is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, (list, tuple)):
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    elif isinstance(one, (float, np.floating)):
        assert np.float64(one).tobytes() == np.float64(other).tobytes()
    else:
        assert one is other or one == other


def same_array(one: Any, other: Any) -> None:
    assert (one.dtype, one.shape) == (other.dtype, other.shape)
    if one.dtype == object:
        assert_same(one.ravel().tolist(), other.ravel().tolist())
    else:
        assert one.tobytes() == other.tobytes()


def same_raster(one: Any, other: Any) -> None:
    assert_same(dict(one.attrs), dict(other.attrs))
    if isinstance(one, xr.Variable):
        assert one.dims == other.dims
        assert_same(one.values, other.values)
        assert_same(dict(one.encoding), dict(other.encoding))
        return
    names = list(one.coords if isinstance(one, xr.DataArray) else one.variables)
    assert names == list(other.coords if isinstance(other, xr.DataArray) else other.variables)
    assert list(one.coords) == list(other.coords)
    for name in names:
        same_raster(one[name].variable, other[name].variable)
    if isinstance(one, xr.DataArray):
        assert one.name == other.name
        same_raster(one.variable, other.variable)


def same_table(one: Any, other: Any) -> None:
    pd.testing.assert_index_equal(one.index, other.index, exact=True)
    pd.testing.assert_index_equal(one.columns, other.columns, exact=True)
    assert_same(one.index.name, other.index.name)
    assert repr(one.dtypes.tolist()) == repr(other.dtypes.tolist())
    assert_same(dict(one.attrs), dict(other.attrs))
    for place in range(one.shape[1]):
        column, same = one.iloc[:, place], other.iloc[:, place]
        if isinstance(column.dtype, np.dtype):
            assert_same(column.to_numpy(), same.to_numpy())
        elif isinstance(column, gpd.GeoSeries):
            assert column.to_wkb().tolist() == same.to_wkb().tolist()
            assert_same(getattr(column.crs, "srs", None), getattr(same.crs, "srs", None))
        else:
            pd.testing.assert_series_equal(column, same)
    if isinstance(one, gpd.GeoDataFrame):
        assert one._geometry_column_name == other._geometry_column_name
