"""Commands: exit codes, one line per problem, JSON, and nothing written where something is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import tiny_landscape as tiny
from typer.testing import CliRunner, Result

from corridors.cli import app

HEAVY = ("numpy", "pandas", "rasterio", "geopandas", "xarray", "scipy", "matplotlib", "pydantic", "networkx")


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tiny.write_landscape(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from corridors.cli import app; from typer.testing import CliRunner; "
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_check_of_a_sound_workflow(folder: Path) -> None:
    before = files(folder)
    done = invoke("check", "tiny.toml")
    assert (done.exit_code, "No problem found." in done.stdout) == (0, True)
    assert "[scale]" in done.stderr
    assert files(folder) == before


def test_check_as_json(folder: Path) -> None:
    told = json.loads(invoke("check", "tiny.toml", "--json").stdout)
    assert told["problems"] == []
    assert {"layer", "country", "coverage_percent"} <= set(told["sides"][0])
    assert "scale" in {note["code"] for note in told["notes"]}


@pytest.mark.parametrize("command", ["check", "run"])
def test_wrong_input_exits_2_with_one_line_per_problem_and_writes_nothing(folder: Path, command: str) -> None:
    tiny.write_workflow(folder, tiny.WORKFLOW.replace("max_link_km", "max_kmm"))
    (folder / "data" / "elevation.tif").unlink()
    before = files(folder)
    done = invoke(command, "tiny.toml", "--quiet")
    assert done.exit_code == 2
    lines = done.stderr.strip().splitlines()
    assert [line[:6] for line in lines] == ["[C101]", "[I260]"]
    assert "Did you mean max_link_km?" in lines[0]
    assert done.stdout == ""
    assert files(folder) == before
    assert not (folder / "runs").exists()


@pytest.mark.parametrize("command", ["check", "run"])
def test_problems_as_json(folder: Path, command: str) -> None:
    tiny.write_workflow(folder, tiny.WORKFLOW.replace("threshold = 0.6", 'threshold = "0.6"'))
    done = invoke(command, "tiny.toml", "--json")
    assert done.exit_code == 2
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["code"] == "C102"
    assert problem["given"] == '"0.6"'
    assert done.stderr == ""


def test_missing_workflow(folder: Path) -> None:
    done = invoke("check", "absent.toml")
    assert done.exit_code == 2
    assert "corridors init" in done.stderr


def test_broken_toml_names_the_line(folder: Path) -> None:
    tiny.write_workflow(folder, tiny.WORKFLOW.replace('name = "tiny"', 'name = "tiny'))
    done = invoke("check", "tiny.toml")
    assert done.exit_code == 2
    assert "line 2" in done.stderr


def test_folder_that_holds_something_else(folder: Path) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter.txt").write_text("mine", "utf-8")
    done = invoke("run", "tiny.toml", "--out", "thesis")
    assert done.exit_code == 2
    assert "[O402]" in done.stderr
    assert files(folder / "thesis") == {str(folder / "thesis" / "chapter.txt"): b"mine"}


def test_run_tells_what_came_out(folder: Path) -> None:
    done = invoke("run", "tiny.toml", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["problems"] == []
    assert told["cases"]["forest_cat"]["cores"] == 2
    assert (folder / told["project"]).is_file()
    assert (folder / told["cases"]["forest_cat"]["overview"]).is_file()


def test_mistake_of_the_program_is_one_line_and_exit_1(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        what = "boom"
        raise ZeroDivisionError(what)

    monkeypatch.setattr("corridors.preflight.check_file", broken)
    done = invoke("check", "tiny.toml")
    assert done.exit_code == 1
    assert done.stderr.startswith("[E000]")
    assert "Traceback" not in done.output
    assert isinstance(invoke("check", "tiny.toml", "--debug").exception, ZeroDivisionError)


def test_interrupt_exits_130(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("corridors.preflight.check_file", interrupted)
    done = invoke("run", "tiny.toml")
    assert done.exit_code == 130
    assert "Earlier runs are as they were." in done.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--species", "amur_tiger"),
        ("--species", "snow_leopard", "--landscape", "eastern_sayan"),
        ("--species", "amur_leopard", "--area", "130,42.5,131,43.5"),
        ("--species", "amur_leopard", "--area", "120,42.5,133,53.5"),
    ],
)
def test_init_writes_a_workflow_that_can_be_read(tmp_path: Path, options: tuple[str, ...]) -> None:
    from corridors.config import load_workflow

    file = tmp_path / "mine.toml"
    done = invoke("init", *options, "-o", str(file))
    assert done.exit_code == 0, done.output
    workflow = load_workflow(str(file))
    assert workflow.data.folder == "data"
    assert workflow.species[0].name == options[1]
    if "--area" in options:
        assert workflow.area.bounds == tuple(map(float, options[-1].split(",")))


def test_init_numbers_can_be_uncommented_all_together(tmp_path: Path) -> None:
    from corridors.config import load_workflow

    file = tmp_path / "mine.toml"
    invoke("init", "--species", "snow_leopard", "-o", str(file))
    before = load_workflow(str(file)).species
    text, numbers = file.read_text("utf-8").split("then marked as yours.\n")
    file.write_text(text + numbers.replace("\n# ", "\n"), "utf-8")
    assert load_workflow(str(file)).species == before


@pytest.mark.parametrize(
    ("options", "code", "part"),
    [
        (("--species", "amur_tigre"), "C109", "Did you mean amur_tiger?"),
        (("--species", "amur_tiger", "--area", "1,2,3"), "C102", "west,south,east,north"),
        (("--species", "amur_tiger", "--area", "3,2,1,4"), "C103", "no box"),
    ],
)
def test_init_refuses(tmp_path: Path, options: tuple[str, ...], code: str, part: str) -> None:
    file = tmp_path / "mine.toml"
    done = invoke("init", *options, "-o", str(file))
    assert done.exit_code == 2
    assert f"[{code}]" in done.stderr
    assert part in done.stderr
    assert not file.exists()


def test_init_looks_into_a_folder_and_says_what_comes_next(folder: Path) -> None:
    done = invoke(
        "init",
        "--species",
        "amur_leopard",
        "--area",
        "129,44,129.24,44.17",
        "--data",
        "data",
        "-o",
        "my.toml",
    )
    assert done.exit_code == 0, done.output
    assert "vectors.gpkg|towns" in done.stdout
    assert "Not found: rivers" in done.stdout
    assert "Next: corridors check my.toml" in done.stdout
    assert 'folder = "data"' in (folder / "my.toml").read_text("utf-8")
    assert str(folder) not in (folder / "my.toml").read_text("utf-8")


def test_init_with_an_empty_folder(folder: Path) -> None:
    (folder / "nothing").mkdir()
    done = invoke("init", "--species", "amur_leopard", "--data", "nothing", "-o", "my.toml")
    assert done.exit_code == 2
    assert "[C162]" in done.stderr
    assert not (folder / "my.toml").exists()


def test_a_run_is_handed_over(folder: Path) -> None:
    assert invoke("run", "tiny.toml", "--out", "run", "-q").exit_code == 0
    done = invoke(
        "export",
        "run",
        "--format",
        "shp",
        "--out",
        "shapes",
        "--layer",
        "cores",
        "--layer",
        "roads",
        "--json",
    )
    told = json.loads(done.stdout)
    assert told["features"]["cores"] == 2
    assert {"cores.shp", "roads.dbf", "columns.csv", "notes.csv", "export.json"} <= set(told["files"])
    for form in ("kmz", "gpx", "csv", "xlsx"):
        assert invoke("export", "run", "--format", form, "--out", form).exit_code == 0
    refused = invoke("export", "run", "--format", "kmz", "--crs", "EPSG:32652", "--out", "again")
    assert (refused.exit_code, "[C171]" in refused.stderr) == (2, True)


def test_init_never_writes_over_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine", "utf-8")
    done = invoke("init", "--species", "amur_tiger", "-o", str(file))
    assert done.exit_code == 2
    assert file.read_text("utf-8") == "mine"


def test_schema_and_describe() -> None:
    assert json.loads(invoke("schema", "--json").stdout)["title"] == "Workflow"
    assert "area.cell_size_m" in invoke("schema").stdout
    one = invoke("describe", "links").stdout
    assert "cost_distance_m" in one
    assert "metres of ideal habitat" in one or "m of ideal habitat" in one
    assert json.loads(invoke("describe", "corridor", "--json").stdout)[0]["unit"] == "m of slack"
    wrong = invoke("describe", "corridr")
    assert wrong.exit_code == 2
    assert "Did you mean corridor?" in wrong.stderr


def test_demo_outside_a_clone_names_init(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("demo")
    assert done.exit_code == 2
    assert "corridors init" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_dry_run__says_what_would_be_computed_and_writes_nothing(folder: Path) -> None:
    before = files(folder)
    plan = json.loads(invoke("run", "tiny.toml", "--dry-run", "--json").stdout)
    assert plan["problems"] == []
    assert {step["step"] for step in plan["steps"]} >= {"layers", "cores", "links", "windows", "openings"}
    assert {(step["computed"], step["why"]) for step in plan["steps"]} == {(True, "nothing is kept of it")}
    assert plan["seconds"] > 0
    assert plan["memory_mb"] > 0
    assert files(folder) == before
    assert not (folder / "runs").exists()


def test_run_continued__plan_part_and_refusal(folder: Path) -> None:
    assert invoke("run", "tiny.toml", "--only", "cores", "--quiet").exit_code == 0
    assert (folder / "runs" / "tiny-cores" / "project.qgz").is_file()
    assert not (folder / "runs" / "tiny").exists()
    told = json.loads(invoke("run", "tiny.toml", "--dry-run", "--json").stdout)
    reused = {step["step"] for step in told["steps"] if not step["computed"]}
    assert reused == {"layers", "suitability", "barriers", "resistance", "cores", "thresholds"}
    shown = invoke("run", "tiny.toml", "--dry-run")
    assert "reused" in shown.stdout
    assert "About" in shown.stdout
    refused = invoke("run", "tiny.toml", "--from", "corridors")
    assert refused.exit_code == 2
    assert refused.stderr.strip().splitlines()[-1].startswith("[N606] --from corridors:")
    assert "--from links" in refused.stderr
    assert invoke("run", "tiny.toml", "--from", "links", "--quiet").exit_code == 0
    record = json.loads((folder / "runs" / "tiny" / "run.json").read_text("utf-8"))
    assert {step["step"] for step in record["steps"] if step["reused"]} == reused
    assert invoke("run", "tiny.toml", "--only", "links", "--out", "runs/tiny").exit_code == 2
    assert invoke("run", "tiny.toml", "--from", "nowhere").exit_code == 2
