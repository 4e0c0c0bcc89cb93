"""A folder for the outputs of another program's case."""

from __future__ import annotations

from pathlib import Path

from corridors.io.writer import output_error


def fresh_folder(path: str | Path, *, new: bool) -> str:
    """Make a folder and return its path.

    Parameters
    ----------
    path
        The folder wanted.
    new
        Where it is there already, make one with `_1`, `_2`, … after its name, as Omniscape does.

    Raises
    ------
    OutputError
        O403 it cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> folder = f"{tempfile.mkdtemp()}/project"
    >>> [fresh_folder(folder, new=True).rpartition("/")[2] for _ in range(3)]
    ['project', 'project_1', 'project_2']
    """
    wanted, number = Path(path), 0
    while True:
        try:
            wanted.mkdir(parents=True, exist_ok=not new)
        except FileExistsError as error:
            if not new:
                raise output_error(error, wanted.name) from error
            number += 1
            wanted = Path(f"{path}_{number}")
        except OSError as error:
            raise output_error(error, wanted.name) from error
        else:
            return str(wanted)
