"""Start the program, read what it tells while it works, and end it when that is wanted.

Nothing here knows QGIS. The program ends by itself when its standard input closes, as it also does where
QGIS dies: that is how it is told to stop, on every system. Where it does not obey, it is killed, and what it
had begun to write is removed.
"""

import json
import queue
import shutil
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

OBEYS_WITHIN_S = 20.0
LOOKS_EVERY_S = 0.1
LAST_LINES = 5
PARTIAL = ".partial-"


class StoppedError(Exception):
    """The program was ended because that was wanted."""


class FailedError(Exception):
    """The program did not do it; one line for each reason."""


def run_program(python, arguments, environment, tell, stopped, out=None):
    """Run the program and return the JSON it wrote.

    Parameters
    ----------
    python : str
        The Python to start.
    arguments : list of str
        Command and options.
    environment : dict
        Its environment.
    tell : callable
        Takes a step and the fraction done, or a line of text and None.
    stopped : callable
        Says whether the program is to end.
    out : str, optional
        The folder it writes; what is half-written lies beside it.

    Raises
    ------
    StoppedError
        It was ended; nothing half-written is left.
    FailedError
        It failed, and says why.
    """
    begun = partials(out)
    child = started(python, arguments, environment)
    lines, written, told = queue.Queue(), [], []
    readers = [reading(child.stderr, lines.put), reading(child.stdout, written.append)]
    try:
        follow(child, lines, told, tell, stopped)
    except BaseException:
        end(child)
        remove_partials(out, begun)
        raise
    child.stdin.close()
    for reader in readers:
        reader.join()
    while not lines.empty():
        take(lines.get(), told, tell)
    return outcome(python, child.returncode, "".join(written), told)


def started(python, arguments, environment):
    """Start the program, without a window of its own on Windows."""
    command = [python, "-m", "corridors", "--progress", "json", "--stop-at-eof", *arguments, "--json"]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            encoding="utf-8",
            errors="replace",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            start_new_session=True,  # Ctrl-C in a terminal reaches QGIS alone: to be told once is enough
        )
    except OSError as error:
        text = f"{python} cannot be started ({error.strerror or error}). {WHERE_TO_SET}"
        raise FailedError(text) from error


WHERE_TO_SET = (
    "Name one that has corridors under Settings > Options > Processing > Providers > Corridors, "
    "or run the command corridors qgis-plugin again."
)


def reading(stream, take):
    """Read lines in a thread of their own."""

    def read():
        with stream:
            for line in stream:
                take(line)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def follow(child, lines, told, tell, stopped):
    """Pass on what the program tells until it ends, and end it when that is wanted."""
    while child.poll() is None:
        if stopped():
            raise StoppedError
        try:
            take(lines.get(timeout=LOOKS_EVERY_S), told, tell)
        except queue.Empty:
            continue


def take(line, told, tell):
    """Pass on one line: a step with how far it is, or text."""
    line = line.rstrip()
    try:
        step = json.loads(line)
        tell(step["step"], float(step["fraction"]))
    except (ValueError, TypeError, KeyError):
        if line:
            told.append(line)
            tell(line, None)


def outcome(python, code, text, told):
    """Return the JSON of a program that ended well; say why where it did not."""
    try:
        found = json.loads(text)
    except ValueError:
        found = {}
    if code == 0 and found:
        return found
    problems = [one.get("message") or one.get("what", "") for one in found.get("problems", [])]
    last = " ".join(told[-LAST_LINES:])
    if problems:
        why = "\n".join(problems)
    elif "No module named" in last and "corridors" in last:
        why = f"The Python {python} has no corridors. {WHERE_TO_SET}"
    elif "No such option" in last or "No such command" in last:
        why = f"The corridors of {python} is another version than this plugin. {WHERE_TO_SET}"
    else:
        why = f"The program ended with code {code}. {last}".strip()
    raise FailedError(why)


def end(child):
    """Have the program end, and wait for it; kill it where it does not obey."""
    with suppress(OSError):
        child.stdin.close()
    until = time.monotonic() + OBEYS_WITHIN_S
    while child.poll() is None and time.monotonic() < until:
        time.sleep(LOOKS_EVERY_S)
    if child.poll() is None:
        child.kill()
        child.wait()


def partials(out):
    """Return what lies half-written beside a folder."""
    if not out:
        return set()
    folder = Path(out).absolute()
    return {path for path in folder.parent.glob("*") if path.name.startswith(folder.name + PARTIAL)}


def remove_partials(out, begun):
    """Remove what a killed program has left half-written beside its folder."""
    for path in partials(out) - begun:
        shutil.rmtree(path, ignore_errors=True)
