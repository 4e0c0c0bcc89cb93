"""The area section of a new workflow: coordinate system and its distortion, cell size and why, partners."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corridors.config.template.words import remarks, toml_value
from corridors.errors import ConfigError
from corridors.grid import Bounds, Grid, choose_crs, default_margin_km, length_distortion_percent, with_margin
from corridors.presets.landscapes import CELL_SIZE_M

LARGEST_DISTORTION_PERCENT = 5.0
MOST_CELLS = 4_000_000
FEWEST_CELLS = 10
NICE_M = (10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 250.0, 500.0, 1000.0, 2000.0, 2500.0, 5000.0, 10_000.0)
EVERYWHERE: Bounds = (-360.0, -90.0, 720.0, 90.0)
PARTNER_PERCENT = 5.0


@dataclass(frozen=True)
class Place:
    """A reporting area and what is proposed for it: CRS as text, its distortion (%), cell size, reasons."""

    bounds: Bounds
    crs: str
    crs_name: str
    distortion_percent: tuple[float, float]
    cell_size_m: float
    why_cells: str
    size_km: tuple[float, float]


def place_of(
    bounds: Bounds, *, radius_km: float | None, sources_m: Mapping[str, float], preset: bool
) -> Place:
    """Return what is proposed for an area.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in degrees.
    radius_km : float or None
        Home range of the widest-ranging species.
    sources_m : mapping of str to float
        Cell size of every raster that is used, on the ground.
    preset : bool
        Whether a species has a preset, whose numbers were tried at 500 m.

    Raises
    ------
    ConfigError
        C163 too large for any coordinate system, C164 too small for its cells.
    """
    margin_km = default_margin_km(bounds, radius_km or 0.0)
    whole, _ = with_margin(bounds, margin_km, EVERYWHERE)
    crs = choose_crs(whole)
    low, high = length_distortion_percent(whole, crs)
    if not max(abs(low), abs(high)) <= LARGEST_DISTORTION_PERCENT:
        what = "the area is too large for one map: no coordinate system measures well over all of it"
        given = f"{bounds[2] - bounds[0]:g} x {bounds[3] - bounds[1]:g} degrees"
        here = max(abs(low), abs(high))
        allowed = f"lengths wrong by {LARGEST_DISTORTION_PERCENT:g} % at most (here {here:.0f} %)"
        remedy = "Check the order west,south,east,north, or divide the area."
        raise ConfigError(what, code="C163", where="--area", given=given, allowed=allowed, remedy=remedy)
    code = crs.to_epsg()
    cell, why = cell_size(whole, crs_text(code, crs.to_wkt()), sources_m, preset=preset)
    size = size_km(bounds, crs_text(code, crs.to_wkt()))
    if min(size) * 1000 < FEWEST_CELLS * cell:
        what, given = "the area is too small", f"{size[0]:.3g} x {size[1]:.3g} km, cells of {cell:g} m"
        allowed = f"at least {FEWEST_CELLS} cells, {FEWEST_CELLS * cell / 1000:g} km, each way"
        remedy = "Take a larger area, or layers of smaller cells."
        raise ConfigError(what, code="C164", where="--area", given=given, allowed=allowed, remedy=remedy)
    return Place(bounds, crs_text(code, crs.to_wkt()), crs.name, (low, high), cell, why, size)


def crs_text(code: int | None, wkt: str) -> str:
    """Return a coordinate system by its code, else by its definition."""
    return f"EPSG:{code}" if code else wkt


def size_km(bounds: Bounds, crs: str) -> tuple[float, float]:
    """Return width and height of an area on its map."""
    grid = Grid.for_area(bounds, crs=crs, cell_size_m=10.0)
    left, bottom, right, top = grid.bounds
    return (right - left) / 1000, (top - bottom) / 1000


def cell_size(whole: Bounds, crs: str, sources_m: Mapping[str, float], *, preset: bool) -> tuple[float, str]:
    """Return a cell size and the reason: as coarse as the coarsest source, and not too many cells."""
    if sources_m:
        coarsest = max(sources_m, key=lambda name: sources_m[name])
        cell = next((nice for nice in NICE_M if nice >= 0.999 * sources_m[coarsest]), NICE_M[-1])
        why = f"as {coarsest}, whose cells are {sources_m[coarsest]:.0f} m on the ground"
    else:
        cell, why = CELL_SIZE_M, "screening scale; compare it with the cells of your rasters"
    if preset and cell < CELL_SIZE_M:
        why = f"the preset was tried at this size; {sources_text(sources_m)} would allow {cell:g} m"
        cell = CELL_SIZE_M
    width, height = size_km(whole, crs)
    least = 1000 * math.sqrt(width * height / MOST_CELLS)
    if cell < least:
        cell = next((nice for nice in NICE_M if nice >= least), NICE_M[-1])
        why = f"smaller cells would be more than {MOST_CELLS / 1e6:g} million, margin included"
    return cell, why


def sources_text(sources_m: Mapping[str, float]) -> str:
    """Return cell sizes in words."""
    return ", ".join(f"{name} {cell_m:.0f} m" for name, cell_m in sources_m.items())


def area_text(
    place: Place, shares: Mapping[str, float], *, partners: Iterable[str] = (), known: bool = False
) -> str:
    """Return the area section.

    Parameters
    ----------
    place : Place
    shares : mapping of str to float
        Percent of the area per country, where a layer of countries was found.
    partners : iterable of str
        Of the preset's landscape.
    known : bool
        Whether the area is that of a preset.
    """
    low, high = place.distortion_percent
    listed = tuple(partners) or tuple(sorted(c for c, p in shares.items() if p >= PARTNER_PERCENT))
    width, height = place.size_km
    crs = f'"{place.crs}"' if place.crs.startswith("EPSG") else f"'{place.crs}'"
    lines = [
        "[area]",
        f"# {width:.0f} x {height:.0f} km. Cells of {place.cell_size_m:g} m: nothing narrower than "
        f"{4 * place.cell_size_m / 1000:g} km is resolved.",
        f"bounds = {list(place.bounds)}    # west, south, east, north in degrees (WGS 84)",
        f"crs = {crs}    # {place.crs_name}: lengths are off by {low:+.2f} to {high:+.2f} %, margin included",
        f"cell_size_m = {place.cell_size_m:g}    # {place.why_cells}",
        *partner_lines(listed if len(listed) > 1 or known else (), shares),
    ]
    if place.bounds[2] > 180:
        lines.insert(2, "# It crosses the antimeridian, so its east lies beyond 180.")
    return "\n".join(lines) + "\n"


def partner_lines(partners: Iterable[str], shares: Mapping[str, float]) -> list[str]:
    """Return the countries that share the area, or the question which they are."""
    listed = list(partners)
    told = ", ".join(f"{code} {percent:.1f} %" for code, percent in shares.items())
    if listed:
        why = (
            f"countries that share it, ISO alpha-2 ({told})"
            if told
            else "countries that share it, ISO alpha-2"
        )
        return [f"partners = {toml_value(listed)}    # {why}"]
    if told:
        return [f"partners = []    # fewer than two countries of 5 % or more: {told}"]
    question = "which countries share the area (ISO alpha-2)? Layers are then compared across the border."
    return [*remarks([question], lead="QUESTION: "), "partners = []"]
