"""Cases of Circuitscape itself, through the command line, against what it gave.

Resistances within 1e-6, every cell of a map within 1e-6 of its maximum, the same cells without data.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from corridors.cli import app
from corridors.io import read_plain_grid

pytestmark = pytest.mark.real

MODES = {
    "pairwise": ("01", "02", "03", "04", "05", "06", "07", "08", "12", "13", "14"),
    "advanced": ("01", "02", "03", "04"),
    "one_to_all": ("01", "02", "03", "04", "12"),
    "all_to_one": ("01", "02", "03", "04", "12"),
    "network": ("sgNetworkVerify1", "mgNetworkVerify1"),
}
CASES = [f"{mode}/{case}" for mode, cases in MODES.items() for case in cases]
INPUTS_OF = {"pairwise/08": "pairwise/05"}
"""A case that comes without its inputs, and the one whose inputs have the same names."""


@pytest.fixture
def verification(shared: Path) -> Path:
    folder = shared / "verification" / "circuitscape"
    if not folder.is_dir():
        pytest.skip("the shared folder holds no cases of Circuitscape")
    return folder


def test_no_case_is_left_out(verification: Path) -> None:
    there = {str(ini.parent.relative_to(verification)) for ini in verification.rglob("case.ini")}
    assert there == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_a_case_of_circuitscape(verification: Path, tmp_path: Path, case: str) -> None:
    source, out = tmp_path / "case", tmp_path / "out"
    shutil.copytree(verification / INPUTS_OF.get(case, case), source)
    shutil.copyfile(verification / case / "case.ini", source / "case.ini")
    done = CliRunner().invoke(app, ["circuitscape", str(source / "case.ini"), "--out", str(out)])
    assert done.exit_code == 0, done.output
    for expected in sorted((verification / case / "expected").iterdir()):
        (ours,) = [file for file in out.iterdir() if same_output(file.name, expected.name)]
        if expected.suffix == ".asc":
            compare_maps(ours, expected)
        else:
            compare_tables(ours, expected)


def same_output(ours: str, expected: str) -> bool:
    """Whether a file of ours, which begins with the name of the case, is meant."""
    return ours.partition("_")[2] == expected


def compare_maps(ours: Path, expected: Path) -> None:
    a, b = read_plain_grid(ours).values, read_plain_grid(expected).values
    np.testing.assert_array_equal(np.isnan(a), np.isnan(b))
    if np.isfinite(b).any():
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-6 * max(np.nanmax(abs(b)), 1e-9), err_msg=ours.name)


def compare_tables(ours: Path, expected: Path) -> None:
    """Compare row by row; lists of nodes and branches come in any order, and noise below 1e-6 A is none."""
    a, b = np.loadtxt(ours, ndmin=2), np.loadtxt(expected, ndmin=2)
    assert a.shape == b.shape, ours.name
    if expected.suffix == ".txt":
        a, b = (table[np.lexsort(table[:, -2::-1].T)] for table in (a, b))
        np.testing.assert_array_equal(a[:, :-1], b[:, :-1])
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6 if expected.suffix == ".txt" else 1e-12)
