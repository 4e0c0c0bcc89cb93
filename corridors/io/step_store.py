"""What the steps of a run found, kept on disk beside the run folder so that the next run goes on from there.

An entry is one file: a hash over all that follows, what it is of, the description of the value, its bytes.
What is damaged, cut short or not ours is as if it were not there: it is computed again, never trusted. No
entry is read back when it is written, for every one is proved when it is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from corridors.io.step_codec import DIGEST_BYTES, Packer, Unpacker, description
from corridors.io.writer import safe_write

MARK = b"corridors step 2\n"
ENDING = ".step"
ALIGNED_BYTES = 64
LARGEST_HEAD_BYTES = 1_000_000


@dataclass(frozen=True)
class Entry:
    """What is kept of one step.

    `fingerprint` stands for all it rests on, `parts` says what that is, by name and hash; `result` is the
    hash of what came out; `seconds` is what it took to compute, `size_bytes` what it takes on disk.
    """

    case: str
    step: str
    fingerprint: str
    parts: Mapping[str, str]
    seconds: float
    size_bytes: int = 0
    result: str = ""


class StepStore:
    """A folder of entries.

    Parameters
    ----------
    folder
        Made when the first entry is written.
    types
        Frozen dataclasses and named tuples that may come back, by name.

    Examples
    --------
    >>> import tempfile
    >>> store = StepStore(tempfile.mkdtemp(), {})
    >>> store.save(Entry("tiger", "cores", "ab12", {"species.cores": "34"}, 1.5), {"area_km2": 250.0})
    >>> [value for value, result in [store.load("tiger", "cores", "ab12")]]
    [{'area_km2': 250.0}]
    """

    def __init__(self, folder: str | Path, types: Mapping[str, type]) -> None:
        self.folder, self._types = Path(folder), types

    def entries(self) -> list[Entry]:
        """Return what is kept, as entries say themselves; their values are proved when they are loaded."""
        found = (head_of(path) for path in sorted(self.folder.glob(f"*/*{ENDING}")))
        return [entry for entry in found if entry is not None]

    def load(self, case: str, step: str, fingerprint: str) -> tuple[Any, str] | None:
        """Return a value and its hash; None where none of that fingerprint is kept whole."""
        try:
            content = bytearray(self._path(case, step, fingerprint).read_bytes())
        except OSError:
            return None
        if not is_whole(content):
            return None
        try:
            about = parts_in(content)[0]
            if (about["case"], about["step"], about["fingerprint"]) != (case, step, fingerprint):
                return None
            return self.value_in(content), str(about["result"])
        except (KeyError, ValueError, TypeError, IndexError):
            return None  # written by another version, whose descriptions differ

    def save(self, entry: Entry, value: Any) -> None:
        """Keep a value.

        Raises
        ------
        UnknownTypeError
            It cannot be kept.
        OutputError
            As `safe_write`.
        """
        self.put(entry, self.packed(entry, value))

    def packed(self, entry: Entry, value: Any) -> bytearray:
        """Return the content of an entry.

        Raises
        ------
        UnknownTypeError
            The value cannot be kept.
        """
        packer = Packer(self._types)
        tree = packer.pack(value)
        return whole_of(entry, tree, packer.blocks)

    def result_in(self, content: bytearray) -> str:
        """Return the hash of the value in the content of an entry."""
        return str(part_at(content, len(MARK) + DIGEST_BYTES)[0]["result"])

    def value_in(self, content: bytearray) -> Any:
        """Return the value in the content of an entry, to which the content belongs from then on."""
        _, tree, blocks = parts_in(content)
        return Unpacker(blocks, self._types).unpack(tree)

    def put(self, entry: Entry, content: bytes | bytearray) -> None:
        """Write the content of an entry.

        Raises
        ------
        OutputError
            As `safe_write`.
        """
        path = self._path(entry.case, entry.step, entry.fingerprint)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with safe_write(path) as temporary:
            temporary.write_bytes(content)

    def prune(self, keep: Iterable[tuple[str, str, str]]) -> None:
        """Remove all entries but those of the given cases, steps and fingerprints; and what is left over."""
        kept = {self._path(*each) for each in keep}
        for folder in [path for path in self.folder.glob("*") if path.is_dir()]:
            for path in folder.iterdir():
                if path not in kept and path.is_file():
                    path.unlink(missing_ok=True)
            if not any(folder.iterdir()):
                folder.rmdir()

    def _path(self, case: str, step: str, fingerprint: str) -> Path:
        return self.folder / (case or "shared") / f"{step}-{fingerprint[:24]}{ENDING}"


def whole_of(entry: Entry, tree: Any, blocks: list[memoryview]) -> bytearray:
    """Return the content of an entry: hash, head, and from a fixed distance on the body, the value itself."""
    written = description({"tree": tree, "blocks": [len(block) for block in blocks]})
    body = bytearray(len(written).to_bytes(8, "little") + written)
    for block in blocks:
        body += bytes(-len(body) % ALIGNED_BYTES) + block
    result = hashlib.blake2b(body, digest_size=DIGEST_BYTES).hexdigest()
    head = json.dumps(asdict(replace(entry, result=result)), ensure_ascii=True).encode()
    content = bytearray(MARK + bytes(DIGEST_BYTES) + len(head).to_bytes(8, "little") + head)
    content += bytes(-len(content) % ALIGNED_BYTES) + body
    content[len(MARK) : len(MARK) + DIGEST_BYTES] = digest(content)
    return content


def parts_in(content: bytearray) -> tuple[dict[str, Any], Any, list[memoryview]]:
    """Return what an entry is of, its description, and its blocks."""
    about, place = part_at(content, len(MARK) + DIGEST_BYTES)
    body, place = part_at(content, place + -place % ALIGNED_BYTES)
    blocks, view = [], memoryview(content)
    for length in body["blocks"]:
        place += -place % ALIGNED_BYTES
        blocks.append(view[place : place + length])
        place += length
    return about, body["tree"], blocks


def part_at(content: bytearray, place: int) -> tuple[dict[str, Any], int]:
    """Return the description that begins at a place, its length first, and where it ends."""
    start = place + 8
    end = start + int.from_bytes(content[place:start], "little")
    return json.loads(content[start:end]), end


def head_of(path: Path) -> Entry | None:
    """Return what an entry says it is of; None where it is no entry."""
    try:
        with path.open("rb") as file:
            start = file.read(len(MARK) + DIGEST_BYTES + 8)
            length = int.from_bytes(start[-8:], "little")
            if not start.startswith(MARK) or length > LARGEST_HEAD_BYTES:
                return None
            about = json.loads(file.read(length))
        return Entry(**{**about, "size_bytes": path.stat().st_size})
    except (OSError, ValueError, TypeError):
        return None


def is_whole(content: bytearray) -> bool:
    """Return whether an entry is ours and as it was written."""
    kept = bytes(content[len(MARK) : len(MARK) + DIGEST_BYTES])
    return content.startswith(MARK) and kept == digest(content)


def digest(content: bytearray) -> bytes:
    """Return the hash over all of an entry but the hash itself."""
    hashed = hashlib.blake2b(memoryview(content)[: len(MARK)], digest_size=DIGEST_BYTES)
    hashed.update(memoryview(content)[len(MARK) + DIGEST_BYTES :])
    return hashed.digest()
