"""What a set of proposals makes of a landscape: the same landscape, with what they change and nothing else.

Proposals are always applied to the landscape as it is, all of a set at once: restoring first, then
removing, then lines and their openings. What a set leaves alone is the very object it was, so that whatever
was computed from it still holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import ndimage

from corridors.barriers import combined, edge_costs, idle_openings
from corridors.cores.outlines import area_km2, label_polygons
from corridors.grid import Grid, inside, outline
from corridors.layers.countries import country_labels
from corridors.layers.rasterise import burn_polygons
from corridors.pipeline.barriers import barriers_of, given_openings, lengths_km
from corridors.pipeline.ground import ground_of
from corridors.studies.proposals.kinds import KINDS, OPENINGS

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from corridors.barriers import EdgeCosts
    from corridors.config import Species
    from corridors.grid import Bounds
    from corridors.layers import LayerSpec
    from corridors.pipeline.barriers import CaseBarriers
    from corridors.pipeline.ground import Ground

    Mask = NDArray[np.bool_]

OPENED = "proposed_openings"


@dataclass(frozen=True, eq=False)
class Landscape:
    """One species in a landscape, as it is or as proposals would make it.

    Parameters
    ----------
    species, layers, specs, context
        As for a run.
    ground : Ground
        Suitability, cores, resistance and barriers.
    protected : GeoDataFrame or None
        Protected areas; None where there is no layer of them.
    reporting_area : Polygon
        What the comparison counts; the rest is margin.
    country_cells : numpy.ndarray
        The country of every cell of the reporting area as a label (rows, columns), 0 elsewhere.
    reported : numpy.ndarray
        Whether a cell (rows, columns) belongs to the reporting area and is analysed.
    countries : mapping of int to str
        The code of every label.
    restored : numpy.ndarray or None
        Cells that became suitable.
    inside_cores : bool
        Whether something was changed inside core areas that is not counted, for they stay whole.
    notes : tuple of str
        What to know about the change.
    """

    species: Species
    layers: xr.Dataset
    specs: Mapping[str, LayerSpec]
    context: Mapping[str, gpd.GeoDataFrame]
    ground: Ground
    protected: gpd.GeoDataFrame | None
    reporting_area: BaseGeometry
    reported: Mask
    country_cells: NDArray[np.generic]
    countries: Mapping[int, str]
    restored: Mask | None = None
    inside_cores: bool = False
    notes: tuple[str, ...] = ()

    @property
    def grid(self) -> Grid:
        """The grid of all rasters."""
        return Grid.of(self.ground.resistance)


def landscape_of(
    layers: xr.Dataset,
    species: Species,
    *,
    specs: Mapping[str, LayerSpec],
    context: Mapping[str, gpd.GeoDataFrame],
    bounds: Bounds | None = None,
) -> Landscape:
    """Return the landscape as it is: suitability, cores, resistance and barriers of one species.

    Parameters
    ----------
    layers : xarray.Dataset
        Predictors on one grid.
    species : Species
        The case.
    specs, context
        As `corridors.pipeline.inputs.read_inputs` gives them.
    bounds : tuple of float, optional
        Reporting area: west, south, east, north in degrees. All that is analysed where absent.
    """
    ground, grid = ground_of(layers, species, specs=specs, context=context), Grid.of(layers)
    area = shapely.box(*grid.bounds) if bounds is None else shapely.Polygon(outline(bounds, grid.crs))
    reported = ground.area if bounds is None else ground.area & inside(grid, bounds)
    codes: dict[int, str] = {}
    cells: NDArray[np.generic] = np.zeros(grid.shape, np.uint16)
    if "countries" in context:
        labels, codes = country_labels(context["countries"], grid)
        cells = np.where(reported, labels.values, 0)
    protected = context.get("protected_areas")
    return Landscape(species, layers, specs, context, ground, protected, area, reported, cells, codes)


def changed(landscape: Landscape, parts: gpd.GeoDataFrame) -> Landscape:
    """Return the landscape with some proposals carried out; cores keep their ids.

    Parameters
    ----------
    landscape : Landscape
        As it is.
    parts : GeoDataFrame
        Rows of `read_proposals`; none gives the landscape itself.
    """
    of_kind = {name: parts[parts["kind"] == name] for name in KINDS}
    after = landscape
    if len(of_kind["protect"]) and landscape.protected is not None:
        after = replace(after, protected=with_protected(landscape.protected, of_kind["protect"]))
    if len(of_kind["restore"]):
        after = with_restored(after, of_kind["restore"])
    if len(of_kind["remove"]):
        after = with_removed(after, of_kind["remove"])
    lines = gpd.GeoDataFrame(pd.concat([of_kind["fence"], of_kind["road"]]), crs=parts.crs)
    openings = gpd.GeoDataFrame(pd.concat([of_kind[name] for name in OPENINGS]), crs=parts.crs)
    after = with_lines(after, lines, openings) if len(lines) or len(openings) else after
    if after.ground is landscape.ground or differs(after.ground, landscape.ground):
        return after
    return replace(after, ground=landscape.ground)


def differs(ground: Ground, before: Ground) -> bool:
    """Return whether a bit differs of what cores, links and costs are made from."""
    if ground is before:
        return False
    rasters = [(g.habitat.suitability.values, g.resistance.values, g.labels.values) for g in (ground, before)]
    if any(one is not other and not same_bits(one, other) for one, other in zip(*rasters, strict=True)):
        return True
    if ground.edges is None or before.edges is None:
        return ground.edges is not before.edges
    edges = [(e.rows, e.columns, e.direction, e.cost_m) for e in (ground.edges, before.edges)]
    return not all(np.array_equal(one, other) for one, other in zip(*edges, strict=True))


def same_bits(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    """Return whether two rasters of the same type hold the same values and no data in the same cells."""
    return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))


def with_protected(protected: gpd.GeoDataFrame, parts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return protected areas with those proposed."""
    added = gpd.GeoDataFrame({"name": parts["name"]}, geometry=parts.geometry, crs=parts.crs)
    added = added.assign(**{"class": "proposed", "country": "", "origin": "proposal"})
    known = [name for name in protected.columns if name in added]
    return gpd.GeoDataFrame(pd.concat([protected[known], added[known]], ignore_index=True), crs=protected.crs)


