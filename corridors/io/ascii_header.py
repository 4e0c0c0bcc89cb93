"""Look at the header of an ESRI ASCII grid before GDAL does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

MOST_CELLS = 4_000_000_000
KEYS = ("ncols", "nrows", "xllcorner", "xllcenter", "yllcorner", "yllcenter", "cellsize", "nodata_value")


def check_ascii_grid(path: Path) -> None:
    """Refuse an ASCII grid with a broken header or fewer values than it claims.

    Raises
    ------
    InputError
        I218 broken header, I231 cut short, I233 absurd size.
    """
    header = read_header(path)
    missing = [key for key in ("ncols", "nrows", "cellsize") if key not in header]
    if missing:
        what = f"the header lacks {', '.join(missing)}"
        raise InputError(what, code="I218", where=path.name, allowed=", ".join(KEYS))
    cells = header["ncols"] * header["nrows"]
    if not 0 < cells <= MOST_CELLS:
        given, allowed = f"{header['ncols']:g} x {header['nrows']:g} cells", f"1 to {MOST_CELLS}"
        raise InputError(
            "the header claims an absurd size", code="I233", where=path.name, given=given, allowed=allowed
        )
    if path.stat().st_size < 2 * cells - 1:
        what, given = "the file is cut short", f"{path.stat().st_size} bytes for {cells:g} values"
        raise InputError(what, code="I231", where=path.name, given=given, remedy="Copy or download it again.")


def read_header(path: Path) -> dict[str, float]:
    """Return the keys and numbers at the top of an ASCII grid."""
    header: dict[str, float] = {}
    with path.open("rb") as file:
        for line_number in range(1, len(KEYS) + 1):
            words = file.readline(1000).decode("utf-8", "replace").split()
            if words and words[0].startswith("\ufeff"):
                what, remedy = "a byte-order mark stands before the header", "Save it as plain ASCII."
                raise InputError(what, code="I218", where=f"{path.name}, line 1", remedy=remedy)
            if len(words) != 2 or words[0].lower() not in KEYS:
                break
            header[words[0].lower()] = header_number(words[1], f"{path.name}, line {line_number}")
    return header


def header_number(text: str, where: str) -> float:
    """Return a number of the header, its decimal sign a point."""
    try:
        return float(text)
    except ValueError as error:
        remedy = "Write numbers with a decimal point."
        raise InputError("not a number", code="I218", where=where, given=text, remedy=remedy) from error
