"""Files of a run folder that need not be made again: what they would be made from is what it was.

The former run's file is taken over only where it still is, byte for byte, what that run wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridors.io import hash_file, write_bytes
from corridors.io.provenance import program_digest
from corridors.io.step_codec import digest_of
from corridors.io.step_frames import UnknownTypeError
from corridors.io.step_store import Entry
from corridors.result import CaseResult, Note, Result

if TYPE_CHECKING:
    from corridors.pipeline.keeping import Kept

FILES = Entry("", "files", "as last written", {}, 0.0)
TYPES = {kind.__name__: kind for kind in (CaseResult, Note, Result)}


class Former:
    """The former run in the place of the run folder.

    Parameters
    ----------
    out
        The run folder that is to be replaced.
    folder
        The one that is being made.
    kept
        Where it stands what files were made from; where absent, every file is made.
    """

    def __init__(self, out: str | Path, folder: Path, kept: Kept | None) -> None:
        self._former, self._folder, self._kept = Path(out), folder, kept
        found = None if kept is None else kept.store.load(FILES.case, FILES.step, FILES.fingerprint)
        self._known: dict[str, tuple[str, str]] = {} if found is None else found[0]
        self._made: dict[str, str] = {}

    def file(self, name: str, made_from: Any, make: Callable[[], None]) -> None:
        """Take over a file, or make it.

        Parameters
        ----------
        name
            Relative to the run folder.
        made_from
            All it depends on, the program apart.
        make
            Writes it.
        """
        if self._kept is None:
            make()
            return
        try:
            self._made[name] = digest_of([made_from, program_digest()], TYPES)
        except UnknownTypeError:
            make()
            return
        before, sha256 = self._known.get(name, ("", ""))
        content = self._content(name) if before == self._made[name] else b""
        if content and hashlib.sha256(content).hexdigest() == sha256:
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_bytes(self._folder / name, content)
        else:
            make()

    def note(self) -> None:
        """Keep what the files were made from, for the next run."""
        if self._kept is not None:
            made = {name: (source, hash_file(self._folder / name)) for name, source in self._made.items()}
            self._kept.store.save(FILES, made)

    def _content(self, name: str) -> bytes:
        try:
            return (self._former / name).read_bytes()
        except OSError:
            return b""
