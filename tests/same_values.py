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
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        if one.dtype == object:
            assert_same(one.ravel().tolist(), other.ravel().tolist())
        else:
            assert one.tobytes() == other.tobytes()
    elif isinstance(one, xr.DataArray):
        assert_same(one.variable, other.variable)
        assert one.name == other.name
        assert list(one.coords) == list(other.coords)
        for name in one.coords:
            assert_same(one.coords[name].variable, other.coords[name].variable)
    elif isinstance(one, xr.Variable):
        assert one.dims == other.dims
        assert_same(one.values, other.values)
        assert_same(dict(one.attrs), dict(other.attrs))
        assert_same(dict(one.encoding), dict(other.encoding))
    elif isinstance(one, xr.Dataset):
        assert list(one.variables) == list(other.variables)
        assert list(one.coords) == list(other.coords)
        for name in one.variables:
            assert_same(one.variables[name], other.variables[name])
        assert_same(dict(one.attrs), dict(other.attrs))
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_index_equal(one.index, other.index, exact=True)
        pd.testing.assert_index_equal(one.columns, other.columns, exact=True)
        assert one.index.name == other.index.name
        assert repr(one.dtypes.tolist()) == repr(other.dtypes.tolist())
        for place in range(one.shape[1]):
            column, same = one.iloc[:, place], other.iloc[:, place]
            if isinstance(column.dtype, np.dtype):
                assert_same(column.to_numpy(), same.to_numpy())
            elif isinstance(column, gpd.GeoSeries):
                assert column.to_wkb().tolist() == same.to_wkb().tolist()
                assert column.crs == same.crs
                assert getattr(column.crs, "srs", None) == getattr(same.crs, "srs", None)
            else:
                pd.testing.assert_series_equal(column, same)
        assert_same(dict(one.attrs), dict(other.attrs))
        if isinstance(one, gpd.GeoDataFrame):
            assert one._geometry_column_name == other._geometry_column_name
    elif isinstance(one, dict):
        assert list(one) == list(other)
        for key in one:
            assert_same(one[key], other[key])
    elif is_dataclass(one):
        for field in fields(one):
            assert_same(getattr(one, field.name), getattr(other, field.name))
    elif isinstance(one, (list, tuple)):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            assert_same(a, b)
    elif isinstance(one, (float, np.floating)):
        assert np.float64(one).tobytes() == np.float64(other).tobytes()
    else:
        assert one == other or (one is pd.NA and other is pd.NA)
