"""Going on from an earlier run: what is computed again and what not, and that it makes no difference."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import tiny_landscape as tiny
from same_values import assert_same

from corridors.config import Species, Workflow, load_workflow
from corridors.errors import RunError
from corridors.io import hash_file
from corridors.layers import LayerSpec
from corridors.pipeline import STAGES, Kept, analyse, read_inputs, run
from corridors.pipeline.fingerprints import Given, fingerprint, own_parts, said_of_layers
from corridors.pipeline.keeping import SHARED
from corridors.pipeline.plan import afresh_from, planned
from corridors.pipeline.sides import incomplete_parks, side_table, sides_of
from corridors.pipeline.stepping import Stepper
from corridors.pipeline.steps import STEPS, with_followers

CASE = "forest_cat"
CLOCKS = ("run.json", "run.log")
KEPT_STEPS = {name for name, step in STEPS.items() if step.keep}
# A change of every key of a species, by section.
CHANGES: dict[str, dict[str, Any]] = {
    "cores": {"threshold": 0.55, "min_area_km2": 21.0, "floor": 0.1, "fill_holes_km2": 1.0},
    "links": {"max_link_km": 49.0, "neighbours": "all", "through_cores": True},
    "corridors": {"rule": "percent", "value": 9.0},
    "network": {"dispersal_km": (10.0, 30.0), "node_weight": "area"},
    "current": {"window_radius_km": 3.0, "block_km": 2.0},
    "restoration": {"radii_km": (2.0,), "places_per_link": 2, "segment_km": 2.0, "together_m": 10.0},
    "movement": {"shape": 4.0, "maximum": 50.0, "transform": "linear"},
    "habitat": {"method": "minimum"},
    "border": {"fences": "roads"},
}


class Land:
    """A tiny landscape with a finished run, in a folder that a test may spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "runs" / "tiny"
        self.file = folder / "tiny.toml"

    @property
    def workflow(self) -> Workflow:
        return load_workflow(str(self.file))

    def change(self, old: str, new: str) -> None:
        text = self.file.read_text("utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new, 1), "utf-8")

    def forget(self) -> dict[str, str]:
        """Remove the run and all that is kept of it; return what it held."""
        before = outputs(self.out)
        shutil.rmtree(self.folder / "runs")
        return before

    def run(self, out: Path | None = None, **options: Any) -> dict[str, Any]:
        """Run, and return what run.json says."""
        out = self.out if out is None else out
        run(self.workflow, out=str(out), **options)
        record: dict[str, Any] = json.loads((out / "run.json").read_text("utf-8"))
        return record


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("finished")
    tiny.write_landscape(folder)
    Land(folder).run()
    return folder


@pytest.fixture
def land(finished: Path, tmp_path: Path) -> Land:
    shutil.copytree(finished, tmp_path / "land")
    return Land(tmp_path / "land")


def computed(record: dict[str, Any]) -> set[str]:
    return {step["step"] for step in record["steps"] if not step["reused"]}


def outputs(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in CLOCKS)
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in files}


# ---------------------------------------------------------------- the same bytes


def test_nothing_changed__nothing_is_computed_and_every_byte_is_the_same(land: Land) -> None:
    before = outputs(land.out)
    assert computed(land.run()) == set()
    assert outputs(land.out) == before


def test_all_computed_again_with_nothing_kept__every_byte_is_the_same(land: Land) -> None:
    before = outputs(land.out)
    shutil.rmtree(land.out.with_name(".tiny.steps"))
    assert computed(land.run()) == {"layers", *KEPT_STEPS}
    assert outputs(land.out) == before


@pytest.mark.parametrize("stage", STAGES)
def test_from_a_stage__it_is_computed_and_every_byte_is_the_same(land: Land, stage: str) -> None:
    """What follows rests on what came out of it, and that is the same."""
    before = outputs(land.out)
    assert computed(land.run(start=stage)) == afresh_from(stage) & {"layers", *KEPT_STEPS} != set()
    assert outputs(land.out) == before


def test_with_a_store_and_without__the_same_results(land: Land, tmp_path: Path) -> None:
    inputs = read_inputs(land.workflow)
    plain = analyse(inputs.layers, land.workflow, context=inputs.context).cases[CASE]
    kept = Kept(tmp_path / "elsewhere")
    kept.know(land.workflow, inputs)
    through = analyse(inputs.layers, land.workflow, context=inputs.context, keeper=kept).cases[CASE]
    for one, other in ((plain.tables, through.tables), (plain.vectors, through.vectors)):
        assert_same(dict(one), dict(other))
    assert_same(plain.rasters, through.rasters)


