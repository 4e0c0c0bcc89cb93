"""Fences along borders: what they would do to links, core areas and parks, and where to open gates first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.barriers import edge_costs
from corridors.border import border_lines, fence_scenarios
from corridors.grid import Grid
from corridors.pipeline.findings import Findings
from corridors.pipeline.network import landscape_km2
from corridors.schema import VECTORS

if TYPE_CHECKING:
    from corridors.border import FenceScenarios
    from corridors.config import Species
    from corridors.cost import Workers
    from corridors.pipeline.ground import Ground

    Context = Mapping[str, gpd.GeoDataFrame]

FENCE_TABLES = {"scenarios": "fence_scenarios", "links": "fence_links", "protected": "fence_protected"}


def fence_findings(
    found: Findings, ground: Ground, species: Species, *, context: Context, workers: int | Workers = 1
) -> Findings:
    """Return what fences do, border by border; nothing but a note where no border cuts the land."""
    fences, notes = fences_of(found, ground, species, context)
    results = [
        scenarios_of(name, lines, found, ground, species, context=context, workers=workers)
        for name, lines in fences.items()
    ]
    notes += [f"{name}: {text}" for name, r in zip(fences, results, strict=True) for text in r.notes]
    if fences:
        notes.append("fences are set against the network of the whole analysis area, the margin included")
    gates = gate_layer([result.gates for result in results], Grid.of(ground.resistance))
    gates.attrs["notes"] = [("fences", f"{text[:1].upper()}{text[1:]}.") for text in dict.fromkeys(notes)]
    tables = {}
    for part, name in FENCE_TABLES.items():
        filled = [getattr(result, part) for result in results if len(getattr(result, part))]
        if filled:
            tables[name] = pd.concat(filled, ignore_index=True)
    return Findings(vectors={"gates": gates}, tables=tables)


def fences_of(
    found: Findings, ground: Ground, species: Species, context: Context
) -> tuple[dict[str, gpd.GeoDataFrame], list[str]]:
    """Return the lines of every fence to look at, by name, and why others are not."""
    options = species.border
    if options.fences is not None:
        lines = context.get(options.fences)
        if lines is None or not len(lines):
            return {}, [f"the layer {options.fences} holds no fence in this land"]
        return {options.fences: lines}, []
    if "countries" not in context:
        return {}, ["there are no countries, so no fences along borders"]
    borders = border_lines(context["countries"])
    notes = []
    if options.borders is not None and not borders["border"].isin(options.borders).any():
        notes.append(f"the land has no border {' or '.join(options.borders)}: all its borders are looked at")
    elif options.borders is not None:
        borders = borders[borders["border"].isin(options.borders)]
    crossed = {name: borders[borders["border"] == name] for name in borders["border"]}
    kept = {name: lines for name, lines in crossed.items() if matters(lines, found, ground)}
    if not kept:
        notes.append("no border cuts a core area or the path of a link: fences are not looked at")
    return kept, notes


def matters(lines: gpd.GeoDataFrame, found: Findings, ground: Ground) -> bool:
    """Return whether lines meet a core area or the path of a link."""
    line = lines.geometry.union_all()
    met = any(found.vectors[name].intersects(line).any() for name in ("cores", "links"))
    return bool(met and len(edge_costs(lines, Grid.of(ground.resistance), crossing_cost_m=np.inf)))


def scenarios_of(
    name: str,
    lines: gpd.GeoDataFrame,
    found: Findings,
    ground: Ground,
    species: Species,
    *,
    context: Context,
    workers: int | Workers,
) -> FenceScenarios:
    """Return what one fence does."""
    options = species.border
    slack = found.vectors["corridors"]["slack_m"]
    return fence_scenarios(
        lines[["geometry"]],
        found.vectors["cores"],
        ground.labels,
        found.vectors["links"],
        ground.resistance,
        crossing_cost_m=options.fence_crossing_cost_m,
        dispersal_km=species.network.dispersal_km,
        name=name,
        barriers=ground.edges,
        gates=None if options.gates is None else context.get(options.gates),
        gates_n=options.gates_n,
        segment_km=options.segment_km,
        slack_m={int(link): float(m) for link, m in slack.items()},
        node_weight=species.network.node_weight,
        suit=ground.habitat.suitability,
        landscape_km2=landscape_km2(ground.resistance),
        protected_areas=context.get("protected_areas"),
        countries=context.get("countries"),
        # Threads where no cluster is given: the bytes are the same.
        workers=max(workers, os.cpu_count() or 1) if isinstance(workers, int) else workers,
    )


def gate_layer(layers: list[gpd.GeoDataFrame], grid: Grid) -> gpd.GeoDataFrame:
    """Return the gates of all fences as one layer, numbered on."""
    columns: dict[str, Any] = {name: pd.Series(dtype=object) for name in VECTORS["gates"].columns}
    filled = [layer.reset_index() for layer in layers if len(layer)]
    if not filled:
        empty = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries([], crs=grid.crs))
        return empty.set_index("gate_id")
    gates = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=grid.crs)
    return gates.assign(gate_id=np.arange(1, len(gates) + 1)).set_index("gate_id")
