"""Tables of a result as the page shows them: headings in words with units, cells that can be sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.report.html.strings import Words

UNITS = {"_km2": "km²", "_km": "km", "_percent": "%"}
CHANGE, LOW, HIGH = "_change", "_low", "_high"
JOINT = "joint"
BASELINE = "baseline"
AS_GIVEN = (
    "name",
    "proposal",
    "key",
    "value",
    "range",
    "source",
    "source_used",
    "file",
    "layer",
    "notes",
    "combination",
    "case",
    "case_a",
    "case_b",
)
"""Columns of the user's own words, never put into the page's language; `proposal` but for the baseline."""
SHOWN_COLUMNS = {
    "cores": ("core_id", "name", "area_km2", "mean_suitability", "countries", "border_contact_km",
              "narrowest_neck_km"),
    "links": ("link_id", "core_a", "core_b", "cost_distance_km", "path_length_km", "euclidean_km",
              "mean_resistance", "borders"),
    "link_exposure": ("link_id", "cost_distance_km", "road_crossings", "settlements_near", "population_near",
                      "protected_percent", "mean_mortality"),
    "corridors": ("link_id", "area_km2", "narrowest_width_km", "narrow_percent"),
    "crossings": ("crossing_id", "link_id", "border", "border_in_corridor_km", "position_error_km"),
    "core_countries": ("core_id", "country", "area_km2", "share_percent"),
    "connectivity": ("dispersal_km", "distance", "nodes", "edges", "components",
                     "probability_of_connectivity", "equivalent_connected_area_km2"),
    "threshold_check": ("threshold", "cores_n", "cores_km2", "largest_core_km2"),
    "layers": ("layer", "country", "coverage_percent", "density_per_1000_km2", "source_used", "note"),
    "parameters": ("key", "value", "unit", "range", "mark", "source"),
    "protected_areas": ("name", "class", "country", "origin"),
    "settlements": ("name", "country", "population"),
    "borders": ("border",),
    "countries": ("name",),
    "roads": ("class",),
    "railways": ("class",),
    "rivers": ("name",),
    "proposals": ("proposal", "name", "kind", "status"),
}  # fmt: skip
"""What is shown of each table and vector, in order; the run folder holds all columns."""


@dataclass(frozen=True)
class Cell:
    """Text of a cell, what it is sorted by, the change against the baseline and the interval, where known."""

    text: str
    order: str
    change: str = ""
    interval: str = ""


@dataclass(frozen=True)
class PageTable:
    """A table of the page: title, headings with whether they head numbers, rows of cells."""

    title: str
    headings: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]


def page_table(table: pd.DataFrame, name: str, words: Words, *, title: str = "") -> PageTable:
    """Return the shown columns of a table of the schema."""
    frame = in_kilometres(table.reset_index() if any(table.index.names) else table)
    columns = [column for column in SHOWN_COLUMNS[name] if column in frame and frame[column].notna().any()]
    return table_of(frame, columns, words, title=title or words(f"table_{name}"))


def table_of(frame: pd.DataFrame, columns: Iterable[str], words: Words, *, title: str) -> PageTable:
    """Return columns of a table; beside a number stand its `_change`, and its interval `_low` to `_high`.

    A change that is not known, of a value that is, was not assessed; the baseline has none.
    """
    kept = list(columns)
    headings = tuple((heading(column, words), is_numeric(frame[column])) for column in kept)
    changes = [frame.get(column + CHANGE) for column in kept]
    baseline = frame["proposal"] == BASELINE if "proposal" in frame else pd.Series(False, frame.index)
    rows = []
    for row in range(len(frame)):
        texts = []
        for column, change in zip(kept, changes, strict=True):
            value = frame[column].iloc[row]
            changed = ""
            if change is not None and not baseline.iloc[row] and not pd.isna(value):
                changed = change_text(change.iloc[row], words)
            between = interval_text(frame, column, row, words)
            texts.append(Cell(text_of(value, words, column=column), order_of(value), changed, between))
        rows.append(tuple(texts))
    return PageTable(title, headings, tuple(rows))


def in_kilometres(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with cost in kilometres of ideal habitat, as people read it."""
    if "cost_distance_m" not in frame:
        return frame
    return frame.assign(cost_distance_km=frame["cost_distance_m"].astype(float) / 1000)


def heading(column: str, words: Words) -> str:
    """Return a column's name in words with its unit; one the table of strings lacks keeps its own name."""
    unit = next((unit for ending, unit in UNITS.items() if column.endswith(ending)), "")
    said = words.get(f"col_{column}", "")
    if not said:
        return column.replace("_", " ")
    return f"{said}, {unit}" if unit and unit not in said else said


def is_numeric(values: pd.Series[Any]) -> bool:
    """Return whether a column holds numbers."""
    return bool(pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values))


def text_of(value: Any, words: Words, *, column: str = "") -> str:
    """Return a value as text; a word of the program (a kind, a status, a mark) in the page's language."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return "–"
    if isinstance(value, (bool, np.bool_)):
        return words("yes" if value else "no")
    if isinstance(value, (int, float, np.integer, np.floating)):
        return words.number(float(value))
    if column in AS_GIVEN and value != BASELINE:
        return str(value)
    return ", ".join(words.get("word_" + part.replace(" ", "_"), part) for part in str(value).split(", "))


def order_of(value: Any) -> str:
    """Return what a cell is sorted by: a number's digits, else nothing (its text then)."""
    plain = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return "" if not plain or np.isnan(float(value)) else repr(float(value))


def interval_text(frame: pd.DataFrame, column: str, row: int, words: Words) -> str:
    """Return the interval of a number; empty where there is none, or no number."""
    if column + LOW not in frame or column + HIGH not in frame or pd.isna(frame[column].iloc[row]):
        return ""
    low, high = float(frame[column + LOW].iloc[row]), float(frame[column + HIGH].iloc[row])
    if np.isnan(low) or np.isnan(high):
        return ""
    return f"{words.number(low)} – {words.number(high)}"


def change_text(value: Any, words: Words) -> str:
    """Return a change with its sign; one that is not known was not assessed, which is not 0."""
    return words("not_assessed") if pd.isna(value) else words.number(float(value), signed=True)
