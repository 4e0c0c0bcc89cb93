"""Put the QGIS plugin into a profile of QGIS, whole or not at all, and take it away again.

The installed copy knows which Python to start from a file of its own, `installed.json`. It is the one place
where a path of the machine may stand, and it is never part of the project.
"""

from __future__ import annotations

import configparser
import json
import os
import secrets
import shutil
import sys
from importlib import metadata
from pathlib import Path

from corridors.errors import CorridorsError, InputError, OutputError
from corridors.io.writer import output_error, rename, sync_folder, write_text

PLUGIN = "corridors_qgis"
SOURCE = Path(__file__).parent / "plugin"
RECORD = "installed.json"
MADE_BY = "corridors qgis-plugin"
CACHE = "__pycache__"
CONFIGURATION = "QGIS_CUSTOM_CONFIG_PATH"


def profiles_folder() -> Path:
    """Return where QGIS 3 keeps its profiles on this system, whether or not it is there."""
    own = os.environ.get(CONFIGURATION)
    if own:
        return Path(own) / "profiles"
    home = Path.home()
    if sys.platform == "win32":
        data = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        data = home / "Library" / "Application Support"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return data / "QGIS" / "QGIS3" / "profiles"


def plugins_folder(profile: str | None = None) -> Path:
    """Return the folder of plugins of a QGIS profile.

    Parameters
    ----------
    profile
        Its name; where absent, the one QGIS starts with: the one set in `profiles.ini`, else "default", else
        the only one there is.

    Raises
    ------
    InputError
        I301 there is no QGIS profile, or none of that name, or several and none to prefer.
    """
    folder = profiles_folder()
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not names:
        what = "QGIS 3 has no profile here; it makes one when it is started for the first time"
        remedy = "Start QGIS once, or name a folder of plugins with --into."
        raise InputError(what, code="I301", where="QGIS", remedy=remedy)
    wanted = profile or default_profile(folder, names)
    if wanted not in names:
        what = f"there is no profile {wanted}" if wanted else "there are several profiles"
        allowed = ", ".join(names)
        raise InputError(what, code="I301", where="QGIS", allowed=allowed, remedy="Name one with --profile.")
    return folder / wanted / "python" / "plugins"


def default_profile(folder: Path, names: list[str]) -> str | None:
    """Return the profile QGIS starts with, as far as that can be told."""
    settings = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        settings.read(folder / "profiles.ini", encoding="utf-8")
        said = settings.get("core", "defaultProfile", fallback="").strip('"')
    except (configparser.Error, UnicodeDecodeError):
        said = ""
    if said in names:
        return said
    if "default" in names:
        return "default"
    return names[0] if len(names) == 1 else None


def install_plugin(folder: str | Path, *, python: str = sys.executable) -> str:
    """Copy the plugin into a folder of plugins; a former copy is replaced when this one is whole.

    Parameters
    ----------
    folder
        `python/plugins` of a QGIS profile; made where it is absent.
    python
        The Python the plugin is to start.

    Returns
    -------
    str
        Where it is now.

    Raises
    ------
    OutputError
        O403 not writable, O412 something else of that name is there.

    Examples
    --------
    >>> import tempfile
    >>> sorted(path.name for path in Path(install_plugin(tempfile.mkdtemp())).iterdir())[:2]
    ['LICENSE', '__init__.py']
    """
    target = Path(folder).absolute() / PLUGIN
    partial = target.with_name(f"{PLUGIN}.partial-{secrets.token_hex(4)}")
    try:
        require_ours(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(SOURCE, partial, ignore=shutil.ignore_patterns(CACHE))
        files = sorted(path.relative_to(partial).as_posix() for path in partial.rglob("*") if path.is_file())
        record = {
            "made_by": MADE_BY,
            "version": metadata.version("corridors"),
            "python": python,
            "files": [*files, RECORD],
        }
        write_text(partial / RECORD, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        swap_in(partial, target)
    except CorridorsError:
        raise
    except OSError as error:
        raise output_error(error, target.name) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return str(target)


def uninstall_plugin(folder: str | Path) -> str:
    """Remove the plugin from a folder of plugins; return where it was.

    Raises
    ------
    InputError
        I301 it is not there.
    OutputError
        O403 not writable, O412 what is there is not this plugin.
    """
    target = Path(folder).absolute() / PLUGIN
    if not os.path.lexists(target):
        remedy = "Name its profile with --profile, or its folder with --into."
        raise InputError("the plugin is not installed here", code="I301", where="QGIS", remedy=remedy)
    require_ours(target)
    away = target.with_name(f"{PLUGIN}.former-{secrets.token_hex(4)}")
    try:
        rename(target, away)
        shutil.rmtree(away)
    except OSError as error:
        raise output_error(error, target.name) from error
    return str(target)


def swap_in(partial: Path, target: Path) -> None:
    """Put the finished copy in the place of the former one, which comes back where that fails."""
    former = target.with_name(f"{PLUGIN}.former-{secrets.token_hex(4)}")
    if target.exists():
        rename(target, former)
    try:
        rename(partial, target)
    except BaseException:
        if former.exists():
            rename(former, target)
        raise
    sync_folder(target.parent)
    shutil.rmtree(former, ignore_errors=True)


def require_ours(target: Path) -> None:
    """Refuse a folder that this command has not made, or to which somebody has added files."""
    if not os.path.lexists(target):
        return
    files = files_of(target)
    what = "" if files is not None else "another plugin, or a folder of your own, has this name"
    if files is not None:
        found = (path for path in target.rglob("*") if path.is_file() and path.parent.name != CACHE)
        added = sorted({path.relative_to(target).as_posix() for path in found} - files)
        what = (
            f"it holds files that the installation has not put there: {', '.join(added[:5])}" if added else ""
        )
    if what:
        remedy = "Move it elsewhere; nothing was changed."
        raise OutputError(what, code="O412", where=target.name, remedy=remedy)


def files_of(target: Path) -> set[str] | None:
    """Return the files an installation says it has put there; None where it is none of ours."""
    try:
        record = json.loads((target / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if target.is_symlink() or not isinstance(record, dict) or record.get("made_by") != MADE_BY:
        return None
    return {str(name) for name in record.get("files", [])}
