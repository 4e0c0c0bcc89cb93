"""How commands tell how far they are: a bar for people, lines of JSON for a program that starts them."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from corridors.pipeline.progress import Progress

STANDARD_INPUT = 0
BAR, LINES = "bar", "json"
WAY: ContextVar[str] = ContextVar("way progress is told", default=BAR)


def options(
    progress: Annotated[
        Literal["bar", "json"],
        typer.Option("--progress", help="How to tell progress on stderr: a bar, or one line of JSON a step."),
    ] = "bar",
    stop_at_eof: Annotated[
        bool, typer.Option("--stop-at-eof", help="End, as at Ctrl-C, when standard input closes.")
    ] = False,
) -> None:
    """From raster layers to candidate wildlife corridors across borders."""
    WAY.set(progress)
    if stop_at_eof:
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have switched it off
        threading.Thread(target=interrupt_at_eof, daemon=True).start()


def interrupt_at_eof() -> None:
    """Wait until standard input closes, then interrupt the main thread as Ctrl-C does.

    A program that starts this one holds the other end: it closes it to cancel, and where it dies, its end
    closes too. This works on every system; signals do not reach a child without a console on Windows.
    """
    with suppress(OSError):
        while os.read(STANDARD_INPUT, 1024):  # not sys.stdin: its lock would be held when Python ends
            pass
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def end_cleanly_when_told() -> None:
    """Have a polite request to end (SIGTERM) break off as Ctrl-C does, with nothing half-written."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress]:
    """Show the step and the time left on stderr: on a terminal only, or line by line where asked for."""
    if WAY.get() == LINES:
        yield tell_line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step, fraction: bar.update(task, description=step, completed=fraction)


def tell_line(step: str, fraction: float, /) -> None:
    """Write one step as one line of JSON."""
    typer.echo(json.dumps({"step": step, "fraction": round(fraction, 4)}), err=True)
