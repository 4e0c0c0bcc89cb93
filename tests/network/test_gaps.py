"""Distances between polygons, edge to edge: those GEOS gives, one pair at a time."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from corridors.network.gaps import gaps_between


def scattered(count: int, corners: int, seed: int) -> np.ndarray:
    """Return outlines of many corners that do not overlap, some with holes."""
    rng = np.random.default_rng(seed)
    kept: list[shapely.Polygon] = []
    while len(kept) < count:
        angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
        radius = rng.uniform(1, 6) * (
            1 + 0.3 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.02 * rng.normal(size=corners)
        )
        x, y = rng.uniform(0, 100, 2)
        ring = np.c_[x + radius * np.cos(angle), y + radius * np.sin(angle)]
        outline = shapely.Polygon(ring, [ring * 0.5 + np.array([x, y]) * 0.5] if rng.random() < 0.3 else None)
        if outline.is_valid and not any(outline.intersects(other) for other in kept):
            kept.append(outline)
    return np.array(kept)


@pytest.mark.parametrize("corners", [3, 7, 17, 120])
def test_gaps__are_those_of_geos(corners: int) -> None:
    outlines = scattered(25, corners, corners)
    pairs, found = gaps_between(outlines, np.inf)
    assert pairs.tolist() == [[a, b] for a in range(25) for b in range(a + 1, 25)]
    expected = shapely.distance(outlines[pairs[:, 0]], outlines[pairs[:, 1]])
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_gaps__only_within_reach() -> None:
    outlines = scattered(25, 9, 1)
    pairs, found = gaps_between(outlines, np.inf)
    near, distances = gaps_between(outlines, 12.0)
    np.testing.assert_array_equal(near, pairs[found <= 12])
    np.testing.assert_array_equal(distances, found[found <= 12])


def test_gaps__touching_and_inside_a_hole() -> None:
    box = shapely.box(0, 0, 10, 10)
    ring = box.difference(shapely.box(2, 2, 8, 8))
    outlines = np.array([ring, shapely.box(3, 4, 5, 5), shapely.box(10, 3, 12, 4)])
    pairs, found = gaps_between(outlines, np.inf)
    assert dict(zip(map(tuple, pairs.tolist()), found, strict=True)) == {
        (0, 1): 1.0,
        (0, 2): 0.0,
        (1, 2): 5.0,
    }


@pytest.mark.parametrize("count", [0, 1])
def test_gaps__of_nothing(count: int) -> None:
    pairs, found = gaps_between(np.array([shapely.box(0, 0, 1, 1)] * count, dtype=object), 5.0)
    assert pairs.shape == (0, 2)
    assert found.size == 0
