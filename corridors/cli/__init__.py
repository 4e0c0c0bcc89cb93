"""The command line: one file per command, no logic.

Nothing heavy is imported before a command runs, so that `corridors --help` answers at once.
"""

from __future__ import annotations

import typer

from corridors.cli import (
    check,
    circuitscape,
    compare,
    demo,
    describe,
    export,
    init,
    omniscape,
    run,
    schema,
)

app = typer.Typer(
    name="corridors",
    help="From raster layers to candidate wildlife corridors across borders.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("init")(init.init)
app.command("check")(check.check)
app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("export")(export.export)
app.command("circuitscape")(circuitscape.circuitscape)
app.command("omniscape")(omniscape.omniscape)
app.command("schema")(schema.schema)
app.command("describe")(describe.describe)
app.command("demo")(demo.demo)


def main() -> None:
    """Run the command line."""
    app()
