"""Runs that fail or are interrupted: the former run stays byte for byte, and nothing half-written is left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny_landscape as tiny

from corridors.config import Workflow, load_workflow
from corridors.errors import OutputError, RunError
from corridors.io import hash_file
from corridors.pipeline import Inputs, analyse, read_inputs, run, write
from corridors.pipeline.progress import silent
from corridors.pipeline.sides import side_table, sides_of
from corridors.result import Result

FAULTS = {
    "write_raster": KeyboardInterrupt(),
    "write_table": MemoryError(),
    "write_bytes": ZeroDivisionError("boom"),
    "write_vectors": KeyboardInterrupt(),
    "write_project": MemoryError(),
    "write_text": ZeroDivisionError("boom"),
    "write_run_json": KeyboardInterrupt(),
}
NEW_TITLE = "Another title, so that every file of the new run differs"


class Land:
    """A tiny landscape that is analysed once, and written as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.workflow_file = tiny.write_landscape(folder)
        self.workflow: Workflow = load_workflow(str(self.workflow_file))
        self.inputs: Inputs = read_inputs(self.workflow)
        self.result: Result = analyse(self.inputs.layers, self.workflow, context=self.inputs.context)

    def write(self, out: Path, *, title: str = "", progress: Callable[[str, float], None] = silent) -> None:
        result, workflow = self.result, self.workflow
        if title:
            workflow = workflow.model_copy(update={"title": title})
            result = Result(title, result.grid, result.layers, result.context, result.cases, result.notes)
        sides = side_table(workflow, self.inputs, sides_of(workflow, self.inputs))
        write.write_run(result, self.inputs, workflow, sides, out=str(out), log=[], progress=progress)


@pytest.fixture(scope="module")
def land(tmp_path_factory: pytest.TempPathFactory) -> Land:
    return Land(tmp_path_factory.mktemp("land"))


