"""Where a landscape lies: its grid, and geometry measured on it in kilometres."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from rasterio.features import rasterize

from corridors.grid import WGS84, Grid, with_margin
from demonstration import noise

CELL_SIZE_M = 500
MARGIN_KM = 30
WORLD = (-180.0, -90.0, 180.0, 90.0)
FOLDER = Path(__file__).parent
WOBBLES = 4
LANDSCAPES = ("land_of_big_cats", "lesser_khingan", "chikhachev", "eastern_sayan")


@dataclass(frozen=True)
class Place:
    """One landscape: the facts of its TOML file and the grid they are drawn on."""

    name: str
    facts: dict[str, Any]
    grid: Grid

    @classmethod
    def load(cls, name):
        """Return the landscape of that name, on the lattice the workflows use."""
        facts = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
        bounds, _ = with_margin(tuple(facts["bounds"]), MARGIN_KM, WORLD)
        return cls(name, facts, Grid.for_area(bounds, crs=facts["crs"], cell_size_m=CELL_SIZE_M))

    @property
    def seed(self):
        """Return the number all noise of this landscape starts from."""
        return self.facts["seed"]

    @property
    def axes_km(self):
        """Return x and y of the cell centres in kilometres."""
        left, _, _, top = self.grid.bounds
        rows, columns = self.grid.shape
        size = self.grid.cell_size_m
        return (left + (np.arange(columns) + 0.5) * size) / 1000, (
            top - (np.arange(rows) + 0.5) * size
        ) / 1000

    @cached_property
    def cells_km(self):
        """Return x and y of every cell in kilometres, as two rasters."""
        return np.meshgrid(*self.axes_km)

    @cached_property
    def wobbles(self):
        """Return a few pairs of smooth shifts (east, north) in [-1, 1] that lines waver by."""
        return [
            (self.fractal(24.0, octaves=3, salt=50 + n), self.fractal(24.0, octaves=3, salt=70 + n))
            for n in range(WOBBLES)
        ]

    @cached_property
    def edge(self):
        """Return the noise in [-1, 1] by which all limits of height waver together."""
        return self.fractal(12.0, salt=4)

    def fractal(self, wavelength_km, *, octaves=4, salt=0):
        """Return fractal noise in [-1, 1]; another `salt` gives another pattern."""
        seed = self.seed + 100 * salt
        return noise.fractal(*self.cells_km, wavelength_km=wavelength_km, octaves=octaves, seed=seed)

    def ridged(self, wavelength_km, *, octaves=4, salt=0):
        """Return ridged noise in [0, 1]."""
        seed = self.seed + 100 * salt
        return noise.ridged(*self.cells_km, wavelength_km=wavelength_km, octaves=octaves, seed=seed)

    def project(self, points):
        """Return longitude-latitude points as an array of x, y in kilometres."""
        points = np.atleast_2d(np.asarray(points, dtype=float))
        to_grid = Transformer.from_crs(WGS84, self.grid.crs, always_xy=True)
        return np.column_stack(to_grid.transform(points[:, 0], points[:, 1])) / 1000

    def distance_km(self, line, *, wobble_km=0.0, salt=0):
        """Return the distance of every cell from a line (or point), its course wavering by `wobble_km`."""
        return self.along(line, wobble_km=wobble_km, salt=salt)[0]

    def along(self, line, *, wobble_km=0.0, salt=0):
        """Return the distance from a line and how far along it (0 to 1) the nearest point is."""
        corners = self.project(line)
        east, north = self.wobbles[salt % WOBBLES]
        x, y = self.cells_km[0] + wobble_km * east, self.cells_km[1] + wobble_km * north
        nearest, position = np.full(x.shape, np.inf), np.zeros(x.shape)
        last = max(len(corners) - 1, 1)
        for number, (start, end) in enumerate(zip(corners, [*corners[1:], corners[-1]], strict=True)):
            if number == last:
                break
            away, share = segment_distance(x, y, start, end)
            closer = away < nearest
            nearest = np.where(closer, away, nearest)
            position = np.where(closer, (number + share) / last, position)
        return nearest, position

    def inside(self, geometry, *, all_touched=False):
        """Return the cells of a longitude-latitude polygon (or those a line runs through)."""
        if geometry.is_empty:
            return np.zeros(self.grid.shape, dtype=bool)
        shape = shapely.transform(geometry, lambda points: 1000 * self.project(points))
        burnt = rasterize(
            [(shape, 1)],
            out_shape=self.grid.shape,
            transform=self.grid.transform,
            all_touched=all_touched,
            dtype="uint8",
        )
        return burnt == 1


def segment_distance(x, y, start, end):
    """Return the distance from a segment and the share of it (0 to 1) that lies before the foot."""
    step_x, step_y = end - start
    length = step_x**2 + step_y**2
    share = np.zeros_like(x)
    if length > 0:
        share = np.clip(((x - start[0]) * step_x + (y - start[1]) * step_y) / length, 0, 1)
    return np.hypot(x - start[0] - share * step_x, y - start[1] - share * step_y), share
