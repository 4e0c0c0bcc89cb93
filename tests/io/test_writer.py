"""The safe writer: names, errors of the system, and the same bytes."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path

import pytest

from corridors.errors import OutputError, ResourceError
from corridors.io import safe_write, write_bytes, write_text, write_zip, writer


def test_safe_write__replaces_only_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with safe_write(target) as temporary:
        temporary.write_text("new")
        assert (temporary.parent, temporary.suffix) == (tmp_path, ".txt")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_safe_write__any_failure_leaves_the_old(tmp_path: Path, error: type[BaseException]) -> None:
    target = tmp_path / "a.gpkg"
    target.write_text("old")

    def broken() -> None:
        with safe_write(target) as temporary:
            temporary.write_text("half")
            temporary.with_name(temporary.name + "-journal").write_text("half")
            raise error

    with pytest.raises(error):
        broken()
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_text() == "old"


@pytest.mark.parametrize("name", ["CON.tif", "nul", "Aux.csv", "com1.gpkg", "a.", "a "])
def test_safe_write__names(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"O404.*not every system allows this name"):
        write_text(tmp_path / name, "x")


def test_safe_write__long_names(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"O404.*the name is too long.*Allowed: 240 bytes"):
        write_text(tmp_path / ("虎" * 81), "x")
    write_text(tmp_path / ("虎" * 80), "x")


def test_safe_write__folder_missing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"O403.*a.txt: cannot be written: No such file or directory"):
        write_text(tmp_path / "gone" / "a.txt", "x")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="O403"):
        write_text(tmp_path / "file" / "a.txt", "x")


def test_safe_write__target_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OutputError, match="O403"):
        write_text(tmp_path / "a.txt", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "O401.*disk is full; what was there before is untouched"),
        (errno.EDQUOT, "O401.*disk is full"),
        (errno.EIO, "O401.*writing failed: Input/output error"),
        (errno.EACCES, "O403.*Permission denied"),
        (errno.EROFS, "O403.*Read-only"),
        (errno.ENAMETOOLONG, "O404.*too long"),
    ],
)
def test_safe_write__errors_of_the_system(tmp_path: Path, number: int, said: str) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(OutputError, match=said), safe_write(target):
        raise OSError(number, os.strerror(number))
    assert target.read_text() == "old"


def test_rename__waits_for_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file open in another program: tried again, then said."""
    tries: list[Path] = []
    replace = Path.replace

    def in_use(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) < stop_after:
            error = PermissionError(errno.EACCES, "in use")
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        return replace(self, target)

    monkeypatch.setattr(writer, "RENAME_PAUSE_S", 0)
    monkeypatch.setattr(Path, "replace", in_use)
    stop_after = 4
    write_text(tmp_path / "a.txt", "x")
    assert len(tries) == 4
    tries.clear()
    stop_after = 99
    with pytest.raises(OutputError, match=r"O408.*a.txt: another program has it open.*QGIS"):
        write_text(tmp_path / "a.txt", "y")
    assert len(tries) == writer.RENAME_TRIES
    assert (tmp_path / "a.txt").read_text() == "x"


def test_write_bytes__read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")
    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", lambda self, content: write(self, content[:-1]))
    with pytest.raises(OutputError, match=r"O401.*a.txt: read back, it does not hold what was written"):
        write_bytes(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_write_zip__same_bytes(tmp_path: Path) -> None:
    members = {"проект.qgs": "<qgis/>", "b/c.txt": b"\0\1"}
    write_zip(tmp_path / "a.qgz", members)
    write_zip(tmp_path / "b.qgz", members)
    assert (tmp_path / "a.qgz").read_bytes() == (tmp_path / "b.qgz").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.qgz") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "проект.qgs": b"<qgis/>",
            "b/c.txt": b"\0\1",
        }
        assert {entry.date_time for entry in archive.infolist()} == {writer.ZIP_TIME}


def test_require_space(tmp_path: Path) -> None:
    writer.require_space(tmp_path, 1)
    with pytest.raises(ResourceError, match=r"R302.*too little space.*Allowed: 1000000000000 MB or more"):
        writer.require_space(tmp_path, 10**18)
