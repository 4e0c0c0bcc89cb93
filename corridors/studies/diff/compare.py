"""Two runs compared: what was put in, what came out, and where on the map it differs.

What can be compared is; what cannot is left out and said, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from corridors.errors import InputError
from corridors.io import publishable
from corridors.pipeline.progress import Progress, silent
from corridors.schema import DIFF_TABLES
from corridors.studies.diff.cores import KEPT, matched_cores, matched_links, same_cores
from corridors.studies.diff.rasters import Difference, raster_difference
from corridors.studies.diff.tables import (
    changed_inputs,
    changed_notes,
    changed_parameters,
    changed_values,
    changed_versions,
)

if TYPE_CHECKING:
    from corridors.io import RunFolder

OF_THE_RUN = ("layers", "together")


@dataclass(frozen=True, eq=False)
class Diff:
    """What differs between run A and run B.

    `pairs` maps the name of each case compared to its keys in A and in B. `tables` are those of the schema's
    `DIFF_TABLES`, `vectors` the cores and links with their `change`, `context` the landscape of B; `rasters`
    is what differs on the map, by case (or layers, together) and name. `said` lists what to know, and what
    could not be compared.
    """

    a: RunFolder
    b: RunFolder
    pairs: Mapping[str, tuple[str, str]]
    tables: Mapping[str, pd.DataFrame]
    vectors: Mapping[str, gpd.GeoDataFrame]
    rasters: Mapping[tuple[str, str], Difference]
    context: Mapping[str, gpd.GeoDataFrame]
    said: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs: neither what was put in nor what came out."""
        tables = self.tables
        inputs = bool((tables["input_changes"]["change"] != "same").any())
        told = ("parameter_changes", "version_changes", "note_changes", "value_changes")
        changes = [(tables["core_changes"], "area_change_km2"), (tables["link_changes"], "cost_change_m")]
        moved = any(bool((t["change"] != KEPT).any() or t[column].any()) for t, column in changes)
        one_to_one = not unpaired(self.a, self.b, self.pairs)
        empty = all(tables[name].empty for name in told)
        return one_to_one and empty and not (inputs or moved or self.rasters)


def diff_runs(a: RunFolder, b: RunFolder, *, progress: Progress = silent) -> Diff:
    """Compare two runs.

    Parameters
    ----------
    a, b : RunFolder
        From `read_run`; differences are B minus A.
    progress : callable
        Called with the step and the fraction done.

    Raises
    ------
    InputError
        I279 the runs have no case in common.
    """
    pairs = case_pairs(a.cases, b.cases)
    if not pairs:
        what, remedy = "the runs have no case in common", "Compare runs of the same species."
        given = f"A: {', '.join(a.cases)}; B: {', '.join(b.cases)}"
        raise InputError(what, code="I279", where=f"{a.name} and {b.name}", given=given, remedy=remedy)
    said = [*unpaired(a, b, pairs), *altered(a), *altered(b)]
    layers_a, layers_b = a.vectors(), b.vectors()
    crs = layers_a["cores"].crs
    if layers_b["cores"].crs != crs:
        said.append("the coordinate systems differ: outlines of B were transformed to that of A")
        layers_b = {name: layer.to_crs(crs) for name, layer in layers_b.items()}
    frames: dict[str, list[pd.DataFrame]] = {name: [] for name in ("parameters", "values", "summary")}
    shapes: dict[str, list[gpd.GeoDataFrame]] = {"cores": [], "links": []}
    for number, (case, (key_a, key_b)) in enumerate(pairs.items()):
        progress(f"{case}: core areas, links and tables", 0.4 * number / len(pairs))
        found = one_case(case, (layers_of(layers_a, key_a), layers_of(layers_b, key_b)))
        ids = {"core_id": same_cores(found["cores"]), "link_id": same_links(found["links"])}
        for name, layer in found.items():
            shapes[name].append(layer)
        frames["parameters"].append(
            changed_parameters(a.table(key_a, "parameters"), b.table(key_b, "parameters"), case)
        )
        values, unsaid = changed_values(a, b, (key_a, key_b), case, ids)
        frames["values"].append(values)
        frames["summary"].append(summary(case, found))
        said += unsaid
    values, unsaid = changed_values(a, b, ("", ""), "", {})
    frames["values"].append(values)
    said += unsaid
    vectors = {
        name: gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=crs) for name, parts in shapes.items()
    }
    rows, rasters = compared_rasters(a, b, pairs, progress)
    tables = {
        "change_summary": joined(frames["summary"]),
        "parameter_changes": joined(frames["parameters"]),
        "input_changes": changed_inputs(a.record, b.record),
        "version_changes": changed_versions(a.record, b.record),
        "note_changes": changed_notes(a.record, b.record),
        "core_changes": pd.DataFrame(vectors["cores"].drop(columns="geometry")),
        "link_changes": pd.DataFrame(vectors["links"].drop(columns="geometry")),
        "value_changes": joined(frames["values"]),
        "raster_changes": rows,
    }
    told = zip(rows["case"], rows["raster"], rows["note"], strict=True)
    said += [f"{case}, {name}: {note}" for case, name, note in told if note]
    context = {name: layer for name, layer in layers_b.items() if "case" not in layer and len(layer)}
    return Diff(a, b, pairs, tables, vectors, rasters, context, tuple(dict.fromkeys(said)))


