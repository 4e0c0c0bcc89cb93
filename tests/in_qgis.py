"""Real QGIS, asked to open a project or layers; where it is absent the test is skipped and says so."""

from __future__ import annotations

import functools
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parent / "io" / "qgis" / "look_in_qgis.py"
SYSTEM_PYTHON = "/usr/bin/python3"
# Own variables of the virtual environment's GDAL and PROJ must not reach those of QGIS.
ENVIRONMENT = {
    key: value
    for key, value in os.environ.items()
    if not key.startswith(("GDAL_", "PROJ_", "PYTHON", "OGR_", "CPL_", "VIRTUAL_ENV"))
}


@functools.cache
def missing_qgis() -> str:
    """Say why QGIS cannot be used; empty where it can."""
    if not Path(SYSTEM_PYTHON).exists():
        return f"{SYSTEM_PYTHON} is absent"
    command = [SYSTEM_PYTHON, "-c", "import qgis.core"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=False)
    return (
        ""
        if done.returncode == 0
        else f"{SYSTEM_PYTHON} cannot import qgis.core (apt-get install python3-qgis)"
    )


def look_in_qgis(*arguments: str | Path) -> dict[str, Any]:
    """Return what QGIS saw: `look_in_qgis.py` says which arguments it takes."""
    reason = missing_qgis()
    if reason:
        pytest.skip(f"QGIS: {reason}")
    command = [SYSTEM_PYTHON, str(SCRIPT), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
