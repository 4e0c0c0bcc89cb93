"""`corridors compare`: proposals against the landscape as it is, and the best set under a budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.progress import progress_bar
from corridors.cli.speak import (
    DataFolder,
    Debug,
    Json,
    Language,
    Quiet,
    WorkflowFile,
    tell_json,
    tell_notes,
    tell_table,
    told,
)

if TYPE_CHECKING:
    import pandas as pd

CHANGES = ("protconn_percent_change", "eca_km2_change")
SHOWN = ("proposal", "species", "area_km2", *CHANGES, "rank", "needs_partner")


def compare(
    workflow: WorkflowFile,
    *,
    proposals: Annotated[
        str,
        typer.Option("--proposals", metavar="FILE", help="GeoPackage or GeoJSON; FILE|LAYER."),
    ],
    data: DataFolder = None,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="DIR", help="Folder to write; runs/<name>-proposals where absent."),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="COLUMN", help="Rank by the change of this column.")
    ] = None,
    threat: Annotated[
        str | None,
        typer.Option("--threat", metavar="NAME", help="This proposal is the loss protection would avoid."),
    ] = None,
    stability: Annotated[
        bool,
        typer.Option("--stability", help="Ranks over nine curves of resistance, too: much slower."),
    ] = False,
    interactions: Annotated[
        bool, typer.Option("--interactions", help="Measure every pair of proposals together, too.")
    ] = False,
    budget: Annotated[
        float | None, typer.Option("--budget", min=0, help="Choose the best set within this budget.")
    ] = None,
    budget_of: Annotated[
        str, typer.Option("--budget-of", metavar="WHAT", help="What the budget limits: area, cost or number.")
    ] = "area",
    least_share: Annotated[
        list[str] | None,
        typer.Option("--least-share", metavar="CC=SHARE", help="Least share of a country, such as CN=0.3."),
    ] = None,
    language: Language = "en",
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compare proposals with the landscape as it is, and write the comparison."""
    with told(as_json=as_json, debug=debug):
        done = compare_one(
            workflow,
            proposals,
            data=data,
            out=out,
            options={"by": by, "threat": threat, "interactions": interactions or budget is not None},
            stability=stability,
            choice=None if budget is None else {"budget": budget, "of": budget_of},
            least_share=shares_from(least_share or []),
            language=language,
            quiet=quiet or as_json,
        )
        if as_json:
            tell_json(
                {
                    "problems": [],
                    **{key: done[key] for key in ("folder", "project", "report", "workbook", "proposals")},
                }
            )
        elif not quiet:
            tell_table(f"{done['title']}: all countries together", SHOWN, rows_shown(done["table"]))
            for text in done["chosen"]:
                typer.echo(text)
            typer.echo(f"QGIS project: {done['project']}")
            typer.echo(f"Report: {done['report']}")
            typer.echo(f"Tables: {done['workbook']}")


def compare_one(
    workflow_file: str,
    proposals_file: str,
    *,
    data: str | None,
    out: str | None,
    options: dict[str, Any],
    stability: bool,
    choice: dict[str, Any] | None,
    least_share: dict[str, float],
    language: str,
    quiet: bool,
) -> dict[str, Any]:
    """Read, compare, choose and write; return what is told."""
    from corridors import preflight
    from corridors.errors import Problems
    from corridors.pipeline.progress import part_of
    from corridors.pipeline.write import PROJECT, REPORT
    from corridors.studies.proposals import (
        SETTINGS,
        check_choice,
        compare_proposals,
        read_proposals,
        select_proposals,
        write_comparison,
    )
    from corridors.studies.proposals.write import WORKBOOK

    with progress_bar(quiet=quiet) as progress:
        progress("Checking", 0.0)
        workflow, found = preflight.check_file(workflow_file, data=data, out=out)
        if found.problems or workflow is None or found.inputs is None:
            raise Problems(found.problems)
        inputs, file, layer = found.inputs, *proposals_file.partition("|")[::2]
        proposals = read_proposals(file, inputs.grid, layer=layer or None, bounds=inputs.bounds)
        if choice is not None:
            asked = {"by": options["by"], "threat": options["threat"], "of": choice["of"]}
            check_choice(workflow, inputs, proposals, least_share=least_share, **asked)
        comparison = compare_proposals(
            workflow,
            inputs,
            proposals,
            settings=SETTINGS if stability else (),
            sides=found.sides,
            progress=part_of(progress, 0.0, 0.8),
            **options,
        )
        chosen = None
        if choice is not None:
            chosen = select_proposals(
                workflow, inputs, proposals, comparison, least_share=least_share, **choice
            )
        folder = out if out is not None else f"runs/{workflow.name}-proposals"
        write_comparison(
            comparison,
            workflow,
            inputs,
            out=folder,
            proposals_file=file,
            sides=found.sides,
            chosen=chosen,
            language=language,
            progress=part_of(progress, 0.8, 1.0),
        )
    tell_notes(found.notes, quiet=quiet)
    return {
        "title": workflow.title,
        "folder": folder,
        "project": f"{folder}/{PROJECT}",
        "report": f"{folder}/{REPORT}",
        "workbook": f"{folder}/{WORKBOOK}",
        "table": comparison.table,
        "proposals": comparison.proposals["proposal"].tolist(),
        "chosen": [] if chosen is None else [chosen.text()],
    }


def shares_from(given: list[str]) -> dict[str, float]:
    """Return least shares from what was typed.

    Raises
    ------
    InputError
        I288 one that is none.
    """
    from corridors.errors import InputError

    shares = {}
    for text in given:
        code, _, number = text.partition("=")
        try:
            shares[code.strip().upper()] = float(number)
        except ValueError:
            what, allowed = "no share of a country", "such as CN=0.3"
            raise InputError(what, code="I288", where="--least-share", given=text, allowed=allowed) from None
    return shares


def rows_shown(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the joint rows as text; what is not known or not assessed is a dash."""
    joint = table.loc[table["country"] == "joint", list(SHOWN)]
    return [
        tuple("-" if v != v else f"{v:.4g}" if isinstance(v, float) else str(v) for v in row)  # noqa: PLR0124
        for row in joint.itertuples(index=False)
    ]
