"""A new workflow from a folder of layers: found by name or content, guesses said, and nothing invented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio
import tiny_landscape as tiny
from affine import Affine
from shapely.geometry import LineString, Point, box

from corridors.config import load_workflow
from corridors.config.template import Draft, draft_workflow
from corridors.errors import ConfigError, CorridorsError, InputError, flatten
from corridors.grid import Grid, choose_crs, inside, length_distortion_percent, metric_crs
from corridors.pipeline import read_inputs
from corridors.preflight import check_file
from corridors.schema import LANDCOVER

AREA = (20.0, -30.0, 21.0, -29.0)
LEGEND = {int(value): text for value, _, text in LANDCOVER.entries}


def raster(
    path: Path, values: np.ndarray, *, bounds: tuple[float, ...] = AREA, crs: Any = 4326, **tags: str
) -> None:
    """Write a GeoTIFF over an area and a degree around it."""
    west, south, east, north = bounds
    width, height = (east - west + 2) / values.shape[1], (north - south + 2) / values.shape[0]
    place = Affine(width, 0, west - 1, 0, -height, north + 1)
    with rasterio.open(
        path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1,
        dtype=values.dtype, crs=crs, transform=place,
    ) as dataset:  # fmt: skip
        dataset.write(values, 1)
        dataset.update_tags(**tags)


def vectors(path: Path, layer: str, shapes: list[Any], **columns: list[Any]) -> None:
    pyogrio.write_dataframe(
        gpd.GeoDataFrame(columns, geometry=shapes, crs=4326), path, layer=layer, driver="GPKG"
    )


def classes(values: tuple[int, ...] = (1, 2, 5)) -> np.ndarray:
    """Return blocks of classes, each as large as a home range."""
    blocks = np.random.default_rng(3).choice(np.array(values, np.uint8), size=(15, 15))
    return np.kron(blocks, np.ones((40, 40), np.uint8))


def heights() -> np.ndarray:
    """Return ridges 2000 to 2900 m high in the east and a plain in the west."""
    ridges = 2000 + 180 * np.abs(np.arange(600) % 10 - 5)
    return np.tile(np.where(np.arange(600) < 290, 1700, ridges), (600, 1)).astype("int16")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder whose files are called nothing telling, in the southern hemisphere."""
    folder = tmp_path / "слои"
    folder.mkdir()
    raster(folder / "a.tif", classes(), **{f"CLASS_{n}": text for n, text in LEGEND.items()})
    raster(folder / "dem_90.tif", heights())
    road = LineString([(19.5, -29.4), (21.5, -29.6)])
    vectors(folder / "b.gpkg", "x1", [road, road], highway=["primary", "track"], bridge=["", "tunnel"])
    towns = [Point(20.2, -29.8), Point(20.8, -29.2)]
    vectors(folder / "b.gpkg", "x2", towns, NAME=["Ay", "Бэ"], POP_MAX=[5000.0, 0.0], ISO3=["AND", "LIE"])
    halves = [box(18, -32, 20.6, -27), box(20.6, -32, 24, -27)]
    vectors(folder / "b.gpkg", "x3", halves, ISO_A3=["AND", "LIE"], NAME_EN=["Northland", "Southland"])
    parks = [box(20.1, -29.9, 20.4, -29.6), box(20.7, -29.9, 20.9, -29.6)]
    vectors(folder / "b.gpkg", "x4", parks, WDPAID=[1, 2], NAME=["Park", "Other"])
    return folder


def written(draft: Draft, folder: Path) -> str:
    file = folder / "new.toml"
    file.write_text(draft.text, "utf-8")
    return str(file)


def drafted(data: Path, *species: str, **options: Any) -> tuple[Draft, str]:
    options = {"bounds": AREA, "folder": str(data), "data": data.name} | options
    draft = draft_workflow(species or ("amur_tiger",), **options)
    return draft, written(draft, data.parent)


