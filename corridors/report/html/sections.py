"""The parts of the report that come once per case, per parameter table and per group of proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.config import parameter_table
from corridors.report.html.charts import change_bars, connectivity_chart, network_drawing
from corridors.report.html.still import still_map
from corridors.report.html.tables import CHANGE, HIGH, JOINT, LOW, page_table, table_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from corridors.config import Species, Workflow
    from corridors.report.html.strings import Words
    from corridors.report.html.tables import PageTable
    from corridors.result import CaseResult, Result

IDENTITY = ("proposal", "species", "country")
GROUPS = {
    "identity": ("kind", "status", "area_km2", "new_protected_km2"),
    "ecology": ("suitable_protected_km2", "capacity_females_low", "capacity_females_high", "eca_km2",
                "protconn_percent", "protconn_trans_percent", "loss_avoided_eca_km2"),
    "corridor": ("corridor_km", "corridor_protected_percent", "narrowest_km", "border_contact_km",
                 "crossings_n", "key_link_resistance"),
    "people": ("population", "settlements_n", "cropland_km2", "livestock_n", "roads_km", "rail_km", "tenure"),
    "decision": ("cost", "rank", "rank_kept_percent", "pareto", "needs_partner"),
}  # fmt: skip
"""Columns of the comparison by the table they stand in: a wide one would be cut on paper."""
TOLD = {"data_gap": ("country",), "notes": ("proposal", "species")}
"""Columns of sentences, each with what it is said of: they have tables of their own, every sentence once."""
CHARTED_COLUMNS = ("eca_km2", "protconn_percent", "suitable_protected_km2")
MOST_COLUMNS = 6


def case_parts(result: Result, workflow: Workflow, words: Words) -> list[dict[str, Any]]:
    """Return what the report shows of every case, in order."""
    parts = []
    for key, case in result.cases.items():
        species = workflow.cases[key]
        parts.append(
            {
                "key": key,
                "title": case.title,
                "map": still_map(result, case, words, title=f"{result.title}: {case.title}"),
                "scope": scope(species, words),
                "cores": page_table(case.vectors["cores"], "cores", words),
                "countries": case_table(case, "core_countries", words),
                "links": case_table(case, "links", words),
                "corridors": vector_table(case, "corridors", words),
                "network": network_drawing(case, words) if len(case.vectors["links"]) else None,
                "connectivity": case_table(case, "connectivity", words),
                "curve": curve(case, words),
                "exposure": case_table(case, "link_exposure", words),
                "crossings": case_table(case, "crossings", words),
                "threshold": case_table(case, "threshold_check", words),
            }
        )
    return parts


def scope(species: Species, words: Words) -> list[tuple[str, str]]:
    """Return what a case is about: species, movement, season, scenario, source of resistances."""
    movement = species.movement
    source = words(f"resistance_{movement.source}")
    if movement.source == "suitability":
        transform = movement.transform.replace("_", " ")
        source += f" ({transform}, c = {movement.shape:g}, max = {movement.maximum:g})"
    return [
        (words("scope_species"), text_of(species.title, words)),
        (words("scope_movement"), words(f"movement_{species.movement_type.replace(' ', '_')}")),
        (words("scope_season"), text_of(species.season, words)),
        (words("scope_scenario"), text_of(species.scenario, words)),
        (words("scope_resistance"), source),
    ]


def case_title(species: Species, words: Words) -> str:
    """Return a case in the page's language: species, season, scenario."""
    return ", ".join(text_of(part, words) for part in (species.title, species.season, species.scenario))


def case_table(case: CaseResult, name: str, words: Words) -> PageTable | None:
    """Return a table of a case; None where it is absent or empty."""
    table = case.tables.get(name)
    return page_table(table, name, words) if table is not None and len(table) else None


def vector_table(case: CaseResult, name: str, words: Words) -> PageTable | None:
    """Return the columns of a vector layer as a table; None where it is absent or empty."""
    layer = case.vectors.get(name)
    return page_table(layer, name, words) if layer is not None and len(layer) else None


def curve(case: CaseResult, words: Words) -> Markup | None:
    """Return connectivity over dispersal distance; None where it was not computed."""
    table = case.tables.get("connectivity")
    if table is None or table.empty:
        return None
    return connectivity_chart(table, words, title=f"{words('table_connectivity')}: {case.title}")


