"""The first page: the question, what holds, what does not, and what is missing on which side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corridors.report.html.tables import BASELINE, JOINT, PageTable, table_of, text_of

if TYPE_CHECKING:
    from corridors.config import Workflow
    from corridors.report.html.strings import Words
    from corridors.result import CaseResult, Result

RESOLVED_CELLS = 4
ABSENT_NOTES = ("absent", "dropped", "margin", "notice", "one_sided")


def question(result: Result, workflow: Workflow, words: Words) -> str:
    """Return what the report answers."""
    species = " / ".join(dict.fromkeys(text_of(entry.title, words) for entry in workflow.species))
    names = countries_of(result, workflow)
    if not names:
        return words("question_plain", species=species, landscape=result.title)
    return words("question_text", species=species, landscape=result.title, countries=", ".join(names))


def countries_of(result: Result, workflow: Workflow) -> list[str]:
    """Return the names of the partner countries, as the user's file has them."""
    countries = result.context.get("countries")
    if countries is None:
        return list(workflow.area.partners)
    named = dict(zip(countries["country"], countries["name"], strict=True))
    wanted = workflow.area.partners or tuple(named)
    return [str(named.get(code) or code) for code in wanted]


def what_holds(result: Result, comparison: pd.DataFrame | None, words: Words) -> list[list[str]]:
    """Return three sentences the results carry, each with a line per case."""
    cases = result.cases.values()
    return [
        [cores_sentence(case, words) for case in cases],
        [links_sentence(case, words) for case in cases],
        ranks(comparison, words) or [crossing_sentence(case, words) for case in cases],
    ]


def cores_sentence(case: CaseResult, words: Words) -> str:
    """Return how many core areas there are, how large, and how many straddle a border."""
    cores = case.vectors["cores"]
    if "border_contact_km" not in cores:
        return words("hold_cores_plain", case=case.title, n=len(cores), area=float(cores["area_km2"].sum()))
    across = cores["border_contact_km"] > 0
    return words(
        "hold_cores", case=case.title, n=len(cores), area=float(cores["area_km2"].sum()),
        across=int(across.sum()), contact=float(cores.loc[across, "border_contact_km"].sum()),
    )  # fmt: skip


def links_sentence(case: CaseResult, words: Words) -> str:
    """Return how many links there are, and how many cross a border."""
    links = case.vectors["links"]
    if "borders" not in links:
        return words("hold_links_plain", case=case.title, n=len(links))
    return words("hold_links", case=case.title, n=len(links), across=int((links["borders"] != "").sum()))


def crossing_sentence(case: CaseResult, words: Words) -> str:
    """Return the cheapest link across a border."""
    links = case.vectors["links"]
    if "borders" not in links:
        return words("hold_no_countries", case=case.title)
    across = links[links["borders"] != ""]
    if across.empty:
        return words("hold_no_crossing", case=case.title)
    best = across.loc[across["cost_distance_m"].idxmin()]
    return words(
        "hold_crossing", case=case.title, a=str(best["core_a"]), b=str(best["core_b"]),
        border=best["borders"],
        path=float(best["path_length_km"]), cost=float(best["cost_distance_m"]) / 1000,
    )  # fmt: skip


def ranks(comparison: pd.DataFrame | None, words: Words) -> list[str]:
    """Return which proposal ranks first, and how firmly; none where nothing was ranked."""
    if comparison is None or "rank" not in comparison:
        return []
    joint = comparison[(comparison["country"] == JOINT) & (comparison["proposal"] != BASELINE)]
    said = []
    groups = joint.groupby("species", sort=False) if "species" in joint else [("", joint)]
    for species, rows in groups:
        ranked = rows[rows["rank"].notna()]
        if ranked.empty:
            continue
        first = ranked.iloc[int(ranked["rank"].astype(float).argmin())]
        told = {"case": str(species), "n": len(ranked), "name": first["proposal"]}
        bounds = [first.get(name, float("nan")) for name in ("rank_low", "rank_high")]
        if pd.isna(bounds).any():
            said.append(words("hold_rank_alone", **told))
        else:
            low, high = map(int, bounds)
            said.append(words("hold_rank", **told, low=low, high=high))
    return said


def what_does_not(
    result: Result, workflow: Workflow, sides: pd.DataFrame, words: Words
) -> list[tuple[str, str]]:
    """Return three sentences a reader might take from the maps that do not hold, each with the reason."""
    cell_m = result.grid.cell_size_m
    poor = sides[sides["layer"].isin(doubtful(sides, workflow))]
    layers = ", ".join(dict.fromkeys(layer_name(name, words) for name in poor["layer"]))
    countries = ", ".join(dict.fromkeys(incomplete(sides)["country"]))
    if countries:
        third = (words("wrong_sides"), words("why_sides", layers=layers, countries=countries))
    elif layers:
        third = (words("wrong_sides"), words("why_sides_maybe", layers=layers))
    else:
        third = (words("wrong_slack"), words("why_slack"))
    return [
        (words("wrong_animals"), words("why_animals")),
        (words("wrong_place"), words("why_place", cell=cell_m, width=RESOLVED_CELLS * cell_m / 1000)),
        third,
    ]


def incomplete(sides: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table of layers that are incomplete on their side."""
    return sides[sides["note"].fillna("") != ""]


def doubtful(sides: pd.DataFrame, workflow: Workflow) -> list[str]:
    """Return the layers found incomplete on a side, and those the user accepts as one-sided."""
    accepted = [name for name, spec in workflow.layers.items() if spec.one_sided == "accept"]
    return [*incomplete(sides)["layer"], *accepted]


def missing_table(sides: pd.DataFrame, workflow: Workflow, words: Words) -> PageTable | None:
    """Return what every side holds of the layers that may be incomplete on one; None where none may."""
    shown = sides[sides["layer"].isin(doubtful(sides, workflow))].copy()
    if shown.empty:
        return None
    shown["layer"] = [layer_name(name, words) for name in shown["layer"]]
    shown["note"] = [words("incomplete") if note else "" for note in shown["note"].fillna("")]
    columns = ["layer", "country", "coverage_percent", "density_per_1000_km2", "note"]
    kept = [column for column in columns if shown[column].notna().any() and (shown[column] != "").any()]
    return table_of(shown, kept, words, title=words("missing"))


def missing_notes(result: Result) -> list[str]:
    """Return the notes on layers absent, one-sided or ending too early, each once."""
    notes = [*result.notes, *(note for case in result.cases.values() for note in case.notes)]
    return list(dict.fromkeys(note.text for note in notes if note.code in ABSENT_NOTES))


def layer_name(name: str, words: Words) -> str:
    """Return a layer of the workflow in words."""
    return words.get(f"layer_{name}", name.replace("_", " "))
