"""Files that may be gzipped, unpacked no further than they can honestly grow.

A gzip file of 10 MB can unpack to 10 GB. So whoever reads says how much the content may be at most, and
reading stops there; the ending of a name decides nothing, the first two bytes do (RFC 1952).
"""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from corridors.errors import InputError
from corridors.io.paths import plain_file

GZIP_START = b"\x1f\x8b"
HEAD_BYTES = 4096
PIECE_BYTES = 1 << 20
MOST_GROWTH = 250
ALWAYS_ALLOWED_BYTES = 64_000_000
MOST_UNPACKED_BYTES = 4_000_000_000


def is_packed(path: str | Path) -> bool:
    """Return whether a file is gzipped."""
    with plain_file(path).open("rb") as file:
        return file.read(2) == GZIP_START


def first_bytes(path: str | Path) -> bytes:
    """Return the first 4096 bytes of the content of a plain or gzipped file.

    Raises
    ------
    InputError
        I231 damaged, I251 missing.
    """
    full = plain_file(path)
    with opened(full) as file, readable(full):
        return file.read(HEAD_BYTES)


def whole_content(path: str | Path, *, most_bytes: int) -> bytes:
    """Return the content of a plain or gzipped file.

    Parameters
    ----------
    path : str or Path
        A plain file.
    most_bytes : int
        What the content can be at most.

    Raises
    ------
    InputError
        I231 damaged, I233 more than that, I251 missing.
    """
    full = plain_file(path)
    with opened(full) as file, readable(full):
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise too_large(full, most_bytes)
    return content


@contextmanager
def unpacked_file(path: str | Path) -> Iterator[Path]:
    """Give a plain file with the content of a plain or gzipped one; a temporary one is removed afterwards.

    Raises
    ------
    InputError
        I231 damaged, I233 unpacks to more than 250 times its size (64 MB are always allowed) or 4 GB.
    """
    full = plain_file(path)
    if not is_packed(full):
        yield full
        return
    most = min(max(ALWAYS_ALLOWED_BYTES, MOST_GROWTH * full.stat().st_size), MOST_UNPACKED_BYTES)
    with tempfile.TemporaryDirectory(prefix="corridors-") as folder:
        target = Path(folder) / full.stem
        with opened(full) as file, target.open("wb") as unpacked, readable(full):
            while piece := file.read(PIECE_BYTES):
                unpacked.write(piece)
                if unpacked.tell() > most:
                    raise too_large(full, most)
        yield target


def opened(path: Path) -> BufferedReader | gzip.GzipFile:
    """Return a file open for reading its content."""
    return gzip.open(path, "rb") if is_packed(path) else path.open("rb")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Complain about a gzip file that is damaged."""
    try:
        yield
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        what = f"it cannot be unpacked to its end ({error})"
        raise InputError(what, code="I231", where=path.name, remedy="Copy or download it again.") from error


def too_large(path: Path, most_bytes: int) -> InputError:
    """Return the complaint about a content that grows past all reason."""
    what = "it holds more than such a file can"
    allowed, remedy = f"at most {most_bytes} bytes", "Unpack it and look at it first."
    return InputError(what, code="I233", where=path.name, allowed=allowed, remedy=remedy)
