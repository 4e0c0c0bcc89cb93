"""Which Python is started, and with what environment."""

import json
import os
from pathlib import Path

RECORD = Path(__file__).parent / "installed.json"
VARIABLE = "CORRIDORS_PYTHON"
SETTING = "CORRIDORS_PYTHON"
SETTINGS_KEY = "Processing/Configuration/" + SETTING
# QGIS sets these for its own libraries; those of the other Python would read them and fail.
FOREIGN = ("PYTHON", "GDAL_", "OGR_", "PROJ_", "CPL_", "GEOTIFF_", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_")
OWN = {
    "PYTHONUTF8": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUNBUFFERED": "1",
    "PYTHONSAFEPATH": "1",  # a file beside the project must not pass for the program
}


def python_to_start(setting="", environment=os.environ, record=RECORD):
    """Return the Python to start: of the environment, of the settings, of the installation; "" for none."""
    return environment.get(VARIABLE) or setting or installed_python(record)


def installed_python(record=RECORD):
    """Return the Python that installed the plugin."""
    try:
        return str(json.loads(record.read_text(encoding="utf-8")).get("python", ""))
    except (OSError, ValueError):
        return ""


def setting():
    """Return what the settings of QGIS say."""
    from qgis.core import QgsSettings

    return str(QgsSettings().value(SETTINGS_KEY, "") or "")


def clean_environment(environment=os.environ):
    """Return an environment without what QGIS sets for itself."""
    kept = {name: value for name, value in environment.items() if not name.upper().startswith(FOREIGN)}
    kept.update(OWN)
    return kept
