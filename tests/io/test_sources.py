"""Sources of layers: present, absent, outside the folder."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import xarray as xr
from io_helpers import write_tiff

from corridors.errors import ConfigError, InputError, SecurityError
from corridors.io import Source, find_source, layer_names, parse_source, write_bands, write_vectors


def test_parse_source() -> None:
    assert parse_source(" osm.gpkg|roads ") == Source(Path("osm.gpkg"), "roads")
    assert parse_source("landcover.tif") == Source(Path("landcover.tif"))
    assert str(Source(Path("/data/osm.gpkg"), "roads")) == "osm.gpkg|roads"


@pytest.mark.parametrize("text", ["", "osm.gpkg|", "|roads", "  "])
def test_parse_source__broken(text: str) -> None:
    with pytest.raises(ConfigError, match=r"C102.*not a source.*file\|layer"):
        parse_source(text)


def test_find_source(tmp_path: Path, towns: gpd.GeoDataFrame, suitability: xr.DataArray) -> None:
    write_vectors({"towns": towns}, tmp_path / "osm.gpkg")
    write_bands({"boar": suitability}, tmp_path / "prey.tif")
    found = find_source(tmp_path, "osm.gpkg|towns")
    assert found == Source((tmp_path / "osm.gpkg").resolve(), "towns")
    assert find_source(tmp_path, "prey.tif|boar") is not None
    for absent in ("osm.gpkg|roads", "roads.gpkg|roads", "prey.tif|deer", "gone.tif"):
        assert find_source(tmp_path, absent) is None
    assert layer_names(tmp_path / "prey.tif") == ("boar",)


def test_find_source__outside(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    write_tiff(tmp_path / "a.tif", np.ones((2, 2), "uint8"))
    with pytest.raises(SecurityError, match="X706"):
        find_source(data, "../a.tif")
    assert find_source(data, "../a.tif", confined=False) == Source((tmp_path / "a.tif").resolve())
    with pytest.raises(SecurityError, match="X703"):
        find_source(data, "https://example.org/a.tif")


def test_layer_names__other(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n")
    assert layer_names(tmp_path / "t.csv") == ()
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": [{')
    with pytest.raises(InputError, match=r"I231.*cannot be read"):
        layer_names(tmp_path / "a.geojson")
