"""The text of a new workflow: an area, the usual layers, and one species with its numbers as comments."""

from __future__ import annotations

from collections.abc import Sequence

from corridors import presets
from corridors.config.marks import as_text
from corridors.errors import ConfigError
from corridors.grid import WGS84, Bounds, choose_crs, length_distortion_percent
from corridors.presets.landscapes import CELL_SIZE_M

LANDCOVER = """\
[layers.landcover]
kind = "categories"                      # continuous | categories | lines | points | polygons
sources = ["landcover.tif"]              # in order; the first one present in the data folder is used
impassable = [11]                        # the sea: nothing lives there or crosses it
# nodata = 255                           # where the file does not declare it
"""
FOREST_COVER = """\
[layers.forest_cover]                    # share of the cell under trees, 0-1; surveyed, or none
sources = ["forest_cover.tif"]
optional = true
"""
TERRAIN = """\
[layers.elevation]
sources = ["elevation.tif"]

[layers.slope]                           # computed at the elevation's own scale, then averaged
sources = [{ slope_of = "elevation.tif" }]

[layers.ruggedness]
sources = [{ ruggedness_of = "elevation.tif" }]
"""
PEOPLE = """\
[layers.roads]
kind = "lines"
sources = ["osm.gpkg|roads", "roads.tif"]
class_column = "class"
classes = { primary = 1, trunk = 2, motorway = 3 }
# structure_column = "brunnel"           # says where a road is a tunnel or a bridge

[layers.railways]
kind = "lines"
sources = ["natural_earth.gpkg|railroads_10m"]
optional = true                          # left out, and said, where absent

[layers.settlements]
kind = "points"
sources = ["settlements.gpkg|places_1000", "settlements.tif"]
name_column = "city"
country_column = "country_code"
population_column = "population"
population_unknown = 1000                # what a population of 0 counts as

[layers.countries]
kind = "polygons"
sources = ["natural_earth.gpkg|countries_10m"]
country_column = "iso_a3"
name_column = "name"

[layers.distance_to_roads]
sources = [{ distance_to = "roads" }]

[layers.distance_to_settlements]         # a town of more people counts as nearer
sources = [{ distance_to = "settlements", population_exponent = 0.25 }]
"""


def workflow_text(
    species: str, *, landscape: str | None = None, bounds: Bounds | None = None, data: str | None = None
) -> str:
    """Return a commented workflow for a species in a landscape, or in a box.

    Parameters
    ----------
    species : str
        With a preset.
    landscape : str, optional
        Of the preset; the first one the species has a preset for where absent.
    bounds : tuple of float, optional
        Reporting area: west, south, east, north in degrees; the landscape's where absent.
    data : str, optional
        Folder of the layers, relative to the workflow file.

    Raises
    ------
    ConfigError
        C109 no such preset, C103 bounds that are no box.
    """
    places = [place for name, place in presets.names() if name == species]
    place = landscape or (places[0] if places else "")
    parameters = presets.preset_parameters(species, place)
    known = presets.landscape(place)
    box = known.bounds if bounds is None else checked(bounds)
    name = place if bounds is None else species
    parts = [
        f'name = "{name}"',
        f'title = "{known.title if bounds is None else presets.species_title(species)}"',
        f'\n[data]\nfolder = "{data or "data"}"             # relative to this file; or run with --data DIR',
        area_text(box, known.partners if bounds is None else ()),
        LANDCOVER,
        *([TERRAIN] if any(key.split(".")[2:3] == ["elevation"] for key in parameters) else []),
        *([FOREST_COVER] if "forest_cover" in presets.optional_predictors(species) else []),
        PEOPLE,
        prey_text(species, place),
        species_text(species, place),
        "\n".join(comment(key, parameter) for key, parameter in parameters.items()),
    ]
    return "\n".join(parts) + "\n"


def checked(bounds: Bounds) -> Bounds:
    """Return the bounds, or say that they are no box."""
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        what, given = "the area is no box", ",".join(f"{degrees:g}" for degrees in bounds)
        allowed = "west,south,east,north in degrees"
        raise ConfigError(what, code="C103", where="--area", given=given, allowed=allowed)
    return bounds


def area_text(bounds: Bounds, partners: Sequence[str]) -> str:
    """Return the area section, with the coordinate system that suits it and how far it distorts."""
    crs = choose_crs(bounds)
    code = crs.to_epsg()
    low, high = length_distortion_percent(bounds, crs)
    text = f"EPSG:{code}" if code else crs.to_wkt()
    listed = ", ".join(f'"{code}"' for code in partners)
    why = (
        ""
        if partners
        else "   # ISO alpha-2 of the countries that share it, to compare layers across the border"
    )
    return (
        f"\n[area]\nbounds = {list(bounds)}    # west, south, east, north in degrees ({WGS84.name})\n"
        f"crs = '{text}'    # distorts lengths by {low:+.2f} to {high:+.2f} %\n"
        f"cell_size_m = {CELL_SIZE_M:g}\npartners = [{listed}]{why}\n"
    )


def prey_text(species: str, place: str) -> str:
    """Return the layer of prey density, which is left out where there is no survey."""
    name = next(n for n, p in presets.species_section(species, place)["habitat"]["predictors"].items()
                if p["role"] == "prey")  # fmt: skip
    weights = ", ".join(f"{prey} = {p.value:g}" for prey, p in presets.prey_weights(species, place).items())
    return (
        f"[layers.{name}]    # animals per km², one band per prey; surveyed, or none\noptional = true\n"
        f'sources = [{{ weighted_bands_of = "prey_density.tif", weights = {{ {weights} }} }}]\n'
    )


def species_text(species: str, place: str) -> str:
    """Return the species entry: what has to be said, and what may be changed."""
    return (
        f'[[species]]\nname = "{species}"\nlandscape = "{place}"    # preset: gives the numbers below\n'
        'season = "year-round"\nmovement_type = "dispersal"    # home range | dispersal | seasonal\n\n'
        "# Numbers of the preset. To change one, write it without the # ; it is then marked as yours.\n"
    )


def comment(key: str, parameter: presets.Parameter) -> str:
    """Return a number of the preset as a comment line that can be uncommented."""
    value = parameter.value
    if isinstance(value, str):
        shown = f'"{value}"'
    elif isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        shown = "[" + ", ".join(f'"{each}"' for each in value) + "]"
    else:
        shown = f"[{as_text(value)}]" if isinstance(value, (list, tuple)) else as_text(value)
    unit = f" {parameter.unit}" if parameter.unit else ""
    return f"# {key} = {shown}    #{unit} ({parameter.mark}; {parameter.range}) {parameter.source}"
