"""What formats have in common: names of features, texts of values, what columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import shapely

from corridors.errors import OutputError
from corridors.io.exports.contents import entry_of
from corridors.io.qgis.markup import xml_text
from corridors.schema import COLUMNS, EXPORTS, TABLES, Column

ONE_OF: dict[str, str] = {
    "crossings": "Crossing",
    "links": "Link",
    "cores": "Core area",
    "corridors": "Corridor of link",
    "restoration_places": "Place to restore",
    "barrier_openings": "Stretch to open",
    "pinch_points": "Pinch point",
    "openings": "Opening",
    "barriers": "Barrier",
}
DEGREES = 6
"""Decimals of a degree: a tenth of a metre."""
DIMENSION = {"Point": 0, "Line": 1, "Polygon": 2}


def feature_names(frame: pd.DataFrame, layer: str) -> list[str]:
    """Return what to call every feature of a layer: what it is, its number, its name."""
    entry = entry_of(layer)
    kind = ONE_OF.get(layer, "")
    number = next((c for c in entry.columns if c in frame and c.endswith("_id")), None) if kind else None
    label = next(
        (c for c in (entry.label, "name", "country", "border") if c and c in frame and c != number), None
    )
    names = []
    for row in range(len(frame)):
        parts = [f"{kind} {text_of(frame[number].iloc[row])}" if number else kind]
        if label is not None:
            parts.append(text_of(frame[label].iloc[row]))
        names.append(", ".join(part for part in parts if part) or entry.title)
    return names


def text_of(value: Any) -> str:
    """Return a value as text; nothing for no value.

    Examples
    --------
    >>> text_of(3.0), text_of(0.5), text_of(float("inf")), text_of(float("nan")), text_of(True)
    ('3', '0.5', 'inf', '', 'yes')
    """
    if value is None or value is pd.NA or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (int, float, np.integer, np.floating)):
        number = float(value)
        return repr(int(number)) if number.is_integer() and abs(number) < 2**53 else f"{number:.10g}"
    return str(value)


def xml(text: str) -> str:
    """Return a text for XML: marks escaped, characters XML has no place for replaced."""
    return escape(xml_text(text), {'"': "&quot;"})


def told_once(notes: pd.DataFrame) -> str:
    """Return notes as text, each once."""
    return "\n".join(dict.fromkeys(str(note) for note in notes["note"]))


def headed(column: str) -> str:
    """Return a column in words with its unit.

    Examples
    --------
    >>> headed("cost_distance_m"), headed("name")
    ('cost distance (m of ideal habitat)', 'name')
    """
    unit = COLUMNS[column].unit if column in COLUMNS else ""
    plain = column
    for ending in ("_per_100_km2", "_km2", "_km", "_m", "_percent"):
        if unit not in {"", "1"}:
            plain = plain.removesuffix(ending)
    return plain.replace("_", " ") + (f" ({unit})" if unit not in {"", "1"} else "")


def told_values(frame: pd.DataFrame, row: int) -> Iterable[tuple[str, str]]:
    """Yield column and text of everything a feature holds."""
    for column in (str(c) for c in frame.columns if c != "geometry"):
        text = text_of(frame[column].iloc[row])
        if text:
            yield column, text


def columns_table(
    layers: Mapping[str, Iterable[str]], *, text_columns: Iterable[tuple[str, str]] = ()
) -> pd.DataFrame:
    """Return what every column of every layer or table means.

    Parameters
    ----------
    layers : mapping of str to iterable of str
        Columns by layer or table.
    text_columns : iterable of (layer, column)
        Numbers that are written as text, because some are infinite.
    """
    as_text = set(text_columns)
    rows = []
    for layer, columns in layers.items():
        for name in columns:
            column = COLUMNS[name] if name in COLUMNS else of_number(layer, name)
            meaning = column.sentence + (" Yes is 1, no is 0." if column.kind == "yes_no" else "")
            meaning += " Text, for some are infinite (inf)." if (layer, name) in as_text else ""
            rows.append((layer, name, column.short_name, column.unit, meaning))
    return pd.DataFrame(rows, columns=list(EXPORTS["columns"].columns))


def of_number(layer: str, name: str) -> Column:
    """Return what a column means that stands for a number, as one of a matrix does."""
    per = TABLES[layer].one_column_per or ""
    return Column(name, "", name[:10], f"The value for {per} {name}.")


def refuse_mixed(frame: pd.DataFrame, layer: str) -> None:
    """Refuse a layer that holds geometries of several kinds, or of another kind than it should.

    Raises
    ------
    OutputError
        O421.
    """
    shapes = frame["geometry"].to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    wanted = entry_of(layer).geometry
    collections = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    other = (shapely.get_dimensions(shapes) != DIMENSION[wanted]) | collections
    if other.any():
        found = ", ".join(sorted({str(shape.geom_type) for shape in shapes[other]}))
        what, remedy = "the layer mixes kinds of geometry, which the format cannot hold", "Export it as csv."
        raise OutputError(what, code="O421", where=layer, given=found, allowed=wanted, remedy=remedy)
