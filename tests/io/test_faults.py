"""Faults while files are written: full disks, the n-th failing call, kill -9. Old or new, never else."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from io_helpers import TRANSFORM

from corridors.errors import OutputError, ResourceError
from corridors.grid import Grid
from corridors.io import open_raster, raster_writer, read_band, read_vectors, write_raster

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and mounts"),
]

# Writes files of the value and into the folder each line of input names, and says how it went.
SCRIPT = """
import mmap, sys
import geopandas as gpd, numpy as np
from shapely.geometry import Point
from corridors.errors import CorridorsError
from corridors.grid import Grid
from corridors.io import write_raster, write_vectors, write_text
from io_helpers import TRANSFORM
grid = Grid("EPSG:32652", TRANSFORM, (300, 400))
noise = np.random.default_rng(0).random(grid.shape)
square = [Point(i, i) for i in range(300)]

def write(kind, value, folder):
    if kind == "tif":
        write_raster(grid.like(noise + value, name="elevation"), f"{folder}/a.tif")
    elif kind == "gpkg":
        points = gpd.GeoDataFrame({"name": [str(value)] * 300}, geometry=square, crs=grid.crs)
        write_vectors({"towns": points}, f"{folder}/a.gpkg", styles={"towns": "<qgis/>"})
    else:
        write_text(f"{folder}/a.txt", str(value) * 100_000)

write("tif", 0, sys.argv[1])
write("gpkg", 0, sys.argv[1])
with open(sys.argv[1] + "/flag", "r+b") as file:
    flag = mmap.mmap(file.fileno(), 1)
print("ready", flush=True)
for line in sys.stdin:
    kind, value, folder = line.split()
    try:
        write(kind, int(value), folder)
        said = "done"
    except CorridorsError as error:
        said = str(error)
    except Exception as error:
        said = f"crashed: {error!r}"
    flag[0] = ord("1")
    input()
    print(said, flush=True)
