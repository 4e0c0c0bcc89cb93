"""Smooth noise from integer hashes: the same on every machine and with every numpy."""

from __future__ import annotations

import numpy as np

TURN_RAD = 0.65


def hashed(column, row, seed):
    """Return numbers in [-1, 1), one per lattice node, mixed from its column, row and a seed."""
    mask = np.uint64(0xFFFFFFFF)
    mixed = (
        np.asarray(column).astype(np.int64).astype(np.uint64) * np.uint64(0x9E3779B1)
        + np.asarray(row).astype(np.int64).astype(np.uint64) * np.uint64(0x85EBCA77)
        + np.uint64(seed) * np.uint64(0xC2B2AE3D)
    ) & mask
    for shift, factor in ((15, 0x2C1B3C6D), (12, 0x297A2D39), (15, 0x1B873593)):
        mixed = ((mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)) & mask
    return (mixed ^ (mixed >> np.uint64(16))).astype(np.float64) / 2**31 - 1


def value_noise(x, y, seed):
    """Return noise in [-1, 1]: hashed nodes on whole numbers, joined by smooth steps.

    Strategy: hash each node once, on a small array that covers all points, then look the four corners up.
    """
    left, low = np.floor(x), np.floor(y)
    first_column, first_row = left.min(), low.min()
    columns = np.arange(first_column, left.max() + 2)
    rows = np.arange(first_row, low.max() + 2)
    nodes = hashed(columns[None, :], rows[:, None], seed)
    width = nodes.shape[1]
    corner = ((low - first_row) * width + (left - first_column)).astype(np.intp)
    across, up = smooth_step(x - left), smooth_step(y - low)
    flat = nodes.ravel()
    bottom = flat[corner] + across * (flat[corner + 1] - flat[corner])
    top = flat[corner + width] + across * (flat[corner + width + 1] - flat[corner + width])
    return bottom + up * (top - bottom)


def smooth_step(t):
    """Return the fifth-degree step of Perlin (2002), flat at 0 and 1."""
    return t * t * t * (t * (t * 6 - 15) + 10)


def octave_layers(x_km, y_km, *, wavelength_km, octaves, seed):
    """Yield octaves of noise, each half as long as the last and turned, so that no lattice shows through."""
    for octave in range(octaves):
        angle, length = TURN_RAD * (octave + 1), wavelength_km / 2**octave
        x = (x_km * np.cos(angle) - y_km * np.sin(angle)) / length
        y = (x_km * np.sin(angle) + y_km * np.cos(angle)) / length
        yield value_noise(x, y, seed + octave)


def fractal(x_km, y_km, *, wavelength_km, octaves, seed):
    """Return octaves of noise, each half as high as the last, scaled to [-1, 1]."""
    layers = octave_layers(x_km, y_km, wavelength_km=wavelength_km, octaves=octaves, seed=seed)
    total = sum(0.5**octave * layer for octave, layer in enumerate(layers))
    return total / (2 - 0.5 ** (octaves - 1))


def ridged(x_km, y_km, *, wavelength_km, octaves, seed):
    """Return noise in [0, 1] with sharp crests and round valleys, as dissected mountains have."""
    layers = octave_layers(x_km, y_km, wavelength_km=wavelength_km, octaves=octaves, seed=seed)
    total = sum(0.5**octave * (1 - np.abs(layer)) ** 2 for octave, layer in enumerate(layers))
    return total / (2 - 0.5 ** (octaves - 1))
