"""The README of a landscape's folder."""

from __future__ import annotations

TEXT = """# {title}: stylised demonstration layers

{about}

**Stylised, not a legal boundary.** These layers were drawn, not measured: they look like the place, so that
every step of the toolkit can be tried and checked, and they must not be used to decide anything about it.
Borders are rounded to 0.05 degree. Prey density is an invented survey surface; it is not computed from the
other layers.

| file | content |
|---|---|
| `elevation.tif` | metres above the sea, steps of 10 m (int16) |
| `landcover.tif` | classes 0-11, named in the tags `CLASS_n` (uint8) |
| `forest_cover.tif` | share of the cell under trees, 0-1, steps of 0.05 |
| `roads.tif` | highest road class in the cell: 0 none, 1 primary, 2 trunk, 3 motorway |
| `settlements.tif` | persons per cell |
| `prey_density.tif` | animals per km², one band per species: {prey} |
| `osm.gpkg` | `roads`, `protected_areas`, `waterways` |
| `natural_earth.gpkg` | `countries_10m`, `boundary_lines_10m`, {lines} |
| `settlements.gpkg` | `places_1000`: towns and villages with their population, 0 = unknown |
| `proposals.gpkg` | `proposals`: what was proposed, one row per part; for `corridors compare` |

Rasters: {columns} x {rows} cells of 500 m, {crs}, the reporting area {bounds}
(west, south, east, north in degrees) and 30 km around it. Vectors: longitude and latitude (EPSG:4326). Files,
layers and columns are named as real layers from OpenStreetMap, Natural Earth and GeoNames usually are, so
that one workflow reads both; no geometry was taken from those.

**Sources.** Geographic facts only: where borders turn, rounded; towns, with populations of the larger ones
after GeoNames (geonames.org, CC BY 4.0) and round numbers for the others; roads and railways as sequences of
towns; areas and places of protected areas as their administrations, gazettes and the World Heritage and
Ramsar texts give them; heights of peaks, basins and lakes from general references. Towns hold to about 0.05
degree; outlines of protected areas hold in place, size and country only, borders outside the reporting area
only roughly. What is proposed stands apart in its own file, most sizes invented.{missing}

**Licence.** CC0-1.0 (public domain dedication); for the populations please credit GeoNames.

**How made.** `python workflows/make_demonstration_data.py {name}`, from the facts in
`workflows/demonstration/{name}.toml`. The same facts give the same cells; a test remakes them and compares.
"""


def readme(place):
    """Return what lies in the folder, where it comes from, its licence and how it was made."""
    facts = place.facts
    rows, columns = place.grid.shape
    lines = ["`rivers_10m`"]
    lines += ["`lakes_10m`"] if facts.get("lakes") else []
    lines += ["`railroads_10m`"] if facts.get("railways") else []
    missing = facts.get("missing", "")
    return TEXT.format(
        title=facts["title"],
        about=facts["about"],
        prey=", ".join(survey["species"] for survey in facts["prey"]),
        lines=", ".join(lines),
        columns=columns,
        rows=rows,
        crs=facts["crs"],
        bounds=", ".join(str(edge) for edge in facts["bounds"]),
        missing=f" {missing}" if missing else "",
        name=place.name,
    )
