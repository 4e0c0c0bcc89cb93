"""Arrays put away on disk while memory is needed for others; nothing is left behind, whatever happens."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Hashable
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.errors import ResourceError


class Scratch:
    """One temporary file without a name, in the system's folder for such (TMPDIR), with a place per array.

    The file is gone as soon as nobody has it open: after `close`, an error or a killed process alike. On
    Windows it has a name, and goes when it is closed.

    Examples
    --------
    >>> scratch = Scratch()
    >>> scratch.keep("distances", np.array([[1.0, 2.0]]))
    >>> scratch.get("distances").tolist()
    [[1.0, 2.0]]
    >>> scratch.close()
    """

    def __init__(self) -> None:
        self._file: Any = None  # made at the first array
        self._places: dict[Hashable, tuple[int, np.dtype[Any], tuple[int, ...]]] = {}
        self._end = 0
        self._lock = Lock()

    def __contains__(self, name: Hashable) -> bool:
        return name in self._places

    def keep(self, name: Hashable, values: NDArray[Any]) -> None:
        """Put an array away; one kept before under that name is replaced.

        Raises
        ------
        ResourceError
            R302 the disk is full.
        """
        values = np.ascontiguousarray(values)
        with self._lock:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="corridors-")  # noqa: SIM115 - closed by `close`
            before = self._places.get(name)
            offset = self._end
            if before is not None and before[1:] == (values.dtype, values.shape):
                offset = before[0]
            try:
                self._file.seek(offset)
                self._file.write(values.reshape(-1).view(np.uint8).data)
                self._file.flush()
            except OSError as error:
                raise _full(error, values.nbytes) from error
            self._end = max(self._end, offset + values.nbytes)
            self._places[name] = offset, values.dtype, values.shape

    def get(self, name: Hashable) -> NDArray[Any]:
        """Return an array as it was kept."""
        with self._lock:
            offset, dtype, shape = self._places[name]
            values = np.empty(shape, dtype=dtype)
            self._file.seek(offset)
            self._file.readinto(values.reshape(-1).view(np.uint8).data)
            return values

    def close(self) -> None:
        """Give the disk back."""
        with self._lock:
            self._places.clear()
            if self._file is not None:
                self._file.close()
                self._file = None


def _full(error: OSError, needed: int) -> ResourceError:
    what = "the disk is full" if error.errno == errno.ENOSPC else "arrays could not be put away on disk"
    remedy = "Free space, or set TMPDIR to a folder on a larger disk."
    given = f"{needed / 1e6:.0f} MB in {tempfile.gettempdir()}"
    return ResourceError(what, code="R302", where="scratch", given=given, remedy=remedy)
