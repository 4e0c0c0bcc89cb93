"""The safe writer: a file that exists is whole and was read back; an interrupted write leaves the old one.

Every file goes to a temporary name in the same folder, is read back, forced to disk and renamed into place.
The reason: a full disk or a killed process leaves rasters and GeoPackages that open, read, and are wrong.
The pattern of rename and fsync is SQLite's (sqlite.org/atomiccommit.html).
"""

from __future__ import annotations

import errno
import io
import os
import re
import secrets
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from corridors.errors import CorridorsError, OutputError, ResourceError

RESERVED_NAMES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
LONGEST_NAME_BYTES = 240
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
WINDOWS_IN_USE = (5, 32)
RENAME_TRIES = 10
RENAME_PAUSE_S = 1.0
GPKG_SIDE_FILES = ("-journal", "-wal", "-shm")


@contextmanager
def safe_write(path: str | Path, *, verify: Callable[[Path], None] | None = None) -> Iterator[Path]:
    """Give a temporary name to write to; on success it becomes `path`, on any failure it is removed.

    Parameters
    ----------
    path : str or Path
        The file to make or replace.
    verify : callable, optional
        Reads the temporary file back and raises where it does not hold what was written.

    Yields
    ------
    Path
        Temporary name in the same folder, with the same ending.

    Raises
    ------
    OutputError
        O401 disk full or write failed, O403 folder missing or not writable, O404 a name that not every system
        allows, O408 in use by another program.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "note.txt"
    >>> with safe_write(target) as temporary:
    ...     _ = temporary.write_text("whole or not at all")
    >>> target.read_text()
    'whole or not at all'
    """
    target = Path(path)
    check_name(target)
    temporary = target.with_name(f".partial-{secrets.token_hex(6)}{target.suffix}")
    try:
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        yield temporary
        if verify is not None:
            verify(temporary)
        commit(temporary, target)
    except CorridorsError:
        raise
    except OSError as error:
        raise output_error(error, target.name) from error
    finally:
        clear_away(temporary)


def clear_away(temporary: Path) -> None:
    """Remove a temporary file and what drivers put beside it; a disk that fails here too changes nothing."""
    with suppress(OSError):
        temporary.unlink(missing_ok=True)
    with suppress(OSError):
        for leftover in temporary.parent.glob(f"{temporary.stem}*"):
            leftover.unlink(missing_ok=True)


def commit(temporary: Path, target: Path) -> None:
    """Force a finished file to disk and rename it into place."""
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    if target.suffix.lower() == ".gpkg":
        # A journal of the old file would be replayed into the new one.
        for ending in GPKG_SIDE_FILES:
            target.with_name(target.name + ending).unlink(missing_ok=True)
    rename(temporary, target)
    try:
        sync_folder(target.parent)
    except OSError as error:
        what = f"the new file is in place, but the disk does not confirm its name ({error.strerror})"
        raise OutputError(what, code="O401", where=target.name, remedy="Check the disk.") from error


def rename(source: Path, target: Path) -> None:
    """Rename, waiting on Windows for a program that has the target open."""
    for _ in range(RENAME_TRIES):
        try:
            source.replace(target)
        except PermissionError as error:
            if getattr(error, "winerror", None) not in WINDOWS_IN_USE:
                raise
            time.sleep(RENAME_PAUSE_S)
        else:
            return
    what, remedy = "another program has it open", "Close it there (QGIS, Excel) and run again."
    raise OutputError(what, code="O408", where=target.name, remedy=remedy)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def output_error(error: OSError, name: str) -> OutputError:
    """Return the complaint for an error of the operating system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        what, remedy = (
            "the disk is full; what was there before is untouched",
            "Free space, or choose another --out.",
        )
        return OutputError(what, code="O401", where=name, remedy=remedy)
    if error.errno == errno.ENAMETOOLONG:
        return OutputError("the name is too long", code="O404", where=name, remedy="Choose a shorter --out.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR}:
        what, remedy = f"cannot be written: {error.strerror}", "Check the folder and its permissions."
        return OutputError(what, code="O403", where=name, remedy=remedy)
    what = f"writing failed: {error.strerror or error}; what was there before is untouched"
    return OutputError(what, code="O401", where=name)


def check_name(path: Path) -> None:
    """Refuse a file name that does not work on every system."""
    name = path.name
    if not name or RESERVED_NAMES.match(name) or name.endswith((".", " ")):
        remedy = "Choose another name; CON, NUL and the like are devices on Windows."
        raise OutputError("not every system allows this name", code="O404", given=name, remedy=remedy)
    if len(name.encode()) > LONGEST_NAME_BYTES:
        allowed = f"{LONGEST_NAME_BYTES} bytes"
        raise OutputError("the name is too long", code="O404", given=f"{name[:40]}…", allowed=allowed)


def require_space(folder: Path, needed_bytes: int) -> None:
    """Stop before writing where the disk cannot hold it.

    Raises
    ------
    ResourceError
        R302.
    """
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        what, remedy = "the disk has too little space", "Free space, or choose another --out."
        given, allowed = f"{free / 1e6:.0f} MB free", f"{needed_bytes / 1e6:.0f} MB or more"
        raise ResourceError(what, code="R302", where=folder.name, given=given, allowed=allowed, remedy=remedy)


def write_bytes(path: str | Path, content: bytes) -> None:
    """Write bytes as one whole, verified file."""

    def verify(temporary: Path) -> None:
        if temporary.read_bytes() != content:
            not_as_written(Path(path).name, "its bytes differ")

    with safe_write(path, verify=verify) as temporary:
        temporary.write_bytes(content)


def write_text(path: str | Path, text: str) -> None:
    """Write text as UTF-8, lines ending in one line feed on every system."""
    write_bytes(path, text.encode())


def write_zip(path: str | Path, members: Mapping[str, bytes | str]) -> None:
    """Write a zip archive whose bytes depend on its members alone, in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, content)
    write_bytes(path, buffer.getvalue())


def not_as_written(name: str, difference: str) -> None:
    """Complain that a file read back differs from what was written."""
    what = f"read back, it does not hold what was written: {difference}; what was there before is untouched"
    raise OutputError(
        what, code="O401", where=name, remedy="Check the disk and its free space, then run again."
    )
