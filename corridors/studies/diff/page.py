"""The comparison of two runs as one HTML page, in the look of the report, with nothing to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from corridors.report.html.embedding import environment, package_text, policy, stylesheet
from corridors.report.html.layers import VectorLayer
from corridors.report.html.legend import swatch, vector_entries
from corridors.report.html.shapes import Look
from corridors.report.html.still import framed_map
from corridors.report.html.strings import words_of
from corridors.report.html.tables import PageTable, table_of
from corridors.schema import CONTEXT, DIFF_TABLES, DIFF_VECTORS, Classes, Graduated
from corridors.studies.diff.cores import GAINED, KEPT, LOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from corridors.grid import Bounds
    from corridors.report.html.strings import Words
    from corridors.studies.diff.compare import Diff
    from corridors.studies.diff.rasters import Difference

SHOWN_RASTERS = ("suitability", "resistance", "corridor", "normalised_current", "improvement_score")
CONTEXT_FROM_THE_BOTTOM = ("countries", "borders", "settlements", "reporting_area")
LONG_TABLES = ("core_importance", "link_importance", "core_priority", "link_priority", "cores", "links",
               "link_countries", "core_countries", "core_borders", "link_exposure")  # fmt: skip
OPACITY = 0.9
MOST_ROWS = 200
HASH_LETTERS = 12


def diff_html(
    diff: Diff, parts: Mapping[str, gpd.GeoDataFrame], *, bounds: Bounds, software: str = ""
) -> str:
    """Return the comparison as one page; its words are English.

    Parameters
    ----------
    diff : Diff
        From `diff_runs`.
    parts : mapping of str to GeoDataFrame
        From `change_layers`.
    bounds : tuple of float
        Left, bottom, right, top of the maps, in metres.
    software : str
        Name and version of the program.
    """
    words = words_of("en")
    script = package_text("template/sort.js")
    values = diff.tables["value_changes"]
    shown = values[~values["table"].isin(LONG_TABLES)].head(MOST_ROWS)
    tables = {name: shown_table(table, name, words) for name, table in diff.tables.items()}
    return environment().get_template("diff.html.j2").render(
        t=words,
        title=str(diff.b.record.get("title", diff.b.name)),
        name_a=diff.a.name,
        name_b=diff.b.name,
        policy=policy([script]),
        # Texts of this package.
        style=Markup(stylesheet()),  # noqa: S704
        scripts=[Markup(script)],  # noqa: S704
        short=sentences(diff),
        said=diff.said,
        tables=tables,
        values=shown_table(shown, "value_changes", words),
        cases=[case_part(diff, case, parts, bounds, words) for case in diff.pairs],
        software=software,
    )  # fmt: skip


def sentences(diff: Diff) -> list[str]:
    """Return in a sentence per case what differs; one sentence where nothing does."""
    if diff.same:
        return ["No difference: the same parameters, files and versions went in, and the same came out."]
    found = []
    for case in diff.pairs:
        cores, links = (diff.vectors[name][diff.vectors[name]["case"] == case] for name in ("cores", "links"))
        cost = links["cost_change_m"].to_numpy(dtype=float)
        dearer, cheaper = int((cost > 0).sum()), int((cost < 0).sum())
        found.append(
            f"{named(case)}: core areas {said_counts(cores)}; links {said_counts(links)}"
            f" ({dearer} dearer, {cheaper} cheaper in B)."
        )
    parameters = len(diff.tables["parameter_changes"])
    files = int((diff.tables["input_changes"]["change"] != "same").sum())
    return [*found, f"{parameters} parameters, {files} files and {len(diff.rasters)} rasters differ."]


def named(case: str) -> str:
    """Return a case in plain words.

    Examples
    --------
    >>> named("amur_tiger-winter")
    'Amur tiger-winter'
    """
    return case.replace("_", " ").capitalize()


def said_counts(layer: pd.DataFrame) -> str:
    """Return how many are kept, gained, lost and so on, in words."""
    counts = layer["change"].value_counts()
    order = [KEPT, GAINED, LOST, *sorted({*map(str, counts.index)} - {KEPT, GAINED, LOST})]
    return ", ".join(f"{int(counts.get(change, 0))} {change}" for change in order)


def shown_table(table: pd.DataFrame, name: str, words: Words) -> PageTable:
    """Return a table of the comparison as the page shows it: columns that say nothing are left out."""
    columns = [column for column in DIFF_TABLES[name].columns if column in table]
    kept = [column for column in columns if table[column].notna().any() or not len(table)]
    if "sha256_a" in table:
        short = {name: table[name].str[:HASH_LETTERS] for name in ("sha256_a", "sha256_b")}
        table = table.assign(**short)
    return table_of(table, kept, words, title=DIFF_TABLES[name].title)


def case_part(
    diff: Diff, case: str, parts: Mapping[str, gpd.GeoDataFrame], bounds: Bounds, words: Words
) -> dict[str, Any]:
    """Return what the page shows of one case."""
    tables = {name: diff.tables[name] for name in ("core_changes", "link_changes")}
    cores, links = (
        shown_table(table[table["case"] == case].drop(columns="case"), name, words)
        for name, table in tables.items()
    )
    changes = list(change_map_layers(parts, case))
    around = list(context_layers(diff))
    legend = [entry for layer in changes for entry in legend_of(layer, words)]
    drawn = [(name, diff.rasters[case, name]) for name in SHOWN_RASTERS if (case, name) in diff.rasters]
    return {
        "title": named(case),
        "cores": cores,
        "links": links,
        "map": framed_map(
            bounds, [], [*changes, *around], words, title=f"{named(case)}: core areas and links"
        ),
        "legend": legend,
        "rasters": [raster_figure(one, around, words, f"{case}: {name}") for name, one in drawn],
    }


def change_map_layers(parts: Mapping[str, gpd.GeoDataFrame], case: str) -> Iterator[VectorLayer]:
    """Yield the layers of changes of a case, from the bottom to the top."""
    for name in reversed(DIFF_VECTORS):
        if name in parts and (parts[name]["case"] == case).any():
            layer = parts[name][parts[name]["case"] == case].reset_index(drop=True)
            yield VectorLayer(name, DIFF_VECTORS[name].title, layer, DIFF_VECTORS[name])


def context_layers(diff: Diff) -> Iterator[VectorLayer]:
    """Yield the landscape around, from the bottom to the top."""
    for name in CONTEXT_FROM_THE_BOTTOM:
        if name in diff.context:
            yield VectorLayer(name, CONTEXT[name].title, diff.context[name], CONTEXT[name])


def legend_of(layer: VectorLayer, words: Words) -> list[tuple[Markup, str]]:
    """Return the swatches of a layer of changes."""
    style = layer.entry.style
    if not isinstance(style, Graduated):
        return vector_entries(layer, words)
    return [
        (swatch("Line", Look(colour, max(3 * width, 2))), f"{layer.title}: {text}")
        for _, _, colour, width, text in style.ranges
    ]


def raster_figure(
    found: Difference, around: list[VectorLayer], words: Words, title: str
) -> tuple[Markup, list[tuple[Markup, str]], str]:
    """Return the map of a difference, its legend and caption."""
    values, style = found.values, found.entry.style
    assert values is not None  # only what was compared is drawn
    left, bottom = float(values["x"][0]), float(values["y"][-1])
    half = abs(float(values["x"][1] - values["x"][0])) / 2
    bounds = (left - half, bottom - half, float(values["x"][-1]) + half, float(values["y"][0]) + half)
    drawing = framed_map(bounds, [(values, style, OPACITY)], around, words, title=title)
    stops = style.entries if isinstance(style, Classes) else getattr(style, "stops", ())
    patch = Markup(
        '<svg viewBox="0 0 34 16"><rect x="2" y="1" width="30" height="14" fill="{}" stroke="#999"/></svg>'
    )
    legend = [(patch.format(colour), text) for _, colour, text in stops]
    row = found.row
    cells = f"{words.number(row['differing_n'])} cells differ"
    only = sum(int(row[name]) for name in ("only_a_n", "only_b_n"))
    more = f"; {words.number(only)} have data in one run only" if only else ""
    unit = f" ({found.entry.unit})" if found.entry.unit not in ("", "1") else ""
    return drawing, legend, f"{found.entry.title}{unit}. {cells}{more}."
