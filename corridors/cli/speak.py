"""How commands speak: results on stdout, everything else on stderr, JSON on demand, one exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from corridors.errors import ConfigError, CorridorsError, InputError, SecurityError, flatten, printable

if TYPE_CHECKING:
    from corridors.cost import Workers
    from corridors.result import Note

DONE, FAILED, INPUT_WRONG, INTERRUPTED = 0, 1, 2, 130
OF_THE_USER = ("O402", "N606", "N607")
"""Codes of other kinds that are the user's to mend before a run: exit 2."""

Json = Annotated[bool, typer.Option("--json", help="Write JSON to stdout and nothing else.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show where in the program a problem arose.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but problems.")]
DataFolder = Annotated[
    str | None,
    typer.Option("--data", metavar="DIR", help="Read the layers from this folder, not the workflow's."),
]
Language = Annotated[
    Literal["en", "ru", "zh", "mn", "ko"], typer.Option("--lang", help="Language of the report.")
]
WorkerCount = Annotated[
    int | None, typer.Option("--workers", metavar="N", help="Compute on N Dask workers on this machine.")
]
SchedulerAddress = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Compute on the workers of this Dask scheduler."),
]
WorkflowFile = Annotated[str, typer.Argument(metavar="WORKFLOW", help="Workflow file (TOML).")]


@contextmanager
def told(*, as_json: bool = False, debug: bool = False) -> Iterator[None]:
    """Turn whatever goes wrong inside into one line per problem and an exit code."""
    try:
        yield
    except CorridorsError as error:
        if debug:
            raise
        problems = flatten([error])
        tell_problems(problems, as_json=as_json)
        raise typer.Exit(exit_code(problems)) from None
    except KeyboardInterrupt:
        typer.echo("Interrupted. Earlier runs are as they were.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        if debug:
            raise
        tell_problems([unforeseen(error)], as_json=as_json)
        raise typer.Exit(FAILED) from None


@contextmanager
def workers_of(count: int | None, address: str | None) -> Iterator[int | Workers]:
    """Give what computations take as `workers`: this thread, or Dask workers here or of a scheduler."""
    if count is None and address is None:
        yield 1
        return
    from corridors.cluster import connect

    with connect(workers=count, address=address) as cluster:
        yield cluster


def unforeseen(error: Exception) -> CorridorsError:
    """Return a mistake of the program itself as a problem."""
    what = f"the program failed: {type(error).__name__}: {error}".replace("\n", " ")
    return CorridorsError(what, remedy="This is a mistake in the program; --debug shows where.")


def exit_code(problems: Sequence[CorridorsError]) -> int:
    """Return 2 where every problem is one of the input, else 1."""
    wrong_input = (ConfigError, InputError, SecurityError)
    users = all(isinstance(problem, wrong_input) or problem.code in OF_THE_USER for problem in problems)
    return INPUT_WRONG if users else FAILED


def tell_problems(problems: Sequence[CorridorsError], *, as_json: bool) -> None:
    """Say each problem on one line of stderr, or all as JSON."""
    if as_json:
        tell_json({"problems": [problem.as_dict() | {"message": problem.message()} for problem in problems]})
        return
    for problem in problems:
        typer.echo(problem.message(), err=True)


def tell_notes(notes: Iterable[Note], *, quiet: bool = False) -> None:
    """Say what is worth knowing and no error."""
    if quiet:
        return
    for note in notes:
        typer.echo(printable(f"[{note.code}] {note.text}"), err=True)


def tell_json(value: Any) -> None:
    """Write JSON to stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def tell_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, err: bool = False
) -> None:
    """Show a table as wide as the terminal, or as wide as it needs where there is none."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    stream = sys.stderr if err else sys.stdout
    Console(file=stream, width=None if stream.isatty() else 160, highlight=False).print(table)
