"""Tables of two runs, row by row: found by what a row is about, ids by the core or link they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.io import publishable
from corridors.schema import DIFF_TABLES

if TYPE_CHECKING:
    from corridors.io import RunFolder

KEYS = ("core_id", "link_id", "dispersal_km", "distance", "node_weight", "country", "border", "threshold",
        "layer", "combination", "land", "case", "case_a", "case_b", "code", "note", "fence", "scenario",
        "kind")  # fmt: skip
"""Columns that say what a row is about, wherever they stand."""
IDS_OF_ENDS = ("core_a", "core_b")
TOLD_ELSEWHERE = ("parameters", "cost_distance_matrix", "notes")
ONLY_A, ONLY_B = "only in A", "only in B"

Ids = Mapping[str, Mapping[int, int]]


def changed_parameters(a: pd.DataFrame, b: pd.DataFrame, case: str) -> pd.DataFrame:
    """Return the values of a case that are not the same in both runs.

    Parameters
    ----------
    a, b : DataFrame
        The schema's table `parameters`.
    case : str
        For the first column.
    """
    both = a.merge(b, on="key", how="outer", suffixes=("_a", "_b"), sort=False).astype(object)
    both = both[both["value_a"].fillna("") != both["value_b"].fillna("")]
    both = both.assign(case=case, unit=both["unit_b"].where(both["unit_b"].notna(), both["unit_a"]))
    return both.sort_values("key", kind="stable")[list(DIFF_TABLES["parameter_changes"].columns)].reset_index(
        drop=True
    )


def changed_inputs(a: Mapping[str, Any], b: Mapping[str, Any]) -> pd.DataFrame:
    """Return every input file with its hashes in both records, and whether they are the same.

    Several files of one name count together: their hashes are listed in order.
    """
    one, other = hashes(a), hashes(b)
    rows = []
    for file in sorted({*one, *other}):
        change = "same" if one.get(file) == other.get(file) else "changed"
        change = ONLY_B if file not in one else ONLY_A if file not in other else change
        rows.append((file, change, one.get(file, ""), other.get(file, "")))
    return pd.DataFrame(rows, columns=list(DIFF_TABLES["input_changes"].columns))


def hashes(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the hashes of the inputs of a run by file name."""
    found: dict[str, list[str]] = {}
    for entry in record.get("inputs", ()):
        found.setdefault(str(entry["file"]), []).append(str(entry["sha256"]))
    return {file: ", ".join(sorted(digests)) for file, digests in found.items()}


