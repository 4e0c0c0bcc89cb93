"""GDAL and PROJ with the doors closed: no network, no scripts, no side files, no virtual formats.

Importing this module sets the environment before rasterio or pyogrio load their own GDAL each, so it comes
first in `corridors.io`. It is the second wall: the first is that every input is opened by the one driver its
first bytes ask for (`formats.py`). What each setting stops: gdal.org/user/security.html.
"""

from __future__ import annotations

import os

DRIVERS_LEFT_OUT = {
    "GDAL_SKIP": "VRT GTI WMS WMTS WCS HTTP DAAS EEDAI PLMOSAIC STACIT STACTA OGCAPI DERIVED PDF",
    "OGR_SKIP": "OGR_VRT,WFS,OAPIF,CSW,Elasticsearch,Carto,AmigoCloud,NGW,PLSCENES",
    "GDAL_DRIVER_PATH": "disable",
}
OPTIONS = {
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/disabled",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
}
os.environ.update(DRIVERS_LEFT_OUT | OPTIONS | {"PROJ_NETWORK": "OFF"})

from pyproj._network import set_network_enabled  # noqa: E402 - PROJ reads the environment when it loads

set_network_enabled(active=False)