def test_every_step_can_be_kept(land: Land) -> None:
    kept = {(entry.case, entry.step) for entry in Kept(land.out).store.entries()}
    assert kept == {(SHARED, "layers"), (SHARED, "files"), *((CASE, name) for name in KEPT_STEPS)}


# ---------------------------------------------------------------- what is computed again


def test_changed_links__what_rests_on_them_is_computed_and_as_from_scratch(
    land: Land, tmp_path: Path
) -> None:
    land.change("max_link_km = 50", "max_link_km = 1")
    record = land.run()
    assert computed(record) == set(with_followers(["links"])) & KEPT_STEPS
    assert "windows" not in computed(record)
    land.run(tmp_path / "fresh")
    assert {k: v for k, v in outputs(land.out).items() if k != "workflow.toml"} == {
        k: v for k, v in outputs(tmp_path / "fresh").items() if k != "workflow.toml"
    }


def test_changed_key_that_changes_no_link__nothing_else_is_computed(land: Land) -> None:
    land.change("max_link_km = 50", "max_link_km = 40")
    assert computed(land.run()) == {"links"}


@pytest.mark.parametrize(("row", "column", "found"), [(10, 2, {"layers", *KEPT_STEPS}), (0, 0, {"layers"})])
def test_changed_raster__everything_is_computed_unless_it_changed_outside_the_area(
    land: Land, row: int, column: int, found: set[str]
) -> None:
    with rasterio.open(land.folder / "data" / "landcover.tif", "r+") as source:
        values = source.read(1)
        values[row, column] = 1
        source.write(values, 1)
    assert computed(land.run()) == found


def test_touched_file__nothing_is_computed(land: Land) -> None:
    for path in (land.folder / "data").iterdir():
        os.utime(path, (1, 1))
    assert computed(land.run()) == set()


def test_changed_layer_of_features__only_steps_that_look_at_it(land: Land) -> None:
    """A town more changes the exposure of links, not the habitat: no predictor looks at towns here."""
    inputs = read_inputs(land.workflow)
    towns = inputs.context["settlements"]
    before = parts_by_step(land.workflow.cases[CASE], inputs)
    fewer = replace(inputs, context={**inputs.context, "settlements": towns.iloc[:1]})
    after = parts_by_step(land.workflow.cases[CASE], fewer)
    assert {name for name in STEPS if before[name] != after[name]} == {"links", "beyond"}


def parts_by_step(species: Species, inputs: Any) -> dict[str, str]:
    """Return the fingerprint of all that each step rests on itself."""
    found = own_parts(species, Given(inputs, {}))
    return {name: fingerprint(name, parts) for name, parts in found.items()}


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [(section, key, value) for section, keys in CHANGES.items() for key, value in keys.items()],
)
def test_changed_key__exactly_the_steps_that_read_it(land: Land, section: str, key: str, value: Any) -> None:
    species = land.workflow.cases[CASE]
    changed = species.model_copy(update={section: getattr(species, section).model_copy(update={key: value})})
    inputs = read_inputs(land.workflow)
    before, after = parts_by_step(species, inputs), parts_by_step(changed, inputs)
    readers = {name for name, step in STEPS.items() if section in step.sections}
    assert {name for name in STEPS if before[name] != after[name]} == readers != set()


def test_every_section_of_a_species__is_read_by_some_step() -> None:
    read = {section for step in STEPS.values() for section in step.sections}
    names = {"name", "landscape", "season", "movement_type", "scenario"}  # what a case is called
    assert read - names == set(Species.model_fields) - names == set(CHANGES)


# ---------------------------------------------------------------- a part of a run


@pytest.mark.parametrize("stage", STAGES)
def test_only_a_stage__opens_without_the_rest_and_leaves_the_whole_run_alone(land: Land, stage: str) -> None:
    before = outputs(land.out)
    part = land.folder / "runs" / f"tiny-{stage}"
    record = land.run(part, until=stage, kept=Kept(land.out))
    assert record["until"] == stage
    assert "part" in {note["code"] for note in record["notes"]}
    assert computed(record) == set()
    files = outputs(part)
    assert {"corridors.gpkg", "project.qgz", "workflow.toml", "figures/overview.png"} <= set(files)
    assert "report.html" not in files
    if stage == "cores":
        assert f"cases/{CASE}/rasters/cores.tif" in files
        assert f"cases/{CASE}/tables/links.csv" not in files
    shared = {name for name in files if name.startswith(f"cases/{CASE}/rasters") and name.endswith(".tif")}
    assert {name: files[name] for name in shared} == {name: before[name] for name in shared}
    assert outputs(land.out) == before


