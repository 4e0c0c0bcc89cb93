"""Exports read back hold what the run holds; what a format cannot hold is said or refused."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from in_qgis import look_in_qgis
from pyproj import Transformer

from corridors.errors import ConfigError, InputError, OutputError, SecurityError
from corridors.io.exports import FORMATS, export_run
from corridors.schema import COLUMNS

from .conftest import CANARY, CRS, layers, write_run

KML = "{http://www.opengis.net/kml/2.2}"
GPX = "{http://www.topografix.com/GPX/1/1}"


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def csv(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False)


def test_shapefiles_hold_every_feature_name_and_number(run: Path, tmp_path: Path) -> None:
    done = export_run(run, tmp_path / "out", form="shp")
    assert done.features == {"crossings": 2, "links": 2, "cores": 3, "barriers": 2, "settlements": 1}
    cores = pyogrio.read_dataframe(tmp_path / "out" / "cores.shp")
    expected = layers()["cores"]
    assert cores["name"].tolist() == expected["name"].tolist()
    assert cores["truncated"].tolist() == [1, 0, 0]
    assert np.isnan(cores["area_km2"][1])
    assert cores.area.tolist() == pytest.approx(expected.area.tolist())
    assert cores.crs.to_epsg() == 32652
    links = pyogrio.read_dataframe(tmp_path / "out" / "links.shp")
    assert links["cost_m"].tolist() == [31_000.5, 200_000.0]
    assert links.length.tolist() == pytest.approx(layers()["links"].length.tolist())


def test_every_column_of_a_shapefile_is_explained(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="shp")
    told = csv(tmp_path / "out" / "columns.csv")
    for path in (tmp_path / "out").glob("*.shp"):
        columns = list(pyogrio.read_info(path)["fields"])
        rows = told[told["layer"] == path.stem]
        assert columns == rows["short_name"].tolist()
        assert len(set(columns)) == len(columns)
        assert all(name.isascii() and len(name) <= 10 for name in columns)
        assert (rows["meaning"] != "").all()
        assert path.with_suffix(".cpg").read_text("ascii") == "UTF-8"
    assert (
        told.set_index(["layer", "column"]).loc[("links", "cost_distance_m"), "unit"] == "m of ideal habitat"
    )


def test_infinite_costs_become_text_in_a_shapefile_and_it_is_said(run: Path, tmp_path: Path) -> None:
    done = export_run(run, tmp_path / "out", form="shp")
    barriers = pyogrio.read_dataframe(tmp_path / "out" / "barriers.shp")
    assert barriers["cross_cost"].tolist() == ["inf", "25000"]
    assert any("crossing_cost_m" in note and "inf" in note for note in done.notes)
    told = csv(tmp_path / "out" / "columns.csv").set_index(["layer", "column"])
    assert "infinite" in told.loc[("barriers", "crossing_cost_m"), "meaning"]
    assert csv(tmp_path / "out" / "notes.csv")["code"].tolist().count("export") == len(done.notes)


def test_csv_gives_degrees_of_points_and_text_of_the_rest(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="csv")
    crossings = csv(tmp_path / "out" / "crossings.csv")
    lon, lat = Transformer.from_crs(CRS, 4326, always_xy=True).transform(511_000, 4_801_000)
    assert crossings[["longitude", "latitude"]].iloc[0].tolist() == pytest.approx([lon, lat], abs=1e-7)
    assert crossings["position_error_km"].tolist() == [1.0, 1.5]
    cores = csv(tmp_path / "out" / "cores.csv")
    back = gpd.GeoSeries.from_wkt(cores["wkt"], crs=4326).to_crs(CRS)
    # A corner is off by half a centimetre at most: an area by that times its outline.
    assert back.area.tolist() == pytest.approx(layers()["cores"].area.tolist(), abs=0.005 * 50_000)
    assert csv(tmp_path / "out" / "barriers.csv")["crossing_cost_m"].tolist() == [np.inf, 25_000.0]
    assert csv(tmp_path / "out" / "cat" / "links.csv")["cost_distance_m"].tolist() == [31_000.5]


def test_csv_in_metres(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="csv", crs="EPSG:32652")
    crossings = csv(tmp_path / "out" / "crossings.csv")
    assert crossings["x_m"].tolist() == [511_000.0, 512_000.0]
    assert crossings["y_m"].tolist() == [4_801_000.0, 4_802_000.123]


def test_xlsx_has_a_sheet_for_everything(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="xlsx")
    book = openpyxl.load_workbook(tmp_path / "out" / "invented.xlsx")
    assert {"notes", "columns", "crossings", "cores", "links cat", "links owl"} <= set(book.sheetnames)
    rows = list(book["cores"].values)
    assert rows[0] == ("case", "core_id", "name", "area_km2 (km²)", "truncated")
    assert [row[2] for row in rows[1:]] == layers()["cores"]["name"].tolist()
    assert list(book["cost_distance_matrix cat"].values)[1] == (1, 0, 5.5)


def test_kmz_is_wgs84_named_and_escaped(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="kmz")
    with zipfile.ZipFile(tmp_path / "out" / "invented.kmz") as archive:
        assert archive.namelist() == ["doc.kml"]
        root = ElementTree.fromstring(archive.read("doc.kml"))
    names = [each.findtext(f"{KML}name") for each in root.iter(f"{KML}Placemark")]
    assert "Core area 2, 东北虎 <b>" in names
    assert "Crossing 1, AD-LI" in names
    assert "Хот" in names
    styles = {f"#{style.get('id')}" for style in root.iter(f"{KML}Style")}
    assert {each.text for each in root.iter(f"{KML}styleUrl")} <= styles
    with_hole = next(p for p in root.iter(f"{KML}Placemark") if "Кедровая" in p.findtext(f"{KML}name"))
    assert len(list(with_hole.iter(f"{KML}innerBoundaryIs"))) == 1
    values = {d.get("name"): d.findtext(f"{KML}value") for d in root.iter(f"{KML}Data")}
    assert values["position_error_km"] in {"1", "1.5"}
    assert "not a legal statement" in root.findtext(f"{KML}Document/{KML}description")


def test_kmz_reads_back_in_gdal(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="kmz", layers=["crossings"])
    with zipfile.ZipFile(tmp_path / "out" / "invented.kmz") as archive:
        archive.extract("doc.kml", tmp_path)
    names = [str(name) for name, _ in pyogrio.list_layers(tmp_path / "doc.kml")]
    assert len(set(names)) == len(names)
    found = pyogrio.read_dataframe(tmp_path / "doc.kml", layer="Border crossings of links, cat")
    expected = layers()["crossings"].to_crs(4326)
    assert found.crs.to_epsg() == 4326
    assert found.geometry.x.iloc[0] == pytest.approx(expected.geometry.x.iloc[0], abs=1e-6)


def test_links_have_the_colours_of_their_cost_in_kmz(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="kmz", layers=["links"])
    with zipfile.ZipFile(tmp_path / "out" / "invented.kmz") as archive:
        text = archive.read("doc.kml").decode()
    # 31 km lie in the second class of the schema (30-100 km), 200 km in the third.
    assert re.findall(r"#links-(\d)", text) == ["1", "2"]
    assert '<Style id="links-1"><LabelStyle><scale>0.0</scale></LabelStyle><LineStyle><color>ff00a4d9' in text


def test_gpx_holds_points_and_lines_with_their_error(run: Path, tmp_path: Path) -> None:
    done = export_run(run, tmp_path / "out", form="gpx")
    assert set(done.features) == {"crossings", "links"}
    root = ElementTree.parse(tmp_path / "out" / "invented.gpx").getroot()
    points = root.findall(f"{GPX}wpt")
    assert len(points) == 2
    assert all("position error (km): 1" in each.findtext(f"{GPX}desc") for each in points)
    tracks = root.findall(f"{GPX}trk")
    assert [len(track.findall(f"{GPX}trkseg")) for track in tracks] == [1, 2]
    read = pyogrio.read_dataframe(tmp_path / "out" / "invented.gpx", layer="waypoints")
    expected = layers()["crossings"].to_crs(4326)
    assert np.allclose(
        shapely.get_coordinates(read.geometry), shapely.get_coordinates(expected.geometry), atol=1e-6
    )
    assert pyogrio.read_dataframe(tmp_path / "out" / "invented.gpx", layer="tracks")["name"].tolist() == [
        "Link 1",
        "Link 1",
    ]


def test_gpx_refuses_polygons_asked_for(run: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"O421.*no polygons"):
        export_run(run, tmp_path / "out", form="gpx", layers=["cores", "links"])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("form", FORMATS)
def test_a_canary_never_leaves(form: str, run_with_dens: Path, tmp_path: Path) -> None:
    assert CANARY.encode() in (run_with_dens / "corridors.gpkg").read_bytes()
    done = export_run(run_with_dens, tmp_path / "out", form=form)
    assert "dens" not in done.features
    for name, content in files(tmp_path / "out").items():
        inner = [content]
        if name.endswith((".kmz", ".xlsx")):
            with zipfile.ZipFile(tmp_path / "out" / name) as archive:
                inner = [archive.read(member) for member in archive.namelist()]
        assert all(CANARY.encode() not in each for each in inner), name
    assert all(CANARY not in note for note in done.notes)
    if form != "gpx":
        assert any("den_name" in note for note in done.notes)


def test_a_sensitive_layer_asked_for_is_refused(run_with_dens: Path, tmp_path: Path) -> None:
    with pytest.raises(SecurityError, match="X701"):
        export_run(run_with_dens, tmp_path / "out", form="shp", layers=["dens"])
    assert not (tmp_path / "out").exists()


def test_what_the_schema_does_not_know_stays(tmp_path: Path) -> None:
    vectors = layers()
    vectors["cores"] = vectors["cores"].assign(camera="X17")
    vectors["my_cameras"] = vectors["settlements"]
    run = write_run(tmp_path / "run", vectors)
    done = export_run(run, tmp_path / "out", form="csv")
    assert "my_cameras" not in done.features
    assert any("my_cameras" in note for note in done.notes)
    assert "camera" not in csv(tmp_path / "out" / "cores.csv")


def test_positions_without_their_error_do_not_leave(tmp_path: Path) -> None:
    vectors = layers()
    vectors["crossings"] = vectors["crossings"].drop(columns="position_error_km")
    run = write_run(tmp_path / "run", vectors)
    with pytest.raises(OutputError, match="O424"):
        export_run(run, tmp_path / "out", form="gpx")


def test_text_a_shapefile_would_cut_is_refused_and_other_formats_hold_it(tmp_path: Path) -> None:
    long = "ж" * 128  # 256 bytes of UTF-8
    vectors = layers()
    vectors["cores"].loc[0, "name"] = long
    run = write_run(tmp_path / "run", vectors)
    with pytest.raises(OutputError, match=r"O422.*256 bytes"):
        export_run(run, tmp_path / "out", form="shp")
    assert not (tmp_path / "out").exists()
    vectors["cores"].loc[0, "name"] = long[:127]
    fits = write_run(tmp_path / "fits", vectors)
    export_run(fits, tmp_path / "out", form="shp")
    assert pyogrio.read_dataframe(tmp_path / "out" / "cores.shp")["name"][0] == long[:127]
    export_run(run, tmp_path / "csv", form="csv")
    assert csv(tmp_path / "csv" / "cores.csv")["name"][0] == long


@pytest.mark.parametrize("form", ["shp", "kmz", "gpx"])
def test_mixed_geometries_are_refused(form: str, run: Path, tmp_path: Path) -> None:
    vectors = layers()
    path = run / "corridors.gpkg"
    path.unlink()
    mixed = vectors["crossings"].set_geometry(
        [vectors["crossings"].geometry.iloc[0], vectors["links"].geometry.iloc[0]], crs=CRS
    )
    pyogrio.write_dataframe(mixed, path, layer="crossings", driver="GPKG", geometry_type="Unknown")
    with pytest.raises(OutputError, match=r"O421.*mixes"):
        export_run(run, tmp_path / "out", form=form)


def test_a_run_changed_by_hand_is_exported_and_said(run: Path, tmp_path: Path) -> None:
    vectors = layers()
    (run / "corridors.gpkg").unlink()
    pyogrio.write_dataframe(vectors["cores"], run / "corridors.gpkg", layer="cores", driver="GPKG")
    done = export_run(run, tmp_path / "out", form="shp")
    assert any("changed since the run" in note for note in done.notes)


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_run_gives_the_same_bytes_and_replaces_only_its_own(
    form: str, run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export_run(run, out, form=form)
    first = files(out)
    export_run(run, out, form=form)
    assert files(out) == first
    (out / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="O402"):
        export_run(run, out, form=form)
    assert files(out) == first | {"mine.txt": b"mine"}
    assert str(tmp_path) not in json.loads(first["export.json"]).__repr__()


def test_it_never_writes_into_a_run_folder(run: Path) -> None:
    before = files(run)
    with pytest.raises(OutputError, match="O402"):
        export_run(run, run, form="csv")
    assert files(run) == before


def test_one_case_and_one_layer(run: Path, tmp_path: Path) -> None:
    done = export_run(
        run, tmp_path / "out", form="csv", layers=["cores", "cost_distance_matrix"], cases=["owl"]
    )
    assert done.features == {"cores": 1}
    assert "owl/cost_distance_matrix.csv" in done.files
    assert not any(name.startswith("cat/") or name == "links.csv" for name in done.files)
    notes = csv(tmp_path / "out" / "notes.csv")["note"].tolist()
    assert "Only of owls." in notes
    export_run(run, tmp_path / "out", form="csv", cases=["cat"])
    assert "Only of owls." not in csv(tmp_path / "out" / "notes.csv")["note"].tolist()


@pytest.mark.parametrize(
    ("options", "error", "code"),
    [
        ({"form": "kmz", "crs": "EPSG:32652"}, ConfigError, "C171"),
        ({"form": "shp", "crs": "EPSG:1"}, InputError, "C105"),
        ({"form": "shp", "layers": ["linkz"]}, InputError, "I322"),
        ({"form": "shp", "cases": ["dog"]}, InputError, "I322"),
        ({"form": "shp", "layers": ["cost_distance_matrix"]}, InputError, "I322"),
    ],
)
def test_wrong_wishes_are_refused_before_anything_is_written(
    options: dict, error: type[Exception], code: str, run: Path, tmp_path: Path
) -> None:
    with pytest.raises(error, match=code):
        export_run(run, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_no_run_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="I321"):
        export_run(tmp_path, tmp_path / "out", form="csv")


def test_names_and_units_come_from_the_schema(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "out", form="gpx")
    told = csv(tmp_path / "out" / "columns.csv")
    assert dict(zip(told["column"], told["short_name"], strict=True)) == {
        name: COLUMNS[name].short_name for name in told["column"]
    }


@pytest.mark.qgis
def test_qgis_reads_shapefiles_and_kmz(run: Path, tmp_path: Path) -> None:
    export_run(run, tmp_path / "shp", form="shp")
    export_run(run, tmp_path / "kmz", form="kmz")
    kmz = f"{tmp_path / 'kmz' / 'invented.kmz'}|layername=Core areas, cat"
    shape, folder = look_in_qgis("--layers", tmp_path / "shp" / "cores.shp", kmz)["layers"]
    assert shape["valid"]
    assert shape["features"] == 3
    assert folder["valid"]
    assert folder["features"] == 2
    assert folder["renderer"] == "embeddedSymbol"
