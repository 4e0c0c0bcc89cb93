"""Tools on layers given by hand: accumulated cost, corridors between two layers, current."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputRasterLayer,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from .tool import Tool, advanced, options

RASTER, VECTOR = QgsProcessingOutputRasterLayer, QgsProcessingOutputVectorLayer
ANY = [QgsProcessing.TypeVectorAnyGeometry]
LINES = [QgsProcessing.TypeVectorLine]
RULES = ("slack_m", "percent", "width_km")
RULE_TITLES = (
    "Extra cost over the least-cost path, metres of ideal habitat",
    "Extra cost in percent of the least cost",
    "Width, km",
)
ABOUT_COST = (
    "<p>Resistance says how many metres of ideal habitat one metre is worth: 1 or more, in a raster of "
    "square cells, projected in metres. No data lets nothing through. Costs are metres of ideal habitat.</p>"
)
ABOUT_PLACES = (
    "<p>Points count as the cell they lie in, lines as every cell they touch, polygons as the cells whose "
    "centre lies in them.</p>"
)
ABOUT_BARRIERS = (
    "<p>Barriers are lines that cost something to cross, by default what their column crossing_cost_m says. "
    "25 000 is the cost of 25 km of ideal habitat. Sealed, they let nothing through.</p>"
)


def resistance():
    """Return the parameter of the resistance raster."""
    return QgsProcessingParameterRasterLayer("RESISTANCE", "Resistance")


def places(name, title):
    """Return a parameter of places."""
    return QgsProcessingParameterFeatureSource(name, title, ANY)


def barriers():
    """Return the parameters of barriers."""
    return [
        QgsProcessingParameterFeatureSource("BARRIERS", "Barriers", LINES, optional=True),
        number("CROSSING_COST_M", "Cost of a crossing, metres of ideal habitat", optional=True, minValue=0),
        QgsProcessingParameterBoolean("SEALED", "Nothing crosses the barriers", defaultValue=False),
    ]


def number(name, title, **more):
    """Return a parameter of a number with decimals."""
    return QgsProcessingParameterNumber(name, title, QgsProcessingParameterNumber.Double, **more)


class Single(Tool):
    """A tool on a resistance raster, with barriers."""

    def barriers(self, parameters, context, feedback):
        """Return the barriers as arguments."""
        sealed = self.parameterAsBool(parameters, "SEALED", context)
        return options(
            barriers=self.features(parameters, "BARRIERS", context, feedback),
            crossing_cost_m="inf" if sealed else self.number(parameters, "CROSSING_COST_M", context),
        )


class Cost(Single):
    """Accumulated cost from the nearest source."""

    COMMAND = "cost"
    NAME = "accumulatedcost"
    TITLE = "Accumulated cost"
    SUMMARY = "The least accumulated cost from the nearest of the sources to every cell."
    HELP = ABOUT_COST + ABOUT_PLACES + ABOUT_BARRIERS
    FILES = {"COST": (RASTER, "Accumulated cost", "accumulated_cost.tif")}

    def parameters(self):
        """Return the parameters."""
        limit = number("MAX_COST_DISTANCE_M", "Go no further, metres of ideal habitat", optional=True)
        return [resistance(), places("SOURCES", "Sources"), *barriers(), advanced(limit)]

    def arguments(self, parameters, context, feedback):
        """Return what the command is given."""
        return [
            self.raster(parameters, "RESISTANCE", context),
            self.features(parameters, "SOURCES", context, feedback),
            *self.barriers(parameters, context, feedback),
            *options(max_cost_distance_m=self.number(parameters, "MAX_COST_DISTANCE_M", context)),
        ]


class Between(Single):
    """Least-cost paths and corridors between two layers."""

    COMMAND = "between"
    NAME = "corridorsbetween"
    TITLE = "Corridors between two layers"
    SUMMARY = "The least-cost path from one layer to another, and the land on which ways cost little more."
    HELP = (
        "<p>The normalised corridor shows, for every cell, how much more the best path through it costs than "
        "the least-cost path. It compares cells within a link and does not compare links.</p>"
        + ABOUT_COST + ABOUT_PLACES + ABOUT_BARRIERS
    )  # fmt: skip
    FILES = {
        "CORRIDOR": (RASTER, "Normalised least-cost corridor", "corridor.tif"),
        "PATHS": (VECTOR, "Least-cost paths", "corridors.gpkg|layername=links"),
        "POLYGONS": (VECTOR, "Corridor polygons", "corridors.gpkg|layername=corridors"),
    }

    def parameters(self):
        """Return the parameters."""
        return [
            resistance(),
            places("FROM", "From"),
            places("TO", "To"),
            QgsProcessingParameterBoolean("EACH", "From every feature to every feature", defaultValue=False),
            *barriers(),
            advanced(
                QgsProcessingParameterEnum("RULE", "What cuts the polygon", RULE_TITLES, defaultValue=0)
            ),
            advanced(number("VALUE", "Of that", defaultValue=10000.0, minValue=0.0)),
        ]

    def arguments(self, parameters, context, feedback):
        """Return what the command is given."""
        each = ["--each"] if self.parameterAsBool(parameters, "EACH", context) else []
        return [
            self.raster(parameters, "RESISTANCE", context),
            self.features(parameters, "FROM", context, feedback),
            self.features(parameters, "TO", context, feedback),
            *each,
            *options(
                rule=RULES[self.parameterAsEnum(parameters, "RULE", context)],
                value=repr(self.parameterAsDouble(parameters, "VALUE", context)),
            ),
            *self.barriers(parameters, context, feedback),
        ]


class CurrentBetween(Single):
    """Current between every two places."""

    COMMAND = "current"
    NAME = "currentbetween"
    TITLE = "Current between places"
    SUMMARY = "Current between every two places: much where one way only leads, little where many do."
    HELP = "<p>Effective resistances of all pairs stand in pairs.csv.</p>" + ABOUT_PLACES + ABOUT_BARRIERS
    FILES = {
        "CUMULATIVE": (RASTER, "Current between all pairs, summed", "cumulative_current.tif"),
        "MAXIMUM": (RASTER, "Largest current of any pair", "maximum_current.tif"),
        "PAIRS": (VECTOR, "Effective resistances", "pairs.csv"),
    }

    def parameters(self):
        """Return the parameters."""
        return [resistance(), places("PLACES", "Places"), *barriers()]

    def arguments(self, parameters, context, feedback):
        """Return what the command is given."""
        return [
            self.raster(parameters, "RESISTANCE", context),
            *options(places=self.features(parameters, "PLACES", context, feedback)),
            *self.barriers(parameters, context, feedback),
        ]


class CurrentAround(Single):
    """Current from everywhere to everywhere near."""

    COMMAND = "current"
    NAME = "currentaround"
    TITLE = "Current in moving windows"
    SUMMARY = "Current from everywhere to everywhere within a radius: omnidirectional connectivity."
    HELP = (
        "<p>Every block of cells is a target once, and all sources within the radius send it current. "
        "Normalised current is above 1 where movement is channelled and below 1 where it is impeded. Blocks "
        "of 3 cells take a ninth of the time.</p>" + ABOUT_BARRIERS
    )
    FILES = {
        "CURRENT": (RASTER, "Current in moving windows", "omnidirectional_current.tif"),
        "NORMALISED": (RASTER, "Normalised current", "normalised_current.tif"),
    }

    def parameters(self):
        """Return the parameters."""
        integer = QgsProcessingParameterNumber.Integer
        strength = QgsProcessingParameterRasterLayer("STRENGTH", "Source strength", optional=True)
        return [
            resistance(),
            number("RADIUS_KM", "Radius, km", minValue=0.0),
            QgsProcessingParameterNumber("BLOCK", "Block, cells (odd)", integer, defaultValue=1, minValue=1),
            advanced(strength),
            *barriers(),
        ]

    def arguments(self, parameters, context, feedback):
        """Return what the command is given."""
        given = parameters.get("STRENGTH") not in (None, "")
        return [
            self.raster(parameters, "RESISTANCE", context),
            *options(
                radius_km=self.number(parameters, "RADIUS_KM", context),
                block=str(self.parameterAsInt(parameters, "BLOCK", context)),
                strength=self.raster(parameters, "STRENGTH", context) if given else None,
            ),
            *self.barriers(parameters, context, feedback),
        ]
