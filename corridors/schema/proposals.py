"""Every column of the comparison of proposals: unit, short name, one sentence.

A comparison is no run: its tables stand beside those of the run in a folder of their own.
"""

from __future__ import annotations

from corridors.schema.columns import Column
from corridors.schema.vectors import Table

ASSESSED = (
    ("suitable_protected_km2", "km²", "suitpa", "Suitable habitat that is protected."),
    (
        "capacity_females_low",
        "females",
        "femlow",
        "Breeding females cores and restored land could hold, least.",
    ),
    (
        "capacity_females_high",
        "females",
        "femhigh",
        "Breeding females cores and restored land could hold, most.",
    ),
    ("eca_km2", "km²", "eca", "Equivalent connected area at the first dispersal distance, by cost."),
    ("protconn_percent", "%", "pconn", "Protected connected land, of the region (Saura et al. 2017)."),
    ("protconn_trans_percent", "%", "ptrans", "Part of ProtConn that rests on land beyond the border."),
    ("corridor_km", "km", "corr", "Length of all links."),
    ("corridor_protected_percent", "%", "corrpa", "Share of the links' length that is protected."),
    ("narrowest_km", "km", "narrow", "Narrowest width of a corridor."),
    ("border_contact_km", "km", "contact", "Length of the border inside core areas."),
    ("crossings_n", "crossings", "cross", "Times a link crosses a border."),
    ("key_link_resistance", "cells of ideal habitat", "keyres", "Effective resistance of the key link."),
)
"""Columns with an interval and a difference from the landscape as it is."""
ENDS = (
    ("", "", ""),
    ("_low", "_lo", " Lowest over the curves of resistance."),
    ("_high", "_hi", " Highest over the curves of resistance."),
    ("_change", "_ch", " Difference from the landscape as it is."),
)

COMPARISON: dict[str, Column] = {
    c.name: c
    for c in (
        Column(
            "proposal", "", "proposal", "Name of the proposal; baseline is the landscape as it is.", "text"
        ),
        Column("kind", "", "kind", "Kinds of its parts.", "text"),
        Column("status", "", "status", "How far it has come.", "text"),
        Column("species", "", "species", "Case: species, season and scenario.", "text"),
        Column("country", "", "country", "Country, ISO alpha-2; joint is all of them together.", "text"),
        Column("area_km2", "km²", "area_km2", "Geodesic area in the reporting area."),
        Column("new_protected_km2", "km²", "newpa_km2", "Area that would be protected and is not."),
        *(
            Column(f"{name}{end}", unit, f"{short}{mark}", f"{sentence}{said}")
            for name, unit, short, sentence in ASSESSED
            for end, mark, said in ENDS
        ),
        Column(
            "loss_avoided_eca_km2", "km²", "saved_eca", "What the threat would take of ECA, and does not."
        ),
        Column("population", "persons", "populat", "People inside; empty where nobody counted them."),
        Column("settlements_n", "settlements", "towns_n", "Listed settlements inside."),
        Column("cropland_km2", "km²", "crop_km2", "Fields inside."),
        Column("roads_km", "km", "roads_km", "Roads inside."),
        Column("rail_km", "km", "rail_km", "Railways inside."),
        Column("livestock_n", "head", "stock_n", "Livestock inside."),
        Column("tenure", "", "tenure", "Who holds the land inside, the largest share first.", "text"),
        Column("cost", "as given", "cost", "Cost as the file of proposals says."),
        Column("rank", "", "rank", "Place in the order, 1 first.", "integer"),
        Column("rank_low", "", "rank_lo", "Best place over the curves of resistance.", "integer"),
        Column("rank_high", "", "rank_hi", "Worst place over the curves of resistance.", "integer"),
        Column("rank_kept_percent", "%", "rank_kept", "Share of the curves under which it keeps its place."),
        Column("pareto", "", "pareto", "Whether no other proposal of its country beats it.", "yes_no"),
        Column("needs_partner", "", "partner", "Countries it needs.", "text"),
        Column("notes", "", "notes", "What of it is not assessed, and why.", "text"),
        Column("data_gap", "", "data_gap", "What data lack.", "text"),
    )
}

COMPARED = Table(
    "comparison",
    "Proposals compared",
    tuple(COMPARISON),
    "A row per proposal, species and country, and jointly; the landscape as it is first.",
)
