"""What QGIS loads and unloads: the provider of tools, and nothing else."""

from qgis.core import QgsApplication

from .provider import Provider


class Plugin:
    """Adds the tools to the Processing toolbox."""

    def __init__(self):
        self.provider = None

    def initProcessing(self):
        """Add the provider; qgis_process calls this alone."""
        self.provider = Provider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        """Add the provider to QGIS with its windows."""
        self.initProcessing()

    def unload(self):
        """Take the provider away."""
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
