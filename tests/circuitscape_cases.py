"""Small invented Circuitscape cases: written as files, run, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from corridors.circuit.circuitscape import CircuitscapeRun, run_circuitscape
from corridors.io import read_plain_grid

Rows = Sequence[Sequence[float]]


def grid_text(
    rows: Rows, *, header: str = "xllcorner 0\nyllcorner 0\ncellsize 1\nNODATA_value -9999\n"
) -> str:
    """Return an ASCII grid."""
    lines = "\n".join(" ".join(f"{value:.17g}" for value in row) for row in rows)
    return f"ncols {len(rows[0])}\nnrows {len(rows)}\n{header}{lines}\n"


def write_case(folder: Path, options: Mapping[str, object], **files: str | Rows) -> Path:
    """Write a pairwise case, case.ini; rows of numbers become <name>.asc, text becomes <name>.txt."""
    given = {"scenario": "pairwise", "output_file": "case.out", "habitat_file": "habitat.asc"}
    for name, content in files.items():
        text = content if isinstance(content, str) else grid_text(content)
        (folder / f"{name}.{'txt' if isinstance(content, str) else 'asc'}").write_text(text)
    lines = [f"{name} = {value}" for name, value in {**given, **options}.items()]
    ini = folder / "case.ini"
    ini.write_text("\n".join(["[Options]", *lines]) + "\n")
    return ini


def run_case(folder: Path, options: Mapping[str, object], **files: str | Rows) -> CircuitscapeRun:
    """Write a case and run it; outputs lie beside it."""
    return run_circuitscape(str(write_case(folder, options, **files)))


def resistances(folder: Path) -> np.ndarray:
    """Return the table of resistances of a case."""
    return np.loadtxt(folder / "case_resistances.out", ndmin=2)


def between(folder: Path, first: int, second: int) -> float:
    """Return the resistance between two focal nodes."""
    table = resistances(folder)
    ids = table[0].tolist()
    return float(table[ids.index(first), ids.index(second)])


def map_of(folder: Path, name: str) -> np.ndarray:
    """Return a map of a case, NaN where it has no data."""
    return read_plain_grid(folder / f"case_{name}").values


def list_of(folder: Path, name: str) -> dict[tuple[int, ...], float]:
    """Return a list of a case: values under the ids before them."""
    table = np.loadtxt(folder / f"case_{name}", ndmin=2)
    return {tuple(int(node) for node in row[:-1]): float(row[-1]) for row in table}