def with_restored(landscape: Landscape, parts: gpd.GeoDataFrame) -> Landscape:
    """Return a landscape whose worse cells within the parts are as good as the core areas mostly are."""
    ground, grid = landscape.ground, landscape.grid
    inside = burn_polygons(parts.geometry.to_list(), grid) & ground.area
    core = ground.labels.values > 0
    suitability, resistance = ground.habitat.suitability, ground.resistance
    if not core.any():
        return replace(landscape, notes=(*landscape.notes, "nothing is restored: there is no core area"))
    good, easy = np.nanmedian(suitability.values[core]), np.nanmedian(resistance.values[core])
    better = np.where(inside & (suitability.values < good), good, suitability.values)
    easier = np.where(inside & (resistance.values > easy), easy, resistance.values)
    threshold = landscape.species.cores.threshold
    gained = inside & (suitability.values < threshold) & (better >= threshold) & ~core
    habitat = replace(ground.habitat, suitability=with_values(suitability, better))
    ground = replace(ground, habitat=habitat, resistance=with_values(resistance, easier))
    return replace(landscape, ground=ground, restored=gained)


def with_removed(landscape: Landscape, parts: gpd.GeoDataFrame) -> Landscape:
    """Return a landscape without habitat in the parts: suitability 0, the highest resistance, no core."""
    ground, grid = landscape.ground, landscape.grid
    inside = burn_polygons(parts.geometry.to_list(), grid) & ground.area
    suitability, resistance = ground.habitat.suitability, ground.resistance
    highest = max(landscape.species.movement.maximum, float(np.nanmax(resistance.values)))
    none = np.where(inside & ~np.isnan(suitability.values), 0.0, suitability.values)
    hard = np.where(inside & ~np.isnan(resistance.values), highest, resistance.values)
    habitat = replace(ground.habitat, suitability=with_values(suitability, none))
    ground = replace(ground, habitat=habitat, resistance=with_values(resistance, hard))
    if (inside & (ground.labels.values > 0)).any():
        cores, labels = without_cells(ground, inside)
        ground = replace(ground, cores=cores, labels=labels)
    restored = None if landscape.restored is None else landscape.restored & ~inside
    return replace(landscape, ground=ground, restored=restored)


def without_cells(ground: Ground, lost: Mask) -> tuple[gpd.GeoDataFrame, xr.DataArray]:
    """Return cores and labels without some cells; cores that lose none keep their rows as they are."""
    grid, before = Grid.of(ground.labels), ground.labels.values
    values = np.where(lost, 0, before).astype(before.dtype)
    hit = np.unique(before[lost & (before > 0)])
    outlines = label_polygons(np.where(np.isin(values, hit), values, 0), grid)
    cores = ground.cores.copy()
    cores = cores.drop(index=[core for core in hit.tolist() if core not in outlines])
    for core, shape in outlines.items():
        mean = float(ndimage.mean(ground.habitat.suitability.values.astype(np.float64), values, core))
        size = area_km2(shape, grid)
        cores.loc[core, ["area_km2", "mean_suitability", "quality_area_km2"]] = (size, mean, size * mean)
        cores.loc[[core], "geometry"] = gpd.GeoSeries([shape], index=[core], crs=cores.crs)
    cores.attrs.update(ground.cores.attrs)
    return cores, with_values(ground.labels, values)


