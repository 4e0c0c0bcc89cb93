"""Links between the cores of an invented label raster."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from corridors.grid import Grid
from corridors.links import find_links


def linked(res, labels, **options):
    """Return the links between the cores of a label raster; of the cores only the numbers matter."""
    ids = [int(i) for i in np.unique(labels.values) if i > 0]
    index, crs = pd.Index(ids, name="core_id"), Grid.of(labels).crs
    cores = gpd.GeoDataFrame(index=index, geometry=[Point(0, 0)] * len(ids), crs=crs)
    return find_links(cores, labels, res, **options)
