"""Protected connected land through the comparison: the worked case E2, a park beyond the border proposed."""

from __future__ import annotations

import geopandas as gpd
import invented as land
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from proposed import inputs_of
from shapely import box
from shapely.affinity import affine_transform

from corridors.grid import Grid
from corridors.studies.proposals import changed, landscape_of, measured, proposals_from

CRS = "+proj=laea +lat_0=50 +lon_0=100 +datum=WGS84 +units=m"
GRID = Grid(pyproj.CRS(CRS), Affine(1000, 0, -100_000, 0, -1000, 50_000), (100, 190))
# N1 = 100, N2 = 40 + 20 and N4 = 30 km² in a country of 1000 km²; T lies beyond its border.
TOP = 22 - (1600 - 38**2) ** 0.5
NODES = (box(0, 0, 10, 10), box(26, 22, 30, 32), box(30, 22, 32, 32), box(70, 0, 70 + 30 / TOP, TOP))
BEYOND = shapely.union_all([box(-5, -20, 5, -5), box(-5, -20, 75, -8)])
LAND = shapely.union_all([box(0, 0, 70 + 30 / TOP, 10), *NODES[1:3], box(28, 10, 29, 22)])
HOME = shapely.union_all([LAND, box(-(1000 - LAND.area) / 10, 0, 0, 10)])


def frame(outlines, **columns):
    """Return outlines given in km."""
    metres = [affine_transform(outline, [1000, 0, 0, 1000, 0, 0]) for outline in outlines]
    return gpd.GeoDataFrame(columns, geometry=metres, crs=GRID.crs)


@pytest.fixture(scope="module")
def scene():
    names = {"name": ["one", "two west", "two east", "four"], "class": "park", "country": "AA"}
    context = {
        "countries": frame([HOME], country=["AA"], name=["Home"]),
        "protected_areas": frame(NODES, **names, origin="source"),
    }
    forest = np.s_[35:45, 100:110], np.s_[20:28, 126:131]
    layers = land.dataset(GRID, landcover=land.landcover(*forest, grid=GRID))
    flow = land.workflow_of(network={"dispersal_km": [10.0]})
    (species,) = flow.cases.values()
    return landscape_of(layers, species, specs=flow.layers, context=inputs_of(context).context)


def test_the_worked_case_without_and_with_what_lies_beyond_the_border(scene):
    before = measured(scene)
    beyond = frame([BEYOND], proposal=["Beyond"], kind=["protect"])
    after = measured(changed(scene, proposals_from(beyond, GRID)), baseline=before)
    assert before.table.loc["AA", "protconn_percent"] == pytest.approx(13.348689, rel=1e-4)
    assert before.table.loc["AA", "protconn_trans_percent"] == pytest.approx(0, abs=1e-9)
    assert after.table.loc["AA", "protconn_percent"] == pytest.approx(14.248604, rel=1e-4)
    assert after.table.loc["AA", "protconn_trans_percent"] == pytest.approx(6.315809, rel=1e-3)
    assert after.moves is before.moves
