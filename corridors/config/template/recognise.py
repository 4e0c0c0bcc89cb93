"""Which file of a folder is which layer: told by its name first, else by what is in it; every guess is said.

Nothing is guessed that would change a number unseen: classes that the file does not name, a share that may be
a percentage, a class of road nobody lists become questions, and the layer waits for the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from corridors.io.scan import FoundRaster, FoundVector, Scan
from corridors.layers.countries import alpha_2
from corridors.schema import LANDCOVER

LAND_COVER, FOREST, HEIGHT, PREY = "landcover", "forest_cover", "elevation", "prey_density"
KIND = {
    "roads": "lines", "railways": "lines", "rivers": "lines", "settlements": "points",
    "countries": "polygons", "protected_areas": "polygons",
}  # fmt: skip
DIMENSION = {"points": 0, "lines": 1, "polygons": 2}
NAMES: dict[str, str] = {
    LAND_COVER: r"land_?cover|lulc|land_?use_?land_?cover|worldcover|globeland\d*|igbp|corine|clc|lc",
    FOREST: r"forest_?cover|tree_?cover|canopy(_cover)?|treecover\d*",
    HEIGHT: r"elevation|dem|dtm|srtm|gdem|fabdem|heights?|altitude",
    PREY: r"prey(_density)?",
    "roads": r"roads?|highways?|streets?",
    "railways": r"rail(way|road)?s?",
    "rivers": r"rivers?|waterways?|streams?",
    "settlements": r"settlements?|places?|towns?|villages?|cities|populated_places|geonames",
    "countries": r"countr(y|ies)|adm(in)?_?0|nations?",
    "protected_areas": r"protected(_areas?)?|wdpa|reserves?|national_parks?|parks?",
}
ROAD_CLASSES = {"primary": 1, "trunk": 2, "motorway": 3}
ROADS_OF_OSM = {*ROAD_CLASSES, "secondary", "tertiary", "unclassified", "residential", "track"}
CLASS_COLUMNS = ("class", "highway", "fclass", "type")
STRUCTURES = {"tunnel", "bridge"}
STRUCTURE_COLUMNS = ("brunnel", "structure")
POPULATION = r"pop(ulation|_max|_est|_?\d{4})?|population_?\d*"
COUNTRY_COLUMNS = (
    r"country(_code)?|code|iso_?a?[23](_cd)?|adm0_a3|gid_0|iso3|iso2|iso_3166.*|cntr_(id|code)|shapegroup"
)
NAME_COLUMNS = ("name:en", "name_en", "name_eng", "name:latin", "name", "city", "asciiname", "orig_name",
                "prot_name", "shapename", "admin")  # fmt: skip
PARK_COLUMNS = {"wdpaid", "wdpa_pid", "iucn_cat", "desig_eng", "site_id"}
PARK_VALUES = {"national_park", "nature_reserve", "protected_area"}
SHARE_UNDER = 1.0 + 1e-6
HIGHEST_M, LOWEST_M = 8900.0, -500.0


@dataclass(frozen=True)
class Recognised:
    """A layer of the workflow, the file it is read from, and what was understood of it.

    `keys` are further keys of its section with their values, `said` what was guessed and why, `questions`
    what only a person knows; `usable` is False where the layer has to wait for the answer.
    """

    layer: str
    source: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    usable: bool = True
    found: FoundRaster | FoundVector | None = None


def recognise(scan: Scan) -> tuple[dict[str, Recognised], list[str]]:
    """Return the best file for every layer that was found, by layer, and what else was found, in words."""
    best: dict[str, Recognised] = {}
    others: list[str] = []
    candidates = sorted_by_layer(scan)
    for layer, files in candidates.items():
        usable = [found for found in files if reaches(found)]
        others += [f"{f.source}: {layer} that does not reach the area" for f in files if f not in usable]
        if usable:
            chosen = max(usable, key=lambda found: merit(layer, found))
            best[layer] = MAKERS.get(layer, plain_lines)(layer, chosen)
            others += [f"{f.source}: another layer of {layer}, not used" for f in usable if f is not chosen]
    known = {found.source for files in candidates.values() for found in files}
    files_found: tuple[FoundRaster | FoundVector, ...] = (*scan.rasters, *scan.vectors)
    others += [f"{found.source}: not recognised" for found in files_found if found.source not in known]
    others += [f"{name}: cannot be used: {why}" for name, why in scan.unreadable]
    return best, others


def reaches(found: FoundRaster | FoundVector) -> bool:
    """Return whether a file holds something within the area."""
    return found.cover_percent > 0 if isinstance(found, FoundRaster) else found.features > 0


def sorted_by_layer(scan: Scan) -> dict[str, list[FoundRaster | FoundVector]]:
    """Return, for every layer, the files that may be it."""
    layers: list[tuple[str, FoundRaster | FoundVector]] = [(raster_layer(r), r) for r in scan.rasters]
    layers += [(vector_layer(vector), vector) for vector in scan.vectors]
    found = {layer: [file for name, file in layers if name == layer] for layer in NAMES}
    return {layer: files for layer, files in found.items() if files}


def words_match(layer: str, name: str) -> bool:
    """Return whether a file or layer is called like a layer.

    Examples
    --------
    >>> words_match("elevation", "nea_dem_15s"), words_match("elevation", "academy")
    (True, False)
    """
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower())
    return re.search(rf"(^|_)({NAMES[layer]})(_|\d|$)", plain) is not None


def name_of(source: str) -> str:
    """Return the part of a source that says what it is: the layer, else the file without its ending."""
    path, _, part = source.partition("|")
    return part or path.rpartition("/")[2].rpartition(".")[0]


def raster_layer(found: FoundRaster) -> str:
    """Return the layer a raster is, by name, else by its bands and classes; '' where nothing tells."""
    name = name_of(found.source)
    for layer in (LAND_COVER, FOREST, PREY, HEIGHT):
        if words_match(layer, name) and "mask" not in name.lower():
            return layer
    own = names_agree(found.named)
    if own and len(own) > 1:
        return LAND_COVER
    bands = {band.lower() for band in found.bands}
    return next((layer for layer in (LAND_COVER, FOREST, HEIGHT) if layer in bands), "")


def vector_layer(found: FoundVector) -> str:
    """Return the layer a layer of a vector file is, by name, else by its columns; '' where nothing tells."""
    layers = [layer for layer, kind in KIND.items() if DIMENSION[kind] == found.dimension]
    name = name_of(found.source)
    file = found.source.partition("|")[0].rpartition("/")[2].rpartition(".")[0]
    for text in dict.fromkeys((name, file)):
        # A file osm.gpkg says nothing of its layers; settlements.gpkg does.
        named = [layer for layer in layers if words_match(layer, text)]
        if named and "boundar" not in text.lower():
            return named[0]
    return by_content(found, layers)


def by_content(found: FoundVector, layers: Iterable[str]) -> str:
    """Return the layer that columns and values speak for."""
    values = {text for texts in found.values.values() for text in texts}
    columns = {column.lower() for column in (*found.values, *found.numbers)}
    tells: dict[str, Callable[[], bool]] = {
        "roads": lambda: bool(values & {"motorway", "trunk", "primary"}),
        "railways": lambda: "rail" in values,
        "rivers": lambda: bool(values & {"river", "River", "stream"}),
        "settlements": lambda: population_column(found) is not None,
        "countries": lambda: country_column(found) is not None,
        "protected_areas": lambda: bool(columns & PARK_COLUMNS or values & PARK_VALUES),
    }
    order = [layer for layer in ("protected_areas", *KIND) if layer in layers]
    return next((layer for layer in order if tells[layer]()), "")


def merit(layer: str, found: FoundRaster | FoundVector) -> tuple[float, ...]:
    """Return what makes one file the better choice for a layer: the larger, the better."""
    if isinstance(found, FoundRaster):
        return (0.0, round(found.cover_percent), float(name_of(found.source) == layer), -found.cell_m)
    told = {
        "settlements": population_column(found) is not None,
        "countries": country_column(found) is not None,
    }
    return (
        1.0,
        float(told.get(layer, True)),
        float(words_match(layer, name_of(found.source))),
        float(found.features),
    )


def names_agree(named: Mapping[int, str]) -> dict[int, str] | None:
    """Return the names of classes where they mean what this project's legend says; None where they do not.

    Examples
    --------
    >>> names_agree({5: "forest (dense)"}), names_agree({5: "Mixed forests", 1: "Evergreen forests"})
    ({5: 'forest (dense)'}, None)
    """
    legend = {int(value): text for value, _, text in LANDCOVER.entries}
    if not named or not set(named) <= set(legend):
        return None
    agree = all(first_word(text) in legend[value] for value, text in named.items())
    return dict(named) if agree else None


def first_word(text: str) -> str:
    """Return the first word of a text."""
    found = re.search(r"[a-z]+", text.lower())
    return found.group() if found else "?"


def land_cover(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return land cover: its classes are only taken where the file names them, or may be this project's."""
    assert isinstance(found, FoundRaster)
    legend = {int(value): text for value, _, text in LANDCOVER.entries}
    shares = sorted(found.classes.items(), key=lambda item: -item[1])
    keys: dict[str, Any] = {"kind": "categories"}
    if names_agree(found.named):
        said = "classes named in the file as in this project's legend"
        strange = [value for value in found.classes if value not in found.named]
        questions = tuple(f"class {value} has no name: is it no data? nodata = {value}" for value in strange)
        return Recognised(layer, found.source, keys | {"impassable": [11]}, (said,), questions, True, found)
    words = ", ".join(
        f"{v} {found.named.get(v, '')} {100 * share:.2g} %".replace("  ", " ") for v, share in shares
    )
    if not found.classes:
        question = "its values are no classes: whole numbers, few of them. Is it land cover?"
        return Recognised(layer, found.source, keys, (), (question,), False, found)
    if found.named or not set(found.classes) <= set(legend):
        question = f"its classes are not those of the preset. Say what each is worth ({words})."
        return Recognised(layer, found.source, keys, (), (question,), False, found)
    read_as = ", ".join(f"{v} = {legend[v]} ({100 * share:.2g} %)" for v, share in shares)
    question = f"the file does not name its classes; they are read as {read_as}. Is that what they mean?"
    return Recognised(layer, found.source, keys | {"impassable": [11]}, (), (question,), True, found)