def with_lines(landscape: Landscape, lines: gpd.GeoDataFrame, openings: gpd.GeoDataFrame) -> Landscape:
    """Return a landscape with further barriers, and with openings in these and in those there were."""
    barriers, notes = landscape.ground.barriers, list(landscape.notes)
    idle: list[str] = []
    if len(openings):
        barriers = reopened(landscape, openings)
        every = pd.concat([barriers.lines[["geometry"]], lines[["geometry"]]])
        idle = idle_proposals(every, openings, landscape)
    notes += [f"{name}: lies at no barrier of edges, so it opens nothing" for name in idle]
    within = whole_core_notes(lines, openings[~openings["proposal"].isin(idle)], landscape)
    notes += within
    edges = barriers.edges
    for parts in (lines[lines["kind"] == name] for name in lines["kind"].unique()):
        added = proposed_edges(parts, openings, landscape.grid)
        edges = added if edges is None else combined(edges, added)
    drawn = barriers.lines if not len(lines) else drawn_with(barriers.lines, lines)
    ground = replace(landscape.ground, barriers=replace(barriers, edges=edges, lines=drawn))
    return replace(landscape, ground=ground, inside_cores=bool(within), notes=tuple(notes))


def reopened(landscape: Landscape, openings: gpd.GeoDataFrame) -> CaseBarriers:
    """Return the barriers of the species with further openings, made as they were made."""
    species, context = landscape.species, dict(landscape.context)
    context[OPENED] = openings[["geometry"]]
    kept = {}
    for name, barrier in species.movement.barriers.items():
        layer = f"{OPENED}_{name}"
        own = [context[barrier.openings][["geometry"]]] if barrier.openings in context else []
        together = pd.concat([*own, context[OPENED]], ignore_index=True)
        context[layer] = gpd.GeoDataFrame(together, geometry="geometry", crs=openings.crs)
        kept[name] = barrier.model_copy(update={"openings": layer})
    movement = species.movement.model_copy(update={"barriers": kept})
    return barriers_of(landscape.layers, species.model_copy(update={"movement": movement}), context=context)


def idle_proposals(lines: pd.DataFrame, openings: gpd.GeoDataFrame, landscape: Landscape) -> list[str]:
    """Return the proposals whose openings lie at no barrier."""
    barriers = gpd.GeoDataFrame(lines, geometry="geometry", crs=landscape.grid.crs)
    idle = []
    for name, parts in openings.groupby("proposal", sort=False):
        places = places_of(parts, barriers)
        if not len(barriers) or len(idle_openings(barriers, landscape.grid, openings=places)) == len(places):
            idle.append(str(name))
    return idle


def whole_core_notes(lines: gpd.GeoDataFrame, openings: gpd.GeoDataFrame, landscape: Landscape) -> list[str]:
    """Return what lies inside core areas, which stay whole: what it does there is not counted."""
    cores = shapely.union_all(landscape.ground.cores.geometry.to_numpy())
    within = []
    for name, parts in lines.groupby("proposal", sort=False):
        inside_km = shapely.length(shapely.intersection(parts.geometry.to_numpy(), cores)).sum() / 1000
        if inside_km >= 1:
            within.append(f"{name}: {inside_km:.0f} km of it lie inside core areas")
    for name, parts in openings.groupby("proposal", sort=False):
        if parts.geometry.intersects(cores).any():
            within.append(f"{name}: opens barriers inside core areas")
    return [f"{text}, which are kept whole: what it does there is not counted" for text in within]


def places_of(openings: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return openings as points and stretches of the lines they open."""
    places = given_openings(openings[["geometry"]], lines)
    return gpd.GeoDataFrame(geometry=places, crs=lines.crs)


def proposed_edges(lines: gpd.GeoDataFrame, openings: gpd.GeoDataFrame, grid: Grid) -> EdgeCosts:
    """Return what crossing the proposed lines of one kind costs."""
    single = lines.explode(ignore_index=True).assign(**{"class": lambda f: range(len(f))})
    costs = dict(enumerate(costs_of(single)))
    places = places_of(openings, single) if len(openings) else None
    return edge_costs(single, grid, crossing_cost_m=costs, openings=places)


def costs_of(lines: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the cost of crossing each line: its own, or the default of its kind."""
    default = lines["kind"].map({name: kind.crossing_cost_m for name, kind in KINDS.items()})
    return np.asarray(lines["crossing_cost_m"].fillna(default.astype("float64")), dtype=np.float64)


def drawn_with(drawn: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the layer of barriers with the proposed lines, numbered on."""
    single = lines.explode(ignore_index=True)
    columns = {"layer": "proposals", "class": single["kind"], "structure": ""}
    columns |= {"crossing_cost_m": costs_of(single), "length_km": lengths_km(single)}
    start = int(drawn.index.max()) + 1 if len(drawn) else 1
    index = pd.RangeIndex(start, start + len(single), name="barrier_id")
    added = gpd.GeoDataFrame(columns, geometry=single.geometry.to_numpy(), index=index, crs=lines.crs)
    if not len(drawn):
        return added
    together = gpd.GeoDataFrame(pd.concat([drawn, added]), geometry="geometry", crs=drawn.crs)
    together.attrs.update(drawn.attrs)
    return together


def with_values(raster: xr.DataArray, values: NDArray[np.generic]) -> xr.DataArray:
    """Return a raster with other values, of the same precision."""
    return raster.copy(data=values.astype(raster.dtype))
