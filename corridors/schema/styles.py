"""How things look: styles, and the colours that hold across runs and proposals."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Ramp:
    """Colours of a continuous raster: (value, colour, label) in rising order.

    `transparent_above` hides what lies past the cut (corridors), `transparent_to` what lies below one, itself
    included; `log` marks logarithmic class breaks.
    """

    stops: tuple[tuple[float, str, str], ...]
    transparent_above: float | None = None
    log: bool = False
    transparent_to: float | None = None


@dataclass(frozen=True)
class Classes:
    """Colours of a categorical raster or column: (value, colour, label)."""

    entries: tuple[tuple[int | str, str, str], ...]


@dataclass(frozen=True)
class Labels:
    """Colours of a label raster: `colour` for every label > 0."""

    colour: str


@dataclass(frozen=True)
class Hillshade:
    """Relief drawn from elevation, `exaggeration` times as high as it is."""

    exaggeration: float = 3.0


@dataclass(frozen=True)
class Symbol:
    """One look for all features of a vector layer; widths and sizes in millimetres."""

    colour: str
    width: float = 0.5
    outline: str = "#404040"
    fill: bool = True
    dash: bool = False
    opacity: float = 1.0


@dataclass(frozen=True)
class Graduated:
    """Line colour and width by the value of a column: (lower, upper, colour, width, label)."""

    column: str
    ranges: tuple[tuple[float, float, str, float, str], ...]


RasterStyle = Ramp | Classes | Labels | Hillshade
VectorStyle = Symbol | Graduated

SUITABILITY = Ramp(
    (
        (0.0, "#440154", "0 poor"),
        (0.25, "#3b528b", "0.25"),
        (0.5, "#21918c", "0.5"),
        (0.75, "#5ec962", "0.75"),
        (1.0, "#fde725", "1 best"),
    )
)
RESISTANCE = Ramp(
    (
        (1, "#fcfdbf", "1 easiest"),
        (3, "#fe9f6d", "3"),
        (10, "#de4968", "10"),
        (30, "#8c2981", "30"),
        (100, "#3b0f70", "100"),
        (1000, "#000004", "1000"),
    ),
    log=True,
)
CORRIDOR = Ramp(
    (
        (0, "#7f2704", "0 best path"),
        (2_500, "#d94801", "2.5 km"),
        (5_000, "#f16913", "5 km"),
        (10_000, "#fdae6b", "10 km"),
        (20_000, "#fee6ce", "20 km of slack"),
    ),
    transparent_above=20_000,
)
QUALITY = Ramp(
    (
        (0, "#7f2704", "0"),
        (1, "#7f2704", "1 ideal habitat all the way"),
        (2, "#d94801", "2"),
        (5, "#f16913", "5"),
        (10, "#fdae6b", "10"),
        (30, "#fee6ce", "30 times as dear"),
    ),
    transparent_above=30,
    log=True,
)
COST = Ramp(
    (
        (0, "#fff7fb", "0"),
        (10_000, "#d0d1e6", "10 km"),
        (30_000, "#74a9cf", "30 km"),
        (100_000, "#0570b0", "100 km"),
        (300_000, "#023858", "300 km of ideal habitat"),
    ),
    log=True,
)
CURRENT = Ramp(
    (
        (0, "#0d0887", "0"),
        (1e-3, "#0d0887", "0.001 A"),
        (1e-2, "#7e03a8", "0.01"),
        (1e-1, "#cc4778", "0.1"),
        (0.5, "#f89540", "0.5"),
        (1, "#f0f921", "1 A: everything passes here"),
    ),
    log=True,
)
WINDOW_CURRENT = Ramp(
    (
        (0, "#0d0887", "0"),
        (3, "#7e03a8", "3"),
        (10, "#cc4778", "10"),
        (30, "#f89540", "30"),
        (100, "#f0f921", "100"),
    ),
    log=True,
)
SUMMED_CURRENT = Ramp(
    (
        (0, "#0d0887", "0"),
        (1e-2, "#0d0887", "0.01 A"),
        (1e-1, "#7e03a8", "0.1"),
        (1, "#cc4778", "1"),
        (10, "#f89540", "10"),
        (100, "#f0f921", "100"),
    ),
    log=True,
)
NORMALISED_CURRENT = Ramp(
    (
        (0, "#2166ac", "0 blocked"),
        (0.5, "#92c5de", "0.5 impeded"),
        (1, "#f7f7f7", "1 as on even ground"),
        (1.5, "#f4a582", "1.5 channelled"),
        (3, "#b2182b", "3 squeezed"),
    )
)
IMPROVEMENT = Ramp(
    (
        (0, "#ffffff", "0"),
        (0.1, "#edf8e9", "0.1"),
        (0.5, "#bae4b3", "0.5"),
        (1, "#74c476", "1 saved per metre restored"),
        (3, "#31a354", "3"),
        (10, "#006d2c", "10"),
    ),
    log=True,
)
AGREEMENT = Ramp(
    (
        (0, "#fff7fb", "0 none"),
        (25, "#a6bddb", "25"),
        (50, "#3690c0", "50"),
        (75, "#045a8d", "75"),
        (100, "#49006a", "100 % of the variants"),
    ),
    transparent_to=0,
)
ELEVATION = Ramp(
    ((0, "#1a6b3c", "0 m"), (500, "#c9d98b", "500"), (1500, "#d1a35c", "1500"), (3000, "#8c6a56", "3000"),
     (4500, "#ffffff", "4500"))
)  # fmt: skip
DISTANCE = Ramp(((0, "#b2182b", "0 km"), (2, "#f4a582", "2"), (5, "#d1e5f0", "5"), (20, "#2166ac", "20 km")))
DENSITY = Ramp(((0, "#ffffe5", "0"), (0.5, "#addd8e", "0.5"), (2, "#31a354", "2"), (5, "#004529", "5")))
SLOPE = Ramp(((0, "#ffffff", "0°"), (10, "#fdcc8a", "10°"), (30, "#d7301f", "30°"), (60, "#4a0000", "60°")))
RUGGED = Ramp(
    ((0, "#ffffff", "0 m"), (50, "#fdcc8a", "50"), (200, "#d7301f", "200"), (600, "#4a0000", "600"))
)
SOUTHNESS = Ramp(((-1, "#2166ac", "-1 north"), (0, "#f7f7f7", "0"), (1, "#b2182b", "1 south")))
LANDCOVER = Classes(
    (
        (0, "#c8beb4", "bare, sparse or unclassified"),
        (1, "#e8d27a", "crop"),
        (2, "#c6dc8a", "grass"),
        (3, "#97b85a", "scrub"),
        (4, "#3f8f45", "tree (generalised)"),
        (5, "#135e28", "forest (dense)"),
        (6, "#f2f7fa", "snow and ice"),
        (7, "#7fb8a4", "wetland"),
        (8, "#9a8f86", "rock or sand"),
        (9, "#c0392b", "built-up"),
        (10, "#5b9bd5", "inland water"),
        (11, "#2c5f8a", "sea"),
    )
)
ROAD_CLASS = Classes(
    ((0, "#ffffff", "none"), (1, "#f6c667", "primary"), (2, "#e8863a", "trunk"), (3, "#b3261e", "motorway"))
)
RAILWAY = Classes(((0, "#ffffff", "none"), (1, "#252525", "railway")))
BARRIERS = Graduated(
    "crossing_cost_m",
    (
        (0, 1, "#1b7837", 0.9, "open"),
        (1, 10_000, "#fdbb84", 0.4, "under 10 km of ideal habitat"),
        (10_000, 25_000, "#fc8d59", 0.6, "10-25 km"),
        (25_000, 50_000, "#d7301f", 0.8, "25-50 km"),
        (50_000, math.inf, "#7f0000", 1.0, "over 50 km, or sealed"),
    ),
)
OPENING_GAINS = Graduated(
    "weighted_gain_m",
    (
        (0, 5_000, "#c7e9c0", 0.8, "under 5 km of ideal habitat"),
        (5_000, 15_000, "#74c476", 1.2, "5-15 km"),
        (15_000, 40_000, "#238b45", 1.6, "15-40 km"),
        (40_000, math.inf, "#00441b", 2.0, "over 40 km"),
    ),
)
GATES = Graduated(
    "eca_gain_percent",
    (
        (0, 0.1, "#d4b9da", 0.8, "adds under 0.1 % of connected area"),
        (0.1, 1, "#df65b0", 1.2, "0.1-1 %"),
        (1, 5, "#ce1256", 1.7, "1-5 %"),
        (5, 1e9, "#67001f", 2.2, "over 5 %"),
    ),
)
LINKS = Graduated(
    "cost_distance_m",
    (
        (0, 30_000, "#1b7837", 1.4, "under 30 km of ideal habitat"),
        (30_000, 100_000, "#d9a400", 1.0, "30-100 km"),
        (100_000, 300_000, "#d95f02", 0.8, "100-300 km"),
        (300_000, 1e12, "#7a0177", 0.6, "over 300 km"),
    ),
)
