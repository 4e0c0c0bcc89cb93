"""An invented run folder with what is awkward in a shapefile: names, infinities, holes, two cases."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, MultiLineString, Point, box

from corridors.io import write_run_json, write_table, write_vectors
from corridors.schema import COLUMNS, VECTORS

CRS = "EPSG:32652"
CANARY = "Canary cliff den"


def layers() -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of the run."""
    north = 4_800_000
    outer, inner = (box(500_000 + d, north + d, 510_000 - d, north + 10_000 - d) for d in (0, 4_500))
    line = LineString([(510_000, north), (515_000, north + 500)])
    parts = [[(510_000, north), (511_000, north)], [(512_000, north), (513_000, north + 500)]]
    crossings: dict[str, Any] = {
        "case": ["cat", "owl"],
        "crossing_id": [1, 1],
        "link_id": [1, 1],
        "border": ["AD-LI", "AD-LI"],
        "border_in_corridor_km": [2.5, 0.1 + 0.2],
        "position_error_km": [1.0, 1.5],
    }
    links: dict[str, Any] = {
        "case": ["cat", "owl"],
        "link_id": [1, 1],
        "core_a": [1, 1],
        "core_b": [2, 2],
        "cost_distance_m": [31_000.5, 200_000.0],
        "borders": ["AD-LI", ""],
        "bridge": [True, False],
    }
    cores: dict[str, Any] = {
        "case": ["cat", "cat", "owl"],
        "core_id": [1, 2, 1],
        "name": ["Кедровая падь", "东北虎 <b>", 'Дорнод & "мод"'],
        "area_km2": [99.0, math.nan, 4.0],
        "truncated": [True, False, False],
    }
    barriers: dict[str, Any] = {
        "case": ["cat", "cat"],
        "barrier_id": [1, 2],
        "class": ["fence", "primary"],
        "crossing_cost_m": [math.inf, 25_000.0],
    }
    shapes: dict[str, tuple[dict[str, Any], list[Any]]] = {
        "crossings": (crossings, [Point(511_000, 4_801_000), Point(512_000, 4_802_000.123456)]),
        "links": (links, [line, MultiLineString(parts)]),
        "cores": (cores, [outer.difference(inner), box(515_000, north, 520_000, north + 5_000), inner]),
        "barriers": (barriers, [line, line]),
        "settlements": ({"name": ["Хот"], "country": ["LI"], "population": [0]}, [Point(505_000, 4_805_000)]),
    }
    return {name: gpd.GeoDataFrame(columns, geometry=g, crs=CRS) for name, (columns, g) in shapes.items()}


def write_run(folder: Path, vectors: dict[str, gpd.GeoDataFrame]) -> Path:
    """Write a run folder."""
    folder.mkdir()
    write_vectors(vectors, folder / "corridors.gpkg")
    for case in ("cat", "owl"):
        tables = folder / "cases" / case / "tables"
        tables.mkdir(parents=True)
        links = pd.DataFrame({"link_id": [1], "core_a": [1], "cost_distance_m": [31_000.5]})
        write_table(links, tables / "links.csv")
        write_table(
            pd.DataFrame({"core_id": [1], "1": [0.0], "2": [5.5]}), tables / "cost_distance_matrix.csv"
        )
    rows = [
        ("", "boundary", "Boundaries shown are not a legal statement."),
        ("owl", "scale", "Only of owls."),
    ]
    write_table(pd.DataFrame(rows, columns=["case", "code", "note"]), folder / "notes.csv")
    write_run_json({"workflow": "invented", "title": "Invented land"}, folder)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "run", layers())


@pytest.fixture
def run_with_dens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a run with a layer and a column marked sensitive."""
    monkeypatch.setitem(VECTORS, "dens", replace(VECTORS["cores"], name="dens", sensitivity="sensitive"))
    secret = replace(COLUMNS["name"], name="den_name", short_name="den_name", sensitivity="sensitive")
    monkeypatch.setitem(COLUMNS, "den_name", secret)
    vectors = layers()
    vectors["dens"] = vectors["cores"].assign(name=CANARY)
    vectors["cores"] = vectors["cores"].assign(den_name=CANARY)
    return write_run(tmp_path / "secret", vectors)
