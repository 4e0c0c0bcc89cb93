"""`corridors describe`: every layer, column and table a run can hold."""

from __future__ import annotations

from typing import Annotated

import typer

from corridors.cli.speak import Debug, Json, tell_json, tell_table, told

COLUMNS = ("name", "kind", "unit", "meaning")


def describe(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One layer, column or table.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Show every raster, vector, table and column of a run: its unit and one sentence."""
    with told(as_json=as_json, debug=debug):
        from corridors.schema import description

        rows = description(name)
        if as_json:
            tell_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
            return
        tell_table(name or "What a run holds", COLUMNS, rows)
