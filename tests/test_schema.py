"""The schema is one page everything reads: what it says must hold together, and be shown."""

from __future__ import annotations

import dataclasses
import json
import re

import numpy as np
import pytest
from typer.testing import CliRunner

from corridors import schema
from corridors.cli import app
from corridors.errors import InputError
from corridors.schema import (
    COLUMNS,
    CONTEXT,
    DIFF_TABLES,
    DIFF_VECTORS,
    EXPORTS,
    RASTERS,
    RUN_RASTERS,
    TABLES,
    TOGETHER_GROUPS,
    VECTORS,
    Classes,
    Graduated,
    Ramp,
    Symbol,
)

HOLDERS = [
    *VECTORS.values(),
    *CONTEXT.values(),
    *TABLES.values(),
    *DIFF_VECTORS.values(),
    *DIFF_TABLES.values(),
    *EXPORTS.values(),
    *schema.PROPOSED.values(),
    *schema.SINGLE_VECTORS.values(),
    *schema.SINGLE_TABLES.values(),
]
ENTRIES = [
    *RASTERS.values(), *RUN_RASTERS.values(), *schema.SINGLE_RASTERS.values(), *HOLDERS, *COLUMNS.values(),
]  # fmt: skip
COLOUR = re.compile(r"#[0-9a-f]{6}")
UNIT_OF_ENDING = {
    "_km2": {"km²"},
    "_km": {"km"},
    "_m": {"m", "m of ideal habitat"},
    "_percent": {"%"},
    "_deg": {"degrees"},
}


def test_keys_are_names() -> None:
    single = (schema.SINGLE_RASTERS, schema.SINGLE_VECTORS, schema.SINGLE_TABLES)
    for entries in (RASTERS, RUN_RASTERS, VECTORS, CONTEXT, TABLES, COLUMNS, *single):
        assert list(entries) == [entry.name for entry in entries.values()]


@pytest.mark.parametrize("name", [*RASTERS, *RUN_RASTERS, *VECTORS, *CONTEXT, *TABLES, *COLUMNS])
def test_names_are_plain(name: str) -> None:
    """They become file names, layer names and columns on every system."""
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)


def test_sentences_are_sentences() -> None:
    for entry in ENTRIES:
        assert entry.sentence.endswith("."), entry.name
        assert entry.sentence[0].isupper() or entry.sentence.startswith("default"), entry.name
        assert "\n" not in entry.sentence
    titles = [entry.title for entry in (*RASTERS.values(), *VECTORS.values(), *CONTEXT.values())]
    assert all(title and not title.endswith(".") for title in titles)


def test_short_names_fit_a_shapefile() -> None:
    """Ten ASCII characters, and different even where case does not count."""
    short = [column.short_name for column in COLUMNS.values()]
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,9}", name) for name in short)
    assert len({name.lower() for name in short}) == len(short)


def test_columns_exist_and_each_is_used() -> None:
    used = [column for holder in HOLDERS for column in holder.columns]
    assert set(used) <= set(COLUMNS)
    assert set(COLUMNS) == set(used)
    for holder in HOLDERS:
        assert len(set(holder.columns)) == len(holder.columns), holder.name


def test_no_two_columns_of_a_layer_share_a_short_name() -> None:
    for holder in HOLDERS:
        short = [COLUMNS[column].short_name for column in holder.columns]
        assert len(set(short)) == len(short), holder.name


def test_units_are_those_the_names_end_with() -> None:
    for name, column in COLUMNS.items():
        ending = next((ending for ending in UNIT_OF_ENDING if name.endswith(ending)), None)
        if ending is not None and "_per_" not in name:
            assert column.unit in UNIT_OF_ENDING[ending], name
        if column.kind != "number" and not name.startswith("population"):
            assert column.unit == "", name
        if column.kind == "number":
            assert column.unit, name
    assert all(raster.unit for raster in RASTERS.values())


def test_ids_come_first_and_tables_of_vectors_have_their_columns() -> None:
    for name in ("cores", "links", "crossings"):
        assert TABLES[name].columns == VECTORS[name].columns
        assert VECTORS[name].columns[0] == f"{name[:-1]}_id"


def test_groups_are_those_of_the_project() -> None:
    groups = {*schema.CASE_GROUPS, *schema.SHARED_GROUPS_ABOVE, *schema.SHARED_GROUPS_BELOW}
    assert {entry.group for entry in (*RASTERS.values(), *VECTORS.values(), *CONTEXT.values())} <= groups
    assert {vector.group for vector in VECTORS.values()} <= set(schema.CASE_GROUPS)


def test_rasters_of_a_run_have_groups_of_their_own_and_are_found_by_species() -> None:
    assert {entry.group for entry in RUN_RASTERS.values()} == set(TOGETHER_GROUPS)
    assert not set(RUN_RASTERS) & set(RASTERS)
    entry = schema.raster("corridor_agreement_of_snow_leopard")
    assert entry.name == "corridor_agreement_of_snow_leopard"
    assert entry.title == "Variants with a corridor, snow leopard"
    assert schema.raster("distance_of_roads").group == "predictors"