def test_layers_are_told_by_what_is_in_them(data: Path) -> None:
    draft, _ = drafted(data)
    assert {layer: source for layer, source, _ in draft.found} == {
        "landcover": "a.tif",
        "elevation": "dem_90.tif",
        "roads": "b.gpkg|x1",
        "settlements": "b.gpkg|x2",
        "countries": "b.gpkg|x3",
        "protected_areas": "b.gpkg|x4",
    }


def test_what_was_filled_in_passes_the_check(data: Path) -> None:
    _, file = drafted(data)
    workflow, found = check_file(file)
    assert [problem.code for problem in found.problems] == []
    assert workflow is not None
    assert workflow.area.partners == ("AD", "LI")
    assert workflow.area.crs == "EPSG:32734"
    assert workflow.layers["roads"].class_column == "highway"
    assert workflow.layers["roads"].structure_column == "bridge"
    assert workflow.layers["settlements"].population_column == "POP_MAX"
    assert "preset_elsewhere" in {note.code for note in found.notes}


def test_countries_come_with_their_share_of_the_area(data: Path) -> None:
    draft, _ = drafted(data)
    # The border is a meridian at 0.6 of the width of the area.
    assert "(AD 60.0 %, LI 40.0 %)" in draft.text


def test_missing_layers_are_told_with_what_is_lost(data: Path) -> None:
    draft, _ = drafted(data)
    missing = dict(draft.missing)
    assert set(missing) == {"forest_cover", "prey_density", "railways", "rivers"}
    assert all(f"[layers.{layer}]: not found" in draft.text for layer in missing)


def test_without_countries_the_border_part_is_said_to_be_skipped(data: Path) -> None:
    path = data / "b.gpkg"
    layers = {name: pyogrio.read_dataframe(path, layer=name) for name in ("x1", "x2")}
    path.unlink()
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG")
    draft, file = drafted(data)
    assert "border part is skipped" in dict(draft.missing)["countries"]
    workflow, found = check_file(file)
    assert not found.problems
    assert workflow is not None
    assert "countries" not in workflow.layers


def test_a_missing_predictor_gets_weight_0_and_the_rest_runs(data: Path) -> None:
    (data / "b.gpkg").unlink()
    draft, file = drafted(data)
    assert {"roads", "settlements"} <= set(dict(draft.missing))
    workflow, found = check_file(file)
    assert not found.problems
    assert workflow is not None
    assert set(workflow.species[0].habitat.weights) == {"landcover"}


def test_what_cannot_be_done_without_stays_for_check_to_ask(data: Path) -> None:
    (data / "a.tif").unlink()
    draft, file = drafted(data)
    assert any("landcover" in question and "Where is it?" in question for question in draft.questions)
    _, found = check_file(file)
    assert [(p.code, p.where) for p in found.problems] == [("I260", "[layers.landcover]")]


def test_classes_of_another_legend_are_a_question_and_score_nothing(data: Path) -> None:
    """1 means crop here and evergreen forest there: reading it would be wrong and look right."""
    (data / "a.tif").unlink()
    raster(
        data / "landcover.tif", classes((1, 5, 10)), CLASS_1="Evergreen Needleleaf Forests", CLASS_5="Mixed"
    )
    draft, file = drafted(data, "snow_leopard")
    assert any("not those of the preset" in question for question in draft.questions)
    workflow, found = check_file(file)
    assert workflow is not None
    assert "landcover" not in workflow.layers
    assert "landcover" not in workflow.species[0].habitat.weights
    assert not found.problems


def test_codes_beyond_the_legend_are_a_question(data: Path) -> None:
    (data / "a.tif").unlink()
    values = classes((10, 30, 80))
    raster(data / "esa_worldcover.tif", values)
    draft, _ = drafted(data, "snow_leopard")
    question = next(q for q in draft.questions if q.startswith("landcover"))
    share = (values[200:400, 200:400] == 30).mean()
    assert f"30 {100 * share:.2g} %" in question


