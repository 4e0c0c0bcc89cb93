"""The one way loops are compiled here, and what happens to the compiled code.

`jit` frees the interpreter lock, divides like numpy (no error on zero), keeps the order of every sum, and
stores the machine code beside the source or, where that folder cannot be written, in numba's folder of the
user, or nowhere. numba compares only the file of the function itself with what it stored; a kernel holds
the code of the kernels it calls too, so here one stamp over all of them decides.

With NUMBA_DISABLE_JIT=1 `jit` does nothing and the plain loops run in the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])
COMPILED = not numba.config.DISABLE_JIT  # type: ignore[attr-defined]


def jit(function: Function) -> Function:
    """Return a function that is compiled, or loaded, at the first call with new types."""
    compiled: Any = numba.njit(nogil=True, error_model="numpy")(function)
    if COMPILED:
        try:
            compiled.enable_caching()
        except RuntimeError:  # no folder can be written: compile in every process
            return compiled  # type: ignore[no-any-return]
        with suppress(AttributeError):  # no public way to set either
            stored = compiled._cache._cache_file
            stored._source_stamp = stamp_of_all_kernels()
            stored._load_index = partial(index_or_nothing, stored._load_index)
    return compiled  # type: ignore[no-any-return]


def index_or_nothing(load: Callable[[], dict[Any, str]]) -> dict[Any, str]:
    """Return what is stored, nothing where another version stored types that are gone.

    numba reads the types of what it stored before it looks at the stamp.
    """
    try:
        return load()
    except (AttributeError, ImportError, UnpicklingError):
        return {}


@cache
def stamp_of_all_kernels() -> tuple[tuple[str, int, int], ...]:
    """Return name, time and size of every file of kernels."""
    folder = Path(__file__).parent
    files = sorted(folder.rglob("*.py"))
    return tuple((f.relative_to(folder).as_posix(), f.stat().st_mtime_ns, f.stat().st_size) for f in files)
