"""Writing the run folder: rasters, one GeoPackage, tables, the QGIS project, figures, the record of the run.

Everything is iterated from the schema, goes through the safe writer, and lands beside the final place; the
folder appears under its name only when it is whole.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from corridors.config import parameter_table, workflow_toml
from corridors.io import (
    claim_run_folder,
    hash_file,
    publishable,
    relative_path,
    versions,
    write_bytes,
    write_raster,
    write_run_json,
    write_table,
    write_text,
    write_vectors,
)
from corridors.io.qgis import (
    CaseLayers,
    Layout,
    case_themes,
    project_groups,
    raster_qml,
    vector_qml,
    write_project,
)
from corridors.io.workbooks import with_contents, write_workbook
from corridors.pipeline.edits import edit_files
from corridors.pipeline.fingerprints import CHECK
from corridors.pipeline.former import former_run, highest_ids
from corridors.pipeline.taken_over import Former
from corridors.pipeline.write_together import write_together
from corridors.report import A4_INCHES, PRINTED_DPI, figure_png, overview_figure
from corridors.report.drawing import is_stylised
from corridors.report.html import report_html
from corridors.schema import CONTEXT, RASTERS, TABLES, VECTORS, raster

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.config import Workflow
    from corridors.io.qgis import Group
    from corridors.pipeline.inputs import Inputs
    from corridors.pipeline.keeping import Kept
    from corridors.pipeline.progress import Progress
    from corridors.result import CaseResult, Result

GEOPACKAGE = "corridors.gpkg"
PROJECT = "project.qgz"
REPORT = "report.html"
WORKBOOK = "tables.xlsx"
# The figure says the first three itself; the others are about tables.
NOT_ON_THE_FIGURE = (
    "scale",
    "slack",
    "boundary",
    "connectivity",
    "core_importance",
    "link_importance",
    "protected_connectivity",
    "capacity",
    "fences",
)


def write_run(
    result: Result,
    inputs: Inputs,
    workflow: Workflow,
    sides: pd.DataFrame,
    *,
    out: str,
    log: list[str],
    language: str = "en",
    progress: Progress,
    kept: Kept | None = None,
    until: str | None = None,
) -> None:
    """Write a result as a run folder; a former run there is replaced when this one is whole.

    Where `kept` says that a file would be made from the same as before, the former run's is taken over. A run
    that ended after the stage `until` has no report.
    """
    started = datetime.now(UTC)
    with claim_run_folder(out) as folder:
        former = Former(out, folder, kept)
        tags = {"workflow": workflow.name, "software": f"corridors {versions()['corridors']}"}
        progress("Writing rasters", 0.0)
        predictors = write_rasters(result.layers, folder, "layers", tags, former)
        cases = []
        tables: dict[tuple[str, str], pd.DataFrame] = {}
        for i, (key, case) in enumerate(result.cases.items()):
            progress(f"Writing {key}", 0.2 + 0.6 * i / len(result.cases))
            rasters = write_rasters(case.rasters, folder, f"cases/{key}/rasters", tags, former)
            parameters = parameter_table(workflow, case=key)
            of_case = write_tables(case, parameters, folder / "cases" / key / "tables")
            tables |= {(key, name): table for name, table in of_case.items()}
            figure = f"figures/{figure_name(key, result)}"
            drawn = [result.context, result.title, result.notes, result.layers, case]
            former.file(figure, drawn, partial(write_figure, result, case, folder / figure))
            species = workflow.cases[key].title
            cases.append(CaseLayers(key, case.title, species, rasters, tuple(case.vectors)))
        progress("Writing vectors and the QGIS project", 0.8)
        layers = [result.context, {key: case.vectors for key, case in result.cases.items()}]
        former.file(GEOPACKAGE, layers, partial(write_geopackage, result, folder / GEOPACKAGE))
        write_run_project(result, cases, folder, predictors, write_together(result, folder, tags))
        record = run_record(result, inputs, workflow, started) | steps_record(kept, until)
        if until is None:
            progress("Writing the report", 0.9)
            options = {"sides": sides, "sources": record["inputs"], "language": language}
            report = partial(report_html, result, workflow=workflow, software=tags["software"], **options)
            told = [result, workflow.model_dump(), options]
            former.file(REPORT, told, lambda: write_text(folder / REPORT, report()))
        notes = notes_table(result)
        write_table(notes, folder / "notes.csv")
        write_table(sides, folder / "layers.csv")
        tables |= {("", name): table for name, table in result.tables.items()}
        tables |= {("", "layers"): sides, ("", "notes"): notes}
        book = partial(write_workbook, with_contents(tables), folder / WORKBOOK)
        former.file(WORKBOOK, tables, book)
        write_text(folder / "workflow.toml", workflow_toml(seen_from(out, workflow, inputs)))
        write_text(folder / "run.log", log_text(result, started, [*log, *step_lines(kept)]))
        write_run_json(record, folder)
        former.note()


def write_run_project(
    result: Result,
    cases: Sequence[CaseLayers],
    folder: Path,
    predictors: Mapping[str, str],
    together: Sequence[Group],
) -> None:
    """Write the QGIS project: a group, a map theme and an A4 page per case."""
    groups = project_groups(
        cases,
        geopackage=f"./{GEOPACKAGE}",
        context=tuple(known(result.context)),
        predictors=predictors,
        together=together,
    )
    themes = case_themes(cases, groups)
    left, bottom, right, top = result.grid.bounds
    write_project(
        folder / PROJECT,
        title=result.title,
        crs=result.grid.crs,
        extent=(left, bottom, right, top),
        groups=groups,
        notes=[note.text for note in result.notes],
        themes=themes,
        layouts=[
            Layout(theme.name, theme, case.title, result.title, tuple(notes_on_layout(result, case)))
            for theme, case in zip(themes, result.cases.values(), strict=True)
        ],
    )


def write_rasters(
    rasters: xr.Dataset, folder: Path, place: str, tags: dict[str, str], former: Former | None = None
) -> dict[str, str]:
    """Write every raster with its style beside it; return the files by name, relative to the run folder."""
    former = Former(folder, folder, None) if former is None else former
    files = {}
    (folder / place).mkdir(parents=True, exist_ok=True)
    for name, values in publishable_rasters(rasters).items():
        file = f"{place}/{name}.tif"
        sources = {key: str(values.attrs[key]) for key in ("source_used", "method") if key in values.attrs}
        made_from = [values, tags | sources]
        former.file(file, made_from, partial(write_raster, values, folder / file, tags=tags | sources))
        write_text((folder / file).with_suffix(".qml"), raster_qml(raster(name).style))
        files[name] = f"./{file}"
    return files


def publishable_rasters(rasters: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return the rasters in the order of the schema, then those the workflow invented."""
    names = [name for name in RASTERS if name in rasters]
    names += [str(name) for name in rasters.data_vars if name not in RASTERS]
    return {name: rasters[name] for name in names}