def test_only_a_stage_first__the_whole_run_goes_on_from_there(land: Land) -> None:
    shutil.rmtree(land.out)
    shutil.rmtree(land.out.with_name(".tiny.steps"))
    record = land.run(until="cores")
    assert computed(record) == {"layers", "suitability", "barriers", "resistance", "cores", "thresholds"}
    record = land.run()
    assert computed(record) == KEPT_STEPS - {"suitability", "barriers", "resistance", "cores", "thresholds"}
    assert record["until"] is None


def test_part_in_the_place_of_a_whole_run__is_refused(land: Land) -> None:
    before = outputs(land.folder)
    with pytest.raises(RunError, match="N607"):
        land.run(until="cores")
    assert outputs(land.folder) == before


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("old", "new", "start", "said", "offered"),
    [
        ("threshold = 0.6", "threshold = 0.5", "links", "cores (changed: species.cores)", "cores"),
        ("k = 0.5", "k = 0.6", "cores", "suitability (changed: species.habitat)", "suitability"),
        ("crossing_cost_m = 25000", "crossing_cost_m = 9000", "network", "barriers", "resistance"),
        ("margin_km = 0", "margin_km = 1", "network", "layers (changed: ", "layers"),
        ("max_link_km = 50", "max_link_km = 9", "corridors", "links (changed: species.links)", "links"),
    ],
)
def test_from_a_stage_before_which_something_changed__says_which_and_offers_the_earlier(
    land: Land, old: str, new: str, start: str, said: str, offered: str
) -> None:
    before = outputs(land.folder)
    land.change(old, new)
    with pytest.raises(RunError) as caught:
        land.run(start=start)
    assert caught.value.code == "N606"
    assert said in caught.value.given
    assert f"--from {offered}" in caught.value.remedy
    assert {k: v for k, v in outputs(land.folder).items() if k != "tiny.toml"} == {
        k: v for k, v in before.items() if k != "tiny.toml"
    }
    stages = {
        "layers" if name == "layers" else STEPS[name].stage for name in computed(land.run(start=offered))
    }
    assert offered in stages


def test_changed_input_file__is_named(land: Land) -> None:
    with rasterio.open(land.folder / "data" / "landcover.tif", "r+") as source:
        source.write(np.roll(source.read(1), 2, axis=1), 1)
    with pytest.raises(RunError, match=r"N606.*layers \(changed: file landcover.tif\).*--from layers"):
        land.run(start="links")


def test_from_a_stage_without_an_earlier_run__is_refused(land: Land) -> None:
    shutil.rmtree(land.out.with_name(".tiny.steps"))
    with pytest.raises(RunError, match=r"N606.*nothing is kept of it.*--from layers"):
        land.run(start="links")


# ---------------------------------------------------------------- damage, tidiness, interruption


def test_damaged_entries__are_computed_again(land: Land) -> None:
    before = outputs(land.out)
    for path in land.out.with_name(".tiny.steps").rglob("links-*.step"):
        content = bytearray(path.read_bytes())
        content[-5] ^= 1
        path.write_bytes(content)
    assert computed(land.run()) == {"links"}
    assert outputs(land.out) == before


def test_former_file_changed_by_somebody__is_made_again(land: Land) -> None:
    before = outputs(land.out)
    raster = land.out / "cases" / CASE / "rasters" / "resistance.tif"
    raster.write_bytes(raster.read_bytes()[:-1] + b"x")
    (land.out / "report.html").unlink()
    land.run()
    assert outputs(land.out) == before


def test_after_a_run__only_its_own_entries_are_kept(land: Land) -> None:
    count = len(Kept(land.out).store.entries())
    for value in (40, 30, 20):
        land.change(
            "max_link_km = 50" if value == 40 else f"max_link_km = {value + 10}", f"max_link_km = {value}"
        )
        land.run()
    assert len(Kept(land.out).store.entries()) == count


def test_kept_entries__name_no_place_on_this_machine(land: Land) -> None:
    for path in land.out.with_name(".tiny.steps").rglob("*"):
        assert path.is_dir() or str(land.folder).encode() not in path.read_bytes()


