"""Vectors: round trips, styles, what is refused, and what is only reported."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon

from corridors.errors import InputError, OutputError, SecurityError
from corridors.io import (
    invalid_geometries,
    layer_names,
    read_vectors,
    vector_info,
    vector_writer,
    write_vectors,
)

PLACES = ["коридоры.gpkg", "东北虎 廊道.gpkg", "a b'c%20#?&.gpkg", "-x.gpkg"]


@pytest.mark.parametrize("name", PLACES)
def test_write_vectors__round_trip(
    tmp_path: Path, cores: gpd.GeoDataFrame, links: gpd.GeoDataFrame, name: str
) -> None:
    path = tmp_path / name
    before = cores.copy(deep=True)
    write_vectors({"cores": cores, "links": links}, path, styles={"cores": "<qgis/>"})
    pd.testing.assert_frame_equal(cores, before)
    assert set(layer_names(path)) >= {"cores", "links"}
    found = read_vectors(path, layer="cores")
    assert found.crs == cores.crs
    assert list(found.columns) == ["core_id", "name", "area_km2", "truncated", "geometry"]
    assert found["name"].to_list() == ["Кедровый", "东北虎"]
    assert found.core_id.to_list() == [1, 2]
    assert found.area_km2.isna().to_list() == [False, True]
    assert found.geometry.geom_type.unique().tolist() == ["MultiPolygon"]
    assert (found.area == 1).all()
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_write_vectors__same_bytes_and_version(tmp_path: Path, cores: gpd.GeoDataFrame) -> None:
    for name in ("a.gpkg", "b.gpkg"):
        write_vectors({"cores": cores}, tmp_path / name, styles={"cores": "<qgis/>"})
    assert (tmp_path / "a.gpkg").read_bytes() == (tmp_path / "b.gpkg").read_bytes()
    database = sqlite3.connect(tmp_path / "a.gpkg")
    assert database.execute("PRAGMA user_version").fetchone() == (10200,)
    rows = database.execute(
        "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
    ).fetchall()
    assert rows == [("cores", "geom", "<qgis/>", 1)]
    times = {row[0] for row in database.execute("SELECT last_change FROM gpkg_contents")}
    assert times == {vector_writer.FIXED_TIME}
    database.close()


def test_write_vectors__built_new(tmp_path: Path, cores: gpd.GeoDataFrame) -> None:
    """Nothing of a former file is left in the bytes of the new one, nor beside it."""
    path = tmp_path / "a.gpkg"
    write_vectors({"cores": cores.assign(name=["CANARY", "CANARY"])}, path)
    path.with_name("a.gpkg-wal").write_bytes(b"CANARY")
    write_vectors({"cores": cores}, path)
    assert b"CANARY" not in path.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.gpkg"]


def test_write_vectors__columns_in_order_of_the_schema(tmp_path: Path, links: gpd.GeoDataFrame) -> None:
    mixed = links.assign(extra="x", case="amur_tiger")[
        ["extra", "core_b", "core_a", "case", "link_id", "geometry"]
    ]
    write_vectors({"links": mixed}, tmp_path / "a.gpkg")
    found = read_vectors(tmp_path / "a.gpkg", layer="links")
    assert list(found.columns) == ["case", "link_id", "core_a", "core_b", "extra", "geometry"]


def test_write_vectors__empty_layer_keeps_its_type(tmp_path: Path, links: gpd.GeoDataFrame) -> None:
    write_vectors({"links": links.iloc[:0], "mine": links.iloc[:0]}, tmp_path / "a.gpkg")
    info = vector_info(tmp_path / "a.gpkg", "links")
    assert (info.geometry, info.features, info.lonlat_bounds) == ("MultiLineString", 0, None)
    assert len(read_vectors(tmp_path / "a.gpkg", layer="mine")) == 0


def test_write_vectors__refusals(tmp_path: Path, cores: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.gpkg"
    with pytest.raises(InputError, match=r"I203.*cores: the layer has no coordinate system"):
        write_vectors({"cores": cores.set_crs(None, allow_override=True)}, path)
    with pytest.raises(
        OutputError, match=r"O405.*cores, column parts: .*neither text nor numbers. Given: list"
    ):
        write_vectors({"cores": cores.assign(parts=[[1], [2]])}, path)
    with pytest.raises(InputError, match=r"I252.*a style for a layer that is not there. Given: links"):
        write_vectors({"cores": cores}, path, styles={"links": ""})
    with pytest.raises(InputError, match=r"I252.*no layer to write"):
        write_vectors({}, path)
    with pytest.raises(OutputError, match=r"O404.*path with !"):
        write_vectors({"cores": cores}, tmp_path / "a!.gpkg")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found.iloc[:1], "1 features of 2"),
        (lambda found: found.drop(columns="name"), "other columns"),
        (lambda found: found.set_geometry(found.translate(1e-9)), "other geometries"),
        (lambda found: found.assign(name=["x", "东北虎"]), "other values in name"),
        (lambda found: found.assign(area_km2=[np.nan, 1]), "other values in area_km2"),
    ],
)
def test_write_vectors__read_back(
    tmp_path: Path, cores: gpd.GeoDataFrame, monkeypatch: pytest.MonkeyPatch, change, said: str
) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(b"former")
    read = pyogrio.read_dataframe
    monkeypatch.setattr(pyogrio, "read_dataframe", lambda *args, **options: change(read(*args, **options)))
    with pytest.raises(OutputError, match=rf"O401.*does not hold what was written: layer cores: {said}"):
        write_vectors({"cores": cores}, path)
    assert path.read_bytes() == b"former"


def test_read_vectors__bounds_and_layers(tmp_path: Path, towns: gpd.GeoDataFrame) -> None:
    path = tmp_path / "towns.gpkg"
    pyogrio.write_dataframe(towns.to_crs(32652), path, layer="towns")
    assert read_vectors(path, bounds=(130, 42, 132, 44)).city.to_list() == ["Alfa"]
    info = vector_info(path)
    assert info.lonlat_bounds == pytest.approx((131, 43, 140, 50), abs=0.6)
    assert (info.driver, info.layer, info.features, info.columns) == ("GPKG", "towns", 2, ("city",))
    with pytest.raises(
        InputError,
        match=r"I252.*no such layer. Given: town. Allowed: towns. Did you mean \"towns.gpkg\|towns\"",
    ):
        read_vectors(path, layer="town")
    pyogrio.write_dataframe(towns, path, layer="villages", append=True)
    with pytest.raises(InputError, match=r"I252.*several layers and none is named"):
        read_vectors(path)


@pytest.mark.parametrize(
    ("driver", "ending"), [("GeoJSON", "geojson"), ("ESRI Shapefile", "shp"), ("FlatGeobuf", "fgb")]
)
def test_read_vectors__other_formats(
    tmp_path: Path, towns: gpd.GeoDataFrame, driver: str, ending: str
) -> None:
    path = tmp_path / f"города 村.{ending}"
    pyogrio.write_dataframe(towns.assign(city=["Ольга", "珲春"]), path, driver=driver)
    found = read_vectors(path)
    assert sorted(found.city) == sorted(["Ольга", "珲春"])
    assert found.crs.to_epsg() == 4326


def test_read_vectors__crs(tmp_path: Path, towns: gpd.GeoDataFrame) -> None:
    path = tmp_path / "towns.shp"
    pyogrio.write_dataframe(towns, path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match=r"I203.*towns.shp|towns: it has no coordinate system.*assume_crs"):
        read_vectors(path)
    assert read_vectors(path, assume_crs="EPSG:4284").crs.to_epsg() == 4284
    other = tmp_path / "towns.gpkg"
    pyogrio.write_dataframe(towns, other)
    with pytest.raises(InputError, match=r"I202.*contradicts"):
        vector_info(other, assume_crs="EPSG:32652")
    assert vector_info(other, assume_crs="EPSG:4326").crs.to_epsg() == 4326


@pytest.mark.parametrize(("kind", "values"), [(1001, 3), (2001, 3), (3001, 4)], ids=["Z", "M", "ZM"])
def test_read_vectors__heights_and_measures(tmp_path: Path, kind: int, values: int) -> None:
    """A point with height, measure or both, its bytes written by hand (ISO WKB in a GeoPackage header)."""
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(
        gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1, 1)], crs=4326), path, SPATIAL_INDEX="NO"
    )
    point = (
        b"GP\0\1" + struct.pack("<i", 4326) + struct.pack("<bI", 1, kind) + struct.pack("<4d", 131, 43, 9, 1)
    )
    database = sqlite3.connect(path)
    database.execute("UPDATE a SET geom = ?", (point[: 13 + 8 * values],))
    database.execute("UPDATE gpkg_geometry_columns SET z = ?, m = ?", (kind != 2001, kind != 1001))
    database.commit()
    database.close()
    found = read_vectors(path)
    assert not found.has_z.any()
    assert found.geometry[0] == Point(131, 43)


def test_read_vectors__disguises(tmp_path: Path, towns: gpd.GeoDataFrame) -> None:
    (tmp_path / "topology.json").write_text('{"type": "Topology", "objects": {}, "arcs": []}')
    with pytest.raises((SecurityError, InputError), match=r"X702|I231"):
        read_vectors(tmp_path / "topology.json")
    (tmp_path / "a!b").mkdir()
    inside = tmp_path / "a!b" / "towns.geojson"
    inside.write_text(towns.to_json())
    with pytest.raises(InputError, match=r"I251.*path with !"):
        read_vectors(inside)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"I253.*Given: CSV"):
        read_vectors(tmp_path / "t.csv")


def test_read_vectors__no_geometry(tmp_path: Path, towns: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer="plain")
    with pytest.raises(InputError, match=r"I203|I252"):
        read_vectors(path, layer="plain")


def test_invalid_geometries__reported_not_mended() -> None:
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    shapes = [bow_tie, Point(1, 1), None, MultiPolygon(), LineString([(0, 0), (0, 0)])]
    features = gpd.GeoDataFrame({"id": list("abcde")}, geometry=shapes).set_index("id")
    found = invalid_geometries(features)
    assert found.problem.to_dict() == {
        "a": "Self-intersection", "c": "missing", "d": "empty", "e": "Too few points in geometry component",
    }  # fmt: skip
    assert features.geometry.iloc[0].equals_exact(bow_tie)