def test_labels_and_classes_name_columns_of_their_layer() -> None:
    for vector in (*VECTORS.values(), *CONTEXT.values()):
        assert vector.label is None or vector.label in vector.columns
        if isinstance(vector.style, Graduated):
            assert vector.style.column in vector.columns
            assert COLUMNS[vector.style.column].kind == "number"


@pytest.mark.parametrize("name", [*RASTERS, *schema.SINGLE_RASTERS])
def test_raster_styles_cover_what_the_raster_may_hold(name: str) -> None:
    entry = schema.raster(name)
    assert np.issubdtype(np.dtype(entry.dtype), np.number)
    assert entry.dtype not in ("int8", "int64", "float64")
    if isinstance(entry.style, Ramp):
        values = [value for value, _, _ in entry.style.stops]
        assert values == sorted(set(values))
        assert all(COLOUR.fullmatch(colour) for _, colour, _ in entry.style.stops)
        assert entry.limits[0] <= values[0]
        assert values[-1] <= entry.limits[1]
        # No limit that QGIS would colour past the last class but the open end of a scale.
        assert entry.limits[0] == values[0] or np.isinf(entry.limits[0])
        assert entry.style.transparent_above in (None, values[-1])
        assert not entry.style.log or values[0] >= 0
    elif isinstance(entry.style, Classes):
        values = [value for value, _, _ in entry.style.entries]
        assert len(set(values)) == len(values)
        assert all(COLOUR.fullmatch(colour) for _, colour, _ in entry.style.entries)
        assert entry.dtype == "uint8"
    else:
        assert COLOUR.fullmatch(entry.style.colour)
        assert entry.dtype.startswith(("uint", "int"))


def test_vector_styles_are_whole() -> None:
    for vector in (*VECTORS.values(), *CONTEXT.values()):
        style = vector.style
        if isinstance(style, Symbol):
            assert COLOUR.fullmatch(style.colour)
            assert COLOUR.fullmatch(style.outline)
            assert 0 < style.opacity <= 1
            assert style.width > 0
            continue
        assert isinstance(style, Graduated)
        bounds = [(low, high) for low, high, *_ in style.ranges]
        assert bounds[0][0] == 0
        assert all(low < high for low, high in bounds)
        assert [low for low, _ in bounds[1:]] == [high for _, high in bounds[:-1]]


def test_an_invented_predictor_gets_a_plain_entry() -> None:
    entry = schema.raster("my_own_layer")
    assert (entry.name, entry.title, entry.group) == ("my_own_layer", "my own layer", "predictors")
    assert "my_own_layer" not in RASTERS
    assert schema.raster("corridor") is RASTERS["corridor"]


def test_entries_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        RASTERS["corridor"].unit = "km"  # type: ignore[misc]


def describe(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["describe", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_describe__shows_all_of_it() -> None:
    rows = json.loads(describe("--json"))
    shown = {(row["kind"], row["name"]): row for row in rows}
    assert len(shown) == len(rows)
    kinds = (
        ("raster", RASTERS | RUN_RASTERS | schema.SINGLE_RASTERS),
        ("vector", schema.SINGLE_VECTORS | VECTORS | CONTEXT | DIFF_VECTORS | schema.PROPOSED),
        ("table", TABLES | DIFF_TABLES | schema.SINGLE_TABLES | EXPORTS | {"comparison": schema.COMPARED}),
        ("column", schema.COMPARISON | COLUMNS),
    )
    assert set(shown) == {(kind, name) for kind, entries in kinds for name in entries}
    for kind, entries in kinds:
        for name, entry in entries.items():
            assert shown[kind, name]["meaning"] == entry.sentence
            assert shown[kind, name]["unit"] == getattr(entry, "unit", "")
    text = describe()
    assert all(
        re.search(rf"^{name} ", text, re.MULTILINE) for name in (*RASTERS, *VECTORS, *TABLES, *COLUMNS)
    )


@pytest.mark.parametrize("name", [*VECTORS, *CONTEXT, *TABLES, *EXPORTS])
def test_describe__one_layer_or_table_comes_with_its_columns(name: str) -> None:
    rows = [(row["kind"], row["name"]) for row in json.loads(describe(name, "--json"))]
    holders = [holder for holder in HOLDERS if holder.name == name]
    columns = dict.fromkeys(column for holder in holders for column in holder.columns)
    assert [found for kind, found in rows if kind == "column" and found != name] == [
        column for column in columns if column != name
    ]
    assert len(rows) == len(set(rows))


def test_describe__no_such_name() -> None:
    with pytest.raises(InputError, match=r"I249.*there is no corridr. Did you mean corridor\?"):
        schema.description("corridr")
    with pytest.raises(InputError, match="lists all"):
        schema.description("xyzzy")


def test_describe__says_what_a_column_means_in_the_comparison() -> None:
    rows = {row["name"]: row for row in json.loads(describe("comparison", "--json"))}
    assert set(rows) == {"comparison", *schema.COMPARISON}
    assert rows["country"]["meaning"] == schema.COMPARISON["country"].sentence
    assert rows["country"]["meaning"] != COLUMNS["country"].sentence
