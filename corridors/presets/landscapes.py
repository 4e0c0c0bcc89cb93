"""The four landscapes: where they are, who shares them, which species have a preset there."""

from __future__ import annotations

from dataclasses import dataclass

from corridors.grid import Bounds


@dataclass(frozen=True)
class Landscape:
    """A landscape shared by countries: its reporting area in degrees, and its partners (ISO alpha-2).

    UTM distorts lengths by 0.12 % at most over each of the areas.
    """

    title: str
    bounds: Bounds
    crs: str
    partners: tuple[str, ...]
    species: tuple[str, ...]


CELL_SIZE_M = 500.0

LANDSCAPES: dict[str, Landscape] = {
    # South-west Primorye, eastern Jilin and Heilongjiang; a corner in the DPR Korea.
    "land_of_big_cats": Landscape(
        title="Land of Big Cats",
        bounds=(129.4, 42.2, 133.2, 45.0),
        crs="EPSG:32652",
        partners=("CN", "RU"),
        species=("amur_tiger", "amur_leopard"),
    ),
    # The Amur between the Lesser Khingan of Heilongjiang and of the Jewish Autonomous Oblast.
    "lesser_khingan": Landscape(
        title="Lesser Khingan",
        bounds=(128.0, 46.8, 133.8, 49.8),
        crs="EPSG:32652",
        partners=("CN", "RU"),
        species=("amur_tiger",),
    ),
    # Altai, Tuva and western Mongolia; slivers of China and Kazakhstan.
    "chikhachev": Landscape(
        title="Chikhachev ridge",
        bounds=(87.8, 49.0, 91.2, 50.7),
        crs="EPSG:32645",
        partners=("MN", "RU"),
        species=("snow_leopard",),
    ),
    # Buryatia, Tuva and Khuvsgul.
    "eastern_sayan": Landscape(
        title="Eastern Sayan",
        bounds=(98.0, 50.2, 103.4, 52.6),
        crs="EPSG:32647",
        partners=("MN", "RU"),
        species=("snow_leopard",),
    ),
}
