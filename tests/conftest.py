"""Fixtures every test may use, and the profile of the property tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "corridors",
    deadline=None,
    max_examples=50,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("corridors")

# A shell that starts the tests in the background lets them ignore Ctrl-C; the tests of Ctrl-C need it back.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of real layers and other programs' cases beside the project, or a skip that says so."""
    folder = Path(os.environ.get("CORRIDORS_SHARED", ROOT.parent / "shared"))
    if not (folder / "geodata").is_dir():
        pytest.skip(f"the shared test data are absent ({folder.name}); set CORRIDORS_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def geodata(shared: Path) -> Path:
    """Folder of the real layers, one subfolder per landscape."""
    return shared / "geodata"
