"""The installer: whole or not at all, only its own folder, the right place on every system."""

from __future__ import annotations

import ast
import configparser
import json
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridors.cli import app
from corridors.errors import InputError, OutputError
from corridors.io.qgis import install

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of profiles of a QGIS that was started once."""
    monkeypatch.setenv("QGIS_CUSTOM_CONFIG_PATH", str(tmp_path / "настройки 设置"))
    folder = tmp_path / "настройки 设置" / "profiles"
    (folder / "default").mkdir(parents=True)
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_command_installs_and_removes(profiles: Path) -> None:
    place = profiles / "default" / "python" / "plugins" / install.PLUGIN
    done = CliRunner().invoke(app, ["qgis-plugin"])
    assert done.exit_code == 0, done.output
    assert "Processing > Toolbox > Corridors" in done.stdout
    record = json.loads((place / install.RECORD).read_text("utf-8"))
    assert record["python"] == sys.executable
    assert sorted(record["files"]) == names(place)
    assert CliRunner().invoke(app, ["qgis-plugin"]).exit_code == 0  # a newer one replaces it
    assert names(place.parent) == [install.PLUGIN]
    done = CliRunner().invoke(app, ["qgis-plugin", "--uninstall", "--json"])
    assert json.loads(done.stdout) == {"problems": [], "folder": str(place), "installed": False}
    assert names(place.parent) == []
    done = CliRunner().invoke(app, ["qgis-plugin", "--uninstall"])
    assert done.exit_code == 2
    assert "not installed" in done.stderr


def test_profiles(profiles: Path) -> None:
    assert install.plugins_folder().parts[-3:] == ("default", "python", "plugins")
    (profiles / "тигр").mkdir()
    assert install.plugins_folder("тигр").parts[-3] == "тигр"
    (profiles / "profiles.ini").write_text("[core]\ndefaultProfile=тигр\n", "utf-8")
    assert install.plugins_folder().parts[-3] == "тигр"
    with pytest.raises(InputError, match=r"no profile snow.*default, тигр.*--profile"):
        install.plugins_folder("snow")
    (profiles / "profiles.ini").unlink()
    (profiles / "default").rename(profiles / "other")
    with pytest.raises(InputError, match="several profiles"):
        install.plugins_folder()


def test_no_profile_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QGIS_CUSTOM_CONFIG_PATH", str(tmp_path / "nowhere"))
    done = CliRunner().invoke(app, ["qgis-plugin"])
    assert done.exit_code == 2
    assert "Start QGIS once" in done.stderr
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {}, ".local/share/QGIS/QGIS3/profiles"),
        ("linux", {"XDG_DATA_HOME": "data"}, "data/QGIS/QGIS3/profiles"),
        ("darwin", {}, "Library/Application Support/QGIS/QGIS3/profiles"),
        ("win32", {"APPDATA": "Roaming"}, "Roaming/QGIS/QGIS3/profiles"),
        ("win32", {}, "AppData/Roaming/QGIS/QGIS3/profiles"),
    ],
)
def test_places_of_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], expected: str
) -> None:
    for name in ("QGIS_CUSTOM_CONFIG_PATH", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setattr(install.sys, "platform", system)
    monkeypatch.setattr(install.Path, "home", lambda: tmp_path)
    assert install.profiles_folder() == tmp_path / expected


def test_only_its_own_folder_is_replaced_or_removed(tmp_path: Path) -> None:
    other = tmp_path / install.PLUGIN
    other.mkdir()
    (other / "metadata.txt").write_text("name=Mine", "utf-8")
    for action in (install.install_plugin, install.uninstall_plugin):
        with pytest.raises(OutputError, match=r"O412.*another plugin"):
            action(tmp_path)
    assert names(other) == ["metadata.txt"]
    shutil.rmtree(other)
    install.install_plugin(tmp_path)
    (other / "notes.txt").write_text("mine", "utf-8")
    for action in (install.install_plugin, install.uninstall_plugin):
        with pytest.raises(OutputError, match=r"O412.*notes\.txt"):
            action(tmp_path)
    assert (other / "notes.txt").read_text("utf-8") == "mine"
    assert names(tmp_path) == [install.PLUGIN]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    install.install_plugin(tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / install.PLUGIN).symlink_to(tmp_path / "a" / install.PLUGIN)
    with pytest.raises(OutputError, match="O412"):
        install.uninstall_plugin(tmp_path / "b")
    assert (tmp_path / "a" / install.PLUGIN / "metadata.txt").is_file()


@pytest.mark.parametrize("call", ["copytree", "rename", "write_text"])
def test_a_failure_leaves_the_former_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    install.install_plugin(tmp_path, python="former")
    owner = install.shutil if call == "copytree" else install
    real, done = getattr(owner, call), []

    def failing(*arguments: object, **options: object) -> object:
        done.append(arguments)
        if call == "rename" and len(done) == 3:  # putting the former one back
            return real(*arguments, **options)
        if call != "rename" or len(done) == 2:
            raise PermissionError(13, "no")
        return real(*arguments, **options)

    monkeypatch.setattr(owner, call, failing)
    with pytest.raises(OutputError):
        install.install_plugin(tmp_path, python="new")
    assert names(tmp_path) == [install.PLUGIN]
    record = json.loads((tmp_path / install.PLUGIN / install.RECORD).read_text("utf-8"))
    assert record["python"] == "former"


def test_the_shipped_folder_is_what_qgis_asks_for() -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(install.SOURCE / "metadata.txt", encoding="utf-8")
    said = parser["general"]
    for key in ("name", "description", "about", "version", "author", "email", "repository", "tracker"):
        assert said[key], key
    assert said["hasProcessingProvider"] == "yes"
    assert (
        said["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    )
    assert "depends on that program" in said["about"]
    assert (install.SOURCE / said["icon"]).is_file()
    assert (install.SOURCE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert not (install.SOURCE / install.RECORD).exists()


@pytest.mark.parametrize("path", sorted(install.SOURCE.glob("*.py")), ids=lambda path: path.name)
def test_the_plugin_runs_in_older_pythons_and_imports_nothing_of_the_program(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 9))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    imported += [
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    ]
    roots = {str(name).partition(".")[0] for name in imported}
    assert roots <= set(sys.stdlib_module_names) | {"qgis", "processing"}
