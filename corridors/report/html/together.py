"""What the cases say together: the map and tables of several species, and those of variants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup

from corridors.report.html.layers import map_vectors
from corridors.report.html.legend import ramp_range, ramp_swatch
from corridors.report.html.still import framed_map
from corridors.report.html.tables import in_kilometres, table_of, text_of
from corridors.schema import Ramp, raster
from corridors.schema.combinations import with_combinations

if TYPE_CHECKING:
    import xarray as xr

    from corridors.report.html.strings import Words
    from corridors.report.html.tables import PageTable
    from corridors.result import Result
    from corridors.schema import RasterStyle

ALL = "all"
OVERLAP = (
    "combination",
    "country",
    "area_km2",
    "share_percent",
    "protected_km2",
    "prot_percent",
    "incomplete",
)
LAND = ("land", "country", "area_km2", "protected_km2", "prot_percent", "incomplete")
VARIANTS = ("case", "cores_n", "cores_km2", "links_n", "equivalent_connected_area_km2", "best_link_cost_km",
            "mean_link_cost_km", "crossings_n")  # fmt: skip
AGREEMENT = ("case_a", "case_b", "shared_km2", "jaccard")
CONTEXT_SHOWN = ("rivers", "countries", "borders", "settlements", "reporting_area")
Legend = list[tuple[Markup, str]]


def together_parts(result: Result, words: Words) -> dict[str, Any] | None:
    """Return maps and tables of what the cases say together; None where there is one case."""
    if not result.tables:
        return None
    maps, tables = [], []
    if "overlap" in result.tables:
        overlap = result.rasters["species_overlap"]
        style, legend = overlap_look(overlap, words)
        maps.append(
            (plain_map(result, overlap, style, words, "layer_species_overlap"), legend, words("overlap_text"))
        )
        tables += [
            overlap_table(result.tables["overlap"], words),
            land_table(result.tables["shared_land"], words),
        ]
    for name, values in sorted((str(name), values) for name, values in result.rasters.data_vars.items()):
        style = raster(name).style
        if isinstance(style, Ramp):
            swatch = [
                (ramp_swatch(style), f"{words('layer_corridor_agreement')}: {ramp_range(style, words)}")
            ]
            title = f"{words('agreement_text')} {raster(name).title.rpartition(', ')[2].capitalize()}."
            maps.append((plain_map(result, values, style, words, "layer_corridor_agreement"), swatch, title))
    if "variants" in result.tables:
        tables += variant_tables(result, words)
    return {"maps": maps, "tables": tables}


def plain_map(result: Result, values: xr.DataArray, style: RasterStyle, words: Words, key: str) -> Markup:
    """Return a run-level raster with the landscape around it."""
    empty = replace(next(iter(result.cases.values())), vectors={})
    layers = [one for one in map_vectors(empty, result.context, words) if one.name in CONTEXT_SHOWN]
    title = f"{result.title}: {words(key)}"
    return framed_map(result.grid.bounds, [(values, style, 0.85)], layers, words, title=title)


def overlap_look(overlap: xr.DataArray, words: Words) -> tuple[RasterStyle, Legend]:
    """Return the colours of the combinations and their legend."""
    entry = with_combinations(
        raster("species_overlap"), overlap.attrs["flag_values"], overlap.attrs["flag_meanings"]
    )
    swatch = Markup('<svg viewBox="0 0 34 16"><rect x="2" y="1" width="30" height="14" fill="{}"/></svg>')
    entries = getattr(entry.style, "entries", ())
    return entry.style, [(swatch.format(colour), said(text, words)) for _, colour, text in entries]


def said(combination: str, words: Words) -> str:
    """Return a combination in the page's language; species keep the names they have elsewhere on it."""
    parts = []
    for part in combination.split("; "):
        name, _, state = part.rpartition(": ")
        parts.append(f"{text_of(name, words)}: {text_of(state, words)}" if name else text_of(part, words))
    return "; ".join(parts)


def overlap_table(table: pd.DataFrame, words: Words) -> PageTable:
    """Return land by combination and country."""
    shown = table.assign(combination=[said(text, words) for text in table["combination"]])
    return table_of(shown, OVERLAP, words, title=words("table_overlap"))


def land_table(table: pd.DataFrame, words: Words) -> PageTable:
    """Return core areas and corridors per species and together, in all countries."""
    return table_of(table[table["country"] == ALL], LAND, words, title=words("table_shared_land"))


def variant_tables(result: Result, words: Words) -> list[PageTable]:
    """Return what came of each variant, and how far their corridors agree."""
    titles = {key: case.title for key, case in result.cases.items()}
    variants = in_kilometres(result.tables["variants"])
    variants = variants.assign(
        case=variants["case"].map(titles),
        best_link_cost_km=variants["best_link_cost_m"] / 1000,
        mean_link_cost_km=variants["mean_link_cost_m"] / 1000,
    )
    pairs = result.tables["variant_agreement"]
    pairs = pairs.assign(case_a=pairs["case_a"].map(titles), case_b=pairs["case_b"].map(titles))
    return [
        table_of(variants, VARIANTS, words, title=words("table_variants")),
        table_of(pairs, AGREEMENT, words, title=words("table_variant_agreement")),
    ]
