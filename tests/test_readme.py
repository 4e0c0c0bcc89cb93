"""The README and the tutorial script keep their word: what they name exists, what they show comes out."""

from __future__ import annotations

import math
import re
import runpy
import shlex
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tiny_landscape as tiny
import typer
import xarray as xr
from pandas.testing import assert_frame_equal
from PIL import Image
from typer.testing import CliRunner

import corridors
from corridors.cli import app
from corridors.config import key_table
from corridors.schema import COLUMNS, CONTEXT, RASTERS, RUN_RASTERS, TABLES, VECTORS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WORKFLOW = ROOT / "workflows" / "land_of_big_cats.toml"
SCRIPT = WORKFLOW.with_suffix(".py")
LARGEST_PICTURE_BYTES = 400_000
MARKS = {"default", "literature", "user"}
LONGEST_EXAMPLE_LINES = 15

COMMANDS = typer.main.get_command(app).commands
OPTIONS = {name: {text for one in command.params for text in one.opts} for name, command in COMMANDS.items()}
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SCHEMA_NAMES = {*RASTERS, *RUN_RASTERS, *VECTORS, *CONTEXT, *TABLES, *COLUMNS}
KEYS = {row[0].rpartition(".")[2] for row in key_table()}


def blocks(*languages: str) -> list[str]:
    """Return the code blocks of these languages."""
    found = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [text for language, text in found if language in languages]


def words() -> list[str]:
    """Return everything in single backticks, once."""
    prose = re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL)
    return list(dict.fromkeys(re.findall(r"`([^`]+)`", prose)))


def command_lines() -> list[str]:
    """Return the lines a reader may type, those in the text included."""
    lines = [line for block in blocks("sh", "bat") for line in block.replace("\\\n", "").splitlines()]
    parts = [part.strip() for line in lines for part in line.split("&&")]
    return [part.replace("\\", "/") for part in [*parts, *words()] if " " in part]


def tree() -> list[str]:
    """Return the files the README shows in a run folder, relative to it."""
    block = next(text for text in blocks("text") if "├──" in text)
    files, folders = [], []
    for line in block.splitlines()[1:]:
        indent, name = re.fullmatch(r"([│├└─\s]*)(\S+).*", line).groups()
        depth = len(indent) // 4 - 1
        folders = [*folders[:depth], name.rstrip("/")]
        if not name.endswith("/"):
            files.append("/".join(folders))
    return files


@pytest.fixture(scope="module")
def result() -> corridors.Result:
    """Return what the shipped workflow gives on the demonstration data."""
    workflow = corridors.load_workflow(str(WORKFLOW))
    inputs = corridors.read_inputs(workflow)
    return corridors.analyse(inputs.layers, workflow, context=inputs.context)


PARKS = """[layers.protected_areas]
kind = "polygons"
sources = ["vectors.gpkg|countries"]
name_column = "name"

"""
WINDOWS = """[species.current]
window_radius_km = 3.0

"""
DENSITIES = """
adults_per_100_km2 = [1.0, 2.0]
breeding_females_per_100_km2 = [0.5, 1.0]
"""


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a run folder of a tiny landscape that has what the shipped workflows have."""
    folder = tmp_path_factory.mktemp("readme")
    out = folder / "run"
    workflow = tiny.write_landscape(folder)
    parts = {"[layers.distance_to_roads]": PARKS, "[species.network]": WINDOWS}
    text = workflow.read_text(encoding="utf-8")
    for place, added in parts.items():
        text = text.replace(place, added + place, 1)
    workflow.write_text(text.replace("[species.network]", "[species.network]" + DENSITIES), encoding="utf-8")
    corridors.run(corridors.load_workflow(str(workflow)), out=str(out))
    return out


@pytest.fixture(scope="module")
def tutorial() -> dict[str, object]:
    """Return the variables of the script after it has run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(SCRIPT)])
        return runpy.run_path(str(SCRIPT))


def test_the_example_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = blocks("python")
    assert len([line for line in example.splitlines() if line]) <= LONGEST_EXAMPLE_LINES
    monkeypatch.chdir(ROOT)
    found: dict[str, object] = {}
    exec(compile(example, "README.md", "exec"), found)
    assert "equivalent_connected_area" in capsys.readouterr().out
    assert len(found["links"]) > 0


