"""Make the four demonstration landscapes of `data/rasters` from geographic facts.

    python workflows/make_demonstration_data.py [--out data/rasters] [landscape ...]

The facts stand in `workflows/demonstration/<landscape>.toml`: borders, towns, roads, ridges, valleys,
protected areas, prey. From them this script draws rasters (500 m cells, on the lattice of
`Grid.for_area`) and vectors with the file, layer and column names of real layers. Everything is stylised:
it looks like the place and lets every step of the toolkit run, but nothing in it was measured.
The same facts give the same files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demonstration import areas, files, lines
from demonstration.cover import CLASSES, forest_cover, landcover, persons_per_cell
from demonstration.place import LANDSCAPES, Place
from demonstration.prey import prey_density
from demonstration.proposals import proposals
from demonstration.readme import readme
from demonstration.terrain import elevation

ROOT = Path(__file__).resolve().parents[1]


def make(name, folder):
    """Write all files of one landscape into `folder`."""
    place = Place.load(name)
    folder.mkdir(parents=True, exist_ok=True)
    make_rasters(place, folder)
    make_vectors(place, folder)
    (folder / "README.md").write_text(readme(place), encoding="utf-8", newline="\n")


def make_rasters(place, folder):
    """Write elevation, land cover, forest cover, roads, settlements and prey."""
    height, persons = elevation(place), persons_per_cell(place)
    classes = landcover(place, height, persons)
    legend = {f"CLASS_{number}": text for number, text in CLASSES.items()}
    road_legend = {"CLASS_0": "none", "CLASS_1": "primary", "CLASS_2": "trunk", "CLASS_3": "motorway"}
    for layer, bands, title, units, more in (
        ("elevation", {"elevation": height}, "Elevation", "m", {"nodata": -32768}),
        ("landcover", {"landcover": classes}, "Land cover", "class", {"tags": legend}),
        ("forest_cover", {"forest_cover": forest_cover(place, classes)}, "Forest cover", "0-1", {}),
        (
            "roads",
            {"roads": lines.road_classes(place)},
            "Highest road class",
            "class",
            {"tags": road_legend},
        ),
        ("settlements", {"settlements": persons}, "Population of settlements", "persons per cell", {}),
        ("prey_density", prey_density(place), "Prey density by species", "animals per km2", {}),
    ):
        files.write_raster(folder / f"{layer}.tif", place, bands, title=title, units=units, **more)


def make_vectors(place, folder):
    """Write osm.gpkg, natural_earth.gpkg, settlements.gpkg and proposals.gpkg."""
    facts, note = place.facts, areas.NOTICE
    files.write_layers(
        folder / "osm.gpkg",
        {
            "roads": (lines.roads(facts), f"Roads, primary and above; {note}"),
            "protected_areas": (areas.protected_areas(place), f"Protected areas; {note}"),
            "waterways": (lines.waterways(facts), f"Main rivers; {note}"),
        },
    )
    layers = {
        "countries_10m": (areas.countries(facts), f"Countries; {note}"),
        "boundary_lines_10m": (areas.boundary_lines(facts), f"Land borders; {note}"),
        "railroads_10m": (lines.railways(facts), f"Railways; {note}"),
        "rivers_10m": (lines.rivers(facts), f"Main rivers; {note}"),
        "lakes_10m": (areas.lakes(facts), f"Lakes; {note}"),
    }
    files.write_layers(folder / "natural_earth.gpkg", {k: v for k, v in layers.items() if len(v[0])})
    towns = (lines.settlements(facts), f"Towns and villages; {note}")
    files.write_layers(folder / "settlements.gpkg", {"places_1000": towns})
    files.write_layers(folder / "proposals.gpkg", {"proposals": (proposals(place), f"Proposals; {note}")})


def main():
    """Read the command line and make the landscapes asked for, all four by default."""
    parser = argparse.ArgumentParser(description="Make the demonstration landscapes from geographic facts.")
    parser.add_argument("landscapes", nargs="*", metavar="landscape", help=", ".join(LANDSCAPES))
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "rasters", help="folder to write into")
    options = parser.parse_args()
    unknown = sorted(set(options.landscapes) - set(LANDSCAPES))
    if unknown:
        parser.error(f"no landscape {', '.join(unknown)}; there are {', '.join(LANDSCAPES)}")
    for name in options.landscapes or LANDSCAPES:
        make(name, options.out / name)
        size = sum(path.stat().st_size for path in (options.out / name).iterdir())
        print(f"{name}: {size / 1e6:.2f} MB in {options.out / name}")


if __name__ == "__main__":
    main()
