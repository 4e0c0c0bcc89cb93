"""Prey density as a survey would map it; it knows nothing of the other rasters."""

from __future__ import annotations

import numpy as np

from demonstration.shapes import sea

STEP = 0.1


def prey_density(place):
    """Return animals per km² by species: a background and hot spots, smoothly varied, in steps of 0.1."""
    on_sea = place.inside(sea(place.facts))
    bands = {}
    for number, survey in enumerate(place.facts["prey"]):
        density = np.full(place.grid.shape, float(survey["background"]))
        for lon, lat, peak, radius_km in survey["hot_spots"]:
            distance = place.distance_km([[lon, lat]], wobble_km=0.2 * radius_km, salt=30 + number)
            density = np.maximum(density, peak * np.exp(-((distance / radius_km) ** 2)))
        density = density * (1 + 0.35 * place.fractal(30.0, octaves=2, salt=40 + number))
        density[on_sea] = 0
        bands[survey["species"]] = (np.rint(density / STEP) * STEP).round(1).astype(np.float32)
    return bands