def interrupted_after(step: str) -> Callable[[str, float], None]:
    """Return a progress that is interrupted when the next step begins."""
    last: list[str] = []

    def tell(said: str, _: float) -> None:
        if last and said not in (last[0], f"{CASE}: accumulated cost"):
            raise KeyboardInterrupt
        if said == f"{CASE}: {STEPS[step].says}":
            last.append(said)

    return tell


@pytest.mark.parametrize("step", ["barriers", "links", "windows"])
def test_interrupted__goes_on_after_the_last_step_that_was_done(land: Land, step: str) -> None:
    before = land.forget()
    with pytest.raises(KeyboardInterrupt):
        land.run(progress=interrupted_after(step))
    assert not land.out.exists()
    names = [name for name in STEPS if name in KEPT_STEPS]
    assert computed(land.run()) == set(names[names.index(step) + 1 :])
    assert outputs(land.out) == before


KILLED = """
import os, signal, sys
from corridors.config import load_workflow
from corridors.io.step_store import StepStore
from corridors.pipeline import run
real = StepStore.put

def deadly(store, entry, content):
    real(store, entry, content)
    if entry.step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

StepStore.put = deadly
run(load_workflow(sys.argv[1]), out=sys.argv[2])
"""


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_killed_between_steps__goes_on_and_ends_the_same(land: Land) -> None:
    before = land.forget()
    for step in ("cores", "network"):
        arguments = [str(land.file), str(land.out), step]
        done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, timeout=120)
        assert done.returncode == -signal.SIGKILL
        assert not land.out.exists()
    assert computed(land.run()) == {"current", "beyond", "windows", "restoration", "openings"}
    assert outputs(land.out) == before


# ---------------------------------------------------------------- steps see what they name


def test_step_that_reads_a_section_it_does_not_name__is_an_error(land: Land) -> None:
    step = Stepper(land.workflow.cases[CASE], {})
    with pytest.raises(LookupError, match=r"links reads species\.cores"):
        step("links", lambda **given: given["species"].cores)
    with pytest.raises(LookupError, match="barriers looks at layer countries"):
        step("barriers", lambda **given: given["context"].get("countries"))
    weights = step("resistance", lambda **given: given["species"].movement_weights)
    assert weights == land.workflow.cases[CASE].movement_weights


def test_step_that_is_handed_what_it_does_not_follow__is_an_error(land: Land) -> None:
    step = Stepper(land.workflow.cases[CASE], {})
    table = step("thresholds", lambda **_: np.zeros(3))
    with pytest.raises(LookupError, match="windows is handed a result of thresholds"):
        step("windows", lambda values, **_: values, table)
    with pytest.raises(LookupError, match="windows is handed a result of nobody"):
        step("windows", lambda values, **_: values, np.zeros(3))


def test_plan__says_why(land: Land) -> None:
    land.change("max_link_km = 50", "max_link_km = 40")
    kept = Kept(land.out)
    inputs = kept.inputs(land.workflow)
    sides = side_table(land.workflow, inputs, sides_of(land.workflow, inputs))
    kept.know(land.workflow, inputs, incomplete=incomplete_parks(sides, inputs.context))
    why = {step.step: step.why for step in planned(kept, inputs, [CASE])}
    assert why["links"] == "changed: species.links"
    assert why["corridors"] == why["restoration"] == "follows links"
    assert why["current"] == "follows corridors"
    assert why["windows"] == ""
    assert why["layers"] == ""


def chain() -> Iterator[tuple[str, str]]:
    for step in STEPS.values():
        for name in step.follows:
            yield step.name, name


def test_table_of_steps__is_in_order_and_stages_do_not_go_back() -> None:
    names = ["layers", *STEPS]
    for step, followed in chain():
        assert names.index(followed) < names.index(step)
        stage = "layers" if followed == "layers" else STEPS[followed].stage
        assert STAGES.index(stage) <= STAGES.index(STEPS[step].stage)


def test_where_a_supplement_lies__is_no_reason_to_read_again():
    """A workflow laid over another one names the same file by another path."""
    spec = LayerSpec(kind="polygons", sources=["parks.gpkg"], supplement="extra/parks.gpkg|stylised")
    moved = spec.model_copy(update={"supplement": "../base/extra/parks.gpkg|stylised"})
    other = spec.model_copy(update={"supplement": "extra/parks.gpkg|surveyed"})
    assert said_of_layers({"parks": spec}) == said_of_layers({"parks": moved})
    assert said_of_layers({"parks": spec}) != said_of_layers({"parks": other})