@pytest.fixture(scope="module")
def former(land: Land, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a finished run, to be copied."""
    out = tmp_path_factory.mktemp("former") / "run"
    land.write(out)
    return out


def everything(folder: Path) -> dict[str, str]:
    """Return every file, hidden ones too, by hash."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in found}


def failing(real: Callable[..., Any], fault: BaseException, *, call: int) -> Callable[..., Any]:
    """Return a writer that does its work, and fails after the given call."""
    done = 0

    def broken(*arguments: Any, **options: Any) -> Any:
        nonlocal done
        value = real(*arguments, **options)
        done += 1
        if done == call:
            raise fault
        return value

    return broken


@pytest.mark.parametrize(("writer", "fault"), FAULTS.items(), ids=FAULTS)
def test_fault_after_a_file__former_run_stays(
    land: Land, former: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writer: str, fault: Any
) -> None:
    shutil.copytree(former, tmp_path / "run")
    before = everything(tmp_path)
    monkeypatch.setattr(write, writer, failing(getattr(write, writer), fault, call=1))
    with pytest.raises(type(fault)):
        land.write(tmp_path / "run", title=NEW_TITLE)
    assert everything(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("call", [1, 9])
def test_fault_in_the_first_run__nothing_is_left(
    land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    monkeypatch.setattr(write, "write_raster", failing(write.write_raster, KeyboardInterrupt(), call=call))
    with pytest.raises(KeyboardInterrupt):
        land.write(tmp_path / "runs" / "first")
    assert everything(tmp_path) == {}


def test_interrupt_at_any_step__former_run_stays(land: Land, former: Path, tmp_path: Path) -> None:
    """Ctrl-C between any two steps of a whole run, the analysis included."""
    shutil.copytree(former, tmp_path / "run")
    before = everything(tmp_path)
    steps: list[str] = []
    run(land.workflow, out=str(tmp_path / "other"), progress=lambda step, _: steps.append(step))
    shutil.rmtree(tmp_path / "other")
    shutil.rmtree(tmp_path / ".other.steps")
    steps.remove("Done")
    for last in dict.fromkeys(steps):

        def interrupted(step: str, _: float, last: str = last) -> None:
            if step == last:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(land.workflow, out=str(tmp_path / "run"), inputs=None, progress=interrupted)
        shutil.rmtree(tmp_path / ".run.steps", ignore_errors=True)  # what was done until then is kept
        assert everything(tmp_path) == before, last


def test_next_run_after_a_failed_one__replaces_the_former(
    land: Land, former: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(former, tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr(write, "write_vectors", failing(write.write_vectors, OSError(28, "No space"), call=1))
        with pytest.raises(OutputError, match="O401"):
            land.write(tmp_path / "run", title=NEW_TITLE)
    land.write(tmp_path / "run", title=NEW_TITLE)
    assert NEW_TITLE in (tmp_path / "run" / "workflow.toml").read_text("utf-8")
    assert set(everything(tmp_path / "run")) == set(everything(former))


KILLED = """
import os, signal, sys
from corridors.config import load_workflow
from corridors.pipeline import run, write
real, done = getattr(write, sys.argv[3]), 0

def deadly(*arguments, **options):
    real(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(write, sys.argv[3], deadly)
run(load_workflow(sys.argv[1]), out=sys.argv[2])
"""


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("writer", ["write_raster", "write_run_json"])
def test_killed__former_run_stays_and_the_next_tidies_up(
    land: Land, former: Path, tmp_path: Path, writer: str
) -> None:
    shutil.copytree(former, tmp_path / "run")
    before = everything(tmp_path / "run")
    arguments = [str(land.workflow_file), str(tmp_path / "run"), writer]
    done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    assert everything(tmp_path / "run") == before
    left = sorted(path.name for path in tmp_path.iterdir() if path.name != "run")
    assert [name.split("-")[0] for name in left] == [".run.lock", ".run.steps", "run.partial"]
    land.write(tmp_path / "run", title=NEW_TITLE)
    assert {path.name for path in tmp_path.iterdir()} == {"run", ".run.steps"}


@pytest.mark.faults
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_on_the_command_line__exits_130(land: Land, former: Path, tmp_path: Path) -> None:
    """A real signal at a real process, while the run writes."""
    shutil.copytree(former, tmp_path / "run")
    before = everything(tmp_path)
    script = (
        "import os, signal, sys; from corridors.cli import app; from corridors.pipeline import write\n"
        "real = write.write_vectors\n"
        "def interrupted(*a, **k): real(*a, **k); os.kill(os.getpid(), signal.SIGINT)\n"
        "write.write_vectors = interrupted\n"
        "app(sys.argv[1:])\n"
    )
    command = ["run", str(land.workflow_file), "--out", str(tmp_path / "run"), "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr == "Interrupted. Earlier runs are as they were.\n"
    assert done.stdout == ""
    shutil.rmtree(tmp_path / ".run.steps")
    assert everything(tmp_path) == before


def test_folder_that_holds_something_else__is_refused(land: Land, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="O402"):
        land.write(tmp_path / "thesis")
    assert everything(tmp_path) == {"thesis/chapter.txt": hash_file(tmp_path / "thesis" / "chapter.txt")}


def test_former_run_with_a_note_beside_it__is_refused(land: Land, former: Path, tmp_path: Path) -> None:
    shutil.copytree(former, tmp_path / "run")
    (tmp_path / "run" / "figures" / "for the minister.txt").write_text("mine", "utf-8")
    before = everything(tmp_path)
    with pytest.raises(OutputError, match=r"O402.*for the minister.txt"):
        land.write(tmp_path / "run", title=NEW_TITLE)
    assert everything(tmp_path) == before


def test_former_run_opened_in_qgis__is_replaced(land: Land, former: Path, tmp_path: Path) -> None:
    """QGIS leaves statistics and database files beside what it opens; these are nobody's work."""
    shutil.copytree(former, tmp_path / "run")
    for name in ("corridors.gpkg-wal", "corridors.gpkg-shm", "layers/landcover.tif.aux.xml", "project.qgz~"):
        (tmp_path / "run" / name).write_bytes(b"")
    land.write(tmp_path / "run", title=NEW_TITLE)
    assert set(everything(tmp_path / "run")) == set(everything(former))


def test_two_runs_at_once__the_second_is_refused(land: Land, tmp_path: Path) -> None:
    refused: list[str] = []

    def second(step: str, _: float) -> None:
        if step == "Writing rasters":
            with pytest.raises(RunError, match=rf"N604.*process {os.getpid()}") as caught:
                land.write(tmp_path / "run", title=NEW_TITLE)
            refused.append(str(caught.value))

    land.write(tmp_path / "run", progress=second)
    assert len(refused) == 1
    assert NEW_TITLE not in (tmp_path / "run" / "workflow.toml").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