def write_tables(case: CaseResult, parameters: pd.DataFrame, folder: Path) -> dict[str, pd.DataFrame]:
    """Write the tables of a case as CSV, and return them in the order of the schema."""
    folder.mkdir(parents=True, exist_ok=True)
    held = dict(case.tables) | {"parameters": parameters}
    tables = {name: held[name] for name in TABLES if name in held}
    for name, table in tables.items():
        write_table(table, folder / f"{name}.csv")
    return tables


def write_figure(result: Result, case: CaseResult, path: Path) -> None:
    """Write the overview map of a case."""
    path.parent.mkdir(exist_ok=True)
    rasters = case.rasters
    if "corridor" in rasters:
        rasters = rasters.assign(corridor=rasters["corridor"].where(rasters["cores"] == 0))
    if "elevation" in result.layers:
        rasters = rasters.assign(elevation=result.layers["elevation"])
    figure = overview_figure(
        publishable(rasters, where="figure"),
        publishable(case.vectors, where="figure"),
        publishable(result.context, where="figure"),
        grid=result.grid,
        title=f"{case.title}\n{result.title}",
        notes=[note.text for note in (*case.notes, *result.notes) if note.code not in NOT_ON_THE_FIGURE],
    )
    write_bytes(path, figure_png(figure, dpi=PRINTED_DPI, sheet_inches=A4_INCHES))


def notes_on_layout(result: Result, case: CaseResult) -> list[str]:
    """Return the notes that stand on a print layout, which by itself speaks of boundaries only."""
    left_out = set(NOT_ON_THE_FIGURE) - {"scale", "slack"}
    texts = [note.text for note in (*case.notes, *result.notes) if note.code not in left_out]
    parks = result.context.get("protected_areas")
    if parks is not None and is_stylised(parks).any():
        texts.append("Protected areas whose column origin says stylised are drawn by hand, not surveyed.")
    return texts


def figure_name(key: str, result: Result) -> str:
    """Return the file name of a case's overview; plain `overview.png` where there is one case."""
    return "overview.png" if len(result.cases) == 1 else f"{key}-overview.png"


def write_geopackage(result: Result, path: Path) -> None:
    """Write the vectors of all cases, a column `case` in front, and the context layers."""
    layers: dict[str, gpd.GeoDataFrame] = {}
    for name in VECTORS:
        parts = []
        for key, case in result.cases.items():
            if name in case.vectors:
                part = case.vectors[name].reset_index()
                part.insert(0, "case", key)
                parts.append(part)
        if parts:
            filled = [part for part in parts if len(part)] or parts[:1]
            layers[name] = gpd.GeoDataFrame(pd.concat(filled, ignore_index=True), crs=result.grid.crs)
    layers |= known(result.context)
    entries = VECTORS | CONTEXT
    styles = {
        name: vector_qml(entries[name].style, geometry=entries[name].geometry, label=entries[name].label)
        for name in layers
    }
    write_vectors(layers, path, styles=styles)