def test_classes_without_names_are_said_as_they_are_read(data: Path) -> None:
    (data / "a.tif").unlink()
    values = classes()
    raster(data / "landcover.tif", values)
    draft, file = drafted(data)
    question = next(q for q in draft.questions if q.startswith("landcover"))
    share = (values[200:400, 200:400] == 5).mean()
    assert f"5 = forest (dense) ({100 * share:.2g} %)" in question
    assert not check_file(file)[1].problems


@pytest.mark.parametrize(("top", "used"), [(1.0, True), (100.0, False)])
def test_forest_cover_in_percent_is_a_question(data: Path, top: float, used: bool) -> None:
    raster(data / "tree_cover.tif", np.linspace(0, top, 600 * 600, dtype="float32").reshape(600, 600))
    draft, file = drafted(data)
    workflow, _ = check_file(file)
    assert workflow is not None
    assert ("forest_cover" in workflow.layers) is used
    assert any("Percent" in question for question in draft.questions) is not used


def test_heights_that_are_no_metres_are_a_question(data: Path) -> None:
    raster(data / "dem_90.tif", 5 * heights())
    draft, _ = drafted(data)
    assert any("metres above the sea" in question for question in draft.questions)
    assert "\n[layers.elevation]" not in draft.text


def test_the_nearer_and_better_file_is_taken_and_the_other_named(data: Path) -> None:
    raster(data / "landcover_elsewhere.tif", classes(), bounds=(100, 40, 101, 41))
    half = classes()
    raster(data / "landcover_part.tif", half, bounds=(21.2, -30.0, 22.2, -29.0))
    draft, _ = drafted(data)
    assert {layer: source for layer, source, _ in draft.found}["landcover"] == "a.tif"
    assert any("landcover_elsewhere.tif" in note and "does not reach" in note for note in draft.notes)
    assert any("landcover_part.tif" in note and "not used" in note for note in draft.notes)


def test_a_file_that_cannot_be_read_is_named_with_the_reason(data: Path) -> None:
    (data / "broken.tif").write_bytes(b"II*\0" + b"\1" * 40)
    (data / "map.vrt").write_text("<VRTDataset/>", "utf-8")
    (data / "empty.gpkg").write_bytes(b"")
    raster(data / "forest_cover.tif", np.zeros((10, 10), "float32"), crs=None)
    draft, file = drafted(data)
    for name in ("broken.tif", "map.vrt", "empty.gpkg", "forest_cover.tif"):
        assert any(note.startswith(f"{name}: cannot be used") for note in draft.notes), name
    assert not check_file(file)[1].problems


def test_cells_are_as_coarse_as_the_coarsest_source(data: Path) -> None:
    coarse = np.kron(
        np.random.default_rng(1).choice(np.array([1, 5], np.uint8), (6, 6)), np.ones((50, 50), np.uint8)
    )
    raster(data / "a.tif", coarse, **{f"CLASS_{n}": text for n, text in LEGEND.items()})
    draft, file = drafted(data)
    # 3 degrees of latitude over 300 cells are 1.1 km each.
    assert load_workflow(file).area.cell_size_m == 2000
    assert re.search(r"as a\.tif, whose cells are 11\d\d m on the ground", draft.text)


def test_several_species_share_the_layers(data: Path) -> None:
    draft, file = drafted(data, "Panthera uncia", "amur leopard")
    workflow, found = check_file(file)
    assert not found.problems
    assert workflow is not None
    assert [species.name for species in workflow.species] == ["snow_leopard", "amur_leopard"]
    assert draft.text.count("[layers.landcover]") == 1


def test_a_species_without_a_preset_takes_no_number_from_another(data: Path) -> None:
    draft, file = drafted(data, "Ursus arctos")
    assert any("yours to set" in note for note in draft.notes)
    workflow, found = check_file(file)
    assert workflow is None
    missing = " ".join(problem.message() for problem in found.problems)
    assert {problem.code for problem in found.problems} == {"C104"}
    assert all(f"species.{part}" in missing or part in missing for part in ("habitat", "cores", "network"))
    numbers = [line for line in draft.text.splitlines() if re.match(r"# (cores|links|network)\.", line)]
    assert all("= ?" in line or "cores.floor" in line for line in numbers)


