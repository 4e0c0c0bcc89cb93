"""The maps of a comparison: per case one with all proposals, and one per proposal that changes movement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corridors.io import publishable
from corridors.pipeline.write import NOT_ON_THE_FIGURE
from corridors.report import A4_INCHES, PRINTED_DPI, figure_png, overview_figure
from corridors.report.proposed import by_geometry
from corridors.studies.proposals.project import ALL, has_ways, notes_about

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame

    from corridors.studies.proposals.compare import Comparison

DRAWN = ("cores", "links", "corridors", "crossings")


def comparison_figures(comparison: Comparison) -> Iterator[tuple[str, bytes]]:
    """Yield file name and PNG of every map, for A4 paper at 300 dpi."""
    parts = by_geometry(comparison.proposals)
    for key, case in comparison.result.cases.items():
        held = {name: case.vectors[name] for name in DRAWN if name in case.vectors}
        yield f"{key}-proposals.png", picture(comparison, key, ALL, held | parts)
        for number, name in enumerate(comparison.proposals["proposal"], start=1):
            if has_ways(comparison, key, name):
                own = {part: features[features["proposal"] == name] for part, features in parts.items()}
                ways = {layer: rows_of(features, key, name) for layer, features in comparison.vectors.items()}
                yield f"{key}-{file_name(number, name)}.png", picture(comparison, key, name, ways | own)


def rows_of(features: GeoDataFrame, case: str, proposal: str) -> GeoDataFrame:
    """Return the rows of one proposal in one case."""
    return features[(features["case"] == case) & (features["proposal"] == proposal)]


def file_name(number: int, proposal: str) -> str:
    """Return a name every system allows: the number, and what of the proposal's name is plain ASCII.

    Examples
    --------
    >>> file_name(3, "Baranovsky corridor"), file_name(4, "Лес")
    ('03-baranovsky-corridor', '04')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", proposal.lower()).strip("-")[:40]
    return f"{number:02d}-{plain}".strip("-")


def picture(comparison: Comparison, key: str, said: str, vectors: Mapping[str, GeoDataFrame]) -> bytes:
    """Return one map as PNG."""
    result, case = comparison.result, comparison.result.cases[key]
    rasters = case.rasters[["suitability"]]
    if "elevation" in result.layers:
        rasters = rasters.assign(elevation=result.layers["elevation"])
    known = (*case.notes, *result.notes)
    about = list(notes_about(comparison, key, "" if said == ALL else said))
    if said == ALL:
        about.insert(0, "Cores, links and corridors are those of the landscape as it is.")
    figure = overview_figure(
        publishable(rasters, where="figure"),
        publishable(dict(vectors), where="figure"),
        publishable(result.context, where="figure"),
        grid=result.grid,
        title=f"{case.title}: {said}\n{result.title}",
        notes=[*about, *(note.text for note in known if note.code not in NOT_ON_THE_FIGURE)],
    )
    return figure_png(figure, dpi=PRINTED_DPI, sheet_inches=A4_INCHES)