def changed_versions(a: Mapping[str, Any], b: Mapping[str, Any]) -> pd.DataFrame:
    """Return the programs and libraries whose versions differ, and the layers read from another source."""
    rows = []
    for name, value_a, value_b in differing(a.get("versions", {}), b.get("versions", {})):
        rows.append(("version", name, value_a, value_b))
    sources = [
        {name: layer.get("source_used", "") for name, layer in record.get("layers", {}).items()}
        for record in (a, b)
    ]
    rows += [("source of a layer", *row) for row in differing(*sources)]
    return pd.DataFrame(rows, columns=list(DIFF_TABLES["version_changes"].columns))


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return the names whose values differ, with both values.

    Examples
    --------
    >>> differing({"numpy": "2.0", "scipy": "1.13"}, {"numpy": "2.1", "scipy": "1.13"})
    [('numpy', '2.0', '2.1')]
    """
    names = dict.fromkeys([*a, *b])
    return [(n, str(a.get(n, "")), str(b.get(n, ""))) for n in names if a.get(n) != b.get(n)]


def changed_notes(a: Mapping[str, Any], b: Mapping[str, Any]) -> pd.DataFrame:
    """Return the notes only one of the two runs has."""
    one, other = (
        {(str(n["case"]), str(n["code"]), str(n["note"])) for n in record.get("notes", ())}
        for record in (a, b)
    )
    rows = [(ONLY_A, *note) for note in sorted(one - other)] + [(ONLY_B, *n) for n in sorted(other - one)]
    return pd.DataFrame(rows, columns=list(DIFF_TABLES["note_changes"].columns))


def changed_values(
    a: RunFolder, b: RunFolder, places: tuple[str, str], case: str, ids: Ids
) -> tuple[pd.DataFrame, list[str]]:
    """Return every value that differs between tables both runs have, and what could not be compared.

    Parameters
    ----------
    a, b : RunFolder
        The runs.
    places : tuple of str
        Where their tables stand: the keys of a case in A and in B; empty for those of the run.
    case : str
        For the first column.
    ids : mapping
        By `core_id` and `link_id`: the id in B of each that both runs have.
    """
    rows: list[tuple[Any, ...]] = []
    notes = []
    names = [name for place, name in a.tables if place == places[0] and (places[1], name) in b.tables]
    for name in (name for name in names if name not in TOLD_ELSEWHERE):
        one, other = a.table(places[0], name), b.table(places[1], name)
        one, other = with_cores(one), with_cores(other)
        keys = [column for column in KEYS if column in one and column in other]
        one, other = of_both(one, other, ids)
        repeated = [bool(len(table) and table.duplicated(keys).any()) for table in (one, other) if keys]
        if not keys or any(repeated):
            notes.append(f"table {name} is not compared: nothing names its rows")
            continue
        rows += [(case, name, *row) for row in value_rows(one, other, keys)]
    table = pd.DataFrame(rows, columns=list(DIFF_TABLES["value_changes"].columns))
    return table.astype({"difference": "float64", "difference_percent": "float64"}), notes


def with_cores(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of links in which rows on a core area instead have its number as `core_id`."""
    if "core_id" in table or not {"link_id", "core_a"} <= set(table) or table["link_id"].notna().all():
        return table
    return table.assign(core_id=table["core_a"].where(table["link_id"].isna()))


def of_both(a: pd.DataFrame, b: pd.DataFrame, ids: Ids) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows on cores and links both runs have, A's under the ids of B."""
    for column, mapping in ids.items():
        if column in a and column in b:
            named = a[column].notna()
            a = a.assign(**{column: a[column].map(mapping)})
            a = a[a[column].notna() | ~named]
            b = b[b[column].isin(list(mapping.values())) | b[column].isna()]
    return a, b


def value_rows(a: pd.DataFrame, b: pd.DataFrame, keys: list[str]) -> list[tuple[Any, ...]]:
    """Return row, column, both values and their difference, for each that is not the same."""
    columns = [c for c in a if c in b and c not in keys and c not in IDS_OF_ENDS]
    columns = publishable([str(column) for column in columns], drop=True)
    one, other = ({row_key(row, keys): row for row in table.to_dict("records")} for table in (a, b))
    rows: list[tuple[Any, ...]] = []
    for key in dict.fromkeys([*one, *other]):
        said = ", ".join(f"{name} {value}" for name, value in zip(keys, key, strict=True))
        if key not in one or key not in other:
            here, there = ("there", "") if key in one else ("", "there")
            rows.append((said, "(row)", here, there, None, None))
            continue
        rows += [
            (said, column, *told(one[key][column], other[key][column]))
            for column in columns
            if not same(one[key][column], other[key][column])
        ]
    return rows


def row_key(row: Mapping[Any, Any], keys: list[str]) -> tuple[str, ...]:
    """Return what a row is about."""
    return tuple(text(row[key]) for key in keys)


def same(a: Any, b: Any) -> bool:
    """Return whether two values are equal; two that are missing are."""
    if pd.isna(a) or pd.isna(b):
        return bool(pd.isna(a) and pd.isna(b))
    return bool(a == b)


def told(a: Any, b: Any) -> tuple[str, str, float | None, float | None]:
    """Return two values as text, and where both are numbers B minus A, also in percent of A."""
    if is_number(a) and is_number(b):
        change = float(b) - float(a)
        return text(a), text(b), change, 100 * change / abs(float(a)) if a else None
    return text(a), text(b), None, None


def is_number(value: Any) -> bool:
    """Return whether a value is a number that is there."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and not pd.isna(value)


def text(value: Any) -> str:
    """Return a value as text; nothing for a missing one."""
    if pd.isna(value):
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)
