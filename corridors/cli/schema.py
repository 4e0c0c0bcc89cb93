"""`corridors schema`: what a workflow file may hold."""

from __future__ import annotations

from corridors.cli.speak import Debug, Json, tell_json, tell_table, told


def schema(as_json: Json = False, debug: Debug = False) -> None:
    """Show every key of a workflow file; with --json, its JSON Schema for editors."""
    with told(as_json=as_json, debug=debug):
        from corridors.config import json_schema, key_table

        if as_json:
            tell_json(json_schema())
            return
        columns = ("key", "type", "default", "meaning")
        tell_table("Keys of a workflow file", columns, key_table())
