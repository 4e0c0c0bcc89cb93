"""Whole cases, from invented maps and from Omniscape's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import reference_windows

from corridors.circuit.omniscape import run_omniscape
from corridors.errors import CorridorsError, InputError
from corridors.io import PlainGrid, read_plain_grid, write_ascii_grid, write_plain_tiff

RNG = np.random.default_rng(5)
SHAPE = (10, 12)
RESISTANCE = np.round(np.exp(RNG.uniform(0, 2, SHAPE)), 3)
RESISTANCE[2, 3:6] = np.nan
SOURCE = np.round(RNG.random(SHAPE), 3)
CLIMATE, FUTURE = RNG.integers(0, 4, (2, *SHAPE)).astype(float)
MAPS = {"resistance": RESISTANCE, "source": SOURCE, "climate": CLIMATE, "future": FUTURE}
FILES = {
    "resistance_file": "resistance.asc",
    "source_file": "source.asc",
    "project_name": "project",
    "radius": 3,
}


def write_case(folder, /, **options):
    """Write all maps and an ini file; return its path."""
    for name, values in MAPS.items():
        write_ascii_grid(folder / f"{name}.asc", values, like=PlainGrid(values))
    ini = folder / "case.ini"
    ini.write_text(
        "[Options]\n" + "".join(f"{key} = {value}\n" for key, value in {**FILES, **options}.items())
    )
    return str(ini)


def run(folder, /, **options):
    """Run a case; return its maps by name."""
    done = run_omniscape(write_case(folder, **options), out=str(folder / "out"))
    return {file: read_plain_grid(f"{done.folder}/{file}").values for file in done.files}


def expected(*, conductance=1 / RESISTANCE, strength=SOURCE, radius=3, **options):
    return reference_windows.window_currents(
        conductance, strength, radius=radius, average="conductance", published=True, **options
    )


def same(found, values, *, masked=True):
    if masked:
        assert (np.isnan(found) == np.isnan(RESISTANCE)).all()
        values = np.where(np.isnan(RESISTANCE), np.nan, values)
    assert np.nanmax(np.abs(found - values)) <= 1e-9 * np.nanmax(values)


def test_current_flow_potential_and_their_ratio(tmp_path):
    maps = run(tmp_path, calc_flow_potential="true", calc_normalized_current="true", buffer=1)
    current, potential = expected(buffer=1)
    assert set(maps) == {"cum_currmap.tif", "flow_potential.tif", "normalized_cum_currmap.tif"}
    same(maps["cum_currmap.tif"], current)
    same(maps["flow_potential.tif"], potential)
    same(maps["normalized_cum_currmap.tif"], current / potential)


def test_blocks_with_the_correction(tmp_path):
    correction = reference_windows.block_correction(3, 0, 3)
    maps = run(tmp_path, block_size=2, solver="cholmod", mask_nodata="false", write_as_tif="false")
    same(maps["cum_currmap.asc"], expected(block=3, correction=correction)[0], masked=False)
    plain = run(tmp_path, block_size=3, correct_artifacts="false")
    same(plain["cum_currmap.tif"], expected(block=3)[0])


def test_weak_sources_count_as_none(tmp_path):
    maps = run(tmp_path, source_threshold=0.5)
    same(maps["cum_currmap.tif"], expected(strength=np.where(SOURCE >= 0.5, SOURCE, 0))[0])


def test_sources_from_resistance_and_conductances_as_input(tmp_path):
    conductance = 1 / RESISTANCE
    maps = run(tmp_path, source_from_resistance="true", r_cutoff=3, connect_four_neighbors_only="true")
    strength = np.where(conductance >= 1 / 3, conductance, 0)
    same(maps["cum_currmap.tif"], expected(strength=strength, neighbours=4)[0])
    maps = run(tmp_path, resistance_is_conductance="true")
    same(maps["cum_currmap.tif"], expected(conductance=RESISTANCE)[0])


@pytest.mark.parametrize("future", ["none", "1", "both"])
def test_conditions(tmp_path, future):
    given = {"condition1_file": "climate.asc", "condition1_lower": -1, "condition1_upper": 0.5}
    given |= {"condition1_future_file": "future.asc", "condition2_future_file": "climate.asc"}
    given |= {"condition2_file": "future.asc", "comparison2": "equal", "n_conditions": 2}
    maps = run(tmp_path, conditional="true", compare_to_future=future, **given)
    first = (CLIMATE, CLIMATE if future == "none" else FUTURE, "within", -1, 0.5)
    second = (FUTURE, CLIMATE if future == "both" else FUTURE, "equal", 0, 0)
    same(maps["cum_currmap.tif"], expected(conditions=(first, second))[0])


def test_reclassified(tmp_path):
    old = RESISTANCE[0, 0], RESISTANCE[5, 5]
    (tmp_path / "table.txt").write_text(f'{old[0]}\t{old[1]}\n{old[1]}\t"missing"\n')
    options = {"reclassify_resistance": "true", "write_reclassified_resistance": "true"}
    maps = run(tmp_path, reclass_table="table.txt", **options)
    values = RESISTANCE.copy()
    values[0, 0], values[5, 5] = old[1], np.nan
    assert np.array_equal(maps["classified_resistance.tif"], values, equal_nan=True)
    current = np.where(np.isnan(values), np.nan, expected(conductance=1 / values)[0])
    assert np.allclose(maps["cum_currmap.tif"], current, rtol=0, atol=1e-9, equal_nan=True)


def test_outputs_go_beside_the_ini_file_and_never_over_others(tmp_path):
    ini = write_case(tmp_path, write_raw_currmap="false")
    first, second = run_omniscape(ini), run_omniscape(ini)
    assert first.folder == str(tmp_path / "project")
    assert second.folder == str(tmp_path / "project_1")
    assert first.files == ("cum_currmap.tif",)
    assert first.notes == ("write_raw_currmap = false: the current is written all the same",)


def test_maps_that_lie_elsewhere_are_taken_and_said(tmp_path):
    ini = write_case(tmp_path, source_file="source.tif")
    write_plain_tiff(tmp_path / "source.tif", SOURCE, like=PlainGrid(SOURCE, left=100.0))
    assert "source.tif is taken cell by cell" in run_omniscape(ini).notes[0]
    silent = write_case(tmp_path, source_file="source.tif", allow_different_projections="true")
    assert run_omniscape(silent).notes == ()


def test_everything_wrong_with_the_maps_at_once(tmp_path):
    ini = write_case(tmp_path, conditional="true", condition1_file="climate.asc")
    write_ascii_grid(tmp_path / "resistance.asc", RESISTANCE - 5, like=PlainGrid(RESISTANCE))
    write_ascii_grid(tmp_path / "source.asc", SOURCE[:5], like=PlainGrid(SOURCE[:5]))
    (tmp_path / "climate.asc").unlink()
    with pytest.raises(CorridorsError) as caught:
        run_omniscape(ini)
    text = str(caught.value)
    assert all(code in text for code in ("I211", "I201", "I251"))


def test_a_radius_larger_than_the_map_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"I291.*13 cells.*10 x 12"):
        run_omniscape(write_case(tmp_path, radius=13))


def test_a_table_that_is_none(tmp_path):
    (tmp_path / "table.txt").write_text("1 2 3\n")
    ini = write_case(tmp_path, reclassify_resistance="true", reclass_table="table.txt")
    with pytest.raises(InputError, match=r"I242.*table.txt, line 1"):
        run_omniscape(ini)


def test_an_interrupted_case_goes_on(tmp_path):
    ini = write_case(tmp_path)
    expected = run_omniscape(ini)

    def break_off(_step, fraction):
        if fraction > 0.3:
            raise KeyboardInterrupt

    sums = str(tmp_path / "sums")
    with pytest.raises(KeyboardInterrupt):
        run_omniscape(ini, checkpoint_folder=sums, progress=break_off)
    found = run_omniscape(ini, checkpoint_folder=sums)
    one, other = (read_plain_grid(f"{done.folder}/cum_currmap.tif").values for done in (expected, found))
    assert np.array_equal(one, other, equal_nan=True)
    assert list((tmp_path / "sums").iterdir()) == []


@pytest.mark.real
def test_the_cases_of_omniscape(shared):
    """Every case of the other program, through the command line."""
    compare, cases = shared / "verification" / "compare_cases.py", shared / "verification" / "omniscape"
    corridors = Path(sys.executable).with_name("corridors")
    command = [sys.executable, str(compare), str(corridors), "omniscape", str(cases)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
