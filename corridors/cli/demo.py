"""`corridors demo`: the four shipped workflows on the demonstration data, inside a clone."""

from __future__ import annotations

from pathlib import Path

from corridors.cli.run import run_one, tell_run
from corridors.cli.speak import Debug, Json, Quiet, tell_json, told

WORKFLOWS = ("land_of_big_cats", "lesser_khingan", "chikhachev", "eastern_sayan")


def demo(as_json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """Run the four demonstration workflows into runs/<name> (needs a clone of the project)."""
    with told(as_json=as_json, debug=debug):
        clone = clone_folder()
        done = []
        for name in WORKFLOWS:
            out = str(clone / "runs" / name)
            done.append(
                run_one(str(clone / "workflows" / f"{name}.toml"), data=None, out=out, quiet=quiet or as_json)
            )
            if not as_json:
                tell_run(done[-1])
        if as_json:
            tell_json({"problems": [], "runs": done})


def clone_folder() -> Path:
    """Return the clone this is run in, or say that there is none."""
    from corridors.errors import InputError

    here = Path.cwd()
    for folder in (here, *here.parents):
        files = [folder / "workflows" / f"{name}.toml" for name in WORKFLOWS]
        if (folder / "data" / "rasters").is_dir() and all(file.is_file() for file in files):
            return folder
    what = "the demonstration needs a clone of the project, and this folder lies in none"
    remedy = "Start a workflow of your own with: corridors init"
    raise InputError(what, code="I249", where=here.name, remedy=remedy)
