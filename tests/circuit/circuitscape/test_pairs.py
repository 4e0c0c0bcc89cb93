"""Files of pairs: lists and matrices."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridors.circuit.circuitscape.pairs import PairRule, read_pair_rule, wanted_pairs
from corridors.errors import InputError


def rule(tmp_path: Path, text: str) -> PairRule:
    path = tmp_path / "pairs.txt"
    path.write_text(text)
    return read_pair_rule(str(path))


def test_an_include_list_leaves_out_who_is_not_named(tmp_path: Path) -> None:
    found = rule(tmp_path, "mode\tinclude\n1\t2\n5 1\n")
    assert [node for node in range(1, 6) if found.takes_part(node)] == [1, 2, 5]
    assert wanted_pairs([1, 2, 5], found) == [(1, 2), (1, 5)]


def test_an_exclude_list_keeps_everybody_else(tmp_path: Path) -> None:
    found = rule(tmp_path, "mode exclude\n1 2\n1 3\n")
    assert found.takes_part(4)
    assert wanted_pairs([1, 2, 3, 4], found) == [(1, 4), (2, 3), (2, 4), (3, 4)]


def test_a_matrix_connects_values_between_its_limits(tmp_path: Path) -> None:
    """The example of Circuitscape's own documentation; node 5 has no pair left."""
    text = """min 2
max 50
0 1 2 3 4 5
1 0 100 6.67 7 1
2 100 0 11 1 60
3 6.67 11 0 -1 100
4 7 1 -1 0 0
5 1 60 100 0 0
"""
    assert wanted_pairs([1, 2, 3, 4, 5], rule(tmp_path, text)) == [(1, 3), (1, 4), (2, 3)]


def test_a_matrix_leaves_out_who_is_not_in_it_and_includes_its_limits(tmp_path: Path) -> None:
    found = rule(tmp_path, "min 0\nmax 5\n0 7 9 8\n7 0 5 6\n9 5 0 0\n8 6 0 0\n")
    assert [node for node in range(6, 11) if found.takes_part(node)] == [7, 8, 9]
    assert wanted_pairs([7, 8, 9], found) == [(7, 9), (8, 9)]


def test_a_lopsided_matrix_connects_a_pair_either_way_round(tmp_path: Path) -> None:
    found = rule(tmp_path, "min 1\nmax 5\n0 1 2\n1 0 9\n2 3 0\n")
    assert wanted_pairs([1, 2], found) == [(1, 2)]
    assert (found.connects(1, 2), found.connects(2, 1)) == (False, True)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1 2\n", r"I242.*line 1.*mode include"),
        ("", r"I242"),
        ("mode include\n1 2 3\n", r"I242.*line 2"),
        ("min 1\nmax 5\n0 1 2\n1 0 9\n", r"I242.*rows and columns differ"),
        ("min 1\nmax 5\n0 1 1\n1 0 9\n1 9 0\n", r"I226.*Given: 1"),
        ("min 1\nmax 5\n0 1 2\n1 0 x\n2 9 0\n", r"I242.*line 4"),
    ],
)
def test_broken_files_say_where(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        rule(tmp_path, text)


def test_no_pair_left_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="I227"):
        wanted_pairs([1, 2], rule(tmp_path, "mode include\n8 9\n"))
