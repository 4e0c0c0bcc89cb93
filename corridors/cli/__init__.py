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
    diff,
    export,
    init,
    omniscape,
    run,
    schema,
)

from corridors.cli import progress, qgis_plugin, single  # isort: skip

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
app.command("diff")(diff.diff)
app.command("export")(export.export)
app.command("circuitscape")(circuitscape.circuitscape)
app.command("omniscape")(omniscape.omniscape)
app.command("schema")(schema.schema)
app.command("describe")(describe.describe)
app.command("demo")(demo.demo)
app.callback()(progress.options)
app.command("cost")(single.cost)
app.command("between")(single.between)
app.command("current")(single.current)
app.command("qgis-plugin")(qgis_plugin.qgis_plugin)


def main() -> None:
    """Run the command line."""
    progress.end_cleanly_when_told()
    app()
