"""`corridors qgis-plugin`: put the plugin where QGIS finds it, or take it away."""

from __future__ import annotations

from typing import Annotated

import typer

from corridors.cli.speak import Debug, Json, tell_json, told


def qgis_plugin(
    profile: Annotated[
        str | None, typer.Option("--profile", metavar="NAME", help="Profile of QGIS; its own if absent.")
    ] = None,
    into: Annotated[
        str | None, typer.Option("--into", metavar="DIR", help="A folder of plugins, not a profile's.")
    ] = None,
    uninstall: Annotated[bool, typer.Option("--uninstall", help="Take the plugin away.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Install the QGIS plugin, whose tools start this program, into a QGIS profile."""
    with told(as_json=as_json, debug=debug):
        from corridors.io.qgis.install import install_plugin, plugins_folder, uninstall_plugin

        folder = plugins_folder(profile) if into is None else into
        place = uninstall_plugin(folder) if uninstall else install_plugin(folder)
        if as_json:
            tell_json({"problems": [], "folder": place, "installed": not uninstall})
        elif uninstall:
            typer.echo(f"Removed {place}. Restart QGIS.")
        else:
            typer.echo(f"Installed {place}")
            typer.echo(
                "Next: start QGIS again, tick Corridors under Plugins > Manage and Install Plugins > "
                "Installed, and open Processing > Toolbox > Corridors. Without a window: "
                "qgis_process plugins enable corridors_qgis"
            )
