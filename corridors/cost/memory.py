"""How much memory cost distance takes, told before any is asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import psutil

from corridors.errors import ResourceError
from corridors.kernels.cost_distance import memory_bytes

if TYPE_CHECKING:
    from numpy.typing import DTypeLike

FLOAT64_BYTES = 8  # of the resistance as it is checked
LABEL_BYTES = 8  # of labels while they are looked through
IN_ONE_PIECE = (
    "Use accumulated_cost_in_blocks with memory_budget_bytes, which keeps blocks on disk in turn, "
    'dtype = "float32", or larger cells.'
)
SURFACES = 'Use max_cost_distance_m, dtype = "float32", fewer workers, or larger cells.'


def one_piece_bytes(shape: tuple[int, ...], dtype: DTypeLike) -> int:
    """Return how much memory `accumulated_cost` takes on top of its inputs, its result included.

    Examples
    --------
    >>> one_piece_bytes((4000, 4000), "float64") // 4000**2
    24
    """
    rows, columns = shape
    return rows * columns * FLOAT64_BYTES + memory_bytes((rows, columns), dtype)


def surfaces_bytes(shape: tuple[int, ...], dtype: DTypeLike, *, seats: int, limited: bool) -> tuple[int, int]:
    """Return how much memory `cost_surfaces` takes on top of its inputs, and what a worker takes for a seat.

    Surfaces that the caller keeps are not counted, nor those a limit crops.
    """
    rows, columns = shape
    field = rows * columns * np.dtype(dtype).itemsize
    looking = rows * columns * (FLOAT64_BYTES + LABEL_BYTES)  # resistance and labels, gone before solving
    seat = memory_bytes((rows, columns), dtype) - field + (0 if limited else field)
    result = 0 if limited else field
    return max(looking, field + seats * seat + result), field + seat


def require_one_piece(shape: tuple[int, ...], dtype: DTypeLike) -> None:
    """Stop where `accumulated_cost` would take more memory than is free.

    Raises
    ------
    ResourceError
        R301.
    """
    require_memory(one_piece_bytes(shape, dtype), what="the raster", remedy=IN_ONE_PIECE)


def require_kept(shape: tuple[int, ...], dtype: DTypeLike, *, count: int) -> None:
    """Stop where that many surfaces of the whole grid take more memory than is free.

    Raises
    ------
    ResourceError
        R301.
    """
    needed = count * math.prod(shape) * np.dtype(dtype).itemsize
    require_memory(needed, what=f"{count} cost surfaces", remedy="Use larger cells, or fewer core areas.")


def require_memory(
    needed: int,
    *,
    what: str,
    remedy: str,
    free: int | None = None,
    where: str = "this machine",
) -> None:
    """Stop where more memory is needed than is free, here unless said otherwise.

    Raises
    ------
    ResourceError
        R301.
    """
    free = psutil.virtual_memory().available if free is None else free
    if needed > free:
        given, allowed = f"{needed / 1e9:.2f} GB needed", f"{free / 1e9:.2f} GB free"
        complaint = f"{what} would take more memory than is free"
        raise ResourceError(complaint, code="R301", where=where, given=given, allowed=allowed, remedy=remedy)
