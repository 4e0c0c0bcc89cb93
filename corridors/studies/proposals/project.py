"""QGIS project of a comparison: a theme and an A4 page per case and proposal, the landscape as it is first.

A proposal that changes no movement has no links of its own: its theme shows those of the landscape as it is,
and the titles of the layers say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridors.io import publishable
from corridors.io.qgis import Group, Layout, ProjectLayer, Theme, project_groups
from corridors.io.qgis.groups import raster_layer, vector_layer
from corridors.io.qgis.themes import named_once, switched_on
from corridors.pipeline.write import known, notes_on_layout
from corridors.report.proposed import by_geometry
from corridors.schema import PROPOSED, SHARED_GROUPS_ABOVE, VECTORS, raster
from corridors.studies.proposals.measures import JOINT
from corridors.studies.proposals.rows import BASELINE

if TYPE_CHECKING:
    import pandas as pd

    from corridors.config import Workflow
    from corridors.studies.proposals.compare import Comparison

AS_IT_IS = "as it is"
ALL = "all proposals"
UNMOVED = "This proposal changes no movement: cores, links and corridors are those of the landscape as it is."
PARTS = {"proposals": "", "proposed_lines": ": lines", "proposed_points": ": places"}
OF_ROW = {
    "eca_km2": "equivalent connected area, km²",
    "protconn_percent": "protected connected land, %",
    "suitable_protected_km2": "suitable land protected, km²",
}


@dataclass(frozen=True)
class Project:
    """What `write_project` takes of a comparison: the layer tree, themes and pages."""

    groups: tuple[Group, ...]
    themes: tuple[Theme, ...]
    layouts: tuple[Layout, ...]


def project_of(
    comparison: Comparison,
    workflow: Workflow,
    *,
    geopackage: str,
    rasters: Mapping[str, Mapping[str, str]],
    predictors: Mapping[str, str],
) -> Project:
    """Return the project of a comparison.

    Parameters
    ----------
    comparison : Comparison
        From `compare_proposals`.
    workflow : Workflow
        What it was made with.
    geopackage : str
        The GeoPackage with all vectors, relative to the project.
    rasters, predictors
        Files of rasters by case and name, and of the layers under them by name, relative to the project.
    """
    context = tuple(known(comparison.result.context))
    pictures = [name for files in rasters.values() for name in files]
    publishable([*PROPOSED, *comparison.vectors, *pictures], where="project.qgz")
    shared = project_groups([], geopackage=geopackage, context=context, predictors=predictors)
    above = [group for group in shared if group.name in SHARED_GROUPS_ABOVE]
    below = [group for group in shared if group.name not in SHARED_GROUPS_ABOVE]
    proposed = proposed_layers(comparison, geopackage)
    everything = tuple(layer for layers in proposed.values() for layer in layers)
    titles = named_once({key: case.title for key, case in comparison.result.cases.items()})
    groups, themes, layouts = [Group("proposals", everything)], [], []
    for number, (key, title) in enumerate(titles.items()):
        ways = {
            name: way_layers(comparison, key, name, workflow.cases[key].title, geopackage)
            for name in (BASELINE, *proposed)
        }
        groups.append(case_group(title, ways, rasters[key], visible=number == 0))
        shown = {AS_IT_IS: (), ALL: everything} | {name: proposed[name] for name in proposed}
        for name, layers in shown.items():
            own = ways.get(name) or ways[BASELINE]
            visible = switched_on([*above, *below])
            theme = Theme(f"{title}: {name}", (*layers, *switched_on(own), *visible))
            themes.append(theme)
            notes = tuple(notes_of(comparison, key, name))
            layouts.append(Layout(theme.name, theme, theme.name, comparison.result.title, notes))
    return Project((*above, *groups, *below), tuple(themes), tuple(layouts))


def proposed_layers(comparison: Comparison, geopackage: str) -> dict[str, tuple[ProjectLayer, ...]]:
    """Return the layers of every proposal: its areas, lines and places, each where it has some."""
    parts = by_geometry(comparison.proposals)
    return {
        name: tuple(
            replace(vector_layer(PROPOSED[part], geopackage, proposal=name), title=name + PARTS[part])
            for part, features in parts.items()
            if (features["proposal"] == name).any()
        )
        for name in comparison.proposals["proposal"]
    }


def way_layers(
    comparison: Comparison, case: str, proposal: str, species: str, geopackage: str
) -> tuple[ProjectLayer, ...]:
    """Return cores, links, corridors and crossings of a proposal; none where it has no rows of its own."""
    said = f"{species}, {AS_IT_IS if proposal == BASELINE else proposal}"
    if not has_ways(comparison, case, proposal):
        return ()
    layers = (
        vector_layer(VECTORS[name], geopackage, species=said, case=case, proposal=proposal)
        for name in VECTORS
        if name in comparison.vectors
    )
    return tuple(replace(layer, visible=True) for layer in layers)


def has_ways(comparison: Comparison, case: str, proposal: str) -> bool:
    """Return whether a proposal has cores, links or corridors of its own in a case."""
    tables = comparison.vectors.values()
    return any(((table["proposal"] == proposal) & (table["case"] == case)).any() for table in tables)


def case_group(
    title: str, ways: Mapping[str, tuple[ProjectLayer, ...]], rasters: Mapping[str, str], *, visible: bool
) -> Group:
    """Return the group of a case: the landscape as it is, the proposals that change it, rasters below."""
    groups = [
        Group(AS_IT_IS if name == BASELINE else name, layers, visible=name == BASELINE, expanded=False)
        for name, layers in ways.items()
        if layers
    ]
    pictures = (replace(raster_layer(raster(name), file), visible=False) for name, file in rasters.items())
    return Group(title, (*groups, *pictures), visible=visible, expanded=visible)


def notes_of(comparison: Comparison, case: str, proposal: str) -> Iterator[str]:
    """Yield what stands below a page: what the proposal does, its data gaps, and the notes of the case."""
    if proposal == ALL:
        yield "Cores, links and corridors are those of the landscape as it is."
    table = comparison.table
    rows = table[(table["proposal"] == proposal) & (table["species"] == case) & (table["country"] == JOINT)]
    for _, row in rows.iterrows():
        yield numbers_of(row)
        if not has_ways(comparison, case, proposal):
            yield UNMOVED
        if row["data_gap"]:
            yield f"Data gaps: {row['data_gap']}."
        if row["notes"]:
            yield f"{row['notes']}."
    if proposal != AS_IT_IS:
        told = "; ".join(rows["notes"])
        for note in notes_about(comparison, case, "" if proposal == ALL else proposal):
            if note.partition(": ")[2].rstrip(".") not in told or not told:
                yield note
    yield from notes_on_layout(comparison.result, comparison.result.cases[case])


def notes_about(comparison: Comparison, case: str, proposal: str) -> Iterator[str]:
    """Yield the notes of the comparison that name a proposal, or all of them; not those of another case."""
    others = tuple(f"{key}: " for key in comparison.result.cases if key != case)
    longer = [name for name in comparison.proposals["proposal"] if proposal in name and name != proposal]
    for note in comparison.notes:
        own = note
        for name in longer if proposal else ():
            own = own.replace(name, "")  # a name may be the beginning of another one
        if proposal in own and not note.startswith(others):
            yield f"{note.removeprefix(f'{case}: ')}."


def numbers_of(row: pd.Series) -> str:
    """Return what a proposal does, all countries together, in one line; what is not known is said."""
    said = []
    for column, words in OF_ROW.items():
        value, change = float(row[column]), float(row[f"{column}_change"])
        if math.isnan(value):
            said.append(f"{words}: not assessed")
        else:
            against = "change not assessed" if math.isnan(change) else signed(change)
            said.append(f"{words}: {plain(value)} ({against})")
    return f"All countries together, and against the landscape as it is: {'; '.join(said)}."


def plain(value: float) -> str:
    """Return a number of about four figures without an exponent.

    Examples
    --------
    >>> plain(54_409.2), plain(2.1171), plain(0.0)
    ('54,409', '2.117', '0')
    """
    figures = 0 if value == 0 else max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:,.{figures}f}"


def signed(value: float) -> str:
    """Return a change as a number with its sign; none where nothing changes."""
    return plain(value) if value == 0 else f"{'+' if value > 0 else '-'}{plain(abs(value))}"
