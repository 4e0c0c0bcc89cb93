"""A grid and two species in a run folder: files, QGIS project, report, and the whole workflow run again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import rasterio
import tiny_landscape as tiny
from in_qgis import look_in_qgis
from openpyxl import load_workbook

from corridors.config import load_workflow
from corridors.pipeline import run
from corridors.report.html import LANGUAGES, report_html
from corridors.schema import TABLES

ENTRY = tiny.WORKFLOW[tiny.WORKFLOW.index("[[species]]") :]
GRID = '\n[grid]\nspecies = ["marten"]\n"movement.shape" = [2, 8]\n'
UNMAPPED = (
    "protected_km2",
    "prot_percent",
    "incomplete",
    "best_link_cost_m",
    "mean_link_cost_m",
    "jaccard",
)  # no layer of parks, and the only link lies beyond the area
NOT_THE_RUN = ("run.json", "run.log", "workflow.toml")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, Any]:
    folder = tmp_path_factory.mktemp("grid")
    workflow = tiny.write_landscape(folder)
    workflow.write_text(tiny.WORKFLOW + ENTRY.replace("forest_cat", "marten") + GRID, "utf-8")
    parsed = load_workflow(workflow)
    return folder / "run", parsed, run(parsed, out=str(folder / "run"))


def test_rasters_and_tables_lie_in_the_run_folder(made: Any) -> None:
    folder, _, result = made
    assert {path.name for path in (folder / "together").glob("*.tif")} == {
        "species_overlap.tif",
        "corridor_agreement_of_marten.tif",
    }
    for name in ("overlap", "shared_land", "variants", "variant_agreement"):
        written = pd.read_csv(folder / f"{name}.csv")
        assert list(written.columns) == list(result.tables[name].columns)
        assert set(TABLES[name].columns) <= set(written.columns)
        assert not any(
            written[column].isna().all() for column in TABLES[name].columns if column not in UNMAPPED
        )
    sheets = load_workbook(folder / "tables.xlsx", read_only=True).sheetnames
    assert {"overlap", "shared_land", "variants", "variant_agreement"} <= set(sheets)
    with rasterio.open(folder / "together" / "species_overlap.tif") as dataset:
        assert dataset.dtypes == ("uint16",)
        assert dataset.crs.to_epsg() == 32652


def test_the_whole_workflow_runs_again_to_the_same_bytes(made: Any, tmp_path: Path) -> None:
    folder, _, _ = made
    whole = load_workflow(folder / "workflow.toml")
    run(whole, out=str(tmp_path / "again"))
    first, second = (
        {path.relative_to(base): path.read_bytes() for path in base.rglob("*") if path.is_file()}
        for base in (folder, tmp_path / "again")
    )
    assert set(first) == set(second)
    differing = [str(name) for name in first if first[name] != second[name]]
    assert set(differing) <= set(NOT_THE_RUN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_has_them_in_every_language(made: Any, language: str) -> None:
    _, workflow, result = made
    page = report_html(result, workflow=workflow, language=language)
    section = page[page.index('<section id="together">') : page.index('<section id="method">')]
    assert section.count('<svg class="still"') == 2
    assert section.count('<table class="sortable">') == 4
    if language != "en":
        assert "core area" not in section
        assert "shared land" not in section


@pytest.mark.qgis
def test_qgis_shows_them_in_groups_of_their_own(made: Any, tmp_path: Path) -> None:
    folder, _, result = made
    shutil.copytree(folder, tmp_path / "moved")
    seen = look_in_qgis(tmp_path / "moved" / "project.qgz", tmp_path / "view.png")
    assert [one["name"] for one in seen["layers"] if not one["valid"]] == []
    assert {"species overlap", "agreement of variants"} <= {name for name, _, _ in seen["groups"]}
    overlap = next(one for one in seen["layers"] if one["path"] == ["species overlap"])
    said = dict(
        zip(
            *(result.rasters["species_overlap"].attrs[k] for k in ("flag_values", "flag_meanings")),
            strict=True,
        )
    )
    assert {value: text for value, _, text in overlap["classes"]} == {v: t for v, t in said.items() if v}
    agreement = next(one for one in seen["layers"] if one["path"] == ["agreement of variants"])
    assert agreement["renderer"] == "singlebandpseudocolor"
