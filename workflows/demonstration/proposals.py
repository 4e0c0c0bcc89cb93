"""Stylised proposals: where something was proposed, drawn as a belt of about the right size."""

from __future__ import annotations

import shapely

from demonstration.areas import NOTICE, as_multi, belt_of_area, countries
from demonstration.shapes import frame


def proposals(place):
    """Return one row per part of a proposal, its columns named as in the world database and as ours."""
    owners = countries(place.facts).set_index("iso_a3").geometry
    rows, shapes = [], []
    for proposal in place.facts["proposals"]:
        for part in proposal["parts"]:
            room = shapely.union_all([owners[country] for country in part["countries"]])
            rows.append(
                {
                    "NAME_ENG": proposal["name"],
                    "proposal": proposal["name"],
                    "kind": part["kind"],
                    "STATUS": "Proposed",
                    "ISO3": ";".join(part["countries"]),
                    "basis": proposal["basis"],
                    "notice": NOTICE,
                }
            )
            shapes.append(as_multi(belt_of_area(place, part["line"], part["area_km2"], room)))
    return frame(rows, shapes)
