"""A run folder is made beside its final place and swapped in at the end; one run at a time.

An interrupted or failed run never touches an earlier one. A folder that no run has made is never replaced,
nor is one to which somebody has added files.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corridors.errors import CorridorsError, OutputError, RunError
from corridors.io.provenance import RUN_JSON, is_run_record
from corridors.io.writer import check_name, output_error, rename, sync_folder

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# What QGIS and other readers leave beside files they open.
SIDE_FILES = re.compile(
    r"(.*\.aux\.xml|.*\.qgz~|.*\.gpkg-(wal|shm|journal)|\.~lock\..*|Thumbs\.db|\.DS_Store)$"
)


@contextmanager
def claim_run_folder(out: str | Path, *, record: str = RUN_JSON) -> Iterator[Path]:
    """Give a new folder to write a run into; on success it becomes `out`, on any failure it is removed.

    Parameters
    ----------
    out : str or Path
        The run folder to make, or the former run to replace.
    record : str
        The file that says what the folder holds; another one than a run's for folders that are no run.

    Yields
    ------
    Path
        An empty folder beside `out`.

    Raises
    ------
    OutputError
        O402 it holds something else than a run, O403 not a folder or not writable, O407 the run wrote no
        run.json, O408 in use by another program.
    RunError
        N604 another run is writing to it.
    """
    target = Path(out).resolve()
    check_name(target)
    check_run_folder(target, record=record)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with locked(target):
            recover(target)
            check_run_folder(target, record=record)
            partial = target.with_name(f"{target.name}.partial-{secrets.token_hex(4)}")
            partial.mkdir()
            try:
                yield partial
                swap_in(partial, target, record)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except CorridorsError:
        raise
    except OSError as error:
        raise output_error(error, target.name) from error


def check_run_folder(out: str | Path, *, record: str = RUN_JSON) -> None:
    """Refuse an output folder that holds anything a run has not written; nothing is written here.

    Raises
    ------
    OutputError
        O402, O403, as `claim_run_folder`.
    """
    target = Path(out).resolve()
    if not target.exists():
        return
    if not target.is_dir():
        what, remedy = "it is a file, not a folder", "Choose another --out."
        raise OutputError(what, code="O403", where=target.name, remedy=remedy)
    inside = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir())
    if not inside and not any(target.iterdir()):
        return
    outputs = outputs_of(target, record)
    if outputs is None:
        what, given = (
            "the output folder holds something that is no run",
            f"{len(inside)} files, no {record} of ours",
        )
        remedy = "Choose another --out; nothing was written."
        raise OutputError(what, code="O402", where=target.name, given=given, remedy=remedy)
    added = [name for name in inside if name not in outputs and not SIDE_FILES.match(name.rpartition("/")[2])]
    if added:
        what, given = "the former run holds files that no run has written", ", ".join(added[:5])
        remedy = "Move them elsewhere, or choose another --out; nothing was written."
        raise OutputError(what, code="O402", where=target.name, given=given, remedy=remedy)


def refuse_whole(out: str | Path) -> None:
    """Refuse to put a part of a run in the place of a whole one; nothing is written here.

    Raises
    ------
    RunError
        N607.
    """
    record = read_record(Path(out))
    if record is not None and not record.get("until"):
        what, remedy = "the folder holds a whole run, and this one ends before", "Choose another --out."
        raise RunError(what, code="N607", where=Path(out).name, remedy=remedy)


def outputs_of(folder: Path, record: str = RUN_JSON) -> set[str] | None:
    """Return the files a former run says it has written; None where the folder is no run."""
    said = read_record(folder, record)
    return None if said is None else {str(entry["path"]) for entry in said["outputs"]} | {record}


def read_record(folder: Path, record: str = RUN_JSON) -> dict[str, Any] | None:
    """Return what a run says of itself; None where the folder is no run."""
    try:
        said = json.loads((folder / record).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return said if is_run_record(said) else None


def swap_in(partial: Path, target: Path, record: str = RUN_JSON) -> None:
    """Put a finished run in the place of the former one."""
    if outputs_of(partial, record) is None:
        what = f"the run ended without its {record}"
        raise OutputError(what, code="O407", where=target.name, remedy="Please report this.")
    former = target.with_name(f"{target.name}.former-{secrets.token_hex(4)}")
    if target.exists():
        rename(target, former)
    try:
        rename(partial, target)
    except BaseException:
        if former.exists():
            rename(former, target)
        raise
    sync_folder(target.parent)
    shutil.rmtree(former, ignore_errors=True)


def recover(target: Path) -> None:
    """Put back a former run caught between two renames, and remove what killed runs have left."""
    for former in leftovers(target, "former"):
        if target.exists():
            shutil.rmtree(former, ignore_errors=True)
        else:
            rename(former, target)
    for partial in leftovers(target, "partial"):
        shutil.rmtree(partial, ignore_errors=True)


def leftovers(target: Path, kind: str) -> list[Path]:
    """Return the folders of killed runs beside `target`."""
    pattern = re.compile(re.escape(target.name) + rf"\.{kind}-[0-9a-f]{{8}}$")
    return sorted(path for path in target.parent.iterdir() if path.is_dir() and pattern.match(path.name))


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of a run folder; the system lets go of it when the process dies."""
    path = target.with_name(f".{target.name}.lock")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not try_lock(handle) or not same_file(handle, path):
            said = path.read_text("utf-8", "replace").strip() if path.exists() else ""
            remedy = "Wait for it, or choose another --out."
            what = "another run is writing to this folder"
            raise RunError(what, code="N604", where=target.name, given=said, remedy=remedy)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        os.truncate(handle, 0)
        os.write(handle, f"process {os.getpid()}, started {started}".encode())
        try:
            yield
        finally:
            if os.name != "nt":
                path.unlink(missing_ok=True)
    finally:
        os.close(handle)


def try_lock(handle: int) -> bool:
    """Lock an open file, or return False where somebody else holds it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def same_file(handle: int, path: Path) -> bool:
    """Return whether the locked file is still the one of that name (a run that ended removes it)."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