"""
KINDS = ("tif", "gpkg", "txt")
FAULTS = [
    (call, error, when)
    for call in ("write", "pwrite64", "fsync", "rename", "openat", "ftruncate")
    for error, when in (("ENOSPC", "1+"), ("EIO", "2"), ("ENOSPC", "4+"))
]


def start(folder: Path) -> subprocess.Popen[str]:
    """Start a process that writes what it is told; it has loaded everything when this returns."""
    folder.mkdir()
    (folder / "flag").write_bytes(b"0")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(folder)], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    return process


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Send a line to a writing process."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def write_old(process: subprocess.Popen[str], kind: str, folder: Path) -> None:
    """Have the former file written, value 1, without any fault."""
    assert process.stdout is not None
    tell(process, f"{kind} 1 {folder}\n")
    assert process.stdout.readline() == "done\n"


def value_of(kind: str, folder: Path) -> int:
    """Read the whole file and return which of the two it is."""
    if kind == "tif":
        with open_raster(folder / "a.tif") as dataset:
            values = read_band(dataset)
        first = int(values.flat[0])
        np.testing.assert_array_equal(
            values, (np.random.default_rng(0).random(values.shape) + first).astype("f4")
        )
        return first
    if kind == "gpkg":
        names = read_vectors(folder / "a.gpkg", layer="towns").name
        assert (len(names), names.nunique()) == (300, 1)
        return int(names[0])
    text = (folder / "a.txt").read_text()
    assert text == text[0] * 100_000
    return int(text[0])


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_nth_call_fails(tmp_path: Path, kind: str) -> None:
    """A failing system call gives an error or the whole new file, and the old one stays till then."""
    process = start(tmp_path / "warm")
    refused = 0
    for number, (call, error, when) in enumerate(FAULTS):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        write_old(process, kind, folder)
        lower(tmp_path / "warm" / "flag")
        said = write_under_strace(
            process,
            f"{kind} 2 {folder}",
            f"inject={call}:error={error}:when={when}",
            tmp_path / "warm" / "flag",
        )
        found = value_of(kind, folder)
        in_place = said == "done" or "the new file is in place" in said
        assert found == (2 if in_place else 1), (call, error, when, said)
        assert in_place or said.startswith("[O40"), (call, error, when, said)
        refused += not in_place
        assert [path.name for path in folder.iterdir()] == [f"a.{kind}"]
    process.kill()
    process.communicate()
    assert refused >= 5


def write_under_strace(process: subprocess.Popen[str], line: str, fault: str, flag: Path) -> str:
    """Have a line written while strace lets system calls fail; return what the process says."""
    call = fault.partition("=")[2].partition(":")[0]
    strace = subprocess.Popen(
        ["strace", "-f", "-o", "/dev/null", "-p", str(process.pid), "-e", f"trace={call}", "-e", fault],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert strace.stderr is not None
    assert process.stdout is not None
    if "attached" not in strace.stderr.readline():
        process.kill()
        process.communicate()
        strace.communicate()
        pytest.skip("strace may not attach here")
    tell(process, line)
    wait_for(flag)
    strace.terminate()
    strace.communicate()
    tell(process, "")
    return process.stdout.readline().strip()


def lower(flag: Path) -> None:
    """Take the flag down, in place: the other process has the file mapped."""
    with flag.open("r+b") as file:
        file.write(b"0")


def wait_for(flag: Path) -> None:
    """Wait until the process has raised its flag, in shared memory so that no system call can fail."""
    deadline = time.monotonic() + 30
    while flag.read_bytes() != b"1":
        if time.monotonic() > deadline:
            pytest.fail("the writing process hangs")
        time.sleep(0.01)


@pytest.mark.parametrize("kind", ["tif", "gpkg"])
def test_killed(tmp_path: Path, kind: str) -> None:
    """Kill -9 at a random moment of the write."""
    moments = random.Random(0)
    for number in range(3):
        folder = tmp_path / f"{number}"
        process = start(folder)
        write_old(process, kind, folder)
        tell(process, f"{kind} 2 {folder}")
        time.sleep(moments.uniform(0, 0.05))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert value_of(kind, folder) in {1, 2}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)], check=False
    ).returncode:
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is checked before; where it fills up all the same, the old file stays."""
    grid = Grid("EPSG:32652", TRANSFORM, (100, 100))
    write_raster(grid.like(np.ones(grid.shape), name="elevation"), small_disk / "a.tif")
    large = Grid("EPSG:32652", TRANSFORM, (400, 400))
    noise = large.like(np.random.default_rng(0).random(large.shape), name="elevation")
    with pytest.raises(ResourceError, match=r"R302.*too little space"):
        write_raster(noise, small_disk / "a.tif")
    monkeypatch.setattr(raster_writer, "require_space", lambda *_: None)
    with pytest.raises(OutputError, match="O401"):
        write_raster(noise, small_disk / "a.tif")
    assert [path.name for path in small_disk.iterdir()] == ["a.tif"]
    with open_raster(small_disk / "a.tif") as dataset:
        assert (read_band(dataset) == 1).all()


def test_silent_loss_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block lost on its way to the disk, without any error, is found on reading back."""
    grid = Grid("EPSG:32652", TRANSFORM, (100, 100))
    raster = grid.like(np.random.default_rng(0).random(grid.shape), name="elevation")
    write_raster(raster, tmp_path / "a.tif")
    compare = raster_writer.compare

    def lose_a_cell(path: Path, *rest: Any) -> None:
        with rasterio.open(path, "r+", driver="GTiff", IGNORE_COG_LAYOUT_BREAK="YES") as dataset:
            values = dataset.read(1)
            values[7, 3] = 0
            dataset.write(values, 1)
        compare(path, *rest)

    monkeypatch.setattr(raster_writer, "compare", lose_a_cell)
    with pytest.raises(OutputError, match=r"O401.*does not hold what was written: band 1, row 0, column 0"):
        write_raster(raster, tmp_path / "a.tif")
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]
