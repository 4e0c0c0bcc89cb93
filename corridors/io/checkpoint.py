"""What a long computation has so far, kept on disk so that it goes on where it was broken off."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridors.errors import RunError
from corridors.io.writer import safe_write, write_text

DIGEST_BYTES = 32


@dataclass(frozen=True)
class Checkpoint:
    """One file of arrays in a folder, and beside it what they belong to.

    Parameters
    ----------
    folder
        Made where it is not there.
    fingerprint
        Everything the result depends on: names, and values or hashes of them as text. What is kept for
        another fingerprint is never used.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> Checkpoint(folder, {"radius": "5"}).save({"sums": np.array([1, 2])})
    >>> Checkpoint(folder, {"radius": "5"}).load()["sums"].tolist()
    [1, 2]
    """

    folder: str | Path
    fingerprint: Mapping[str, str]

    def load(self) -> dict[str, NDArray[Any]] | None:
        """Return what was kept; None where nothing was, or where it is damaged and must be computed again.

        Raises
        ------
        RunError
            N601 it belongs to other data, options or another version.
        """
        if not self._arrays.is_file():
            return None
        content = self._arrays.read_bytes()
        digest, packed = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        if self._digest(packed) != digest:
            self._refuse_another()
            return None
        with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
            return dict(arrays)

    def save(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays instead of those kept before, which stay until the new ones are whole.

        Raises
        ------
        OutputError
            As `safe_write`.
        """
        self._arrays.parent.mkdir(parents=True, exist_ok=True)
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **arrays)
        write_text(self._about, json.dumps(dict(self.fingerprint), indent=2, sort_keys=True) + "\n")
        with safe_write(self._arrays) as temporary:
            temporary.write_bytes(self._digest(packed.getvalue()) + packed.getvalue())

    def clear(self) -> None:
        """Remove what was kept; the result is safe elsewhere."""
        self._arrays.unlink(missing_ok=True)
        self._about.unlink(missing_ok=True)

    @property
    def _arrays(self) -> Path:
        return Path(self.folder) / "checkpoint.bin"

    @property
    def _about(self) -> Path:
        return Path(self.folder) / "checkpoint.json"

    def _digest(self, packed: bytes) -> bytes:
        own = json.dumps(dict(self.fingerprint), sort_keys=True).encode()
        return hashlib.blake2b(own + packed, digest_size=DIGEST_BYTES).digest()

    def _refuse_another(self) -> None:
        """Complain where what is kept says that it belongs to something else; otherwise it is damaged."""
        mine = dict(self.fingerprint)
        try:
            kept = json.loads(self._about.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        differ = sorted(key for key in {*kept, *mine} if kept.get(key) != mine.get(key))
        if differ:
            what = "the folder holds the interrupted work of another computation"
            remedy = "Repeat that one as it was, or remove the folder."
            given = f"different: {', '.join(differ)}"
            raise RunError(what, code="N601", where=Path(self.folder).name, given=given, remedy=remedy)


def fingerprint_of(values: NDArray[Any]) -> str:
    """Return a hash of an array: its type, shape and bytes."""
    hashed = hashlib.blake2b(f"{values.dtype} {values.shape}".encode(), digest_size=16)
    hashed.update(np.ascontiguousarray(values).reshape(-1).view(np.uint8).data)
    return hashed.hexdigest()
