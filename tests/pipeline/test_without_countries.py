"""A landscape without a layer of countries: the border part is skipped, and every product says so."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import tiny_landscape as tiny

import corridors


def test_a_run_without_countries_is_whole_and_says_so(tmp_path: Path) -> None:
    text = tiny.WORKFLOW.replace('partners = ["AD", "LI"]\n', "")
    text = re.sub(r"\[layers\.countries\]\n(?:.+\n)+", "", text)
    assert "countries" not in text
    tiny.write_landscape(tmp_path)
    workflow = corridors.load_workflow(str(tiny.write_workflow(tmp_path, text)))
    result = corridors.run(workflow, out=str(tmp_path / "run"), language="ru")
    case = result.cases["forest_cat"]
    assert len(case.vectors["cores"]) == 2
    assert len(case.vectors["crossings"]) == 0
    assert not {"core_countries", "core_borders", "link_countries"} & set(case.tables)
    notes = pd.read_csv(tmp_path / "run" / "notes.csv")
    assert "No layer of countries: the border part was skipped." in set(notes["note"])
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    assert "нет слоя стран" in page
    assert "страны соединены" not in page
