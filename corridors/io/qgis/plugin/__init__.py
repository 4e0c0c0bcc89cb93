"""The QGIS plugin: tools of the Processing toolbox that start `corridors` in a Python of its own.

Runs in the Python of QGIS (3.9 or later) and never imports the program: its libraries and those of QGIS do
not get on in one process.
"""


def classFactory(_iface):
    """Return the plugin; QGIS calls this."""
    from .plugin import Plugin

    return Plugin()
