"""ESRI ASCII grids without a CRS: read exactly, in every dialect, and written as Circuitscape writes them.

Not read through GDAL, which keeps them in float32: an id above 16 777 216 would change, and so would the
ninth digit of a resistance. Dialects: keys in any case, corner or centre, `cellsize` or `dx` and `dy`, no
`NODATA_value`, spaces or tabs, any line ends, rows broken anywhere.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.errors import InputError
from corridors.io.ascii_header import MOST_CELLS
from corridors.io.packed import first_bytes, opened, whole_content
from corridors.io.paths import plain_file
from corridors.io.writer import not_as_written, safe_write

NO_DATA = -9999.0
KEYS = re.compile(
    r"ncols|nrows|xllcorner|xllcenter|yllcorner|yllcenter|cellsize|dx|dy|nodata_value|nodata", re.IGNORECASE
)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE)
MOST_BYTES_PER_VALUE = 64
HEADER_BYTES = 4096


@dataclass(frozen=True)
class PlainGrid:
    """A raster of another program: `values` (rows, columns), NaN = no data; where it lies goes along."""

    values: NDArray[np.float64] = field(repr=False)
    left: float = 0.0
    bottom: float = 0.0
    cell_width: float = 1.0
    cell_height: float = 1.0
    crs_wkt: str = field(default="", repr=False)
    name: str = ""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        rows, columns = self.values.shape
        return rows, columns


def read_ascii_grid(path: str | Path) -> PlainGrid:
    """Return an ESRI ASCII grid, plain or gzipped; its declared no data, -9999 and NaN become NaN.

    Raises
    ------
    InputError
        I218 broken header or something that is no number, I231 cut short, I233 absurd size.
    """
    full = plain_file(path)
    header, length = read_grid_header(first_bytes(full), full.name)
    rows, columns = grid_shape(header, full.name)
    most = length + rows * columns * MOST_BYTES_PER_VALUE + HEADER_BYTES
    text = whole_content(full, most_bytes=most)[length:]
    values = numbers_in(text, full.name)
    if values.size != rows * columns:
        code, what = (
            ("I231", "the file is cut short")
            if values.size < rows * columns
            else ("I218", "more values than cells")
        )
        given, allowed = f"{values.size} values", f"{rows} x {columns} cells"
        raise InputError(what, code=code, where=full.name, given=given, allowed=allowed)
    no_data = header.get("nodata_value", header.get("nodata", NO_DATA))
    values[(values == no_data) | (values == NO_DATA)] = np.nan
    width = header.get("cellsize", header.get("dx", 1.0))
    height = header.get("cellsize", header.get("dy", width))
    left = header.get("xllcorner", header.get("xllcenter", 0.0) - (width / 2 if "xllcenter" in header else 0))
    bottom = header.get(
        "yllcorner", header.get("yllcenter", 0.0) - (height / 2 if "yllcenter" in header else 0)
    )
    return PlainGrid(values.reshape(rows, columns), left, bottom, width, height, "", full.name)


def read_grid_header(head: bytes, name: str) -> tuple[dict[str, float], int]:
    """Return the keys and numbers at the top of an ASCII grid, and the bytes they take."""
    header: dict[str, float] = {}
    place = 0
    for number, line in enumerate(head.splitlines(keepends=True), start=1):
        words = line.decode("utf-8", "replace").split()
        where = f"{name}, line {number}"
        if words and words[0].startswith("\ufeff"):
            what, remedy = "a byte-order mark stands before the header", "Save it as plain ASCII."
            raise InputError(what, code="I218", where=where, remedy=remedy)
        if words and not KEYS.fullmatch(words[0]):
            break
        if words:
            if len(words) != 2 or not NUMBER.fullmatch(words[1]):
                what, remedy = (
                    "a header line is not a key and a number",
                    "Write numbers with a decimal point.",
                )
                raise InputError(what, code="I218", where=where, given=" ".join(words)[:80], remedy=remedy)
            header[words[0].lower()] = float(words[1])
        place += len(line)
    return header, place


def grid_shape(header: dict[str, float], name: str) -> tuple[int, int]:
    """Return rows and columns of a header that claims something possible."""
    missing = [key for key in ("ncols", "nrows") if key not in header]
    if "cellsize" not in header and "dx" not in header:
        missing.append("cellsize")
    if missing:
        what = f"the header lacks {', '.join(missing)}"
        raise InputError(what, code="I218", where=name)
    rows, columns = header["nrows"], header["ncols"]
    if not (rows >= 1 <= columns and rows * columns <= MOST_CELLS and rows % 1 == columns % 1 == 0):
        given, allowed = f"{columns:g} x {rows:g} cells", f"1 to {MOST_CELLS}"
        raise InputError(
            "the header claims an absurd size", code="I233", where=name, given=given, allowed=allowed
        )
    return int(rows), int(columns)


def numbers_in(text: bytes, name: str) -> NDArray[np.float64]:
    """Return the numbers of a text, however they are spaced."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return np.fromstring(text, dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError) as error:
            words = re.finditer(r"\S+", text.decode("utf-8", "replace"))
            wrong = next((word.group() for word in words if not NUMBER.fullmatch(word.group())), "")
            remedy = "Write numbers with a decimal point, between spaces or tabs."
            raise InputError(
                "not a number", code="I218", where=name, given=wrong[:40], remedy=remedy
            ) from error


def write_ascii_grid(path: str | Path, values: NDArray[Any], *, like: PlainGrid) -> None:
    """Write an ESRI ASCII grid with ten significant digits; NaN becomes -9999.

    Parameters
    ----------
    path : str or Path
        Made or replaced; gzipped where it ends in `.gz`.
    values : ndarray of shape (rows, columns)
    like : PlainGrid
        Where it lies.

    Raises
    ------
    OutputError
        As `safe_write`.
    """
    written = hashlib.sha256()

    def verify(temporary: Path) -> None:
        with opened(temporary) as file:
            if hashlib.file_digest(file, "sha256").digest() != written.digest():
                not_as_written(Path(path).name, "its numbers differ")

    with safe_write(path, verify=verify) as temporary, temporary.open("wb") as plain:
        # No name and no time in the gzip header: the same grid gives the same bytes.
        packed = str(path).endswith(".gz")
        file = gzip.GzipFile("", "wb", fileobj=plain, mtime=0) if packed else plain
        for line in grid_lines(np.asarray(values, dtype=np.float64), like):
            written.update(line)
            file.write(line)
        if packed:
            file.close()


def grid_lines(values: NDArray[np.float64], like: PlainGrid) -> Iterator[bytes]:
    """Return an ASCII grid line by line."""
    rows, columns = values.shape
    header = {"ncols": columns, "nrows": rows, "xllcorner": like.left, "yllcorner": like.bottom}
    square = like.cell_width == like.cell_height
    header |= {"cellsize": like.cell_width} if square else {"dx": like.cell_width, "dy": like.cell_height}
    for key, value in header.items():
        yield f"{key:<13} {value!r}\n".encode()
    yield f"NODATA_value  {NO_DATA:.0f}\n".encode()
    pattern = " ".join(["%.10g"] * columns) + "\n"
    for row in values:
        yield (pattern % tuple(np.where(np.isnan(row), NO_DATA, row).tolist())).encode()
