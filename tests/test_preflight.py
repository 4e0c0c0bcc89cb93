"""What a check finds in layers: every problem with its code and place, notes that stop nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tiny_landscape as tiny

from corridors.pipeline.sides import Amount, lacking
from corridors.preflight import Check, check_file
from corridors.preflight.cover import class_shares
from corridors.preflight.habitat import correlation

Change = Callable[[Path], None]


def edited(*pairs: tuple[str, str]) -> Change:
    def change(folder: Path) -> None:
        text = tiny.WORKFLOW
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        tiny.write_workflow(folder, text)

    return change


def removed(folder: Path) -> None:
    (folder / "data" / "elevation.tif").unlink()


def rewritten(name: str, **how: object) -> Change:
    def change(folder: Path) -> None:
        grid = tiny.data_grid()
        values = how.get("values", tiny.landcover(grid))
        options = {key: value for key, value in how.items() if key != "values"}
        tiny.write_raster(folder / "data" / name, values(grid) if callable(values) else values, **options)

    return change


def heights(grid: tiny.Grid) -> np.ndarray:
    return np.linspace(100, 500, grid.shape[0] * grid.shape[1], dtype="float32").reshape(grid.shape)


def with_hole(value: float) -> Callable[[tiny.Grid], np.ndarray]:
    def values(grid: tiny.Grid) -> np.ndarray:
        field = heights(grid)
        field[5:8, 5:8] = value
        return field

    return values


def third_class(grid: tiny.Grid) -> np.ndarray:
    values = tiny.landcover(grid)
    values[2:4, 2:4] = 7
    return values


def elsewhere(folder: Path) -> None:
    west, south, east, north = tiny.BOUNDS
    far = tiny.Grid.for_area((west + 2, south, east + 2, north), crs=tiny.CRS, cell_size_m=1000)
    tiny.write_raster(folder / "data" / "elevation.tif", heights(far), grid=far, nodata=-9999)


def one_side(folder: Path) -> None:
    (folder / "data" / "vectors.gpkg").unlink()
    tiny.write_vectors(folder / "data" / "vectors.gpkg", sides=("AD",))


def occupied(folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "thesis.docx").write_text("mine", "utf-8")


BAD_INPUT: dict[str, tuple[Change, str, tuple[str, ...]]] = {
    "missing file": (removed, "I260", ("elevation",)),
    "missing layer": (edited(("|roads", "|raods")), "I260", ("roads",)),
    "missing band": (
        edited(('["elevation.tif"]', '["elevation.tif"]\nband = 3')),
        "I261",
        ("elevation", "3"),
    ),
    "missing column": (edited(('"class"', '"klass"')), "I262", ("klass",)),
    "no CRS": (rewritten("elevation.tif", values=heights, crs=None, nodata=-9999), "I203", ("elevation",)),
    "ballpark datum": (
        rewritten("elevation.tif", values=heights, crs="+proj=utm +zone=52 +ellps=krass", nodata=-9999),
        "I219",
        ("elevation",),
    ),
    "undeclared -9999": (rewritten("elevation.tif", values=with_hole(-9999)), "I213", ("-9999", "9 cells")),
    "undeclared NaN": (
        rewritten("elevation.tif", values=with_hole(np.nan)),
        "I213",
        ("exactly nan",),
    ),
    "all no data": (
        rewritten("elevation.tif", values=lambda g: np.full(g.shape, -1, "float32"), nodata=-1),
        "I217",
        ("elevation",),
    ),
    "does not overlap": (elsewhere, "I266", ("elevation",)),
    "one side lacks a layer": (one_side, "I271", ("LI lacks", "roads", 'one_sided = "accept"')),
    "class without a score": (rewritten("landcover.tif", values=third_class, nodata=255), "I245", ("7",)),
    "no cores": (edited(("threshold = 0.6", "threshold = 0.99")), "I272", ("0.99", "At threshold = 0.")),
    "folder taken": (occupied, "O402", ("run: the output folder holds something",)),
    "distance to no layer": (
        edited(('distance_to = "roads"', 'distance_to = "rods"')),
        "I260",
        ("rods", "nearest: roads"),
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tiny.write_landscape(tmp_path)
    return tmp_path


def checked(folder: Path) -> Check:
    before = snapshot(folder)
    found = check_file(str(folder / "tiny.toml"), out=str(folder / "run"))[1]
    assert snapshot(folder) == before, "a check writes nothing"
    return found


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_sound_landscape_has_no_problem(folder: Path) -> None:
    found = checked(folder)
    assert found.problems == ()
    assert found.inputs is not None
    assert {note.code for note in found.notes} >= {"distortion", "scale", "classes"}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_found(folder: Path, case: str) -> None:
    change, code, parts = BAD_INPUT[case]
    change(folder)
    found = checked(folder)
    match = [str(problem) for problem in found.problems if problem.code == code]
    assert match, [str(problem) for problem in found.problems]
    for part in parts:
        assert any(part in text for text in match), match
    assert found.inputs is None


def test_every_problem_at_once(folder: Path) -> None:
    rewritten("landcover.tif", values=third_class, nodata=255)(folder)
    removed(folder)
    one_side(folder)
    occupied(folder)
    edited(("max_link_km = 50", "max_links_km = 50"))(folder)
    found = checked(folder)
    assert {problem.code for problem in found.problems} >= {"C101", "I260", "I271", "I245", "O402"}


def test_accepted_one_sided_layer_is_marked_and_no_problem(folder: Path) -> None:
    one_side(folder)
    accept = 'one_sided = "accept"\n'
    edited(
        ('class_column = "class"', accept + 'class_column = "class"'),
        ('name_column = "name"\ncountry_column = "country"', accept + 'country_column = "country"'),
    )(folder)
    found = checked(folder)
    assert found.problems == ()
    assert set(found.sides.loc[found.sides["note"] == "incomplete: LI", "layer"]) == {"roads", "settlements"}


def test_notes_on_cores(folder: Path) -> None:
    rewritten("landcover.tif", values=lambda g: np.full(g.shape, 5, "uint8"), nodata=255)(folder)
    edited(("k = 0.5", "k = 0.05"))(folder)
    codes = {note.code: note.text for note in checked(folder).notes}
    assert "single core area" in codes["single_core"]


def test_note_where_the_threshold_is_close_to_none(folder: Path) -> None:
    # The best mean over a window of nothing but forest far from the road is sqrt(0.9 * 1) = 0.949.
    edited(("threshold = 0.6", "threshold = 0.92"), ("k = 0.5", "k = 0.05"))(folder)
    codes = {note.code for note in checked(folder).notes}
    assert "threshold_close" in codes


def test_note_on_cores_out_of_reach(folder: Path) -> None:
    # Two blocks of forest, six kilometres of crop between them, and links of three at most.
    edited(("max_link_km = 50", "max_link_km = 3"))(folder)
    texts = [note.text for note in checked(folder).notes if note.code == "disconnected"]
    assert texts == ["forest_cat: core areas 1, 2 have no other within 3 km: disconnected."]


def test_note_on_a_line_that_counts_twice(folder: Path) -> None:
    predictors = (
        "[species.movement.predictors.distance_to_roads]\n"
        'role = "disturbance"\nresponse = { kind = "exponential_decay", k = 1 }\n\n'
    )
    barrier = "[species.movement.barriers.roads]"
    edited((barrier, predictors + barrier))(folder)
    (text,) = [note.text for note in checked(folder).notes if note.code == "twice"]
    assert "roads" in text
    assert "predictor distance_to_roads, barrier" in text


def test_notes_on_barriers(folder: Path) -> None:
    edited(("crossing_cost_m = 25000", 'crossing_cost_m = inf\nopenings = "settlements"'))(folder)
    codes = {note.code: note.text for note in checked(folder).notes}
    # Both towns lie on the road.
    assert codes["barriers"] == "forest_cat: Roads: no way per crossing; open at: settlements 2."
    assert codes["sealed"] == "forest_cat: Roads: sealed, passed at its openings only."
    assert "idle_openings" not in codes


def test_note_on_a_plateau_out_of_reach(folder: Path) -> None:
    predictors = (
        "[species.habitat.predictors.elevation]\n"
        'role = "terrain"\nresponse = { kind = "trapezoid", a = 0, b = 900, c = 950, d = 999 }\n\n'
    )
    barrier = "[species.movement.barriers.roads]"
    edited((barrier, predictors + barrier), ("threshold = 0.6", "threshold = 0.2"))(folder)
    (text,) = [
        note.text for note in checked(folder).notes if note.code == "plateau" and "elevation" in note.text
    ]
    assert text.startswith("forest_cat: 0 % of the land reaches the best score of elevation")


def test_note_on_an_optional_layer_that_is_absent(folder: Path) -> None:
    prey = '[layers.prey]\nsources = ["prey.tif"]\noptional = true\n\n[[species]]'
    use = '[species.habitat.predictors.prey]\nrole = "prey"\n'
    use += 'response = { kind = "exponential_decay", k = 1 }\n\n'
    barrier = "[species.movement.barriers.roads]"
    edited(("[[species]]", prey), (barrier, use + barrier))(folder)
    found = checked(folder)
    assert found.problems == ()
    texts = {note.code: note.text for note in found.notes}
    assert "prey" in texts["absent"]
    assert "no prey survey" in texts["dropped"]


@pytest.mark.parametrize(
    ("amounts", "poor"),
    [
        ({"AD": 153.0, "LI": 13.6}, ["LI"]),  # detailed roads, measured in the Altai
        ({"AD": 52.0, "LI": 2.1}, ["LI"]),  # the same in the Sayan
        ({"AD": 7.0, "LI": 0.0}, ["LI"]),  # parks, Lesser Khingan
        ({"AD": 45.0, "LI": 8.9}, []),  # main roads, both mapped
        ({"AD": 0.0, "LI": 0.0}, []),
        ({"AD": 3.0}, []),
        ({}, []),
    ],
)
def test_lacking_is_less_than_a_tenth(amounts: dict[str, float], poor: list[str]) -> None:
    assert lacking({country: Amount(None, amount) for country, amount in amounts.items()}) == poor


def test_class_shares_always_tell_no_data() -> None:
    assert class_shares(np.array([4.0, 4.0, 5.0, 5.0])) == [(4, 0.5), (5, 0.5), (None, 0.0)]


def test_correlation_of_constants_is_none() -> None:
    assert correlation(np.ones(5), np.arange(5.0)) == 0.0
    assert correlation(np.arange(5.0), -np.arange(5.0)) == -1.0
