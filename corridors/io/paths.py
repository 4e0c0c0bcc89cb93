"""Which paths may be read: plain files on this machine, inside the given folder where one is given."""

from __future__ import annotations

import os
import re
from pathlib import Path

from corridors.errors import InputError, SecurityError

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+._\-]+:|[/\\]vsi", re.IGNORECASE)


def plain_file(path: str | Path, *, folder: str | Path | None = None) -> Path:
    """Return the full path of an existing plain file.

    Parameters
    ----------
    path : str or Path
        As given; relative to the working folder.
    folder : str or Path, optional
        The file must lie in it, links followed.

    Raises
    ------
    SecurityError
        X703 an address or a GDAL virtual path, X706 outside the folder.
    InputError
        I251 no such file.
    """
    text = str(path)
    if ADDRESS.match(text) or "\0" in text:
        what = "only plain files on this machine are read"
        remedy = "Download or unpack the layer first and name the file."
        raise SecurityError(what, code="X703", given=text, remedy=remedy)
    full = Path(path).resolve()
    if folder is not None and not full.is_relative_to(Path(folder).resolve()):
        what = "the file lies outside the data folder"
        remedy = "Copy it into the data folder, or name another folder with --data."
        raise SecurityError(what, code="X706", where=full.name, remedy=remedy)
    if not full.is_file():
        what = "it is not a plain file" if full.exists() else "there is no such file"
        remedy = "Check the name and the data folder."
        raise InputError(what, code="I251", where=full.name, remedy=remedy)
    return full


def resolve_folder(folder: str | Path, base: str | Path) -> str:
    """Return a folder that a workflow names, relative to the workflow's own folder.

    Examples
    --------
    >>> resolve_folder("/data/rasters", "/projects")
    '/data/rasters'
    """
    return str(Path(base) / folder)


def relative_path(path: str | Path, folder: str | Path) -> str:
    """Return a path as it is written in a file of a folder; its last part where both lie on different drives.

    A full path would name users and machines.

    Examples
    --------
    >>> relative_path("/projects/data/land", "/projects/runs/land")
    '../../data/land'
    """
    target, base = Path(path).resolve(), Path(folder).resolve()
    try:
        return Path(os.path.relpath(target, base)).as_posix()
    except ValueError:
        return target.name


def reason(error: BaseException, path: Path) -> str:
    """Return what a library says about a file, without the folder, which would name users and machines."""
    text = str(error.__cause__ or error).splitlines()
    return (text[0] if text else type(error).__name__).replace(f"{path.parent}{os.sep}", "")