def test_its_questions_answered_make_a_sound_workflow(data: Path) -> None:
    draft, _ = drafted(data, "Ursus arctos")
    head, questions = draft.text.split("Roles: cover, terrain, disturbance, prey.\n")
    answers = {
        "threshold": "0.6",
        "dispersal_km": "[20, 40]",
        ".a": "0",
        ".b": "100",
        ".c": "2000",
        ".d": "3000",
    }

    def answered(line: str) -> str:
        key = line.removeprefix("# ").split(" = ")[0]
        ending = next((ending for ending in answers if key.endswith(ending)), "")
        value = answers.get(ending, "0.5" if "scores" in key else "20")
        return re.sub(r"\?(?=    #)", value, line.removeprefix("# ") if " = " in line else line)

    file = data.parent / "bear.toml"
    file.write_text(head + "\n" + "\n".join(map(answered, questions.splitlines())), "utf-8")
    workflow, found = check_file(str(file))
    assert not found.problems
    assert workflow is not None
    assert workflow.species[0].title == "Ursus arctos"


@pytest.mark.parametrize(
    ("species", "options", "code", "part"),
    [
        (("amur_tigre",), {}, "C109", "Did you mean amur_tiger"),
        (("Ursus arctos",), {"bounds": None}, "C165", "needs an area"),
        (("Ursus arctos",), {"landscape": "chikhachev"}, "C109", "no preset"),
        (("Амурский тигр",), {}, "C165", "Latin letters"),
        (("amur_tiger", "Amur tiger"), {}, "C165", "named twice"),
        (("amur_tiger",), {"bounds": (20, -30, 20.05, -29.95)}, "C164", "too small"),
        (("amur_tiger",), {"bounds": (20, -30, 20.11, -29.89)}, "C164", "smaller than one core area"),
        (("amur_tiger",), {"bounds": (-120, 20, -40, 60)}, "C163", "too large"),
    ],
)
def test_what_cannot_be_written(species: tuple[str, ...], options: dict, code: str, part: str) -> None:
    with pytest.raises(ConfigError, match=f"{code}.*{part}"):
        draft_workflow(species, **({"bounds": AREA} | options))


def test_a_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"C162.*no such folder"):
        draft_workflow(["amur_tiger"], bounds=AREA, folder=str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match=r"C162.*holds no layer"):
        draft_workflow(["amur_tiger"], bounds=AREA, folder=str(tmp_path))


@pytest.mark.parametrize(
    ("bounds", "crs"),
    [
        ((-72.5, -51.0, -70.5, -49.0), "EPSG:32719"),
        ((10.0, 78.0, 20.0, 81.0), "EPSG:32633"),
        ((20.0, -35.0, 32.0, -22.0), "LAEA"),
        ((170.0, 62.0, 180.0, 68.0), "LAEA"),
    ],
)
def test_any_place_gets_a_crs_that_measures_well(bounds: tuple[float, ...], crs: str) -> None:
    text = draft_workflow(["amur_tiger"], bounds=bounds).text
    chosen = re.search(r"^crs = [\"'](.+)[\"']    #", text, re.MULTILINE)
    assert chosen is not None
    assert crs in chosen.group(1)
    low, high = length_distortion_percent(bounds, metric_crs(chosen.group(1)))
    assert max(abs(low), abs(high)) < 1.0


def test_texts_of_files_cannot_leave_their_remark(data: Path) -> None:
    vectors(data / "roads.gpkg", "roads", [LineString([(20, -29.5), (21, -29.5)])] * 2,
            kind=['a"\n[evil]\nname = "x"', "b"])  # fmt: skip
    (data / "b.gpkg").unlink()
    draft, file = drafted(data)
    assert "\n[evil]" not in draft.text
    assert load_workflow(file).layers["roads"].sources == ("roads.gpkg|roads",)


