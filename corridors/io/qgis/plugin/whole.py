"""Tools on a workflow file: run it, compare proposals with the landscape as it is."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputFile,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFile,
)

from .tool import Tool, advanced, options

LANGUAGES = ("en", "ru", "zh", "mn", "ko")
LANGUAGE_TITLES = ("English", "Русский", "中文", "Монгол", "한국어")
ANY = [QgsProcessing.TypeVectorAnyGeometry]


def workflow():
    """Return the parameters of a workflow and its data."""
    return [
        QgsProcessingParameterFile("WORKFLOW", "Workflow file", extension="toml"),
        QgsProcessingParameterFile(
            "DATA", "Folder of the layers (empty: the workflow's own)", QgsProcessingParameterFile.Folder,
            optional=True,
        ),
    ]  # fmt: skip


class Whole(Tool):
    """A tool on a workflow."""

    def workflow(self, parameters, context):
        """Return workflow and data as arguments."""
        data = self.parameterAsString(parameters, "DATA", context) or None
        return [self.parameterAsFile(parameters, "WORKFLOW", context), *options(data=data)]


class Run(Whole):
    """Run a workflow."""

    COMMAND = "run"
    NAME = "run"
    TITLE = "Run a workflow"
    SUMMARY = "Check a workflow, run it, and open what it found: core areas, links, corridors, crossings."
    HELP = (
        "<p>A workflow file is begun with the command corridors init. Everything that is wrong with it or "
        "its layers is said at once. A former run in the folder is replaced when the new one is whole.</p>"
    )
    FILES = {"REPORT": (QgsProcessingOutputFile, "Report", "report.html")}

    def parameters(self):
        """Return the parameters."""
        language = QgsProcessingParameterEnum(
            "LANGUAGE", "Language of the report", LANGUAGE_TITLES, defaultValue=0
        )
        return [*workflow(), advanced(language)]

    def arguments(self, parameters, context, _feedback):
        """Return what the command is given."""
        language = LANGUAGES[self.parameterAsEnum(parameters, "LANGUAGE", context)]
        return [*self.workflow(parameters, context), *options(lang=language)]


class Compare(Whole):
    """Compare proposals."""

    COMMAND = "compare"
    NAME = "compare"
    TITLE = "Compare proposals"
    SUMMARY = "Compare protected areas, fences, roads and other proposals with the landscape as it is."
    HELP = (
        "<p>A proposal has a name (column proposal or name) and a kind: protect, restore, fence, road, "
        "crossing structure, open gate, remove. Protection changes status only: its gain in connectivity is "
        "not assessed, which is not the same as none.</p>"
    )
    FILES = {
        "MEASURED": (
            QgsProcessingOutputVectorLayer,
            "Proposals",
            "corridors.gpkg|layername=proposals",
        ),
        "COMPARISON": (QgsProcessingOutputFile, "Comparison", "tables/comparison.csv"),
    }

    def parameters(self):
        """Return the parameters."""
        together = QgsProcessingParameterBoolean(
            "INTERACTIONS", "Measure every pair of proposals together, too", defaultValue=False
        )
        return [
            *workflow(),
            QgsProcessingParameterFeatureSource("PROPOSALS", "Proposals", ANY),
            advanced(together),
        ]

    def arguments(self, parameters, context, feedback):
        """Return what the command is given."""
        together = ["--interactions"] if self.parameterAsBool(parameters, "INTERACTIONS", context) else []
        proposals = self.features(parameters, "PROPOSALS", context, feedback)
        return [*self.workflow(parameters, context), *options(proposals=proposals), *together]
