"""Where experts expect barriers and corridors of the Amur tiger in south-western Primorye.

Roads and railways are barriers of 25 km of ideal habitat each, and core areas are cut along them: the three
corridors asked for in Russia (Baranovsky, Poltavka, Pogranichny) and the Narvinsky pass lie within what is
one core otherwise. The expectations come from published plans, not from this program.
"""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer
from real.conftest import WORKFLOWS

import corridors
from corridors.cores.cutting import cut_cores
from corridors.cost import cost_surfaces
from corridors.links import find_links
from corridors.restoration import BarrierLines, best_places, improvement_scores, opening_gains
from corridors.restoration.reliefs import costs_of_lines

pytestmark = pytest.mark.real

CROSSING_COST_M = 25_000.0
MIN_CORE_KM2 = 250.0
CORRIDORS = {"Baranovsky": (131.9, 43.6), "Poltavka": (131.3, 44.0), "Pogranichny": (131.3, 44.5)}
NARVINSKY = (131.4, 43.1)


@pytest.fixture(scope="module")
def primorye(geodata):
    """Cores cut along main roads and railways, their links, and all they were made with."""
    workflow = corridors.load_workflow(str(WORKFLOWS / "land_of_big_cats.toml"))
    inputs = corridors.read_inputs(workflow, data=str(geodata / "land_of_big_cats"))
    layers, sea = inputs.layers, inputs.layers["landcover"] == 11
    predictors = workflow.cases["amur_tiger"].habitat.predictors
    curves = {name: p.response for name, p in predictors.items() if name in layers}
    cover = {name: curve for name, curve in curves.items() if predictors[name].role == "cover"}
    suitability = corridors.weighted_overlay(layers, responses=curves, impassable=sea)
    ease = corridors.weighted_overlay(layers, responses=cover, impassable=sea)
    res = corridors.resistance_from_suitability(ease, shape=8, maximum=100)
    _, whole = corridors.core_areas(
        suitability,
        threshold=0.7,
        window_radius_km=11.3,
        min_area_km2=MIN_CORE_KM2,
        min_neck_km=5.65,
        fill_holes_km2=25,
        floor=0.2,
        floor_on=ease,
        stepping_stone_km2=50,
        inside=layers["landcover"].notnull().values,
    )
    lines = {name: BarrierLines(inputs.context[name], CROSSING_COST_M) for name in ("roads", "railways")}
    barriers = costs_of_lines(lines, inputs.grid)
    labels = cut_cores(whole, barriers, core_cut_cost_m=0.8 * CROSSING_COST_M, smallest_km2=80)
    ids, cells = np.unique(labels.values[labels.values > 0], return_counts=True)
    area_km2 = pd.Series(cells * inputs.grid.cell_area_km2, index=pd.Index(ids.astype(int), name="core_id"))
    cores = gpd.GeoDataFrame(area_km2.rename("area_km2"), geometry=[None] * len(ids), crs=inputs.grid.crs)
    surfaces = dict(cost_surfaces(res, labels, barriers=barriers))
    links = find_links(cores, labels, res, max_link_km=250, barriers=barriers, surfaces=surfaces)
    links = links[links.intersects(inputs.context["reporting_area"].geometry.iloc[0])]
    return SimpleNamespace(
        cores=cores,
        links=links,
        found=(labels, res),
        given={"surfaces": surfaces, "barriers": barriers},
        surfaces=surfaces,
        lines=lines,
        grid=inputs.grid,
        russia=inputs.context["countries"].set_index("country").geometry["RU"],
    )


def on_map(grid, place):
    return shapely.Point(Transformer.from_crs(4326, grid.crs, always_xy=True).transform(*place))


def test_the_five_gaps_between_cores_in_russia_hold_the_three_corridors_asked_for(primorye):
    links, area_km2 = primorye.links, primorye.cores["area_km2"]
    of_cores = (links["core_a"].map(area_km2) >= MIN_CORE_KM2) & (
        links["core_b"].map(area_km2) >= MIN_CORE_KM2
    )
    in_russia = links.intersection(primorye.russia).length / links.length > 0.99
    gaps = links[of_cores & in_russia & (links["path_length_km"] > 2)]
    assert len(gaps) == 5
    best = best_places(gaps, *primorye.found, places_per_link=1, **primorye.given)
    for name, place in CORRIDORS.items():
        point = on_map(primorye.grid, place)
        assert gaps.distance(point).min() < 15_000, name
        assert best.distance(point).min() < 15_000, name


def test_opening_the_road_at_the_narvinsky_pass_gains(primorye):
    pass_ = on_map(primorye.grid, NARVINSKY)
    near = primorye.links[primorye.links.distance(pass_) < 30_000]
    found = opening_gains(primorye.lines, near, *primorye.found, surfaces=primorye.surfaces)
    at_the_pass = found[(found.distance(pass_) < 5_000) & (found["layer"] == "roads")]
    assert at_the_pass["gain_m"].max() > 0


def test_improvement_scores_peak_on_the_road_at_the_narvinsky_pass(primorye):
    scores = improvement_scores(primorye.links, *primorye.found, radii_km=[1.0], **primorye.given)
    pass_ = on_map(primorye.grid, NARVINSKY)
    row, column = primorye.grid.cell_at(pass_.x, pass_.y)
    reach = 10  # cells of 500 m
    around = scores["improvement_score"].values[
        row - reach : row + reach + 1, column - reach : column + reach + 1
    ]
    assert np.nanmax(around) > 10
    roads = primorye.lines["roads"].lines.geometry.union_all()
    for down, right in np.argwhere(around >= 0.99 * np.nanmax(around)):
        peak = shapely.Point(primorye.grid.xy(row + down - reach, column + right - reach))
        assert peak.distance(roads) < 1_000
