"""The course: every part runs on the demonstration data as it is typed, and shows what it says it shows."""

from __future__ import annotations

import runpy
import sys
from functools import cache
from pathlib import Path

import pytest
from matplotlib.image import imread

COURSE = Path(__file__).resolve().parents[1] / "workflows" / "course"
PARTS = sorted(path.stem for path in COURSE.glob("[0-9]_*.py"))


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that runs a part once and gives its variables, and the picture it drew."""

    @cache
    def run(name: str) -> dict[str, object]:
        picture = tmp_path_factory.mktemp("course") / "picture.png"
        script = COURSE / f"{name}.py"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", [str(script), str(picture)])
            patch.setenv("MPLBACKEND", "Agg")
            return {**runpy.run_path(str(script)), "pixels": imread(picture)}

    return run


def test_there_are_five_parts_in_order():
    assert [name[0] for name in PARTS] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_draws_a_figure_that_is_neither_empty_nor_full(name, part):
    pixels = part(name)["pixels"][..., :3]
    assert min(pixels.shape[:2]) > 600
    assert 0.1 < (pixels > 0.99).all(axis=-1).mean() < 0.95
    assert len({tuple(colour) for colour in pixels.reshape(-1, 3)[::997].round(2)}) > 10


def test_core_areas_shrink_as_the_threshold_rises(part):
    table = part("2_habitat_and_thresholds")["table"]
    assert table["threshold"].is_monotonic_increasing
    assert table["area_km2"].is_monotonic_decreasing
    assert (table["largest_km2"] <= table["area_km2"] + 1e-6).all()


def test_dearer_roads_never_make_a_link_cheaper(part):
    by_cost = part("3_resistance_and_barriers")["by_cost"]
    assert len(by_cost) > 2
    assert (by_cost.diff(axis=1).iloc[:, 1:] >= -1e-9).all().all()
    assert (by_cost.iloc[:, -1] > by_cost.iloc[:, 0] + 1).any()


def test_connected_habitat_grows_with_dispersal_and_stays_below_all_habitat(part):
    found = part("4_network_and_current")
    assert found["connected"].is_monotonic_increasing
    assert found["connected"].iloc[-1] <= found["habitat_km2"]


def test_proposals_are_set_against_the_landscape_as_it_is(part):
    found = part("5_proposals")
    joint = found["joint"]
    assert joint.index[0] == "baseline"
    assert (joint.loc["baseline", ["protconn_percent_change", "eca_km2_change"]] == 0).all()
    reserve = joint.loc["Land of Big Cats joint reserve"]
    assert reserve["protconn_percent_change"] > 0  # it protects land that is not
    assert reserve.isna()["eca_km2_change"]  # and changes no path: not assessed
    assert reserve["needs_partner"] == "CN, RU"
    assert set(found["chosen"].choice.proposals) <= set(joint.index)
