"""What all tools share: layers of QGIS become files, the program is run, its folder is opened."""

from pathlib import Path

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFolderDestination,
    QgsProcessingUtils,
)

from .child import FailedError, StoppedError, run_program
from .exporting import vector_file
from .interpreter import clean_environment, python_to_start, setting
from .loading import open_folder

NO_PYTHON = (
    "The plugin does not know which Python has corridors. Run the command corridors qgis-plugin, "
    "or name it under Settings > Options > Processing > Providers > Corridors."
)
CANCELLED = "Cancelled. Nothing was written; earlier results are as they were."


class Tool(QgsProcessingAlgorithm):
    """A tool: `COMMAND` of the program, and what stands in the window."""

    COMMAND = ""
    NAME = ""
    TITLE = ""
    SUMMARY = ""
    HELP = ""
    FILES = {}  # what lies in the folder, by name: kind of output, title, file

    def createInstance(self):
        """Return a new tool of this kind."""
        return type(self)()

    def name(self):
        """Return the name it is run by."""
        return self.NAME

    def displayName(self):
        """Return the name in the toolbox."""
        return self.TITLE

    def shortDescription(self):
        """Return one sentence for the toolbox."""
        return self.SUMMARY

    def shortHelpString(self):
        """Return what stands beside the parameters."""
        return "<p>" + self.SUMMARY + "</p>" + self.HELP

    def initAlgorithm(self, _configuration=None):
        """Declare parameters and outputs."""
        for parameter in self.parameters():
            self.addParameter(parameter)
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Folder for the results"))
        self.addParameter(
            QgsProcessingParameterBoolean("LOAD", "Open the results in the project", defaultValue=True)
        )
        for name, (kind, title, _file) in self.FILES.items():
            self.addOutput(kind(name, title))

    def parameters(self):
        """Return the parameters of this tool, without where it writes."""
        raise NotImplementedError

    def arguments(self, parameters, context, feedback):
        """Return what the command is given, without where it writes."""
        raise NotImplementedError

    def processAlgorithm(self, parameters, context, feedback):
        """Run the program; QGIS calls this in a thread of its own."""
        python = python_to_start(setting())
        if not python:
            raise QgsProcessingException(NO_PYTHON)
        out = str(Path(self.parameterAsString(parameters, "OUTPUT", context)).absolute())
        given = [self.COMMAND, *self.arguments(parameters, context, feedback), "--out", out]
        feedback.pushCommandInfo(" ".join(["corridors", *given]))
        try:
            told = run_program(python, given, clean_environment(), teller(feedback), feedback.isCanceled, out)
        except StoppedError:
            # An error, not an empty result: a script must not take it for done.
            raise QgsProcessingException(CANCELLED) from None
        except FailedError as error:
            raise QgsProcessingException(str(error)) from error
        for note in told.get("notes", []):
            feedback.pushInfo(note["text"] if isinstance(note, dict) else str(note))
        feedback.setProgress(100)
        self.folder = out
        self.load = self.parameterAsBool(parameters, "LOAD", context)
        results = {name: str(Path(out, file)) for name, (_kind, _title, file) in self.FILES.items()}
        return dict(results, OUTPUT=out)

    def postProcessAlgorithm(self, context, feedback):
        """Open the results in the project; QGIS calls this where layers may be added."""
        if getattr(self, "load", False) and context.project() is not None:
            open_folder(self.folder, context.project(), feedback)
        return {}

    def raster(self, parameters, name, context):
        """Return the file of a raster layer."""
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        file = layer.source()
        if layer.providerType() != "gdal" or not Path(file).is_file():
            text = f"{layer.name()} is no file on this computer: export it as GeoTIFF (Export > Save As)."
            raise QgsProcessingException(text)
        return str(Path(file).absolute())

    def features(self, parameters, name, context, feedback):
        """Return the features of a layer as a file of their own, as they are in QGIS now; None for none."""
        source = self.parameterAsSource(parameters, name, context)
        if source is None:
            if parameters.get(name) in (None, ""):
                return None
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        folder = Path(QgsProcessingUtils.generateTempFilename(name)).parent
        return vector_file(source, folder, name.lower(), context, feedback)

    def number(self, parameters, name, context):
        """Return a number as text, None where none is given."""
        if parameters.get(name) in (None, ""):
            return None
        return repr(self.parameterAsDouble(parameters, name, context))


def teller(feedback):
    """Return what passes on steps and text to the window."""
    last = []

    def tell(text, fraction):
        if fraction is None:
            feedback.pushInfo(text)
            return
        if last[-1:] != [text]:
            feedback.setProgressText(text)
            last[:] = [text]
        feedback.setProgress(100 * fraction)

    return tell


def options(**given):
    """Return options as arguments; what is None is left out."""
    found = []
    for name, value in given.items():
        if value is not None:
            found += ["--" + name.replace("_", "-"), value]
    return found


def advanced(parameter):
    """Return a parameter that is folded away at first."""
    parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
    return parameter