def known(context: Any) -> dict[str, gpd.GeoDataFrame]:
    """Return the context layers the schema knows."""
    return {name: context[name] for name in CONTEXT if name in context and len(context[name])}


def seen_from(out: str, workflow: Workflow, inputs: Inputs) -> Workflow:
    """Return the workflow with its paths as seen from the run folder, so that it can be run again there."""
    layers = {}
    for name, spec in workflow.layers.items():
        layers[name] = spec
        if spec.supplement is not None:
            layers[name] = spec.model_copy(update={"supplement": moved(spec.supplement, out, workflow)})
    overrides = [
        override.model_copy(update={"source": moved(override.source, out, workflow)})
        for override in workflow.override
    ]
    species = []
    for one in workflow.species:
        file = one.cores.file
        source = one.cores.source if file is None else moved(file, out, workflow)
        species.append(one.model_copy(update={"cores": one.cores.model_copy(update={"source": source})}))
    data = workflow.data.model_copy(update={"folder": relative_path(inputs.folder, out)})
    edited = {"species": tuple(species), "override": tuple(overrides)}
    return workflow.model_copy(update={"data": data, "layers": layers, **edited})


def moved(source: str, out: str, workflow: Workflow) -> str:
    """Return a source beside the workflow as it is seen from the run folder."""
    file, *part = source.split("|")
    return "|".join((relative_path(Path(workflow.folder) / file, out), *part))


def steps_record(kept: Kept | None, until: str | None) -> dict[str, Any]:
    """Return what `run.json` says of the steps: which were reused, and how long each took."""
    taken = [] if kept is None else kept.taken.values()
    steps = [asdict(each) for each in taken if each.step != CHECK]
    return {"until": until, "steps": steps}


def step_lines(kept: Kept | None) -> list[str]:
    """Return a line for every step that was reused."""
    steps = [] if kept is None else [taken for taken in kept.taken.values() if taken.reused]
    return [f"{taken.seconds:8.1f} s  {taken.case or 'all'}: {taken.step} reused" for taken in steps]


def log_text(result: Result, started: datetime, log: list[str]) -> str:
    """Return what `run.log` says: when each step began, and every note."""
    notes = [
        f"[{code}] {case + ': ' if case else ''}{text}" for case, code, text in notes_table(result).to_numpy()
    ]
    written = f"{result.title}, written {started.isoformat(timespec='seconds')}"
    return "\n".join([written, *log, *notes]) + "\n"


def notes_table(result: Result) -> pd.DataFrame:
    """Return all notes of a run, those of one case with its key."""
    rows = [("", note.code, note.text) for note in result.notes]
    for key, case in result.cases.items():
        rows += [(key, note.code, note.text) for note in case.notes]
    return pd.DataFrame(rows, columns=["case", "code", "note"])


def run_record(result: Result, inputs: Inputs, workflow: Workflow, started: datetime) -> dict[str, Any]:
    """Return what `run.json` says: versions, inputs by hash, times, notes."""
    return {
        "workflow": workflow.name,
        "title": result.title,
        "versions": versions(),
        "inputs": [
            {"file": file.name, "sha256": hash_file(file)} for file in sorted(input_files(inputs, workflow))
        ],
        "layers": {
            str(name): {key: str(values.attrs.get(key, "")) for key in ("source_used", "method")}
            for name, values in inputs.layers.data_vars.items()
        },
        **({"ids_from": run} if (run := former_run(inputs.context)) else {}),
        "highest_ids": {
            key: highest_ids(key, workflow, dict(case.vectors), inputs.context)
            for key, case in result.cases.items()
        },
        "written": {"started": started.isoformat(timespec="seconds")},
        "notes": notes_table(result).to_dict("records"),
        "cases": {
            key: {name: len(layer) for name, layer in case.vectors.items()}
            for key, case in result.cases.items()
        },
    }


def input_files(inputs: Inputs, workflow: Workflow) -> set[Path]:
    """Return the files the layers were read from, supplements, hand edits and an earlier run included."""
    used = [*inputs.layers.data_vars.values(), *inputs.context.values()]
    names = {str(layer.attrs["source_file"]) for layer in used if "source_file" in layer.attrs}
    supplements = [spec.supplement for name, spec in workflow.layers.items() if name in inputs.context]
    added = {Path(workflow.folder) / text.partition("|")[0] for text in supplements if text}
    return added | edit_files(inputs.context) | {Path(inputs.folder) / name for name in names}
