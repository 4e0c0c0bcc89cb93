"""Look at the header of a TIFF without GDAL: size, blocks, and links to other files.

A file of 3 kB can claim 29 terabytes, and an ordinary GeoTIFF can carry the address of a server in its
GDAL_METADATA. Layout: TIFF 6.0 (Adobe 1992) and BigTIFF (AWare Systems 2007).
"""

from __future__ import annotations

import html
import struct
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import numpy as np

from corridors.errors import InputError, SecurityError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MOST_CELLS = 4_000_000_000
MOST_BANDS = 64
MOST_DIRECTORIES = 32
MOST_ENTRIES = 4096
MOST_TAG_BYTES = 64_000_000
MOST_BLOCK_BYTES = 256_000_000
MOST_COMPRESSION = 20_000

WIDTH, HEIGHT, BITS, BANDS = 256, 257, 258, 277
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTES = 273, 278, 279
TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_BYTES = 322, 323, 324, 325
PLANES, GDAL_METADATA = 284, 42112
NUMBER_TYPES = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}
TEXT = 2

Tags = dict[int, "NDArray[np.uint64] | bytes"]


def check_tiff(path: Path) -> None:
    """Refuse a TIFF that is absurdly large, cut short, or points to other files.

    Raises
    ------
    InputError
        I231 cut short or damaged, I233 absurd size.
    SecurityError
        X704 a link to another file or server.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        try:
            for tags in directories(file, path.name):
                check_links(tags, path.name)
                check_size(tags, path.name, size)
                check_blocks(tags, path.name, size)
        except (struct.error, ValueError, OverflowError) as error:
            if isinstance(error, InputError):
                raise
            cut_short(path.name, "the header is damaged", error)


def directories(file: BinaryIO, name: str) -> list[Tags]:
    """Return the tags of every image in the file, in order."""
    order = "<" if file.read(2) == b"II" else ">"
    big = unpack(file, 2, order + "H") == 43
    offset = unpack(file, 8, order + "Q") if big else unpack(file, 4, order + "I")
    found: dict[int, Tags] = {}
    while offset:
        if offset in found or len(found) >= MOST_DIRECTORIES:
            absurd(name, f"{len(found) + 1} images in one file, or a loop", f"at most {MOST_DIRECTORIES}")
        found[offset], offset = directory(file, offset, order=order, big=big, name=name)
    if not found:
        cut_short(name, "the header names no image")
    return list(found.values())


def directory(file: BinaryIO, offset: int, *, order: str, big: bool, name: str) -> tuple[Tags, int]:
    """Return the tags of one image and the place of the next."""
    count_format, entry_format, entry_size = ("Q", "HHQ", 20) if big else ("H", "HHI", 12)
    entries = unpack(file, offset, order + count_format)
    if entries > MOST_ENTRIES:
        absurd(name, f"{entries} header entries", f"at most {MOST_ENTRIES}")
    start = offset + struct.calcsize(order + count_format)
    value_at = struct.calcsize(order + entry_format)
    tags: Tags = {}
    for index in range(entries):
        place = start + index * entry_size
        file.seek(place)
        tag, kind, count = struct.unpack(order + entry_format, file.read(value_at))
        width = 1 if kind == TEXT else np.dtype(NUMBER_TYPES.get(kind, "u1")).itemsize
        if kind != TEXT and kind not in NUMBER_TYPES:
            continue
        if count * width > MOST_TAG_BYTES:
            absurd(name, f"a header entry of {count * width} bytes", f"at most {MOST_TAG_BYTES}")
        inline = count * width <= entry_size - value_at
        where = place + value_at
        file.seek(where if inline else unpack(file, where, order + ("Q" if big else "I")))
        raw = file.read(count * width)
        if len(raw) < count * width:
            cut_short(name, "the header is cut short")
        tags[tag] = raw if kind == TEXT else np.frombuffer(raw, order + NUMBER_TYPES[kind]).astype(np.uint64)
    return tags, unpack(file, start + entries * entry_size, order + ("Q" if big else "I"))


def unpack(file: BinaryIO, offset: int, code: str) -> int:
    """Return one whole number at a place in the file."""
    file.seek(offset)
    return int(struct.unpack(code, file.read(struct.calcsize(code)))[0])


def numbers(tags: Tags, tag: int) -> NDArray[np.uint64]:
    """Return the numbers of a tag; none where it is missing or text."""
    value = tags.get(tag)
    return value if isinstance(value, np.ndarray) else np.empty(0, np.uint64)


def number(tags: Tags, tag: int, default: int) -> int:
    """Return the first number of a tag."""
    found = numbers(tags, tag)
    return int(found[0]) if len(found) else default


def check_links(tags: Tags, name: str) -> None:
    """Refuse metadata that make GDAL open another file, as OVERVIEW_FILE does."""
    value = tags.get(GDAL_METADATA, b"")
    text = (
        html.unescape(value.decode("utf-8", "replace")).upper()
        if isinstance(value, bytes)
        else "OVERVIEW_FILE"
    )
    if "OVERVIEW_FILE" in text or 'DOMAIN="OVERVIEWS"' in text:
        what = "its header points to another file or server (OVERVIEW_FILE)"
        remedy = "Write it anew with gdal_translate -co COPY_SRC_MDD=NO."
        raise SecurityError(what, code="X704", where=name, remedy=remedy)


def check_size(tags: Tags, name: str, file_size: int) -> None:
    """Refuse a size no screening of a landscape needs."""
    width, height, bands = number(tags, WIDTH, 0), number(tags, HEIGHT, 0), number(tags, BANDS, 1)
    if not width * height * bands:
        cut_short(name, "the header names no cells")
    if width * height > MOST_CELLS:
        absurd(name, f"{width} x {height} cells", f"at most {MOST_CELLS}")
    if bands > MOST_BANDS:
        absurd(name, f"{bands} bands", f"at most {MOST_BANDS}")
    raw = width * height * bands * bytes_per_value(tags)
    if raw > MOST_COMPRESSION * file_size:
        absurd(name, f"{raw:.0f} bytes from a file of {file_size}", f"at most {MOST_COMPRESSION} times")


def check_blocks(tags: Tags, name: str, file_size: int) -> None:
    """Refuse huge blocks, and blocks that lie past the end of the file."""
    tiled = TILE_WIDTH in tags
    columns = number(tags, TILE_WIDTH if tiled else WIDTH, 0)
    rows = number(tags, TILE_HEIGHT, 0) if tiled else number(tags, ROWS_PER_STRIP, number(tags, HEIGHT, 0))
    rows = min(rows, number(tags, HEIGHT, 0)) if not tiled else rows
    together = number(tags, BANDS, 1) if number(tags, PLANES, 1) == 1 else 1
    block = columns * rows * together * bytes_per_value(tags)
    if block > MOST_BLOCK_BYTES:
        absurd(name, f"a block of {block:.0f} bytes", f"at most {MOST_BLOCK_BYTES}")
    offsets = numbers(tags, TILE_OFFSETS if tiled else STRIP_OFFSETS)
    lengths = numbers(tags, TILE_BYTES if tiled else STRIP_BYTES)
    used = min(len(offsets), len(lengths))
    ends = [int(a) + int(n) for a, n in zip(offsets[:used], lengths[:used], strict=True) if n]
    if ends and max(ends) > file_size:
        missing = max(ends) - file_size
        cut_short(name, f"the file is cut short: its last {missing} bytes are missing")


def bytes_per_value(tags: Tags) -> float:
    """Return the bytes one value takes."""
    bits = numbers(tags, BITS)
    return (int(bits.max()) if len(bits) else 1) / 8


def absurd(name: str, given: str, allowed: str) -> NoReturn:
    """Complain about a size."""
    what, remedy = (
        "the header claims an absurd size",
        "Ask for the file again, or cut it to the area (gdalwarp -te).",
    )
    raise InputError(what, code="I233", where=name, given=given, allowed=allowed, remedy=remedy)


def cut_short(name: str, what: str, error: Exception | None = None) -> NoReturn:
    """Complain about a file that ends too early or is damaged."""
    raise InputError(what, code="I231", where=name, remedy="Copy or download it again.") from error
