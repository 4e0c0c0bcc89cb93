"""The worked example of stepping stones: it runs, and shows what it is meant to show."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
from matplotlib.image import imread

SCRIPT = Path(__file__).resolve().parents[1] / "workflows" / "stepping_stones_cranes.py"


@pytest.fixture(scope="module")
def cranes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Variables of the script after it has run, and the picture it drew."""
    picture = tmp_path_factory.mktemp("cranes") / "cranes.png"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(SCRIPT), str(picture)])
        patch.setenv("MPLBACKEND", "Agg")
        return {**runpy.run_path(str(SCRIPT)), "picture": imread(picture)}


def test_longer_flights_connect_more(cranes: dict[str, object]) -> None:
    curve = cranes["curve"]
    assert curve["equivalent_connected_area_km2"].is_monotonic_increasing
    assert curve["groups"].is_monotonic_decreasing
    assert curve["groups"].iloc[-1] == 1


def test_the_river_mouths_are_the_way_south(cranes: dict[str, object]) -> None:
    wetlands = cranes["wetlands"].set_index("wetland")
    assert set(wetlands.index[:2]) == {"Yellow river mouth", "Liao river mouth"}
    assert wetlands.loc["Yellow river mouth", "no_substitute"]
    assert cranes["gain"].loc[0, "dpc_gain_connector_percent"] > 0  # it joins Izumi to the others


def test_the_map_is_drawn(cranes: dict[str, object]) -> None:
    pixels = cranes["picture"][..., :3]
    assert pixels.shape[0] > 800
    assert 0.5 < (pixels == 1).all(axis=-1).mean() < 0.98
