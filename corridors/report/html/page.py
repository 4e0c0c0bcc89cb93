"""The report as one HTML page: text, tables, drawings and the map, with nothing to fetch.

Everything a user's file names is escaped, by the template or by `Markup.format`; the map's data stand in
the page as JSON that no `<` can leave. A content security policy lets only the page's own scripts run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
from markupsafe import Markup

from corridors.io import publishable
from corridors.report.html import summary
from corridors.report.html.embedding import embedded, environment, package_text, policy, stylesheet
from corridors.report.html.interactive import map_data
from corridors.report.html.legend import legend_entries
from corridors.report.html.sections import case_parts, case_title, parameter_tables, proposal_parts
from corridors.report.html.still import still_map
from corridors.report.html.strings import words_of
from corridors.report.html.tables import page_table, table_of
from corridors.report.html.together import together_parts
from corridors.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geopandas import GeoDataFrame

    from corridors.config import Workflow
    from corridors.report.html.strings import Words
    from corridors.report.html.tables import PageTable
    from corridors.result import Result


def report_html(
    result: Result,
    *,
    workflow: Workflow,
    sides: pd.DataFrame | None = None,
    sources: Sequence[Mapping[str, str]] = (),
    comparison: pd.DataFrame | None = None,
    proposals: GeoDataFrame | None = None,
    ways: Mapping[str, GeoDataFrame] | None = None,
    software: str = "",
    language: str = "en",
) -> str:
    """Return the report on a result as one HTML page that needs no network.

    The headings follow the IUCN guidelines on ecological corridors (Hilty et al. 2020); what nothing is
    known of stays a visibly empty box. The same input gives the same bytes.

    Parameters
    ----------
    result : Result
        With its notes, as `analyse` returns it and `run` completes it.
    workflow : Workflow
        What was run: species, movement, parameters and their marks.
    sides : DataFrame, optional
        The schema's table `layers`: coverage and density of every layer per country.
    sources : sequence of mapping
        The files read: `file`, `sha256` and, where known, `date`.
    comparison : DataFrame, optional
        A row per proposal x species x country and `joint`, baseline first: `proposal`, `species`, `country`
        and numbers; beside a number `<name>_change`, its difference to the baseline. NaN is "no data".
    proposals : GeoDataFrame, optional
        Areas, lines or points in the CRS of the grid: `proposal`, `kind`, and `name`, `status` where known.
    ways : mapping of str to GeoDataFrame, optional
        `links`, `corridors` and `crossings` of the proposals, with columns `proposal` and `case`: what the
        map shows of a proposal in place of those of the landscape as it is.
    software : str
        Name and version of the program.
    language : str
        en, ru, zh, mn or ko.

    Returns
    -------
    str
        HTML, under 5 MB.

    Raises
    ------
    InputError
        I289 another language.
    SecurityError
        X701 a sensitive entry.
    """
    words = words_of(language)
    result = with_case_titles(result, workflow, words)
    for part in (result.layers, result.context, result.rasters, result.tables, comparison, proposals, ways):
        publishable([] if part is None else part, where="report")
    for case in result.cases.values():
        for held in (case.rasters, case.vectors, case.tables):
            publishable(held, where="report")
    if sides is None:
        sides = pd.DataFrame(columns=list(TABLES["layers"].columns))
    names = ("leaflet/leaflet.js", "template/sort.js", "template/report.js")
    scripts = [package_text(name) for name in names]
    if comparison is not None:
        comparison = with_titles(comparison, result, workflow)
    data = map_data(result, words, comparison=comparison, proposals=proposals, ways=ways or {})
    first = next(iter(result.cases.values()))
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            t=words,
            language=language,
            title=result.title,
            result=result,
            workflow=workflow,
            software=software,
            policy=policy(scripts),
            # Texts of this package, and JSON without a single angle bracket.
            style=Markup(stylesheet()),  # noqa: S704
            scripts=[Markup(script) for script in scripts],  # noqa: S704
            data=Markup(embedded(data)),  # noqa: S704
            question=summary.question(result, workflow, words),
            first_title=first.title,
            first_map=still_map(
                result, first, words, title=f"{result.title}: {first.title}", proposals=proposals
            ),
            holds=summary.what_holds(result, comparison, words),
            holds_not=summary.what_does_not(result, workflow, sides, words),
            missing=summary.missing_table(sides, workflow, words),
            missing_notes=summary.missing_notes(result),
            legend=legend_entries(result, words, proposals=proposals),
            countries=summary.countries_of(result, workflow),
            cases=case_parts(result, workflow, words),
            proposal=proposal_parts(comparison, words),
            together=together_parts(result, words),
            layers=page_table(named_layers(sides, words), "layers", words) if len(sides) else None,
            sources=sources_table(sources, words) if sources else None,
            parameters=parameter_tables(workflow, words),
            notes=notes_of(result),
        )
    )


def with_case_titles(result: Result, workflow: Workflow, words: Words) -> Result:
    """Return a result whose cases are titled in the page's language where the table of strings knows it."""
    cases = {
        key: replace(case, title=case_title(workflow.cases[key], words)) for key, case in result.cases.items()
    }
    return replace(result, cases=cases)


def with_titles(comparison: pd.DataFrame, result: Result, workflow: Workflow) -> pd.DataFrame:
    """Return a comparison whose species are written as the titles of the cases."""
    if "species" not in comparison:
        return comparison
    titles = {species.title: result.cases[key].title for key, species in workflow.cases.items()}
    titles |= {key: case.title for key, case in result.cases.items()}
    return comparison.assign(species=[titles.get(name, name) for name in comparison["species"]])


def named_layers(sides: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return the table of layers with their names in words."""
    names = [summary.layer_name(name, words) for name in sides["layer"]]
    notes = [words("incomplete") if note else "" for note in sides["note"].fillna("")]
    return sides.assign(layer=names, note=notes)


def sources_table(sources: Sequence[Mapping[str, str]], words: Words) -> PageTable:
    """Return the files read, their dates and the beginning of their checksums."""
    rows = [
        {"file": s["file"], "date": s.get("date") or words("no_date"), "sha256": s.get("sha256", "")[:16]}
        for s in sources
    ]
    return table_of(pd.DataFrame(rows), ["file", "date", "sha256"], words, title=words("table_sources"))


def notes_of(result: Result) -> list[tuple[str, str]]:
    """Return every note with the case it is about, each once."""
    notes = [("", note.text) for note in result.notes]
    notes += [(case.title, note.text) for case in result.cases.values() for note in case.notes]
    return list(dict.fromkeys(notes))