def parameter_tables(workflow: Workflow, words: Words) -> list[PageTable]:
    """Return every number used by each case, with its mark."""
    return [
        page_table(
            parameter_table(workflow, case=key), "parameters", words,
            title=f"{words('table_parameters')}: {case_title(species, words)}",
        )
        for key, species in workflow.cases.items()
    ]  # fmt: skip


def proposal_parts(comparison: pd.DataFrame | None, words: Words) -> dict[str, Any] | None:
    """Return tables and charts of a comparison; None without one.

    Every table comes twice: all countries together, and country by country.
    """
    if comparison is None:
        return None
    comparison = short_titles(comparison)
    identity = [column for column in IDENTITY if column in comparison]
    joint = comparison["country"] == JOINT
    tables = []
    for title, columns in table_groups(comparison, words):
        held = [c for c in columns if c in comparison and comparison[c].notna().any()]
        if held:
            together = [column for column in identity if column != "country"]
            by_country = f"{title}: {words('by_country')}"
            tables.append(
                (
                    table_of(comparison[joint], [*together, *held], words, title=title),
                    table_of(comparison[~joint], [*identity, *held], words, title=by_country),
                )
            )
    told = [sentences(comparison, column, words) for column in TOLD if column in comparison]
    return {
        "tables": tables,
        "told": [table for table in told if table is not None],
        "charts": proposal_charts(comparison, words),
    }


def table_groups(comparison: pd.DataFrame, words: Words) -> list[tuple[str, Sequence[str]]]:
    """Return titles and columns of the tables: the groups, then what no group knows, a few at a time.

    Changes and intervals stand in the cell of the number they belong to.
    """
    known = {*IDENTITY, *TOLD, *(column for group in GROUPS.values() for column in group)}
    further = [c for c in map(str, comparison.columns) if c not in known and not in_a_cell(c, comparison)]
    pieces = (tuple(further[start : start + MOST_COLUMNS]) for start in range(0, len(further), MOST_COLUMNS))
    groups: list[tuple[str, Sequence[str]]] = [
        (words(f"group_{name}"), columns) for name, columns in GROUPS.items()
    ]
    return groups + [(words("group_further"), piece) for piece in pieces]


def in_a_cell(column: str, comparison: pd.DataFrame) -> bool:
    """Return whether a column is the change or an end of the interval of another one."""
    return any(column.endswith(e) and column.removesuffix(e) in comparison for e in (CHANGE, LOW, HIGH))


def sentences(comparison: pd.DataFrame, column: str, words: Words) -> PageTable | None:
    """Return what a column says, every sentence once, with what it is said of; None where nothing is said."""
    about = [name for name in TOLD[column] if name in comparison]
    rows = comparison[comparison[column].fillna("") != ""]
    if column == "data_gap":
        rows = rows[rows["country"] != JOINT]
    single = rows.assign(**{column: rows[column].str.split("; ")}).explode(column)
    told = [
        {name: ", ".join(text_of(v, words, column=name) for v in part[name].unique()) for name in about}
        | {column: text}
        for text, part in single.groupby(column, sort=False)
    ]
    table = pd.DataFrame(told)
    return table_of(table, [*about, column], words, title=words(f"col_{column}")) if told else None


def short_titles(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return a comparison whose species are written without what the titles of all cases end in alike."""
    if "species" not in comparison:
        return comparison
    titles = {name: str(name).split(", ") for name in comparison["species"].unique()}
    while len({tuple(parts[-1:]) for parts in titles.values()}) == 1 and min(map(len, titles.values())) > 1:
        titles = {name: parts[:-1] for name, parts in titles.items()}
    return comparison.assign(species=[", ".join(titles[name]) for name in comparison["species"]])


def proposal_charts(comparison: pd.DataFrame, words: Words) -> list[tuple[str, Markup]]:
    """Return bars of what the proposals change jointly, per species and number."""
    charts = []
    groups = comparison.groupby("species", sort=False) if "species" in comparison else [("", comparison)]
    for species, rows in groups:
        for column in CHARTED_COLUMNS:
            title = ": ".join(filter(None, (str(species), words(f"col_{column}"))))
            chart = change_bars(rows, column, words, title=f"{title}, {words('change')}")
            if chart is not None:
                charts.append((f"{title}, {words('change')}", chart))
    return charts