def test_a_new_area_becomes_a_map_in_five_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = next(text for text in blocks("sh") if "corridors init" in text)
    lines = [shlex.split(line)[1:] for line in block.replace("\\\n", "").splitlines()]
    assert [line[0] for line in lines] == ["init", "check", "run", "export", "export"]
    (tmp_path / "data").symlink_to(ROOT / "data", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    for line in lines:
        done = CliRunner().invoke(app, line)
        assert done.exit_code == 0, done.output
    out = Path(lines[2][lines[2].index("--out") + 1])
    assert (out / "figures" / "overview.png").is_file()
    assert list(Path().glob("*/*.kmz"))
    assert list(Path().glob("*/*.xlsx"))


@pytest.mark.parametrize("line", command_lines())
def test_a_command_exists(line: str) -> None:
    program, *arguments = shlex.split(line.replace("<address of this repository>", "address"))
    name = Path(program).name
    if name == "make":
        assert set(arguments) <= TARGETS
    elif name == "corridors":
        if arguments[0] == "--progress":
            del arguments[:2]
        assert arguments[0] in COMMANDS
        assert {text for text in arguments if text.startswith("-")} <= OPTIONS[arguments[0]]
    elif name.startswith("py") and arguments[0].endswith(".py"):
        assert (ROOT / arguments[0]).is_file()
    else:
        assert name in {"git", "cd", "py", "python", "python3"}


@pytest.mark.parametrize("word", words())
def test_a_word_in_backticks_is_known(word: str, run_folder: Path, request: pytest.FixtureRequest) -> None:
    in_run = {path.name for path in run_folder.rglob("*")}
    known = SCHEMA_NAMES | KEYS | MARKS | in_run | set(corridors.__all__) | set().union(*OPTIONS.values())
    if word in known or word in command_lines() or word in {"corridors", "python3"}:
        return
    if word.startswith("corridors."):
        assert word.removeprefix("corridors.") in corridors.__all__
    elif word.startswith("runs/land_of_big_cats/"):
        cases = request.getfixturevalue("result").cases
        assert Path(word).name in {f"{case}-overview.png" for case in cases}
    elif not word.startswith(".venv"):
        assert (ROOT / word).exists()


@pytest.mark.parametrize("place", re.findall(r"\]\(([^)#]+)\)", README))
def test_a_link_leads_somewhere(place: str) -> None:
    assert place.startswith("https://") or (ROOT / place).is_file()


def test_distances_are_too_long_by_what_the_readme_says() -> None:
    most_percent = float(re.search(r"up to ([\d.]+) % too long", README).group(1))
    even = corridors.Grid.for_area((131.0, 43.0, 131.5, 43.4), crs="EPSG:32652", cell_size_m=500)
    resistance = even.like(np.ones(even.shape), name="resistance")
    corner = even.like(np.zeros(even.shape, dtype=np.uint16), name="cores")
    corner[0, 0] = 1
    rows, columns = np.indices(even.shape)
    straight_m = np.hypot(rows, columns).ravel()[1:] * even.cell_size_m
    cost_m = corridors.accumulated_cost(resistance, corner).values.ravel()[1:]
    assert 100 * np.max(cost_m / straight_m - 1) == pytest.approx(most_percent, abs=0.005)
    assert 100 * (1 / math.cos(math.pi / 8) - 1) == pytest.approx(most_percent, abs=0.005)


def test_pictures_are_small() -> None:
    for path in (ROOT / "workflows" / "pictures").glob("*.png"):
        assert path.stat().st_size <= LARGEST_PICTURE_BYTES
        with Image.open(path) as picture:
            assert min(picture.size) >= 800


def test_the_run_folder_is_as_shown(run_folder: Path) -> None:
    shown = {file.replace("amur_tiger", "forest_cat") for file in tree()}
    files = {path.relative_to(run_folder).as_posix() for path in run_folder.rglob("*") if path.is_file()}
    by_folder = ("layers/", "figures/")
    assert shown == {file for file in files if not file.startswith(by_folder) and not file.endswith(".qml")}
    assert all(any(file.startswith(folder) for file in files) for folder in by_folder)


def test_the_demo_prints_what_is_shown(result: corridors.Result) -> None:
    shown = next(text for text in blocks("text") if "QGIS project:" in text).splitlines()
    assert shown[0] == result.title
    rows = [line.split() for line in shown[2:-2]]
    counted = [
        [key, *(str(len(case.vectors[name])) for name in shown[1].split()[1:4])]
        for key, case in result.cases.items()
    ]
    assert [row[:4] for row in rows] == counted
    for key, *_, overview in rows:
        assert overview == f"runs/land_of_big_cats/figures/{key}-overview.png"
    assert shown[-2:] == [
        "QGIS project: runs/land_of_big_cats/project.qgz",
        "Report: runs/land_of_big_cats/report.html",
    ]


@pytest.mark.parametrize("name", ["cores", "links"])
def test_the_script_finds_what_the_workflow_finds(
    name: str, tutorial: dict[str, object], result: corridors.Result
) -> None:
    expected = result.cases["amur_tiger"].tables[name].set_index(f"{name[:-1]}_id")
    found = pd.DataFrame(tutorial[name]).drop(columns="geometry")
    added_by_the_workflow = ["name", "disconnected", "countries", "borders", "neck_note"]
    alike = [column for column in expected if column in found and column not in added_by_the_workflow]
    assert {"cores": "area_km2", "links": "cost_distance_m"}[name] in alike
    assert_frame_equal(found[alike], expected[alike])


def test_the_script_finds_the_same_border_and_network(
    tutorial: dict[str, object], result: corridors.Result
) -> None:
    tables = result.cases["amur_tiger"].tables
    by_length = tables["connectivity"].query("distance == 'length'").reset_index(drop=True)
    assert_frame_equal(tutorial["connectivity"], by_length)
    assert_frame_equal(tutorial["straddling"], tables["core_borders"])
    assert_frame_equal(tutorial["shares"], tables["core_countries"])
    assert tutorial["crossings"]["border"].tolist() == tables["crossings"]["border"].tolist()


def test_the_script_draws_the_same_rasters(tutorial: dict[str, object], result: corridors.Result) -> None:
    for name in ("suitability", "resistance", "corridor"):
        expected = result.cases["amur_tiger"].rasters[name]
        found = tutorial[name].sel(y=expected["y"], x=expected["x"]).where(expected.notnull())
        xr.testing.assert_equal(found, expected)
