"""An invented result to report on: two cores, one link across a border, one proposal of each shape."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from invented import countries, grid_of, workflow_of

from corridors.result import CaseResult, Note, Result

GRID = grid_of()
LEFT, BOTTOM, RIGHT, TOP = GRID.bounds
NASTY = 'Forest <script>document.title="caught"</script> & "co"'
CANARY = "91234.567"


def layer(geometries: list[Any], **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=GRID.crs)


def case(**vectors: gpd.GeoDataFrame) -> CaseResult:
    rows, across = GRID.shape
    slope = np.tile(np.linspace(0, 1, across), (rows, 1))
    slope[:3] = np.nan
    rasters = {
        "suitability": slope,
        "resistance": 1 + 99 * (1 - slope),
        "corridor": np.where(slope < 0.2, 0.0, 30_000.0),
    }
    cores = layer(
        [
            shapely.box(LEFT + 2000, BOTTOM + 2000, LEFT + 9000, BOTTOM + 12_000),
            shapely.box(RIGHT - 9000, BOTTOM + 2000, RIGHT - 1000, TOP - 6000),
        ],
        core_id=[1, 2], name=[NASTY, None], area_km2=[70.0, 180.0], mean_suitability=[0.8, 0.7],
        countries=["AD", "LI"], border_contact_km=[0.0, 2.5], narrowest_neck_km=[np.nan, 5.0],
    ).set_index("core_id")  # fmt: skip
    path = shapely.LineString([(LEFT + 9000, BOTTOM + 7000), (RIGHT - 9000, BOTTOM + 7000)])
    links = layer(
        [path], link_id=[1], core_a=[1], core_b=[2], cost_distance_m=[54_321.0], path_length_km=[22.0],
        euclidean_km=[21.0], mean_resistance=[2.47], borders=["AD-LI"],
    ).set_index("link_id")  # fmt: skip
    crossings = layer(
        [path.interpolate(0.5, normalized=True)], crossing_id=[1], link_id=[1], border=["AD-LI"],
        border_in_corridor_km=[3.0], position_error_km=[1.0],
    ).set_index("crossing_id")  # fmt: skip
    connectivity = pd.DataFrame(
        {
            "dispersal_km": [10.0, 20.0, 10.0, 20.0], "distance": ["length", "length", "cost", "cost"],
            "nodes": 2, "edges": 1, "components": [2, 1, 2, 1],
            "probability_of_connectivity": [0.1, 0.2, 0.1, 0.15],
            "equivalent_connected_area_km2": [190.0, 210.0, 190.0, 200.0],
        }
    )  # fmt: skip
    drawn = {"cores": cores, "links": links, "crossings": crossings, **vectors}
    named = xr.Dataset({name: GRID.like(values, name=name) for name, values in rasters.items()})
    tables = {"connectivity": connectivity, "links": links.drop(columns="geometry").reset_index()}
    return CaseResult("Forest cat, year-round, baseline", named, drawn, tables, (Note("scale", "Coarse."),))


def result(**vectors: gpd.GeoDataFrame) -> Result:
    middle = (LEFT + RIGHT) / 2
    context = {
        "countries": countries("AD", "LI"),
        "borders": layer([shapely.LineString([(middle, BOTTOM), (middle, TOP)])], border=["AD-LI"]),
        "settlements": layer(
            [shapely.Point(middle, BOTTOM + 3000)], name=["Город 城市 도시"], population=[900]
        ),
        "reporting_area": layer(
            [shapely.box(LEFT + 500, BOTTOM + 500, RIGHT - 500, TOP - 500)], name=["all"]
        ),
    }
    notes = (Note("boundary", "Boundaries shown are not a legal statement."),)
    return Result("Invented land", GRID, xr.Dataset(), context, {"forest_cat": case(**vectors)}, notes)


def sides() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "layer": ["protected_areas"] * 2, "source_used": "p.gpkg", "method": "", "country": ["AD", "LI"],
            "coverage_percent": [0.4, 12.0], "density_per_1000_km2": np.nan, "note": ["incomplete: AD", ""],
        }
    )  # fmt: skip


def proposals() -> gpd.GeoDataFrame:
    return layer(
        [
            shapely.box(LEFT + 10_000, BOTTOM + 4000, LEFT + 16_000, BOTTOM + 9000),
            shapely.LineString([(LEFT + 20_000, BOTTOM), (LEFT + 20_000, TOP)]),
            shapely.Point(LEFT + 25_000, BOTTOM + 7000),
        ],
        proposal=["Reserve", "Fence <b>", "Underpass"], name=["a", "b", "c"], status="Proposed",
        kind=["protect", "fence", "crossing structure"],
    )  # fmt: skip


def comparison() -> pd.DataFrame:
    names = ["baseline", *proposals()["proposal"]]
    pairs = [(number, name, land) for number, name in enumerate(names) for land in ("AD", "LI", "joint")]
    joint = [land == "joint" for _, _, land in pairs]
    number = np.array([number for number, _, _ in pairs])
    return pd.DataFrame(
        {
            "proposal": [name for _, name, _ in pairs],
            "species": "forest_cat",
            "country": [land for _, _, land in pairs],
            "area_km2": 30.0 * number,
            "eca_km2": 210.0 + number,
            "eca_km2_change": np.where(number == 1, np.nan, number),
            "population": [900 if land == "AD" else np.nan for _, _, land in pairs],
            "cost": 10.0 * number,
            "rank": np.where(joint & (number > 0), number, np.nan),
            "rank_low": np.maximum(number - 1, 1),
            "rank_high": number + 1,
            "needs_partner": number == 1,
            "data_gap": "",
            "own_column": 7.5,
        }
    )


def ways() -> dict[str, gpd.GeoDataFrame]:
    """Return links and corridors: those of the area as it is, and the detour the fence asks for."""
    straight = result().cases["forest_cat"].vectors["links"].reset_index()
    row = BOTTOM + 7000
    detour = shapely.LineString(
        [(LEFT + 9000, row), (LEFT + 12_000, row + 5000), (RIGHT - 12_000, row + 5000), (RIGHT - 9000, row)]
    )
    own = straight.assign(geometry=[detour], cost_distance_m=[98_765.0])
    links = pd.concat(
        [
            straight.assign(proposal="baseline", case="forest_cat"),
            own.assign(proposal="Fence <b>", case="forest_cat"),
        ],
        ignore_index=True,
    )
    return {"links": links, "corridors": links.assign(geometry=links.buffer(1500), area_km2=[60.0, 90.0])}


def full(language: str = "en") -> dict[str, Any]:
    """Return every argument of `report_html` but the result."""
    return {
        "workflow": workflow_of(),
        "sides": sides(),
        "sources": [{"file": "landcover.tif", "sha256": "ab" * 32, "date": "2021"}],
        "comparison": comparison(),
        "proposals": proposals(),
        "ways": ways(),
        "software": "corridors 0",
        "language": language,
    }
