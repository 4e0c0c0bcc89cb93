"""What hand edits and numbers kept from an earlier run change in a case: tables, layers, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr

from corridors.cores import core_areas, id_table
from corridors.grid import Grid
from corridors.links import find_links
from corridors.pipeline.edits import OVERRIDES, Context, edits_key, override_notes
from corridors.pipeline.findings import Findings, columns_in_order, in_order
from corridors.pipeline.habitat import core_options, made_resistance
from corridors.pipeline.overrides import effect_words, overridden, overrides_for
from corridors.schema import TABLES, VECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.config import Species
    from corridors.layers import LayerSpec
    from corridors.pipeline.ground import Ground

Row = tuple[str, str, str, str, str]
COLUMNS = TABLES["edits"].columns


def hand_edits(
    found: Findings,
    ground: Ground,
    species: Species,
    *,
    layers: xr.Dataset,
    specs: Mapping[str, LayerSpec],
    context: Context,
) -> Findings:
    """Return layers and tables of what was edited by hand in a case, and where its numbers come from.

    Nothing where nothing was edited and no earlier run is given.
    """
    vectors: dict[str, gpd.GeoDataFrame] = {}
    notes: list[tuple[str, str]] = []
    rows: list[Row] = []
    edited = context.get(edits_key("edited_cores", species))
    if edited is not None:
        vectors["edited_cores"] = as_drawn(edited, ground.cores)
        rows += core_rows(ground, species)
        notes += [*edited.attrs["notes"], instead_note(ground, species)]
    for_pairs = found.tables.get("edits")
    notes += [] if for_pairs is None else for_pairs.attrs["notes"]
    rows += list(found.tables["edits"].itertuples(index=False, name=None)) if "edits" in found.tables else []
    overrides = overrides_for(context.get(OVERRIDES), species.name)
    if overrides is not None and len(overrides):
        _, effects = overridden(made_resistance(layers, species, specs=specs), overrides)
        rows += [
            ("override", row.where, row.reason, row.author, effect_words(row)) for row in effects.itertuples()
        ]
        notes += override_notes(context, species)
        vectors["overrides"] = in_order(VECTORS["overrides"].columns, effects[~effects.geometry.is_empty])
    tables = {}
    if rows:
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        said = [
            ("edit", f"Hand edit, {what} {where}: {effect}.")
            for what, where, _, _, effect in rows
            if what != "core"
        ]
        table.attrs["notes"] = [*notes, *said]
        tables["edits"] = table
    former = context.get(edits_key("former_cores", species))
    if former is not None:
        numbers = id_table(ground.labels, former)
        tables["core_ids"] = columns_in_order("core_ids", numbers)
        tables["core_ids"].attrs["run"] = former.attrs["run"]
    return Findings(vectors=vectors, tables=tables)


def as_drawn(edited: gpd.GeoDataFrame, cores: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the outlines somebody drew, under the numbers of the core areas they became."""
    number = {int(row): int(core) for core, row in sorted(cores["drawn"].items(), reverse=True)}
    kept = edited[edited["drawn"].isin(list(number))]
    kept = kept.assign(core_id=[number[int(row)] for row in kept["drawn"]]).set_index("core_id")
    return in_order(VECTORS["edited_cores"].columns, kept.sort_index())


def core_rows(ground: Ground, species: Species) -> list[Row]:
    """Return a row per core area drawn by hand: how much of it suitability alone would make one."""
    also = suitable_cells(ground, species)
    labels = ground.labels.values
    rows = []
    for core_id, core in ground.cores.iterrows():
        own = labels == core_id
        share = 100 * float(also[own].mean())
        text = f"{core['area_km2']:.0f} km², {share:.0f} % of it core area by suitability too"
        rows.append(("core", f"{core_id} {core['name']}".strip(), core["reason"], core["author"], text))
    return rows


def suitable_cells(ground: Ground, species: Species) -> np.ndarray:
    """Return the cells that would be core areas, stepping stones included, had nobody drawn any."""
    options = core_options(species, ground.habitat)
    _, labels = core_areas(ground.habitat.suitability, inside=ground.area, **options)
    cells: np.ndarray = labels.values > 0
    return cells


def instead_note(ground: Ground, species: Species) -> tuple[str, str]:
    """Return how the core areas drawn compare with those suitability alone gives."""
    also, drawn = suitable_cells(ground, species), ground.labels.values > 0
    cell_km2 = Grid.of(ground.labels).cell_area_km2
    alone, added = (cell_km2 * np.count_nonzero(cells) for cells in (also & ~drawn, drawn & ~also))
    whole = cell_km2 * np.count_nonzero(drawn)
    text = (
        f"{len(ground.cores)} core areas are as drawn by hand: {whole:.0f} km². Suitability alone would "
        f"leave out {added:.0f} km² of it and add {alone:.0f} km²."
    )
    return "edited", text


def link_edits(
    links: gpd.GeoDataFrame, ground: Ground, species: Species, costs: Mapping[str, Any]
) -> tuple[gpd.GeoDataFrame, dict[str, pd.DataFrame]]:
    """Return links marked as included or forced, and the table of what every edited pair changes."""
    edits = species.links.edits
    if not edits:
        return links, {}
    alone = find_links(ground.cores, ground.labels, ground.resistance, **costs, **species.links.rules)
    was, now = ({(row.core_a, row.core_b): row for row in table.itertuples()} for table in (alone, links))
    rows, marks = [], {}
    for kind, entry in edits:
        pair = entry.pair
        rows.append((kind, f"{pair[0]}-{pair[1]}", entry.reason, entry.author, pair_effect(pair, was, now)))
        if kind != "exclude":
            marks[pair] = (kind, entry.reason, entry.author)
    columns: dict[str, list[str]] = {"edit": [], "reason": [], "author": []}
    for pair in zip(links["core_a"], links["core_b"], strict=True):
        for column, text in zip(columns, marks.get(pair, ("", "", "")), strict=True):
            columns[column].append(text)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table.attrs["notes"] = dropped_note(species, was, now)
    return links.assign(**columns), {"edits": table}


def pair_effect(pair: tuple[int, int], was: Mapping[Any, Any], now: Mapping[Any, Any]) -> str:
    """Return what an edit does to one pair, in words."""
    if pair in now:
        said = "linked without the edit too" if pair in was else "link added"
        return f"{said}: {link_words(now[pair])}"
    if pair in was:
        return f"link taken out: {link_words(was[pair])}"
    return "no link, with or without the edit"


def link_words(link: Any) -> str:
    """Return length and cost of a link, in words."""
    return f"{link.path_length_km:.0f} km, cost {link.cost_distance_m / 1000:.0f} km of ideal habitat"


def dropped_note(species: Species, was: Mapping[Any, Any], now: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Return which links are left out because only some pairs are looked at."""
    named = {entry.pair for _, entry in species.links.edits}
    lost = [f"{a}-{b}" for a, b in sorted(set(was) - set(now) - named)]
    gained = [f"{a}-{b}" for a, b in sorted(set(now) - set(was) - named)]
    notes = []
    if lost:
        notes.append(("edit", f"Links left out for the pairs edited by hand: {', '.join(lost)}."))
    if gained:
        notes.append(("edit", f"Links that come in for the pairs edited by hand: {', '.join(gained)}."))
    return notes
