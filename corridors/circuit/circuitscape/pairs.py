"""Which pairs of focal nodes a file includes or excludes.

Two kinds of file: a list (`mode include` or `mode exclude`, then a pair in every line) and a matrix (`min`
and `max`, then ids in the first row and column). A matrix connects a pair where its value lies between
both; a node that a matrix or an include list does not name takes no part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from corridors.circuit.circuitscape.options import Options
from corridors.errors import InputError
from corridors.io import as_numbers, file_name, read_words

PAIR_LINE = "two focal node ids"


@dataclass(frozen=True)
class PairRule:
    """The pairs a file names: `connected` if it includes them, all but those if it excludes them."""

    ids: frozenset[int]
    pairs: frozenset[tuple[int, int]]
    include: bool = True

    def takes_part(self, node: int) -> bool:
        """Return whether a focal node takes part at all."""
        return node in self.ids or not self.include

    def connects(self, first: int, second: int) -> bool:
        """Return whether the pair is to be solved; in a lopsided matrix the row of the first counts."""
        return ((first, second) in self.pairs) == self.include


def pair_rule(options: Options, path_of: Callable[[str], str]) -> PairRule | None:
    """Return the rule of the file of pairs, if there is one."""
    return read_pair_rule(path_of(options.included_pairs_file)) if options.included_pairs_file else None


def wanted_pairs(ids: Sequence[int], rule: PairRule | None) -> list[tuple[int, int]]:
    """Return the pairs to solve, each once; a matrix connects a pair if it does so either way round.

    Raises
    ------
    InputError
        I227 there is none.
    """
    pairs = list(combinations(ids, 2))
    if rule is not None:
        either = all if not rule.include else any
        pairs = [(a, b) for a, b in pairs if either((rule.connects(a, b), rule.connects(b, a)))]
    if not pairs:
        what, remedy = "no pair of focal nodes is left", "Compare its ids with those of the focal nodes."
        raise InputError(what, code="I227", where="included_pairs_file", remedy=remedy)
    return pairs


def read_pair_rule(path: str) -> PairRule:
    """Return the rule of a list or matrix of pairs.

    Raises
    ------
    InputError
        I226 ids twice in a matrix, I242 with the number of the line.
    """
    name = file_name(path)
    lines = read_words(path)
    first = lines[0][1] if lines else [""]
    if first[0].lower() == "mode" and len(first) == 2 and first[1].lower() in ("include", "exclude"):
        return listed(lines[1:], include=first[1].lower() == "include", where=name)
    if first[0].lower() == "min" and len(lines) > 3 and lines[1][1][0].lower() == "max":
        return between(lines, where=name)
    allowed = '"mode include", "mode exclude", or "min" and "max" before a matrix'
    given = " ".join(first)[:60]
    raise InputError(
        "not a file of pairs", code="I242", where=f"{name}, line 1", given=given, allowed=allowed
    )


def listed(lines: Iterable[tuple[int, list[str]]], *, include: bool, where: str) -> PairRule:
    """Return the rule of a list of pairs, either of which may come first."""
    table = as_numbers(lines, columns=2, what=PAIR_LINE, where=where)
    pairs = {(int(a), int(b)) for a, b in table.tolist()}
    both = pairs | {(b, a) for a, b in pairs}
    return PairRule(frozenset(a for a, _ in both), frozenset(both), include)


def between(lines: list[tuple[int, list[str]]], *, where: str) -> PairRule:
    """Return the rule of a matrix: the pairs whose value lies between the limits."""
    limits = as_numbers([(n, words[1:]) for n, words in lines[:2]], columns=1, what="a limit", where=where)
    size = len(lines[2][1])
    matrix = as_numbers(lines[2:], columns=size, what=f"{size} numbers", where=where)
    ids = matrix[1:, 0].astype(np.int64)
    if len(matrix) != size or not np.array_equal(ids, matrix[0, 1:]):
        what, remedy = "the ids of its rows and columns differ", "The first number of the first row is 0."
        raise InputError(what, code="I242", where=where, remedy=remedy)
    if len(set(ids.tolist())) != len(ids):
        raise InputError("ids stand twice", code="I226", where=where, given=repeated_ids(ids.tolist()))
    kept = (matrix[1:, 1:] >= limits[0, 0]) & (matrix[1:, 1:] <= limits[1, 0])
    rows, columns = np.nonzero(kept)
    pairs = zip(ids[rows].tolist(), ids[columns].tolist(), strict=True)
    return PairRule(frozenset(ids.tolist()), frozenset((a, b) for a, b in pairs if a != b))


def repeated_ids(ids: Iterable[int]) -> str:
    """Return in words the ids that come more than once."""
    found = list(ids)
    return ", ".join(str(node) for node in sorted(set(found)) if found.count(node) > 1)
