"""Which names stand on the map, and in what order they claim their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely
from matplotlib.transforms import Bbox

from corridors.report.lettering import Name, wrapped, write_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

TOWNS_NAMED = 14
PARKS_NAMED = 12
LETTERS_PER_LINE = 18
SMALLEST_COUNTRY_SHARE = 0.01


def name_everything(
    axes: Axes,
    vectors: Mapping[str, GeoDataFrame],
    context: Mapping[str, GeoDataFrame],
    *,
    taken: Sequence[Bbox],
) -> None:
    """Write the names of proposals, cores, countries, towns and protected areas, in this order."""
    cores = vectors.get("cores")
    boxes = [*taken, *_marks(axes, vectors.get("crossings"))]
    view = _view(axes)
    boxes = write_names(axes, _proposals(vectors.get("proposals"), view), taken=boxes)
    boxes = write_names(axes, _cores(cores, view), taken=boxes)
    boxes = write_names(axes, _countries(context.get("countries"), cores, view), taken=boxes)
    boxes = write_names(axes, _towns(context.get("settlements")), taken=boxes, at_most=TOWNS_NAMED)
    write_names(axes, _parks(context.get("protected_areas"), view), taken=boxes, at_most=PARKS_NAMED)


def _view(axes: Axes) -> Polygon:
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    return shapely.box(left, bottom, right, top)


def _middle(geometry: BaseGeometry, view: Polygon) -> tuple[float, float] | None:
    """Return the middle of the broadest place in view; None where nothing is."""
    parts: Any = shapely.get_parts(geometry.intersection(view))
    largest = max(parts, key=lambda part: part.area, default=None)
    if largest is None or largest.area == 0:
        return None
    detail_m = view.length / 400
    x, y = shapely.maximum_inscribed_circle(largest, detail_m).coords[0]
    return x, y


def _marks(axes: Axes, crossings: GeoDataFrame | None) -> list[Bbox]:
    """Return the places of the crossings in pixels, which no name may cover."""
    if crossings is None:
        return []
    pixels = axes.transData.transform(shapely.get_coordinates(crossings.geometry.to_numpy()))
    half = 4 * axes.figure.dpi / 72
    return [Bbox.from_extents(x - half, y - half, x + half, y + half) for x, y in pixels]


def _cores(cores: GeoDataFrame | None, view: Polygon) -> Iterator[Name]:
    """Yield the cores' numbers and names, the largest first."""
    if cores is None or cores.empty:
        return
    by_area = cores.assign(_area=cores.geometry.area).sort_values("_area", ascending=False, kind="stable")
    for core_id, core in by_area.iterrows():
        place = _middle(core.geometry, view)
        if place is not None:
            words = f"{core.get('core_id', core_id)} {_text(core.get('name'))}"
            text = wrapped(words.strip(), LETTERS_PER_LINE)
            yield Name(*place, text, 8.5, "#00290f", weight="bold", centred=True)


def _proposals(proposals: GeoDataFrame | None, view: Polygon) -> Iterator[Name]:
    """Yield the names of proposed areas, in their order."""
    if proposals is None:
        return
    for _, proposal in proposals.iterrows():
        place = _middle(proposal.geometry, view)
        if place is not None:
            text = wrapped(_text(proposal["proposal"]), LETTERS_PER_LINE)
            yield Name(*place, text, 9, "#08306b", weight="bold", centred=True)


def _countries(countries: GeoDataFrame | None, cores: GeoDataFrame | None, view: Polygon) -> Iterator[Name]:
    """Yield the countries' names, each in the middle of the land in view outside the cores."""
    if countries is None:
        return
    busy = shapely.union_all([] if cores is None else cores.geometry.to_numpy())
    for _, country in countries.iterrows():
        in_view = country.geometry.intersection(view)
        place = _middle(in_view.difference(busy), view) or _middle(in_view, view)
        if place is not None and in_view.area >= SMALLEST_COUNTRY_SHARE * view.area:
            text = (_text(country.get("name")) or _text(country.get("country"))).upper()
            yield Name(*place, text, 11, "#54278f", style="italic", centred=True)


def _towns(settlements: GeoDataFrame | None) -> Iterator[Name]:
    """Yield the towns, the most populous first."""
    if settlements is None or settlements.empty:
        return
    ranked = settlements
    if "population" in settlements:
        ranked = settlements.sort_values("population", ascending=False, kind="stable")
    for _, town in ranked.iterrows():
        if _text(town.get("name")):
            yield Name(town.geometry.x, town.geometry.y, _text(town["name"]), 7.5, "#1a1a1a")


def _parks(parks: GeoDataFrame | None, view: Polygon) -> Iterator[Name]:
    """Yield the protected areas, the largest first, each name once."""
    if parks is None or parks.empty or "name" not in parks:
        return
    by_area = parks.assign(_area=parks.geometry.area).sort_values("_area", ascending=False, kind="stable")
    for _, park in by_area.drop_duplicates("name").iterrows():
        place = _middle(park.geometry, view)
        text = wrapped(_text(park["name"]), LETTERS_PER_LINE + 4)
        if text and place is not None:
            yield Name(*place, text, 6.5, "#276419", style="italic", centred=True)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value).strip()
