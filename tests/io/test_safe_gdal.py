"""The environment is read back in fresh processes, whatever the user's own environment says."""

from __future__ import annotations

import json
import os
import subprocess
import sys

REPORT = """
import json, os
import corridors.io
import rasterio, pyogrio, pyproj.network
from corridors.io.safe_gdal import DRIVERS_LEFT_OUT, OPTIONS
with rasterio.Env() as env:
    raster_drivers = sorted(env.drivers())
print(json.dumps({
    "as_set": all(os.environ[key] == value for key, value in (DRIVERS_LEFT_OUT | OPTIONS).items()),
    "pam": pyogrio.get_gdal_config_option("GDAL_PAM_ENABLED"),
    "raster_drivers": raster_drivers,
    "vector_drivers": sorted(pyogrio.list_drivers()),
    "network": pyproj.network.is_network_enabled(),
}))
"""
UNWANTED = {
    "VRT",
    "WMS",
    "WMTS",
    "WCS",
    "HTTP",
    "GTI",
    "PDF",
    "OGR_VRT",
    "WFS",
    "OAPIF",
    "CSW",
    "Carto",
    "Elasticsearch",
}


def test_settings__hold_against_the_users_own() -> None:
    own = {"GDAL_PAM_ENABLED": "YES", "GDAL_VRT_ENABLE_PYTHON": "YES", "PROJ_NETWORK": "ON", "GDAL_SKIP": ""}
    done = subprocess.run(
        [sys.executable, "-c", REPORT], env=os.environ | own, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["as_set"]
    assert found["pam"] in {False, "NO"}
    assert not UNWANTED & set(found["raster_drivers"])
    assert not UNWANTED & set(found["vector_drivers"])
    assert {"GTiff", "COG", "AAIGrid", "MEM"} <= set(found["raster_drivers"])
    assert {"GPKG", "GeoJSON", "ESRI Shapefile", "FlatGeobuf"} <= set(found["vector_drivers"])
    assert found["network"] is False
    assert done.stderr == ""
