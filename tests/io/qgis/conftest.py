"""A tiny run with every raster and vector of the schema, and QGIS to look at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from in_qgis import look_in_qgis
from pyproj import CRS

from corridors import schema
from corridors.grid import Grid
from corridors.io import write_raster, write_text, write_vectors
from corridors.io.qgis import (
    CaseLayers,
    Group,
    Layout,
    case_themes,
    project_groups,
    raster_qml,
    vector_qml,
    write_project,
)

NOTES = (
    "Prey: not surveyed on one side, left out. " * 5,
    "猎物在一侧没有调查，故不计入；" * 12,
    *(f"Заметка {number}: слой приведён не полностью" for number in range(30)),
)
GRID = Grid(CRS.from_epsg(32652), Affine(500, 0, 600_000, 0, -500, 4_800_000), (30, 40))


@pytest.fixture(scope="session")
def look() -> Any:
    """Return a function that opens files in QGIS and returns what it saw."""
    return look_in_qgis


@dataclass(frozen=True)
class TinyRun:
    """A run folder that holds everything the schema knows."""

    folder: Path
    grid: Grid
    cases: dict[str, str]

    @property
    def project(self) -> Path:
        return self.folder / "project.qgz"

    def raster(self, name: str) -> Path:
        entry = schema.RASTERS[name]
        return (
            self.folder
            / ("predictors" if entry.group == "predictors" else "cases/tiger/rasters")
            / f"{name}.tif"
        )


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """Write a run folder through the project's own writers, its path with spaces and Cyrillic."""
    cases = {"tiger": "Амурский тигр, круглый год", "o'leopard": '远东豹 <winter> & "spring"'}
    run = TinyRun(tmp_path_factory.mktemp("прогон 一"), GRID, cases)
    for name, entry in schema.RASTERS.items():
        path = run.raster(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_raster(GRID.like(raster_values(entry), name=name, units=entry.unit), path)
        write_text(path.with_suffix(".qml"), raster_qml(entry.style))
    entries = {**schema.VECTORS, **schema.CONTEXT}
    layers = {name: features(entry, cases=tuple(cases)) for name, entry in entries.items()}
    styles = {
        name: vector_qml(entry.style, geometry=entry.geometry, label=entry.label)
        for name, entry in entries.items()
    }
    write_vectors(layers, run.folder / "corridors.gpkg", styles=styles)
    groups = tree(run)
    themes = case_themes(case_layers(run), groups)
    write_project(
        run.project, title="Проект 项目 & <title>", crs=GRID.crs, extent=GRID.bounds, groups=groups,
        notes=["Prey: not surveyed, left out.", "Borders are not a legal statement."], themes=themes,
        layouts=[Layout(theme.name, theme, theme.name, "Земля 虎 & <O'Tiger>", NOTES) for theme in themes],
    )  # fmt: skip
    return run


def tree(run: TinyRun) -> tuple[Group, ...]:
    """Return the layer tree of the tiny run."""
    places = {name: run.raster(name).relative_to(run.folder).as_posix() for name in schema.RASTERS}
    of_case = case_layers(run)[0].rasters
    predictors = {name: place for name, place in places.items() if name not in of_case}
    return project_groups(
        case_layers(run), geopackage="corridors.gpkg", context=list(schema.CONTEXT), predictors=predictors
    )


def case_layers(run: TinyRun) -> list[CaseLayers]:
    """Return what the cases of the tiny run wrote."""
    names = [name for name, entry in schema.RASTERS.items() if entry.group != "predictors"]
    rasters = {name: run.raster(name).relative_to(run.folder).as_posix() for name in names}
    return [CaseLayers(key, title, key, rasters, list(schema.VECTORS)) for key, title in run.cases.items()]


def raster_values(entry: schema.Raster) -> np.ndarray:
    """Return values over all class breaks of a style and past its cut; the last column has no data."""
    columns = GRID.shape[1]
    if isinstance(entry.style, schema.Ramp):
        stops = [value for value, _, _ in entry.style.stops]
        top = stops[-1] * 1.5 if entry.style.transparent_above is not None else stops[-1]
        row = np.linspace(stops[0], top, columns)
    else:
        classes = entry.style.entries if isinstance(entry.style, schema.Classes) else [(0,), (1,), (2,)]
        row = np.resize(np.repeat([entry[0] for entry in classes], 3), columns).astype(float)
    row[-1] = np.nan if not isinstance(entry.style, schema.Labels) else 0
    return np.tile(row, (GRID.shape[0], 1))


def features(entry: schema.Vector, *, cases: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return four features with the columns of the schema; those of results alternate between the cases."""
    left, bottom, _, top = GRID.bounds
    height = 2000 + 1000 * (sum(entry.name.encode()) % 5)
    corners = [(left + 1500 + 4500 * number, bottom + height) for number in range(4)]
    make = {
        "Point": shapely.Point,
        "Line": lambda x, y: shapely.LineString([(x, y), (x + 2500, top - 2000)]),
        "Polygon": lambda x, y: shapely.box(x, y, x + 3500, y + 4000),
    }[entry.geometry]
    columns: dict[str, Any] = {}
    if entry.name in schema.VECTORS:
        columns["case"] = [cases[number % len(cases)] for number in range(4)]
    for column in entry.columns:
        is_text = schema.COLUMNS[column].kind == "text"
        columns[column] = (
            ["Тигровый лог", "虎谷", "O'Tiger & <Son>", "Delta"] if is_text else [1e4, 5e4, 2e5, 5e5]
        )
    return gpd.GeoDataFrame(columns, geometry=[make(*corner) for corner in corners], crs=GRID.crs)
