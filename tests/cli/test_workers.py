"""`corridors run` on Dask workers: the same bytes; Dask is loaded only then."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import tiny_landscape as tiny
from typer.testing import CliRunner

from corridors.cli import app
from corridors.cluster import connect

CLOCKS = ("run.json", "run.log")


def run(*options: str) -> None:
    done = CliRunner().invoke(app, ["run", "tiny.toml", "--quiet", *options])
    assert done.exit_code == 0, done.stderr


def files(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file() and file.name not in CLOCKS)
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


def test_workers_here_and_of_a_scheduler_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.write_landscape(tmp_path)
    monkeypatch.chdir(tmp_path)
    run("--out", "alone")
    run("--out", "workers", "--workers", "2")
    with connect(workers=2) as cluster:
        run("--out", "scheduler", "--cluster", cluster.client.scheduler.address)
    alone = files(tmp_path / "alone")
    assert any(name.endswith("cost_distance.tif") for name in alone)
    assert files(tmp_path / "workers") == alone
    assert files(tmp_path / "scheduler") == alone


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--workers", "0"), "I282"),
        (("--workers", "2", "--cluster", "tcp://127.0.0.1:8786"), "I282"),
        (("--cluster", "tcp://10.0.0.1:8786"), "X711"),
    ],
)
def test_workers_that_cannot_be(options: tuple[str, ...], code: str) -> None:
    done = CliRunner().invoke(app, ["run", "absent.toml", *options])
    assert (done.exit_code, done.stderr[:6]) == (2, f"[{code}]")


def test_without_workers_dask_is_not_loaded() -> None:
    code = (
        "import sys; from corridors.cli.speak import workers_of\n"
        "with workers_of(None, None) as workers: print(workers, 'distributed' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == ["1", "False"]
