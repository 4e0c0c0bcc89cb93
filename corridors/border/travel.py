"""A path as a series of stretches, each in one country.

Strategy: cut every segment of the path where it meets an outline, ask of the middle of each piece which
countries hold it, and join pieces of one country. A piece in no country is "other". A piece in two, along
the border itself or where outlines overlap, belongs to the country the path comes from as long as that is
one of the two, else to the country it goes on into. So touching a border, running along it or passing
through the point where three countries meet is told once, as what it amounts to: a change of country.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from corridors.border.outlines import OTHER

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry import LineString

# Outlines and paths are floats in metres: what lies nearer than this lies on the border.
ON_THE_BORDER_M = 1e-3


class Stretch(NamedTuple):
    """A part of a path in one country, from one distance along the path to another, in map metres."""

    country: str
    start: float
    end: float


class Change(NamedTuple):
    """Where a path goes from one country into another, as map metres along it."""

    country_a: str
    country_b: str
    at: float


@dataclass(frozen=True)
class Atlas:
    """Outlines of countries, ready to be asked where a place lies: codes, and trees of polygons and edges."""

    codes: tuple[str, ...]
    polygons: shapely.STRtree
    edges: shapely.STRtree

    @classmethod
    def of(cls, outlines: gpd.GeoSeries) -> Atlas:
        """Return the atlas of outlines indexed by country code."""
        rings = shapely.get_parts(shapely.boundary(outlines.to_numpy()))
        edges = [_segments(ring) for part in rings for ring in shapely.get_parts(part)]
        all_edges = np.concatenate(edges) if edges else np.array([], dtype=object)
        return cls(tuple(outlines.index), shapely.STRtree(outlines.to_numpy()), shapely.STRtree(all_edges))

    def countries_at(self, points: NDArray[np.object_]) -> list[list[str]]:
        """Return the countries that hold each point, in alphabetical order; two or more on a border."""
        found: list[list[str]] = [[] for _ in points]
        pairs = self.polygons.query(points, predicate="dwithin", distance=ON_THE_BORDER_M)
        for point, country in sorted(pairs.T.tolist()):
            found[point].append(self.codes[country])
        return found


def stretches(path: LineString, atlas: Atlas) -> list[Stretch]:
    """Return the stretches of a path from its start to its end, neighbours in different countries."""
    if path is None or path.is_empty or path.length == 0:
        return []
    cuts = _cuts(path, atlas)
    middles = shapely.line_interpolate_point(path, (cuts[:-1] + cuts[1:]) / 2)
    joined: list[Stretch] = []
    for country, start, end in zip(_settle(atlas.countries_at(middles)), cuts[:-1], cuts[1:], strict=True):
        if joined and joined[-1].country == country:
            start = joined.pop().start  # noqa: PLW2901
        joined.append(Stretch(country, float(start), float(end)))
    return joined


def changes(path: LineString, atlas: Atlas) -> list[Change]:
    """Return each change of country along a path, in order.

    From a country through land of none into another is one change, in the middle of that land; out of a
    country and back into it, or into land of none and no further, is none.
    """
    found, last = [], None
    for stretch in stretches(path, atlas):
        if stretch.country == OTHER:
            continue
        if last is not None and last.country != stretch.country:
            found.append(Change(last.country, stretch.country, (last.end + stretch.start) / 2))
        last = stretch
    return found


def _segments(line: LineString) -> NDArray[np.object_]:
    corners = shapely.get_coordinates(line)
    return np.asarray(shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1)), dtype=object)


def _cuts(path: LineString, atlas: Atlas) -> NDArray[np.float64]:
    """Return the distances along a path of its ends and of all places where it meets an outline, rising."""
    segments, corners = _segments(path), shapely.get_coordinates(path)
    begins = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    segment, edge = atlas.edges.query(segments, predicate="intersects")
    meets = shapely.intersection(segments[segment], atlas.edges.geometries[edge])
    places, which = shapely.get_coordinates(meets, return_index=True)
    on = segment[which]
    met = begins[on] + np.hypot(*(places - corners[on]).T)
    inner = np.unique(met[(met > ON_THE_BORDER_M) & (met < begins[-1] - ON_THE_BORDER_M)])
    apart = np.diff(inner, prepend=0.0) > ON_THE_BORDER_M
    return np.concatenate([[0.0], inner[apart], [begins[-1]]])


def _settle(candidates: list[list[str]]) -> list[str]:
    """Return one country per piece of a path."""
    settled: list[str] = []
    for i, countries in enumerate(candidates):
        if len(countries) < 2:
            settled.append(countries[0] if countries else OTHER)
        elif settled and settled[-1] in countries:
            settled.append(settled[-1])
        else:
            ahead = next((names[0] for names in candidates[i + 1 :] if len(names) == 1), OTHER)
            settled.append(ahead if ahead in countries else countries[0])
    return settled
