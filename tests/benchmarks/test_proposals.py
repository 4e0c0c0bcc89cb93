"""Ten proposals on real layers against one run, side by side."""

from __future__ import annotations

import time

import geopandas as gpd
import pytest
from shapely import LineString

from corridors.config import load_workflow
from corridors.pipeline import read_inputs, run
from corridors.studies.proposals import compare_proposals, proposals_from, write_comparison

MOST = 3.0
BELTS = {
    ("Reserve", "protect"): [(130.1, 43.6), (130.95, 43.4), (131.1, 42.9), (131.3, 43.3)],
    ("Corridor", "protect"): [(131.2, 43.95), (131.3, 44.15)],
    ("Belt", "restore"): [(131.55, 43.55), (131.95, 43.6), (132.2, 43.62)],
    ("Valley", "restore"): [(130.9, 44.0), (131.1, 44.3)],
    ("Delta", "restore"): [(130.3, 42.75), (130.5, 42.6)],
    ("Quarry", "remove"): [(131.1, 43.3), (131.2, 43.3)],
    ("Overpasses", "crossing structure"): [(131.9, 43.5), (132.2, 43.9)],
    ("Gates", "open gate"): [(130.4, 42.95), (130.5, 42.95)],
}
LINES = {
    ("Fence", "fence"): [(130.6, 42.45), (131.0, 42.9), (131.25, 43.2), (131.3, 43.6)],
    ("Road", "road"): [(129.6, 43.4), (130.4, 43.9), (131.2, 44.3)],
}


def ten(grid):
    """Return ten invented proposals of all kinds, belts five kilometres to either side of a line."""
    shapes = {key: LineString(line) for key, line in (BELTS | LINES).items()}
    every = gpd.GeoSeries(list(shapes.values()), crs=4326).to_crs(grid.crs)
    drawn = [line.buffer(5000) if key in BELTS else line for key, line in zip(shapes, every, strict=True)]
    names, kinds = zip(*shapes, strict=True)
    columns = {"proposal": names, "kind": kinds}
    return proposals_from(gpd.GeoDataFrame(columns, geometry=drawn, crs=grid.crs), grid)


@pytest.mark.bench
def test_ten_proposals_take_at_most_three_times_a_run(geodata, tmp_path):
    workflow = load_workflow("workflows/land_of_big_cats.toml")
    inputs = read_inputs(workflow, data=str(geodata / "land_of_big_cats"))
    proposals = ten(inputs.grid)
    seconds = {}
    for name in ("run", "compare"):
        start, busy = time.perf_counter(), time.process_time()
        if name == "run":
            run(workflow, out=str(tmp_path / name), inputs=inputs)
        else:
            found = compare_proposals(workflow, inputs, proposals)
            write_comparison(found, workflow, inputs, out=str(tmp_path / name), proposals_file=__file__)
        seconds[name] = time.perf_counter() - start, time.process_time() - busy
        print(f"{name}: {seconds[name][0]:.0f} s, {seconds[name][1]:.0f} s of processor")
    ratio = seconds["compare"][1] / seconds["run"][1]
    print(f"ten proposals against one run: {ratio:.2f} times the processor time")
    assert ratio <= MOST
