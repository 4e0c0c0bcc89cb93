"""Gzipped inputs: read to their end, never past what such a file can hold."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from corridors.errors import InputError
from corridors.io import packed


def test_plain_and_gzipped_content_are_the_same_whatever_the_name(tmp_path: Path) -> None:
    plain, zipped = tmp_path / "a.gz", tmp_path / "a.txt"
    plain.write_bytes(b"1 2 3\n")
    zipped.write_bytes(gzip.compress(b"1 2 3\n"))
    assert packed.whole_content(plain, most_bytes=10) == packed.whole_content(zipped, most_bytes=10)
    assert (packed.is_packed(plain), packed.is_packed(zipped)) == (False, True)


def test_a_content_that_grows_too_far_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.asc.gz"
    bomb.write_bytes(gzip.compress(b" " * 50_000_000))
    with pytest.raises(InputError, match=r"I233.*at most 1000 bytes"):
        packed.whole_content(bomb, most_bytes=1000)


def test_an_unpacked_file_is_bounded_and_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "grid.tif.gz"
    file.write_bytes(gzip.compress(b"0" * 1_000_000))
    with packed.unpacked_file(file) as plain:
        assert (plain.name, plain.stat().st_size) == ("grid.tif", 1_000_000)
    assert not plain.exists()
    monkeypatch.setattr(packed, "ALWAYS_ALLOWED_BYTES", 1000)
    with pytest.raises(InputError, match="I233"), packed.unpacked_file(file):
        pass


@pytest.mark.parametrize("cut", [5, 60])
def test_a_damaged_gzip_file_is_named(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "cut.asc.gz"
    file.write_bytes(gzip.compress(bytes(range(256)) * 4)[:-cut])
    with pytest.raises(InputError, match=r"I231.*cut\.asc\.gz"):
        packed.whole_content(file, most_bytes=10_000)
