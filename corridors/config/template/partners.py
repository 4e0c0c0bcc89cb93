"""Which countries share an area, from a layer of countries."""

from __future__ import annotations

from pathlib import Path

import shapely
from pyproj import CRS

from corridors.config.template.recognise import Recognised
from corridors.grid import Bounds, halves, outline
from corridors.io import find_source, read_vectors
from corridors.layers.countries import alpha_2


def country_percent(folder: str | Path, countries: Recognised, bounds: Bounds, crs: CRS) -> dict[str, float]:
    """Return the percent of an area that lies in each country, the largest first.

    Parameters
    ----------
    folder : str or Path
        Of the layers.
    countries : Recognised
        The layer of countries; without a column of codes nothing is known.
    bounds : tuple of float
        West, south, east, north in degrees.
    crs : CRS
        In which areas are compared.
    """
    file, column = find_source(folder, countries.source), countries.keys.get("country_column")
    if file is None or column is None:
        return {}
    features = read_vectors(file.path, layer=file.part, bounds=bounds)
    features = features[[alpha_2(code) is not None for code in features[column]]]
    own = CRS.from_user_input(features.crs)
    area = shapely.union_all([shapely.Polygon(outline(half, own)) for half in halves(bounds)])
    shapely.prepare(area)
    whole = shapely.Polygon(outline(bounds, crs)).area
    cut = features.set_geometry(shapely.intersection(shapely.make_valid(features.geometry.values), area))
    sizes = cut.set_crs(features.crs, allow_override=True).to_crs(crs).area
    shares: dict[str, float] = {}
    for code, size in zip(features[column], sizes, strict=True):
        key = str(alpha_2(code))
        shares[key] = shares.get(key, 0.0) + 100 * float(size) / whole
    return dict(sorted(((k, v) for k, v in shares.items() if v > 0.05), key=lambda item: -item[1]))
