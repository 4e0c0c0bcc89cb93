"""Writing a comparison of two runs: page, tables, difference rasters, changed outlines, the QGIS project."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corridors.errors import OutputError
from corridors.io import (
    claim_run_folder,
    versions,
    write_bands,
    write_run_json,
    write_table,
    write_text,
    write_vectors,
    write_workbook,
)
from corridors.io.qgis import Group, Theme, raster_layer, raster_qml, vector_layer, vector_qml, write_project
from corridors.io.qgis.themes import switched_on
from corridors.schema import CONTEXT, DIFF_TABLES, DIFF_VECTORS
from corridors.studies.diff.cores import GAINED, KEPT, LOST
from corridors.studies.diff.page import diff_html, sentences

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.grid import Bounds
    from corridors.io.qgis import ProjectLayer
    from corridors.studies.diff.compare import Diff
    from corridors.studies.diff.rasters import Difference

GEOPACKAGE, PROJECT, PAGE, WORKBOOK = "diff.gpkg", "project.qgz", "diff.html", "tables.xlsx"
RESHAPED = ("shrunk", "grown", "moved", "split", "merged")
LAYERS: dict[str, dict[str, tuple[str, ...]]] = {
    "cores": {
        "cores_kept": (KEPT,),
        "cores_reshaped": RESHAPED,
        "cores_lost": (LOST,),
        "cores_gained": (GAINED,),
    },
    "links": {"links_kept": (KEPT,), "links_lost": (LOST,), "links_gained": (GAINED,)},
}
FIRST_SHOWN = "corridor"
AROUND = ("reporting_area", "countries", "borders", "settlements", "roads", "rivers")


def write_diff(diff: Diff, *, out: str) -> None:
    """Write a comparison as a folder of its own; a former one there is replaced when this one is whole.

    Parameters
    ----------
    diff : Diff
        From `diff_runs`.
    out : str
        The folder.

    Raises
    ------
    OutputError
        O402 the folder holds a run or something else; else as `claim_run_folder`.
    """
    check_not_a_run(diff, out)
    started = datetime.now(UTC)
    software = f"corridors {versions()['corridors']}"
    with claim_run_folder(out) as folder:
        (folder / "tables").mkdir()
        for name in DIFF_TABLES:
            write_table(diff.tables[name], folder / "tables" / f"{name}.csv")
        write_workbook({DIFF_TABLES[n].title: diff.tables[n] for n in DIFF_TABLES}, folder / WORKBOOK)
        parts = change_layers(diff)
        around = {name: diff.context[name] for name in AROUND if name in diff.context}
        write_outlines({**parts, **around}, folder / GEOPACKAGE)
        files = {
            place: write_difference(found, folder, place, software) for place, found in diff.rasters.items()
        }
        bounds = view(diff)
        groups = diff_groups(diff, parts, files, tuple(around))
        write_project(
            folder / PROJECT,
            title=f"{diff.b.name} compared with {diff.a.name}",
            crs=diff.vectors["cores"].crs,
            extent=bounds,
            groups=groups,
            notes=[*sentences(diff), *diff.said],
            themes=diff_themes(groups, len(diff.pairs)),
        )
        write_text(folder / PAGE, diff_html(diff, parts, bounds=bounds, software=software))
        write_run_json(
            {
                "diff": {
                    "a": diff.a.name,
                    "b": diff.b.name,
                    "cases": {k: list(v) for k, v in diff.pairs.items()},
                },
                "same": diff.same,
                "versions": versions(),
                "inputs": [],
                "written": {"started": started.isoformat(timespec="seconds")},
                "notes": list(diff.said),
            },
            folder,
        )


def check_not_a_run(diff: Diff, out: str) -> None:
    """Refuse to write where a run lies: it would be replaced."""
    target = Path(out).resolve()
    inside = [run for run in (diff.a, diff.b) if target == run.path or run.path in target.parents]
    if inside or (target / "workflow.toml").exists():
        what, remedy = "the folder to write belongs to a run", "Choose another --out; nothing was written."
        raise OutputError(what, code="O402", where=target.name, remedy=remedy)


def change_layers(diff: Diff) -> dict[str, gpd.GeoDataFrame]:
    """Return cores and links in layers by what became of them; those without a feature are left out."""
    found = {}
    for name, layers in LAYERS.items():
        whole = diff.vectors[name]
        for layer, changes in layers.items():
            part = whole[whole["change"].isin(changes)].reset_index(drop=True)
            if len(part):
                found[layer] = part
    return found


def write_outlines(layers: dict[str, gpd.GeoDataFrame], path: Path) -> None:
    """Write the changes and the landscape around as one GeoPackage with their styles."""
    entries = DIFF_VECTORS | CONTEXT
    styles = {
        name: vector_qml(entries[name].style, geometry=entries[name].geometry, label=entries[name].label)
        for name in layers
    }
    write_vectors(layers, path, styles=styles)


def write_difference(found: Difference, folder: Path, place: tuple[str, str], software: str) -> str:
    """Write a difference raster with its style; return the file, relative to the folder."""
    assert found.values is not None  # only what was compared is kept
    case, name = place
    file = f"rasters/{case}/{name}.tif"
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    described = {f"{found.entry.title} ({found.entry.unit})": found.values}
    tags = {"software": software, "difference": "run B minus run A"}
    write_bands(described, folder / file, tags=tags, dtype=found.entry.dtype, units=found.entry.unit)
    write_text((folder / file).with_suffix(".qml"), raster_qml(found.entry.style))
    return f"./{file}"


def diff_groups(
    diff: Diff,
    parts: dict[str, gpd.GeoDataFrame],
    files: dict[tuple[str, str], str],
    around: tuple[str, ...],
) -> tuple[Group, ...]:
    """Return the layer tree: a group per case with what became of cores and links over the differences."""
    source = f"./{GEOPACKAGE}"
    groups = []
    for number, case in enumerate(diff.pairs):
        changes = tuple(
            vector_layer(entry, source, species=case, case=case)
            for name, entry in DIFF_VECTORS.items()
            if name in parts and (parts[name]["case"] == case).any()
        )
        rasters = raster_layers(diff, files, case)
        members = (Group("changes of core areas and links", changes), *difference_group(rasters))
        groups.append(Group(f"B - A: {case}", members, visible=number == 0, expanded=number == 0))
    for name in ("together", "layers"):
        groups += difference_group(raster_layers(diff, files, name), f"B - A: {name}")
    context = tuple(vector_layer(CONTEXT[name], source) for name in CONTEXT if name in around)
    return (*groups, Group("border, towns, roads, rivers", context, expanded=False))


def diff_themes(groups: tuple[Group, ...], cases: int) -> tuple[Theme, ...]:
    """Return a map theme per case: what is switched on in its group, and the landscape around."""
    return tuple(Theme(group.name, switched_on([*group.members, groups[-1]])) for group in groups[:cases])


def raster_layers(diff: Diff, files: dict[tuple[str, str], str], case: str) -> tuple[ProjectLayer, ...]:
    """Return the difference rasters of a case as project layers."""
    species = "" if case in ("together", "layers") else case
    return tuple(
        raster_layer(diff.rasters[place].entry, file, species=species, visible=place[1] == FIRST_SHOWN)
        for place, file in files.items()
        if place[0] == case
    )


def difference_group(layers: tuple[ProjectLayer, ...], name: str = "differences, B minus A") -> list[Group]:
    """Return a group of rasters; none where there is none."""
    shown = any(layer.visible for layer in layers)
    return [Group(name, layers, expanded=shown)] if layers else []


def view(diff: Diff) -> Bounds:
    """Return what the maps show: the reporting area of B, else all core areas."""
    shown = diff.context.get("reporting_area", diff.vectors["cores"])
    left, bottom, right, top = (float(edge) for edge in shown.total_bounds)
    return left, bottom, right, top
