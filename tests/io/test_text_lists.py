"""Text lists: numbers in columns, complaints with the line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from corridors.errors import InputError
from corridors.io import read_numbers, read_words, write_lines


def test_tabs_commas_comments_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xef\xbb\xbf# id value\r\n1\t0.5\r\n\r\n2, 1e3\n")
    assert read_numbers(path, columns=2, what="two").tolist() == [[1, 0.5], [2, 1000]]
    assert [number for number, _ in read_words(path)] == [2, 4]


def test_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "list.txt.gz"
    path.write_bytes(gzip.compress(b"3\n4\n"))
    assert read_numbers(path, columns=1, what="an id").tolist() == [[3], [4]]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"1 2\n3\n", r"I242.*line 2.*Given: 3.*two numbers"),
        (b"1 2\n3 x\n", r"I242.*line 2.*3 x"),
        (b"\n", r"I242.*empty"),
        (b"\xff\xfe1\x00", r"I242.*not a text list"),
    ],
)
def test_complaints_name_the_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint):
        read_numbers(path, columns=2, what="two numbers")


def test_whole_numbers_are_written_in_full(tmp_path: Path) -> None:
    write_lines(tmp_path / "out.txt", [(123456789012, 1 / 3), (7, -1.0)], separator="\t")
    assert (tmp_path / "out.txt").read_text() == "123456789012\t0.3333333333\n7\t-1\n"
