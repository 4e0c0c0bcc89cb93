"""A canary entry marked sensitive is refused by name, wherever it hides."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import xarray as xr

from corridors.errors import SecurityError
from corridors.io import publishable
from corridors.schema import COLUMNS, RASTERS, VECTORS


@pytest.fixture(autouse=True)
def canaries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        RASTERS, "canary_map", replace(RASTERS["suitability"], name="canary_map", sensitivity="sensitive")
    )
    monkeypatch.setitem(
        VECTORS, "canary_dens", replace(VECTORS["cores"], name="canary_dens", sensitivity="sensitive")
    )
    monkeypatch.setitem(
        COLUMNS, "canary_site", replace(COLUMNS["name"], name="canary_site", sensitivity="sensitive")
    )


def test_publishable__open_parts_pass(cores: gpd.GeoDataFrame, suitability: xr.DataArray) -> None:
    for part in (
        "cores",
        ["cores", "links"],
        suitability,
        suitability.to_dataset(),
        cores,
        {"cores": cores},
        3,
    ):
        assert publishable(part) is part


def test_publishable__refuses(cores: gpd.GeoDataFrame, suitability: xr.DataArray) -> None:
    hidden = [
        "canary_map",
        ["cores", "canary_dens"],
        suitability.rename("canary_map"),
        suitability.to_dataset(name="canary_map"),
        cores.assign(canary_site="x"),
        cores.rename_axis("canary_site"),
        {"cores": cores.assign(canary_site="x")},
        {"canary_dens": cores},
        {"amur_tiger": {"canary_dens": cores}},
    ]
    for part in hidden:
        with pytest.raises(SecurityError, match=r"X701.*report.html.*marked sensitive.*Given: canary"):
            publishable(part, where="report.html")


def test_publishable__drops(cores: gpd.GeoDataFrame, suitability: xr.DataArray) -> None:
    assert publishable(["cores", "canary_dens"], drop=True) == ["cores"]
    both = xr.Dataset({"suitability": suitability, "canary_map": suitability})
    assert list(publishable(both, drop=True).data_vars) == ["suitability"]
    tables = {"cores": cores.assign(canary_site="x"), "canary_dens": cores, "note": "plain"}
    left = publishable(tables, drop=True)
    assert list(left) == ["cores", "note"]
    assert list(left["cores"].columns) == list(cores.columns)
    assert publishable(pd.DataFrame({"a": [1]}).rename_axis("canary_site"), drop=True).index.name is None
    assert "canary_site" in tables["cores"]
    with pytest.raises(SecurityError, match="X701"):
        publishable("canary_map", drop=True)