def case_pairs(a: tuple[str, ...], b: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Return the cases to compare: those of the same key, then of a species the only one left in each run.

    Examples
    --------
    >>> case_pairs(("lynx", "bear"), ("lynx", "bear-summer-fence"))
    {'lynx': ('lynx', 'lynx'), 'bear': ('bear', 'bear-summer-fence')}
    """
    pairs = {key: (key, key) for key in a if key in b}
    rest_a, rest_b = ([key for key in keys if key not in pairs] for keys in (a, b))
    for key in rest_a:
        same_a, same_b = (
            [one for one in rest if species_of(one) == species_of(key)] for rest in (rest_a, rest_b)
        )
        if len(same_a) == len(same_b) == 1:
            pairs[species_of(key)] = (key, same_b[0])
    return pairs


def species_of(key: str) -> str:
    """Return the species of a case: the first part of its key."""
    return key.partition("-")[0]


def unpaired(a: RunFolder, b: RunFolder, pairs: Mapping[str, tuple[str, str]]) -> list[str]:
    """Return what is to be said of cases that have no partner, or another name there."""
    said = [f"{key} is only in A" for key in a.cases if key not in {one for one, _ in pairs.values()}]
    said += [f"{key} is only in B" for key in b.cases if key not in {other for _, other in pairs.values()}]
    return said + [
        f"{one} in A is compared with {other} in B" for one, other in pairs.values() if one != other
    ]


def altered(run: RunFolder) -> list[str]:
    """Return what is to be said of a run whose files are not as it wrote them."""
    if not run.changed:
        return []
    return [f"{run.name} was changed after it was written: {', '.join(run.changed)}"]


def layers_of(layers: Mapping[str, gpd.GeoDataFrame], case: str) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of one case."""
    return {
        name: layer[layer["case"] == case].reset_index(drop=True)
        for name, layer in layers.items()
        if "case" in layer
    }


def one_case(
    case: str, layers: tuple[Mapping[str, gpd.GeoDataFrame], Mapping[str, gpd.GeoDataFrame]]
) -> dict[str, gpd.GeoDataFrame]:
    """Return cores and links of a case with what became of them."""
    a, b = layers
    cores = matched_cores(a["cores"], b["cores"])
    links = matched_links(a["links"], b["links"], same_cores(cores))
    cores.insert(0, "case", case)
    links.insert(0, "case", case)
    return {"cores": cores, "links": links}


def same_links(links: pd.DataFrame) -> dict[int, int]:
    """Return the link of run B for every link of run A that both have."""
    both = links[links["change"] == KEPT]
    return dict(zip(both["link_a"].astype(int), both["link_b"].astype(int), strict=True))


def summary(case: str, found: Mapping[str, gpd.GeoDataFrame]) -> pd.DataFrame:
    """Return the numbers of cores and links in both runs, and how many were kept, gained and lost."""
    rows: list[tuple[str, float, float, float]] = []
    for name, layer in found.items():
        ids = [layer[f"{'id' if name == 'cores' else 'link'}_{run}"] for run in "ab"]
        own = [ids[0].notna() & (layer["change"] != "split"), ids[1].notna() & (layer["change"] != "merged")]
        counts = [float(one.sum()) for one in own]
        rows.append((f"{name}, number", counts[0], counts[1], counts[1] - counts[0]))
    cores, links = found["cores"], found["links"]
    area = [float(cores[f"area_{run}_km2"].sum()) for run in "ab"]
    rows.append(("core areas, km2", area[0], area[1], float(cores["area_change_km2"].sum())))
    kept = links[links["change"] == KEPT]
    if len(kept):
        cost = [float(kept[f"cost_{run}_m"].mean()) for run in "ab"]
        rows.append(("mean cost of links in both, m of ideal habitat", cost[0], cost[1], cost[1] - cost[0]))
    table = pd.DataFrame(rows, columns=list(DIFF_TABLES["change_summary"].columns[1:]))
    table.insert(0, "case", case)
    return table


def compared_rasters(
    a: RunFolder, b: RunFolder, pairs: Mapping[str, tuple[str, str]], progress: Progress
) -> tuple[pd.DataFrame, dict[tuple[str, str], Difference]]:
    """Return a row for every raster both runs have, and the differences of those that differ."""
    wanted = list(raster_pairs(a, b, pairs))
    rows, kept = [], {}
    for number, (place, name, place_a, place_b) in enumerate(wanted):
        progress(f"{place}: {name}", 0.4 + 0.6 * number / len(wanted))
        found = raster_difference(a.raster(place_a, name), b.raster(place_b, name))
        rows.append({"case": place, **found.row})
        if found.values is not None and found.differs:
            kept[place, name] = found
    return pd.DataFrame(rows, columns=list(DIFF_TABLES["raster_changes"].columns)), kept


def raster_pairs(
    a: RunFolder, b: RunFolder, pairs: Mapping[str, tuple[str, str]]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield case, raster, and the place of the raster in each run."""
    places = [(case, *keys) for case, keys in pairs.items()] + [(name, name, name) for name in OF_THE_RUN]
    for case, place_a, place_b in places:
        names = [name for place, name in a.rasters if place == place_a and (place_b, name) in b.rasters]
        for name in publishable(names, drop=True):
            yield case, name, place_a, place_b


def joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Return tables one below the other."""
    filled: list[Any] = [frame for frame in frames if len(frame)] or frames[:1]
    together: pd.DataFrame = pd.concat(filled, ignore_index=True)
    return together
