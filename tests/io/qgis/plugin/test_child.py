"""How the plugin runs the program, without QGIS: what it passes on, how it ends it, and failures."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from corridors.io.qgis.plugin import child, interpreter

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
TELLS = """
import json, sys
for step, fraction in (("Reading", 0.0), ("Чтение 读", 0.5)):
    print(json.dumps({"step": step, "fraction": fraction}), file=sys.stderr)
print("a plain line", file=sys.stderr)
print("1.5", file=sys.stderr)
print(json.dumps({"problems": [], "folder": "f", "arguments": sys.argv[1:]}))
"""
REFUSES = """
import json, sys
one = {"code": "I201", "what": "x", "message": "[I201] r.tif: grids differ."}
print(json.dumps({"problems": [one, {"code": "I202", "what": "also wrong"}]}))
sys.exit(2)
"""
OBEYS = """
import json, pathlib, sys
print(json.dumps({"step": "Long", "fraction": 0.1}), file=sys.stderr, flush=True)
sys.stdin.read()
pathlib.Path(__file__).with_name("obeyed").touch()
sys.exit(130)
"""
DISOBEYS = """
import json, pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
partial = pathlib.Path(__file__).with_name("out.partial-0123abcd")
partial.mkdir()
(partial / "half.tif").touch()
print(json.dumps({"step": "Long", "fraction": 0.1}), file=sys.stderr, flush=True)
time.sleep(600)
"""


def stand_in(folder: Path, text: str) -> str:
    """Return a Python that does this, whatever it is asked to run."""
    (folder / "program.py").write_text(text, "utf-8")
    path = folder / "python"
    path.write_text(
        f'#!/bin/sh\necho $$ > "{folder}/pid"\nexec "{sys.executable}" "{folder}/program.py" "$@"\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def run(folder: Path, text: str, told: list[Any], *, stop_at: str | None = None) -> dict[str, Any]:
    def tell(step: str, fraction: float | None) -> None:
        told.append((step, fraction))

    def stopped() -> bool:
        return any(step == stop_at for step, _ in told)

    python, environment = stand_in(folder, text), interpreter.clean_environment()
    return child.run_program(python, ["cost", "r.tif"], environment, tell, stopped, str(folder / "out"))


def is_gone(folder: Path) -> bool:
    return not Path(f"/proc/{(folder / 'pid').read_text().strip()}").exists()


def test_steps_text_and_result_are_passed_on(tmp_path: Path) -> None:
    told: list[Any] = []
    found = run(tmp_path, TELLS, told)
    assert told == [("Reading", 0.0), ("Чтение 读", 0.5), ("a plain line", None), ("1.5", None)]
    expected = ["-m", "corridors", "--progress", "json", "--stop-at-eof", "cost", "r.tif", "--json"]
    assert found["arguments"] == expected


def test_problems_are_one_line_each(tmp_path: Path) -> None:
    with pytest.raises(child.FailedError) as caught:
        run(tmp_path, REFUSES, [])
    assert str(caught.value).splitlines() == ["[I201] r.tif: grids differ.", "also wrong"]


def test_cancel_lets_the_program_end_by_itself(tmp_path: Path) -> None:
    with pytest.raises(child.StoppedError):
        run(tmp_path, OBEYS, [], stop_at="Long")
    assert (tmp_path / "obeyed").exists()
    assert is_gone(tmp_path)


def test_a_program_that_does_not_obey_is_killed_and_its_rest_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "OBEYS_WITHIN_S", 0.3)
    (tmp_path / "out.partial-somebodys").mkdir()
    begun = time.monotonic()
    with pytest.raises(child.StoppedError):
        run(tmp_path, DISOBEYS, [], stop_at="Long")
    assert time.monotonic() - begun < 30
    assert is_gone(tmp_path)
    assert [path.name for path in tmp_path.glob("out*")] == ["out.partial-somebodys"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import sys; sys.exit('No module named corridors')", "has no corridors"),
        ("import sys; sys.exit('No such option: --stop-at-eof')", "another version"),
        ("import os; os.abort()", "ended with code -6"),
        ("print('{}')", "ended with code 0"),
        ("print('not JSON')", "ended with code 0"),
    ],
)
def test_failures_are_explained(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(child.FailedError, match=expected):
        run(tmp_path, text, [])


def test_a_python_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(child.FailedError, match=r"cannot be started.*corridors qgis-plugin"):
        child.run_program(str(tmp_path / "python"), [], {}, print, lambda: False)


def test_which_python(tmp_path: Path) -> None:
    record = tmp_path / "installed.json"
    record.write_text(json.dumps({"python": "/installed"}), "utf-8")
    chosen = interpreter.python_to_start
    assert chosen("/set", {"CORRIDORS_PYTHON": "/variable"}, record) == "/variable"
    assert chosen("/set", {}, record) == "/set"
    assert chosen("", {}, record) == "/installed"
    assert chosen("", {}, tmp_path / "absent.json") == ""


def test_what_qgis_sets_for_itself_does_not_reach_the_program() -> None:
    foreign = ("PYTHONHOME", "PYTHONPATH", "GDAL_DATA", "PROJ_LIB", "PROJ_DATA", "GDAL_DRIVER_PATH")
    given = dict.fromkeys((*foreign, "LD_LIBRARY_PATH", "HOME", "PATH"), "x")
    found = interpreter.clean_environment(given)
    assert not set(found) & set(foreign)
    assert {name: found[name] for name in ("HOME", "PATH", "PYTHONUTF8")} == {
        "HOME": "x",
        "PATH": "x",
        "PYTHONUTF8": "1",
    }