def test_what_a_run_has_written_is_no_source(data: Path) -> None:
    run = data / "runs" / "old"
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}", "utf-8")
    raster(run / "forest_cover.tif", np.ones((600, 600), "float32"))
    draft, _ = drafted(data)
    assert "forest_cover" in dict(draft.missing)


def test_the_same_folder_gives_the_same_text(data: Path) -> None:
    assert drafted(data)[0] == drafted(data)[0]


def test_a_landscape_that_names_columns_its_own_way_passes_too(tmp_path: Path) -> None:
    tiny.write_landscape(tmp_path)
    draft = draft_workflow(["amur_leopard"], bounds=tiny.BOUNDS, folder=str(tmp_path / "data"), data="data")
    try:
        workflow = load_workflow(written(draft, tmp_path))
    except CorridorsError as error:
        pytest.fail(str(flatten([error])))
    assert workflow.layers["countries"].country_column == "code"
    assert workflow.layers["settlements"].population_column == "population"
    assert workflow.area.partners == ("AD", "LI")


def test_an_area_over_the_antimeridian_is_one_area(tmp_path: Path) -> None:
    """Two countries that meet at 180 degrees; land cover in metres, vectors in degrees on both sides."""
    area = (178.0, 65.0, 182.0, 66.5)
    data = tmp_path / "data"
    data.mkdir()
    crs = choose_crs(area)
    grid = Grid.for_area((176.0, 64.0, 184.0, 67.5), crs=crs, cell_size_m=1000)
    blocks = np.random.default_rng(5).choice(np.array([1, 5], np.uint8), (40, 40))
    cover = np.kron(blocks, np.ones((15, 15), np.uint8))[: grid.shape[0], : grid.shape[1]]
    names = {f"CLASS_{n}": text for n, text in LEGEND.items()}
    with rasterio.open(
        data / "landcover.tif", "w", driver="GTiff", height=grid.shape[0], width=grid.shape[1], count=1,
        dtype="uint8", crs=crs.to_wkt(), transform=Affine(*tuple(grid.transform)[:6]),
    ) as dataset:  # fmt: skip
        dataset.write(cover, 1)
        dataset.update_tags(**names)
    halves = [box(170, 60, 180, 72), box(-180, 60, -170, 72)]
    vectors(data / "b.gpkg", "countries", halves, iso_a3=["AND", "LIE"])
    roads = [LineString([(178.5, 65.2), (178.5, 66)]), LineString([(-178.5, 65.2), (-178.5, 66)])]
    vectors(data / "b.gpkg", "roads", roads, highway=["primary", "primary"])
    draft, file = drafted(data, bounds=area)
    assert 'title = "Amur tiger: 178°E-178°W, 65°N-66.5°N"' in draft.text
    assert "(LI 50.0 %, AD 50.0 %)" in draft.text or "(AD 50.0 %, LI 50.0 %)" in draft.text
    workflow, found = check_file(file)
    assert [problem.message() for problem in found.problems] == []
    assert workflow is not None
    sides = found.sides[found.sides["layer"] == "roads"].set_index("country")["density_per_1000_km2"]
    # Mirror images: the same length of road on both sides.
    assert sides["AD"] == pytest.approx(sides["LI"], rel=1e-3)
    inputs = read_inputs(workflow)
    reported = inside(inputs.grid, area)
    assert reported.any()
    assert np.isfinite(inputs.layers["landcover"].values[reported]).all()


def test_a_raster_in_degrees_over_the_antimeridian_is_refused_with_the_way_out(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    raster(data / "landcover.tif", classes(), bounds=(177.0, 65.0, 179.0, 66.0),
           **{f"CLASS_{n}": text for n, text in LEGEND.items()})  # fmt: skip
    _, file = drafted(data, bounds=(178.0, 65.0, 182.0, 66.5))
    _, found = check_file(file)
    told = {problem.code: problem.remedy for problem in found.problems}
    assert "gdalwarp" in told["I331"]
