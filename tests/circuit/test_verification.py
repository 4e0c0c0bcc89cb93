"""Resistances and maps another program gave, asked for directly, without its own files of options."""

import numpy as np
import pytest

from corridors.circuit import (
    CIRCUITSCAPE_CUT,
    all_to_one,
    current_map,
    focal_from_labels,
    grid_circuit,
    one_to_all,
    pairwise,
    voltage_map,
)

pytestmark = pytest.mark.real


def grid(path):
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    head = {line[0].lower(): float(line[1]) for line in lines if line[0][0].isalpha()}
    values = np.array([[float(value) for value in line] for line in lines[len(head) :]])
    return np.where(values == head.get("nodata_value", -9999), np.nan, values)


def circuit_of(case, polygons):
    resistance = grid(case / "cellmap.asc")
    shorted = grid(case / "polygons.asc") if polygons else None
    return grid_circuit(np.nan_to_num(1 / resistance), neighbours=4, polygons=shorted)


def agrees(found, path):
    if path.exists():
        expected = np.nan_to_num(grid(path))
        np.testing.assert_allclose(found, expected, atol=1e-6 * max(expected.max(), 1e-9))


def test_pairwise(shared):
    case = shared / "verification" / "circuitscape" / "pairwise" / "04"
    circuit = circuit_of(case, polygons=False)
    table = np.loadtxt(case / "expected" / "resistances.out")
    ids, total = table[0, 1:].astype(int).tolist(), np.zeros(circuit.nodes.shape)
    focal = focal_from_labels(grid(case / "points.asc"))
    for flow in pairwise(circuit, focal, accept_no_data=True):
        expected = table[1 + ids.index(flow.first), 1 + ids.index(flow.second)]
        assert np.nan_to_num(flow.resistance, nan=-1) == pytest.approx(expected, rel=1e-6)
        current = current_map(flow.circuit, flow.voltage, cut=CIRCUITSCAPE_CUT)
        agrees(current, case / "expected" / f"curmap_{flow.first}_{flow.second}.asc")
        agrees(
            voltage_map(flow.circuit, flow.voltage),
            case / "expected" / f"voltmap_{flow.first}_{flow.second}.asc",
        )
        total += current
    agrees(total, case / "expected" / "cum_curmap.asc")


@pytest.mark.parametrize(("mode", "folder"), [(one_to_all, "one_to_all"), (all_to_one, "all_to_one")])
def test_one_and_all(shared, mode, folder):
    case = shared / "verification" / "circuitscape" / folder / "01"
    circuit = circuit_of(case, polygons=True)
    table = dict(np.loadtxt(case / "expected" / "resistances.out"))
    focal = focal_from_labels(grid(case / "points.asc"))
    for flow in mode(circuit, focal, accept_no_data=True):
        assert np.nan_to_num(flow.resistance, nan=-1) == pytest.approx(table[flow.first], rel=1e-6)
        current = current_map(flow.circuit, flow.voltage, cut=CIRCUITSCAPE_CUT)
        agrees(current, case / "expected" / f"curmap_{flow.first}.asc")
