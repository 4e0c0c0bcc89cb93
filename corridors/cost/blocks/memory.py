"""How much memory blocks take, told before any is asked for."""

from __future__ import annotations

from numpy.typing import DTypeLike

from corridors.cost.blocks.cut import Cut
from corridors.cost.crew import Workers
from corridors.cost.memory import require_memory
from corridors.errors import ResourceError
from corridors.kernels.cost_distance import memory_bytes

LABEL_BYTES = 4
ON_THE_WAY = 1  # block between disk and memory
REMEDY = "Give memory_budget_bytes, which keeps blocks on disk in turn, or take float32."
WORK_SPACE = 1.1  # results and news of the blocks being visited, the interpreter's own


def memory_bytes_in_blocks(
    shape: tuple[int, int],
    *,
    dtype: DTypeLike = "float64",
    block_cells: int = 2048,
    allocate: bool = False,
    most_open: int | None = None,
) -> int:
    """Return how much memory the blocks of a raster take, resistance and results apart.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    dtype, block_cells, allocate
        As for `cost_in_pieces`.
    most_open
        How many blocks are in memory at once; None = all.

    Examples
    --------
    >>> memory_bytes_in_blocks((4000, 4000)) // 4000**2
    19
    """
    cut = Cut(shape, block_cells)
    count = cut.count if most_open is None else min(cut.count, most_open + ON_THE_WAY)
    return int(count * _block_bytes(cut, dtype, allocate) * WORK_SPACE)


def check_memory(
    cut: Cut,
    dtype: DTypeLike,
    *,
    workers: int | Workers,
    memory_budget_bytes: int | None,
    labels: bool = False,
    results_bytes: int = 0,
) -> int | None:
    """Return how many blocks may be open at once in each process; None = all.

    Raises
    ------
    ResourceError
        R301 the budget is too small for one block per thread, or the machines have less memory free.
    """
    threads = min(max(workers, 1), cut.count) if isinstance(workers, int) else 1
    most_open = None
    if memory_budget_bytes is not None:
        size = _block_bytes(cut, dtype, labels)
        most_open = int(memory_budget_bytes / WORK_SPACE) // size
        most_open -= ON_THE_WAY if most_open < cut.count else 0
        if most_open < threads:
            raise _small_budget(memory_budget_bytes, (threads + ON_THE_WAY) * size)
    processes = 1 if isinstance(workers, int) else workers.size
    open_in_all = None if most_open is None else (most_open + ON_THE_WAY) * processes - ON_THE_WAY
    needed = memory_bytes_in_blocks(
        cut.shape, dtype=dtype, block_cells=cut.block_cells, allocate=labels, most_open=open_in_all
    )
    what = "blocks and results"
    if isinstance(workers, int):
        require_memory(needed + results_bytes, what=what, remedy=REMEDY)
    else:
        require_memory(needed, what=what, remedy=REMEDY, free=workers.free_memory_bytes, where="the workers")
        require_memory(results_bytes, what=what, remedy=REMEDY)
    return most_open


def _block_bytes(cut: Cut, dtype: DTypeLike, labels: bool) -> int:
    """Return how much memory the largest block takes while it is open."""
    rows, columns = (min(cut.block_cells + 2, length) for length in cut.shape)
    own = memory_bytes((rows, columns), dtype)
    return own + LABEL_BYTES * rows * columns if labels else own


def _small_budget(budget: int, needed: int) -> ResourceError:
    what = "not even one block for each worker fits in the memory budget"
    given, allowed = f"{budget / 1e6:.1f} MB", f"{needed * WORK_SPACE / 1e6:.1f} MB or more"
    remedy = "Take smaller blocks (block_cells), fewer workers, float32, or give more memory."
    return ResourceError(
        what, code="R301", where="memory_budget_bytes", given=given, allowed=allowed, remedy=remedy
    )
