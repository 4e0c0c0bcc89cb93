"""The provider: its tools, and the setting that names the Python to start."""

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .interpreter import SETTING
from .single import Between, Cost, CurrentAround, CurrentBetween
from .whole import Compare, Run

FOLDER = Path(__file__).parent


class Provider(QgsProcessingProvider):
    """The tools of `corridors`."""

    def id(self):
        """Return the name tools begin with."""
        return "corridors"

    def name(self):
        """Return the name in the toolbox."""
        return "Corridors"

    def icon(self):
        """Return the icon in the toolbox."""
        return QIcon(str(FOLDER / "icon.svg"))

    def load(self):
        """Offer the setting in the options of Processing, then load the tools."""
        self.offer_setting()
        self.refreshAlgorithms()
        return True

    def unload(self):
        """Take the setting away."""
        try:
            from processing.core.ProcessingConfig import ProcessingConfig
        except ImportError:
            return
        ProcessingConfig.removeSetting(SETTING)

    def loadAlgorithms(self):
        """Add the tools."""
        for tool in (Run, Cost, Between, CurrentBetween, CurrentAround, Compare):
            self.addAlgorithm(tool())

    def offer_setting(self):
        """Show the Python to start under Settings > Options > Processing > Providers."""
        try:
            from processing.core.ProcessingConfig import ProcessingConfig, Setting
        except ImportError:
            return
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        title = "Python that has corridors (empty: the one that installed the plugin)"
        ProcessingConfig.addSetting(Setting(self.name(), SETTING, title, "", valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