def forest(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return forest cover, which has to be a share of 0 to 1."""
    assert isinstance(found, FoundRaster)
    if found.low >= 0 and found.high <= SHARE_UNDER:
        return Recognised(layer, found.source, {}, ("share of 0-1, from its values",), (), True, found)
    question = (
        f"its values go from {found.low:g} to {found.high:g}, and a share of 0-1 is needed. "
        "Percent? Divide by 100 (QGIS, Raster calculator) and write the layer as below."
    )
    return Recognised(layer, found.source, {}, (), (question,), False, found)


def height(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return elevation, which has to be metres."""
    assert isinstance(found, FoundRaster)
    ends = f"{found.low:g} to {found.high:g}"
    if found.low >= LOWEST_M and found.high <= HIGHEST_M:
        return Recognised(layer, found.source, {}, (f"taken as metres: {ends} in the area",), (), True, found)
    question = f"its values go from {ends}; metres above the sea lie between {LOWEST_M:g} and {HIGHEST_M:g}."
    return Recognised(layer, found.source, {}, (), (question,), False, found)


def prey(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return prey density: a band per animal, by its description."""
    assert isinstance(found, FoundRaster)
    return Recognised(layer, found.source, {}, (f"bands {', '.join(found.bands)}",), (), True, found)


def roads(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return roads with their class and structure."""
    if isinstance(found, FoundRaster):
        return raster_of_lines(layer, found)
    keys: dict[str, Any] = {"kind": "lines"}
    said: list[str] = []
    questions: list[str] = []
    column = next((c for c in CLASS_COLUMNS if set(found.values.get(c, ())) & ROADS_OF_OSM), None)
    if column is not None:
        keys |= {"class_column": column, "classes": ROAD_CLASSES}
        rest = [text for text in found.values[column] if text not in ROAD_CLASSES][:12]
        said.append(f"classes in {column}" + (f"; left out: {', '.join(rest)}" if rest else ""))
    else:
        listed = "; ".join(f"{c}: {', '.join(v[:8])}" for c, v in found.values.items() if 1 < len(v) <= 30)
        questions.append(
            "no column tells main roads from tracks, so every line counts as a main road"
            + (f" ({listed})" if listed else "") + ". Name it in class_column and classes?"
        )  # fmt: skip
    structure = next(
        (c for c, texts in found.values.items() if c in STRUCTURE_COLUMNS or set(texts) & STRUCTURES), None
    )
    if structure is not None:
        keys["structure_column"] = structure
    return Recognised(layer, found.source, keys, tuple(said), tuple(questions), True, found)


def plain_lines(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return railways or rivers."""
    if isinstance(found, FoundRaster):
        return raster_of_lines(layer, found)
    keys: dict[str, Any] = {"kind": "lines"}
    name = name_columns(found)
    if layer == "rivers" and name:
        keys["name_column"] = name[0]
    return Recognised(layer, found.source, keys, (), (), True, found)


def raster_of_lines(layer: str, found: FoundRaster) -> Recognised:
    """Return a raster of lines, which must lie on the grid and is not used."""
    question = f"a raster of {layer} must lie on the workflow's own cells. Is there a vector layer?"
    return Recognised(layer, found.source, {}, (), (question,), False, found)


def settlements(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return settlements with name, country and population."""
    if isinstance(found, FoundRaster):
        return raster_of_lines(layer, found)
    keys: dict[str, Any] = {"kind": "points"}
    names, country, people = name_columns(found), country_column(found), population_column(found)
    if names:
        keys["name_column"] = names[0]
    if country:
        keys["country_column"] = country
    questions = []
    if people:
        keys |= {"population_column": people, "population_unknown": 1000}
    else:
        questions.append("no column of persons found: every settlement counts as 1000. Is there one?")
        keys["population_unknown"] = 1000
    said = f"columns: name {names[0] if names else '-'}, country {country or '-'}, persons {people or '-'}"
    return Recognised(layer, found.source, keys, (said,), tuple(questions), True, found)


def countries(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return countries with the column of their codes."""
    assert isinstance(found, FoundVector)
    column, names = country_column(found), name_columns(found)
    if column is None:
        question = "no column of ISO 3166 codes (MN or MNG). Add one; without it there is no border."
        return Recognised(layer, found.source, {"kind": "polygons"}, (), (question,), False, found)
    codes = sorted({str(alpha_2(text)) for text in found.values[column]})
    keys = {"kind": "polygons", "country_column": column} | ({"name_column": names[0]} if names else {})
    return Recognised(layer, found.source, keys, (f"codes in {column}: {', '.join(codes)}",), (), True, found)


def parks(layer: str, found: FoundRaster | FoundVector) -> Recognised:
    """Return protected areas with the columns of their names."""
    assert isinstance(found, FoundVector)
    names = name_columns(found)
    keys: dict[str, Any] = {"kind": "polygons"} | ({"name_columns": names} if names else {})
    said = f"names in {', '.join(names)}" if names else "no column of names"
    question = (
        'is the layer complete on every side of the border? If it is known not to be: one_sided = "accept"'
    )
    return Recognised(layer, found.source, keys, (said,), (question,), True, found)


def name_columns(found: FoundVector) -> list[str]:
    """Return the columns of names, the readable ones first."""
    lower = {column.lower(): column for column in found.values}
    return [lower[name] for name in NAME_COLUMNS if name in lower]


def country_column(found: FoundVector) -> str | None:
    """Return the column in which every text is the code of a country."""
    wanted = [column for column in found.values if re.fullmatch(COUNTRY_COLUMNS, column.lower())]
    for column in wanted:
        texts = [text for text in found.values[column] if text.strip()]
        if texts and all(alpha_2(text) for text in texts):
            return column
    return None


def population_column(found: FoundVector) -> str | None:
    """Return the column of persons: numbers of 0 and more."""
    named = [
        c for c, (low, _) in found.numbers.items() if re.fullmatch(POPULATION, c.lower()) and not low < 0
    ]
    return next((c for c in named if not np.isnan(found.numbers[c][1])), None)


MAKERS: dict[str, Callable[[str, FoundRaster | FoundVector], Recognised]] = {
    LAND_COVER: land_cover,
    FOREST: forest,
    HEIGHT: height,
    PREY: prey,
    "roads": roads,
    "settlements": settlements,
    "countries": countries,
    "protected_areas": parks,
}
