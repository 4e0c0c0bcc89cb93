"""Run folders: whole or not at all, one at a time, and never over somebody's files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corridors.errors import OutputError
from corridors.io import check_run_folder, claim_run_folder, write_run_json, write_text


def make_run(out: Path, text: str) -> None:
    with claim_run_folder(out) as folder:
        (folder / "cases").mkdir()
        write_text(folder / "cases" / "a.csv", text)
        write_run_json({"run": text}, folder)


def test_claim__new_then_replaced(tmp_path: Path) -> None:
    out = tmp_path / "прогоны" / "land of big cats"
    make_run(out, "first")
    assert (out / "cases" / "a.csv").read_text() == "first"
    make_run(out, "second")
    assert (out / "cases" / "a.csv").read_text() == "second"
    assert json.loads((out / "run.json").read_text())["run"] == "second"
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_claim__former_run_untouched_until_the_end(tmp_path: Path) -> None:
    out = tmp_path / "run"
    make_run(out, "first")
    with claim_run_folder(out) as folder:
        assert folder.parent == out.parent
        assert folder.name.startswith("run.partial-")
        assert (out / "cases" / "a.csv").read_text() == "first"
        write_run_json({}, folder)
    assert not (out / "cases").exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("existing", [True, False])
def test_claim__interrupted(tmp_path: Path, error: type[BaseException], *, existing: bool) -> None:
    out = tmp_path / "run"
    if existing:
        make_run(out, "first")

    def broken() -> None:
        with claim_run_folder(out) as folder:
            (folder / "half.tif").touch()
            raise error

    with pytest.raises(error):
        broken()
    assert [path.name for path in tmp_path.iterdir()] == (["run"] if existing else [])
    if existing:
        assert (out / "cases" / "a.csv").read_text() == "first"


def test_claim__holds_something_else(tmp_path: Path) -> None:
    out = tmp_path / "documents"
    out.mkdir()
    check_run_folder(out)
    (out / "thesis.docx").touch()
    for claim in (check_run_folder, lambda path: claim_run_folder(path).__enter__()):
        with pytest.raises(
            OutputError, match=r"O402.*documents: the output folder holds something that is no run"
        ):
            claim(out)
    (out / "run.json").write_text('{"made_by": "another program"}')
    with pytest.raises(OutputError, match="O402"):
        check_run_folder(out)
    (out / "run.json").write_text("not json")
    with pytest.raises(OutputError, match="O402"):
        check_run_folder(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["documents"]


def test_claim__somebody_added_files(tmp_path: Path) -> None:
    out = tmp_path / "run"
    make_run(out, "first")
    (out / "cases" / "b.tif.aux.xml").touch()
    (out / "corridors.gpkg-wal").touch()
    check_run_folder(out)
    (out / "field notes.txt").touch()
    with pytest.raises(
        OutputError, match=r"O402.*files that no run has written. Given: field notes.txt. Move them"
    ):
        make_run(out, "second")
    assert (out / "cases" / "a.csv").read_text() == "first"


def test_claim__a_file(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    with pytest.raises(OutputError, match=r"O403.*it is a file, not a folder"):
        make_run(tmp_path / "run", "x")


def test_claim__without_run_json(tmp_path: Path) -> None:
    out = tmp_path / "run"
    make_run(out, "first")
    with pytest.raises(OutputError, match=r"O407.*without its run.json"), claim_run_folder(out):
        pass
    assert (out / "cases" / "a.csv").read_text() == "first"


def test_claim__second_rename_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "run"
    make_run(out, "first")
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if self.name.startswith("run.partial-"):
            raise OSError(5, "Input/output error")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OutputError, match="O401"):
        make_run(out, "second")
    assert (out / "cases" / "a.csv").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_claim__what_killed_runs_left(tmp_path: Path) -> None:
    """A run killed between its two renames: the next one puts the former run back before anything else."""
    out = tmp_path / "run"
    make_run(out, "first")
    out.rename(tmp_path / "run.former-0123abcd")
    (tmp_path / "run.partial-0123abcd").mkdir()
    (tmp_path / "run.partial-of the thesis").mkdir()
    with claim_run_folder(out) as folder:
        assert (out / "cases" / "a.csv").read_text() == "first"
        write_run_json({}, folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run", "run.partial-of the thesis"]


def test_claim__two_runs_at_once(tmp_path: Path) -> None:
    out = tmp_path / "run"
    script = (
        "import sys; from corridors.io import claim_run_folder\nclaim_run_folder(sys.argv[1]).__enter__()"
    )
    with claim_run_folder(out) as folder:
        done = subprocess.run(
            [sys.executable, "-c", script, str(out)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert "[N604] run: another run is writing to this folder" in done.stderr
        assert f"process {os.getpid()}" in done.stderr
        write_run_json({}, folder)
    make_run(out, "after")


@pytest.mark.faults
def test_claim__killed(tmp_path: Path) -> None:
    """Kill -9 in the middle: the former run is whole, and the next claim is not refused."""
    out = tmp_path / "run"
    make_run(out, "first")
    script = (
        "import os, signal, sys; from corridors.io import claim_run_folder\n"
        "with claim_run_folder(sys.argv[1]) as folder:\n"
        "    (folder / 'half.tif').touch()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(out)], check=False)
    assert done.returncode == -9
    assert (out / "cases" / "a.csv").read_text() == "first"
    make_run(out, "second")
    assert (out / "cases" / "a.csv").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
